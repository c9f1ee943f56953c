import LingerModel

/// Says when a run has to stop: at a signal, when its time is over or the memory used up.
struct StopClock: Sendable {
  private let deadline: ContinuousClock.Instant?
  private let words: UndecidedReason

  init(_ limit: TimeLimit?) {
    deadline = limit.map { ContinuousClock.now + .milliseconds($0.milliseconds) }
    words =
      limit.map { .limit(.time, nil, "time limit of \($0.text) reached") } ?? ""
  }

  /// The reason to stop now, if there is one.
  var reason: UndecidedReason? {
    if let reason = Signals.reason { return reason }
    if let deadline, ContinuousClock.now >= deadline { return words }
    return MemoryCeiling.reason
  }
}
