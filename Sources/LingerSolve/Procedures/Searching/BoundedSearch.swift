import LingerModel

/// Looks for a run of growing length that ends with the property false.
///
/// Bounded model checking: one copy of the unknowns for each step (which location, which edge,
/// how long before it, every clock), all in one solver, so that what is learnt at one depth helps
/// at the next. The first run found has the fewest steps.
struct BoundedSearch: ~Copyable {
  /// A run: edges of the problem, and what is alive at its end.
  struct Run {
    var path: [Int]
    var literals: [(clock: Int, isAlive: Bool)]
  }

  enum Answer {
    case run(Run)
    case none
    case unknown(UnknownReason)
  }

  let encoder: Encoder
  private var solver: Solver
  private let problem: TimedProblem
  private var steps: [StepUnknowns] = []

  private struct StepUnknowns {
    /// Unknowns of the locations that can be reached in this many steps.
    var locations: [Int: BoolTerm]
    var delay: RealTerm
    /// Clocks on arrival, and after the delay.
    var arrived: [RealTerm]
    var waited: [RealTerm]
    var edges: [Int: BoolTerm] = [:]
    var bad: BoolTerm
  }

  init(_ encoder: Encoder) throws(Z3Error) {
    self.solver = try Solver(in: encoder.context)
    self.encoder = encoder
    problem = encoder.problem
  }

  /// Begins with runs of no steps.
  mutating func start(assuming assumptions: [BoolTerm]) throws(Z3Error) {
    for assumption in assumptions { try solver.assert(assumption) }
    guard let initial = problem.initial else { return }
    let first = try unknowns(step: 0, locations: [initial])
    for (clock, start) in zip(first.arrived, try encoder.clocksAtStart()) {
      try solver.assert(try clock.isEqual(to: start))
    }
    if let here = first.locations[initial] { try solver.assert(here) }
    steps.append(first)
    try assertWaiting(0)
  }

  /// Steps of the longest runs looked at.
  var depth: Int { steps.count - 1 }

  /// Excludes every run whose parameters are in a region.
  mutating func exclude(_ region: [LinearConstraint]) throws(Z3Error) {
    var negated: [BoolTerm] = []
    for constraint in region { negated.append(try !encoder.constraint(constraint)) }
    try solver.assert(try encoder.context.disjunction(negated))
  }

  /// A violating run of exactly ``depth`` steps.
  mutating func violation(limits: SolverLimits) throws(Z3Error) -> Answer {
    guard let last = steps.last else { return .none }
    switch try solver.check(assuming: [last.bad], limits: limits) {
    case .unsatisfiable: return .none
    case .unknown(let reason): return .unknown(reason)
    case .satisfiable: return .run(try decode(try solver.model()))
    }
  }

  /// Whether runs of the next length exist at all in the graph.
  mutating func deepen() throws(Z3Error) -> Bool {
    guard let last = steps.last else { return false }
    let index = steps.count - 1
    let sources = Set(last.locations.keys)
    let possible = problem.edges.indices.filter { sources.contains(problem.edges[$0].source) }
    if possible.isEmpty { return false }
    let targets = Set(possible.map { problem.edges[$0].target }).sorted()
    let next = try unknowns(step: index + 1, locations: targets)
    for number in possible {
      let edge = problem.edges[number]
      let taken = try encoder.context.boolConstant("edge.\(index).\(number)")
      steps[index].edges[number] = taken
      var effects = try encoder.tests(of: edge) { last.waited[$0] }
      if let arrival = next.locations[edge.target] { effects.append(arrival) }
      let zero = try encoder.context.real(0)
      for clock in problem.locations[edge.target].live {
        let value = edge.origin(of: clock).map { last.waited[$0] } ?? zero
        effects.append(try next.arrived[clock].isEqual(to: value))
      }
      try solver.assert(try taken.implies(try encoder.context.conjunction(effects)))
    }
    // Each location is entered by an edge, each edge leaves a location that was entered; so a run
    // can be read off backwards, whatever else the solver sets.
    for (location, here) in next.locations.sorted(by: { $0.key < $1.key }) {
      let incoming = possible.filter { problem.edges[$0].target == location }
      try solver.assert(
        try here.implies(
          try encoder.context.disjunction(incoming.compactMap { steps[index].edges[$0] })
        )
      )
    }
    for number in possible {
      guard let taken = steps[index].edges[number],
        let source = last.locations[problem.edges[number].source]
      else { continue }
      try solver.assert(try taken.implies(source))
    }
    steps.append(next)
    try assertWaiting(index + 1)
    return true
  }

  private func unknowns(step: Int, locations: [Int]) throws(Z3Error) -> StepUnknowns {
    let context = encoder.context
    var terms: [Int: BoolTerm] = [:]
    for location in locations {
      terms[location] = try context.boolConstant("at.\(step).\(location)")
    }
    let delay = try context.realConstant("delay.\(step)")
    var arrived: [RealTerm] = []
    var waited: [RealTerm] = []
    for clock in problem.graph.clocks.indices {
      let term = try context.realConstant("clock.\(step).\(clock)")
      arrived.append(term)
      waited.append(try term + delay)
    }
    return StepUnknowns(
      locations: terms,
      delay: delay,
      arrived: arrived,
      waited: waited,
      bad: try context.boolConstant("bad.\(step)")
    )
  }

  /// Time passes at a step as far as the deadlines let it, and the property may be false then.
  private mutating func assertWaiting(_ index: Int) throws(Z3Error) {
    let context = encoder.context
    let step = steps[index]
    try solver.assert(try step.delay >= context.real(0))
    var ways: [BoolTerm] = []
    for (location, here) in step.locations.sorted(by: { $0.key < $1.key }) {
      let inTime =
        try encoder.deadlines(of: location) { step.waited[$0] }
        + encoder.deadlines(of: location) { step.arrived[$0] }
      if !inTime.isEmpty {
        try solver.assert(try here.implies(try context.conjunction(inTime)))
      }
      let bad = problem.locations[location].bad
      if bad != .constant(false) {
        ways.append(try here && encoder.bad(bad) { step.waited[$0] })
      }
    }
    let holds = try ways.isEmpty ? context.truth(false) : context.disjunction(ways)
    try solver.assert(try step.bad.implies(holds))
  }

  /// Reads a run off a model, from its end to its start.
  private func decode(_ model: borrowing SolverModel) throws(Z3Error) -> Run {
    var path: [Int] = []
    guard let last = steps.last, var location = try badLocation(model) else {
      return Run(path: [], literals: [])
    }
    let bad = problem.locations[location].bad
    let literals = try encoder.literals(of: bad, in: model) { last.waited[$0] } ?? []
    for step in steps.dropLast().reversed() {
      for (number, term) in step.edges.sorted(by: { $0.key < $1.key })
      where problem.edges[number].target == location {
        if try model.value(of: term) {
          path.append(number)
          location = problem.edges[number].source
          break
        }
      }
    }
    return Run(path: path.reversed(), literals: literals)
  }

  private func badLocation(_ model: borrowing SolverModel) throws(Z3Error) -> Int? {
    guard let last = steps.last else { return nil }
    for (location, here) in last.locations.sorted(by: { $0.key < $1.key }) {
      let isBad = try here && encoder.bad(problem.locations[location].bad) { last.waited[$0] }
      if try model.value(of: isBad) { return location }
    }
    return nil
  }
}

extension AliveFormula {
  /// A few literals that are true and make the formula true; nil where it is false.
  func witness(_ isAlive: (Int) -> Bool) -> [(clock: Int, isAlive: Bool)]? {
    switch self {
    case .constant(let value): return value ? [] : nil
    case .alive(let clock): return isAlive(clock) ? [(clock, true)] : nil
    case .not(.alive(let clock)): return isAlive(clock) ? nil : [(clock, false)]
    case .not(.constant(let value)): return value ? nil : []
    case .not(.not(let inner)): return inner.witness(isAlive)
    case .not(.and(let parts)):
      return AliveFormula.or(parts.map { .not($0) }).witness(isAlive)
    case .not(.or(let parts)):
      return AliveFormula.and(parts.map { .not($0) }).witness(isAlive)
    case .and(let parts):
      var result: [(clock: Int, isAlive: Bool)] = []
      for part in parts {
        guard let literals = part.witness(isAlive) else { return nil }
        result += literals
      }
      return result
    case .or(let parts):
      for part in parts {
        if let literals = part.witness(isAlive) { return literals }
      }
      return nil
    }
  }
}
