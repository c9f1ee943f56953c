import LingerDiagnostics
package import LingerModel

/// Limits of the solver's procedures.
package struct TimedOptions: Sendable {
  /// Z3's own unit of work for one question: the same question stops at the same place everywhere.
  package var resourceUnits = 200_000_000
  /// Locations of the control graph, above which the question is not taken on.
  package var locationLimit = 5_000
  /// Steps of the longest runs that are looked at.
  package var depthLimit = 30
  /// States that the untimed reading is known to have: the control graph has at least as many
  /// locations, so a graph that is too large need not be built.
  package var knownLocations = 0
  /// Properties, by number, that are proved first and that proofs may then presume.
  package var lemmas: [Int] = []
  /// What decides for the values in force; the answers must not depend on it.
  package var engine = TimedEngine.automatic
  /// Whether a proof is also wanted as text, which takes time to write.
  package var wantsCertificate = true
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
/// values that the assumptions allow. Zones decide the values in force, then a proof for all values
/// is tried. Where there are too many zones: a search for a short violation, the proofs for all
/// values and for these, a longer search.
package func checkTimed(
  _ model: Model,
  property number: Int,
  options: TimedOptions = TimedOptions()
) -> TimedAnswer {
  let question = Question.property(number)
  func unknown(_ reason: String) -> TimedAnswer {
    TimedAnswer(result: PropertyResult(question: question, verdict: .unknown(reason: reason)))
  }
  if options.knownLocations > options.locationLimit {
    return unknown(
      "the control graph has at least \(options.knownLocations) locations, and the solver takes "
        + "up to \(options.locationLimit); ask it of a spec that leaves out what does not matter "
        + "to the timing, or raise --location-limit"
    )
  }
  do {
    let prepared = try TimedQuestion(
      model,
      property: model.properties[number],
      options: options
    )
    let check = try TimedCheck(prepared, question: question, options: options)
    let shouldStop = options.shouldStop
    let watch = InterruptWatch(check.encoder.context.interrupter) { shouldStop() != nil }
    defer { watch.end() }
    return try check.answer()
  } catch let error as ControlGraph.Unsupported {
    return unknown(error.reason)
  } catch let error as Z3Error {
    return unknown(options.reason(for: error))
  } catch {
    return unknown("\(error)")
  }
}

extension TimedOptions {
  /// Why there is no answer where Z3 has failed, or was stopped.
  func reason(for error: Z3Error) -> String {
    switch error {
    case .interrupted: shouldStop() ?? "\(error)"
    case .libraryMissing, .versionMismatch: "\(error)"
    case .failure, .irrational, .unsupportedSort: "Z3: \(error)"
    }
  }

  /// Why there is no answer where Z3 gives none.
  func reason(for reason: UnknownReason) -> String {
    guard reason == .interrupted else { return "\(reason)" }
    return shouldStop() ?? "\(reason)"
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
    limits = SolverLimits(resourceUnits: options.resourceUnits)
  }

  func answer() throws(Z3Error) -> TimedAnswer {
    if prepared.problem.initial == nil {
      return holds(note: "no run makes it false, whatever the times are", certificate: nil)
    }
    if let contradiction = try prepared.contradiction(encoder, limits: limits) {
      return unknown(contradiction, depth: nil)
    }
    // A proof for all values that satisfy the conditions would say nothing of others.
    let broken = prepared.general.first { !$0.formula.isTrue(at: prepared.values) }
    if let broken {
      return unknown("the values in force do not satisfy '\(broken.name)'", depth: nil)
    }
    let encoderInForce = try Encoder(
      prepared.problem,
      names: prepared.names,
      values: prepared.values,
      context: encoder.context
    )
    switch options.engine {
    case .automatic:
      if let answer = try answerByZones(encoderInForce) { return answer }
      return try answerBySolver(encoderInForce)
    case .zones:
      let answer = try answerByZones(encoderInForce)
      return answer ?? unknown("the zones do not decide it", depth: nil)
    case .spacer, .induction:
      return try answerBySolver(encoderInForce)
    }
  }

  /// Nil where there are too many zones.
  private func answerByZones(_ encoderInForce: Encoder) throws(Z3Error) -> TimedAnswer? {
    guard
      var zones = ZoneSearch(prepared.problem, values: prepared.values, limit: Self.zoneLimit)
    else { return nil }
    switch zones.answer(shouldStop: options.shouldStop) {
    case .violated(let run): return try violated(run)
    case .holds(let reachable):
      return try holdsInForce(reachable, zones.unitsPerSecond, encoderInForce)
    case .unknown: return nil
    }
  }

  /// The property holds for the values in force; whether for all, and a proof of it.
  private func holdsInForce(
    _ zones: [[DifferenceBounds]],
    _ unitsPerSecond: Int,
    _ encoderInForce: Encoder
  ) throws(Z3Error) -> TimedAnswer {
    do throws(Z3Error) {
      let note: String
      switch try general() {
      case .proved(let answer): return answer
      case .notProved(let text): note = text
      }
      guard zones.reduce(0, { $0 + $1.count }) <= Self.certifiedZones else {
        return holds(note: note, certificate: nil)
      }
      let proverInForce = try Prover(encoderInForce)
      let certificate = try proverInForce.certificate(zones, unitsPerSecond: unitsPerSecond)
      if let failure = try proverInForce.check(certificate, assuming: [], limits: limits) {
        var answer = unknown("the proof that was found does not check", depth: nil)
        answer.internalError = "\(prepared.property.name): \(failure) of the zones fails"
        return answer
      }
      return holds(
        note: note,
        certificate: try script(certificate, proverInForce, prepared.inForce)
      )
    } catch {
      // What was decided before an interrupt is kept.
      guard error == .interrupted else { throw error }
      return holds(note: Self.heldInForce + Self.undecidedForAll, certificate: nil)
    }
  }

  /// Zones that are explored before the solver is asked instead.
  private static let zoneLimit = 50_000
  /// Zones whose invariant is small enough to be checked and saved.
  private static let certifiedZones = 2_000

  /// The answer where there are too many zones.
  private func answerBySolver(_ encoderInForce: Encoder) throws(Z3Error) -> TimedAnswer {
    var search = try BoundedSearch(encoderInForce)
    try search.start(assuming: [])
    if let early = try look(&search, upTo: Self.quickDepth) { return early }

    if let reason = options.shouldStop() { return unknown(reason, depth: search.depth) }
    let note: String
    switch try general() {
    case .proved(let answer): return answer
    case .notProved(let text): note = text
    }
    if let reason = options.shouldStop() { return unknown(reason, depth: search.depth) }
    let proverInForce = try Prover(encoderInForce)
    let proofInForce = try prove(proverInForce, assuming: [])
    if case .proved(let certificate) = proofInForce {
      return holds(
        note: note,
        certificate: try script(certificate, proverInForce, prepared.inForce)
      )
    }
    if let late = try look(&search, upTo: options.depthLimit) { return late }
    let reason =
      if case .unknown(let text) = proofInForce { text } else { "a longer run violates it" }
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
      case .unknown(let reason):
        return unknown(options.reason(for: reason), depth: search.depth)
      case .run(let run): return try violated(run)
      }
      if try !search.deepen() { return nil }
    }
    return nil
  }

  private func violated(_ run: BoundedSearch.Run) throws(Z3Error) -> TimedAnswer {
    switch try prepared.violation(run, conditions: prepared.fixed) {
    case .success(let violation):
      return TimedAnswer(
        result: PropertyResult(question: question, verdict: .violated(violation))
      )
    case .failure(let problem):
      var answer = unknown("the violation that was found does not replay", depth: nil)
      answer.internalError = "\(prepared.property.name): \(problem.reason)"
      return answer
    }
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

  /// "holds for all values of msl and rto; needs ...", with the conditions that the proof needs.
  private func generalNote(_ needed: [TimedQuestion.Condition]) -> String {
    let bound = needed.compactMap(\.equated)
    let free = prepared.names.indices.filter { !bound.contains($0) }.map { prepared.names[$0] }
    let kept = needed.filter { !$0.isImplicit }.map(\.name)
    var sentence = "holds"
    if !free.isEmpty { sentence += " for all values of \(enumerated(free))" }
    let finite = prepared.finiteSettings
    if !finite.isEmpty { sentence += " with \(enumerated(finite))" }
    return kept.isEmpty ? sentence : "\(sentence); needs \(enumerated(kept))"
  }

  /// What is known of all values that the conditions allow.
  private enum General {
    case proved(TimedAnswer)
    case notProved(note: String)
  }

  private func general() throws(Z3Error) -> General {
    guard options.engine != .zones else { return .notProved(note: Self.heldInForce) }
    let others = OtherValues(encoder: encoder, limits: limits, shouldStop: options.shouldStop)
    let assumptions = try formulas(prepared.general.map(\.formula))
    if let found = try others.violation(assuming: assumptions),
      let example = try example(of: found.run)
    {
      return .notProved(note: "\(Self.heldInForce), not for all: it fails with \(example)")
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
        shouldStop: options.shouldStop
      )
      return .proved(
        holds(
          note: generalNote(proof.needed.map { general[$0] }),
          certificate: try script(proof.certificate, prover, general)
        )
      )
    case .refuted(let run):
      let known = try example(of: run).map { ": it fails with \($0)" } ?? " values"
      return .notProved(note: "\(Self.heldInForce), not for all\(known)")
    case .unknown: return .notProved(note: Self.heldInForce + Self.undecidedForAll)
    }
  }

  private func prove(
    _ prover: Prover,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> Prover.Answer {
    let isLarge = prepared.problem.locations.count > Self.spacerLocations
    return try prover.prove(
      by: options.engine == .automatic && isLarge ? .induction : options.engine,
      assuming: assumptions,
      limits: limits,
      shouldStop: options.shouldStop
    )
  }

  private static let heldInForce = "holds for the parameter values in force"
  private static let undecidedForAll = "; for all values it was neither proved nor refuted"
  /// Locations above which Spacer is left out: about what it decides in a minute.
  private static let spacerLocations = 300

  /// Small values for which a run violates the property.
  private func example(of run: BoundedSearch.Run) throws(Z3Error) -> String? {
    let found = try prepared.violation(run, conditions: prepared.general.map(\.formula))
    guard case .success(let violation) = found, let timing = violation.timing else { return nil }
    let values = timing.settings.map { setting in
      "\(prepared.model.parameters[setting.parameter].name) = \(seconds(setting.value))"
    }
    return values.joined(separator: ", ")
  }

  private func script(
    _ certificate: Certificate,
    _ prover: Prover,
    _ conditions: [TimedQuestion.Condition]
  ) throws(Z3Error) -> String? {
    guard options.wantsCertificate else { return nil }
    return try prover.script(
      certificate,
      title: prepared.title,
      conditions: conditions.map(\.name),
      assuming: try formulas(conditions.map(\.formula))
    )
  }
}
