/// Code that was compiled from a ``NativeText`` and loaded.
@safe
package struct NativeFunction: Sendable {
  package typealias Signature = @convention(c) (UnsafeMutablePointer<UInt64>) -> Int32

  private let function: Signature

  /// The function of that name in a library that knows the text's stamp and stays loaded.
  @unsafe
  package init(_ function: Signature) { unsafe self.function = unsafe function }

  /// Whether it came to the end.
  @unsafe
  func run(_ slots: UnsafeMutablePointer<UInt64>) -> Bool { unsafe function(slots) == 0 }
}
