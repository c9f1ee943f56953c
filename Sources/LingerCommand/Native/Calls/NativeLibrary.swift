import Foundation
import LingerExplore

/// Libraries with native code.
enum NativeLibrary {
  /// The function of a library that knows the stamp; it stays loaded to the end.
  static func load(_ path: String, stamp: UInt64) -> NativeFunction? {
    guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL),
      let mark = unsafe dlsym(library, "linger_stamp"),
      unsafe mark.load(as: UInt64.self) == stamp,
      let symbol = unsafe dlsym(library, "linger_scan")
    else { return nil }
    return unsafe NativeFunction(unsafeBitCast(symbol, to: NativeFunction.Signature.self))
  }
}
