package import LingerModel

/// One random run of a model: a first look, and something for models too large to explore. The
/// reference for `RandomWalks` of `LingerExplore`, which are faster.
package struct RandomWalk: Sendable {
  /// Why a walk ended.
  package enum End: Hashable, Sendable {
    /// Nothing leads on and it is not fine to stop.
    case stuck
    /// It is fine to stop and nothing leads on.
    case final
    case error(SpecError)
    /// An invariant, by its number in ``Model/properties``, is false in the last state.
    case invariantViolated(Int)
    /// This message may arrive in the last state, and its receiver has no transition for it.
    case unspecifiedReception(Envelope)
    case limit
    /// It was asked to stop.
    case stopped
  }

  package var trace: Trace
  package var end: End

  package init(trace: Trace, end: End) {
    self.trace = trace
    self.end = end
  }

  /// Whether the walk found a mistake of the spec.
  package var isViolation: Bool {
    switch end {
    case .stuck, .error, .invariantViolated, .unspecifiedReception: true
    case .final, .limit, .stopped: false
    }
  }

  /// Walks until something ends it; every step that changes the state is as likely as another.
  package static func run(
    on evaluator: Evaluator,
    seed: UInt64,
    maximumSteps: Int
  ) -> RandomWalk {
    var numbers = RandomNumbers(seed: seed)
    let beginnings = evaluator.hasSingleBeginning ? [] : Array(evaluator.initialStates)
    let initial = beginnings.isEmpty ? evaluator.initialState : numbers.pick(beginnings)
    var trace = Trace(initial: initial)
    var state = trace.initial
    while true {
      let successors = evaluator.successors(of: state)
      if let end = end(in: state, successors, on: evaluator) {
        return RandomWalk(trace: trace, end: end)
      }
      guard trace.entries.count < maximumSteps, !successors.isEmpty else {
        return RandomWalk(trace: trace, end: .limit)
      }
      let moving = successors.filter { !$0.stays(in: state) }
      let successor = numbers.pick(moving.isEmpty ? successors : moving)
      switch successor.outcome {
      case .success(let next):
        trace.entries.append(
          Trace.Entry(
            step: successor.step,
            effects: successor.effects,
            state: next,
            error: nil
          )
        )
        state = next
      case .failure(let error):
        trace.entries.append(
          Trace.Entry(
            step: successor.step,
            effects: successor.effects,
            state: nil,
            error: error
          )
        )
        return RandomWalk(trace: trace, end: .error(error))
      }
    }
  }

  /// Why a walk ends in a state, if it does; that it ends in an error shows at its last step.
  package static func end(in state: State, on evaluator: Evaluator) -> End? {
    end(in: state, evaluator.successors(of: state), on: evaluator)
  }

  private static func end(
    in state: State,
    _ successors: [Successor],
    on evaluator: Evaluator
  ) -> End? {
    for (number, property) in evaluator.model.properties.enumerated()
    where property.kind == .invariant {
      // An invariant that cannot be evaluated is violated.
      let holds = (try? evaluator.evaluate(property, in: state)) ?? false
      if !holds { return .invariantViolated(number) }
    }
    if let envelope = evaluator.unspecifiedReceptions(in: state).first {
      return .unspecifiedReception(envelope)
    }
    if evaluator.isStuck(state) { return .stuck }
    let leadsOn = successors.contains { !$0.stays(in: state) }
    return !leadsOn && evaluator.isFinal(state) ? .final : nil
  }
}

extension Successor {
  /// Whether the step changes nothing.
  fileprivate func stays(in state: State) -> Bool {
    if case .success(state) = outcome { true } else { false }
  }
}
