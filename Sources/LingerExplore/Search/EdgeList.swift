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

  /// Memory held, in bytes.
  var byteCount: Int { targets.capacity * 4 + ends.capacity * 8 + late.capacity * 8 }

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

  /// Marks every state from which a marked state can be reached (EF), in place.
  ///
  /// Sweeps from the highest number to the lowest: edges mostly lead to later states, so a few
  /// sweeps suffice.
  func closeBackward(_ marked: inout [Bool]) {
    var isChanged = true
    while isChanged {
      isChanged = false
      for (source, target) in late where marked[Int(target)] && !marked[Int(source)] {
        marked[Int(source)] = true
        isChanged = true
      }
      for source in stride(from: ends.count - 1, through: 0, by: -1) where !marked[source] {
        let start = source == 0 ? 0 : ends[source - 1]
        for edge in start..<ends[source] where marked[Int(targets[edge])] {
          marked[source] = true
          isChanged = true
          break
        }
      }
    }
  }
}
