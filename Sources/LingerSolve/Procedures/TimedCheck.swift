import LingerDiagnostics
package import LingerModel

/// Limits of the solver's procedures.
package struct TimedOptions: Sendable {
  /// Time for one question to Z3, in milliseconds.
  package var queryMilliseconds = 20_000
  /// Steps of the longest runs that are looked at.
  package var depthLimit = 30
  /// States that the untimed reading is known to have: the control graph has at least as many
  /// locations, so a graph that is too large need not be built.
  package var knownLocations = 0
  /// Asked between questions; a reason stops the work.
  package var shouldStop: @Sendable () -> String? = { nil }

  package init() {}
}

/// What the solver says of a timed property.
package struct TimedAnswer: Sendable {
  package var result: PropertyResult
  /// The proof's obligations as one SMT-LIB 2 script, every `check-sat` of which says `unsat`.
  package var certificate: String?
  /// Where the solver contradicts the evaluator: a bug of Linger, never a verdict.
  package var internalError: String?
}

/// Decides a `timed invariant` of a model.
///
/// The verdict is about the parameter values in force; the note says whether it is true of all
/// values that the assumptions allow. First a search for a short violation with these values,
/// then a proof for all values, then one for these, then a longer search.
package func checkTimed(
  _ model: Model,
  property number: Int,
  options: TimedOptions = TimedOptions()
) -> TimedAnswer {
  let question = Question.property(number)
  func unknown(_ reason: String) -> TimedAnswer {
    TimedAnswer(result: PropertyResult(question: question, verdict: .unknown(reason: reason)))
  }
  if options.knownLocations > TimedQuestion.locationLimit {
    return unknown(
      "the control graph has at least \(options.knownLocations) locations, and the solver takes "
        + "up to \(TimedQuestion.locationLimit); ask it of a spec that leaves out what does not "
        + "matter to the timing"
    )
  }
  do {
    let prepared = try TimedQuestion(model, property: model.properties[number])
    let check = try TimedCheck(prepared, question: question, options: options)
    return try check.answer()
  } catch let error as ControlGraph.Unsupported {
    return unknown(error.reason)
  } catch let error as Z3Error {
    return unknown("Z3: \(error)")
  } catch {
    return unknown("\(error)")
  }
}

private struct TimedCheck {
  let prepared: TimedQuestion
  let question: Question
  let options: TimedOptions
  let encoder: Encoder
  let limits: SolverLimits

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
    limits = SolverLimits(timeoutMilliseconds: options.queryMilliseconds)
  }

  func answer() throws(Z3Error) -> TimedAnswer {
    if prepared.problem.initial == nil {
      return holds(note: "no run makes it false, whatever the times are", certificate: nil)
    }
    let fixed = try formulas(prepared.fixed)
    var search = try BoundedSearch(encoder)
    try search.start(assuming: fixed)
    if let early = try look(&search, upTo: Self.quickDepth) { return early }

    let general = prepared.general.map(\.formula)
    let prover = try Prover(encoder)
    if let reason = options.shouldStop() { return unknown(reason, depth: search.depth) }
    let proof = try prover.prove(assuming: try formulas(general), limits: limits)
    if case .proved(let certificate) = proof {
      return holds(
        note: try generalNote(certificate, prover),
        certificate: try script(certificate, prover, general)
      )
    }
    if let reason = options.shouldStop() { return unknown(reason, depth: search.depth) }
    let fixedProof = try prover.prove(assuming: fixed, limits: limits)
    if case .proved(let certificate) = fixedProof {
      return holds(
        note: try limitedNote(proof),
        certificate: try script(certificate, prover, prepared.fixed)
      )
    }
    if let late = try look(&search, upTo: options.depthLimit) { return late }
    let reason =
      if case .unknown(let text) = fixedProof { text } else { "a longer run violates it" }
    return unknown("no proof (\(reason)) and no violation", depth: search.depth)
  }

  private func formulas(_ parts: [ParameterFormula]) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for part in parts { result.append(try encoder.formula(part)) }
    return result
  }

  /// Searches on to a depth; the answer where a violation was found or a limit was reached.
  private func look(
    _ search: inout BoundedSearch,
    upTo depth: Int
  ) throws(Z3Error) -> TimedAnswer? {
    while search.depth <= depth {
      if let reason = options.shouldStop() { return unknown(reason, depth: search.depth) }
      switch try search.violation(limits: limits) {
      case .none: break
      case .unknown(let reason): return unknown(reason.description, depth: search.depth)
      case .run(let run):
        switch try prepared.violation(run, conditions: prepared.fixed) {
        case .success(let violation):
          return TimedAnswer(
            result: PropertyResult(question: question, verdict: .violated(violation))
          )
        case .failure(let problem):
          var answer = unknown("the violation that was found does not replay", depth: nil)
          answer.internalError =
            "\(prepared.property.name): \(problem.reason)"
          return answer
        }
      }
      if try !search.deepen() { return nil }
    }
    return nil
  }

  private func unknown(_ reason: String, depth: Int?) -> TimedAnswer {
    let reached = depth.map { "; no violation in up to \($0) steps" } ?? ""
    return TimedAnswer(
      result: PropertyResult(question: question, verdict: .unknown(reason: reason + reached))
    )
  }

  private func holds(note: String, certificate: String?) -> TimedAnswer {
    TimedAnswer(
      result: PropertyResult(question: question, verdict: .holds, note: note),
      certificate: certificate
    )
  }

  /// "holds for all msl, rto if ...", with the assumptions that the proof needs.
  private func generalNote(
    _ certificate: Certificate,
    _ prover: Prover
  ) throws(Z3Error) -> String {
    var needed = prepared.general
    var index = needed.count - 1
    while index >= 0 {
      var fewer = needed
      fewer.remove(at: index)
      let isEnough =
        try prover.check(
          certificate,
          assuming: try formulas(fewer.map(\.formula)),
          limits: limits
        ) == nil
      if isEnough { needed = fewer }
      index -= 1
    }
    let names = prepared.names.joined(separator: ", ")
    let kept = needed.map(\.name)
    return kept.isEmpty
      ? "holds for all \(names)" : "holds for all \(names) with \(kept.joined(separator: ", "))"
  }

  /// For a property that was proved for the values in force only: values for which it fails.
  private func limitedNote(_ general: Prover.Answer) throws(Z3Error) -> String {
    let here = "holds for the parameter values in force"
    guard case .refuted = general else {
      return here + "; for all values it was neither proved nor refuted"
    }
    var search = try BoundedSearch(encoder)
    try search.start(assuming: try formulas(prepared.general.map(\.formula)))
    while search.depth <= Self.quickDepth {
      if case .run(let run) = try search.violation(limits: limits) {
        let found = try prepared.violation(
          run,
          conditions: prepared.general.map(\.formula)
        )
        if case .success(let violation) = found, let timing = violation.timing {
          let values = timing.settings.map { setting in
            "\(prepared.model.parameters[setting.parameter].name) = "
              + describe(duration: setting.value)
          }
          return here + ", not for all: it fails with \(values.joined(separator: ", "))"
        }
      }
      if try !search.deepen() { break }
    }
    return here + ", not for all values"
  }

  /// The obligations of a proof as one script.
  private func script(
    _ certificate: Certificate,
    _ prover: Prover,
    _ assumptions: [ParameterFormula]
  ) throws(Z3Error) -> String {
    var text = """
      ; \(prepared.model.name): \(prepared.property.name)
      ; An inductive invariant by its obligations: every (check-sat) must answer unsat.

      """
    let obligations = try prover.obligations(certificate, assuming: try formulas(assumptions))
    for (name, formula) in obligations {
      var solver = try Solver(in: encoder.context)
      try solver.assert(formula)
      text += "; \(name)\n(reset)\n" + (try solver.script()) + "\n"
    }
    return text
  }
}
