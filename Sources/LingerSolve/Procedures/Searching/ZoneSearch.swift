import LingerModel

/// Decides a timed problem for given parameter values, by exploring sets of clock values.
///
/// Numbers need no solver: a breadth-first search over zones ends, finds a shortest violation, and
/// otherwise leaves an inductive invariant (Alur and Dill, 1994; Behrmann and others, 2004).
struct ZoneSearch {
  enum Answer {
    /// For each location the zones that cover what is reachable there.
    case holds([[DifferenceBounds]])
    case violated(BoundedSearch.Run)
    case unknown(UndecidedReason)
  }

  /// Units of time to a second: all bounds are whole numbers of them.
  let unitsPerSecond: Int

  private let problem: TimedProblem
  private let limit: Int
  private var locations: [Location] = []
  private var edges: [Edge] = []
  private var lifetimes: [Int?] = []
  /// What the clocks that are live at the start show then.
  private var start: [Int] = []
  private var nodes: [Node] = []
  private var known: [[Int]] = []

  private struct Node {
    var location: Int
    var zone: DifferenceBounds
    /// How it was reached; nil for the start.
    var parent: (node: Int, edge: Int)?
  }

  private struct Location {
    var outgoing: [Int] = []
    /// Row of each live clock, and when its timer is due.
    var deadlines: [Deadline] = []
    var rows: [Int: Int] = [:]
    var lower: [Int?] = []
    var upper: [Int?] = []
  }

  private struct Deadline {
    var row: Int
    var bound: Int
    var isStrict: Bool

    /// What it demands of the clock, as a bound on a difference.
    var difference: Int {
      isStrict ? DifferenceBounds.below(bound) : DifferenceBounds.atMost(bound)
    }
  }

  /// A test of a clock from above or from below, strict or not.
  private struct Test {
    var row: Int
    var bound: Int
    var upper: Bool?
    var lower: Bool?
  }

  private struct Edge {
    var fires: (row: Int, bound: Int)?
    var receives: (row: Int, bound: Int)?
    var tests: [Test]
    /// The source's row of each live clock of the target; 0 for one that is reset.
    var origins: [Int]
  }

  /// Nil where the bounds have no common unit in which they fit into machine words.
  init?(_ problem: TimedProblem, values: [Rational], limit: Int) {
    self.problem = problem
    self.limit = limit
    guard let unit = TimeUnit(problem, values: values) else { return nil }
    unitsPerSecond = unit.perSecond
    guard prepare({ unit.units($0, at: values) }) else { return nil }
  }

  private mutating func prepare(_ units: (LinearTerm) -> Int?) -> Bool {
    for clock in problem.graph.clocks.indices {
      guard let lifetime = problem.graph.lifetime(ofClock: clock) else {
        lifetimes.append(nil)
        continue
      }
      guard let bound = units(lifetime) else { return false }
      lifetimes.append(bound)
    }
    for clock in problem.initial.map({ problem.locations[$0].live }) ?? [] {
      guard let value = units(problem.graph.start(ofClock: clock)) else { return false }
      start.append(value)
    }
    for location in problem.locations {
      var own = Location()
      for (index, clock) in location.live.enumerated() { own.rows[clock] = index + 1 }
      for deadline in location.deadlines {
        guard let row = own.rows[deadline.clock], let bound = units(deadline.bound) else {
          return false
        }
        own.deadlines.append(Deadline(row: row, bound: bound, isStrict: deadline.isStrict))
      }
      locations.append(own)
    }
    for (number, edge) in problem.edges.enumerated() {
      locations[edge.source].outgoing.append(number)
      let rows = locations[edge.source].rows
      func test(_ deadline: ControlGraph.Deadline) -> (row: Int, bound: Int)? {
        guard let row = rows[deadline.clock], let bound = units(deadline.bound) else { return nil }
        return (row, bound)
      }
      let fires = edge.fires.flatMap(test)
      let receives = edge.receives.flatMap(test)
      if (fires == nil) != (edge.fires == nil) || (receives == nil) != (edge.receives == nil) {
        return false
      }
      var tests: [Test] = []
      for test in edge.tests {
        guard let row = rows[test.clock], let bound = units(test.bound) else { return false }
        tests.append(Test(row: row, bound: bound, upper: test.upper, lower: test.lower))
      }
      edges.append(
        Edge(
          fires: fires,
          receives: receives,
          tests: tests,
          origins: problem.locations[edge.target].live.map { clock in
            edge.origin(of: clock).flatMap { rows[$0] } ?? 0
          }
        )
      )
    }
    findConstants()
    return true
  }
}

/// The constants that later tests compare a clock with.
extension ZoneSearch {
  private mutating func findConstants() {
    for (number, location) in problem.locations.enumerated() {
      locations[number].lower = Array(repeating: nil, count: location.live.count)
      locations[number].upper = locations[number].lower
      for deadline in locations[number].deadlines {
        raiseUpper(number, deadline.row, deadline.bound)
      }
      addConstants(of: location.bad, isPositive: true, to: number)
    }
    for (edge, own) in zip(problem.edges, edges) {
      if let fires = own.fires {
        raiseUpper(edge.source, fires.row, fires.bound)
        raiseLower(edge.source, fires.row, fires.bound)
      }
      if let receives = own.receives { raiseUpper(edge.source, receives.row, receives.bound) }
      for test in own.tests {
        if test.upper != nil { raiseUpper(edge.source, test.row, test.bound) }
        if test.lower != nil { raiseLower(edge.source, test.row, test.bound) }
      }
    }
    var incoming = [[Int]](repeating: [], count: locations.count)
    for (number, edge) in problem.edges.enumerated() { incoming[edge.target].append(number) }
    var open = Array(locations.indices)
    var isOpen = [Bool](repeating: true, count: open.count)
    while let target = open.popLast() {
      isOpen[target] = false
      for number in incoming[target] {
        let source = problem.edges[number].source
        var isRaised = false
        for (index, row) in edges[number].origins.enumerated() where row > 0 {
          if let bound = locations[target].lower[index] {
            isRaised = raiseLower(source, row, bound) || isRaised
          }
          if let bound = locations[target].upper[index] {
            isRaised = raiseUpper(source, row, bound) || isRaised
          }
        }
        if isRaised, !isOpen[source] {
          isOpen[source] = true
          open.append(source)
        }
      }
    }
  }

  private mutating func addConstants(
    of formula: AliveFormula,
    isPositive: Bool,
    to location: Int
  ) {
    switch formula {
    case .constant: break
    case .alive(let clock):
      guard let row = locations[location].rows[clock], let bound = lifetimes[clock] else { return }
      if isPositive { raiseUpper(location, row, bound) } else { raiseLower(location, row, bound) }
    case .not(let inner): addConstants(of: inner, isPositive: !isPositive, to: location)
    case .and(let parts), .or(let parts):
      for part in parts { addConstants(of: part, isPositive: isPositive, to: location) }
    }
  }

  @discardableResult
  private mutating func raiseLower(_ location: Int, _ row: Int, _ bound: Int) -> Bool {
    // No clock is below 0, so that it need not be told from what is.
    let bound = max(bound, 0)
    if let old = locations[location].lower[row - 1], old >= bound { return false }
    locations[location].lower[row - 1] = bound
    return true
  }

  @discardableResult
  private mutating func raiseUpper(_ location: Int, _ row: Int, _ bound: Int) -> Bool {
    let bound = max(bound, 0)
    if let old = locations[location].upper[row - 1], old >= bound { return false }
    locations[location].upper[row - 1] = bound
    return true
  }
}

/// The search.
extension ZoneSearch {
  mutating func answer(budget: Budget) -> Answer {
    guard let initial = problem.initial else { return .holds([]) }
    known = Array(repeating: [], count: locations.count)
    let start = DifferenceBounds(clocks: start)
    if let run = add(initial, start, parent: nil) { return .violated(run) }
    var next = 0
    while next < nodes.count {
      if nodes.count > limit { return .unknown(.limit(.zones, limit, "more than \(limit) zones")) }
      if next.isMultiple(of: 256), let reason = budget.exhaustion { return .unknown(reason) }
      let node = nodes[next]
      for number in locations[node.location].outgoing {
        guard let zone = step(node, edges[number]) else { continue }
        let target = problem.edges[number].target
        if let run = add(target, zone, parent: (next, number)) { return .violated(run) }
      }
      next += 1
    }
    return .holds(known.map { numbers in numbers.map { nodes[$0].zone } })
  }

  private func step(_ node: Node, _ edge: Edge) -> DifferenceBounds? {
    var zone = node.zone
    if let (row, bound) = edge.fires {
      // The deadline already keeps it from being later.
      guard zone.tighten(0, row, DifferenceBounds.atMost(-bound)) else { return nil }
    }
    if let (row, bound) = edge.receives {
      guard zone.tighten(row, 0, DifferenceBounds.below(bound)) else { return nil }
    }
    for test in edge.tests {
      if let isStrict = test.upper {
        let bound =
          isStrict ? DifferenceBounds.below(test.bound) : DifferenceBounds.atMost(test.bound)
        guard zone.tighten(test.row, 0, bound) else { return nil }
      }
      if let isStrict = test.lower {
        let bound =
          isStrict ? DifferenceBounds.below(-test.bound) : DifferenceBounds.atMost(-test.bound)
        guard zone.tighten(0, test.row, bound) else { return nil }
      }
    }
    return zone.moved(to: edge.origins)
  }

  /// Takes a zone just entered into the search; the run to it where the property is false there.
  private mutating func add(
    _ location: Int,
    _ arrived: DifferenceBounds,
    parent: (node: Int, edge: Int)?
  ) -> BoundedSearch.Run? {
    let own = locations[location]
    var zone = arrived
    for deadline in own.deadlines {
      guard zone.tighten(deadline.row, 0, deadline.difference) else { return nil }
    }
    zone.pass()
    for deadline in own.deadlines {
      guard zone.tighten(deadline.row, 0, deadline.difference) else { return nil }
    }
    zone.extrapolate(lower: own.lower, upper: own.upper)
    if known[location].contains(where: { nodes[$0].zone.contains(zone) }) { return nil }
    known[location].removeAll { zone.contains(nodes[$0].zone) }
    known[location].append(nodes.count)
    nodes.append(Node(location: location, zone: zone, parent: parent))
    return literals(zone, location).map { literals in
      BoundedSearch.Run(path: path(to: nodes.count - 1), literals: literals)
    }
  }

  private func path(to node: Int) -> [Int] {
    var result: [Int] = []
    var current = nodes[node]
    while let (node, edge) = current.parent {
      result.append(edge)
      current = nodes[node]
    }
    return result.reversed()
  }

  /// Which messages are alive and which are not where the property is false; nil if nowhere.
  private func literals(
    _ zone: DifferenceBounds,
    _ location: Int
  ) -> [(clock: Int, isAlive: Bool)]? {
    let bad = problem.locations[location].bad
    guard var result = literals(bad, zone, location) else { return nil }
    for index in result.indices.reversed() {
      var others = result
      others.remove(at: index)
      let rest = others.reduce(bad) { $0.knowing($1.clock, isAlive: $1.isAlive) }
      if rest == .constant(true) { result = others }
    }
    return result
  }

  /// Tries each message alive and dead in turn, as far as the zone and the formula need it: at
  /// most twice as many cases for each message, whatever the form of the formula.
  private func literals(
    _ formula: AliveFormula,
    _ zone: DifferenceBounds,
    _ location: Int
  ) -> [(clock: Int, isAlive: Bool)]? {
    guard let clock = formula.firstClock else { return formula == .constant(true) ? [] : nil }
    for isAlive in [true, false] {
      var part = zone
      if let lifetime = lifetimes[clock], let row = locations[location].rows[clock] {
        let isPossible =
          isAlive
          ? part.tighten(row, 0, DifferenceBounds.below(lifetime))
          : part.tighten(0, row, DifferenceBounds.atMost(-lifetime))
        guard isPossible else { continue }
      } else if !isAlive {
        continue
      }
      let rest = literals(formula.knowing(clock, isAlive: isAlive), part, location)
      if let rest { return [(clock, isAlive)] + rest }
    }
    return nil
  }
}
