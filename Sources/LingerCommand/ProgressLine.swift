import Linger
import Synchronization

/// Shows on standard error how far a long search is: a line that is rewritten on a terminal, one
/// line every ten seconds elsewhere.
final class ProgressLine: Sendable {
  private struct Last {
    var shown: ContinuousClock.Instant
    var width = 0
  }

  private let start = ContinuousClock.now
  private let last: Mutex<Last>
  private let isTerminal: Bool
  private let interval: Duration

  init(isTerminal: Bool) {
    self.isTerminal = isTerminal
    interval = isTerminal ? .milliseconds(200) : .seconds(10)
    last = Mutex(Last(shown: start))
  }

  func show(_ progress: CheckProgress) {
    last.withLock { last in
      let now = ContinuousClock.now
      guard now - last.shown >= interval else { return }
      last.shown = now
      let line = text(progress, after: now - start)
      guard isTerminal else { return Console.printError(line + "\n") }
      let blanks = String(repeating: " ", count: max(0, last.width - line.count))
      last.width = line.count
      Console.printError("\r\(line)\(blanks)")
    }
  }

  /// Wipes the line, so that the report starts on a clean one.
  func end() {
    last.withLock { last in
      guard isTerminal, last.width > 0 else { return }
      Console.printError("\r" + String(repeating: " ", count: last.width) + "\r")
      last.width = 0
    }
  }

  private func text(_ progress: CheckProgress, after time: Duration) -> String {
    let seconds =
      Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Int(Double(progress.states) / seconds) : 0
    return "\(groupedDigits(progress.states)) states, \(groupedDigits(rate)) a second, "
      + "\(groupedDigits(progress.queued)) to expand, depth \(progress.depth), "
      + "\(progress.memoryBytes >> 20) MiB"
  }
}
