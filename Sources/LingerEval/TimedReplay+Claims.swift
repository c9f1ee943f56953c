package import LingerModel

/// What the end of a run in time shows.
extension TimedReplay {
  /// What the end of a run has to show.
  package enum Claim: Sendable {
    /// The property is false.
    case violation(of: Property)
    /// The question's answer is a violation, as the untimed reading judges it. Where time stands
    /// still for good that is an error of the spec too. An unspecified reception may be about a
    /// certain message, which has to be able to arrive.
    case answer(to: Question, about: Envelope?)
    /// A part of `final` may stay false for ever in the last state, which is fair.
    case openEnd(part: Int, callsAct: Bool)

    /// What is wrong with an end that does not show it.
    var isMissing: String {
      switch self {
      case .violation: "the property is true at the end"
      case .answer, .openEnd: "the end of the run does not show it"
      }
    }
  }

  /// How the end shows it.
  struct EndEvidence {
    var explanation: String
    var envelope: Envelope?
  }

  /// How the end shows what is claimed; nil where it does not.
  func evidence(_ claim: Claim) throws(Failure) -> EndEvidence? {
    switch claim {
    case .violation(let property): try evidence(property)
    case .answer(let question, let envelope): evidence(question, envelope)
    case .openEnd(let part, let callsAct): evidence(ofOpenEnd: part, callsAct)
    }
  }

  private func evidence(_ property: Property) throws(Failure) -> EndEvidence? {
    if let error = entries.last?.error {
      throw Failure(step: entries.count - 1, reason: "the step ends in an error: \(error.message)")
    }
    do throws(SpecError) {
      if try evaluator.evaluate(property, in: alive) { return nil }
    } catch {
      throw Failure(step: entries.count, reason: error.message)
    }
    return EndEvidence(explanation: evaluator.whyFalse(property, in: alive))
  }

  private func evidence(ofOpenEnd part: Int, _ callsAct: Bool) -> EndEvidence? {
    let stay = Trace(initial: state, entries: [], loopStart: 0)
    guard
      case .open(_, let explanation) = evaluator.judge(part: part, on: stay, callsAct: callsAct)
    else { return nil }
    return EndEvidence(explanation: explanation)
  }

  private func evidence(_ question: Question, _ envelope: Envelope?) -> EndEvidence? {
    let error = entries.last?.error
    let evidence: RunEvidence
    if question == .unspecifiedReception {
      let arriving = evaluator.unspecifiedReceptions(in: state).first { message in
        (envelope == nil || envelope == message) && canArrive(message)
      }
      guard error == nil, let arriving else { return nil }
      evidence = evaluator.evidence(on: question, in: state, awaiting: arriving)
    } else {
      evidence = evaluator.evidence(on: question, in: state, error: error)
    }
    switch evidence {
    case .violation(let explanation, let untaken):
      return EndEvidence(explanation: explanation, envelope: untaken)
    case .violationUnlessReachable(let explanation): return EndEvidence(explanation: explanation)
    case .nothing where question == .specErrors:
      return standstill.map { EndEvidence(explanation: $0) }
    case .nothing, .witness, .undecidable: return nil
    }
  }

  /// Whether a message in flight can be delivered now.
  private func canArrive(_ envelope: Envelope) -> Bool {
    guard let lane = CopyLane(envelope, in: evaluator.model) else {
      return alive.networks[envelope.network].copies(of: envelope) > 0
    }
    return ways.contains { way in
      way.copies.candidates(lane, position: 0).contains { index in
        let age = now - way.copies[lane][index]
        return delay(of: envelope.network).map { age >= $0.shortest } ?? true
      }
    }
  }
}

/// Where time stands still.
extension TimedReplay {
  /// Why no time can pass and nothing can happen any more; nil where something can.
  private var standstill: String? {
    if entries.last?.error != nil { return nil }
    for way in ways {
      guard let reason = reasonAgainstTime(way) else { continue }
      let stuck = choosing(way)
      let leadsOn = evaluator.successors(of: state).contains { stuck.isChanged(by: $0.step) }
      if !leadsOn {
        return "\(reason), and no step is possible that changes anything: time stands still"
      }
    }
    return nil
  }

  private func reasonAgainstTime(_ way: Way) -> String? {
    let model = evaluator.model
    if let (instance, transition) = evaluator.urgentTransition(in: state) {
      return "'\(model.instances[instance].name).\(model.transitions[transition].name)' is urgent"
    }
    for message in state.networks.flatMap(\.messages) {
      guard let lane = CopyLane(message.envelope, in: model), let sent = way.copies[lane].first,
        let delay = delay(of: lane.network), now - sent == delay.longest
      else { continue }
      return "\(describe(message.envelope.message, in: model)) from "
        + "'\(model.instances[message.envelope.sender].name)' has to arrive at "
        + "'\(model.instances[message.envelope.receiver].name)'"
    }
    return nil
  }

  /// Whether a step is possible now that changes anything.
  private func isChanged(by step: Step) -> Bool {
    var next = self
    do throws(Failure) {
      try next.take(step, entries.count, at: now)
      if next.entries.last?.error != nil { return true }
      try next.pass(to: now, entries.count)
    } catch {
      return false
    }
    return next.state != state || next.deadlines != deadlines || next.sent != sent
      || next.ways.map(\.copies) != ways.map(\.copies)
  }
}
