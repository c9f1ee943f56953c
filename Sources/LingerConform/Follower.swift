package import LingerKernel

/// Follows one trace of a subject, event by event, and says whether the spec allows it.
///
/// Order and time are judged apart: once only the times do not fit, the rest is judged by order.
package struct Follower {
  private let engine: BeliefEngine
  private var current: BeliefSet
  /// The moments that the beliefs name, in nanoseconds; the last is that of the latest event.
  private var marks: [Int64]
  private var losses = BeliefEngine.Losses()
  /// Whether times are still judged.
  private var judgesTime: Bool
  /// Whether something that had to come at once had not come when the trace ended.
  private var endsTooEarly = false
  package private(set) var eventCount = 0
  package private(set) var timeFinding: Finding?
  package private(set) var orderFinding: Finding?
  /// Between two events a timer went off so often that they are not gone through.
  private var hasTooManyMoments = false
  private static let mostMoments = 100_000
  /// No belief had been lost for another reason when only the time was wrong.
  private var timeFindingIsSure = false

  /// Something that the spec does not allow.
  package struct Finding {
    /// The event at which it shows, from 0, and its time.
    package var event: Int
    package var time: Int64
    package var observation: Observation
    /// What was believed just before.
    package var before: [BelievedState]
    package var cause: Cause
    /// Whether only the time is wrong.
    package var isTime = false

    package enum Cause {
      /// No belief allows what was seen.
      case unexpected
      /// Something had to come by now and did not: the timers that were overdue.
      case missing([Int])
      /// What came had to be answered, and was not.
      case silence
      /// No belief fits the state that the subject reported.
      case state
    }
  }

  /// What a belief says of the subject.
  package struct BelievedState: Hashable, Sendable {
    /// The variables as registers, then a flag for each timer.
    package var state: [Int]
    /// Messages that came and are not taken yet.
    package var untaken: [SeenMessage]
    /// What was sent or signalled by a step and not seen yet.
    package var owed: [Observation]
  }

  package enum Verdict: Hashable, Sendable {
    case conforms
    case violates
    case inconclusive(String)
    case unknown(String)
  }

  package init(_ engine: BeliefEngine, beginningAt time: Int64, judgesTime: Bool = true) {
    self.engine = engine
    current = engine.initialSet()
    marks = [time]
    self.judgesTime = judgesTime
  }

  /// Takes the next event; false once the trace is decided.
  @discardableResult
  package mutating func observe(_ event: Observation, at time: Int64) -> Bool {
    let number = eventCount
    eventCount += 1
    let time = max(time, marks[marks.count - 1])
    pass(to: time, event, number)
    if !current.isEmpty { apply(event, at: time, event, number, seenAt: time) }
    return !current.isEmpty
  }

  /// Ends the trace: what came is taken, and what was due by a time is over.
  package mutating func end(at time: Int64) {
    var settled = self
    settled.pass(to: max(time, marks[marks.count - 1]), .nothing, max(eventCount - 1, 0))
    // What is still missing may have come after the end.
    if settled.orderFinding == nil, settled.timeFinding == nil || timeFinding != nil {
      self = settled
    } else {
      endsTooEarly = true
    }
  }

  /// Lets time pass: at each moment at which something was due at the latest, beliefs in which it
  /// has not happened are given up. What shows it is the event that comes later.
  private mutating func pass(to time: Int64, _ event: Observation, _ number: Int) {
    var moments = 0
    while judgesTime, !current.isEmpty, let due = nextDue, due < time {
      moments += 1
      if moments > Self.mostMoments {
        hasTooManyMoments = true
        judgesTime = false
        return
      }
      apply(.nothing, at: max(due, marks[marks.count - 1]), event, number, seenAt: time)
    }
  }

  /// The first moment at which a belief cannot stay as it is.
  private var nextDue: Int64? {
    current.questions.compactMap { question -> Int64? in
      switch question {
      case .lag(let mark): return marks[mark] + engine.visibility.lag + 1
      case .expiry(_, let high, let duration): return latestExpiry(high, duration).map { $0 + 1 }
      }
    }.min()
  }

  private mutating func apply(
    _ change: Observation,
    at time: Int64,
    _ event: Observation,
    _ number: Int,
    seenAt moment: Int64
  ) {
    // Who says that nothing more comes out has let every timer expire that is due by now.
    let isOver = change == .quiet
    var outcome = engine.outcome(current, answers(at: time, isOver: isOver), change)
    losses.merge(outcome.losses)
    if outcome.next.isEmpty, losses.limit == nil {
      var finding = Finding(
        event: number,
        time: moment,
        observation: event,
        before: believed(at: time),
        cause: .unexpected
      )
      if case .state = change { finding.cause = .state }
      if case .quiet = change { finding.cause = .silence }
      if judgesTime {
        let untimed = engine.outcome(current, .open(current, engine.subject), change)
        if !untimed.next.isEmpty {
          finding.isTime = true
          finding.cause = .missing(overdue(at: time, isOver: isOver))
          finding.before = engine.states(current, .open(current, engine.subject))
          judgesTime = false
          timeFinding = finding
          timeFindingIsSure = !losses.isAny
          outcome = untimed
          losses.merge(untimed.losses)
        }
      }
      if outcome.next.isEmpty { orderFinding = finding }
    }
    marks = outcome.marks.map { $0.map { marks[$0] } ?? time }
    current = outcome.next
  }

  /// What is believed at a time, everything hidden that may have happened by then included.
  package func believed(at time: Int64) -> [BelievedState] {
    engine.states(current, answers(at: max(time, marks[marks.count - 1])))
  }

  /// The verdict so far.
  package var verdict: Verdict {
    if hasTooManyMoments {
      return .unknown("more than \(Self.mostMoments) moments at which something was due in a row")
    }
    if let limit = losses.limit { return .unknown("more than \(limit) beliefs") }
    if timeFindingIsSure { return .violates }
    if orderFinding != nil || timeFinding != nil {
      if losses.unspecified != nil {
        return .inconclusive("the spec has no transition for a message that came")
      }
      if losses.error != nil { return .inconclusive("a step is an error of the spec") }
      return .violates
    }
    return .conforms
  }

  /// The states that are believed at the latest event, each once.
  package var states: [[Int]] {
    var result: [[Int]] = []
    for belief in current.beliefs where !result.contains(belief.state) {
      result.append(belief.state)
    }
    return result
  }

  /// When the first timer may expire, in some belief.
  package var nextExpiry: Int64? {
    current.beliefs.lazy.flatMap(\.running).map { earliestExpiry($0) }.min()
  }

  /// The timers that may have expired by a time, in some belief.
  package func expired(by time: Int64) -> [Int] {
    var result: [Int] = []
    for belief in current.beliefs {
      for timer in belief.running
      where earliestExpiry(timer) <= time && !result.contains(timer.timer) {
        result.append(timer.timer)
      }
    }
    return result
  }

  private func earliestExpiry(_ timer: Belief.RunningTimer) -> Int64 {
    let duration = engine.subject.durations[timer.duration].lowerBound
    let (moment, overflow) = marks[timer.low].addingReportingOverflow(duration)
    return overflow ? .max : moment
  }

  /// The earlier of what was found.
  package var firstFinding: Finding? { timeFinding ?? orderFinding }

  /// What the watched variable may have been, one value after the other, for each explanation.
  package var histories: [[Int]] {
    Set(current.beliefs.map(\.history)).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Whether, however it is explained, the subject still owes something that is not overdue yet.
  package var owes: Bool {
    if endsTooEarly { return true }
    return !current.isEmpty
      && current.beliefs.allSatisfy { belief in
        !belief.outbox.isEmpty
          || belief.running.contains { engine.subject.timersThatSend.contains($0.timer) }
      }
  }

  private func overdue(at time: Int64, isOver: Bool) -> [Int] {
    var result: [Int] = []
    for belief in current.beliefs {
      for timer in belief.running where !result.contains(timer.timer) {
        let question = TimeQuestion.expiry(
          low: timer.low,
          high: timer.high,
          duration: timer.duration
        )
        if answer(question, at: time, isOver: isOver) == .certainly { result.append(timer.timer) }
      }
    }
    return result.sorted()
  }

  private func answers(at time: Int64, isOver: Bool = false) -> BeliefEngine.Answers {
    guard judgesTime else { return .open(current, engine.subject) }
    let latest = marks[marks.count - 1]
    let early = engine.visibility.early
    return BeliefEngine.Answers(
      known: current.questions.map { answer($0, at: time, isOver: isOver) },
      reached: engine.subject.durations.map { time - latest >= $0.lowerBound - early }
    )
  }

  /// The last moment at which a timer that was started by a mark expires; nil for never.
  private func latestExpiry(_ high: Int, _ number: Int) -> Int64? {
    let duration = engine.subject.durations[number].upperBound
    if duration == .max { return nil }
    let visibility = engine.visibility
    let slack = visibility.late + duration / 1000 * visibility.lateThousandths
    let (latest, overflow) = marks[high].addingReportingOverflow(duration + slack)
    return overflow ? nil : latest
  }

  private func answer(
    _ question: TimeQuestion,
    at time: Int64,
    isOver: Bool
  ) -> TimeQuestion.Answer {
    let visibility = engine.visibility
    switch question {
    case .lag(let mark): return time - marks[mark] > visibility.lag ? .certainly : .perhaps
    case .expiry(let low, let high, let number):
      let duration = engine.subject.durations[number]
      if duration.upperBound == .max { return .notYet }
      if time - marks[low] < duration.lowerBound - visibility.early { return .notYet }
      guard let latest = latestExpiry(high, number) else { return .perhaps }
      return time > latest || (isOver && time == latest) ? .certainly : .perhaps
    }
  }
}

/// Looking at beliefs.
extension BeliefEngine {
  /// The states of a set's beliefs, closed under hidden steps, each once.
  func states(_ set: BeliefSet, _ answers: Answers) -> [Follower.BelievedState] {
    var closure = HiddenClosure(set, answers, self)
    closure.run()
    var result: [Follower.BelievedState] = []
    var known: Set<Follower.BelievedState> = []
    for belief in closure.alive() {
      let state = Follower.BelievedState(
        state: belief.state,
        untaken: belief.inbox.map(\.message),
        owed: belief.outbox.map(\.output.observation)
      )
      if known.insert(state).inserted { result.append(state) }
    }
    return result
  }
}

extension Output {
  var observation: Observation {
    switch self {
    case .message(let message): .output(message)
    case .signal(let number, let values): .signal(number, values)
    }
  }

  var isMessage: Bool { if case .message = self { true } else { false } }
}
