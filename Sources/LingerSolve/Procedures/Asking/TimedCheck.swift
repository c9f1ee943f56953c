import LingerDiagnostics
package import LingerModel

/// Decides a `timed invariant` of a model.
///
/// The verdict is about the parameter values in force; the note says whether it is true of all
/// values that the assumptions allow. Zones decide the values in force, then a proof for all values
/// is tried. Where there are too many zones: a search for a short violation, the proofs for all
/// values and for these, a longer search. `graphs` are those of the model.
package func checkTimed(
  _ model: Model,
  property number: Int,
  options: TimedOptions = TimedOptions(),
  graphs: ControlGraphs = ControlGraphs()
) -> TimedAnswer {
  let question = Question.property(number)
  func unknown(_ reason: UndecidedReason) -> TimedAnswer {
    TimedAnswer(result: PropertyResult(question: question, verdict: .unknown(reason: reason)))
  }
  do {
    let kind = TimedGoal.Kind.property(model.properties[number])
    let first = try answer(model, kind, question, countsErrors: true, options, graphs)
    guard let error = first.specError else { return first }
    // A violation on a run that no error cuts off is one all the same.
    var rest = try answer(model, kind, question, countsErrors: false, options, graphs)
    rest.specError = error
    if case .holds = rest.result.verdict {
      rest.result = first.result
      rest.certificate = nil
    }
    return rest
  } catch let error as ControlGraph.Unsupported {
    return unknown(error.reason)
  } catch let error as Z3Error {
    return unknown(options.reason(for: error))
  } catch {
    return unknown("\(error)")
  }
}

/// What a run in time says of a question that the untimed reading has answered, for the parameter
/// values in force alone.
///
/// *Holds* where no run in time shows what the untimed one did, or none comes to `state` where that
/// is what shows it.
func answerInTime(
  _ model: Model,
  _ question: Question,
  in state: State? = nil,
  _ options: TimedOptions,
  _ graphs: ControlGraphs
) -> TimedAnswer {
  let kind = state.map { TimedGoal.Kind.state($0, of: question) } ?? .question(question)
  return answerInTime(model, kind, question, options, graphs)
}

/// The same, of what may be known of the end that is looked for.
func answerInTime(
  _ model: Model,
  _ kind: TimedGoal.Kind,
  _ question: Question,
  _ options: TimedOptions,
  _ graphs: ControlGraphs
) -> TimedAnswer {
  var options = options
  options.engine = .zones
  options.wantsCertificate = false
  options.lemmas = []
  do {
    return try answer(model, kind, question, countsErrors: false, options, graphs)
  } catch {
    let reason: UndecidedReason =
      switch error {
      case let error as ControlGraph.Unsupported: error.reason
      case let error as Z3Error: options.reason(for: error)
      default: "\(error)"
      }
    return TimedAnswer(
      result: PropertyResult(question: question, verdict: .unknown(reason: reason))
    )
  }
}

private func answer(
  _ model: Model,
  _ kind: TimedGoal.Kind,
  _ question: Question,
  countsErrors: Bool,
  _ options: TimedOptions,
  _ graphs: ControlGraphs
) throws -> TimedAnswer {
  if let models = try Beginnings(of: model).models {
    var options = options
    options.wantsCertificate = false
    let answers = try models.map { model in
      try LingerSolve.answer(
        model,
        kind,
        question,
        countsErrors: countsErrors,
        options,
        ControlGraphs()
      )
    }
    return Beginnings.joined(answers, of: question)
  }
  let prepared = try TimedQuestion(
    model,
    kind,
    countsErrors: countsErrors,
    options: options,
    graphs: graphs
  )
  var check = try TimedCheck(prepared, question: question, options: options)
  let watch = InterruptWatch(check.encoder.context.interrupter, options.budget)
  defer { watch.end() }
  var answer = try check.answer()
  answer.refinements = check.refinements
  return answer
}

private struct TimedCheck {
  private(set) var prepared: TimedQuestion
  let question: Question
  let options: TimedOptions
  private(set) var encoder: Encoder
  let limits: SolverLimits
  private(set) var refinements = 0

  /// Depth of the first, quick search.
  private static let quickDepth = 12

  init(
    _ prepared: TimedQuestion,
    question: Question,
    options: TimedOptions
  ) throws(Z3Error) {
    self.prepared = prepared
    self.question = question
    self.options = options
    encoder = try Encoder(
      prepared.problem,
      names: prepared.names,
      context: try SolverContext()
    )
    limits = SolverLimits(resourceUnits: options.resourceUnits)
  }

  /// Every step of it throws ``Z3Error`` and ``ControlGraph/Unsupported``.
  mutating func answer() throws -> TimedAnswer {
    if let answer = unreachable { return answer }
    if let contradiction = try prepared.contradiction(encoder, limits: limits) {
      return unknown(UndecidedReason(contradiction), depth: nil)
    }
    // A proof for all values that satisfy the conditions would say nothing of others.
    let broken = prepared.general.first { !$0.formula.isTrue(at: prepared.values) }
    if let broken {
      return unknown("the values in force do not satisfy '\(broken.name)'", depth: nil)
    }
    switch options.engine {
    case .automatic:
      if let answer = try answerByZones() { return answer }
      return try answerBySolver()
    case .zones:
      let answer = try answerByZones()
      return answer ?? unknown("the zones do not decide it", depth: nil)
    case .spacer, .induction:
      return try answerBySolver()
    }
  }

  /// The answer where no location in which the property could be false can be reached.
  private var unreachable: TimedAnswer? {
    guard prepared.problem.initial == nil else { return nil }
    return holds(note: "no run makes it false, whatever the times are", certificate: nil)
  }

  /// Tells messages apart in another way from here on.
  private mutating func refine(to abstraction: MessageAbstraction) throws {
    refinements += 1
    prepared = try prepared.refined(to: abstraction)
    encoder = try Encoder(prepared.problem, names: prepared.names, context: encoder.context)
  }

  private func encoderInForce() throws(Z3Error) -> Encoder {
    try Encoder(
      prepared.problem,
      names: prepared.names,
      values: prepared.values,
      context: encoder.context
    )
  }

  /// What a run for the values in force is worth: an answer, or nil where the problem was refined
  /// so that it has no such run.
  private mutating func answer(_ run: BoundedSearch.Run) throws -> TimedAnswer? {
    switch try concretize(run) {
    case .exact(let exact): return try violated(exact)
    case .stopped(let reason): return unknown(reason, depth: nil)
    case .contradiction(let reason): return contradicted(reason)
    case .spurious(let abstraction):
      try refine(to: abstraction)
      return nil
    }
  }

  /// Nil where there are too many zones.
  private mutating func answerByZones() throws -> TimedAnswer? {
    while true {
      if let answer = unreachable { return answer }
      guard
        var zones = ZoneSearch(prepared.problem, values: prepared.values, limit: Self.zoneLimit)
      else { return nil }
      switch zones.answer(budget: options.budget) {
      case .violated(let run):
        if let answer = try answer(run) { return answer }
      case .holds(let reachable): return try holdsInForce(reachable, zones.unitsPerSecond)
      case .unknown:
        if let reason = options.budget.exhaustion { return unknown(reason, depth: nil) }
        return nil
      }
    }
  }

  /// The property holds for the values in force; whether for all, and a proof of it.
  private mutating func holdsInForce(
    _ zones: [[DifferenceBounds]],
    _ unitsPerSecond: Int
  ) throws -> TimedAnswer {
    do {
      let inForce = try encoderInForce()
      let note: String
      switch try general() {
      case .decided(let answer): return answer
      case .notProved(let text): note = text
      }
      guard zones.reduce(0, { $0 + $1.count }) <= Self.certifiedZones else {
        return holds(note: note, certificate: nil)
      }
      let prover = try Prover(inForce)
      let certificate = try prover.certificate(zones, unitsPerSecond: unitsPerSecond)
      if let failure = try prover.check(certificate, assuming: [], limits: limits) {
        var answer = unknown("the proof that was found does not check", depth: nil)
        answer.internalError = "\(prepared.goal.name): \(failure) of the zones fails"
        return answer
      }
      return holds(
        note: note,
        certificate: try script(certificate, prover, prepared.inForce)
      )
    } catch Z3Error.interrupted {
      // What was decided before an interrupt is kept.
      return holds(note: Self.heldInForce + Self.undecidedForAll, certificate: nil)
    }
  }

  /// Zones that are explored before the solver is asked instead.
  private static let zoneLimit = 100_000
  /// Zones whose invariant is small enough to be checked and saved.
  private static let certifiedZones = 2_000

  /// The answer where there are too many zones.
  private mutating func answerBySolver() throws -> TimedAnswer {
    var depth = 0
    if let early = try look(upTo: Self.quickDepth, from: &depth) { return early }

    if let reason = options.budget.exhaustion { return unknown(reason, depth: depth) }
    let note: String
    switch try general() {
    case .decided(let answer): return answer
    case .notProved(let text): note = text
    }
    while true {
      if let reason = options.budget.exhaustion { return unknown(reason, depth: depth) }
      let prover = try Prover(encoderInForce())
      let proof = try prove(prover, assuming: [])
      let reason: UndecidedReason
      switch proof {
      case .proved(let certificate):
        return holds(note: note, certificate: try script(certificate, prover, prepared.inForce))
      case .refuted(let run):
        switch try concretize(run) {
        case .spurious(let abstraction):
          try refine(to: abstraction)
          continue
        case .contradiction(let reason): return contradicted(reason)
        // One that the model has need not be a shortest.
        case .exact, .stopped: reason = "a longer run violates it"
        }
      case .lemmaRefuted(let number, let run):
        if let answer = try lemmaRefuted(number, run, assuming: prepared.fixed) { return answer }
        continue
      case .unknown(let text): reason = text
      }
      if let late = try look(upTo: options.depthLimit, from: &depth) { return late }
      return unknown(reason.worded("no proof (\(reason)) and no violation"), depth: depth)
    }
  }

  /// What a run for the values in force stands for.
  private func concretize(_ run: BoundedSearch.Run) throws -> RunCheck.Concretization {
    try prepared.check(encoder, assuming: try formulas(prepared.fixed), limits: limits)
      .concretize(run)
  }

  private func formulas(_ parts: [ParameterFormula]) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for part in parts { result.append(try encoder.formula(part)) }
    return result
  }

  /// Searches on to a depth; the answer where a violation was found or a limit was reached.
  private mutating func look(upTo limit: Int, from depth: inout Int) throws -> TimedAnswer? {
    while true {
      if let answer = unreachable { return answer }
      var search = try BoundedSearch(encoderInForce())
      try search.start(assuming: [])
      var found: BoundedSearch.Run?
      while search.depth <= limit, found == nil {
        if let reason = options.budget.exhaustion { return unknown(reason, depth: depth) }
        // What has no violation up to a depth has none when it is told apart better.
        if search.depth >= depth {
          switch try search.violation(limits: limits) {
          case .none: break
          case .unknown(let reason): return unknown(options.reason(for: reason), depth: depth)
          case .run(let run):
            found = run
            continue
          }
        }
        depth = max(depth, search.depth)
        if try !search.deepen() { return nil }
      }
      guard let run = found else { return nil }
      if let answer = try answer(run) { return answer }
    }
  }

  private func violated(_ run: ExactRun) throws(Z3Error) -> TimedAnswer {
    switch try prepared.violation(run, conditions: prepared.fixed) {
    case .success(let violation) where isError(run):
      let reason: UndecidedReason =
        "an error of the spec can be reached in time, and runs through it were not followed"
      var answer = unknown(reason, depth: nil)
      answer.specError = violation
      return answer
    case .success(let violation):
      return TimedAnswer(
        result: PropertyResult(question: question, verdict: .violated(violation))
      )
    case .failure(let problem): return contradicted(problem.reason)
    }
  }

  /// Whether a run ends in an error of the spec where that is not what was asked for.
  private func isError(_ run: ExactRun) -> Bool {
    prepared.goal.countsErrors && run.problem.endsInError(run.run.path)
  }

  /// The answer where the solver and the evaluator contradict each other.
  private func contradicted(_ reason: String) -> TimedAnswer {
    var answer = unknown("the violation that was found does not replay", depth: nil)
    answer.internalError = "\(prepared.goal.name): \(reason)"
    return answer
  }

  /// The answer where a lemma is false on a run; nil where the model has no such run and the
  /// problem was refined.
  private mutating func lemmaRefuted(
    _ number: Int,
    _ run: BoundedSearch.Run,
    assuming conditions: [ParameterFormula]
  ) throws -> TimedAnswer? {
    let lemma = prepared.lemmas[number]
    let check = prepared.check(
      encoder,
      lemma: number,
      assuming: try formulas(conditions),
      limits: limits
    )
    switch try check.concretize(run) {
    case .exact:
      return unknown("the lemma '\(lemma.name)' fails for some parameter values", depth: nil)
    case .stopped(let reason): return unknown(reason, depth: nil)
    case .contradiction(let reason): return contradicted(reason)
    case .spurious(let abstraction):
      try refine(to: abstraction)
      return nil
    }
  }

  private func unknown(_ reason: UndecidedReason, depth: Int?) -> TimedAnswer {
    let reached = depth.map { "; no violation in up to \($0) steps" } ?? ""
    return TimedAnswer(
      result: PropertyResult(
        question: question,
        verdict: .unknown(reason: reason.worded("\(reason)\(reached)"))
      )
    )
  }

  private func holds(note: String, certificate: String?) -> TimedAnswer {
    TimedAnswer(
      result: PropertyResult(question: question, verdict: .holds, note: note),
      certificate: certificate
    )
  }

  /// "holds for all values of msl and rto; needs ...; proved with ...", with the conditions that a
  /// proof rests on: `needed` are those without which the property fails.
  private func generalNote(
    _ conditions: [TimedQuestion.Condition],
    needed: [TimedQuestion.Condition]
  ) -> String {
    let bound = conditions.compactMap(\.equated)
    let free = prepared.names.indices.filter { !bound.contains($0) }.map { prepared.names[$0] }
    var sentence = "holds"
    if !free.isEmpty { sentence += " for all values of \(enumerated(free))" }
    let finite = prepared.finiteSettings
    if !finite.isEmpty { sentence += " with \(enumerated(finite))" }
    let names = needed.map(\.name)
    let others = conditions.map(\.name).filter { !names.contains($0) }
    if !names.isEmpty { sentence += "; needs \(enumerated(names))" }
    if !others.isEmpty { sentence += "; proved with \(enumerated(others))" }
    return sentence
  }

  /// Which of the conditions that a proof rests on the property needs: a run of the model violates
  /// it for values that satisfy all the others.
  private func needed(of conditions: [Int]) throws -> [Int] {
    let all = prepared.general.map(\.formula)
    let others = OtherValues(encoder: encoder, limits: limits, budget: options.budget)
    return try conditions.filter { condition in
      let rest = try formulas(all.indices.filter { $0 != condition }.map { all[$0] })
      guard let found = try others.violation(assuming: rest) else { return false }
      let check = prepared.check(encoder, assuming: rest, limits: limits)
      if case .exact = try check.concretize(found.run) { return true }
      return false
    }
  }

  /// What is known of all values that the conditions allow.
  private enum General {
    case decided(TimedAnswer)
    case notProved(note: String)
  }

  private mutating func general() throws -> General {
    guard options.engine != .zones else { return .notProved(note: Self.heldInForce) }
    while true {
      do {
        if let found = try tryGeneral() { return found }
      } catch is ControlGraph.Unsupported {
        // What holds for the values in force is known, and a finer graph would be too large.
        return .notProved(note: Self.heldInForce + Self.undecidedForAll)
      }
    }
  }

  /// Nil where the problem was refined.
  private mutating func tryGeneral() throws -> General? {
    let others = OtherValues(encoder: encoder, limits: limits, budget: options.budget)
    let assumptions = try formulas(prepared.general.map(\.formula))
    if let found = try others.violation(assuming: assumptions) {
      return try general(found.run, assumptions)
    }
    let prover = try Prover(encoder)
    switch try prove(prover, assuming: assumptions) {
    case .proved(let certificate):
      let general = prepared.general
      let proof = try prover.sparing(
        certificate,
        of: assumptions,
        optional: general.indices.filter { !general[$0].isImplicit },
        limits: limits,
        budget: options.budget
      )
      let kept = proof.needed.filter { !general[$0].isImplicit }
      let needed = try needed(of: kept)
      return .decided(
        holds(
          note: generalNote(kept.map { general[$0] }, needed: needed.map { general[$0] }),
          certificate: try script(proof.certificate, prover, general)
        )
      )
    case .refuted(let run): return try general(run, assumptions)
    case .lemmaRefuted(let number, let run):
      let conditions = prepared.general.map(\.formula)
      let answer = try lemmaRefuted(number, run, assuming: conditions)
      return answer == nil ? nil : .notProved(note: Self.heldInForce + Self.undecidedForAll)
    case .unknown: return .notProved(note: Self.heldInForce + Self.undecidedForAll)
    }
  }

  /// What a violation for some of the values says; nil where the problem was refined.
  private mutating func general(
    _ run: BoundedSearch.Run,
    _ assumptions: [BoolTerm]
  ) throws -> General? {
    let check = prepared.check(encoder, assuming: assumptions, limits: limits)
    switch try check.concretize(run) {
    case .stopped: return .notProved(note: Self.heldInForce + Self.undecidedForAll)
    case .contradiction(let reason): return .decided(contradicted(reason))
    case .spurious(let abstraction):
      try refine(to: abstraction)
      return nil
    case .exact(let exact):
      switch try prepared.violation(exact, conditions: prepared.general.map(\.formula)) {
      case .success(let violation):
        let failure = isError(exact) ? "an error of the spec is reached" : "it fails"
        let known = example(violation).map { ": \(failure) with \($0)" } ?? " values"
        return .notProved(note: "\(Self.heldInForce), not for all\(known)")
      case .failure(let problem):
        if !problem.isInfeasible { return .decided(contradicted(problem.reason)) }
        return .notProved(note: "\(Self.heldInForce), not for all values")
      }
    }
  }

  private func prove(
    _ prover: Prover,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> Prover.Answer {
    try prover.prove(
      by: options.engine,
      assuming: assumptions,
      limits: limits,
      budget: options.budget
    )
  }

  private static let heldInForce = "holds for the parameter values in force"
  private static let undecidedForAll = "; for all values it was neither proved nor refuted"

  /// The parameter values of a violation.
  private func example(_ violation: Violation) -> String? {
    violation.timing?.settings.map { setting in
      "\(prepared.model.parameters[setting.parameter].name) = \(seconds(setting.value))"
    }.joined(separator: ", ")
  }

  private func script(
    _ certificate: InductiveInvariant,
    _ prover: Prover,
    _ conditions: [TimedQuestion.Condition]
  ) throws(Z3Error) -> String? {
    guard options.wantsCertificate else { return nil }
    return try prover.script(
      certificate,
      title: prepared.title,
      asked: options.asked,
      conditions: conditions.map(\.name),
      assuming: try formulas(conditions.map(\.formula))
    )
  }
}
