import LingerEval
import LingerModel

/// Explores a model for its control graph, breadth first.
///
/// A location has a *key*: the local states, the tracked messages and the deadlines. Which other
/// messages may have been sent is the union over all ways to the key, so a key is spread again
/// when that set grows; the edges are made when nothing grows any more.
struct ControlExploration {
  typealias Unsupported = ControlGraph.Unsupported

  private(set) var locations: [ControlGraph.Location] = []
  private(set) var edges: [ControlGraph.Edge] = []
  private(set) var moves: LocalMoves

  private let model: Model
  private let lifetimes: [LinearTerm?]
  private let shouldStop: () -> String?

  private var keys = Numbering<Key>()
  private var contents = Numbering<[State.NetworkState]>()
  private var deadlines = Numbering<[ControlGraph.Deadline]>()
  /// For each contents the messages that may arrive, and what sending one makes of it.
  private var deliverable: [Int: [Int]] = [:]
  private var additions: [Addition: Int] = [:]
  /// For each key the untracked messages that may have been sent.
  private var maySent: [NumberSet] = []

  private struct Key: Hashable {
    var locals: [Int]
    var contents: Int
    var deadlines: Int
  }

  private struct Addition: Hashable {
    var contents: Int
    var envelope: Int
  }

  /// What a move makes of a key.
  private struct Effect {
    var key: Key
    var fires: ControlGraph.Deadline?
    var resets: [Int] = []
    var sends: [Int] = []
  }

  init(
    _ model: Model,
    _ moves: LocalMoves,
    _ lifetimes: [LinearTerm?],
    shouldStop: @escaping () -> String?
  ) {
    self.model = model
    self.moves = moves
    self.lifetimes = lifetimes
    self.shouldStop = shouldStop
  }

  /// Explores up to `limit` locations; stops as soon as a step counts a message that is not
  /// tracked, which ``LocalMoves/counted`` then tells.
  mutating func run(limit: Int) throws(Unsupported) {
    let start = moves.evaluator.initialState
    let initial = Key(
      locals: start.instances.enumerated().map { moves.number(ofLocal: $1, of: $0) },
      contents: contents.number(of: start.networks),
      deadlines: deadlines.number(of: [])
    )
    try spread(from: initial, limit: limit)
    if moves.counted.isEmpty { try connect() }
  }

  private func checkTime(_ count: Int) throws(Unsupported) {
    if count.isMultiple(of: 64), let reason = shouldStop() { throw Unsupported(reason: reason) }
  }
}

/// Which keys there are, and what may have been sent at each: a fixpoint.
extension ControlExploration {
  private struct Spread {
    var open = [0]
    var isOpen = [true]
    /// For each key the messages whose arrival was looked at; nil before the first time.
    var taken: [NumberSet?] = [nil]
    var successors: [Set<Int>] = [[]]
  }

  private mutating func spread(from initial: Key, limit: Int) throws(Unsupported) {
    _ = keys.number(of: initial)
    maySent.append(NumberSet())
    var spread = Spread()
    var next = 0
    while next < spread.open.count {
      let key = spread.open[next]
      next += 1
      spread.isOpen[key] = false
      try checkTime(next)
      try visit(key, &spread)
      if !moves.counted.isEmpty { return }
      if keys.count > limit {
        throw Unsupported(reason: "more than \(limit) locations in the control graph")
      }
    }
  }

  private mutating func visit(_ number: Int, _ spread: inout Spread) throws(Unsupported) {
    let key = keys[number]
    let sent = maySent[number]
    let old = spread.taken[number]
    spread.taken[number] = sent
    if old == nil {
      for instance in model.instances.indices {
        for move in try localMoves(of: instance, receiving: nil, key) {
          enter(effect(of: move, instance, key), from: number, &spread)
        }
      }
      for envelope in deliverable(in: key.contents) {
        try arrive(envelope, number, key, &spread)
      }
      for loss in losses(key) {
        enter(Effect(key: loss.key), from: number, &spread)
      }
    }
    for envelope in sent.subtracting(old ?? NumberSet()).elements {
      try arrive(envelope, number, key, &spread)
    }
    // Ascending: the order of keys does not depend on that of a set.
    for successor in spread.successors[number].sorted() where successor != number {
      add(sent, to: successor, &spread)
    }
  }

  private mutating func arrive(
    _ envelope: Int,
    _ number: Int,
    _ key: Key,
    _ spread: inout Spread
  ) throws(Unsupported) {
    let instance = moves.envelopes[envelope].receiver
    for move in try localMoves(of: instance, receiving: envelope, key) {
      enter(effect(of: move, instance, key), from: number, &spread)
    }
  }

  private mutating func enter(_ effect: Effect, from source: Int, _ spread: inout Spread) {
    let target = keys.number(of: effect.key)
    if target == maySent.count {
      maySent.append(NumberSet())
      spread.open.append(target)
      spread.isOpen.append(true)
      spread.taken.append(nil)
      spread.successors.append([])
    }
    spread.successors[source].insert(target)
    let untracked = effect.sends.filter { !moves.tracks(moves.envelopes[$0]) }
    if !untracked.isEmpty { add(NumberSet(untracked), to: target, &spread) }
  }

  private mutating func add(_ sent: NumberSet, to key: Int, _ spread: inout Spread) {
    guard maySent[key].formUnion(sent), !spread.isOpen[key] else { return }
    spread.isOpen[key] = true
    spread.open.append(key)
  }
}

/// The graph.
extension ControlExploration {
  /// Makes locations and edges, in the order of a search breadth first.
  private mutating func connect() throws(Unsupported) {
    var numbers = [Int?](repeating: nil, count: keys.count)
    var order = [0]
    numbers[0] = 0
    func location(_ key: Int) -> Int {
      if let number = numbers[key] { return number }
      numbers[key] = order.count
      order.append(key)
      return order.count - 1
    }
    let ranks = ranks()
    var networks: [Contents: [State.NetworkState]] = [:]
    var next = 0
    while next < order.count {
      try checkTime(next)
      let key = keys[order[next]]
      let sent = maySent[order[next]]
      locations.append(self.location(key, sent, &networks))
      for instance in model.instances.indices {
        for move in try localMoves(of: instance, receiving: nil, key) {
          add(edge(move, instance, next, key, location))
        }
      }
      let arriving = deliverable(in: key.contents)
      let all = sent.isEmpty ? arriving : arriving + sent.elements
      for envelope in sent.isEmpty ? all : all.sorted(by: { ranks[$0] < ranks[$1] }) {
        let instance = moves.envelopes[envelope].receiver
        for move in try localMoves(of: instance, receiving: envelope, key) {
          add(edge(move, instance, next, key, location))
        }
      }
      for loss in losses(key) {
        let target = location(keys.number(of: loss.key))
        add(ControlGraph.Edge(source: next, target: target, step: loss.step, resets: []))
      }
      next += 1
    }
  }

  private struct Contents: Hashable {
    var tracked: Int
    var sent: NumberSet
  }

  /// Place of each message in the order in which deliveries are tried.
  private func ranks() -> [Int] {
    let envelopes = moves.envelopes.values
    var result = [Int](repeating: 0, count: envelopes.count)
    let order = envelopes.indices.sorted { envelopes[$0] < envelopes[$1] }
    for (rank, number) in order.enumerated() { result[number] = rank }
    return result
  }

  private func location(
    _ key: Key,
    _ sent: NumberSet,
    _ known: inout [Contents: [State.NetworkState]]
  ) -> ControlGraph.Location {
    let both = Contents(tracked: key.contents, sent: sent)
    var networks = known[both] ?? contents[key.contents]
    if known[both] == nil {
      for number in sent.elements {
        let envelope = moves.envelopes[number]
        // A growing set has room for everything.
        _ = networks[envelope.network].add(envelope, in: model.networks[envelope.network])
      }
      known[both] = networks
    }
    return ControlGraph.Location(
      state: State(
        instances: key.locals.enumerated().map { moves.locals[$0][$1] },
        networks: networks
      ),
      deadlines: deadlines[key.deadlines]
    )
  }

  private mutating func edge(
    _ move: LocalMoves.Move,
    _ instance: Int,
    _ source: Int,
    _ key: Key,
    _ location: (Int) -> Int
  ) -> ControlGraph.Edge {
    let effect = effect(of: move, instance, key)
    var edge = ControlGraph.Edge(
      source: source,
      target: location(keys.number(of: effect.key)),
      step: move.step,
      fires: effect.fires,
      resets: effect.resets,
      sends: effect.sends
    )
    if case .transition(_, _, .receive(let envelope), _) = move.step,
      let lifetime = lifetimes[envelope.network]
    {
      edge.receives = ControlGraph.Deadline(clock: moves.clock(of: envelope), bound: lifetime)
    }
    return edge
  }

  private mutating func add(_ edge: ControlGraph.Edge) {
    if edge.target != edge.source || !edge.resets.isEmpty || edge.fires != nil {
      edges.append(edge)
    }
  }
}

/// Steps.
extension ControlExploration {
  private mutating func localMoves(
    of instance: Int,
    receiving envelope: Int?,
    _ key: Key
  ) throws(Unsupported) -> [LocalMoves.Move] {
    let networks = contents[key.contents]
    return try moves.moves(
      of: instance,
      in: key.locals[instance],
      receiving: envelope,
      copies: { networks[$0.network].copies(of: $0) }
    )
  }

  private mutating func effect(of move: LocalMoves.Move, _ instance: Int, _ key: Key) -> Effect {
    var effect = Effect(key: key)
    var armed = deadlines[key.deadlines]
    effect.key.locals[instance] = move.target
    if let (instance, timer) = move.step.timeout {
      let clock = moves.clock(ofTimer: timer, of: instance)
      effect.fires = armed.first { $0.clock == clock }
      armed.removeAll { $0.clock == clock }
    }
    for change in move.changes {
      switch change {
      case .arm(let deadline):
        armed.removeAll { $0.clock == deadline.clock }
        armed.append(deadline)
        effect.resets.append(deadline.clock)
      case .disarm(let clock):
        armed.removeAll { $0.clock == clock }
        effect.resets.removeAll { $0 == clock }
      case .send(let envelope, let clock):
        effect.resets.append(clock)
        effect.sends.append(envelope)
        if moves.tracks(moves.envelopes[envelope]) {
          effect.key.contents = contents(effect.key.contents, adding: envelope)
        }
      }
    }
    effect.resets = Array(Set(effect.resets)).sorted()
    armed.sort { $0.clock < $1.clock }
    effect.key.deadlines = deadlines.number(of: armed)
    return effect
  }

  private mutating func deliverable(in number: Int) -> [Int] {
    if let known = deliverable[number] { return known }
    let found = zip(contents[number], model.networks).flatMap { $0.deliverable(in: $1) }
      .map { moves.number(of: $0) }
    deliverable[number] = found
    return found
  }

  private mutating func contents(_ number: Int, adding envelope: Int) -> Int {
    let addition = Addition(contents: number, envelope: envelope)
    if let known = additions[addition] { return known }
    let message = moves.envelopes[envelope]
    var networks = contents[number]
    _ = networks[message.network].add(message, in: model.networks[message.network])
    let result = contents.number(of: networks)
    additions[addition] = result
    return result
  }

  /// What networks lose by a step.
  private mutating func losses(_ key: Key) -> [(step: Step, key: Key)] {
    var result: [(step: Step, key: Key)] = []
    for network in model.networks.indices where model.networks[network].hasLossSteps {
      let state = State(
        instances: key.locals.enumerated().map { moves.locals[$0][$1] },
        networks: contents[key.contents]
      )
      for act in moves.evaluator.acts(ofNetwork: network, in: state) {
        guard case .success(let after) = act.outcome else { continue }
        var target = key
        target.contents = contents.number(of: after.networks)
        result.append((act.step, target))
      }
    }
    return result
  }
}
