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
    /// Time passes only while these clocks are at or below their bounds.
    package var deadlines: [ControlGraph.Deadline]
    /// When the property is false here.
    package var bad: AliveFormula
    /// When each lemma is false here; as many as there are lemmas.
    package var refuted: [AliveFormula] = []
  }

  package struct Edge: Hashable, Sendable {
    package var source: Int
    package var target: Int
    package var fires: ControlGraph.Deadline?
    package var receives: ControlGraph.Deadline?
    package var resets: [Int]
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
    property: Property,
    lemmas: [Property] = [],
    evaluator: Evaluator
  ) throws(ControlGraph.Unsupported) {
    self.graph = graph
    self.lemmas = lemmas.map(\.name)
    let bad = try Self.violations(of: property, graph, evaluator)
    var refuted: [[AliveFormula]] = []
    for lemma in lemmas { refuted.append(try Self.violations(of: lemma, graph, evaluator)) }
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
    let live = Self.live(graph, edges, readers, isRelevant)
    let labels = graph.locations.indices.map { index in
      Location(
        live: live[index].sorted(),
        deadlines: graph.locations[index].deadlines,
        bad: bad[index],
        refuted: refuted.map { $0[index] }
      )
    }
    merge(edges, labels, live, isRelevant)
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

  /// For each location of the graph when a property is false there.
  private static func violations(
    of property: Property,
    _ graph: ControlGraph,
    _ evaluator: Evaluator
  ) throws(ControlGraph.Unsupported) -> [AliveFormula] {
    if let comparison = evaluator.model.durationComparison(in: property.body) {
      throw ControlGraph.Unsupported(
        reason: "'\(describe(comparison, in: evaluator.model))' compares durations; what a timed "
          + "property presumes of the parameters belongs in an 'assume'"
      )
    }
    var bad: [AliveFormula] = []
    for location in graph.locations {
      let reader = AliveReader(
        evaluator: evaluator,
        property: property,
        state: location.state,
        clock: { graph.clock(of: $0) }
      )
      do throws(AliveReader.Unsupported) {
        let formula = try reader.formula(property.body).negated
        bad.append(formula.weakened { graph.isExact(clock: $0) })
      } catch {
        throw ControlGraph.Unsupported(reason: error.reason)
      }
    }
    return bad
  }

  /// Locations from which one with a satisfiable violation can be reached.
  private static func relevant(_ graph: ControlGraph, _ bad: [AliveFormula]) -> [Bool] {
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
    _ isRelevant: [Bool]
  ) -> [Set<Int>] {
    var result = graph.locations.indices.map { index -> Set<Int> in
      guard isRelevant[index] else { return [] }
      let mortal = bad[index].clocks.filter { graph.lifetime(ofClock: $0) != nil }
      return Set(mortal + graph.locations[index].deadlines.map(\.clock))
    }
    for edge in edges {
      if let clock = edge.receives?.clock { result[edge.source].insert(clock) }
      if let clock = edge.fires?.clock { result[edge.source].insert(clock) }
    }
    var isChanged = true
    while isChanged {
      isChanged = false
      for edge in edges.reversed() {
        let needed = result[edge.target].subtracting(edge.resets)
        if !needed.isSubset(of: result[edge.source]) {
          result[edge.source].formUnion(needed)
          isChanged = true
        }
      }
    }
    return result
  }

  /// Merges bisimilar locations and numbers the classes by their first member.
  private mutating func merge(
    _ edges: [ControlGraph.Edge],
    _ labels: [Location],
    _ live: [Set<Int>],
    _ isRelevant: [Bool]
  ) {
    struct Signature: Hashable {
      var own: Int
      var edges: Set<Edge>
    }
    var outgoing = [[ControlGraph.Edge]](repeating: [], count: graph.locations.count)
    for edge in edges { outgoing[edge.source].append(edge) }
    var blocks = Self.number(labels, isRelevant)
    while true {
      let signatures = graph.locations.indices.map { index in
        Signature(
          own: blocks[index] ?? -1,
          edges: Set(
            outgoing[index].map { reduced($0, blocks, live) }.filter {
              // A step that changes nothing that matters is no step.
              $0.target != $0.source || !$0.resets.isEmpty || $0.fires != nil
            }
          )
        )
      }
      let refined = Self.number(signatures, isRelevant)
      let isStable =
        Set(refined.compactMap(\.self)).count == Set(blocks.compactMap(\.self)).count
      blocks = refined
      if isStable { break }
    }
    classes = blocks
    var seen = Set<Edge>()
    for index in graph.locations.indices {
      guard let block = blocks[index], block == locations.count else { continue }
      locations.append(labels[index])
      for edge in outgoing[index] {
        let merged = reduced(edge, blocks, live)
        if merged.source == merged.target, merged.resets.isEmpty, merged.fires == nil { continue }
        if seen.insert(merged).inserted { self.edges.append(merged) }
      }
    }
    initial = blocks[0]
  }

  /// An edge between classes, with the resets that matter in its target.
  func reduced(
    _ edge: ControlGraph.Edge,
    _ blocks: [Int?],
    _ live: [Set<Int>]
  ) -> Edge {
    Edge(
      source: blocks[edge.source] ?? -1,
      target: blocks[edge.target] ?? -1,
      fires: edge.fires,
      receives: edge.receives,
      resets: edge.resets.filter { live[edge.target].contains($0) }
    )
  }

  /// Numbers equal keys equally, in order of first appearance; nil for irrelevant locations.
  private static func number<Key: Hashable>(_ keys: [Key], _ isRelevant: [Bool]) -> [Int?] {
    var numbers: [Key: Int] = [:]
    return keys.indices.map { index in
      guard isRelevant[index] else { return nil }
      if let number = numbers[keys[index]] { return number }
      numbers[keys[index]] = numbers.count
      return numbers.count - 1
    }
  }
}
