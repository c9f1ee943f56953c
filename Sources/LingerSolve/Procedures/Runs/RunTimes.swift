import LingerModel

/// Gives a run concrete times and parameter values: whole seconds and small where possible.
struct RunTimes {
  /// Times and values, exact.
  struct Solution {
    var parameters: [Rational]
    /// When each edge is taken, and when the property is false.
    var times: [Rational]
    var end: Rational
  }

  /// A run as a problem of its own.
  let problem: TimedProblem
  /// Its steps need not come in the order of their times where it leaves that open.
  let order: RunOrder
  let names: [String]
  /// Conditions on the parameters besides those of the run.
  let conditions: [ParameterFormula]

  /// The parameter to make as large as the run allows; nil to make everything small.
  var maximized: Int?

  /// Nil where no times and values let the run happen, or none are the largest.
  func solve(_ run: BoundedSearch.Run) throws(Z3Error) -> Solution? {
    if let maximized, try isUnbounded(maximized, run) { return nil }
    if let whole = try solve(run, inWholeSeconds: true) { return whole }
    return try solve(run, inWholeSeconds: false)
  }

  private func solve(
    _ run: BoundedSearch.Run,
    inWholeSeconds: Bool
  ) throws(Z3Error) -> Solution? {
    let context = try SolverContext()
    let encoder = try Encoder(problem, names: names, context: context)
    let optimizer = try Optimizer(in: context)
    let zero = try context.real(0)
    if inWholeSeconds {
      for (index, parameter) in encoder.parameters.enumerated() {
        let whole = try context.intConstant("whole.\(index)")
        try optimizer.assert(try parameter.isEqual(to: whole.asReal()))
      }
    }
    let waits = try waits(run, encoder, inWholeSeconds: inWholeSeconds)
    for constraint in try constraints(run, waits, encoder) { try optimizer.assert(constraint) }
    let sum = try context.sum(encoder.parameters + [zero])
    let total = try context.sum(waits)
    if let maximized {
      try optimizer.minimize(try zero - encoder.parameters[maximized])
    } else {
      try optimizer.minimize(sum)
    }
    try optimizer.minimize(total)
    let units = inWholeSeconds ? Self.wholeResourceUnits : Self.resourceUnits
    guard
      case .satisfiable = try optimizer.check(limits: SolverLimits(resourceUnits: units))
    else { return nil }
    return try read(try optimizer.model(), encoder, waits)
  }

  /// Unknowns for when the steps are taken and the run ends: each after the one before, or all
  /// after the start where their order is open.
  private func waits(
    _ run: BoundedSearch.Run,
    _ encoder: Encoder,
    inWholeSeconds: Bool
  ) throws(Z3Error) -> [RealTerm] {
    var result: [RealTerm] = []
    for index in 0...run.path.count {
      let name = "delay.\(index)"
      result.append(
        inWholeSeconds
          ? try encoder.context.intConstant(name).asReal()
          : try encoder.context.realConstant(name)
      )
    }
    return result
  }

  private static let resourceUnits = 20_000_000
  /// Less for whole seconds: where there are none, branching over unbounded numbers has no end.
  private static let wholeResourceUnits = 400_000

  /// What the conditions and the run ask of parameters and waits.
  private func constraints(
    _ run: BoundedSearch.Run,
    _ waits: [RealTerm],
    _ encoder: Encoder
  ) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for condition in conditions { result.append(try encoder.formula(condition)) }
    if order == .causal {
      let moments = try [encoder.context.real(0)] + waits
      let bounds = Projection.bounds(
        problem,
        path: run.path,
        literals: run.literals,
        order: order
      )
      for bound in bounds {
        let limit = try moments[bound.earlier] + encoder.term(bound.term)
        let later = moments[bound.later]
        result.append(bound.isStrict ? try later < limit : try later <= limit)
      }
      return result
    }
    let path = try PathFormula(run.path, delays: waits, in: encoder)
    result += path.constraints
    for (clock, isAlive) in run.literals {
      let alive = try encoder.bad(.alive(clock)) { path.clocks[$0] }
      result.append(isAlive ? alive : try !alive)
    }
    return result
  }

  /// Whether a parameter may be as large as one likes. An optimizer of whole numbers would double
  /// it until its limit is reached.
  private func isUnbounded(
    _ parameter: Int,
    _ run: BoundedSearch.Run
  ) throws(Z3Error) -> Bool {
    let context = try SolverContext()
    let encoder = try Encoder(problem, names: names, context: context)
    var solver = try Solver(in: context)
    let waits = try waits(run, encoder, inWholeSeconds: false)
    for constraint in try constraints(run, waits, encoder) { try solver.assert(constraint) }
    try solver.assert(try encoder.parameters[parameter] > context.real(Self.beyondAnyBound))
    let limits = SolverLimits(resourceUnits: Self.resourceUnits)
    return try solver.check(limits: limits) == .satisfiable
  }

  /// Seconds. Bounds are sums of what a spec names, with small factors.
  private static let beyondAnyBound = 1_000_000_000_000

  private func read(
    _ model: borrowing SolverModel,
    _ encoder: Encoder,
    _ waits: [RealTerm]
  ) throws(Z3Error) -> Solution? {
    let parameters = try model.values(of: encoder.parameters)
    var times: [Rational] = []
    var now = Rational.zero
    for wait in waits {
      let value = try model.value(of: wait)
      now = order == .causal ? value : now + value
      times.append(now)
    }
    return Solution(parameters: parameters, times: Array(times.dropLast()), end: now)
  }
}
