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
  func unknown(_ reason: String) -> SynthesisReport {
    SynthesisReport(
      property: number,
      released: released,
      outcome: .unknown(bad: .init(clauses: []), reason: reason, depth: 0)
    )
  }
  do {
    let prepared = try TimedQuestion(
      model,
      property: model.properties[number],
      released: released
    )
    return try SynthesisRun(prepared, number: number, released: released, options: options)
      .report()
  } catch let error as ControlGraph.Unsupported {
    return unknown(error.reason)
  } catch let error as Z3Error {
    return unknown("Z3: \(error)")
  } catch {
    return unknown("\(error)")
  }
}

private struct SynthesisRun {
  let prepared: TimedQuestion
  let number: Int
  let released: [Int]
  let options: TimedOptions
  let encoder: Encoder

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
    released.first.flatMap { prepared.graph.parameters.numbers.firstIndex(of: $0) }
  }

  func report() throws(Z3Error) -> SynthesisReport {
    if prepared.problem.initial == nil {
      return SynthesisReport(
        property: number,
        released: released,
        outcome: .weakest(condition: .init(clauses: []))
      )
    }
    let general = prepared.general.map(\.formula)
    var assumptions: [BoolTerm] = []
    for formula in general { assumptions.append(try encoder.formula(formula)) }
    let answer = try Synthesis(
      encoder: encoder,
      assumptions: assumptions,
      limits: SolverLimits(timeoutMilliseconds: options.queryMilliseconds),
      shouldStop: options.shouldStop
    ).run()
    let simplifier = RegionSimplifier(encoder, assuming: assumptions)
    switch answer {
    case .unknown(let cuts, let depth, let reason):
      let clauses = try simplifier.complement(of: cuts.map(\.region))
      return SynthesisReport(
        property: number,
        released: released,
        outcome: .unknown(bad: condition(clauses), reason: reason, depth: depth),
        cutCount: cuts.count
      )
    case .weakest(let cuts, _):
      let isNever = cuts.contains { $0.region.isEmpty }
      let clauses = isNever ? [[]] : try simplifier.complement(of: cuts.map(\.region))
      var report = SynthesisReport(
        property: number,
        released: released,
        outcome: .weakest(condition: condition(clauses)),
        cutCount: cuts.count
      )
      try addViolations(to: &report, cuts, clauses)
      addProfiles(to: &report, clauses)
      return report
    }
  }

  private func condition(
    _ clauses: [[LinearConstraint]]
  ) -> SynthesisReport.ParameterCondition {
    let printer = ConstraintPrinter(names: prepared.names, subject: subject)
    return SynthesisReport.ParameterCondition(
      clauses: clauses.map { clause in clause.map(printer.text) }
    )
  }

  /// For each clause a run that violates the property where the clause is false.
  private func addViolations(
    to report: inout SynthesisReport,
    _ cuts: [Synthesis.Cut],
    _ clauses: [[LinearConstraint]]
  ) throws(Z3Error) {
    let general = prepared.general.map(\.formula)
    for clause in clauses {
      let outside = general + clause.map { ParameterFormula.atom($0).negated }
      var violation = try nearest(outside + others, cuts, in: &report)
      if violation == nil { violation = try any(outside, cuts, in: &report) }
      if let violation { report.violations.append(violation) }
    }
  }

  /// The parameters that are not released, at their values in force.
  private var others: [ParameterFormula] {
    let numbers = prepared.graph.parameters.numbers
    return zip(numbers, prepared.fixed).filter { !released.contains($0.0) }.map(\.1)
  }

  /// The violation with the largest first released parameter: just outside the condition.
  private func nearest(
    _ conditions: [ParameterFormula],
    _ cuts: [Synthesis.Cut],
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
    _ cuts: [Synthesis.Cut],
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
    _ cut: Synthesis.Cut,
    _ conditions: [ParameterFormula],
    maximizing subject: Int?,
    in report: inout SynthesisReport
  ) throws(Z3Error) -> Violation? {
    switch try prepared.violation(cut.run, conditions: conditions, maximizing: subject) {
    case .success(let violation): return violation
    case .failure(let problem):
      if !problem.isInfeasible { report.internalErrors.append(problem.reason) }
      return nil
    }
  }

  private func addProfiles(to report: inout SynthesisReport, _ clauses: [[LinearConstraint]]) {
    let numbers = prepared.graph.parameters.numbers
    for profile in prepared.model.profiles {
      var values = prepared.values
      for (parameter, value) in profile.values {
        guard let position = numbers.firstIndex(of: parameter), case .duration(let time) = value
        else { continue }
        values[position] = time
      }
      let formula = ParameterFormula.conjunction(
        clauses.map { clause in .disjunction(clause.map { .atom($0) }) }
      )
      report.profiles.append(
        SynthesisReport.ProfileLine(
          name: profile.name,
          settings: zip(numbers, values).map { TimedRun.Setting(parameter: $0, value: $1) },
          holds: formula.isTrue(at: values),
          margin: margin(clauses, values)
        )
      )
    }
  }

  /// How far the released parameter is above its bound, where the condition is one bound.
  private func margin(_ clauses: [[LinearConstraint]], _ values: [Rational]) -> Rational? {
    guard clauses.count == 1, clauses[0].count == 1, let subject,
      let factor = clauses[0][0].term.coefficients[subject].negated, factor != .zero,
      let value = clauses[0][0].term.value(at: values)?.negated
    else { return nil }
    return value.divided(by: factor)
  }
}
