package import LingerModel
import Synchronization

/// Says to stop after so many questions: a limit that does not depend on the machine.
package final class Countdown: Sendable {
  private let asked = Atomic<Int>(0)
  private let limit: Int

  package init(_ limit: Int) { self.limit = limit }

  /// How often it was asked.
  package var count: Int { asked.load(ordering: .relaxed) }

  /// A budget that is exhausted then.
  package func budget(states: Int? = nil) -> Budget {
    Budget(states: states, interruption: { self.answer() })
  }

  private func answer() -> UndecidedReason? {
    asked.add(1, ordering: .relaxed).newValue > limit ? "stopped by the test" : nil
  }
}
