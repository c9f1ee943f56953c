import LingerEval
import LingerModel

/// What the solver works on for one timed invariant: the control graph, cut down to what can
/// matter, with equal locations merged.
///
/// Three cuts (references in docs/semantics.md, "Timed reading"). Locations from which the
/// property cannot become false are dropped. A clock is kept in a location only while a later
/// test may read it before it is set again (Daws and Yovine, RTSS 1996). Locations that then have
/// the same tests, resets and futures are merged (bisimulation by partition refinement). All
/// three keep exactly the runs that end in a violation.
package struct TimedProblem: Sendable {
  package struct Location: Hashable, Sendable {
    /// Clocks that matter here, ascending; the arguments of the location's predicate.
    package var live: [Int]
    /// Time passes only while these clocks are within their bounds.
    package var deadlines: [ControlGraph.Deadline]
    /// When the property is false here.
    package var bad: AliveFormula
    /// Why no run goes on from here; nil where it is a state.
    package var ending: ControlGraph.Ending?
    /// When each lemma is false here; as many as there are lemmas.
    package var refuted: [AliveFormula] = []
  }

  package struct Edge: Hashable, Sendable {
    package var source: Int
    package var target: Int
    package var fires: ControlGraph.Deadline?
    package var receives: ControlGraph.Deadline?
    package var tests: [ControlGraph.ClockTest]
    package var resets: [Int]
    package var transfers: [ControlGraph.Transfer]
  }

  package let graph: ControlGraph
  package private(set) var locations: [Location] = []
  package private(set) var edges: [Edge] = []
  /// Nil where the property cannot be violated whatever the times are.
  package private(set) var initial: Int?
  /// The names of the lemmas.
  package private(set) var lemmas: [String] = []
  /// The merged location of each location of the graph; nil where it was cut off.
  package private(set) var classes: [Int?] = []

  /// The clocks that `lemmas`, other timed invariants, read are kept too.
  init(
    _ graph: ControlGraph,
    goal: TimedGoal,
    lemmas: [TimedGoal] = [],
    budget: Budget = .unlimited
  ) throws(ControlGraph.Unsupported) {
    self.graph = graph
    self.lemmas = lemmas.map(\.name)
    let bad = try goal.ends(graph, budget)
    var refuted: [[AliveFormula]] = []
    for lemma in lemmas { refuted.append(try lemma.ends(graph, budget)) }
    let violations = graph.locations.indices.map { location in
      AliveFormula.disjunction([bad[location]] + refuted.map { $0[location] })
    }
    let isRelevant = Self.relevant(graph, violations)
    guard isRelevant.first == true else {
      classes = graph.locations.map { _ in nil }
      return
    }
    let edges = graph.edges.filter { isRelevant[$0.source] && isRelevant[$0.target] }
    // Not simplified: a lemma's clocks are read where the property is false anyhow.
    let readers = graph.locations.indices.map { location in
      AliveFormula.or([bad[location]] + refuted.map { $0[location] })
    }
    let live = try Self.live(graph, edges, readers, isRelevant, budget)
    let labels = graph.locations.indices.map { index in
      Location(
        live: live[index].elements,
        deadlines: graph.locations[index].deadlines,
        bad: bad[index],
        ending: graph.locations[index].ending,
        refuted: refuted.map { $0[index] }
      )
    }
    var merging = LocationMerging(graph, edges, labels, live, isRelevant)
    try merging.run(budget)
    classes = merging.classes
    merge(edges, labels, live)
  }

  /// A run as a problem: a graph without branches, and when the property is false at its end.
  init(chain graph: ControlGraph, bad: AliveFormula) {
    self.graph = graph
    initial = 0
    classes = Array(graph.locations.indices)
    let all = Array(graph.clocks.indices)
    for (number, location) in graph.locations.enumerated() {
      let isLast = number == graph.edges.count
      locations.append(
        Location(
          live: all,
          deadlines: location.deadlines,
          bad: isLast ? bad : .constant(false),
          ending: location.ending
        )
      )
    }
    let tests = graph.edges.flatMap(\.clocksRead)
    let deadlines = graph.locations.flatMap { $0.deadlines.map(\.clock) }
    let moved = graph.edges.flatMap { $0.transfers.map(\.from) }
    let read = Set(tests + deadlines + moved + bad.clocks)
    edges = graph.edges.map { edge in
      Edge(
        source: edge.source,
        target: edge.target,
        fires: edge.fires,
        receives: edge.receives,
        tests: edge.tests,
        resets: edge.resets.filter(read.contains),
        transfers: edge.transfers.filter { read.contains($0.to) }
      )
    }
  }

  /// A chain without the test of one of its deliveries, or without that of the property at its end.
  func withoutTest(at position: Int) -> TimedProblem {
    var result = self
    if position == edges.count {
      result.locations[position].bad = .constant(true)
    } else {
      result.edges[position].receives = nil
    }
    return result
  }

  /// The same problem with one of the lemmas in the property's place, and those before it.
  func asking(lemma number: Int) -> TimedProblem {
    var result = self
    result.lemmas = Array(lemmas.prefix(number))
    for location in locations.indices {
      let refuted = locations[location].refuted
      result.locations[location].bad = refuted[number]
      result.locations[location].refuted = Array(refuted.prefix(number))
    }
    return result
  }

  /// Locations from which one with a satisfiable violation can be reached, whatever the times are.
  static func relevant(_ graph: ControlGraph, _ bad: [AliveFormula]) -> [Bool] {
    var result = bad.map { $0 != .constant(false) }
    var predecessors = [[Int]](repeating: [], count: graph.locations.count)
    for edge in graph.edges { predecessors[edge.target].append(edge.source) }
    var open = result.indices.filter { result[$0] }
    while let location = open.popLast() {
      for source in predecessors[location] where !result[source] {
        result[source] = true
        open.append(source)
      }
    }
    return result
  }

  /// Clocks that a later test may read before they are set, by backward fixpoint.
  private static func live(
    _ graph: ControlGraph,
    _ edges: [ControlGraph.Edge],
    _ bad: [AliveFormula],
    _ isRelevant: [Bool],
    _ budget: Budget
  ) throws(ControlGraph.Unsupported) -> [NumberSet] {
    var result = graph.locations.indices.map { index -> NumberSet in
      guard isRelevant[index] else { return NumberSet() }
      let mortal = bad[index].clocks.filter { graph.lifetime(ofClock: $0) != nil }
      return NumberSet(mortal + graph.locations[index].deadlines.map(\.clock))
    }
    var incoming = [[Int]](repeating: [], count: graph.locations.count)
    for (number, edge) in edges.enumerated() {
      incoming[edge.target].append(number)
      for clock in edge.clocksRead { result[edge.source].insert(clock) }
    }
    var open = Array(graph.locations.indices)
    var isOpen = [Bool](repeating: true, count: open.count)
    var count = 0
    while let location = open.popLast() {
      isOpen[location] = false
      count += 1
      if count.isMultiple(of: 1024), let reason = budget.exhaustion {
        throw ControlGraph.Unsupported(reason: reason)
      }
      for number in incoming[location] {
        let edge = edges[number]
        let needed = edge.needed(for: result[location])
        if result[edge.source].formUnion(needed), !isOpen[edge.source] {
          isOpen[edge.source] = true
          open.append(edge.source)
        }
      }
    }
    return result
  }

  /// Takes one location of each class, with its edges.
  private mutating func merge(
    _ edges: [ControlGraph.Edge],
    _ labels: [Location],
    _ live: [NumberSet]
  ) {
    var outgoing = [[Int]](repeating: [], count: graph.locations.count)
    for (number, edge) in edges.enumerated() { outgoing[edge.source].append(number) }
    var seen = Set<Edge>()
    for index in graph.locations.indices {
      guard let number = classes[index], number == locations.count else { continue }
      locations.append(labels[index])
      for edge in outgoing[index].map({ edges[$0] }) {
        guard let target = classes[edge.target] else { continue }
        let merged = Edge(
          source: number,
          target: target,
          fires: edge.fires,
          receives: edge.receives,
          tests: edge.tests,
          resets: edge.resets.filter { live[edge.target].contains($0) },
          transfers: edge.transfers.filter { live[edge.target].contains($0.to) }
        )
        // A step that changes nothing that matters is no step.
        if target == number, merged.changesNothing { continue }
        if seen.insert(merged).inserted { self.edges.append(merged) }
      }
    }
    initial = classes[0]
  }
}

extension TimedProblem {
  /// Whether a run along a path ends in an error of the spec.
  func endsInError(_ path: [Int]) -> Bool {
    guard let end = path.last.map({ edges[$0].target }) ?? initial else { return false }
    return locations[end].ending != nil
  }
}
