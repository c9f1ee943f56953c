import LingerModel

/// What is known of the good side where no exact condition was found: values for which a property
/// is proved.
struct SufficientCondition {
  let prover: Prover
  let assumptions: [BoolTerm]
  let limits: SolverLimits
  let budget: Budget

  private var encoder: Encoder { prover.encoder }

  /// Values around given ones, as far as one proof goes; nil where there is none.
  func region(around values: [Rational]) throws(Z3Error) -> [[LinearConstraint]]? {
    try induction(assumptions).region(around: values).map { region in region.map { [$0] } }
  }

  /// What is left when of each cut only the sides are taken that other cuts have too: sides that
  /// come closer and closer to something are dropped. Nil where that is not proved.
  func withoutGrowth(_ cuts: [ConditionSearch.Cut]) throws(Z3Error) -> [[LinearConstraint]]? {
    let negations = cuts.map { cut in cut.region.flatMap(\.negations) }
    var counts: [LinearConstraint: Int] = [:]
    for literal in negations.flatMap({ $0 }) { counts[literal, default: 0] += 1 }
    var clauses: [[LinearConstraint]] = []
    for negation in negations {
      let shared = negation.filter { counts[$0, default: 0] > 1 }
      let kept = shared.isEmpty ? negation : shared
      if !clauses.contains(kept) { clauses.append(kept) }
    }
    var conditions = assumptions
    for clause in clauses {
      var literals: [BoolTerm] = []
      for literal in clause { literals.append(try encoder.constraint(literal)) }
      conditions.append(try encoder.context.disjunction(literals))
    }
    var solver = try Solver(in: encoder.context)
    for condition in conditions { try solver.assert(condition) }
    guard try solver.check(limits: limits) == .satisfiable,
      case .proved = try induction(conditions).prove()
    else { return nil }
    return clauses
  }

  private func induction(_ conditions: [BoolTerm]) -> Induction {
    Induction(
      prover: prover,
      assumptions: conditions,
      limits: limits,
      budget: budget
    )
  }
}
