import LingerEval
package import LingerModel

/// A real-valued clock: what has passed since a timer was started or a message last sent.
package enum Clock: Hashable, Sendable {
  case timer(instance: Int, timer: Int)
  /// The age of the *latest* transmission of a message value. Under unlimited duplication with
  /// one lifetime for all copies that is exact: some copy is alive iff the latest one is.
  case message(Envelope)
}

/// The discrete part of a model's timed reading: locations, and edges that test and reset clocks.
///
/// A parametric timed automaton (Alur, Henzinger, Vardi, STOC 1993). A location is a state of the
/// model, with everything ever sent and how long each armed timer runs; time passes in it while
/// no armed timer is overdue; an edge is one step of the model.
package struct ControlGraph: Sendable {
  package struct Location: Sendable {
    package var state: State
    /// Armed timers, by clock, and when they fire.
    package var deadlines: [Deadline]
  }

  package struct Deadline: Hashable, Sendable {
    package var clock: Int
    package var bound: LinearTerm
  }

  package struct Edge: Sendable {
    package var source: Int
    package var target: Int
    package var step: Step
    /// The clock that has to stand exactly at its bound: an expiry.
    package var fires: Deadline?
    /// The clock that has to be below its bound: a message that is alive. No bound: it lives on.
    package var receives: Deadline?
    /// Clocks set to 0, ascending.
    package var resets: [Int]
  }

  /// Why a model has no such graph.
  package struct Unsupported: Error, Sendable {
    package var reason: String
  }

  package private(set) var clocks: [Clock] = []
  package private(set) var locations: [Location] = []
  package private(set) var edges: [Edge] = []
  /// Lifetime of the messages of each network; nil where they live for ever.
  package let lifetimes: [LinearTerm?]
  package let parameters: DurationParameters

  private let model: Model
  private let evaluators: [Evaluator]
  private var numbers: [Key: Int] = [:]
  private var clockNumbers: [Clock: Int] = [:]

  private struct Key: Hashable {
    var state: State
    var deadlines: [Deadline]
  }

  /// Builds the graph; fails where a network is no growing set, where a duration decides what a
  /// step does, above `limit` locations, or as soon as there is a reason to stop.
  package init(
    _ model: Model,
    limit: Int,
    shouldStop: () -> String? = { nil }
  ) throws(Unsupported) {
    self.model = model
    parameters = DurationParameters(model)
    evaluators = [Evaluator(model)] + parameters.probes(model).map { Evaluator($0) }
    for network in model.networks where network.discipline != .set {
      throw Unsupported(
        reason: "the timed reading needs networks with unlimited duplication and reordering; "
          + "network '\(network.name ?? "network")' has not"
      )
    }
    if let comparison = model.durationComparison {
      throw Unsupported(
        reason: "'\(describe(comparison, in: model))' lets durations decide what a step does"
      )
    }
    lifetimes = try Self.lifetimes(of: model, parameters)
    _ = location(evaluators[0].initialState, [])
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

  private static func lifetimes(
    of model: Model,
    _ parameters: DurationParameters
  ) throws(Unsupported) -> [LinearTerm?] {
    var result: [LinearTerm?] = []
    for network in model.networks {
      guard let lifetime = network.lifetime else {
        result.append(nil)
        continue
      }
      var values: [Rational] = []
      for probe in parameters.probes(model) {
        guard let value = Evaluator(probe).duration(lifetime) else {
          throw Unsupported(reason: "the network's lifetime cannot be evaluated")
        }
        values.append(value)
      }
      result.append(parameters.term(fromProbes: values))
    }
    return result
  }

  /// The number of a clock, given out at its first use.
  private mutating func number(_ clock: Clock) -> Int {
    if let number = clockNumbers[clock] { return number }
    clockNumbers[clock] = clocks.count
    clocks.append(clock)
    return clocks.count - 1
  }

  /// The clock of a message that was sent.
  package func clock(of envelope: Envelope) -> Int? { clockNumbers[.message(envelope)] }

  private mutating func location(_ state: State, _ deadlines: [Deadline]) -> Int {
    let key = Key(state: state, deadlines: deadlines)
    if let number = numbers[key] { return number }
    numbers[key] = locations.count
    locations.append(Location(state: state, deadlines: deadlines))
    return locations.count - 1
  }

  private mutating func expand(_ source: Int) throws(Unsupported) {
    let state = locations[source].state
    let successors = evaluators[0].successors(of: state)
    // Parameter values matter to the durations of timers only; see `durationComparison`.
    let startsTimers = successors.contains { successor in
      successor.effects.contains { if case .start = $0 { true } else { false } }
    }
    let probes = startsTimers ? evaluators.dropFirst().map { $0.successors(of: state) } : []
    for probe in probes where probe.map(\.step) != successors.map(\.step) {
      throw Unsupported(reason: "a duration decides which steps are possible")
    }
    for (index, successor) in successors.enumerated() {
      guard case .success(let after) = successor.outcome else { continue }
      try add(successor, from: source, to: after, probes: probes.map { $0[index].effects })
    }
  }

  private mutating func add(
    _ successor: Successor,
    from source: Int,
    to after: State,
    probes: [[Effect]]
  ) throws(Unsupported) {
    var edge = Edge(source: source, target: 0, step: successor.step, resets: [])
    var deadlines = locations[source].deadlines
    switch successor.step {
    case .transition(let instance, _, .timeout(let timer), _),
      .ignoredTimeout(let instance, let timer):
      let clock = number(.timer(instance: instance, timer: timer))
      edge.fires = deadlines.first { $0.clock == clock }
      deadlines.removeAll { $0.clock == clock }
    case .transition(_, _, .receive(let envelope), _):
      if let lifetime = lifetimes[envelope.network] {
        edge.receives = Deadline(clock: number(.message(envelope)), bound: lifetime)
      }
    case .transition, .lose, .duplicate: break
    }
    for (index, effect) in successor.effects.enumerated() {
      switch effect {
      case .start(let instance, let timer, _):
        let clock = number(.timer(instance: instance, timer: timer))
        deadlines.removeAll { $0.clock == clock }
        deadlines.append(
          Deadline(clock: clock, bound: try bound(index, in: probes))
        )
        edge.resets.append(clock)
      case .cancel(let instance, let timer):
        let clock = number(.timer(instance: instance, timer: timer))
        deadlines.removeAll { $0.clock == clock }
        edge.resets.removeAll { $0 == clock }
      case .send(let envelope, _):
        edge.resets.append(number(.message(envelope)))
      case .signal: break
      }
    }
    edge.resets = Array(Set(edge.resets)).sorted()
    deadlines.sort { $0.clock < $1.clock }
    edge.target = location(after, deadlines)
    if edge.target != source || !edge.resets.isEmpty || edge.fires != nil { edges.append(edge) }
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
