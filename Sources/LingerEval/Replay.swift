package import LingerModel

/// Re-runs steps that were recorded earlier, or found by an engine, on the evaluator.
package struct Replay {
  /// The run that takes exactly these steps from `start` (nil: the initial state), or the first of
  /// them that is not possible.
  ///
  /// An engine's counterexample must pass here before it is shown.
  package static func run(
    _ steps: [Step],
    from start: State? = nil,
    on evaluator: Evaluator
  ) -> Result<Trace, ReplayFailure> {
    var trace = Trace(initial: start ?? evaluator.initialState)
    var state = trace.initial
    for (index, step) in steps.enumerated() {
      if let error = trace.entries.last?.error {
        return .failure(
          ReplayFailure(
            index: index,
            step: step,
            reason: "the run ended with an error: \(error.message)",
            possible: [],
            trace: trace
          )
        )
      }
      let successors = evaluator.successors(of: state)
      guard let successor = successors.first(where: { $0.step == step }) else {
        let reason = evaluator.reasonAgainst(step, in: state, steps: successors.map(\.step))
        return .failure(
          ReplayFailure(
            index: index,
            step: step,
            reason: reason,
            possible: successors.map(\.step).nearestFirst(to: step),
            trace: trace
          )
        )
      }
      switch successor.outcome {
      case .success(let next):
        state = next
        trace.entries.append(
          Trace.Entry(step: step, effects: successor.effects, state: next, error: nil)
        )
      case .failure(let error):
        trace.entries.append(
          Trace.Entry(step: step, effects: successor.effects, state: nil, error: error)
        )
      }
    }
    return .success(trace)
  }
}

/// A recorded step that the model does not allow where it is tried.
package struct ReplayFailure: Error, Hashable, Sendable {
  /// Its place among the recorded steps, from 0.
  package var index: Int
  package var step: Step
  /// Why it is not possible: half a sentence.
  package var reason: String
  /// What is possible instead, the steps most like the recorded one first.
  package var possible: [Step]
  /// The run up to there.
  package var trace: Trace
}

extension [Step] {
  /// Ordered by likeness: the same transition, then the same instance; else the order kept.
  fileprivate func nearestFirst(to step: Step) -> [Step] {
    let groups = enumerated().map { (likeness: step.likeness(to: $1), place: $0, step: $1) }
    return groups.sorted { ($1.likeness, $0.place) < ($0.likeness, $1.place) }.map(\.step)
  }
}

extension Step {
  fileprivate func likeness(to other: Step) -> Int {
    switch (self, other) {
    case (.transition(let a, let b, let c, _), .transition(let d, let e, let f, _)):
      (a == d ? 4 : 0) + (b == e ? 2 : 0) + (c == f ? 1 : 0)
    case (.ignoredTimeout(let a, let b), .ignoredTimeout(let c, let d)):
      (a == c ? 4 : 0) + (b == d ? 2 : 0)
    case (.ignoredTimeout(let a, let b), .transition(let c, _, .timeout(let d), _)),
      (.transition(let a, _, .timeout(let b), _), .ignoredTimeout(let c, let d)):
      (a == c ? 3 : 0) + (b == d ? 2 : 0)
    case (.lose(let a, _), .lose(let b, _)), (.duplicate(let a, _), .duplicate(let b, _)):
      a == b ? 4 : 2
    default: 0
    }
  }
}

extension Evaluator {
  /// The first thing that stands against a step which is not among the possible ones.
  fileprivate func reasonAgainst(_ step: Step, in state: State, steps: [Step]) -> String {
    switch step {
    case .lose(let envelope, _), .duplicate(let envelope, _):
      guard isKnown(envelope) else { return "the model has no such message" }
      let isInFlight = state.networks[envelope.network].copies(of: envelope) > 0
      return isInFlight
        ? "the network may not do that to it" : "no such message is in flight"
    case .ignoredTimeout(let instance, let timer):
      guard model.instances.indices.contains(instance),
        state.instances[instance].armed.indices.contains(timer)
      else { return "the model has no such timer" }
      return state.instances[instance].armed[timer]
        ? "a transition takes this timeout" : "the timer is not armed"
    case .transition(let instance, let number, let cause, _):
      guard model.instances.indices.contains(instance),
        model.transitions.indices.contains(number),
        model.roles[model.instances[instance].role].transitions.contains(number)
      else { return "the instance has no such transition" }
      return reasonAgainst(
        model.transitions[number],
        of: instance,
        cause: cause,
        in: state,
        isEnabled: steps.contains { $0.isSame(as: step) }
      )
    }
  }

  private func reasonAgainst(
    _ transition: Transition,
    of instance: Int,
    cause: Step.Cause,
    in state: State,
    isEnabled: Bool
  ) -> String {
    switch (transition.trigger, cause) {
    case (.call, .call), (.internal, .internal): break
    case (.timeout(let wanted, _), .timeout(let timer)):
      guard wanted.contains(timer) else { return "the transition waits for another timer" }
      guard state.instances[instance].armed[timer] else { return "the timer is not armed" }
    case (.receive, .receive(let envelope)):
      guard isKnown(envelope) else { return "the model has no such message" }
      guard state.networks[envelope.network].copies(of: envelope) > 0 else {
        return "no such message is in flight"
      }
      guard envelope.receiver == instance else { return "the message goes to another instance" }
      guard deliverable(in: state).contains(envelope) else {
        return "other messages stand before it in the queue"
      }
    default: return "the transition has another trigger"
    }
    if isEnabled { return "it is possible, but not with these choices" }
    return transition.isOtherwise
      ? "another transition takes this message, or it is of another kind"
      : "its guard is false"
  }

  private func isKnown(_ envelope: Envelope) -> Bool {
    model.networks.indices.contains(envelope.network)
      && model.instances.indices.contains(envelope.sender)
      && model.instances.indices.contains(envelope.receiver)
  }
}

extension Step {
  /// Whether two steps differ in their choices at most.
  fileprivate func isSame(as other: Step) -> Bool {
    guard case .transition(let a, let b, let c, _) = self,
      case .transition(let d, let e, let f, _) = other
    else { return self == other }
    return a == d && b == e && c == f
  }
}
