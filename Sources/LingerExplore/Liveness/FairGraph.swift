import LingerModel

/// A part of the state graph with what fairness asks about, and the search for runs in it that go
/// on for ever and are fair.
///
/// Fairness conditions are numbered. Streett's condition in its general form: a run is fair if for
/// each of them what asks for it happens finitely often, or the condition is served again and
/// again. Strongly connected components, taken apart where one asks in vain (Emerson and Lei,
/// Science of Computer Programming 8, 1987). Staying in a state for ever is a run too.
struct FairGraph {
  /// What makes a run that never serves a condition from some point on unfair.
  enum Demand {
    /// It is enabled in every state from some point on.
    case weak
    /// It is enabled again and again.
    case strong
    /// It is sent, and enabled, again and again.
    case lossy
    /// Nothing does.
    case none
  }

  /// What an edge does for fairness: the conditions that it serves, and that it sends for.
  struct Label: Hashable {
    var served: [Int]
    var sent: [Int]
  }

  struct Edge {
    var source: Int32
    var target: Int32
    var label: Int32
    /// Which successor of its source it is.
    var ordinal: Int32
  }

  /// A strongly connected part in which some run is fair: one that visits all of it.
  struct Part {
    var nodes: [Int]
    /// Conditions whose sending edges are not taken.
    var unsent: [Int]
  }

  /// By condition.
  var demands: [Demand] = []
  private(set) var edges: [Edge] = []
  private(set) var outgoing: [[Int32]] = []
  /// By node: the number of what is enabled in it.
  private(set) var enabled: [Int32] = []
  private(set) var labels = Numbering<Label>()
  private(set) var enabledSets = Numbering<[Int]>()
  let stop: StopCheck

  init(stop: StopCheck) { self.stop = stop }

  var nodeCount: Int { enabled.count }

  mutating func addNode(enabled conditions: [Int]) {
    enabled.append(Int32(enabledSets.number(of: conditions)))
    outgoing.append([])
  }

  mutating func addEdge(from source: Int, to target: Int, _ label: Label, ordinal: Int) {
    outgoing[source].append(Int32(edges.count))
    edges.append(
      Edge(
        source: Int32(source),
        target: Int32(target),
        label: Int32(labels.number(of: label)),
        ordinal: Int32(ordinal)
      )
    )
  }

  private func conditions(enabledIn node: Int) -> [Int] { enabledSets.values[Int(enabled[node])] }

  private func label(_ edge: Int32) -> Label { labels.values[Int(edges[Int(edge)].label)] }

  /// Whether staying in a node for ever is fair.
  func isFairToStay(in node: Int) -> Bool {
    conditions(enabledIn: node).allSatisfy { demands[$0] == .lossy || demands[$0] == .none }
  }
}

/// Where a fair run can stay.
extension FairGraph {
  /// A part of the whole graph with a fair run; nil where there is none, or where a stop comes.
  func fairPart() -> Part? { fairPart(of: Array(0..<nodeCount)) }

  /// A part of these nodes with a fair run; nil where there is none, or where a stop comes.
  func fairPart(of nodes: [Int], unsent: [Int] = []) -> Part? {
    var isHere = [Bool](repeating: false, count: nodeCount)
    for node in nodes { isHere[node] = true }
    let components = StrongComponents(of: nodes, count: nodeCount, stop: stop) { node, visit in
      for edge in outgoing[node] where isHere[Int(edges[Int(edge)].target)] {
        if isUsable(edge, unsent) { visit(Int(edges[Int(edge)].target)) }
      }
    }
    for component in components.members {
      if stop.spend(component.count) { return nil }
      if let part = fairPart(inComponent: component, unsent: unsent) { return part }
    }
    return nil
  }

  private func isUsable(_ edge: Int32, _ unsent: [Int]) -> Bool {
    unsent.isEmpty || !label(edge).sent.contains { unsent.contains($0) }
  }

  private func fairPart(inComponent nodes: [Int], unsent: [Int]) -> Part? {
    var isHere = Set<Int>()
    var tally = Tally()
    for node in nodes {
      isHere.insert(node)
      tally.visit(conditions(enabledIn: node))
    }
    for node in nodes {
      for edge in outgoing[node]
      where isHere.contains(Int(edges[Int(edge)].target)) && isUsable(edge, unsent) {
        tally.take(label(edge))
      }
    }
    let unserved = tally.unserved(demands)
    if unserved.contains(where: { $0.demand == .weak }) { return nil }
    let asked = unserved.filter { $0.demand == .strong }.map(\.condition)
    if !asked.isEmpty {
      let left = nodes.filter { !conditions(enabledIn: $0).contains(where: asked.contains) }
      return left.isEmpty ? nil : fairPart(of: left, unsent: unsent)
    }
    guard let lossy = unserved.first else { return Part(nodes: nodes, unsent: unsent) }
    if let part = fairPart(of: nodes, unsent: unsent + [lossy.condition]) { return part }
    let left = nodes.filter { !conditions(enabledIn: $0).contains(lossy.condition) }
    return left.isEmpty ? nil : fairPart(of: left, unsent: unsent)
  }
}

/// What a set of nodes and edges asks for and does.
private struct Tally {
  private var nodes = 0
  private var enabled: [Int: Int] = [:]
  private var served: Set<Int> = []
  private var sent: Set<Int> = []

  mutating func visit(_ conditions: [Int]) {
    nodes += 1
    for condition in conditions { enabled[condition, default: 0] += 1 }
  }

  mutating func take(_ label: FairGraph.Label) {
    served.formUnion(label.served)
    sent.formUnion(label.sent)
  }

  /// Conditions that a run through exactly these nodes and edges asks for in vain, and why, by
  /// number.
  func unserved(
    _ demands: [FairGraph.Demand]
  ) -> [(condition: Int, demand: FairGraph.Demand)] {
    enabled.keys.sorted().compactMap { condition in
      let isAsked =
        switch demands[condition] {
        case .weak: enabled[condition] == nodes
        case .strong: true
        case .lossy: sent.contains(condition)
        case .none: false
        }
      return isAsked && !served.contains(condition) ? (condition, demands[condition]) : nil
    }
  }
}

/// A fair run through a part.
extension FairGraph {
  /// A loop from a node of a part back to it that is fair, as edges; no edges where it is fair to
  /// stay. Short, but not always the shortest, which ``LoopSearch`` finds; nil where a stop comes.
  func loop(in part: Part, from start: Int) -> [Int]? {
    let isHere = Set(part.nodes)
    var tally = Tally()
    tally.visit(conditions(enabledIn: start))
    var path: [Int] = []
    var position = start
    func go(_ isGoal: (Int32) -> Bool) -> Bool {
      guard let way = way(from: position, in: isHere, part.unsent, isGoal) else { return false }
      for edge in way {
        tally.take(label(Int32(edge)))
        position = Int(edges[edge].target)
        tally.visit(conditions(enabledIn: position))
      }
      path += way
      return true
    }
    while true {
      if stop.spend() { return nil }
      if let (condition, demand) = tally.unserved(demands).first {
        let found = go { edge in
          let target = Int(edges[Int(edge)].target)
          return label(edge).served.contains(condition)
            || (demand == .weak && !conditions(enabledIn: target).contains(condition))
        }
        if !found { return nil }
      } else if position != start {
        if !go({ Int(edges[Int($0)].target) == start }) { return nil }
      } else {
        return path
      }
    }
  }

  /// The fewest edges from a node such that the last one is a goal.
  private func way(
    from start: Int,
    in isHere: Set<Int>,
    _ unsent: [Int],
    _ isGoal: (Int32) -> Bool
  ) -> [Int]? {
    var cameBy: [Int: Int32] = [:]
    var open = [start]
    var next = 0
    while next < open.count {
      for edge in outgoing[open[next]] {
        let target = Int(edges[Int(edge)].target)
        guard isHere.contains(target), isUsable(edge, unsent) else { continue }
        if isGoal(edge) {
          var path = [Int(edge)]
          var node = open[next]
          while node != start, let last = cameBy[node] {
            path.append(Int(last))
            node = Int(edges[Int(last)].source)
          }
          return path.reversed()
        }
        if target != start, cameBy[target] == nil {
          cameBy[target] = edge
          open.append(target)
        }
      }
      if stop.spend() { return nil }
      next += 1
    }
    return nil
  }
}
