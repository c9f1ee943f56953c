import LingerModel

/// Says a timed problem's constraints in Z3's terms, for given terms of parameters and clocks.
///
/// Parameters have their own names, so that a saved proof can be read; every other unknown has a
/// `.` in its name, which no name of a spec has.
struct Encoder {
  let context: SolverContext
  private(set) var problem: TimedProblem
  /// One unknown for each duration parameter, in order; none where their values are given.
  let parameters: [RealTerm]
  /// What the parameters are, where the question is about given values.
  let values: [Rational]?
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
        if let values {
          try context.real(values[index])
        } else {
          try context.realConstant(Self.symbol(name))
        }
      terms.append(term)
    }
    self.terms = terms
    parameters = values == nil ? terms : []
  }

  /// The same for one of the lemmas in the property's place.
  func asking(lemma number: Int) -> Encoder {
    var result = self
    result.problem = problem.asking(lemma: number)
    return result
  }

  /// A parameter's name as an SMT-LIB symbol: one that the language has a meaning for gets a mark,
  /// with which it is printed between bars.
  static func symbol(_ name: String) -> String {
    reservedWords.contains(name) ? "\(name)'" : name
  }

  /// Words and functions of SMT-LIB 2.6 and its theories that are also names in a spec.
  private static let reservedWords: Set<String> = [
    "abs", "and", "as", "assert", "check", "declare", "define", "distinct", "div", "divisible",
    "echo", "exists", "exit", "false", "forall", "implies", "is_int", "ite", "let", "match", "mod",
    "not", "or", "par", "pop", "push", "reset", "select", "store", "to_int", "to_real", "true",
    "xor",
  ]

  func term(_ linear: LinearTerm) throws(Z3Error) -> RealTerm {
    if let values { return try context.real(linear.value(at: values)) }
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

  /// What each clock shows at the start.
  func clocksAtStart() throws(Z3Error) -> [RealTerm] {
    var result: [RealTerm] = []
    for clock in problem.graph.clocks.indices {
      result.append(try term(problem.graph.start(ofClock: clock)))
    }
    return result
  }

  /// Nothing is overdue in a location.
  func deadlines(
    of location: Int,
    _ clock: (Int) -> RealTerm
  ) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for deadline in problem.locations[location].deadlines {
      let value = clock(deadline.clock)
      let bound = try term(deadline.bound)
      result.append(try deadline.isStrict ? value < bound : value <= bound)
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
    for test in edge.tests {
      let value = clock(test.clock)
      let bound = try term(test.bound)
      let holds =
        switch test.relation {
        case .less: try value < bound
        case .lessOrEqual: try value <= bound
        case .equal: try value.isEqual(to: bound)
        case .greaterOrEqual: try value >= bound
        case .greater: try value > bound
        }
      result.append(holds)
    }
    return result
  }

  /// What is alive and what is not where a model makes a violation true; a few literals that do.
  func literals(
    of bad: AliveFormula,
    in model: borrowing SolverModel,
    _ clock: (Int) -> RealTerm
  ) throws(Z3Error) -> [(clock: Int, isAlive: Bool)]? {
    var alive: [Int: Bool] = [:]
    for number in bad.clocks {
      alive[number] = try model.value(of: self.bad(.alive(number), clock))
    }
    return bad.witness { alive[$0] ?? false }
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
