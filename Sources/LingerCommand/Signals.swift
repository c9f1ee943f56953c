import CCrash
import Foundation
import LingerModel
import Synchronization

/// Interrupts, requests to terminate, and broken pipes.
enum Signals {
  /// What a shell reports for a program that SIGPIPE ended.
  static let exitCodeOfBrokenPipe: Int32 = 141
  private static let exitCodeOfCrash: Int32 = 70

  /// The first signal that asked to stop; 0 for none yet.
  private static let first = Atomic<Int32>(0)
  private static let isReporting = Atomic<Bool>(false)

  /// Makes a broken pipe an error of the write instead of a signal, and a crash an exit code.
  ///
  /// With `SWIFT_BACKTRACE` set a crash is left to the runtime, which prints a backtrace.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    if ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil {
      linger_end_crashes_with(exitCodeOfCrash)
    }
  }

  /// From now on the first SIGINT or SIGTERM is only noted, for the work to stop and say what it
  /// knows; the second ends the program at once.
  ///
  /// Called once the input is read: until then there is nothing to say, and a signal just ends the
  /// program.
  static func noteStops() {
    _ = (first.load(ordering: .relaxed), isReporting.load(ordering: .relaxed))
    for number in [SIGINT, SIGTERM] { signal(number) { Signals.note($0) } }
    signal(SIGALRM) { _ in _exit(Signals.exitCode ?? 0) }
  }

  /// From now on what is known is written, and no work is left to stop: the first signal leaves it
  /// a second to end, for a reader may be slow or asleep.
  static func beginReport() { isReporting.store(true, ordering: .relaxed) }

  private static func note(_ number: Int32) {
    guard first.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged else {
      _exit(exitCode(of: number))
    }
    if isReporting.load(ordering: .relaxed) { alarm(1) }
  }

  /// What a shell reports for a program that a signal ended.
  private static func exitCode(of number: Int32) -> Int32 { 128 + number }

  /// What a program that was asked to stop exits with; nil for one that was not.
  static var exitCode: Int32? {
    let number = first.load(ordering: .relaxed)
    return number == 0 ? nil : exitCode(of: number)
  }

  /// What asked to stop, in a word.
  static var reason: UndecidedReason? {
    switch first.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .interrupted("terminated")
    default: .interrupted("interrupted")
    }
  }
}
