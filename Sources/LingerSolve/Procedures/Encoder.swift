import LingerModel

/// Says a timed problem's constraints in Z3's terms, for given terms of parameters and clocks.
///
/// Parameters have their own names, so that a saved proof can be read; every other unknown has a
/// `.` in its name, which no name of a spec has.
struct Encoder {
  let context: SolverContext
  let problem: TimedProblem
  /// One unknown for each duration parameter, in order; none where their values are given.
  let parameters: [RealTerm]
  /// What the parameters are, where the question is about given values.
  private let values: [Rational]?
  /// Unknown or number of each parameter.
  private let terms: [RealTerm]

  /// For all values of the parameters, or for given ones: numbers in the place of unknowns make
  /// a question much easier.
  init(
    _ problem: TimedProblem,
    names: [String],
    values: [Rational]? = nil,
    context: SolverContext
  ) throws(Z3Error) {
    self.context = context
    self.problem = problem
    self.values = values
    var terms: [RealTerm] = []
    for (index, name) in names.enumerated() {
      let term =
        if let values { try context.real(values[index]) } else { try context.realConstant(name) }
      terms.append(term)
    }
    self.terms = terms
    parameters = values == nil ? terms : []
  }

  func term(_ linear: LinearTerm) throws(Z3Error) -> RealTerm {
    if let values, let value = linear.value(at: values) { return try context.real(value) }
    var parts: [RealTerm] = []
    for (coefficient, parameter) in zip(linear.coefficients, terms)
    where coefficient != .zero {
      parts.append(
        coefficient == Rational(1) ? parameter : try coefficient * parameter
      )
    }
    if linear.constant != .zero || parts.isEmpty {
      parts.append(try context.real(linear.constant))
    }
    return try context.sum(parts)
  }

  func constraint(_ constraint: LinearConstraint) throws(Z3Error) -> BoolTerm {
    let zero = try context.real(0)
    let term = try term(constraint.term)
    return switch constraint.relation {
    case .less: try term < zero
    case .lessOrEqual: try term <= zero
    case .equal: try term.isEqual(to: zero)
    }
  }

  func formula(_ formula: ParameterFormula) throws(Z3Error) -> BoolTerm {
    switch formula {
    case .constant(let value): return try context.truth(value)
    case .atom(let atom): return try constraint(atom)
    case .and(let parts): return try context.conjunction(try formulas(parts))
    case .or(let parts): return try context.disjunction(try formulas(parts))
    }
  }

  private func formulas(_ parts: [ParameterFormula]) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for part in parts { result.append(try formula(part)) }
    return result
  }

  /// No timer of a location is overdue.
  func deadlines(
    of location: Int,
    _ clock: (Int) -> RealTerm
  ) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for deadline in problem.locations[location].deadlines {
      result.append(try clock(deadline.clock) <= term(deadline.bound))
    }
    return result
  }

  /// What an edge tests.
  func tests(of edge: TimedProblem.Edge, _ clock: (Int) -> RealTerm) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    if let fires = edge.fires {
      result.append(try clock(fires.clock).isEqual(to: term(fires.bound)))
    }
    if let receives = edge.receives {
      result.append(try clock(receives.clock) < term(receives.bound))
    }
    return result
  }

  /// The property is false.
  func bad(_ formula: AliveFormula, _ clock: (Int) -> RealTerm) throws(Z3Error) -> BoolTerm {
    switch formula {
    case .constant(let value):
      return try context.truth(value)
    case .alive(let number):
      guard let lifetime = problem.graph.lifetime(ofClock: number) else {
        return try context.truth(true)
      }
      return try clock(number) < term(lifetime)
    case .not(let inner):
      return try !bad(inner, clock)
    case .and(let parts):
      var terms: [BoolTerm] = []
      for part in parts { terms.append(try bad(part, clock)) }
      return try context.conjunction(terms)
    case .or(let parts):
      var terms: [BoolTerm] = []
      for part in parts { terms.append(try bad(part, clock)) }
      return try context.disjunction(terms)
    }
  }
}
