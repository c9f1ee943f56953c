import LingerModel

/// Merges bisimilar locations, by partition refinement.
///
/// In each round only those locations are looked at again that have an edge to one that changed its
/// class, or changed it themselves.
struct LocationMerging {
  /// The class of each location, numbered by first member; nil for those that are left out.
  private(set) var classes: [Int?]

  private let edges: [Edge]
  private let outgoing: [[Int]]
  private let incoming: [[Int]]
  /// What the members of a class have in common, by class.
  private var signatures: [[Int]] = []
  private var classCount = 0

  private struct Edge {
    var source: Int
    var target: Int
    /// Number of its tests and resets.
    var label: Int
    /// Whether it changes nothing that matters but the location.
    var isSilent: Bool
  }

  /// Starts from classes of equal labels.
  init(
    _ graph: ControlGraph,
    _ edges: [ControlGraph.Edge],
    _ labels: [TimedProblem.Location],
    _ live: [NumberSet],
    _ isRelevant: [Bool]
  ) {
    struct Label: Hashable {
      var fires: ControlGraph.Deadline?
      var receives: ControlGraph.Deadline?
      var tests: [ControlGraph.ClockTest]
      var resets: [Int]
      var transfers: [ControlGraph.Transfer]
    }
    var numbers = Numbering<Label>()
    var outgoing = [[Int]](repeating: [], count: labels.count)
    var incoming = outgoing
    var own: [Edge] = []
    own.reserveCapacity(edges.count)
    for edge in edges {
      let resets = edge.resets.filter { live[edge.target].contains($0) }
      let transfers = edge.transfers.filter { live[edge.target].contains($0.to) }
      let label = Label(
        fires: edge.fires,
        receives: edge.receives,
        tests: edge.tests,
        resets: resets,
        transfers: transfers
      )
      outgoing[edge.source].append(own.count)
      incoming[edge.target].append(own.count)
      own.append(
        Edge(
          source: edge.source,
          target: edge.target,
          label: numbers.number(of: label),
          isSilent: resets.isEmpty && transfers.isEmpty && edge.fires == nil
        )
      )
    }
    self.edges = own
    self.outgoing = outgoing
    self.incoming = incoming
    var first = Numbering<TimedProblem.Location>()
    classes = labels.indices.map { isRelevant[$0] ? first.number(of: labels[$0]) : nil }
    classCount = first.count
    signatures = Array(repeating: [], count: classCount)
  }

  /// Runs to the fixpoint.
  mutating func run(_ budget: Budget) throws(ControlGraph.Unsupported) {
    var members = [Int](repeating: 0, count: classCount)
    for case .some(let number) in classes { members[number] += 1 }
    var dirty = classes.indices.filter { classes[$0] != nil }
    while !dirty.isEmpty {
      if let reason = budget.exhaustion { throw ControlGraph.Unsupported(reason: reason) }
      let moved = split(dirty, &members)
      var isDirty = Set<Int>()
      for location in moved {
        isDirty.insert(location)
        for edge in incoming[location] { isDirty.insert(edges[edge].source) }
      }
      dirty = isDirty.sorted()
    }
    var numbers = Numbering<Int>()
    classes = classes.map { $0.map { numbers.number(of: $0) } }
  }

  /// Splits the classes of some locations; those that are in another class then, ascending.
  private mutating func split(_ dirty: [Int], _ members: inout [Int]) -> [Int] {
    struct Group: Hashable {
      var old: Int
      var signature: [Int]
    }
    var dirtyCount: [Int: Int] = [:]
    for location in dirty { if let old = classes[location] { dirtyCount[old, default: 0] += 1 } }
    var targets: [Group: Int] = [:]
    var changes: [(location: Int, target: Int)] = []
    var kept: [Int: [Int]] = [:]
    for location in dirty {
      guard let old = classes[location] else { continue }
      let group = Group(old: old, signature: signature(of: location))
      if let target = targets[group] {
        if target != old { changes.append((location, target)) }
        continue
      }
      // The class stays with those that were not looked at; else with the first that was.
      let isRest = members[old] > dirtyCount[old] ?? 0
      if isRest ? group.signature == signatures[old] : kept[old] == nil {
        kept[old] = group.signature
        targets[group] = old
      } else {
        targets[group] = classCount
        changes.append((location, classCount))
        signatures.append(group.signature)
        members.append(0)
        classCount += 1
      }
    }
    for (old, signature) in kept { signatures[old] = signature }
    for (location, target) in changes {
      if let old = classes[location] { members[old] -= 1 }
      members[target] += 1
      classes[location] = target
    }
    return changes.map(\.location)
  }

  /// Where a location's edges lead, and how; ascending, without repeats.
  private func signature(of location: Int) -> [Int] {
    var result: [Int] = []
    for number in outgoing[location] {
      let edge = edges[number]
      guard let target = classes[edge.target] else { continue }
      // A step that changes nothing that matters is no step.
      if edge.isSilent, target == classes[location] { continue }
      result.append(edge.label << 32 | target)
    }
    result.sort()
    var unique: [Int] = []
    for value in result where value != unique.last { unique.append(value) }
    return unique
  }
}
