import Foundation
import Synchronization

/// Interrupts and broken pipes.
enum Signals {
  /// What a shell reports for a program that SIGPIPE ended.
  static let exitCodeOfBrokenPipe: Int32 = 141
  static let exitCodeOfInterrupt: Int32 = 130

  private static let interrupts = Atomic<Int>(0)

  /// Makes a broken pipe an error of the write instead of a signal.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// From now on the first interrupt is only noted; the second ends the program at once.
  static func noteInterrupts() {
    signal(SIGINT) { _ in
      if Signals.interrupts.add(1, ordering: .relaxed).newValue > 1 {
        _exit(Signals.exitCodeOfInterrupt)
      }
    }
  }

  static var isInterrupted: Bool { interrupts.load(ordering: .relaxed) > 0 }
}
