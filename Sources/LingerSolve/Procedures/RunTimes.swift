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

  let problem: TimedProblem
  let names: [String]
  /// Conditions on the parameters besides those of the run.
  let conditions: [ParameterFormula]

  /// The parameter to make as large as the run allows; nil to make everything small.
  var maximized: Int?

  func solve(_ run: BoundedSearch.Run) throws(Z3Error) -> Solution? {
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
    for condition in conditions { try optimizer.assert(try encoder.formula(condition)) }
    if inWholeSeconds {
      for (index, parameter) in encoder.parameters.enumerated() {
        let whole = try context.intConstant("whole.\(index)")
        try optimizer.assert(try parameter.isEqual(to: whole.asReal()))
      }
    }
    var delays: [RealTerm] = []
    for index in 0...run.path.count {
      if inWholeSeconds {
        delays.append(try context.intConstant("delay.\(index)").asReal())
      } else {
        delays.append(try context.realConstant("delay.\(index)"))
      }
      try optimizer.assert(try delays[index] >= zero)
    }
    try constrain(run, delays, encoder, optimizer)
    let sum = try context.sum(encoder.parameters + [zero])
    let total = try context.sum(delays)
    if let maximized {
      try optimizer.minimize(try zero - encoder.parameters[maximized])
    } else {
      try optimizer.minimize(sum)
    }
    try optimizer.minimize(total)
    guard
      case .satisfiable = try optimizer.check(
        limits: SolverLimits(timeoutMilliseconds: Self.timeoutMilliseconds)
      )
    else { return nil }
    return try read(try optimizer.model(), encoder, delays)
  }

  private static let timeoutMilliseconds = 5_000

  private func constrain(
    _ run: BoundedSearch.Run,
    _ delays: [RealTerm],
    _ encoder: Encoder,
    _ optimizer: borrowing Optimizer
  ) throws(Z3Error) {
    let context = encoder.context
    let zero = try context.real(0)
    guard var location = problem.initial else { return }
    var clocks = [RealTerm](repeating: zero, count: problem.graph.clocks.count)
    for (index, delay) in delays.enumerated() {
      for clock in clocks.indices { clocks[clock] = try clocks[clock] + delay }
      for term in try encoder.deadlines(of: location, { clocks[$0] }) {
        try optimizer.assert(term)
      }
      if index == run.path.count { break }
      let edge = problem.edges[run.path[index]]
      for term in try encoder.tests(of: edge, { clocks[$0] }) { try optimizer.assert(term) }
      for clock in edge.resets { clocks[clock] = zero }
      location = edge.target
      for term in try encoder.deadlines(of: location, { clocks[$0] }) {
        try optimizer.assert(term)
      }
    }
    for (clock, isAlive) in run.literals {
      let alive = try encoder.bad(.alive(clock)) { clocks[$0] }
      try optimizer.assert(isAlive ? alive : !alive)
    }
  }

  private func read(
    _ model: borrowing SolverModel,
    _ encoder: Encoder,
    _ delays: [RealTerm]
  ) throws(Z3Error) -> Solution? {
    var parameters: [Rational] = []
    for parameter in encoder.parameters {
      guard let value = try model.value(of: parameter).rational else { return nil }
      parameters.append(value)
    }
    var times: [Rational] = []
    var now = Rational.zero
    for delay in delays {
      guard let value = try model.value(of: delay).rational, let next = now.adding(value) else {
        return nil
      }
      now = next
      times.append(now)
    }
    return Solution(parameters: parameters, times: Array(times.dropLast()), end: now)
  }
}

extension TimedProblem {
  /// The model's steps for a run of merged edges; nil where there are none, which is an error of
  /// the merging.
  func steps(along path: [Int]) -> [Step]? {
    var location = 0
    var steps: [Step] = []
    for number in path {
      let wanted = edges[number]
      let found = graph.edges.first { edge in
        guard edge.source == location, let target = classes[edge.target],
          target == wanted.target, edge.fires == wanted.fires, edge.receives == wanted.receives
        else { return false }
        return edge.resets.filter { locations[target].live.contains($0) } == wanted.resets
      }
      guard let found else { return nil }
      steps.append(found.step)
      location = found.target
    }
    return steps
  }
}
