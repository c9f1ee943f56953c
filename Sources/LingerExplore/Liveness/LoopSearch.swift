import LingerModel

/// Looks for the shortest fair loops of a graph, breadth first: nodes together with what a walk has
/// done for each condition so far.
///
/// In general that is as hard as the travelling salesman's problem, so it works for few conditions
/// only and counts its work.
struct LoopSearch {
  private let graph: FairGraph
  /// Three bits for each condition that matters: whether it is met for good, and until then whether
  /// it was seen enabled, and sent.
  private let met: UInt64
  private let weak: UInt64
  private let strong: UInt64
  private let lossy: UInt64
  /// By number of what is enabled in a node: weak conditions that it meets, others that it enables.
  private var visits: [(met: UInt64, seen: UInt64)] = []
  /// By number of an edge's label: conditions that it serves, and sends for.
  private var takes: [(served: UInt64, sent: UInt64)] = []

  /// Conditions that fit.
  private static let mostConditions = 21

  /// Nil where too many conditions matter.
  init?(_ graph: FairGraph) {
    self.graph = graph
    let asked = Set(graph.enabledSets.values.joined()).filter { graph.demands[$0] != .none }
    guard asked.count <= Self.mostConditions else { return nil }
    var bits = [UInt64](repeating: 0, count: graph.demands.count)
    for (place, condition) in asked.sorted().enumerated() { bits[condition] = 1 << (3 * place) }
    func all(_ demand: FairGraph.Demand) -> UInt64 {
      asked.reduce(0) { graph.demands[$1] == demand ? $0 | bits[$1] : $0 }
    }
    func mask(_ conditions: [Int]) -> UInt64 { conditions.reduce(0) { $0 | bits[$1] } }
    let (weak, strong, lossy) = (all(.weak), all(.strong), all(.lossy))
    self.weak = weak
    self.strong = strong
    self.lossy = lossy
    met = weak | strong | lossy
    visits = graph.enabledSets.values.map { enabled in
      let seen = mask(enabled)
      return (weak & ~seen, (seen & ~weak) << 1)
    }
    takes = graph.labels.values.map { (mask($0.served), (mask($0.sent) & lossy) << 2) }
  }

  /// A node, what was done on the way to it, and how it was come to.
  private struct Place {
    var node: Int32
    var done: UInt64
    var edge: Int32
    var before: Int32
  }

  private struct Key: Hashable {
    var node: Int32
    var done: UInt64
  }

  /// The shortest fair loop from a node back to it, of fewer edges than `limit`; nil where there is
  /// none, or where `work` is used up, which is below 0 then.
  func loop(from start: Int, below limit: Int, work: inout Int) -> [Int]? {
    let first = visiting(start, 0)
    var seen: Set<Key> = [Key(node: Int32(start), done: first)]
    var places = [Place(node: Int32(start), done: first, edge: -1, before: -1)]
    var next = 0
    var length = 0
    while next < places.count {
      length += 1
      guard length < limit else { return nil }
      let end = places.count
      while next < end {
        let place = places[next]
        for edge in graph.outgoing[Int(place.node)] {
          work -= 1
          if work < 0 || graph.stop.spend() { return nil }
          let content = graph.edges[Int(edge)]
          let done = visiting(Int(content.target), taking(Int(content.label), place.done))
          let key = Key(node: content.target, done: done)
          guard seen.insert(key).inserted else { continue }
          let found = Place(node: key.node, done: done, edge: edge, before: Int32(next))
          if Int(content.target) == start, isFair(done) { return way(to: found, places) }
          places.append(found)
        }
        next += 1
      }
    }
    return nil
  }

  private func way(to last: Place, _ places: [Place]) -> [Int] {
    var edges: [Int] = []
    var place = last
    while place.edge >= 0 {
      edges.append(Int(place.edge))
      place = places[Int(place.before)]
    }
    return edges.reversed()
  }

  private func visiting(_ node: Int, _ done: UInt64) -> UInt64 {
    let visit = visits[Int(graph.enabled[node])]
    let done = done | visit.met
    return done | (visit.seen & (unmet(done) << 1))
  }

  private func taking(_ label: Int, _ done: UInt64) -> UInt64 {
    let take = takes[label]
    let met = (done | take.served) & met
    // What is met needs no more to be known.
    let rest = done & ~((met << 1) | (met << 2)) | met
    return rest | (take.sent & (unmet(rest) << 2))
  }

  private func unmet(_ done: UInt64) -> UInt64 { met & ~done }

  private func isFair(_ done: UInt64) -> Bool {
    let unmet = unmet(done)
    return unmet & weak == 0 && unmet & strong & (done >> 1) == 0
      && unmet & lossy & (done >> 1) & (done >> 2) == 0
  }
}
