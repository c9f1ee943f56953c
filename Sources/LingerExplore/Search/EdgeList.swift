import LingerModel

/// The graph that was explored, kept only where backward reachability or cycles are asked for.
///
/// Forward edges by source in 32 bits each; self-loops and immediate repeats are left out.
struct EdgeList {
  private var targets: [UInt32] = []
  /// End of each source's edges; sources come in ascending order.
  private var ends: [Int] = []
  /// Edges over a fault budget's border, whose target is numbered later than they are found.
  private var late: [(source: UInt32, target: UInt32)] = []
  private var lastSource = -1

  /// Memory held, in bytes, with what grouping the edges will need.
  var byteCount: Int {
    targets.capacity * 4 + ends.capacity * 8 + late.capacity * 8 + groupingBytes
  }

  /// Memory that grouping the edges needs, in bytes.
  var groupingBytes: Int { targets.count * 4 + ends.count * 24 + late.count * 4 }

  mutating func add(from source: Int, to target: UInt32) {
    while ends.count <= source { ends.append(targets.count) }
    if source == Int(target) || (source == lastSource && targets.last == target) { return }
    lastSource = source
    targets.append(target)
    ends[source] = targets.count
  }

  mutating func addLate(from source: Int, to target: Int) {
    late.append((UInt32(truncatingIfNeeded: source), UInt32(truncatingIfNeeded: target)))
  }

  /// An end of an edge.
  enum End {
    case source
    case target
  }

  /// The same edges by one of their ends; nil where a stop comes in between.
  func grouped(by end: End, stateCount: Int, _ stop: StopCheck) -> GroupedEdges? {
    func ends(_ source: UInt32, _ target: UInt32) -> (key: Int, other: UInt32) {
      end == .source ? (Int(source), target) : (Int(target), source)
    }
    var starts = [Int](repeating: 0, count: stateCount + 1)
    guard forEach(stop, { starts[ends($0, $1).key + 1] += 1 }) else { return nil }
    for state in 0..<stateCount { starts[state + 1] += starts[state] }
    var others = [UInt32](repeating: 0, count: starts[stateCount])
    var next = starts
    let isComplete = forEach(stop) { source, target in
      let (key, other) = ends(source, target)
      others[next[key]] = other
      next[key] += 1
    }
    return isComplete ? GroupedEdges(starts: starts, others: others) : nil
  }

  /// Visits every edge; false where a stop comes in between.
  private func forEach(_ stop: StopCheck, _ visit: (UInt32, UInt32) -> Void) -> Bool {
    var first = 0
    for source in ends.indices {
      for edge in first..<ends[source] { visit(UInt32(truncatingIfNeeded: source), targets[edge]) }
      if source & 1023 == 1023, stop.spend(64) { return false }
      first = ends[source]
    }
    for edge in late { visit(edge.source, edge.target) }
    return true
  }
}

/// Edges by one of their ends, those over a fault budget's border included.
struct GroupedEdges {
  /// Where the edges of each state begin, and where the last ones end.
  fileprivate let starts: [Int]
  fileprivate let others: [UInt32]

  /// The other ends of a state's edges.
  subscript(state: Int) -> ArraySlice<UInt32> { others[starts[state]..<starts[state + 1]] }
}

/// Going backwards, over edges by target.
extension GroupedEdges {
  /// Marks every state from which a marked state can be reached (EF), in place; false where a
  /// stop comes in between. Each edge is looked at once.
  func closeBackward(_ marked: inout [Bool], _ stop: StopCheck) -> Bool {
    var open = marked.indices.filter { marked[$0] }.map { UInt32(truncatingIfNeeded: $0) }
    var work = 0
    while let target = open.popLast() {
      let range = starts[Int(target)]..<starts[Int(target) + 1]
      for edge in range where !marked[Int(others[edge])] {
        marked[Int(others[edge])] = true
        open.append(others[edge])
      }
      work += range.count + 1
      if work >= 4096 {
        if stop.spend(256) { return false }
        work = 0
      }
    }
    return true
  }
}
