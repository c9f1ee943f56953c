import LingerModel

extension Budget {
  /// What the command line and the machine allow, from now on: it ends at a signal, when the time
  /// is over, or when the memory is nearly used up.
  init(_ limit: TimeLimit?) {
    let start = ContinuousClock.now
    let time = limit.map {
      Time(.milliseconds($0.milliseconds), words: $0.text) { ContinuousClock.now - start }
    }
    self.init(
      time: time,
      interruption: { Signals.reason },
      shortage: { MemoryCeiling.reason },
      objection: MemoryCeiling.reason(against:)
    )
  }
}
