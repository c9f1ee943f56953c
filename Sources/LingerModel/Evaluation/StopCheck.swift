/// Asks now and then whether to stop, for everything that a spec can make long.
///
/// Whoever does work says so with ``spend(_:)``. Once that was answered with *stop*, what was being
/// worked out is worth nothing, and the one who set the limit throws it away.
package final class StopCheck {
  /// Why to stop, once that is known.
  package private(set) var reason: UndecidedReason?
  private let ask: () -> UndecidedReason?
  private var untilAsked = StopCheck.interval
  private var grace = 0

  /// Work between two questions: well below a tenth of a second, well above their price.
  private static let interval = 2048

  package init(_ ask: @escaping () -> UndecidedReason?) {
    self.ask = ask
  }

  /// Counts work, in units of about a microsecond or less; true if it has to end.
  @inline(__always)
  package func spend(_ work: Int = 1) -> Bool {
    untilAsked &-= work
    if untilAsked <= 0 { askNow() }
    return reason != nil
  }

  /// Ends the work for a reason of the caller's own.
  package func end(_ reason: UndecidedReason) {
    if self.reason == nil { self.reason = reason }
  }

  /// Lets so much work be done although it was said to stop: what was found is still to be told.
  package func grant(_ work: Int) {
    reason = nil
    grace = work
    untilAsked = Self.interval
  }

  private func askNow() {
    let spent = Self.interval - untilAsked
    untilAsked = Self.interval
    guard reason == nil, let answer = ask() else { return }
    grace -= spent
    if grace <= 0 { reason = answer }
  }
}
