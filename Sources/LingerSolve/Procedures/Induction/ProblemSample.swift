import LingerModel

/// A timed problem at a sample of its parameters: every bound as a number and as a term.
struct ProblemSample {
  let problem: TimedProblem
  let parameterCount: Int
  private let values: [Rational]
  private let unit: TimeUnit
  /// For each location the row of each live clock; 0 is not a clock's.
  private let rows: [[Int: Int]]

  /// Nil where the bounds have no common unit in which they fit into machine words.
  init?(_ problem: TimedProblem, values: [Rational]) {
    self.problem = problem
    self.values = values
    parameterCount = values.count
    guard let unit = TimeUnit(problem, values: values) else { return nil }
    self.unit = unit
    rows = problem.locations.map { location in
      var result: [Int: Int] = [:]
      for (index, clock) in location.live.enumerated() { result[clock] = index + 1 }
      return result
    }
  }

  /// Every test reads a clock that is live where it is made, so that each has a row.
  func row(_ clock: Int, in location: Int) -> Int? { rows[location][clock] }

  func rowCount(of location: Int) -> Int { problem.locations[location].live.count + 1 }

  private func bound(_ term: LinearTerm, isStrict: Bool = false) -> SampledBound? {
    guard let units = unit.units(term, at: values) else { return nil }
    let value = isStrict ? DifferenceBounds.below(units) : DifferenceBounds.atMost(units)
    return SampledBound(value: value, term: term)
  }

  private func opposite(_ term: LinearTerm) -> SampledBound? {
    bound(-term)
  }

  var zero: SampledBound {
    SampledBound(value: DifferenceBounds.atMost(0), term: .zero(parameterCount))
  }

  /// How far two rows of the first location are apart at the start.
  func start(_ row: Int, _ column: Int) -> SampledBound? {
    bound(start(of: row) - start(of: column))
  }

  private func start(of row: Int) -> LinearTerm {
    guard row > 0, let initial = problem.initial else { return .zero(parameterCount) }
    return problem.graph.start(ofClock: problem.locations[initial].live[row - 1])
  }

  /// What is true in a location without any proof: no clock is negative, no timer is overdue.
  func facts(of location: Int) -> [BoundArc] {
    var result: [BoundArc] = []
    for row in 1..<max(1, rowCount(of: location)) {
      result.append(BoundArc(row: 0, column: row, bound: zero))
    }
    for deadline in problem.locations[location].deadlines {
      guard let row = row(deadline.clock, in: location),
        let bound = bound(deadline.bound, isStrict: deadline.isStrict)
      else { continue }
      result.append(BoundArc(row: row, column: 0, bound: bound))
    }
    return result
  }

  /// The ways in which the user's lemmas, which have been proved, can all be true in a location
  /// before a step from it.
  func presumptions(in location: Int) -> [[BoundArc]] {
    var result: [[BoundArc]] = [[]]
    for formula in problem.locations[location].refuted {
      let more = ways(formula, isTrue: false, location)
      // Presuming less is not a mistake.
      if result.count * more.count > Self.presumptionLimit { continue }
      result = result.flatMap { one in more.map { one + $0 } }
    }
    return result
  }

  private static let presumptionLimit = 16

  /// What an edge tests, and what its target demands, in terms of its source's clocks.
  func tests(of edge: TimedProblem.Edge) -> [BoundArc] {
    var result: [BoundArc] = []
    if let fires = edge.fires, let row = row(fires.clock, in: edge.source),
      let bound = opposite(fires.bound)
    {
      result.append(BoundArc(row: 0, column: row, bound: bound))
    }
    if let receives = edge.receives, let row = row(receives.clock, in: edge.source),
      let bound = bound(receives.bound, isStrict: true)
    {
      result.append(BoundArc(row: row, column: 0, bound: bound))
    }
    for test in edge.tests {
      guard let row = row(test.clock, in: edge.source) else { continue }
      if let isStrict = test.upper, let bound = bound(test.bound, isStrict: isStrict) {
        result.append(BoundArc(row: row, column: 0, bound: bound))
      }
      if let isStrict = test.lower, let bound = bound(-test.bound, isStrict: isStrict) {
        result.append(BoundArc(row: 0, column: row, bound: bound))
      }
    }
    for deadline in problem.locations[edge.target].deadlines {
      guard let bound = bound(deadline.bound, isStrict: deadline.isStrict) else { continue }
      let origin = edge.origin(of: deadline.clock)
      guard let row = origin.map({ row($0, in: edge.source) }) ?? 0 else { continue }
      result.append(BoundArc(row: row, column: 0, bound: bound))
    }
    return result
  }

  /// For each row of an edge's target the source's row that it comes from; 0 for a reset clock.
  func origins(of edge: TimedProblem.Edge) -> [Int] {
    [0]
      + problem.locations[edge.target].live.map { clock in
        edge.origin(of: clock).flatMap { row($0, in: edge.source) } ?? 0
      }
  }

  /// The ways in which the property can be false in a location, each as what it says of clocks.
  private func violations(in location: Int) -> [[BoundArc]] {
    ways(problem.locations[location].bad, isTrue: true, location)
  }

  /// The same where the user's lemmas are true.
  func presumedViolations(in location: Int) -> [[BoundArc]] {
    let violations = violations(in: location)
    return presumptions(in: location).flatMap { presumed in violations.map { presumed + $0 } }
  }

  private func ways(_ formula: AliveFormula, isTrue: Bool, _ location: Int) -> [[BoundArc]] {
    formula.alternatives(isTrue).compactMap { literals in
      var arcs: [BoundArc] = []
      for (clock, isAlive) in literals {
        guard let lifetime = problem.graph.lifetime(ofClock: clock),
          let row = row(clock, in: location)
        else {
          // It lives for ever.
          guard isAlive else { return nil }
          continue
        }
        let arc =
          isAlive
          ? bound(lifetime, isStrict: true).map { BoundArc(row: row, column: 0, bound: $0) }
          : opposite(lifetime).map { BoundArc(row: 0, column: row, bound: $0) }
        if let arc { arcs.append(arc) }
      }
      return arcs
    }
  }
}
