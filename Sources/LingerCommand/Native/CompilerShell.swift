import Foundation
import LingerExplore
import Synchronization

/// Runs a C compiler for the explorer, where one is found.
final class CompilerShell: NativeCompiler {
  let isRequired: Bool
  private let compiler: String
  private let patience: Duration
  private let failure = Mutex<String?>(nil)
  private let refusals = Mutex<[String]>([])

  /// What it is looked for by, in this order.
  static let names = ["cc", "clang", "gcc"]

  /// Nil where no compiler is found in the folders of `path`, which is `PATH` unless given. One
  /// that takes longer than `patience` is taken for one that hangs.
  init?(isRequired: Bool, path: String? = nil, patience: Duration = .seconds(60)) {
    let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":")
    let found = Self.names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { return nil }
    compiler = found
    self.patience = patience
    self.isRequired = isRequired
  }

  /// Why there was no native code although there was a compiler; the last reason.
  var failureReason: String? { failure.withLock { $0 } }

  /// Why specs had no native code.
  var declined: [String] { refusals.withLock { $0 } }

  func begin(_ text: String, stamp: UInt64) -> any NativeBuild {
    CompilerRun(compiler, text, stamp, patience) { [self] reason in failure.withLock { $0 = reason }
    }
  }

  func decline(_ reason: String) { refusals.withLock { $0.append(reason) } }
}
