import LingerKernel
import LingerModel

/// A set of beliefs with everything that may have happened unseen since the latest event.
struct HiddenClosure {
  private let engine: BeliefEngine
  private let answers: Answers
  private let questions: [TimeQuestion: TimeQuestion.Answer]
  /// The mark of the event at hand; the one before it is that of the latest.
  private let now: Int
  private var found: FoundBeliefs
  var losses = BeliefEngine.Losses()

  /// More messages that came and may not be taken yet are not followed.
  private static let longestInbox = 256

  /// The beliefs are those of the set, perhaps with a trace's values in its slots.
  init(_ beliefs: [Belief], of set: BeliefSet, _ answers: Answers, _ engine: BeliefEngine) {
    self.engine = engine
    self.answers = answers
    now = set.markCount
    found = FoundBeliefs(engine.worker.trace, engine.wide)
    for belief in beliefs { found.insert(belief) }
    questions = Dictionary(
      uniqueKeysWithValues: set.questions.enumerated().map { ($1, answers.answer($0)) }
    )
  }

  private var subject: Subject { engine.subject }

  var beliefs: [Belief] { found.order }

  /// Takes every hidden step from every belief, and from what follows; `dueOnly` only from beliefs
  /// that cannot stay as they are until now.
  mutating func run(dueOnly: Bool = false) {
    var place = 0
    while place < beliefs.count {
      if beliefs.count > engine.mostBeliefs {
        losses.limit = engine.mostBeliefs
        return
      }
      let belief = beliefs[place]
      place += 1
      // What a step let out must be seen before anything else happens.
      if !belief.outbox.isEmpty { continue }
      if dueOnly, isAlive(belief) { continue }
      forEachStep(of: belief, seeing: nil, since: now - 1, isHidden: true) {
        closure,
        next,
        outputs in
        if outputs.isEmpty { closure.found.insert(next) }
      }
    }
  }

  /// The beliefs that are possible until now: no timer is overdue, nothing that had to be taken is
  /// left.
  func alive() -> [Belief] { beliefs.filter(isAlive) }

  private func isAlive(_ belief: Belief) -> Bool {
    for timer in belief.running where answer(timer) == .certainly { return false }
    if let first = belief.inbox.first, answer(lagSince: first.mark) == .certainly { return false }
    if let first = belief.outbox.first, answer(lagSince: first.mark) == .certainly { return false }
    return true
  }

  private func answer(_ timer: Belief.RunningTimer) -> TimeQuestion.Answer {
    if timer.high == now {
      // Started by a hidden step since the latest event, or by what happens now.
      return timer.low == now || !answers.reaches(timer.duration) ? .notYet : .perhaps
    }
    let question = TimeQuestion.expiry(
      low: timer.low,
      high: timer.high,
      duration: timer.duration
    )
    return questions[question] ?? .perhaps
  }

  /// Whether a step is possible as far as guards ask for elapsed times: on one of its ways.
  ///
  /// - Parameters:
  ///   - step: taken between the moment of a mark and now.
  ///   - belief: what is believed before.
  ///   - since: the mark.
  ///   - expiring: the timer that expires, as much after its start as it was started for.
  /// - Returns: false where the times exclude it.
  private func isPossible(
    _ step: FollowedStep,
    _ belief: Belief,
    since: Int,
    _ expiring: Belief.RunningTimer?
  ) -> Bool {
    guard let ways = step.ways else { return true }
    return ways.contains { way in
      zip(way.questions, way.answers).allSatisfy { question, relation in
        let timer = subject.elapsedTimes[question].timer
        if let expiring, expiring.timer == timer {
          return subject.relation(of: expiring.duration, to: question) == relation
        }
        guard let running = belief.running.first(where: { $0.timer == timer }) else { return true }
        return isPossible(relation, of: running, to: question, since: since)
      }
    }
  }

  /// Whether the time since a timer's start may be less than (0), equal to (1) or more than (2)
  /// what a guard asks for.
  private func isPossible(
    _ relation: Int,
    of timer: Belief.RunningTimer,
    to question: Int,
    since: Int
  ) -> Bool {
    func answer(_ isStrict: Bool, _ mark: Int) -> TimeQuestion.Answer {
      let bound = TimeQuestion.ElapsedBound(
        question: question,
        isStrict: isStrict,
        isLatest: mark < now
      )
      return questions[.elapsed(low: timer.low, high: timer.high, bound)] ?? .perhaps
    }
    if timer.high == now {
      // Started since the latest event; just now where that is certain.
      let asked = subject.elapsedTimes[question].exact
      let isNow = timer.low == now
      switch relation {
      case 0: return asked > Rational(0)
      case 1: return !isNow || asked == Rational(0)
      default: return !isNow || asked < Rational(0)
      }
    }
    switch relation {
    case 0: return answer(false, since) != .certainly
    case 1: return answer(false, now) != .notYet && answer(true, since) != .certainly
    default: return answer(true, now) != .notYet
    }
  }

  private func answer(lagSince mark: Int) -> TimeQuestion.Answer {
    questions[.lag(mark)] ?? .perhaps
  }

  /// Adds what an event makes of a belief.
  mutating func apply(_ event: Observation, to belief: Belief, into found: inout FoundBeliefs) {
    switch event {
    case .nothing: found.insert(belief)
    case .quiet: if belief.inbox.isEmpty, belief.outbox.isEmpty { found.insert(belief) }
    case .input(let message):
      if belief.inbox.count == Self.longestInbox { losses.limit = Self.longestInbox }
      var next = belief
      next.inbox.append(Belief.Arrived(message: message, mark: now))
      found.insert(next)
    case .unseenOutput(let messages):
      found.insert(belief)
      for message in messages { release(.message(message), from: belief, into: &found) }
    case .unseenInput(let messages):
      found.insert(belief)
      for message in messages { apply(.input(message), to: belief, into: &found) }
    case .output(let message): release(.message(message), from: belief, into: &found)
    case .signal(let number, let values):
      if engine.visibility.seesSignals {
        release(.signal(number, values), from: belief, into: &found)
      } else {
        found.insert(belief)
      }
    case .call(let name, let arguments, let message):
      call(name, arguments, sending: message, belief, into: &found)
    case .state(let reported):
      let variables = subject.kernel.variables(ofRole: subject.role)
      let fits = reported.allSatisfy { report in
        let start = variables[report.variable].register
        let believed = belief.state[start..<(start + report.values.count)]
        return areEqual(Array(believed), report.values)
      }
      if fits { found.insert(belief) }
    }
  }

  /// The subject let something out: what was owed, or the first output of a step taken now.
  private mutating func release(
    _ output: Output,
    from belief: Belief,
    into found: inout FoundBeliefs
  ) {
    if let first = belief.outbox.first {
      guard areEqual(first.output, output) else { return }
      var next = belief
      next.outbox.removeFirst()
      found.insert(next)
      return
    }
    let seen: SeenMessage? = if case .message(let message) = output { message } else { nil }
    var matching: [Belief] = []
    let now = now
    forEachStep(of: belief, seeing: seen, since: now, isHidden: false) { closure, next, outputs in
      guard let first = outputs.first, closure.areEqual(first, output) else { return }
      var next = next
      next.outbox = outputs.dropFirst().map { Belief.Owed(output: $0, mark: now) }
      matching.append(next)
    }
    for next in matching { found.insert(next) }
  }

  private func areEqual(_ one: [Int], _ other: [Int]) -> Bool {
    guard let trace = engine.worker.trace else { return one == other }
    return trace.areEqual(one, other)
  }

  private func areEqual(_ one: Output, _ other: Output) -> Bool {
    switch (one, other) {
    case (.message(let one), .message(let other)):
      one.record == other.record && areEqual(one.values, other.values)
    case (.signal(let one, let values), .signal(let other, let others)):
      one == other && areEqual(values, others)
    case (.message, .signal), (.signal, .message): false
    }
  }

  private mutating func call(
    _ name: String,
    _ arguments: [[Int]],
    sending message: SeenMessage?,
    _ belief: Belief,
    into found: inout FoundBeliefs
  ) {
    guard belief.outbox.isEmpty else { return }
    var results: [Belief] = []
    let now = now
    for call in subject.calls where call.name == name {
      take(
        belief,
        call.transition,
        arguments,
        seeing: message,
        since: now,
        isHidden: false
      ) {
        _,
        next,
        outputs in
        var next = next
        next.outbox = outputs.map { Belief.Owed(output: $0, mark: now) }
        results.append(next)
      }
    }
    for next in results { found.insert(next) }
  }

  typealias Visit = (inout HiddenClosure, Belief, [Output]) -> Void

  /// Hands over every step that a belief may take, with what it lets out: internal ones, calls that
  /// nobody sees, timers, and the taking of the oldest message that came.
  ///
  /// - Parameters:
  ///   - belief: what is believed before.
  ///   - seen: the message that the step sends, where one was seen.
  ///   - since: the mark of the earliest moment of the step.
  ///   - isHidden: nothing was seen, so that what lets something out is of no use.
  ///   - visit: is given what is believed afterwards.
  private mutating func forEachStep(
    of belief: Belief,
    seeing seen: SeenMessage?,
    since: Int,
    isHidden: Bool,
    _ visit: Visit
  ) {
    for number in subject.internals {
      take(belief, number, [], seeing: seen, since: since, isHidden: isHidden, visit)
    }
    if !engine.visibility.seesCalls {
      for call in subject.calls {
        for arguments in call.arguments(seeing: seen, engine.worker.trace) {
          take(
            belief,
            call.transition,
            arguments,
            seeing: seen,
            since: since,
            isHidden: isHidden,
            visit
          )
        }
      }
    }
    for timer in belief.running where answer(timer) != .notYet {
      expire(timer, of: belief, seeing: seen, since: since, visit)
    }
    if let first = belief.inbox.first {
      receive(first.message, belief, seeing: seen, since: since, visit)
    }
  }

  private mutating func take(
    _ belief: Belief,
    _ transition: Int,
    _ arguments: [[Int]],
    seeing seen: SeenMessage?,
    since: Int,
    isHidden: Bool,
    _ visit: Visit
  ) {
    var steps: [FollowedStep] = []
    let instance = subject.instance
    // A step that sends did not happen unseen: only its errors count.
    let countsErrorsOnly = isHidden && subject.alwaysSends[transition]
    engine.worker.setState(belief.state, of: instance)
    engine.worker.forEachStep(of: transition, by: instance, arguments: arguments, seeing: seen) {
      if countsErrorsOnly, $1.error == nil { return }
      steps.append(FollowedStep($0, $1, of: instance))
    }
    hand(steps, from: belief, since: since, visit)
  }

  private mutating func expire(
    _ timer: Belief.RunningTimer,
    of belief: Belief,
    seeing seen: SeenMessage?,
    since: Int,
    _ visit: Visit
  ) {
    var steps: [FollowedStep] = []
    engine.worker.setState(belief.state, of: subject.instance)
    engine.worker.forEachExpiry(of: timer.timer, by: subject.instance, seeing: seen) {
      steps.append(FollowedStep($0, $1, of: subject.instance))
    }
    hand(steps, from: belief, since: since, expiring: timer, visit)
  }

  private mutating func receive(
    _ message: SeenMessage,
    _ belief: Belief,
    seeing seen: SeenMessage?,
    since: Int,
    _ visit: Visit
  ) {
    var steps: [FollowedStep] = []
    engine.worker.setState(belief.state, of: subject.instance)
    let isTaken = engine.worker.forEachReception(
      by: subject.instance,
      of: message,
      from: subject.senders[message.record],
      seeing: seen
    ) {
      steps.append(FollowedStep($0, $1, of: subject.instance))
    }
    if !isTaken { losses.isUnspecified = true }
    var rest = belief
    rest.inbox.removeFirst()
    hand(steps, from: rest, since: since, visit)
  }

  /// Puts what steps did into beliefs; errors of the spec end here.
  private mutating func hand(
    _ steps: [FollowedStep],
    from belief: Belief,
    since: Int,
    expiring: Belief.RunningTimer? = nil,
    _ visit: Visit
  ) {
    for step in steps where isPossible(step, belief, since: since, expiring) {
      if let error = step.error {
        losses.error = losses.error ?? error
        continue
      }
      var next = belief
      next.state = narrowed(step.state, engine.wide.state)
      next.note(subject.remembered)
      next.running = step.running(after: belief, since: since, until: now)
      let outputs = step.outputs.compactMap { output -> Output? in
        switch output {
        case .message(var message):
          message.values = narrowed(message.values, engine.wide.fields[message.record])
          return .message(message)
        case .signal(let number, let values):
          return engine.visibility.seesSignals ? .signal(number, narrowed(values, [])) : nil
        }
      }
      visit(&self, next, outputs)
    }
  }

  /// Values of few are told apart one by one, whatever they were worked out from.
  private func narrowed(_ values: [Int], _ wide: [ClosedRange<Int>?]) -> [Int] {
    guard let trace = engine.worker.trace else { return values }
    return values.enumerated().map { place, value in
      place < wide.count && wide[place] != nil ? value : trace.plainNumber(value)
    }
  }
}

extension Belief {
  /// A history longer than this loses its beginning.
  private static let longestHistory = 64

  /// Adds the watched variable's value to the history, if it has changed. What went round in a
  /// circle unseen is as if it had not been.
  mutating func note(_ watched: Int?) {
    guard let watched, history.last != state[watched] else { return }
    let value = state[watched]
    let unseen = history[max(0, settledHistory - 1)...]
    if let place = unseen.lastIndex(of: value) {
      history.removeLast(history.count - place - 1)
      return
    }
    history.append(value)
  }

  /// An event was explained: the history so far stays.
  mutating func settleHistory() {
    if history.count > Self.longestHistory {
      history.removeFirst(history.count - Self.longestHistory)
    }
    settledHistory = history.count
  }
}

/// What a step of the kernel's did, taken out of its registers.
struct FollowedStep {
  var transition: Int?
  var state: [Int]
  private var timers: [KernelEffects.TimerChange]
  var outputs: [Output]
  var error: ErrorSite?
  /// How elapsed times compare where it is possible; nil for any.
  let ways: [KernelElapsedWay]?
  private let served: Int
  private let timerCount: Int

  init(_ worker: KernelWorker, _ step: KernelStep, of instance: Int) {
    transition = step.transition
    ways = worker.enabledWays
    error = step.error.map { worker.error($0) }
    state = Array(worker.state(of: instance))
    timers = worker.effects.timers
    served = worker.servedTimers(of: instance)
    timerCount = worker.timerCount(of: instance)
    outputs = []
    let effects = worker.effects
    var signals = effects.signals[...]
    for (number, send) in worker.sends.enumerated() {
      while let signal = signals.first, signal.sendsBefore <= number {
        outputs.append(.signal(signal.signal, Array(effects.values[signal.values])))
        signals.removeFirst()
      }
      let values = effects.values[send.values]
      outputs.append(.message(SeenMessage(record: send.record, values: Array(values))))
    }
    for signal in signals {
      outputs.append(.signal(signal.signal, Array(effects.values[signal.values])))
    }
  }

  /// The timers that run after the step.
  func running(after belief: Belief, since: Int, until: Int) -> [Belief.RunningTimer] {
    var result: [Belief.RunningTimer] = []
    for timer in 0..<timerCount where state[state.count - timerCount + timer] != 0 {
      if served >> timer & 1 == 1,
        let duration = timers.last(where: { $0.timer == timer })?.duration
      {
        result.append(
          Belief.RunningTimer(timer: timer, low: since, high: until, duration: duration)
        )
      } else if let before = belief.running.first(where: { $0.timer == timer }) {
        result.append(before)
      }
    }
    return result
  }
}

extension Subject.Call {
  /// The arguments that it may have had: of each parameter all its values, or those that the
  /// message seen says; the first slowest.
  func arguments(seeing seen: SeenMessage?, _ trace: PathTrace? = nil) -> [[[Int]]] {
    var result: [[[Int]]] = [[]]
    for parameter in parameters {
      let values = parameter.values(seeing: seen, trace)
      result = result.flatMap { before in values.map { before + [$0] } }
    }
    return result
  }
}

extension Subject.Parameter {
  fileprivate func values(seeing seen: SeenMessage?, _ trace: PathTrace?) -> [[Int]] {
    if let hint {
      guard let seen else { return [] }
      return hint.values(in: seen) { trace?.isEqual($0, $1) ?? ($0 == $1) }.map { [$0] }
    }
    return (0..<(codec.valueCount ?? 0)).map { number in
      var values = [Int](repeating: 0, count: codec.width)
      codec.write(number, to: &values, at: 0)
      return values
    }
  }
}
