import LingerDiagnostics
import LingerModel

/// What code uses, noted while it is checked and translated: what the audit of the whole reads.
///
/// Notes are added by phase 5 and read by phase 6; none is taken back.
final class Usage {
  private struct RoleTimer: Hashable {
    var role: Int
    var timer: Int
  }

  private var sends: Set<[Int]> = []
  /// A nil message is an `otherwise` that takes every message.
  private var receives: Set<[Int?]> = []
  private var started: Set<RoleTimer> = []
  private var timeouts: Set<RoleTimer> = []
  private var elapsed: Set<RoleTimer> = []
  /// Types of parameters that must be small enough to number, with what has them.
  private(set) var domains: [(type: ModelType, span: Span, what: String)] = []

  func noteSend(_ message: Int, from sender: Int, to receiver: Int) {
    sends.insert([sender, receiver, message])
  }

  func noteReception(of message: Int?, by role: Int) { receives.insert([role, message]) }

  func noteStart(of timer: Int, role: Int) { started.insert(RoleTimer(role: role, timer: timer)) }

  func noteTimeout(of timer: Int, role: Int) {
    timeouts.insert(RoleTimer(role: role, timer: timer))
  }

  /// Some guard asks how long the timer has been running.
  func noteElapsed(of timer: Int, role: Int) { elapsed.insert(RoleTimer(role: role, timer: timer)) }

  func noteDomain(_ type: ModelType, at span: Span, _ what: String) {
    domains.append((type, span, what))
  }

  func isSent(_ message: Int, from sender: Int, to receiver: Int) -> Bool {
    sends.contains([sender, receiver, message])
  }

  /// Whether some transition takes a message, be it by an `otherwise` for all.
  func isReceived(_ message: Int, by role: Int) -> Bool {
    receives.contains([role, nil]) || receives.contains([role, message])
  }

  func isStarted(_ timer: Int, role: Int) -> Bool {
    started.contains(RoleTimer(role: role, timer: timer))
  }

  /// Whether something depends on its running: a timeout, or a question how long it does.
  func isAwaited(_ timer: Int, role: Int) -> Bool {
    let timer = RoleTimer(role: role, timer: timer)
    return timeouts.contains(timer) || elapsed.contains(timer)
  }
}
