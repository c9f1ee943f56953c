import LingerEval
import LingerModel

/// Explores a model for its control graph, breadth first.
///
/// A location has a *key*: the local states, the tracked messages and the deadlines. Which other
/// messages may have been sent is the union over all ways to the key, so a key is spread again
/// when that set grows; the edges are made when nothing grows any more.
///
/// Each message has a clock of its own here, whatever messages are told apart by.
struct ControlExploration {
  typealias Unsupported = ControlGraph.Unsupported

  var locations: [ControlGraph.Location] = []
  var edges: [ControlGraph.Edge] = []
  /// Whether there is a location that time may be unable to leave.
  var mayStandStill = false
  var moves: LocalMoves

  let model: Model
  let start: State
  let copies: CopyClocks
  private let hasUrgency: Bool
  /// Networks that lose or duplicate messages by steps of their own.
  let activeNetworks: [Int]
  let budget: Budget
  /// What a location costs, in units of ``StopCheck``.
  private static let workOfLocation = 32

  var keys: Keys
  /// For each key the untracked messages that may have been sent.
  var maySent: [NumberSet] = []
  /// What each move that is remembered does, worked out when it is met first.
  var plans: [Plan?] = []

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
    keys = Keys(model)
    hasUrgency = model.transitions.contains(where: \.isUrgent)
    activeNetworks = model.networks.indices.filter {
      model.networks[$0].hasLossSteps || model.networks[$0].hasDuplicationSteps
    }
  }

  /// Explores up to `limit` locations; stops as soon as a step counts a message that is not
  /// tracked, which ``LocalMoves/counted`` then tells.
  mutating func run(limit: Int) throws(Unsupported) {
    let locals = start.instances.enumerated().map { moves.number(ofLocal: $1, of: $0) }
    keys.begin(locals, start.networks, try moves.initialDeadlines())
    try spread(limit: limit)
    if moves.counted.isEmpty { try connect() }
  }

  /// Counts work; throws where it has to end.
  private func spend(_ work: Int) throws(Unsupported) {
    guard moves.stop.spend(work) else { return }
    throw Unsupported(reason: moves.stop.reason ?? "stopped")
  }

  func spendLocation() throws(Unsupported) { try spend(Self.workOfLocation) }
}

/// Which keys there are, and what may have been sent at each: a fixpoint.
extension ControlExploration {
  private struct Spread {
    var open = [0]
    var isOpen = [true]
    /// For each key the messages whose arrival was looked at; nil before the first time.
    var taken: [NumberSet?] = [nil]
    /// Where its steps lead; in order and without repeats once it was visited.
    var successors: [[Int]] = [[]]
  }

  private mutating func spread(limit: Int) throws(Unsupported) {
    maySent.append(NumberSet())
    var spread = Spread()
    var next = 0
    while next < spread.open.count {
      let key = spread.open[next]
      next += 1
      spread.isOpen[key] = false
      try spendLocation()
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

  private mutating func visit(_ key: Int, _ spread: inout Spread) throws(Unsupported) {
    let sent = maySent[key]
    let old = spread.taken[key]
    spread.taken[key] = sent
    if keys.ending(of: key) != nil { return }
    let known = spread.successors[key].count
    if old == nil {
      for instance in model.instances.indices {
        for move in try localMoves(of: instance, receiving: nil, key) {
          for effect in effects(of: move, instance, receiving: nil, key) {
            enter(effect, from: key, &spread)
          }
        }
      }
      for envelope in deliverable(in: keys.contents(of: key)) {
        try arrive(envelope, key, &spread)
      }
      for act in acts(key) {
        enter(Effect(target: act.target), from: key, &spread)
      }
    }
    for envelope in sent.subtracting(old ?? NumberSet()).elements {
      try arrive(envelope, key, &spread)
    }
    // Ascending: the order of keys does not depend on that of their steps.
    if spread.successors[key].count > known {
      spread.successors[key] = spread.successors[key].ascending
    }
    for successor in spread.successors[key]
    where successor != key && keys.ending(of: successor) == nil {
      add(sent, to: successor, &spread)
    }
  }

  private mutating func arrive(
    _ envelope: Int,
    _ key: Int,
    _ spread: inout Spread
  ) throws(Unsupported) {
    let instance = moves.envelopes[envelope].receiver
    for move in try localMoves(of: instance, receiving: envelope, key) {
      for effect in effects(of: move, instance, receiving: envelope, key) {
        enter(effect, from: key, &spread)
      }
    }
  }

  private mutating func enter(_ effect: Effect, from source: Int, _ spread: inout Spread) {
    let target = effect.target
    while maySent.count <= target {
      spread.open.append(maySent.count)
      maySent.append(NumberSet())
      spread.isOpen.append(true)
      spread.taken.append(nil)
      spread.successors.append([])
    }
    spread.successors[source].append(target)
    if !effect.untracked.isEmpty { add(effect.untracked, to: target, &spread) }
  }

  private mutating func add(_ sent: NumberSet, to key: Int, _ spread: inout Spread) {
    guard maySent[key].formUnion(sent), !spread.isOpen[key] else { return }
    spread.isOpen[key] = true
    spread.open.append(key)
  }
}

/// Steps.
extension ControlExploration {
  mutating func localMoves(
    of instance: Int,
    receiving envelope: Int?,
    _ key: Int
  ) throws(Unsupported) -> [LocalMoves.Move] {
    let result = try answer(of: instance, receiving: envelope, key).moves
    try spend(result.count)
    return result
  }

  private mutating func answer(
    of instance: Int,
    receiving envelope: Int?,
    _ key: Int
  ) throws(Unsupported) -> LocalMoves.Answer {
    let local = keys.local(of: instance, key)
    if let known = moves.remembered(of: instance, in: local, receiving: envelope) { return known }
    var contents = keys.contents(of: key)
    if let envelope { contents = self.contents(contents, taking: envelope) }
    let networks = keys.networks[contents]
    return try moves.moves(
      of: instance,
      in: local,
      receiving: envelope,
      copies: { networks[$0.network].copies(of: $0) }
    )
  }

  mutating func isUrgent(_ key: Int) throws(Unsupported) -> Bool {
    guard hasUrgency, keys.ending(of: key) == nil else { return false }
    for instance in model.instances.indices {
      if try answer(of: instance, receiving: nil, key).isUrgent { return true }
    }
    return false
  }

  mutating func deliverable(in contents: Int) -> [Int] {
    if let known = keys.deliverable[contents] { return known }
    let found = zip(keys.networks[contents], model.networks).flatMap { $0.deliverable(in: $1) }
      .map { moves.number(of: $0) }
    keys.deliverable[contents] = found
    return found
  }

  /// What networks do by themselves.
  mutating func acts(_ key: Int) -> [(step: Step, target: Int)] {
    var result: [(step: Step, target: Int)] = []
    for network in activeNetworks {
      let state = State(
        instances: keys.locals(of: key).enumerated().map { moves.locals[$0][$1] },
        networks: keys.networks[keys.contents(of: key)]
      )
      for act in moves.evaluator.acts(ofNetwork: network, in: state) {
        guard case .success(let after) = act.outcome else { continue }
        result.append((act.step, keys.number(of: key, contents: after.networks)))
      }
    }
    return result
  }
}
