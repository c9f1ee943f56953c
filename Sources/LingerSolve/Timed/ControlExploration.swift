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
  /// Whether there is a location that time may be unable to leave.
  private(set) var mayStandStill = false
  var moves: LocalMoves

  private let model: Model
  private let start: State
  let copies: CopyClocks
  private let hasUrgency: Bool
  private let budget: Budget
  /// What a location costs, in units of ``StopCheck``.
  private static let workOfLocation = 32

  private var keys = Numbering<Key>()
  private var contents = Numbering<[State.NetworkState]>()
  private var deadlines = Numbering<[ControlGraph.Deadline]>()
  /// For each contents the messages that may arrive, and what sending one makes of it.
  private var deliverable: [Int: [Int]] = [:]
  private var additions: [Addition: Int?] = [:]
  /// For each key the untracked messages that may have been sent.
  private var maySent: [NumberSet] = []

  private struct Key: Hashable {
    var locals: [Int]
    var contents: Int
    var deadlines: Int
    var ending: ControlGraph.Ending?
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
    /// What is sent into growing sets, and into networks that keep copies.
    var sends: [Int] = []
    var sentCopies: [Envelope] = []
  }

  init(
    _ model: Model,
    _ moves: LocalMoves,
    _ copies: CopyClocks,
    _ budget: Budget
  ) {
    self.budget = budget
    self.model = model
    start = moves.evaluator.initialState
    self.moves = moves
    self.copies = copies
    hasUrgency = model.transitions.contains(where: \.isUrgent)
  }

  /// Explores up to `limit` locations; stops as soon as a step counts a message that is not
  /// tracked, which ``LocalMoves/counted`` then tells.
  mutating func run(limit: Int) throws(Unsupported) {
    let initial = Key(
      locals: start.instances.enumerated().map { moves.number(ofLocal: $1, of: $0) },
      contents: contents.number(of: start.networks),
      deadlines: deadlines.number(of: try moves.initialDeadlines())
    )
    try spread(from: initial, limit: limit)
    if moves.counted.isEmpty { try connect() }
  }

  /// Counts work; throws where it has to end.
  private func spend(_ work: Int) throws(Unsupported) {
    guard moves.stop.spend(work) else { return }
    throw Unsupported(reason: moves.stop.reason ?? "stopped")
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
      try spend(Self.workOfLocation)
      try visit(key, &spread)
      if !moves.counted.isEmpty { return }
      if keys.count > limit {
        throw Unsupported(
          reason: .limit(
            .locations,
            limit,
            "more than \(limit) locations in the control graph"
          )
        )
      }
    }
  }

  private mutating func visit(_ number: Int, _ spread: inout Spread) throws(Unsupported) {
    let key = keys[number]
    let sent = maySent[number]
    let old = spread.taken[number]
    spread.taken[number] = sent
    if key.ending != nil { return }
    if old == nil {
      for instance in model.instances.indices {
        for move in try localMoves(of: instance, receiving: nil, key) {
          for effect in effects(of: move, instance, key) {
            enter(effect, from: number, &spread)
          }
        }
      }
      for envelope in deliverable(in: key.contents) {
        try arrive(envelope, number, key, &spread)
      }
      for act in acts(key) {
        enter(Effect(key: act.key), from: number, &spread)
      }
    }
    for envelope in sent.subtracting(old ?? NumberSet()).elements {
      try arrive(envelope, number, key, &spread)
    }
    // Ascending: the order of keys does not depend on that of a set.
    for successor in spread.successors[number].sorted()
    where successor != number && keys[successor].ending == nil {
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
      for effect in effects(of: move, instance, key) { enter(effect, from: number, &spread) }
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
    func ending(_ ending: ControlGraph.Ending) -> Int {
      let key = keys.number(of: self.key(of: ending))
      while numbers.count < keys.count { numbers.append(nil) }
      while maySent.count < keys.count { maySent.append(NumberSet()) }
      return location(key)
    }
    let ranks = ranks()
    var networks: [Contents: [State.NetworkState]] = [:]
    var next = 0
    while next < order.count {
      try spend(Self.workOfLocation)
      let key = keys[order[next]]
      let sent = maySent[order[next]]
      locations.append(try self.location(key, sent, &networks))
      if key.ending != nil {
        next += 1
        continue
      }
      let first = edges.count
      for instance in model.instances.indices {
        for move in try localMoves(of: instance, receiving: nil, key) {
          for effect in effects(of: move, instance, key) {
            try add(edges(move, effect, next, key, location))
          }
        }
      }
      let arriving = deliverable(in: key.contents)
      let all = sent.isEmpty ? arriving : arriving + sent.elements
      var untaken: [Int] = []
      for envelope in sent.isEmpty ? all : all.sorted(by: { ranks[$0] < ranks[$1] }) {
        let instance = moves.envelopes[envelope].receiver
        let possible = try localMoves(of: instance, receiving: envelope, key)
        if possible.isEmpty { untaken.append(envelope) }
        for move in possible {
          for effect in effects(of: move, instance, key) {
            try add(edges(move, effect, next, key, location))
          }
        }
      }
      for (step, target) in acts(key) {
        let move = LocalMoves.Move(step: step, target: 0, changes: [])
        try add(edges(move, Effect(key: target), next, key, location))
      }
      let standstills = try standstills(next, try otherDeadlines(key), edges[first...])
      if !standstills.isEmpty {
        mayStandStill = true
        let target = ending(.standstill)
        try add(standstills.map { $0.leading(to: target) })
      }
      for envelope in untaken {
        let target = ending(.untaken(envelope))
        try add(arrivals(envelope, next, contents[key.contents]).map { $0.leading(to: target) })
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

  private mutating func location(
    _ key: Key,
    _ sent: NumberSet,
    _ known: inout [Contents: [State.NetworkState]]
  ) throws(Unsupported) -> ControlGraph.Location {
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
      deadlines: deadlines[key.deadlines] + (try otherDeadlines(key)),
      ending: key.ending
    )
  }

  /// What keeps time from passing besides armed timers.
  private mutating func otherDeadlines(_ key: Key) throws(Unsupported) -> [ControlGraph.Deadline] {
    if key.ending != nil { return [] }
    let copies = copies
    var result = copies.deadlines(contents[key.contents]) { moves.number(of: $0) }
    if try isUrgent(key) {
      let zero = LinearTerm.zero(moves.parameterCount)
      result.append(ControlGraph.Deadline(clock: moves.number(of: .urgency), bound: zero))
    }
    return result
  }

  /// An edge for each copy that the step may be about, and each way in which its guard is true.
  private mutating func edges(
    _ move: LocalMoves.Move,
    _ effect: Effect,
    _ source: Int,
    _ key: Key,
    _ location: (Int) -> Int
  ) throws(Unsupported) -> [ControlGraph.Edge] {
    let copies = copies
    var edge = ControlGraph.Edge(
      source: source,
      target: location(keys.number(of: effect.key)),
      step: move.step,
      arriving: move.step.arriving,
      fires: effect.fires,
      receives: move.step.arriving.flatMap { alive($0) },
      resets: effect.resets,
      sends: effect.sends
    )
    // No time has passed since where the source is urgent too.
    if try isUrgent(effect.key), try !isUrgent(key) {
      edge.resets.append(moves.number(of: .urgency))
    }
    let ways = copies.ways(
      of: move.step,
      arriving: move.step.arriving,
      from: contents[key.contents],
      sending: effect.sentCopies
    ) { moves.number(of: $0) }
    return ways.flatMap { way in
      move.tests.map { tests in
        var result = edge
        result.tests = tests + way.tests
        result.resets = (edge.resets + way.resets).sorted()
        result.transfers = way.transfers
        return result
      }
    }
  }

  private mutating func isUrgent(_ key: Key) throws(Unsupported) -> Bool {
    guard hasUrgency, key.ending == nil else { return false }
    for instance in model.instances.indices {
      if try answer(of: instance, receiving: nil, key).isUrgent { return true }
    }
    return false
  }

  private mutating func add(_ edges: [ControlGraph.Edge]) throws(Unsupported) {
    if self.edges.count + edges.count > self.edges.capacity {
      // They grow by two, and the old ones are given back only when the new ones stand.
      let bytes = 2 * self.edges.capacity * MemoryLayout<ControlGraph.Edge>.stride
      if let reason = budget.objection(bytes) { throw Unsupported(reason: reason) }
    }
    for edge in edges
    where edge.target != edge.source || !edge.resets.isEmpty || edge.fires != nil
      || !edge.transfers.isEmpty
    {
      self.edges.append(edge)
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
    let result = try answer(of: instance, receiving: envelope, key).moves
    try spend(result.count)
    return result
  }

  private mutating func answer(
    of instance: Int,
    receiving envelope: Int?,
    _ key: Key
  ) throws(Unsupported) -> LocalMoves.Answer {
    let taken = envelope.map { contents(key.contents, taking: $0) } ?? key.contents
    let networks = contents[taken]
    return try moves.moves(
      of: instance,
      in: key.locals[instance],
      receiving: envelope,
      copies: { networks[$0.network].copies(of: $0) }
    )
  }

  /// What a move makes of a key: where it leads, or to what end, and to what end besides for
  /// parameter values for which a timer's duration is below zero.
  private mutating func effects(
    of move: LocalMoves.Move,
    _ instance: Int,
    _ key: Key
  ) -> [Effect] {
    var effect = Effect(key: key)
    var armed = deadlines[key.deadlines]
    if let (instance, timer) = move.step.timeout {
      let clock = moves.clock(ofTimer: timer, of: instance)
      effect.fires = armed.first { $0.clock == clock }
      armed.removeAll { $0.clock == clock }
    }
    if case .transition(_, _, .receive(let envelope), _) = move.step {
      effect.key.contents = contents(key.contents, taking: moves.number(of: envelope))
    }
    guard let target = move.target else { return [ending(.failure, effect)] }
    effect.key.locals[instance] = target
    var started: [ControlGraph.Deadline] = []
    for change in move.changes {
      switch change {
      case .arm(let deadline):
        armed.removeAll { $0.clock == deadline.clock }
        armed.append(deadline)
        started.removeAll { $0.clock == deadline.clock }
        started.append(deadline)
        effect.resets.append(deadline.clock)
      case .disarm(let clock):
        armed.removeAll { $0.clock == clock }
        started.removeAll { $0.clock == clock }
        effect.resets.removeAll { $0 == clock }
      case .send(let envelope, let clock?):
        effect.resets.append(clock)
        effect.sends.append(envelope)
        if moves.tracks(moves.envelopes[envelope]) {
          effect.key.contents =
            contents(effect.key.contents, adding: envelope)
            ?? effect.key.contents
        }
      case .send(let number, nil):
        let envelope = moves.envelopes[number]
        if let after = contents(effect.key.contents, adding: number) {
          effect.key.contents = after
          effect.sentCopies.append(envelope)
        } else if !model.networks[envelope.network].dropsWhenFull {
          return [ending(.failure, effect)]
        }
      }
    }
    effect.resets = Array(Set(effect.resets)).sorted()
    armed.sort { $0.clock < $1.clock }
    effect.key.deadlines = deadlines.number(of: armed)
    let shortfalls = started.compactMap { moves.clock(ofShortfall: $0.bound) }
    return [effect] + shortfalls.map { ending(.overdue($0), effect, resetting: [$0]) }
  }

  private mutating func ending(
    _ ending: ControlGraph.Ending,
    _ effect: Effect,
    resetting resets: [Int] = []
  ) -> Effect {
    Effect(key: key(of: ending), fires: effect.fires, resets: resets)
  }

  /// The key of an ending: of the state nothing is left.
  private mutating func key(of ending: ControlGraph.Ending) -> Key {
    Key(
      locals: start.instances.enumerated().map { moves.number(ofLocal: $1, of: $0) },
      contents: contents.number(of: start.networks),
      deadlines: deadlines.number(of: []),
      ending: ending
    )
  }

  private mutating func deliverable(in number: Int) -> [Int] {
    if let known = deliverable[number] { return known }
    let found = zip(contents[number], model.networks).flatMap { $0.deliverable(in: $1) }
      .map { moves.number(of: $0) }
    deliverable[number] = found
    return found
  }

  /// The contents with a message more; nil where there is no place.
  private mutating func contents(_ number: Int, adding envelope: Int) -> Int? {
    let addition = Addition(contents: number, envelope: envelope)
    if let known = additions[addition] { return known }
    let message = moves.envelopes[envelope]
    var networks = contents[number]
    let isAdded = networks[message.network].add(message, in: model.networks[message.network])
    let result = isAdded ? contents.number(of: networks) : nil
    additions[addition] = .some(result)
    return result
  }

  /// The contents after a message has arrived.
  private mutating func contents(_ number: Int, taking envelope: Int) -> Int {
    let message = moves.envelopes[envelope]
    guard moves.isCopied(message) else { return number }
    var networks = contents[number]
    networks[message.network].take(message, in: model.networks[message.network])
    return contents.number(of: networks)
  }

  /// What networks do by themselves.
  private mutating func acts(_ key: Key) -> [(step: Step, key: Key)] {
    var result: [(step: Step, key: Key)] = []
    for (network, options) in model.networks.enumerated()
    where options.hasLossSteps || options.hasDuplicationSteps {
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
