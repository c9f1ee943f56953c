import LingerEval
import LingerModel

/// The graph.
extension ControlExploration {
  /// Which keys have a location, in the order of a search breadth first.
  private struct Connection {
    /// For each key its location; -1 before it has one.
    var numbers: [Int]
    var order: [Int] = []

    mutating func location(_ key: Int) -> Int {
      while numbers.count <= key { numbers.append(-1) }
      if numbers[key] >= 0 { return numbers[key] }
      numbers[key] = order.count
      order.append(key)
      return order.count - 1
    }
  }

  private struct Contents: Hashable {
    var tracked: Int
    var sent: NumberSet
  }

  /// Makes locations and edges.
  mutating func connect() throws(Unsupported) {
    var connection = Connection(numbers: Array(repeating: -1, count: keys.count))
    _ = connection.location(0)
    let ranks = ranks()
    var networks: [Contents: [State.NetworkState]] = [:]
    var next = 0
    while next < connection.order.count {
      try spendLocation()
      let key = connection.order[next]
      let sent = key < maySent.count ? maySent[key] : NumberSet()
      locations.append(try location(key, sent, &networks))
      if keys.ending(of: key) == nil { try connect(next, key, sent, ranks, &connection) }
      next += 1
    }
  }

  /// The edges from a location.
  private mutating func connect(
    _ source: Int,
    _ key: Int,
    _ sent: NumberSet,
    _ ranks: [Int],
    _ connection: inout Connection
  ) throws(Unsupported) {
    let first = edges.count
    for instance in model.instances.indices {
      for move in try localMoves(of: instance, receiving: nil, key) {
        for effect in effects(of: move, instance, receiving: nil, key) {
          try addEdges(move, effect, source, receiving: nil, key, &connection)
        }
      }
    }
    let arriving = deliverable(in: keys.contents(of: key))
    let all = sent.isEmpty ? arriving : arriving + sent.elements
    var untaken: [Int] = []
    for envelope in sent.isEmpty ? all : all.sorted(by: { ranks[$0] < ranks[$1] }) {
      let instance = moves.envelopes[envelope].receiver
      let possible = try localMoves(of: instance, receiving: envelope, key)
      if possible.isEmpty { untaken.append(envelope) }
      for move in possible {
        for effect in effects(of: move, instance, receiving: envelope, key) {
          try addEdges(move, effect, source, receiving: envelope, key, &connection)
        }
      }
    }
    for (step, target) in acts(key) {
      let move = LocalMoves.Move(step: step, target: 0, changes: [])
      try addEdges(move, Effect(target: target), source, receiving: nil, key, &connection)
    }
    let standstills = try standstills(source, try otherDeadlines(key), edges[first...])
    if !standstills.isEmpty {
      mayStandStill = true
      let target = connection.location(keys.number(of: .standstill))
      for edge in standstills { try add(edge.leading(to: target)) }
    }
    for envelope in untaken {
      let target = connection.location(keys.number(of: .untaken(envelope)))
      for edge in arrivals(envelope, source, keys.networks[keys.contents(of: key)]) {
        try add(edge.leading(to: target))
      }
    }
  }

  /// Place of each message in the order in which deliveries are tried.
  private func ranks() -> [Int] {
    let envelopes = moves.envelopes.values
    var result = [Int](repeating: 0, count: envelopes.count)
    let order = envelopes.indices.sorted { envelopes[$0] < envelopes[$1] }
    for (rank, number) in order.enumerated() { result[number] = rank }
    return result
  }

  private mutating func location(
    _ key: Int,
    _ sent: NumberSet,
    _ known: inout [Contents: [State.NetworkState]]
  ) throws(Unsupported) -> ControlGraph.Location {
    let both = Contents(tracked: keys.contents(of: key), sent: sent)
    let networks: [State.NetworkState]
    if let found = known[both] {
      networks = found
    } else {
      networks = self.networks(both)
      known[both] = networks
    }
    return ControlGraph.Location(
      state: State(
        instances: keys.locals(of: key).enumerated().map { moves.locals[$0][$1] },
        networks: networks
      ),
      deadlines: keys.deadlines[keys.deadlines(of: key)] + (try otherDeadlines(key)),
      ending: keys.ending(of: key)
    )
  }

  private func networks(_ contents: Contents) -> [State.NetworkState] {
    var result = keys.networks[contents.tracked]
    for number in contents.sent.elements {
      let envelope = moves.envelopes[number]
      // A growing set has room for everything.
      _ = result[envelope.network].add(envelope, in: model.networks[envelope.network])
    }
    return result
  }

  /// What keeps time from passing besides armed timers.
  private mutating func otherDeadlines(_ key: Int) throws(Unsupported) -> [ControlGraph.Deadline] {
    if keys.ending(of: key) != nil { return [] }
    var result: [ControlGraph.Deadline] = []
    if copies.hasClocks {
      let copies = copies
      result = copies.deadlines(keys.networks[keys.contents(of: key)]) { moves.number(of: $0) }
    }
    if try isUrgent(key) {
      let zero = LinearTerm.zero(moves.parameterCount)
      result.append(ControlGraph.Deadline(clock: moves.number(of: .urgency), bound: zero))
    }
    return result
  }

  /// Adds an edge for each copy that the step may be about, and each way in which its guard is
  /// true.
  private mutating func addEdges(
    _ move: LocalMoves.Move,
    _ effect: Effect,
    _ source: Int,
    receiving envelope: Int?,
    _ key: Int,
    _ connection: inout Connection
  ) throws(Unsupported) {
    var edge = ControlGraph.Edge(
      source: source,
      target: connection.location(effect.target),
      step: move.step,
      arriving: envelope,
      fires: effect.fires,
      receives: envelope.flatMap { alive($0) },
      resets: effect.resets,
      sends: effect.sends
    )
    // No time has passed since where the source is urgent too.
    if try isUrgent(effect.target), try !isUrgent(key) {
      edge.resets = (edge.resets + [moves.number(of: .urgency)]).sorted()
    }
    for way in ways(of: move.step, receiving: envelope, key, effect.sentCopies) {
      for tests in move.tests {
        var result = edge
        result.tests = way.tests.isEmpty ? tests : tests + way.tests
        if !way.resets.isEmpty { result.resets = (edge.resets + way.resets).sorted() }
        result.transfers = way.transfers
        try add(result)
      }
    }
  }

  private mutating func ways(
    of step: Step,
    receiving envelope: Int?,
    _ key: Int,
    _ sent: [Envelope]
  ) -> [CopyClocks.Way] {
    guard copies.hasClocks else { return [CopyClocks.Way()] }
    let copies = copies
    return copies.ways(
      of: step,
      arriving: envelope.map { moves.envelopes[$0] },
      from: keys.networks[keys.contents(of: key)],
      sending: sent
    ) { moves.number(of: $0) }
  }

  private mutating func add(_ edge: ControlGraph.Edge) throws(Unsupported) {
    if edge.target == edge.source, edge.resets.isEmpty, edge.fires == nil, edge.transfers.isEmpty {
      return
    }
    if edges.count == edges.capacity {
      // They grow by two, and the old ones are given back only when the new ones stand.
      let bytes = 2 * edges.capacity * MemoryLayout<ControlGraph.Edge>.stride
      if let reason = budget.objection(bytes) { throw Unsupported(reason: reason) }
    }
    edges.append(edge)
  }
}
