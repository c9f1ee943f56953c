extension ParameterFormula {
  /// Whether some parameter values, none of them negative, satisfy all the formulas; nil where
  /// that takes too much to say.
  ///
  /// Every way to choose among alternatives is a system of linear constraints and is decided
  /// exactly; `systems` is how many may still be looked at.
  package static func areSatisfiable(
    _ formulas: [ParameterFormula],
    parameters count: Int,
    negativesToo: Bool = false,
    systems: inout Int
  ) -> Bool? {
    areSatisfiable(formulas.reversed(), [], count, negativesToo, &systems)
  }

  /// Rows of one system: conditions that people write need few.
  private static let rowLimit = 200

  /// Takes the formulas from the end.
  private static func areSatisfiable(
    _ formulas: [ParameterFormula],
    _ constraints: [LinearConstraint],
    _ count: Int,
    _ negativesToo: Bool,
    _ systems: inout Int
  ) -> Bool? {
    var formulas = formulas
    var constraints = constraints
    while let formula = formulas.popLast() {
      switch formula {
      case .constant(true): continue
      case .constant(false): return false
      case .atom(let constraint): constraints.append(constraint)
      case .and(let parts): formulas += parts.reversed()
      case .or(let parts):
        for part in parts {
          let answer = areSatisfiable(
            formulas + [part],
            constraints,
            count,
            negativesToo,
            &systems
          )
          if answer != false { return answer }
        }
        return false
      }
    }
    systems -= 1
    guard systems >= 0 else { return nil }
    if !negativesToo { constraints += signs(in: constraints, count) }
    // What is left mentions no parameter, and what is always true is left out.
    return
      (try? LinearElimination.eliminate(first: count, from: constraints, rowLimit: rowLimit))
      .map(\.isEmpty)
  }

  /// That no parameter with a part in the constraints is negative.
  private static func signs(
    in constraints: [LinearConstraint],
    _ count: Int
  ) -> [LinearConstraint] {
    (0..<count).filter { parameter in
      constraints.contains { $0.term.coefficients[parameter] != .zero }
    }.map { parameter in
      var term = LinearTerm.zero(count)
      term.coefficients[parameter] = Rational(-1)
      return LinearConstraint(term, .lessOrEqual)
    }
  }
}
