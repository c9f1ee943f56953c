/// How much a piece of work may take, and whether it is to end: asked by everything that a spec, a
/// capture or a subject can make long.
///
/// It knows no clock, no signals and no machine. What they say it asks the one who made it, so that
/// the same work with the same answers ends at the same place.
package struct Budget: Sendable {
  /// States to visit at most; nil for no limit of its own.
  package var states: Int?
  /// Bytes that what is visited may take; nil for no limit of its own.
  package var bytes: Int?
  /// Nil for as long as it takes.
  package var time: Time?
  /// Why somebody wants an end, as soon as somebody does.
  package var interruption: @Sendable () -> UndecidedReason?
  /// Why there is not enough memory to go on. Asked as often as the time: whoever answers sees to
  /// it that this is cheap.
  package var shortage: @Sendable () -> UndecidedReason?
  /// What is against taking so many bytes more, asked before much memory is taken.
  package var objection: @Sendable (_ bytes: Int) -> UndecidedReason?

  /// A time, and the clock that says how much of it is over.
  package struct Time: Sendable {
    package let limit: Duration
    /// The limit as the user wrote it.
    package let words: String
    /// Since the work has begun.
    package let elapsed: @Sendable () -> Duration

    package init(_ limit: Duration, words: String, elapsed: @escaping @Sendable () -> Duration) {
      self.limit = limit
      self.words = words
      self.elapsed = elapsed
    }
  }

  package init(
    states: Int? = nil,
    bytes: Int? = nil,
    time: Time? = nil,
    interruption: @escaping @Sendable () -> UndecidedReason? = { nil },
    shortage: @escaping @Sendable () -> UndecidedReason? = { nil },
    objection: @escaping @Sendable (_ bytes: Int) -> UndecidedReason? = { _ in nil }
  ) {
    self.states = states
    self.bytes = bytes
    self.time = time
    self.interruption = interruption
    self.shortage = shortage
    self.objection = objection
  }

  /// Nothing ends the work but its own end.
  package static let unlimited = Budget()
}

extension Budget {
  /// Why to stop now, if there is a reason.
  package var exhaustion: UndecidedReason? {
    if let reason = interruption() { return reason }
    if let time, time.elapsed() >= time.limit {
      return .limit(.time, nil, "time limit of \(time.words) reached")
    }
    return shortage()
  }

  /// Whether to stop now.
  package var isExhausted: Bool { exhaustion != nil }

  /// Why a search that holds so many bytes has to stop.
  package func exhaustion(bytes held: Int) -> UndecidedReason? {
    guard let bytes, held > bytes else { return nil }
    return .limit(.memory, bytes, "memory limit of \(bytes) bytes reached")
  }

  /// Why a search that was to visit one state more than it may has to stop; a store has a limit of
  /// its own, too.
  package static func exhaustion(states limit: Int) -> UndecidedReason {
    .limit(.states, limit, "state limit of \(limit) states reached")
  }

  /// For a search within the work: it ends when the work does, and has states of its own.
  package func nested(states: Int) -> Budget {
    var budget = self
    budget.states = states
    budget.bytes = nil
    return budget
  }
}
