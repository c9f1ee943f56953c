import LingerDiagnostics
package import LingerModel

/// Finds the weakest condition on the `released` parameters (and the others, which stay symbols)
/// under which a `timed invariant` holds, proves it, and shows a violation just outside.
///
/// Every other parameter keeps its symbolic default or the value that the user chose.
package func synthesize(
  _ model: Model,
  property number: Int,
  for released: [Int],
  options: TimedOptions = TimedOptions()
) -> SynthesisReport {
  func unknown(_ reason: UndecidedReason) -> SynthesisReport {
    SynthesisReport(
      property: number,
      released: released,
      outcome: .unknown(bad: .init(clauses: []), reason: reason, depth: 0)
    )
  }
  do {
    let prepared = try TimedQuestion(
      model,
      .property(model.properties[number]),
      released: released,
      options: options
    )
    var run = try Synthesis(prepared, number: number, released: released, options: options)
    return try run.report()
  } catch let error as ControlGraph.Unsupported {
    return unknown(error.reason)
  } catch let error as Z3Error {
    return unknown(options.reason(for: error))
  } catch {
    return unknown("\(error)")
  }
}

private struct Synthesis {
  private(set) var prepared: TimedQuestion
  let number: Int
  let released: [Int]
  let options: TimedOptions
  private(set) var encoder: Encoder

  init(
    _ prepared: TimedQuestion,
    number: Int,
    released: [Int],
    options: TimedOptions
  ) throws(Z3Error) {
    self.prepared = prepared
    self.number = number
    self.released = released
    self.options = options
    encoder = try Encoder(
      prepared.problem,
      names: prepared.names,
      context: try SolverContext()
    )
  }

  /// Position of the first released parameter among the duration parameters.
  private var subject: Int? {
    released.first.flatMap { prepared.parameters.numbers.firstIndex(of: $0) }
  }

  /// Throws ``Z3Error``.
  mutating func report() throws -> SynthesisReport {
    var report = SynthesisReport(
      property: number,
      released: released,
      outcome: .weakest(condition: .init(clauses: [])),
      assumptions: prepared.general.filter { !$0.isImplicit }.map(\.name)
    )
    if prepared.problem.initial == nil { return report }
    let limits = SolverLimits(resourceUnits: options.resourceUnits)
    let context = encoder.context
    let watch = InterruptWatch(context.interrupter, options.budget)
    defer { watch.end() }
    if let contradiction = try prepared.contradiction(encoder, limits: limits) {
      let reason = UndecidedReason(contradiction)
      report.outcome = .unknown(bad: .init(clauses: []), reason: reason, depth: 0)
      return report
    }
    var assumptions: [BoolTerm] = []
    for condition in prepared.general {
      assumptions.append(try encoder.formula(condition.formula))
    }
    var synthesis = ConditionSearch(
      prepared,
      encoder,
      assumptions: assumptions,
      subject: subject,
      engine: options.engine,
      limits: limits,
      budget: options.budget
    )
    // Worth having before whatever may stop the rest, and quick where there is little to look at.
    var good =
      prepared.problem.locations.count <= Self.firstProofLocations
      ? try? sufficient(assumptions, limits).region(around: prepared.values) : nil
    let answer = try synthesis.run()
    // The proof is about the problem as it is now.
    prepared = synthesis.prepared
    encoder = synthesis.encoder
    // An interrupt leaves what is known.
    if case .unknown(let cuts, _, _) = answer, !options.budget.isExhausted {
      good = (try? sufficient(assumptions, limits).withoutGrowth(cuts)) ?? good
    }
    // What follows is quick, and worth having after an interrupt too.
    watch.end()
    context.resume()
    report.hasErrors = answer.cuts.contains(where: \.isError)
    switch answer {
    case .failed(let reason):
      report.outcome = .unknown(bad: .init(clauses: []), reason: "an internal error", depth: 0)
      report.internalErrors.append("\(prepared.goal.name): \(reason)")
    case .unknown(let cuts, let depth, let reason):
      let clauses =
        cuts.count > Self.simplifiedCuts
        ? RegionSimplifier.negations(of: cuts.map(\.region))
        : try complement(of: cuts, assuming: assumptions)
      report.outcome = .unknown(bad: condition(clauses), reason: reason, depth: depth)
      report.sufficient = good.map(condition)
      report.cutCount = cuts.count
    case .weakest(let cuts, let certificate):
      let isNever = cuts.contains { $0.region.isEmpty }
      let clauses = isNever ? [[]] : try complement(of: cuts, assuming: assumptions)
      report.outcome = .weakest(condition: condition(clauses))
      report.cutCount = cuts.count
      if report.hasErrors, clauses.contains(where: \.isEmpty),
        let violation = try error(cuts, in: &report)
      {
        report.outcome = .specError(violation)
        return report
      }
      if !isNever, options.wantsCertificate {
        report.certificate = try Prover(encoder).script(
          certificate,
          title: prepared.title,
          asked: options.asked,
          conditions: prepared.general.map(\.name) + [condition(clauses).text],
          assuming: try synthesis.excluding(cuts)
        )
      }
      try addViolations(to: &report, cuts, clauses)
      report.profiles =
        ProfileTable(
          prepared: prepared,
          property: number,
          subject: subject,
          clauses: clauses,
          options: options
        ).lines()
    }
    return report
  }

  private func sufficient(
    _ assumptions: [BoolTerm],
    _ limits: SolverLimits
  ) throws(Z3Error) -> SufficientCondition {
    SufficientCondition(
      prover: try Prover(encoder),
      assumptions: assumptions,
      limits: limits,
      budget: options.budget
    )
  }

  /// Locations up to which a proof around the values in force comes first.
  private static let firstProofLocations = 300

  /// Cuts of an unfinished search, above which their complement is not made smaller: that takes
  /// longer than anybody waits who has just stopped the search.
  private static let simplifiedCuts = 16

  /// What is in no cut, for a reader.
  private func complement(
    of cuts: [ConditionSearch.Cut],
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> [[LinearConstraint]] {
    let simplifier = RegionSimplifier(encoder, assuming: assumptions)
    let clauses = try simplifier.complement(of: cuts.map(\.region))
    return try ClauseReader(simplifier, subject: subject).rewritten(clauses)
  }

  private func condition(
    _ clauses: [[LinearConstraint]]
  ) -> SynthesisReport.ParameterCondition {
    let printer = ConstraintPrinter(names: prepared.names, subject: subject)
    return SynthesisReport.ParameterCondition(
      clauses: clauses.map { clause in clause.map(printer.text) },
      words: clauses.map { clause in clause.map(printer.words).joined(separator: ", or ") }
    )
  }

  /// For each clause a run that violates the property where the clause is false.
  private func addViolations(
    to report: inout SynthesisReport,
    _ cuts: [ConditionSearch.Cut],
    _ clauses: [[LinearConstraint]]
  ) throws(Z3Error) {
    let general = prepared.general.map(\.formula)
    for (number, clause) in clauses.enumerated() {
      let outside = general + clause.map { ParameterFormula.atom($0).negated }
      let rest = clauses.indices.filter { $0 != number }.map { index in
        ParameterFormula.disjunction(clauses[index].map { .atom($0) })
      }
      // Where nothing bounds the parameter there is no nearest violation.
      var violation =
        try clause.isEmpty
        ? any(general + prepared.fixed, cuts, in: &report)
        : nearest(outside + others + rest, cuts, in: &report)
      // One for which this clause alone is false shows best what it is there for.
      for conditions in [outside + rest, outside] where violation == nil {
        violation = try any(conditions, cuts, in: &report)
      }
      guard let violation else { continue }
      report.violations.append(violation)
      report.violatedClauses.append(number)
    }
  }

  /// The parameters that are not released, at their values in force.
  private var others: [ParameterFormula] {
    let numbers = prepared.parameters.numbers
    return zip(numbers, prepared.fixed).filter { !released.contains($0.0) }.map(\.1)
  }

  /// A run that ends in an error of the spec, for the values in force if they allow it.
  private func error(
    _ cuts: [ConditionSearch.Cut],
    in report: inout SynthesisReport
  ) throws(Z3Error) -> Violation? {
    let errors = cuts.filter(\.isError)
    let general = prepared.general.map(\.formula)
    if let inForce = try any(general + prepared.fixed, errors, in: &report) { return inForce }
    return try any(general, errors, in: &report)
  }

  /// The violation with the largest first released parameter: just outside the condition.
  private func nearest(
    _ conditions: [ParameterFormula],
    _ cuts: [ConditionSearch.Cut],
    in report: inout SynthesisReport
  ) throws(Z3Error) -> Violation? {
    guard let subject else { return nil }
    var best: (value: Rational, violation: Violation)?
    for cut in cuts.prefix(Self.nearestLimit) {
      guard
        let violation = try violation(cut, conditions, maximizing: subject, in: &report),
        let value = violation.timing?.settings[subject].value
      else { continue }
      if best.map({ value > $0.value }) ?? true { best = (value, violation) }
    }
    return best?.violation
  }

  /// Cuts that are tried for the nearest violation.
  private static let nearestLimit = 40

  private func any(
    _ conditions: [ParameterFormula],
    _ cuts: [ConditionSearch.Cut],
    in report: inout SynthesisReport
  ) throws(Z3Error) -> Violation? {
    for cut in cuts {
      if let violation = try violation(cut, conditions, maximizing: nil, in: &report) {
        return violation
      }
    }
    return nil
  }

  private func violation(
    _ cut: ConditionSearch.Cut,
    _ conditions: [ParameterFormula],
    maximizing subject: Int?,
    in report: inout SynthesisReport
  ) throws(Z3Error) -> Violation? {
    var best: (value: Rational, violation: Violation)?
    for run in cut.runs {
      switch try prepared.violation(run, conditions: conditions, maximizing: subject) {
      case .success(let violation):
        guard let subject, let value = violation.timing?.settings[subject].value else {
          return violation
        }
        if best.map({ value > $0.value }) ?? true { best = (value, violation) }
      case .failure(let problem):
        if !problem.isInfeasible { report.internalErrors.append(problem.reason) }
      }
    }
    return best?.violation
  }
}
