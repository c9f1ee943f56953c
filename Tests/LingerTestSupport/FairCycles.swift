import LingerEval
import LingerModel

/// Whether some fair run breaks a promise, by a way of its own on the reference evaluator.
///
/// For each condition of strong fairness, and for each message that is sent, it is guessed whether
/// it is served again and again, or not asked for from some point on. What is left are conditions
/// to be met again and again, and a greatest fixpoint of states from which each can be met (Emerson
/// and Lei). The explorer takes components apart instead.
struct FairCycles {
  private enum Condition: Hashable {
    case step(instance: Int, transition: Int)
    case timer(instance: Int, timer: Int)
    case passage(Envelope)
  }

  /// Conditions are bits.
  private struct Edge {
    var source: Int
    var target: Int
    var served: UInt64
    var sent: UInt64
  }

  private let evaluator: Evaluator
  private var numbers: [Condition: Int] = [:]
  private var edges: [Edge] = []
  private var incoming: [[Int]] = []
  /// What weak or strong fairness sees enabled in each state.
  private var enabled: [UInt64] = []
  private var weak: UInt64 = 0
  private var strong: UInt64 = 0
  private var timers: UInt64 = 0
  /// Calls that are not `fair`, where they are marked.
  private var calls: UInt64 = 0
  private let marksCalls: Bool
  /// More conditions than bits.
  private var isTooLarge = false

  private var model: Model { evaluator.model }

  init(on evaluator: Evaluator, marksCalls: Bool = false) {
    self.evaluator = evaluator
    self.marksCalls = marksCalls
  }

  /// A state and what it leads to: nil where a step ends in an error.
  mutating func add(_ state: State, _ number: Int, _ successors: [(Successor, target: Int?)]) {
    while enabled.count <= number { enabled.append(0) }
    for (instance, local) in state.instances.enumerated() {
      for (timer, isArmed) in local.armed.enumerated() where isArmed {
        enabled[number] |= bit(.timer(instance: instance, timer: timer))
      }
    }
    for (successor, target) in successors {
      let edge = edge(successor, from: number, to: target ?? -1)
      // What starts a timer does not have it armed.
      enabled[number] |= edge.served & ~timers
      if target != nil { edges.append(edge) }
    }
  }

  private mutating func bit(_ condition: Condition) -> UInt64 {
    let number = numbers[condition] ?? numbers.count
    guard number < 64 else {
      isTooLarge = true
      return 0
    }
    numbers[condition] = number
    let bit = UInt64(1) << UInt64(number)
    switch condition {
    case .step(_, let transition):
      if model.transitions[transition].fairness == .weak { weak |= bit }
      if model.transitions[transition].fairness == .strong { strong |= bit }
      if model.transitions[transition].fairness == .none { calls |= bit }
    case .timer:
      timers |= bit
      weak |= bit
    case .passage(let envelope):
      if model.networks[envelope.network].loss != .unlimited { weak |= bit }
    }
    return bit
  }

  private mutating func edge(_ successor: Successor, from source: Int, to target: Int) -> Edge {
    var edge = Edge(source: source, target: target, served: 0, sent: 0)
    switch successor.step {
    case .lose, .duplicate: return edge
    case .ignoredTimeout(let instance, let timer):
      edge.served |= bit(.timer(instance: instance, timer: timer))
    case .transition(let instance, let transition, let cause, _):
      if model.transitions[transition].fairness != .none || marksCalls && cause == .call {
        edge.served |= bit(.step(instance: instance, transition: transition))
      }
      if case .timeout(let timer) = cause {
        edge.served |= bit(.timer(instance: instance, timer: timer))
      }
      if case .receive(let envelope) = cause { edge.served |= bit(.passage(envelope)) }
    }
    for effect in successor.effects {
      switch effect {
      case .start(let instance, let timer, _), .cancel(let instance, let timer):
        edge.served |= bit(.timer(instance: instance, timer: timer))
      case .send(let envelope, _): edge.sent |= bit(.passage(envelope))
      case .signal: break
      }
    }
    return edge
  }

  private static let guessLimit = 81

  /// Whether it is, perhaps by a run in which every application acts; nil where there are too many
  /// guesses.
  mutating func isBroken(
    _ promise: Promise,
    in states: [State],
    callsAct: Bool = false
  ) -> Bool? {
    let weak = callsAct ? weak | calls : weak
    func isTrue(_ property: Property, _ state: State) -> Bool {
      (try? evaluator.evaluate(property, in: state)) ?? false
    }
    if isTooLarge { return nil }
    while enabled.count < states.count { enabled.append(0) }
    incoming = Array(repeating: [], count: states.count)
    var outgoing = incoming
    for (number, edge) in edges.enumerated() {
      incoming[edge.target].append(number)
      outgoing[edge.source].append(number)
    }
    let isWithout = states.map { !isTrue(promise.effect, $0) }
    var waiting = [Bool](repeating: false, count: states.count)
    var open = states.indices.filter { isWithout[$0] && isTrue(promise.cause, states[$0]) }
    while let state = open.popLast() {
      if waiting[state] { continue }
      waiting[state] = true
      for edge in outgoing[state] where isWithout[edges[edge].target] {
        open.append(edges[edge].target)
      }
    }
    var seen: UInt64 = 0
    var sent: UInt64 = 0
    for state in states.indices where waiting[state] {
      seen |= enabled[state]
      for edge in outgoing[state] where waiting[edges[edge].target] { sent |= edges[edge].sent }
    }
    let asked = (strong & seen).bits
    let messages = sent.bits
    var guesses = 1
    for _ in asked { guesses = min(2 * guesses, Self.guessLimit + 1) }
    for _ in messages { guesses = min(3 * guesses, Self.guessLimit + 1) }
    guard guesses <= Self.guessLimit else { return nil }
    let takers = Dictionary(
      uniqueKeysWithValues: messages.map { ($0, states.map { _ in Bool?.none }) }
    )
    var guess = Guess(states: states, takers: takers)
    for number in 0..<guesses {
      if isBroken(waiting, (weak & seen).bits, asked, messages, number, &guess) { return true }
    }
    return false
  }

  /// What is worked out once for all guesses.
  private struct Guess {
    var states: [State]
    var takers: [UInt64: [Bool?]]
  }

  /// One guess: of each condition in turn a digit.
  private func isBroken(
    _ waiting: [Bool],
    _ weak: [UInt64],
    _ strong: [UInt64],
    _ sent: [UInt64],
    _ number: Int,
    _ guess: inout Guess
  ) -> Bool {
    var rest = number
    var nodes = waiting
    var silent: UInt64 = 0
    var recurring: [UInt64] = []
    for condition in strong {
      if rest % 2 == 0 {
        recurring.append(condition)
      } else {
        for state in nodes.indices where enabled[state] & condition != 0 { nodes[state] = false }
      }
      rest /= 2
    }
    for message in sent {
      switch rest % 3 {
      case 0: recurring.append(message)
      case 1: silent |= message
      default:
        for state in nodes.indices where nodes[state] {
          if takes(message, state, &guess) { nodes[state] = false }
        }
      }
      rest /= 3
    }
    while true {
      var left = nodes
      for condition in weak {
        let good = reaching(nodes, silent, condition) { enabled[$0] & condition == 0 }
        for state in left.indices where !good[state] { left[state] = false }
      }
      for condition in recurring {
        let good = reaching(nodes, silent, condition) { _ in false }
        for state in left.indices where !good[state] { left[state] = false }
      }
      if left == nodes { return nodes.contains(true) }
      nodes = left
    }
  }
}

/// The shortest of them, by walking through everything that a run can have done so far.
extension FairCycles {
  /// A walk's end and what it has done, by conditions.
  private struct Walk: Hashable {
    var state: Int
    var served: UInt64
    var sent: UInt64 = 0
    /// Enabled in some state, not enabled in some, and messages taken in some.
    var seen: UInt64 = 0
    var missed: UInt64 = 0
    var taken: UInt64 = 0
  }

  private static let walkLimit = 5_000

  /// Steps of the shortest fair run that breaks a promise, its loop counted once; `depths` says how
  /// far each state is from the start. Nil where none does, and where there are too many walks.
  /// To be asked after ``isBroken(_:in:callsAct:)``.
  mutating func shortestBreach(of promise: Promise, in states: [State], depths: [Int]) -> Int? {
    func isTrue(_ property: Property, _ state: State) -> Bool {
      (try? evaluator.evaluate(property, in: state)) ?? false
    }
    let isWithout = states.map { !isTrue(promise.effect, $0) }
    var distance = states.indices.map { number in
      isWithout[number] && isTrue(promise.cause, states[number]) ? depths[number] : Int.max
    }
    var isSettled = false
    while !isSettled {
      isSettled = true
      for edge in edges
      where isWithout[edge.target] && distance[edge.source] < distance[edge.target] - 1 {
        distance[edge.target] = distance[edge.source] + 1
        isSettled = false
      }
    }
    let messages = edges.reduce(0) { $0 | $1.sent }.bits
    let takers = Dictionary(
      uniqueKeysWithValues: messages.map { ($0, states.map { _ in Bool?.none }) }
    )
    var guess = Guess(states: states, takers: takers)
    let taken = states.indices.map { state in
      messages.reduce(UInt64(0)) { takes($1, state, &guess) ? $0 | $1 : $0 }
    }
    var outgoing: [[Edge]] = Array(repeating: [], count: states.count)
    for edge in edges where distance[edge.target] < .max { outgoing[edge.source].append(edge) }
    var best = Int.max
    for start in states.indices where distance[start] < best {
      if enabled[start] & (weak | strong) == 0 {
        best = distance[start]
        continue
      }
      guard let length = loop(from: start, outgoing, taken, below: best - distance[start]) else {
        return nil
      }
      best = min(best, distance[start] + length)
    }
    return best == .max ? nil : best
  }

  /// Edges of the shortest fair loop, the limit where none is shorter; nil for too many walks.
  private func loop(
    from start: Int,
    _ outgoing: [[Edge]],
    _ taken: [UInt64],
    below limit: Int
  ) -> Int? {
    func visiting(_ walk: Walk) -> Walk {
      var walk = walk
      walk.seen |= enabled[walk.state] & strong
      walk.missed |= ~enabled[walk.state] & weak
      walk.taken |= taken[walk.state]
      return walk
    }
    func isFair(_ walk: Walk) -> Bool {
      weak & ~walk.served & ~walk.missed == 0 && walk.seen & ~walk.served == 0
        && walk.sent & walk.taken & ~walk.served == 0
    }
    let first = visiting(Walk(state: start, served: 0))
    var known: Set<Walk> = [first]
    var layer = [first]
    var length = 0
    while !layer.isEmpty, length + 1 < limit {
      length += 1
      var next: [Walk] = []
      for walk in layer {
        for edge in outgoing[walk.state] {
          var after = walk
          after.state = edge.target
          after.served |= edge.served
          after.sent |= edge.sent
          after = visiting(after)
          if after.state == start, isFair(after) { return length }
          if known.insert(after).inserted { next.append(after) }
        }
      }
      if known.count > Self.walkLimit { return nil }
      layer = next
    }
    return limit
  }
}

extension FairCycles {
  /// The states from which a good one, or an edge that serves a condition, can be reached.
  private func reaching(
    _ nodes: [Bool],
    _ silent: UInt64,
    _ condition: UInt64,
    _ isGood: (Int) -> Bool
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: nodes.count)
    var open = nodes.indices.filter { nodes[$0] && isGood($0) }
    for edge in edges
    where edge.served & condition != 0 && edge.sent & silent == 0 && nodes[edge.source]
      && nodes[edge.target]
    { open.append(edge.source) }
    while let state = open.popLast() {
      if result[state] { continue }
      result[state] = true
      for number in incoming[state] where edges[number].sent & silent == 0 {
        let source = edges[number].source
        if nodes[source], !result[source] { open.append(source) }
      }
    }
    return result
  }

  private func takes(_ message: UInt64, _ number: Int, _ guess: inout Guess) -> Bool {
    if let known = guess.takers[message]?[number] { return known }
    let state = guess.states[number]
    var isTaken = false
    for case (.passage(let envelope), message.trailingZeroBitCount) in numbers {
      isTaken =
        !evaluator.localSteps(
          of: envelope.receiver,
          local: state.instances[envelope.receiver],
          cause: .receive(envelope),
          copiesInFlight: { state.networks[$0.network].copies(of: $0) }
        ).isEmpty
    }
    guess.takers[message]?[number] = isTaken
    return isTaken
  }
}

extension UInt64 {
  /// Its bits, each by itself.
  fileprivate var bits: [UInt64] {
    (0..<64).map { UInt64(1) << UInt64($0) }.filter { self & $0 != 0 }
  }
}
