import LingerDiagnostics
package import LingerModel

/// Re-runs a run of the timed reading with exact times: what a solver says is believed only
/// after this.
///
/// Timers fire exactly when they are due, no step is taken while a timer or a copy of a message is
/// overdue, no time passes while an urgent transition is enabled, a message is delivered only while
/// it is old enough and alive; docs/semantics.md, "Timed reading".
package struct TimedReplay {
  /// Why a run is not one of the model's.
  package struct Failure: Error, Hashable, Sendable {
    /// The step that is not possible; the number of steps for the end.
    package var step: Int
    package var reason: String
  }

  /// A run that replayed.
  package struct Replayed: Sendable {
    package var trace: Trace
    /// For each step the bound that let it happen when it did.
    package var bounds: [String?]
    /// The state at the end, with only the messages that are alive then.
    package var end: State
    /// Those messages, with their ages.
    package var alive: [TimedRun.Alive]
    /// Why the end shows what was claimed; nil where it does not.
    package var explanation: String?
    /// The message that nothing takes, where that was claimed.
    package var envelope: Envelope?

    /// Whether the end shows what was claimed.
    package var isViolation: Bool { explanation != nil }
  }

  let evaluator: Evaluator
  let initial: State
  private(set) var state: State
  private(set) var now = Rational.zero
  private(set) var deadlines: [Deadline] = []
  /// The latest transmission of each message in a growing set.
  private(set) var sent: [Transmission] = []
  private(set) var ways = [Way()]
  private(set) var entries: [Trace.Entry] = []

  struct Transmission: Equatable {
    var envelope: Envelope
    var at: Rational
  }

  struct Deadline: Equatable {
    var instance: Int
    var timer: Int
    var started: Rational
    var due: Rational
  }

  /// One choice of which copies were taken: equal messages differ in their ages, and a step does
  /// not say which it is about.
  struct Way: Equatable {
    /// When each copy in flight was sent.
    var copies = CopyLanes<Rational>()
    /// For each step the bound that let it happen.
    var bounds: [String?] = []
  }

  init(_ evaluator: Evaluator, from start: State) {
    self.evaluator = evaluator
    state = start
    initial = start
  }

  /// Runs the steps at their times, from `start` (nil: the initial state). Unless what is claimed
  /// `mayFail` at the end, it fails where it does.
  ///
  /// The model's parameters must have the values of the run.
  package static func run(
    _ steps: [Step],
    from start: State? = nil,
    at times: [Rational],
    until end: Rational,
    showing claim: Claim,
    mayFail: Bool = false,
    on evaluator: Evaluator
  ) -> Result<Replayed, Failure> {
    var replay = TimedReplay(evaluator, from: start ?? evaluator.initialState)
    let evidence: EndEvidence?
    do throws(Failure) {
      try replay.begin()
      for (index, step) in steps.enumerated() { try replay.take(step, index, at: times[index]) }
      try replay.pass(to: end, steps.count)
      evidence = try replay.evidence(claim)
    } catch {
      return .failure(error)
    }
    if evidence == nil, !mayFail {
      return .failure(Failure(step: steps.count, reason: claim.isMissing))
    }
    let trace = Trace(initial: replay.initial, entries: replay.entries)
    return .success(
      Replayed(
        trace: trace,
        bounds: replay.ways.first?.bounds ?? [],
        end: replay.alive,
        alive: replay.aliveMessages,
        explanation: evidence?.explanation,
        envelope: evidence?.envelope
      )
    )
  }

  /// Starts what is armed from the start.
  mutating func begin() throws(Failure) {
    guard let starts = evaluator.model.initialStarts else {
      throw Failure(step: 0, reason: "the duration of a timer cannot be evaluated")
    }
    deadlines = starts.map {
      Deadline(instance: $0.instance, timer: $0.timer, started: now, due: now + $0.duration)
    }
    try pass(to: now, 0)
  }

  mutating func take(_ step: Step, _ index: Int, at time: Rational) throws(Failure) {
    func fail(_ reason: String) -> Failure { Failure(step: index, reason: reason) }
    if entries.last?.error != nil { throw fail("the run has ended in an error of the spec") }
    try pass(to: time, index)
    let bound = try bound(of: step, index)
    guard let successor = evaluator.successors(of: state).first(where: { $0.step == step }) else {
      throw fail("the step is not possible here")
    }
    let elapsed = try check(successor.elapsed, index)
    ways = try moved(by: step, bound ?? elapsed, index)
    let next: State
    switch successor.outcome {
    case .success(let state): next = state
    case .failure(let error):
      // Nothing comes after it; whether that is what was claimed is asked at the end.
      entries.append(
        Trace.Entry(step: step, effects: successor.effects, state: nil, error: error)
      )
      return
    }
    if let (instance, timer) = step.timeout {
      deadlines.removeAll { $0.instance == instance && $0.timer == timer }
    }
    for effect in successor.effects { apply(effect) }
    state = next
    entries.append(
      Trace.Entry(step: step, effects: successor.effects, state: next, error: nil)
    )
  }

  private mutating func apply(_ effect: Effect) {
    switch effect {
    case .start(let instance, let timer, let duration):
      deadlines.removeAll { $0.instance == instance && $0.timer == timer }
      deadlines.append(
        Deadline(instance: instance, timer: timer, started: now, due: now + duration)
      )
    case .cancel(let instance, let timer):
      deadlines.removeAll { $0.instance == instance && $0.timer == timer }
    case .send(let envelope, let isDropped):
      if isDropped { return }
      if let lane = CopyLane(envelope, in: evaluator.model) {
        for way in ways.indices { ways[way].copies.append(now, to: lane) }
      } else {
        sent.removeAll { $0.envelope == envelope }
        sent.append(Transmission(envelope: envelope, at: now))
      }
    case .signal: break
    }
  }

  /// The same run with one choice of which copies were taken.
  func choosing(_ way: Way) -> Self {
    var result = self
    result.ways = [way]
    return result
  }

  /// Lets time pass; no armed timer may be overdue, and no transition urgent.
  mutating func pass(to time: Rational, _ index: Int) throws(Failure) {
    if time < now { throw Failure(step: index, reason: "time runs backwards") }
    for deadline in deadlines where deadline.due < time {
      throw Failure(
        step: index,
        reason: "'\(name(deadline.instance, deadline.timer))' was due at \(seconds(deadline.due))"
      )
    }
    if now < time, let (instance, transition) = evaluator.urgentTransition(in: state) {
      let model = evaluator.model
      throw Failure(
        step: index,
        reason: "'\(model.instances[instance].name).\(model.transitions[transition].name)' is "
          + "urgent since \(seconds(now))"
      )
    }
    now = time
    ways = ways.filter { !isOverdue($0) }
    if ways.isEmpty { throw Failure(step: index, reason: "a message was due before") }
  }

  private func name(_ instance: Int, _ timer: Int) -> String {
    let instance = evaluator.model.instances[instance]
    return "\(instance.name).\(evaluator.model.roles[instance.role].timers[timer].name)"
  }

  /// What the step's time has to be, in words; fails where it is not that.
  private func bound(of step: Step, _ index: Int) throws(Failure) -> String? {
    if let (instance, timer) = step.timeout {
      guard
        let deadline = deadlines.first(where: { $0.instance == instance && $0.timer == timer }),
        deadline.due == now
      else { throw Failure(step: index, reason: "the timer is not due") }
      return "due at \(seconds(now))"
    }
    guard case .transition(_, _, .receive(let envelope), _) = step,
      CopyLane(envelope, in: evaluator.model) == nil
    else { return nil }
    guard let age = age(of: envelope) else {
      throw Failure(step: index, reason: "the message was never sent")
    }
    guard let lifetime = lifetime(of: envelope) else { return nil }
    if age >= lifetime { throw Failure(step: index, reason: "the message is dead") }
    return "age \(seconds(age)) < \(seconds(lifetime))"
  }

  /// What the step's guard asks about elapsed time, in words; fails where it is not so.
  private func check(
    _ condition: ElapsedCondition,
    _ index: Int
  ) throws(Failure) -> String? {
    for alternative in condition.alternatives {
      var words: [String] = []
      for test in alternative {
        guard
          let started = deadlines.first(where: {
            $0.instance == test.instance && $0.timer == test.timer
          })?.started,
          test.isTrue(of: now - started)
        else { break }
        words.append(
          "\(name(test.instance, test.timer)) \(seconds(now - started)) \(test.relation.rawValue) "
            + seconds(test.duration)
        )
      }
      if words.count == alternative.count {
        return words.isEmpty ? nil : words.joined(separator: ", ")
      }
    }
    throw Failure(step: index, reason: "its guard asks for another elapsed time")
  }

  private func age(of envelope: Envelope) -> Rational? {
    sent.first { $0.envelope == envelope }.map { now - $0.at }
  }

  func lifetime(of envelope: Envelope) -> Rational? {
    evaluator.model.networks[envelope.network].lifetime.flatMap { evaluator.model.duration($0) }
  }
}

/// Copies of messages.
extension TimedReplay {
  /// The ways in which a step can be about copies in flight.
  private func moved(
    by step: Step,
    _ bound: String?,
    _ index: Int
  ) throws(Failure) -> [Way] {
    var result: [Way] = []
    for way in ways {
      for (copies, own) in choices(step, way.copies)
      where !result.contains(where: { $0.copies == copies }) {
        result.append(Way(copies: copies, bounds: way.bounds + [bound ?? own]))
      }
    }
    if result.isEmpty { throw Failure(step: index, reason: "the message cannot arrive yet") }
    return result
  }

  /// What a step may make of the copies in flight, and the bound that it meets.
  private func choices(
    _ step: Step,
    _ copies: CopyLanes<Rational>
  ) -> [(copies: CopyLanes<Rational>, bound: String?)] {
    let envelope: Envelope
    var position = 0
    switch step {
    case .transition(_, _, .receive(let received), _): envelope = received
    case .lose(let lost, let place):
      envelope = lost
      position = place
    case .duplicate(let original, let place):
      envelope = original
      position = place
    case .transition, .ignoredTimeout: return [(copies, nil)]
    }
    guard let lane = CopyLane(envelope, in: evaluator.model) else { return [(copies, nil)] }
    var result: [(copies: CopyLanes<Rational>, bound: String?)] = []
    for index in copies.candidates(lane, position: position) {
      var next = copies
      switch step {
      case .duplicate: next.duplicate(index, in: lane)
      case .lose: next.remove(index, from: lane)
      default:
        let age = now - copies[lane][index]
        next.remove(index, from: lane)
        if let delay = delay(of: envelope.network) {
          if age < delay.shortest { continue }
          let range = "\(seconds(delay.shortest))...\(seconds(delay.longest))"
          result.append((next, "age \(seconds(age)) in \(range)"))
          continue
        }
        if let lifetime = lifetime(of: envelope) {
          result.append((next, "age \(seconds(age)) < \(seconds(lifetime))"))
          continue
        }
      }
      result.append((next, nil))
    }
    return result
  }

  func delay(of network: Int) -> (shortest: Rational, longest: Rational)? {
    guard let delay = evaluator.model.networks[network].delay,
      let shortest = evaluator.model.duration(delay.shortest),
      let longest = evaluator.model.duration(delay.longest)
    else { return nil }
    return (shortest, longest)
  }

  /// Whether some copy had to be delivered, or lost, before now.
  private func isOverdue(_ way: Way) -> Bool {
    way.copies.marks.contains { lane, sent in
      guard let first = sent.first else { return false }
      let age = now - first
      let network = evaluator.model.networks[lane.network]
      if let delay = delay(of: lane.network) { return age > delay.longest }
      guard let lifetime = network.lifetime.flatMap({ evaluator.model.duration($0) }) else {
        return false
      }
      return age >= lifetime
    }
  }
}

extension TimedReplay {
  /// The state with only those messages in flight that can still arrive: of a growing set those
  /// that are younger than their lifetime.
  var alive: State {
    var alive = state
    for network in alive.networks.indices
    where evaluator.model.networks[network].discipline == .set {
      alive.networks[network].messages.removeAll { message in
        guard let age = age(of: message.envelope), let lifetime = lifetime(of: message.envelope)
        else { return false }
        return age >= lifetime
      }
    }
    return alive
  }

  /// What can still arrive, in the order of the networks' messages.
  var aliveMessages: [TimedRun.Alive] {
    var result: [TimedRun.Alive] = []
    var seen: [CopyLane: Int] = [:]
    for message in alive.networks.flatMap(\.messages) {
      var ages: [Rational?] = []
      if let lane = CopyLane(message.envelope, in: evaluator.model) {
        let sent = ways.first?.copies[lane].dropFirst(seen[lane] ?? 0).prefix(message.copies)
        seen[lane, default: 0] += message.copies
        ages = (sent ?? []).map { now - $0 }
      } else {
        ages = [age(of: message.envelope)]
      }
      for case .some(let age) in ages {
        result.append(
          TimedRun.Alive(
            envelope: message.envelope,
            age: age,
            lifetime: lifetime(of: message.envelope)
          )
        )
      }
    }
    return result
  }
}

extension Evaluator {
  /// An urgent transition that is enabled: no time passes then.
  package func urgentTransition(in state: State) -> (instance: Int, transition: Int)? {
    for instance in model.instances.indices {
      let role = model.roles[model.instances[instance].role]
      guard role.transitions.contains(where: { model.transitions[$0].isUrgent }) else { continue }
      let steps = localSteps(
        of: instance,
        local: state.instances[instance],
        cause: .spontaneous,
        copiesInFlight: { state.networks[$0.network].copies(of: $0) }
      )
      for step in steps {
        guard case .transition(_, let number, _, _) = step.step, model.transitions[number].isUrgent
        else { continue }
        return (instance, number)
      }
    }
    return nil
  }
}

extension Step {
  /// The timer that expires, where that is the cause.
  package var timeout: (instance: Int, timer: Int)? {
    switch self {
    case .transition(let instance, _, .timeout(let timer), _),
      .ignoredTimeout(let instance, let timer):
      (instance, timer)
    case .transition, .lose, .duplicate: nil
    }
  }
}
