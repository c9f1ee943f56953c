import LingerEval
import LingerModel

/// What a timed question looks for: the ends of runs that make its answer a violation.
struct TimedGoal {
  enum Kind {
    case property(Property)
    /// What the untimed reading says of a question, in time.
    case question(Question)
    /// The same, shown by a certain state.
    case state(State, of: Question)
    /// A state in which a part of `final` may stay false for ever, with the instance in the control
    /// state that was found and, where some are named, the same idle calls; perhaps although every
    /// application acts.
    case openEnd(OpenEnd, callsAct: Bool)
  }

  let kind: Kind
  /// Whether an error of the spec counts like a violation: what is said of all runs rests on it.
  var countsErrors = false
  private(set) var evaluator: Evaluator

  var name: String {
    switch kind {
    case .property(let property): property.name
    case .question(let question), .state(_, let question): question.name(in: evaluator.model)
    case .openEnd: Question.leftOpen.name(in: evaluator.model)
    }
  }

  /// What the end of a run that was found has to show; `isError` where it is in an ending.
  func claim(isError: Bool) -> TimedReplay.Claim {
    switch kind {
    case .property where isError: .answer(to: .specErrors, about: nil)
    case .property(let property): .violation(of: property)
    case .question(let question), .state(_, let question): .answer(to: question, about: nil)
    case .openEnd(let end, let callsAct): .openEnd(part: end.part, callsAct: callsAct)
    }
  }

  /// For each location of a graph when it is such an end.
  func ends(
    _ graph: ControlGraph,
    _ budget: Budget
  ) throws(ControlGraph.Unsupported) -> [AliveFormula] {
    if case .property(let property) = kind,
      let comparison = evaluator.model.durationComparison(in: property.body)
    {
      throw ControlGraph.Unsupported(
        reason: "'\(describe(comparison, in: evaluator.model))' compares durations; what a timed "
          + "property presumes of the parameters belongs in an 'assume'"
      )
    }
    let stop = StopCheck(budget)
    var limited = self
    limited.evaluator = Evaluator(evaluator.model, stop: stop)
    var result: [AliveFormula] = []
    for location in graph.locations {
      var location = location
      if case .state(let wanted, _) = kind { location.leaveOpen(wanted, in: graph) }
      do throws(AliveReader.Unsupported) {
        let end = try limited.end(of: location, in: graph)
        // What came out of an evaluation that was stopped is worth nothing.
        if stop.spend(16) { throw .init(reason: stop.reason ?? "stopped") }
        result.append(end.weakened { graph.isExact(clock: $0) })
      } catch {
        throw ControlGraph.Unsupported(reason: error.reason)
      }
    }
    guard asksReaching else { return result }
    // What is wanted can be reached from the others, whatever the times are.
    let wanted = result.map(\.negated)
    return zip(graph.locations, TimedProblem.relevant(graph, wanted)).map {
      .constant($0.ending == nil && !$1)
    }
  }

  /// When a run that comes to a location is such an end. Where it is asked what can be reached,
  /// only that what is wanted is not there.
  func end(
    of location: ControlGraph.Location,
    in graph: ControlGraph
  ) throws(AliveReader.Unsupported) -> AliveFormula {
    if let ending = location.ending { return end(ending, of: location) }
    switch kind {
    case .property(let property):
      let reader = AliveReader(
        evaluator: evaluator,
        property: property,
        state: location.state,
        clock: { graph.clock(of: $0) }
      )
      return try reader.formula(property.body).negated
    case .question(let question): return .constant(isEnd(location.state, question))
    case .state(let wanted, _): return .constant(location.state == wanted)
    case .openEnd(let end, let callsAct): return .constant(isOpen(location.state, end, callsAct))
    }
  }

  private func end(
    _ ending: ControlGraph.Ending,
    of location: ControlGraph.Location
  ) -> AliveFormula {
    switch kind {
    case .property: countsErrors ? location.isError : .constant(false)
    case .question(.specErrors): location.isError
    case .question(.unspecifiedReception):
      if case .untaken = ending { .constant(true) } else { .constant(false) }
    case .question: asksReaching ? .constant(true) : .constant(false)
    case .state, .openEnd: .constant(false)
    }
  }

  /// Whether nothing has to happen in a state any more, in time either, and the part is false.
  private func isOpen(_ state: State, _ end: OpenEnd, _ callsAct: Bool) -> Bool {
    let model = evaluator.model
    if state.instances.contains(where: { $0.armed.contains(true) }) { return false }
    if let instance = end.instance, !end.controls.contains(model.control(of: instance, in: state)) {
      return false
    }
    let isLimited = zip(model.networks, state.networks).contains {
      $0.hasTimeLimit && $0.discipline != .set && !$1.messages.isEmpty
    }
    if isLimited || evaluator.urgentTransition(in: state) != nil { return false }
    let stay = Trace(initial: state, entries: [], loopStart: 0)
    guard
      case .open(let found, _) = evaluator.judge(part: end.part, on: stay, callsAct: callsAct)
    else { return false }
    return end.idleCalls.isEmpty || found.idleCalls == end.idleCalls
  }

  private func isEnd(_ state: State, _ question: Question) -> Bool {
    switch question {
    // These end in an ending.
    case .specErrors, .unspecifiedReception: return false
    case .deadlock, .finalReachable, .orphanTimer, .notRestored, .leftOpen, .property: break
    }
    return switch evaluator.evidence(on: question, in: state) {
    case .violation, .violationUnlessReachable: true
    case .nothing, .witness, .undecidable: false
    }
  }

  private var asksReaching: Bool {
    guard case .question(let question) = kind else { return false }
    return question.goal(in: evaluator.model) != nil
  }

  /// Whether a graph that tells messages apart only in part has all runs that end so, and more.
  var allowsCoarse: Bool {
    let model = evaluator.model
    if case .openEnd(let end, _) = kind {
      // What may not have been sent could have to arrive, or let something happen.
      let isLost = model.networks.allSatisfy {
        !ControlGraph.canAbstract($0) || $0.loss == .unlimited
      }
      let read =
        [model.finalParts[end.part].wanted.body] + model.transitions.compactMap(\.guardCondition)
      return isLost && !read.contains(where: \.readsNetwork)
    }
    guard case .question(let question) = kind else { return true }
    let read: [Expression]
    switch question {
    case .specErrors, .unspecifiedReception: return true
    case .deadlock:
      // What may not have been sent could lead on.
      let isLost = model.networks.allSatisfy {
        !ControlGraph.canAbstract($0) || $0.loss == .unlimited
      }
      if !isLost { return false }
      read = model.final.map { [$0.body] } ?? []
    case .orphanTimer: read = model.final.map { [$0.body] } ?? []
    case .notRestored: read = model.restoration.map { [$0.body] } ?? []
    // What goes on for ever is not asked of it.
    case .finalReachable, .leftOpen: return false
    case .property(let number):
      if asksReaching { return false }
      read = [model.properties[number].body]
    }
    return !read.contains(where: \.readsNetwork)
  }
}

extension ControlGraph.Location {
  /// Takes over from a state what the location does not say of its messages: whether they were
  /// sent.
  fileprivate mutating func leaveOpen(_ wanted: State, in graph: ControlGraph) {
    for network in state.networks.indices where graph.isAbstracted[network] {
      func isTold(_ message: State.InFlight) -> Bool { graph.tracks(message.envelope) }
      let isSame =
        state.networks[network].messages.filter(isTold)
        == wanted.networks[network].messages.filter(isTold)
      // All that was sent in the wanted state may have been sent here.
      let may = Set(state.networks[network].messages.map(\.envelope))
      guard isSame, wanted.networks[network].messages.allSatisfy({ may.contains($0.envelope) })
      else { continue }
      state.networks[network].messages = wanted.networks[network].messages
    }
  }
}
