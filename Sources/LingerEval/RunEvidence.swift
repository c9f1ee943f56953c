package import LingerModel

/// What a state of a run says of a question; see ``Evaluator/evidence(on:in:error:awaiting:)``.
package enum RunEvidence: Hashable, Sendable {
  /// Nothing: here the question has no other answer than *holds*.
  case nothing
  /// A cover is reached.
  case witness
  /// It is violated, and the sentence says why. For an unspecified reception there is the message
  /// that nothing takes.
  case violation(explanation: String, envelope: Envelope? = nil)
  /// It is violated if no run leads on from here to where it is true: one run cannot show that.
  case violationUnlessReachable(explanation: String)
  /// A run says nothing of such a question.
  case undecidable
}

extension Evaluator {
  /// Judges a state that a run comes to: the one place that says what counts as a violation, for
  /// the finds of a search and for runs that come from a file.
  ///
  /// `error` is what the next step, the run's last, ends in. An unspecified reception is about
  /// `message`; where that is nil, about any.
  package func evidence(
    on question: Question,
    in state: State,
    error: SpecError? = nil,
    awaiting message: Envelope? = nil
  ) -> RunEvidence {
    switch question {
    case .deadlock:
      guard isStuck(state) else { return .nothing }
      return .violation(explanation: stuckness)
    case .unspecifiedReception:
      let untaken = unspecifiedReceptions(in: state)
      guard let envelope = untaken.first(where: { message == nil || $0 == message }) else {
        return .nothing
      }
      return .violation(explanation: explanation(ofUntaken: envelope), envelope: envelope)
    case .specErrors:
      guard let error else { return .nothing }
      return .violation(explanation: error.message)
    case .finalReachable:
      guard !isFinal(state) else { return .nothing }
      return .violationUnlessReachable(explanation: "no run from here reaches a final state")
    case .orphanTimer:
      let timers = armedTimers(in: state)
      guard !timers.isEmpty, isFinal(state) else { return .nothing }
      let verb = timers.count == 1 ? "is" : "are"
      let names = timers.joined(separator: ", ")
      return .violation(explanation: "\(names) \(verb) still armed in a final state")
    case .leftOpen: return .undecidable
    case .notRestored:
      guard let property = model.restoration, !unrestored(in: state).isEmpty else {
        return .nothing
      }
      guard case .violation = evidence(on: property, in: state) else { return .nothing }
      let names = unrestored(in: state).joined(separator: ", ")
      return .violation(explanation: "in a final state \(names)")
    case .property(let number):
      return evidence(on: model.properties[number], in: state)
    }
  }

  /// A predicate that cannot be evaluated is not true.
  private func evidence(on property: Property, in state: State) -> RunEvidence {
    if property.kind == .eventually { return .undecidable }
    let isTrue: Bool
    do throws(SpecError) {
      isTrue = try evaluate(property, in: state)
    } catch {
      // A limit came in between: that is not an answer.
      if error.kind == .tooLong { return .undecidable }
      isTrue = false
    }
    switch property.kind {
    case .cover: return isTrue ? .witness : .nothing
    case .invariant:
      return isTrue ? .nothing : .violation(explanation: whyFalse(property, in: state))
    case .possible:
      if isTrue { return .nothing }
      let why = whyFalse(property, in: state)
      return .violationUnlessReachable(
        explanation: "no run from here makes it true: here \(why)"
      )
    case .final, .eventually, .timedInvariant: return .undecidable
    }
  }

  /// What a stuck state lacks, in the words that fit the networks: only what may be lost without
  /// limit counts as lost.
  private var stuckness: String {
    let steps = "call, timeout or internal step"
    let areLossy = model.networks.map { $0.loss == .unlimited }
    if areLossy.isEmpty { return "no \(steps) leads on, and the state is not final" }
    if areLossy.allSatisfy(\.self) {
      return "with everything in flight lost, no \(steps) leads on, and the state is not final"
    }
    let lost = areLossy.contains(true) ? "with everything lost that may be, " : ""
    return "\(lost)no \(steps) and no message in flight leads on, and the state is not final"
  }

  private func explanation(ofUntaken envelope: Envelope) -> String {
    let receiver = model.instances[envelope.receiver].name
    let sender = model.instances[envelope.sender].name
    return "\(describe(envelope.message, in: model)) from '\(sender)' can arrive at "
      + "'\(receiver)', which has no transition for it here and no 'otherwise receive'"
  }

  /// What is not as it began, with its values.
  private func unrestored(in state: State) -> [String] {
    model.unrestored(in: state).map { instance, variable in
      let name = model.roles[model.instances[instance].role].variables[variable].name
      let value = state.instances[instance].variables[variable]
      let initial = model.instances[instance].initial[variable]
      return "'\(model.instances[instance].name).\(name)' is \(describe(value, in: model)), "
        + "not \(describe(initial, in: model))"
    }
  }

  private func armedTimers(in state: State) -> [String] {
    model.instances.indices.flatMap { instance in
      let name = model.instances[instance].name
      let timers = model.roles[model.instances[instance].role].timers
      return timers.indices.filter {
        state.instances[instance].armed[$0] && model.watches(timer: $0, of: instance)
      }
      .map { "'\(name).\(timers[$0].name)'" }
    }
  }
}
