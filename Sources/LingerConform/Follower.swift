package import LingerKernel
package import LingerModel

/// Follows one trace of a subject, event by event, and says whether the spec allows it.
///
/// Order and time are judged apart: once only the times do not fit, the rest is judged by order.
package struct Follower {
  private let engine: BeliefEngine
  private var current: Standing
  private var losses = BeliefEngine.Losses()
  /// Whether times are still judged.
  private var judgesTime: Bool
  /// Whether something that had to come at once had not come when the trace ended.
  private var endsTooEarly = false
  package private(set) var eventCount = 0
  package private(set) var timeDeviation: Deviation?
  package private(set) var orderDeviation: Deviation?
  /// Between two events a timer went off so often that they are not gone through.
  private var hasTooManyMoments = false
  static let mostMoments = 100_000
  /// What the watched variable was before the trace began is not told: so many values.
  private var untoldHistory = 0
  /// No belief had been lost for another reason when only the time was wrong.
  private var timeDeviationIsSure = false

  /// Something that the spec does not allow.
  package struct Deviation {
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

  /// - Parameters:
  ///   - engine: works the beliefs out.
  ///   - time: of the beginning, in nanoseconds.
  ///   - opening: leads from the initial state to where the trace begins; no part of the trace.
  ///   - judgesTime: whether times are judged too.
  package init(
    _ engine: BeliefEngine,
    beginningAt time: Int64,
    after opening: [Observation] = [],
    judgesTime: Bool = true
  ) {
    self.engine = engine
    current = Standing(set: engine.initialSet, marks: [time])
    self.judgesTime = judgesTime
    for observation in opening {
      observe(observation, at: time)
      eventCount = 0
    }
    if !opening.isEmpty {
      untoldHistory = max(0, (current.set.histories.map(\.count).min() ?? 0) - 1)
    }
  }

  /// Takes the next event; false once the trace is decided.
  @discardableResult
  package mutating func observe(_ event: Observation, at time: Int64) -> Bool {
    let number = eventCount
    eventCount += 1
    let time = max(time, latest)
    pass(to: time, event, number)
    if !isOver { apply(event, at: time, event, number, seenAt: time) }
    return !isOver
  }

  /// Whether nothing is believed any more.
  private var isOver: Bool { current.set.isEmpty }

  /// The moment of the latest event.
  package var latest: Int64 { current.marks[current.marks.count - 1] }

  /// What is believed, where nothing else matters for what comes: nothing was found, no belief was
  /// lost, and no values of this trace's own are believed.
  var plainStanding: Standing? {
    guard judgesTime, !losses.isAny, untoldHistory == 0, current.slots.isEmpty, !isOver,
      current.set.generation == engine.generation
    else { return nil }
    return current
  }

  /// How often what sets are numbered by was forgotten.
  package var generation: Int { engine.generation }

  /// Goes on from where events lead that were judged before.
  ///
  /// - Parameters:
  ///   - set: what is believed then.
  ///   - ages: how long before the last event its marks are.
  ///   - events: how many there are.
  ///   - time: of the last.
  mutating func go(to set: BeliefSet, ages: [Int64], after events: Int, at time: Int64) {
    eventCount += events
    current.set = set
    current.slots.removeAll(keepingCapacity: true)
    current.marks.removeAll(keepingCapacity: true)
    for age in ages { current.marks.append(time - age) }
  }

  /// Ends the trace: what came is taken, and what was due by a time is over.
  package mutating func end(at time: Int64) {
    let end = max(time, latest)
    guard judgesTime, !isOver, let due = nextDue, due < end else { return }
    var settled = self
    settled.pass(to: end, .nothing, max(eventCount - 1, 0))
    // What is still missing may have come after the end.
    if settled.orderDeviation == nil, settled.timeDeviation == nil || timeDeviation != nil {
      self = settled
    } else {
      endsTooEarly = true
    }
  }

  /// Lets time pass: at each moment at which something was due at the latest, beliefs in which it
  /// has not happened are given up. What shows it is the event that comes later.
  private mutating func pass(to time: Int64, _ event: Observation, _ number: Int) {
    var moments = 0
    while judgesTime, !isOver, let due = nextDue, due < time {
      moments += 1
      if moments > Self.mostMoments {
        hasTooManyMoments = true
        judgesTime = false
        return
      }
      apply(.nothing, at: max(due, latest), event, number, seenAt: time)
    }
  }

  /// The first moment at which a belief cannot stay as it is; nil for none.
  private var nextDue: Int64? {
    var first = Deadline.never
    let marks = current.marks.span
    for deadline in current.set.deadlines { first = min(first, deadline.end(marks)) }
    return first == Deadline.never ? nil : first + 1
  }

  private mutating func apply(
    _ change: Observation,
    at time: Int64,
    _ event: Observation,
    _ number: Int,
    seenAt moment: Int64
  ) {
    // Who says that nothing more comes out has let every timer expire that is due by now.
    let isQuiet = change == .quiet
    let answers = judgesTime ? answers(of: current.set, at: time, isQuiet) : open
    let (isExplained, lost) = engine.advance(&current, answers, change, at: time)
    if let lost { losses.merge(lost) }
    if isExplained { return }
    if losses.limit == nil {
      let finding = Deviation(
        event: number,
        time: moment,
        observation: event,
        before: believed(at: time),
        cause: .unexpected
      )
      if explainWithoutTime(change, at: time, finding) { return }
    }
    current = Standing(set: engine.emptySet, marks: [time])
  }

  /// Nothing explains a change: whether it is the time only that does not fit, and it is judged by
  /// order from here on.
  private mutating func explainWithoutTime(
    _ change: Observation,
    at time: Int64,
    _ finding: Deviation
  ) -> Bool {
    var finding = finding
    if case .state = change { finding.cause = .state }
    if case .quiet = change { finding.cause = .silence }
    guard judgesTime else {
      orderDeviation = finding
      return false
    }
    let (overdue, before) = (
      overdue(at: time, change == .quiet), engine.states(filled, nil)
    )
    let (isExplained, lost) = engine.advance(&current, open, change, at: time)
    guard isExplained else {
      orderDeviation = finding
      return false
    }
    finding.isTime = true
    finding.cause = .missing(overdue)
    finding.before = before
    judgesTime = false
    timeDeviation = finding
    timeDeviationIsSure = !losses.isAny
    if let lost { losses.merge(lost) }
    return true
  }

  /// What is believed at a time, everything hidden that may have happened by then included.
  package func believed(at time: Int64) -> [BelievedState] {
    let filled = filled
    return engine.states(filled, judgesTime ? answers(of: filled, at: max(time, latest)) : nil)
  }

  /// What is believed, with this trace's values.
  private var filled: BeliefSet { engine.timed(current.set.filled(current.slots)) }

  /// Time decides nothing.
  private var open: Answers { .open(current.set, engine.subject) }

  /// The verdict so far.
  package var verdict: TraceVerdict { judgement.verdict }

  /// Why nothing is known, or nothing is sure.
  package var reason: String? { judgement.reason }

  private var judgement: (verdict: TraceVerdict, reason: String?) {
    if hasTooManyMoments {
      return (
        .unknown, "more than \(Self.mostMoments) moments at which something was due in a row"
      )
    }
    if let limit = losses.limit { return (.unknown, "more than \(limit) beliefs") }
    if timeDeviationIsSure { return (.violates, nil) }
    if orderDeviation != nil || timeDeviation != nil {
      if losses.isUnspecified {
        return (.inconclusive, "the spec has no transition for a message that came")
      }
      if losses.error != nil { return (.inconclusive, "a step is an error of the spec") }
      return (.violates, nil)
    }
    return (.conforms, nil)
  }

  /// The states that are believed at the latest event, each once.
  package var states: [[Int]] { current.set.states(current.slots) }

  /// When the first timer may expire, in some belief.
  package var nextExpiry: Int64? {
    var first: Int64?
    for timer in current.set.running { first = min(first ?? .max, earliestExpiry(timer)) }
    return first
  }

  /// The timers that may have expired by a time, in some belief.
  package func expired(by time: Int64) -> [Int] {
    var result: [Int] = []
    for timer in current.set.running
    where earliestExpiry(timer) <= time && !result.contains(timer.timer) {
      result.append(timer.timer)
    }
    return result
  }

  private func earliestExpiry(_ timer: Belief.RunningTimer) -> Int64 {
    let duration = engine.subject.durations[timer.duration].lowerBound
    let (moment, overflow) = current.marks[timer.low].addingReportingOverflow(duration)
    return overflow ? .max : moment
  }

  /// The earlier of what was found.
  package var firstDeviation: Deviation? { timeDeviation ?? orderDeviation }

  /// What the watched variable may have been, one value after the other, for each explanation.
  package var histories: [[Int]] {
    if untoldHistory == 0 { return current.set.histories }
    var result: [[Int]] = []
    for history in current.set.histories {
      let told = Array(history.dropFirst(untoldHistory))
      if !result.contains(told) { result.append(told) }
    }
    return result
  }

  /// Whether, however it is explained, the subject still owes something that is not overdue yet.
  package var owes: Bool {
    endsTooEarly || current.set.owes(engine.subject.timersThatSend)
  }

  private func overdue(at time: Int64, _ isQuiet: Bool) -> [Int] {
    let set = current.set
    let marks = current.marks.span
    var late: Set<TimeQuestion> = []
    for (question, deadline) in zip(set.questions, set.deadlines)
    where deadline.answer(at: time, marks, last: latest, isQuiet) == .certainly {
      late.insert(question)
    }
    var result: [Int] = []
    for timer in set.running where !result.contains(timer.timer) {
      let question = TimeQuestion.expiry(
        low: timer.low,
        high: timer.high,
        duration: timer.duration
      )
      if late.contains(question) { result.append(timer.timer) }
    }
    return result.sorted()
  }

  private func answers(
    of set: BeliefSet,
    at time: Int64,
    _ isQuiet: Bool = false
  ) -> Answers {
    var result = Answers(set, engine.subject)
    let (marks, last) = (current.marks.span, latest)
    for place in set.deadlines.indices {
      result.set(place, set.deadlines[place].answer(at: time, marks, last: last, isQuiet))
    }
    let elapsed = time - last
    for duration in engine.reaches.indices where elapsed >= engine.reaches[duration] {
      result.reach(duration)
    }
    return result
  }
}

/// Looking at beliefs.
extension BeliefEngine {
  /// The states of a set's beliefs, closed under hidden steps, each once. Without answers time
  /// decides nothing.
  func states(_ set: BeliefSet, _ answers: Answers?) -> [Follower.BelievedState] {
    let answers = answers ?? .open(set, subject)
    var closure = HiddenClosure(set.beliefs, of: set, answers, self)
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
