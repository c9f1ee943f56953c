import LingerModel

/// What makes a path of a timed problem a run: conditions on the delays before each of its edges
/// and at its end.
struct PathFormula {
  private(set) var constraints: [BoolTerm] = []
  /// The clocks at the end.
  private(set) var clocks: [RealTerm] = []
  /// Where the path ends; nil where the problem has no start.
  private(set) var end: Int?

  /// The conditions of a path with one delay for each edge and one for the end.
  init(_ path: [Int], delays: [RealTerm], in encoder: Encoder) throws(Z3Error) {
    let problem = encoder.problem
    let zero = try encoder.context.real(0)
    for delay in delays { constraints.append(try delay >= zero) }
    clocks = try encoder.clocksAtStart()
    guard var location = problem.initial else { return }
    for (index, delay) in delays.enumerated() {
      for clock in clocks.indices { clocks[clock] = try clocks[clock] + delay }
      constraints += try encoder.deadlines(of: location) { clocks[$0] }
      if index == path.count { break }
      let edge = problem.edges[path[index]]
      constraints += try encoder.tests(of: edge) { clocks[$0] }
      clocks = clocks.indices.map { edge.origin(of: $0).map { clocks[$0] } ?? zero }
      location = edge.target
      constraints += try encoder.deadlines(of: location) { clocks[$0] }
    }
    end = location
  }

  /// A violating run along a path; nil where the assumptions allow none.
  static func violation(
    along path: [Int],
    assuming assumptions: [BoolTerm],
    in encoder: Encoder,
    limits: SolverLimits
  ) throws(Z3Error) -> BoundedSearch.Run? {
    let answer = try answer(along: path, assuming: assumptions, in: encoder, limits: limits)
    if case .run(let run) = answer { return run }
    return nil
  }

  /// Whether there is a violating run along a path.
  static func answer(
    along path: [Int],
    assuming assumptions: [BoolTerm],
    in encoder: Encoder,
    limits: SolverLimits
  ) throws(Z3Error) -> BoundedSearch.Answer {
    var delays: [RealTerm] = []
    for index in 0...path.count {
      delays.append(try encoder.context.realConstant("delay.\(index)"))
    }
    let formula = try PathFormula(path, delays: delays, in: encoder)
    guard let end = formula.end else { return .none }
    let bad = encoder.problem.locations[end].bad
    var solver = try Solver(in: encoder.context)
    for term in assumptions + formula.constraints { try solver.assert(term) }
    try solver.assert(try encoder.bad(bad) { formula.clocks[$0] })
    switch try solver.check(limits: limits) {
    case .unsatisfiable: return .none
    case .unknown(let reason): return .unknown(reason)
    case .satisfiable:
      let literals = try encoder.literals(of: bad, in: try solver.model()) { formula.clocks[$0] }
      return literals.map { .run(BoundedSearch.Run(path: path, literals: $0)) } ?? .none
    }
  }
}
