package import LingerModel

/// What a run without end says of a promise; see ``Evaluator/judge(_:on:)``.
package enum LassoEvidence: Hashable, Sendable {
  /// It breaks the promise, and the sentence says how.
  case broken(explanation: String)
  case notBroken(reason: String)
  /// A limit came in between.
  case stopped(UndecidedReason)
}

extension Evaluator {
  /// Whether a run with a loop breaks a promise: it goes back to where its loop begins, the cause
  /// is true somewhere, the effect nowhere from there on, and the run is fair.
  ///
  /// It decides on the evaluator alone, and on the definitions of docs/semantics.md, "Fairness";
  /// with `callsAct` every call counts as `fair`.
  package func judge(
    _ promise: Promise,
    on trace: Trace,
    callsAct: Bool = false
  ) -> LassoEvidence {
    guard let loopStart = trace.loopStart, loopStart <= trace.entries.count,
      let start = trace.state(after: loopStart)
    else { return .notBroken(reason: "it is not a run without end") }
    guard trace.last == start else { return .notBroken(reason: "its loop does not close") }
    let states = (0...trace.entries.count).compactMap { trace.state(after: $0) }
    guard states.count == trace.entries.count + 1 else {
      return .notBroken(reason: "it ends in an error")
    }
    let made: Int
    do throws(SpecError) {
      guard let first = try firstUnkept(promise, in: states, loopStart) else {
        return .notBroken(reason: "the promise is kept")
      }
      made = first
    } catch {
      return .stopped(stop?.reason ?? UndecidedReason(error.message))
    }
    if let unfairness = unfairness(of: trace, from: loopStart, callsAct) {
      return .notBroken(reason: unfairness)
    }
    if let reason = stop?.reason { return .stopped(reason) }
    return .broken(explanation: explanation(promise, made, loopStart, trace))
  }

  /// The first state with the cause after which none has the effect; nil where there is none.
  /// What cannot be evaluated is not true; throws where a limit comes.
  private func firstUnkept(
    _ promise: Promise,
    in states: [State],
    _ loopStart: Int
  ) throws(SpecError) -> Int? {
    func isTrue(_ property: Property, _ state: State) throws(SpecError) -> Bool {
      do throws(SpecError) {
        return try evaluate(property, in: state)
      } catch {
        if error.kind == .tooLong { throw error }
        return false
      }
    }
    var first = 0
    for (number, state) in states.enumerated() where try isTrue(promise.effect, state) {
      first = number + 1
    }
    for number in states.indices where number >= first {
      if try isTrue(promise.cause, states[number]) { return number }
    }
    return nil
  }

  private func explanation(
    _ promise: Promise,
    _ made: Int,
    _ loopStart: Int,
    _ trace: Trace
  ) -> String {
    let wanted = describe(promise.effect.body, in: model)
    let place = promise.place.map { "with \($0): " } ?? ""
    let when = made == 0 ? "from the start" : "from step \(made)"
    let count = trace.entries.count
    let end =
      if loopStart == count {
        "nothing has to happen any more"
      } else if loopStart + 1 == count {
        "step \(count) happens for ever"
      } else {
        "steps \(loopStart + 1) to \(count) happen for ever"
      }
    return "\(place)'\(wanted)' is waited for \(when) on and never comes: \(end)"
  }
}

/// Whether a run is fair.
extension Evaluator {
  private enum Condition: Hashable {
    case transition(instance: Int, transition: Int)
    case timer(instance: Int, timer: Int)
    case delivery(Envelope)
    case arrival(Envelope)
  }

  /// What is unfair about going round a loop for ever; nil where it is fair.
  private func unfairness(
    of trace: Trace,
    from loopStart: Int,
    _ callsAct: Bool
  ) -> String? {
    let loop = trace.entries[loopStart...]
    var served: Set<Condition> = []
    var sent: Set<Envelope> = []
    for entry in loop {
      served.formUnion(self.served(by: entry.step, callsAct))
      for effect in entry.effects {
        switch effect {
        case .start(let instance, let timer, _), .cancel(let instance, let timer):
          served.insert(.timer(instance: instance, timer: timer))
        case .send(let envelope, _): sent.insert(envelope)
        case .signal: break
        }
      }
    }
    // The loop's first state is its last one too.
    let last = max(loopStart + 1, trace.entries.count)
    var enabled: [Set<Condition>] = []
    for count in loopStart..<last {
      guard let state = trace.state(after: count) else { return "it ends in an error" }
      enabled.append(conditions(enabledIn: state, sent, callsAct))
    }
    let sometimes = enabled.reduce(into: Set<Condition>()) { $0.formUnion($1) }
    let always = enabled.dropFirst().reduce(enabled.first ?? []) { $0.intersection($1) }
    let isUnfair = sometimes.subtracting(served).contains { condition in
      switch condition {
      case .transition(_, let transition):
        model.transitions[transition].fairness == .strong || always.contains(condition)
      case .timer, .delivery: always.contains(condition)
      case .arrival(let envelope): sent.contains(envelope)
      }
    }
    return isUnfair ? "its loop is not fair" : nil
  }

  private func served(by step: Step, _ callsAct: Bool) -> Set<Condition> {
    switch step {
    case .ignoredTimeout(let instance, let timer):
      return [.timer(instance: instance, timer: timer)]
    case .transition(let instance, let transition, let cause, _):
      var result: Set<Condition> = []
      if model.transitions[transition].fairness != .none || callsAct && cause == .call {
        result.insert(.transition(instance: instance, transition: transition))
      }
      switch cause {
      case .timeout(let timer): result.insert(.timer(instance: instance, timer: timer))
      case .receive(let envelope):
        result.insert(.arrival(envelope))
        if model.networks[envelope.network].loss != .unlimited {
          result.insert(.delivery(envelope))
        }
      case .call, .internal: break
      }
      return result
    case .lose, .duplicate: return []
    }
  }

  private func conditions(
    enabledIn state: State,
    _ sent: Set<Envelope>,
    _ callsAct: Bool
  ) -> Set<Condition> {
    var result: Set<Condition> = []
    for successor in successors(of: state) {
      result.formUnion(served(by: successor.step, callsAct))
    }
    // A timer waits to expire whether something takes that or not.
    for (instance, local) in state.instances.enumerated() {
      for timer in local.armed.indices where local.armed[timer] {
        result.insert(.timer(instance: instance, timer: timer))
      }
    }
    for envelope in sent where takes(envelope, in: state) { result.insert(.arrival(envelope)) }
    return result
  }

  /// Whether a message's receiver has a transition for it, should it arrive.
  private func takes(_ envelope: Envelope, in state: State) -> Bool {
    !localSteps(
      of: envelope.receiver,
      local: state.instances[envelope.receiver],
      cause: .receive(envelope),
      copiesInFlight: { state.networks[$0.network].copies(of: $0) }
    ).isEmpty
  }
}
