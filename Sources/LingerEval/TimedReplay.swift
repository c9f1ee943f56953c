import LingerDiagnostics
package import LingerModel

/// Re-runs a run of the timed reading with exact times: what a solver says is believed only
/// after this.
///
/// Timers fire exactly when they are due, no step is taken while a timer is overdue, a message is
/// delivered only while its latest copy is younger than its lifetime; docs/semantics.md, "Timed
/// reading".
package struct TimedReplay {
  /// Why a run is none of the model's.
  package struct Failure: Error, Hashable, Sendable {
    /// The step that is not possible; the number of steps for the end.
    package var step: Int
    package var reason: String
    /// Whether all of it is possible, and only the property is true at its end.
    package var isHarmless = false
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
  }

  private let evaluator: Evaluator
  private var state: State
  private var now = Rational.zero
  private var deadlines: [(instance: Int, timer: Int, due: Rational)] = []
  private var sent: [(envelope: Envelope, at: Rational)] = []
  private var entries: [Trace.Entry] = []
  /// For each step the bound that let it happen.
  private var bounds: [String?] = []

  private init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    state = evaluator.initialState
  }

  /// Runs the steps at their times and checks that the property is false at the end.
  ///
  /// The model's parameters must have the values of the run.
  package static func run(
    _ steps: [Step],
    at times: [Rational],
    until end: Rational,
    violating property: Property,
    on evaluator: Evaluator
  ) -> Result<Replayed, Failure> {
    var replay = TimedReplay(evaluator)
    do throws(Failure) {
      for (index, step) in steps.enumerated() { try replay.take(step, index, at: times[index]) }
      try replay.finish(property, at: end)
    } catch {
      return .failure(error)
    }
    let trace = Trace(initial: evaluator.initialState, entries: replay.entries)
    return .success(
      Replayed(
        trace: trace,
        bounds: replay.bounds,
        end: replay.alive,
        alive: replay.aliveMessages
      )
    )
  }

  private mutating func take(_ step: Step, _ index: Int, at time: Rational) throws(Failure) {
    func fail(_ reason: String) -> Failure { Failure(step: index, reason: reason) }
    try pass(to: time, index)
    bounds.append(try bound(of: step, index))
    guard let successor = evaluator.successors(of: state).first(where: { $0.step == step }) else {
      throw fail("the step is not possible here")
    }
    guard case .success(let next) = successor.outcome else {
      throw fail("the step ends in an error")
    }
    if let (instance, timer) = step.timeout {
      deadlines.removeAll { $0.instance == instance && $0.timer == timer }
    }
    for effect in successor.effects {
      switch effect {
      case .start(let instance, let timer, let duration):
        deadlines.removeAll { $0.instance == instance && $0.timer == timer }
        deadlines.append((instance, timer, now + duration))
      case .cancel(let instance, let timer):
        deadlines.removeAll { $0.instance == instance && $0.timer == timer }
      case .send(let envelope, let isDropped):
        if isDropped { continue }
        sent.removeAll { $0.envelope == envelope }
        sent.append((envelope, now))
      case .signal: break
      }
    }
    state = next
    entries.append(
      Trace.Entry(step: step, effects: successor.effects, state: next, error: nil)
    )
  }

  /// Lets time pass; no armed timer may be overdue.
  private mutating func pass(to time: Rational, _ index: Int) throws(Failure) {
    if time < now { throw Failure(step: index, reason: "time runs backwards") }
    for deadline in deadlines where deadline.due < time {
      let instance = evaluator.model.instances[deadline.instance]
      let timer = evaluator.model.roles[instance.role].timers[deadline.timer].name
      throw Failure(
        step: index,
        reason: "'\(instance.name).\(timer)' was due at \(seconds(deadline.due))"
      )
    }
    now = time
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
    guard case .transition(_, _, .receive(let envelope), _) = step else { return nil }
    guard let age = age(of: envelope) else {
      throw Failure(step: index, reason: "the message was never sent")
    }
    guard let lifetime = lifetime(of: envelope) else { return nil }
    if age >= lifetime { throw Failure(step: index, reason: "the message is dead") }
    return "age \(seconds(age)) < \(seconds(lifetime))"
  }

  private func age(of envelope: Envelope) -> Rational? {
    sent.first { $0.envelope == envelope }.map { now - $0.at }
  }

  private func lifetime(of envelope: Envelope) -> Rational? {
    evaluator.model.networks[envelope.network].lifetime.flatMap { evaluator.model.duration($0) }
  }

  private mutating func finish(_ property: Property, at end: Rational) throws(Failure) {
    try pass(to: end, entries.count)
    let isTrue: Bool
    do throws(SpecError) {
      isTrue = try evaluator.evaluate(property, in: alive)
    } catch {
      throw Failure(step: entries.count, reason: error.message)
    }
    guard isTrue else { return }
    throw Failure(
      step: entries.count,
      reason: "the property is true at the end",
      isHarmless: true
    )
  }
}

extension TimedReplay {
  /// The state with only those messages in flight that are younger than their lifetime.
  private var alive: State {
    var alive = state
    for network in alive.networks.indices {
      alive.networks[network].messages.removeAll { message in
        guard let age = age(of: message.envelope), let lifetime = lifetime(of: message.envelope)
        else { return false }
        return age >= lifetime
      }
    }
    return alive
  }

  /// What can still arrive, in the order of the networks' messages.
  private var aliveMessages: [TimedRun.Alive] {
    alive.networks.flatMap(\.messages).compactMap { message in
      guard let age = age(of: message.envelope) else { return nil }
      return TimedRun.Alive(
        envelope: message.envelope,
        age: age,
        lifetime: lifetime(of: message.envelope)
      )
    }
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
