import LingerModel

/// The graph that was explored, kept only where backward reachability is asked for.
///
/// Forward edges by source in 32 bits each; self-loops and immediate repeats are left out.
struct EdgeList {
  private var targets: [UInt32] = []
  /// End of each source's edges; sources come in ascending order.
  private var ends: [Int] = []
  /// Edges over a fault budget's border, whose target is numbered later than they are found.
  private var late: [(source: UInt32, target: UInt32)] = []
  private var lastSource = -1

  /// Memory held, in bytes, with what turning the edges round will need.
  var byteCount: Int {
    targets.capacity * 4 + ends.capacity * 8 + late.capacity * 8 + reversalBytes
  }

  /// Memory that turning the edges round needs, in bytes.
  var reversalBytes: Int { targets.count * 4 + ends.count * 24 + late.count * 4 }

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

  /// The same edges by target; nil where a stop comes in between.
  func reversed(stateCount: Int, _ stop: StopCheck) -> ReversedEdges? {
    var starts = [Int](repeating: 0, count: stateCount + 1)
    guard forEach(stop, { starts[Int($1) + 1] += 1 }) else { return nil }
    for state in 0..<stateCount { starts[state + 1] += starts[state] }
    var sources = [UInt32](repeating: 0, count: starts[stateCount])
    var next = starts
    let isComplete = forEach(stop) { source, target in
      sources[next[Int(target)]] = source
      next[Int(target)] += 1
    }
    return isComplete ? ReversedEdges(starts: starts, sources: sources) : nil
  }

  /// The same edges by source; nil where a stop comes in between.
  func forward(stateCount: Int, _ stop: StopCheck) -> ForwardEdges? {
    var starts = [Int](repeating: 0, count: stateCount + 1)
    guard forEach(stop, { source, _ in starts[Int(source) + 1] += 1 }) else { return nil }
    for state in 0..<stateCount { starts[state + 1] += starts[state] }
    var targets = [UInt32](repeating: 0, count: starts[stateCount])
    var next = starts
    let isComplete = forEach(stop) { source, target in
      targets[next[Int(source)]] = target
      next[Int(source)] += 1
    }
    return isComplete ? ForwardEdges(starts: starts, targets: targets) : nil
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

/// Edges by source, those over a fault budget's border included.
struct ForwardEdges {
  fileprivate let starts: [Int]
  fileprivate let targets: [UInt32]

  subscript(source: Int) -> ArraySlice<UInt32> { targets[starts[source]..<starts[source + 1]] }
}

/// Edges by target, for going backwards.
struct ReversedEdges {
  /// Where the sources of each target begin, and where the last ones end.
  fileprivate let starts: [Int]
  fileprivate let sources: [UInt32]

  /// Marks every state from which a marked state can be reached (EF), in place; false where a
  /// stop comes in between. Each edge is looked at once.
  func closeBackward(_ marked: inout [Bool], _ stop: StopCheck) -> Bool {
    var open = marked.indices.filter { marked[$0] }.map { UInt32(truncatingIfNeeded: $0) }
    var work = 0
    while let target = open.popLast() {
      let range = starts[Int(target)]..<starts[Int(target) + 1]
      for edge in range where !marked[Int(sources[edge])] {
        marked[Int(sources[edge])] = true
        open.append(sources[edge])
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
