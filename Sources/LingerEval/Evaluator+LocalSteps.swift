package import LingerModel

extension Evaluator {
  /// What one instance can do: by itself, or on a message that is already taken from the network.
  ///
  /// No step on a message means that the instance has no transition for it. `copiesInFlight` is
  /// asked only where a guard or body counts messages.
  package func localSteps(
    of instance: Int,
    local: State.InstanceState,
    cause: LocalCause,
    copiesInFlight: (Envelope) -> Int
  ) -> [LocalStep] {
    withoutActuallyEscaping(copiesInFlight) { copiesInFlight in
      let attempt = Attempt(
        model: model,
        instance: instance,
        local: local,
        copiesInFlight: copiesInFlight
      )
      return switch cause {
      case .spontaneous: attempt.spontaneousSteps()
      case .receive(let envelope): attempt.steps(onReceiving: envelope)
      }
    }
  }
}

/// One instance in one state, with every transition of its role tried in turn.
private struct Attempt {
  let model: Model
  let instance: Int
  let local: State.InstanceState
  let copiesInFlight: (Envelope) -> Int

  private var role: Role { model.roles[model.instances[instance].role] }

  func spontaneousSteps() -> [LocalStep] {
    var steps: [LocalStep] = []
    for number in role.transitions {
      switch model.transitions[number].trigger {
      case .internal: steps += self.steps(of: number, cause: .internal)
      case .call(_, let parameters):
        for values in combinations(of: parameters.map(\.type)) {
          steps += self.steps(
            of: number,
            cause: .call,
            bound: Array(zip(parameters.map(\.slot), values)),
            choices: values
          )
        }
      case .receive, .timeout: continue
      }
    }
    for timer in local.armed.indices where local.armed[timer] {
      steps += self.steps(onTimeoutOf: timer)
    }
    return steps
  }

  private func steps(onTimeoutOf timer: Int) -> [LocalStep] {
    var steps: [LocalStep] = []
    for number in role.transitions {
      guard case .timeout(timer) = model.transitions[number].trigger else { continue }
      steps += self.steps(of: number, cause: .timeout(timer: timer))
    }
    guard steps.isEmpty else { return steps }
    var disarmed = local
    disarmed.armed[timer] = false
    return [
      LocalStep(
        step: .ignoredTimeout(instance: instance, timer: timer),
        effects: [],
        outcome: .success(LocalOutcome(state: disarmed, sends: [], sendSpans: []))
      )
    ]
  }

  func steps(onReceiving envelope: Envelope) -> [LocalStep] {
    guard case .record(let arriving, _) = envelope.message else {
      preconditionFailure("a message in flight is no record")
    }
    var regular: [LocalStep] = []
    var specificOtherwise: Int?
    var generalOtherwise: Int?
    for number in role.transitions {
      let transition = model.transitions[number]
      guard case .receive(let record, _, _) = transition.trigger,
        record == nil || record == arriving
      else { continue }
      if !transition.isOtherwise {
        regular += steps(of: number, receiving: envelope)
      } else if record == nil {
        generalOtherwise = generalOtherwise ?? number
      } else {
        specificOtherwise = specificOtherwise ?? number
      }
    }
    guard regular.isEmpty, let otherwise = specificOtherwise ?? generalOtherwise else {
      return regular
    }
    return steps(of: otherwise, receiving: envelope)
  }

  private func steps(of number: Int, receiving envelope: Envelope) -> [LocalStep] {
    guard case .receive(_, let message, let sender) = model.transitions[number].trigger else {
      preconditionFailure("a transition without a message was given one")
    }
    return steps(
      of: number,
      cause: .receive(envelope),
      bound: [(message, envelope.message), (sender, .instance(envelope.sender))]
    )
  }

  /// A step for each way through the body; none where the guard is false, and one that fails
  /// where the guard does.
  private func steps(
    of number: Int,
    cause: Step.Cause,
    bound: [(slot: Int, value: Value)] = [],
    choices: [Value] = []
  ) -> [LocalStep] {
    let transition = model.transitions[number]
    var start = Frame(
      Environment(
        model,
        actor: instance,
        local: local,
        transition: transition,
        copiesInFlight: copiesInFlight
      )
    )
    for (slot, value) in bound { start.environment.locals[slot] = value }
    func step(_ choices: [Value]) -> Step {
      .transition(instance: instance, transition: number, cause: cause, choices: choices)
    }
    do throws(SpecError) {
      if let guardCondition = transition.guardCondition {
        guard try start.environment.truth(of: guardCondition) else { return [] }
      }
    } catch {
      return [LocalStep(step: step(choices), effects: [], outcome: .failure(error))]
    }
    if case .timeout(let timer) = cause { start.environment.own.armed[timer] = false }

    var steps: [LocalStep] = []
    var way: ChoiceWay? = ChoiceWay()
    while let current = way {
      var frame = start
      frame.way = current
      let outcome = frame.outcome(of: transition.body)
      steps.append(
        LocalStep(
          step: step(choices + frame.chosen),
          effects: frame.effects,
          outcome: outcome
        )
      )
      way = frame.way.next
    }
    return steps
  }

  /// Every tuple of values, the first slowest.
  private func combinations(of types: [ModelType]) -> [[Value]] {
    types.reduce([[]]) { tuples, type in
      let values = model.values(of: type)
      return tuples.flatMap { tuple in values.map { tuple + [$0] } }
    }
  }
}
