import LingerEval
import LingerModel

/// Explores a model for its control graph, breadth first.
///
/// What an instance does is a function of its own state and a message; it is worked out once and
/// remembered, by numbers for local states, messages and contents of the networks (as the explorer
/// does, docs/decisions/002).
struct ControlExploration {
  typealias Unsupported = ControlGraph.Unsupported

  private(set) var clocks: [Clock] = []
  private(set) var clockNumbers: [Clock: Int] = [:]
  private(set) var locations: [ControlGraph.Location] = []
  private(set) var edges: [ControlGraph.Edge] = []

  private let model: Model
  private let parameters: DurationParameters
  private let lifetimes: [LinearTerm?]
  private let evaluator: Evaluator
  private let probes: [Evaluator]

  private var keys = Numbering<Key>()
  private var locals: [Numbering<State.InstanceState>]
  private var contents = Numbering<[State.NetworkState]>()
  private var envelopes = Numbering<Envelope>()
  private var deadlines = Numbering<[ControlGraph.Deadline]>()
  /// For each contents the messages that may arrive, and what sending one makes of it.
  private var deliverable: [Int: [Int]] = [:]
  private var additions: [Addition: Int] = [:]
  /// What each instance does.
  private var known: [[Question: [Move]]]

  private struct Key: Hashable {
    var locals: [Int]
    var contents: Int
    var deadlines: Int
  }

  /// What an instance does in a local state with a message, or by itself.
  private struct Question: Hashable {
    var local: Int
    var envelope: Int?
  }

  private struct Addition: Hashable {
    var contents: Int
    var envelope: Int
  }

  /// A step of one instance in one local state.
  private struct Move {
    var step: Step
    /// Number of the local state afterwards.
    var target: Int
    var changes: [Change]
  }

  /// What a step does outside of the local state, in order.
  private enum Change {
    case arm(ControlGraph.Deadline)
    case disarm(Int)
    case send(envelope: Int, clock: Int)
  }

  init(
    _ model: Model,
    _ parameters: DurationParameters,
    _ lifetimes: [LinearTerm?]
  ) {
    self.model = model
    self.parameters = parameters
    self.lifetimes = lifetimes
    evaluator = Evaluator(model)
    probes = parameters.probes(model).map { Evaluator($0) }
    locals = model.instances.map { _ in Numbering() }
    known = model.instances.map { _ in [:] }
  }

  mutating func run(limit: Int, shouldStop: () -> String?) throws(Unsupported) {
    let start = evaluator.initialState
    let initial = Key(
      locals: start.instances.enumerated().map { locals[$0].number(of: $1) },
      contents: contents.number(of: start.networks),
      deadlines: deadlines.number(of: [])
    )
    _ = location(initial)
    var next = 0
    while next < locations.count {
      if locations.count > limit {
        throw Unsupported(reason: "more than \(limit) locations in the control graph")
      }
      if next.isMultiple(of: 64), let reason = shouldStop() { throw Unsupported(reason: reason) }
      try expand(next)
      next += 1
    }
  }

  private mutating func location(_ key: Key) -> Int {
    let number = keys.number(of: key)
    if number == locations.count {
      locations.append(
        ControlGraph.Location(
          state: State(
            instances: key.locals.enumerated().map { locals[$0][$1] },
            networks: contents[key.contents]
          ),
          deadlines: deadlines[key.deadlines]
        )
      )
    }
    return number
  }

  private mutating func expand(_ source: Int) throws(Unsupported) {
    let key = keys[source]
    for instance in model.instances.indices {
      for move in try moves(of: instance, key, source) { add(move, instance, source, key) }
    }
    for number in deliverable(in: key.contents) {
      let instance = envelopes[number].receiver
      for move in try moves(of: instance, receiving: number, key, source) {
        add(move, instance, source, key)
      }
    }
    for network in model.networks.indices where model.networks[network].hasLossSteps {
      for act in evaluator.acts(ofNetwork: network, in: locations[source].state) {
        guard case .success(let after) = act.outcome else { continue }
        var target = key
        target.contents = contents.number(of: after.networks)
        add(ControlGraph.Edge(source: source, target: location(target), step: act.step, resets: []))
      }
    }
  }

  private mutating func deliverable(in number: Int) -> [Int] {
    if let known = deliverable[number] { return known }
    let found = zip(contents[number], model.networks).flatMap { $0.deliverable(in: $1) }
      .map { envelopes.number(of: $0) }
    deliverable[number] = found
    return found
  }

  private mutating func contents(_ number: Int, adding envelope: Int) -> Int {
    let addition = Addition(contents: number, envelope: envelope)
    if let known = additions[addition] { return known }
    let message = envelopes[envelope]
    var networks = contents[number]
    // A growing set has room for everything.
    _ = networks[message.network].add(message, in: model.networks[message.network])
    let result = contents.number(of: networks)
    additions[addition] = result
    return result
  }

  private mutating func add(_ move: Move, _ instance: Int, _ source: Int, _ key: Key) {
    var edge = ControlGraph.Edge(source: source, target: 0, step: move.step, resets: [])
    var armed = deadlines[key.deadlines]
    var target = key
    target.locals[instance] = move.target
    switch move.step {
    case .transition(_, _, .timeout(let timer), _), .ignoredTimeout(_, let timer):
      let clock = number(.timer(instance: instance, timer: timer))
      edge.fires = armed.first { $0.clock == clock }
      armed.removeAll { $0.clock == clock }
    case .transition(_, _, .receive(let envelope), _):
      if let lifetime = lifetimes[envelope.network] {
        edge.receives = ControlGraph.Deadline(clock: number(.message(envelope)), bound: lifetime)
      }
    case .transition, .lose, .duplicate: break
    }
    for change in move.changes {
      switch change {
      case .arm(let deadline):
        armed.removeAll { $0.clock == deadline.clock }
        armed.append(deadline)
        edge.resets.append(deadline.clock)
      case .disarm(let clock):
        armed.removeAll { $0.clock == clock }
        edge.resets.removeAll { $0 == clock }
      case .send(let envelope, let clock):
        edge.resets.append(clock)
        target.contents = contents(target.contents, adding: envelope)
      }
    }
    edge.resets = Array(Set(edge.resets)).sorted()
    armed.sort { $0.clock < $1.clock }
    target.deadlines = deadlines.number(of: armed)
    edge.target = location(target)
    add(edge)
  }

  private mutating func add(_ edge: ControlGraph.Edge) {
    if edge.target != edge.source || !edge.resets.isEmpty || edge.fires != nil {
      edges.append(edge)
    }
  }

  /// The number of a clock, given out at its first use.
  private mutating func number(_ clock: Clock) -> Int {
    if let number = clockNumbers[clock] { return number }
    clockNumbers[clock] = clocks.count
    clocks.append(clock)
    return clocks.count - 1
  }
}

/// What instances do, worked out once.
extension ControlExploration {
  /// What an instance does with a message, or by itself where there is none.
  private mutating func moves(
    of instance: Int,
    receiving envelope: Int? = nil,
    _ key: Key,
    _ source: Int
  ) throws(Unsupported) -> [Move] {
    let question = Question(local: key.locals[instance], envelope: envelope)
    if let known = known[instance][question] { return known }
    let cause = envelope.map { LocalCause.receive(envelopes[$0]) } ?? .spontaneous
    let (moves, isConstant) = try work(out: cause, instance, source)
    if isConstant { known[instance][question] = moves }
    return moves
  }

  /// The steps of an instance in a location, and whether they are the same wherever its local
  /// state is this one: a step may count messages.
  private mutating func work(
    out cause: LocalCause,
    _ instance: Int,
    _ source: Int
  ) throws(Unsupported) -> (moves: [Move], isConstant: Bool) {
    let state = locations[source].state
    var readsNetwork = false
    func steps(_ evaluator: Evaluator) -> [LocalStep] {
      evaluator.localSteps(
        of: instance,
        local: state.instances[instance],
        cause: cause,
        copiesInFlight: { envelope in
          readsNetwork = true
          return state.networks[envelope.network].copies(of: envelope)
        }
      )
    }
    let found = steps(evaluator)
    // Parameter values matter to the durations of timers only; see `durationComparison`.
    let startsTimers = found.contains { step in
      step.effects.contains { if case .start = $0 { true } else { false } }
    }
    let probed = startsTimers ? probes.map(steps) : []
    for probe in probed where probe.map(\.step) != found.map(\.step) {
      throw Unsupported(reason: "a duration decides which steps are possible")
    }
    var moves: [Move] = []
    for (index, step) in found.enumerated() {
      guard case .success(let outcome) = step.outcome else { continue }
      var move = Move(
        step: step.step,
        target: locals[instance].number(of: outcome.state),
        changes: []
      )
      for (position, effect) in step.effects.enumerated() {
        switch effect {
        case .start(_, let timer, _):
          let clock = number(.timer(instance: instance, timer: timer))
          let bound = try bound(position, in: probed.map { $0[index].effects })
          move.changes.append(.arm(ControlGraph.Deadline(clock: clock, bound: bound)))
        case .cancel(_, let timer):
          move.changes.append(.disarm(number(.timer(instance: instance, timer: timer))))
        case .send(let envelope, _):
          let clock = number(.message(envelope))
          move.changes.append(.send(envelope: envelopes.number(of: envelope), clock: clock))
        case .signal: break
        }
      }
      moves.append(move)
    }
    return (moves, !readsNetwork)
  }

  /// The linear term of a timer's duration, from what it is in each probe.
  private func bound(_ effect: Int, in probes: [[Effect]]) throws(Unsupported) -> LinearTerm {
    var values: [Rational] = []
    for probe in probes {
      guard probe.indices.contains(effect), case .start(_, _, let duration) = probe[effect] else {
        throw Unsupported(reason: "a duration decides what a step does")
      }
      values.append(duration)
    }
    guard let term = parameters.term(fromProbes: values) else {
      throw Unsupported(reason: "a timer's duration leaves 64 bits")
    }
    return term
  }
}

/// Numbers for values, in the order in which they first appear.
private struct Numbering<Value: Hashable> {
  private var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }

  subscript(_ number: Int) -> Value { values[number] }
}
