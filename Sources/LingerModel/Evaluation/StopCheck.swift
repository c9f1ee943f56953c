/// Asks a budget now and then, for everything that a spec can make long.
///
/// Whoever does work says so with ``spend(_:)``. Once that was answered with *stop*, what was being
/// worked out is worth nothing, and the one who set the limit throws it away.
package final class StopCheck {
  /// Why to stop, once that is known.
  package private(set) var reason: UndecidedReason? {
    didSet { isStopped = reason != nil }
  }
  /// Whether there is one: asked in inner loops, where a copy of the reason would cost.
  package private(set) var isStopped = false
  private let budget: Budget
  private let interval: Int
  private var untilAsked: Int
  private var grace = 0

  /// Work between two questions: well below a tenth of a second, well above their price.
  package static let usualInterval = 2048

  package init(_ budget: Budget, every interval: Int = usualInterval) {
    self.budget = budget
    self.interval = interval
    untilAsked = interval
  }

  /// Counts work, in units of about a microsecond or less; true if it has to end.
  @inline(__always)
  package func spend(_ work: Int = 1) -> Bool {
    untilAsked &-= work
    if untilAsked <= 0 { askNow() }
    return isStopped
  }

  /// Ends the work for a reason of the caller's own.
  package func end(_ reason: UndecidedReason) {
    if self.reason == nil { self.reason = reason }
  }

  /// Lets so much work be done although it was said to stop: what was found is still to be told.
  package func grant(_ work: Int) {
    reason = nil
    grace = work
    untilAsked = interval
  }

  private func askNow() {
    let spent = interval - untilAsked
    untilAsked = interval
    guard reason == nil, let answer = budget.exhaustion else { return }
    grace -= spent
    if grace <= 0 { reason = answer }
  }
}
