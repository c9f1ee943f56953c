package import LingerModel

/// Runs a model on plain values: the authority that every engine is compared with.
///
/// docs/semantics.md says the same in words; where the two differ, one of them is wrong. It is
/// written to be read, not to be fast: engines that need speed compile the model and are tested
/// against this.
package struct Evaluator {
  package let model: Model
  /// Ends evaluations that take too long; nil for none that matter.
  package let stop: StopCheck?

  /// Whether a timer may be started for less than no time: where values are tried to see how a
  /// duration depends on them, and mean nothing.
  let takesNegativeDurations: Bool

  package init(
    _ model: Model,
    stop: StopCheck? = nil,
    takesNegativeDurations: Bool = false
  ) {
    self.model = model
    self.stop = stop
    self.takesNegativeDurations = takesNegativeDurations
  }

  /// Every instance as declared, timers off but those that are armed from the start, nothing in
  /// flight, budgets whole.
  /// Variables that begin with any value have the first one here.
  package var declaredState: State {
    State(
      instances: model.instances.map { instance in
        State.InstanceState(
          variables: instance.initial,
          armed: model.roles[instance.role].timers.map { $0.initial != nil }
        )
      },
      networks: model.networks.map { State.NetworkState(empty: $0) }
    )
  }

  /// Every step that is possible, in the fixed order of docs/semantics.md, "Steps".
  package func successors(of state: State) -> [Successor] {
    var result: [Successor] = []
    for instance in model.instances.indices {
      result += steps(of: instance, in: state, cause: .spontaneous)
    }
    for envelope in deliverable(in: state) {
      var rest = state
      rest.networks[envelope.network].take(envelope, in: model.networks[envelope.network])
      result += steps(of: envelope.receiver, in: rest, cause: .receive(envelope))
    }
    for number in model.networks.indices {
      result += acts(ofNetwork: number, in: state)
    }
    return result
  }

  /// The messages that may arrive now, in order: from a queue only the first of each direction.
  package func deliverable(in state: State) -> [Envelope] {
    model.networks.indices.flatMap { state.networks[$0].deliverable(in: model.networks[$0]) }
  }

  /// The messages that may arrive now and that their receiver has no transition for.
  package func unspecifiedReceptions(in state: State) -> [Envelope] {
    deliverable(in: state).filter { envelope in
      var rest = state
      rest.networks[envelope.network].take(envelope, in: model.networks[envelope.network])
      return steps(of: envelope.receiver, in: rest, cause: .receive(envelope)).isEmpty
    }
  }

  /// Whether a property's predicate is true here; `eventually` with `~>` has no such meaning.
  package func evaluate(_ property: Property, in state: State) throws(SpecError) -> Bool {
    var environment = Environment(model, whole: state, property: property, stop: stop)
    return try environment.truth(of: property.body)
  }

  /// Whether it is fine to stop here; nowhere in a spec without `final`, nor where it fails.
  package func isFinal(_ state: State) -> Bool {
    model.final.flatMap { try? evaluate($0, in: state) } ?? false
  }

  /// Whether nothing leads on from here although it is not fine to stop.
  ///
  /// Judged under total loss: first everything in flight in a network that may lose without limit
  /// is gone. Acts of the network lead nowhere, and a step that changes nothing neither; a step
  /// that ends in an error does.
  package func isStuck(_ state: State) -> Bool {
    if isFinal(state) { return false }
    var bare = state
    for (number, network) in model.networks.enumerated() where network.loss == .unlimited {
      bare.networks[number].messages = []
    }
    return !successors(of: bare).contains { successor in
      if successor.step.isFault { return false }
      return switch successor.outcome {
      case .success(let next): next != bare
      case .failure: true
      }
    }
  }

  /// The steps of one instance, with their sends taken up by the networks of `state`.
  private func steps(
    of instance: Int,
    in state: State,
    cause: LocalCause
  ) -> [Successor] {
    localSteps(
      of: instance,
      local: state.instances[instance],
      cause: cause,
      copiesInFlight: { state.networks[$0.network].copies(of: $0) }
    ).map { complete($0, of: instance, from: state) }
  }

  /// Puts an instance's new state and what it sent into the state its step started from.
  private func complete(_ local: LocalStep, of instance: Int, from state: State) -> Successor {
    var effects = local.effects
    func successor(_ outcome: Result<State, SpecError>) -> Successor {
      Successor(step: local.step, effects: effects, outcome: outcome, elapsed: local.elapsed)
    }
    switch local.outcome {
    case .failure(let error):
      return successor(.failure(error))
    case .success(let outcome):
      var next = state
      next.instances[instance] = outcome.state
      do throws(SpecError) {
        for (number, envelope) in outcome.sends.enumerated() {
          let isSent = try send(envelope, in: &next, at: outcome.sendSpans[number])
          if !isSent { markDropped(send: number, in: &effects) }
        }
        return successor(.success(next))
      } catch {
        return successor(.failure(error))
      }
    }
  }

  private func markDropped(send number: Int, in effects: inout [Effect]) {
    var sends = 0
    for (position, effect) in effects.enumerated() {
      guard case .send(let envelope, _) = effect else { continue }
      if sends == number { effects[position] = .send(envelope, isDropped: true) }
      sends += 1
    }
  }
}
