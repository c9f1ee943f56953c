package import LingerModel

extension Evaluator {
  /// Hands over what one instance can do, step by step: by itself, or on a message that is already
  /// taken from the network.
  ///
  /// No step on a message means that the instance has no transition for it. `copiesInFlight` is
  /// asked only where a guard or body counts messages. Nothing is kept of steps handed over, and a
  /// ``stop`` ends it between any two tries; what was handed over until then is true.
  package func forEachLocalStep(
    of instance: Int,
    local: State.InstanceState,
    cause: LocalCause,
    copiesInFlight: (Envelope) -> Int,
    _ visit: (LocalStep) -> Void
  ) {
    withoutActuallyEscaping(copiesInFlight) { copiesInFlight in
      let attempt = Attempt(
        model: model,
        stop: stop,
        instance: instance,
        local: local,
        takesNegativeDurations: takesNegativeDurations,
        copiesInFlight: copiesInFlight
      )
      switch cause {
      case .spontaneous: attempt.spontaneousSteps(visit)
      case .receive(let envelope): attempt.steps(onReceiving: envelope, visit)
      }
    }
  }

  /// All that ``forEachLocalStep(of:local:cause:copiesInFlight:_:)`` hands over.
  package func localSteps(
    of instance: Int,
    local: State.InstanceState,
    cause: LocalCause,
    copiesInFlight: (Envelope) -> Int
  ) -> [LocalStep] {
    var steps: [LocalStep] = []
    forEachLocalStep(of: instance, local: local, cause: cause, copiesInFlight: copiesInFlight) {
      steps.append($0)
    }
    return steps
  }
}

/// One instance in one state, with every transition of its role tried in turn.
private struct Attempt {
  let model: Model
  let stop: StopCheck?
  let instance: Int
  let local: State.InstanceState
  let takesNegativeDurations: Bool
  let copiesInFlight: (Envelope) -> Int

  private var role: Role { model.roles[model.instances[instance].role] }

  /// Counts one more try; true if there shall be no more.
  private var isStopped: Bool { stop?.spend() ?? false }

  func spontaneousSteps(_ visit: (LocalStep) -> Void) {
    for number in role.transitions {
      switch model.transitions[number].trigger {
      case .internal:
        var start = frame(for: number)
        steps(of: number, cause: .internal, from: &start, visit)
      case .call(_, let parameters): calls(of: number, parameters, visit)
      case .receive, .timeout: continue
      }
    }
    for timer in local.armed.indices where local.armed[timer] {
      steps(onTimeoutOf: timer, visit)
    }
  }

  /// A call with every combination of values of its parameters, the first slowest.
  private func calls(
    of number: Int,
    _ parameters: [Transition.CallParameter],
    _ visit: (LocalStep) -> Void
  ) {
    let domains = parameters.map { DomainValues(ofNumbered: $0.type, in: model) }
    guard domains.allSatisfy({ $0.count > 0 }) else { return }
    var places = [Int](repeating: 0, count: parameters.count)
    var values = domains.map { $0[0] }
    var start = frame(for: number)
    while true {
      for (parameter, value) in zip(parameters, values) {
        start.environment.locals[parameter.slot] = value
      }
      steps(of: number, cause: .call, from: &start, choices: values, visit)
      var last = places.count - 1
      while last >= 0, places[last] + 1 == domains[last].count {
        places[last] = 0
        values[last] = domains[last][0]
        last -= 1
      }
      if last < 0 || isStopped { return }
      places[last] += 1
      values[last] = domains[last][places[last]]
    }
  }

  private func steps(onTimeoutOf timer: Int, _ visit: (LocalStep) -> Void) {
    var taken = Taken()
    for number in role.transitions {
      guard case .timeout(let timers, _) = model.transitions[number].trigger,
        timers.contains(timer)
      else { continue }
      taken.transitions.append(number)
      var start = frame(for: number, cause: .timeout(timer: timer))
      steps(of: number, cause: .timeout(timer: timer), from: &start) { step in
        taken.note(step)
        visit(step)
      }
    }
    let ignored = elapsed(whenNoneOf: taken, cause: .timeout(timer: timer))
    if ignored.isNever || isStopped { return }
    var disarmed = local
    disarmed.armed[timer] = false
    visit(
      LocalStep(
        step: .ignoredTimeout(instance: instance, timer: timer),
        effects: [],
        outcome: .success(LocalOutcome(state: disarmed, sends: [], sendSpans: [])),
        elapsed: ignored
      )
    )
  }

  func steps(onReceiving envelope: Envelope, _ visit: (LocalStep) -> Void) {
    guard case .record(let arriving, _) = envelope.message else {
      preconditionFailure("a message in flight is not a record")
    }
    var taken = Taken()
    var specificOtherwise: Int?
    var generalOtherwise: Int?
    for number in role.transitions {
      let transition = model.transitions[number]
      guard case .receive(let record, _, _) = transition.trigger,
        record == nil || record == arriving
      else { continue }
      if !transition.isOtherwise {
        taken.transitions.append(number)
        steps(of: number, receiving: envelope) { step in
          taken.note(step)
          visit(step)
        }
      } else if record == nil {
        generalOtherwise = generalOtherwise ?? number
      } else {
        specificOtherwise = specificOtherwise ?? number
      }
    }
    guard !isStopped, let otherwise = specificOtherwise ?? generalOtherwise else { return }
    let left = elapsed(whenNoneOf: taken, cause: .receive(envelope))
    if left.isNever { return }
    steps(of: otherwise, receiving: envelope) { step in
      var step = step
      step.elapsed = left
      visit(step)
    }
  }

  private func steps(
    of number: Int,
    receiving envelope: Envelope,
    _ visit: (LocalStep) -> Void
  ) {
    var start = frame(for: number, cause: .receive(envelope))
    steps(of: number, cause: .receive(envelope), from: &start, visit)
  }

  /// What a guard and a body see first; with what the trigger binds where there is a cause.
  private func frame(for transition: Int, cause: Step.Cause? = nil) -> Frame {
    var frame = Frame(
      Environment(
        model,
        actor: instance,
        local: local,
        transition: model.transitions[transition],
        copiesInFlight: copiesInFlight,
        stop: stop
      )
    )
    frame.takesNegativeDurations = takesNegativeDurations
    switch (model.transitions[transition].trigger, cause) {
    case (.receive(_, let message, let sender), .receive(let envelope)):
      frame.environment.locals[message] = envelope.message
      frame.environment.locals[sender] = .instance(envelope.sender)
    case (.timeout(let timers, let index?), .timeout(let timer)):
      let value = model.value(at: timer - timers.lowerBound, in: index.type)
      frame.environment.locals[index.slot] = value
    case (_, .receive): preconditionFailure("a transition without a message was given one")
    default: break
    }
    return frame
  }

  /// A step for each way through the body; none where the guard is false, and one that fails
  /// where the guard does. `start` has the trigger's values and keeps them.
  private func steps(
    of number: Int,
    cause: Step.Cause,
    from start: inout Frame,
    choices: [Value] = [],
    _ visit: (LocalStep) -> Void
  ) {
    var elapsed = ElapsedCondition.always
    func deliver(_ choices: [Value], _ effects: [Effect], _ outcome: LocalStep.Outcome) {
      if case .failure(let error) = outcome, error.kind == .tooLong { return }
      let step = Step.transition(
        instance: instance,
        transition: number,
        cause: cause,
        choices: choices
      )
      visit(LocalStep(step: step, effects: effects, outcome: outcome, elapsed: elapsed))
    }
    let transition = model.transitions[number]
    do throws(SpecError) {
      elapsed = try self.elapsed(whenEnabled: transition, &start.environment)
      if elapsed.isNever { return }
    } catch {
      deliver(choices, [], .failure(error))
      return
    }
    var way: ChoiceWay? = ChoiceWay()
    while let current = way {
      var frame = start
      frame.way = current
      if case .timeout(let timer) = cause { frame.environment.own.armed[timer] = false }
      let outcome = frame.outcome(of: transition.body)
      deliver(choices + frame.chosen, frame.effects, outcome)
      if isStopped { return }
      way = frame.way.next
    }
  }
}

/// Elapsed time.
extension Attempt {
  /// Transitions that compete for one cause, and whether one of them is enabled.
  private struct Taken {
    var transitions: [Int] = []
    private(set) var isSometimes = false
    private(set) var isAlways = false

    mutating func note(_ step: LocalStep) {
      isSometimes = true
      isAlways = isAlways || step.elapsed.isAlways
    }
  }

  /// When a transition's guard is true. Fails where evaluating it does, for whatever times.
  private func elapsed(
    whenEnabled transition: Transition,
    _ environment: inout Environment
  ) throws(SpecError) -> ElapsedCondition {
    guard let condition = transition.guardCondition else { return .always }
    var ways: [ElapsedWay] = []
    var way: ElapsedWay? = ElapsedWay()
    while let current = way {
      environment.elapsedWay = current
      if try environment.truth(of: condition) { ways.append(environment.elapsedWay) }
      way = environment.elapsedWay.next
    }
    return ElapsedCondition(ways, of: instance)
  }

  /// When none of the transitions is enabled.
  private func elapsed(
    whenNoneOf taken: Taken,
    cause: Step.Cause
  ) -> ElapsedCondition {
    if !taken.isSometimes { return .always }
    if taken.isAlways { return .never }
    var ways: [ElapsedWay] = []
    var way: ElapsedWay? = ElapsedWay()
    while var current = way, !isStopped {
      var isEnabled = false
      for number in taken.transitions where !isEnabled {
        // One without a guard would always be enabled.
        guard let condition = model.transitions[number].guardCondition else { continue }
        var environment = frame(for: number, cause: cause).environment
        environment.elapsedWay = current
        // A guard that fails counts as true.
        isEnabled = (try? environment.truth(of: condition)) ?? true
        current = environment.elapsedWay
      }
      if !isEnabled { ways.append(current) }
      way = current.next
    }
    return ElapsedCondition(ways, of: instance)
  }
}
