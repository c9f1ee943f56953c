import LingerModel

/// The strongly connected components of a graph (Tarjan, SIAM Journal on Computing 1, 1972),
/// without recursion: graphs are deeper than the machine's stack.
struct StrongComponents {
  /// The nodes of each component, ascending.
  private(set) var members: [[Int]] = []

  /// Takes the nodes in the order given; `successors` hands over where each leads. Not all
  /// components are there after a stop.
  init(of nodes: [Int], count: Int, stop: StopCheck, successors: (Int, (Int) -> Void) -> Void) {
    let unseen = -1
    var index = [Int](repeating: unseen, count: count)
    var low = index
    var isOpen = [Bool](repeating: false, count: count)
    var open: [Int] = []
    var calls: [(node: Int, targets: [Int], next: Int)] = []
    var clock = 0
    func enter(_ node: Int) {
      index[node] = clock
      low[node] = clock
      clock += 1
      open.append(node)
      isOpen[node] = true
      var targets: [Int] = []
      successors(node) { targets.append($0) }
      calls.append((node, targets, 0))
    }
    for root in nodes where index[root] == unseen {
      if clock & 1023 == 1023, stop.spend(1024) { return }
      enter(root)
      while let (node, targets, next) = calls.last {
        if next < targets.count {
          calls[calls.count - 1].next += 1
          let target = targets[next]
          if index[target] == unseen {
            if clock & 1023 == 1023, stop.spend(1024) { return }
            enter(target)
          } else if isOpen[target] {
            low[node] = min(low[node], index[target])
          }
          continue
        }
        calls.removeLast()
        if let caller = calls.last?.node { low[caller] = min(low[caller], low[node]) }
        guard low[node] == index[node] else { continue }
        var component: [Int] = []
        while let member = open.popLast() {
          isOpen[member] = false
          component.append(member)
          if member == node { break }
        }
        members.append(component.sorted())
      }
    }
  }
}
