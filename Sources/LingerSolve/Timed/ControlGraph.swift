package import LingerEval
package import LingerModel

/// A real-valued clock: what has passed since a timer was started or a message last sent.
package enum Clock: Hashable, Sendable {
  case timer(instance: Int, timer: Int)
  /// The age of the *latest* transmission of a message value. Under unlimited duplication with
  /// one lifetime for all copies that is exact: some copy is alive iff the latest one is.
  case message(Envelope)
  /// The age of the latest transmission of any message of a class: at most the age of each.
  case messages(MessageAbstraction.MessageClass)
  /// The age of a copy in flight, by its place among its like.
  case copy(CopyLane, Int)
  /// What has passed since an urgent transition became enabled: nothing.
  case urgency
  /// Stands at 0 where a timer is started, with how far its duration is below zero as a lifetime:
  /// it is alive if the timer is overdue at once.
  case shortfall(LinearTerm)
}

/// The discrete part of a model's timed reading: locations, and edges that test and reset clocks.
///
/// A parametric timed automaton (Alur, Henzinger, Vardi, STOC 1993). A location is a state of the
/// model, with everything ever sent and how long each armed timer runs; time passes in it while no
/// armed timer and no copy of a message is overdue, and no transition urgent; an edge is one step
/// of the model, about one copy of a message. Where an abstraction does not track a message, the
/// locations that differ in it alone are one, and its state has the message if one of them has it.
package struct ControlGraph: Sendable {
  package struct Location: Sendable {
    package var state: State
    /// Armed timers, by clock, and when they fire; copies of messages, and when they have to be
    /// delivered.
    package var deadlines: [Deadline]
    /// Why no run goes on from here; nil where it is a state.
    package var ending: Ending? = nil

    /// When an error of the spec has led here.
    var isError: AliveFormula {
      switch ending {
      case nil, .untaken: .constant(false)
      case .failure, .standstill: .constant(true)
      case .overdue(let clock): .alive(clock)
      }
    }
  }

  /// How a run ends where nothing leads to a state.
  package enum Ending: Hashable, Sendable {
    /// The step ends in an error of the spec.
    case failure
    /// The step starts a timer for less than no time, if the lifetime of this clock is above 0.
    case overdue(Int)
    /// No time can pass, and nothing can happen.
    case standstill
    /// The message with this number can arrive, and nothing takes it.
    case untaken(Int)
  }

  package struct Deadline: Hashable, Sendable {
    package var clock: Int
    package var bound: LinearTerm
    /// Whether the clock has to stay below the bound.
    package var isStrict = false
  }

  package struct Edge: Sendable {
    package var source: Int
    package var target: Int
    /// Nil for one that only says that a run ends here.
    package var step: Step?
    /// The number of the message that arrives, whether something takes it or not.
    package var arriving: Int?
    /// The clock that has to stand exactly at its bound: an expiry.
    package var fires: Deadline?
    /// The clock that has to be below its bound: a message that is alive. No bound: it lives on.
    package var receives: Deadline?
    /// What else the step asks of clocks.
    package var tests: [ClockTest] = []
    /// Clocks set to 0, ascending.
    package var resets: [Int]
    /// Clocks that take over the values of others, by clock.
    package var transfers: [Transfer] = []
    /// Numbers of the messages sent that a growing set keeps.
    package var sends: [Int] = []
  }

  /// Why a model has no such graph.
  package struct Unsupported: Error, Sendable {
    package var reason: UndecidedReason

    init(reason: UndecidedReason) { self.reason = reason }

    init(reason: String) { self.reason = .unsupported(reason) }
  }

  package let clocks: [Clock]
  package let locations: [Location]
  package let edges: [Edge]
  /// Whether there is a location that time may be unable to leave.
  let mayStandStill: Bool
  /// Messages by number.
  package let envelopes: [Envelope]
  /// What messages are told apart by; finer than asked for where a step counts messages.
  package let abstraction: MessageAbstraction
  /// For each network whether the abstraction has a say in it; the others are exact.
  package let isAbstracted: [Bool]
  /// Lifetime of the messages of each network; nil where they live for ever.
  package let lifetimes: [LinearTerm?]
  package let parameters: DurationParameters

  /// The clocks that there are with one for each message, in the order in which they come up.
  let finestClocks: [Clock]

  private let clockNumbers: [Clock: Int]
  private let envelopeNumbers: [Envelope: Int]

  /// Builds the graph; fails where a duration decides what a step does, above `limit` locations, or
  /// as soon as there is a reason to stop. Tests compare it with one made without the step kernel.
  package init(
    _ model: Model,
    _ wanted: MessageAbstraction = .exact,
    limit: Int,
    usesKernel: Bool = true,
    budget: Budget = .unlimited
  ) throws(Unsupported) {
    guard Evaluator(model).hasOneInitialState else {
      throw Unsupported(
        reason: "a condition is sought from one initial state, and this spec has several"
      )
    }
    if let comparison = model.durationComparison {
      throw Unsupported(
        reason: .unsupported(
          "'\(describe(comparison, in: model))' lets durations decide what happens",
          at: comparison.span
        )
      )
    }
    parameters = DurationParameters(model)
    lifetimes = try Self.lifetimes(of: model, parameters)
    let copies = CopyClocks(
      model: model,
      lifetimes: lifetimes,
      delays: try Self.delays(of: model, parameters)
    )
    isAbstracted = model.networks.map { !wanted.isExact && Self.canAbstract($0) }
    let stop = StopCheck(budget)
    var abstraction = wanted
    while true {
      var exploration = ControlExploration(
        model,
        LocalMoves(
          model,
          parameters,
          abstraction,
          isAbstracted: isAbstracted,
          stepLimit: limit,
          usesKernel: usesKernel,
          stop: stop
        ),
        copies,
        budget
      )
      try exploration.run(limit: limit)
      let moves = exploration.moves
      if !moves.counted.isEmpty {
        for envelope in moves.counted { _ = abstraction.track(envelope) }
        continue
      }
      // Whether nothing can happen only the exact graph says.
      if exploration.mayStandStill, !abstraction.isExact, isAbstracted.contains(true) {
        abstraction = .exact
        continue
      }
      let isFinest = abstraction.isExact || !isAbstracted.contains(true)
      let clocks =
        isFinest
        ? moves.clocks
        : try ClockRenaming(from: moves, isAbstracted, abstraction)
          .rename(&exploration.locations, &exploration.edges, stop)
      self.abstraction = abstraction
      self.clocks = clocks.values
      clockNumbers = clocks.numbers
      finestClocks = moves.clocks.values
      envelopes = moves.envelopes.values
      envelopeNumbers = moves.envelopes.numbers
      locations = exploration.locations
      edges = exploration.edges
      mayStandStill = exploration.mayStandStill
      return
    }
  }

  /// Whether an abstraction has a say in a network. A loss as a step, or a budget, is part of what
  /// a location says of it.
  static func canAbstract(_ network: Network) -> Bool {
    network.discipline == .set && !network.hasLossSteps
  }

  /// A graph of the same model.
  init(
    clocks: Numbering<Clock>,
    locations: [Location],
    edges: [Edge],
    abstraction: MessageAbstraction,
    like graph: ControlGraph
  ) {
    self.clocks = clocks.values
    clockNumbers = clocks.numbers
    finestClocks = graph.finestClocks
    self.locations = locations
    self.edges = edges
    self.abstraction = abstraction
    mayStandStill = graph.mayStandStill
    envelopes = graph.envelopes
    envelopeNumbers = graph.envelopeNumbers
    isAbstracted = graph.isAbstracted
    lifetimes = graph.lifetimes
    parameters = graph.parameters
  }

  private static func lifetimes(
    of model: Model,
    _ parameters: DurationParameters
  ) throws(Unsupported) -> [LinearTerm?] {
    var result: [LinearTerm?] = []
    for network in model.networks {
      result.append(
        try network.lifetime.map { lifetime throws(Unsupported) in
          try term(lifetime, "lifetime", model, parameters)
        }
      )
    }
    return result
  }

  private static func delays(
    of model: Model,
    _ parameters: DurationParameters
  ) throws(Unsupported) -> [Delay?] {
    var result: [Delay?] = []
    for network in model.networks {
      result.append(
        try network.delay.map { delay throws(Unsupported) in
          Delay(
            shortest: try term(delay.shortest, "delay", model, parameters),
            longest: try term(delay.longest, "delay", model, parameters)
          )
        }
      )
    }
    return result
  }

  private static func term(
    _ duration: Expression,
    _ what: String,
    _ model: Model,
    _ parameters: DurationParameters
  ) throws(Unsupported) -> LinearTerm {
    var values: [Rational] = []
    for probe in parameters.probes(model) {
      guard let value = probe.duration(duration) else {
        throw Unsupported(reason: "the network's \(what) cannot be evaluated")
      }
      values.append(value)
    }
    return parameters.term(fromProbes: values)
  }

  /// Whether its runs are exactly the model's.
  package var isExact: Bool { abstraction.isExact || !isAbstracted.contains(true) }

  /// The number of a message that is sent somewhere.
  func number(of envelope: Envelope) -> Int? { envelopeNumbers[envelope] }

  /// The clock of a message that was sent.
  package func clock(of envelope: Envelope) -> Int? {
    clockNumbers[.message(envelope)] ?? clockNumbers[abstraction.clock(of: envelope)]
  }

  /// Whether the clock and the location of a message say all of it.
  package func isExact(clock number: Int) -> Bool {
    if case .messages = clocks[number] { false } else { true }
  }

  /// Whether a location says if a message was sent.
  package func tracks(_ envelope: Envelope) -> Bool {
    !isAbstracted[envelope.network] || abstraction.tracks(envelope)
  }

  /// What a clock shows at the start. No message was sent then, so that those clocks stand where
  /// nothing is alive any more.
  package func start(ofClock number: Int) -> LinearTerm {
    switch clocks[number] {
    case .timer, .copy, .urgency, .shortfall: .zero(parameters.count)
    case .message, .messages: lifetime(ofClock: number) ?? .zero(parameters.count)
    }
  }

  /// How long the messages of a clock live; nil for a timer's clock and for what lives on.
  package func lifetime(ofClock number: Int) -> LinearTerm? {
    switch clocks[number] {
    case .timer, .copy, .urgency: nil
    case .shortfall(let term): term
    case .message(let envelope): lifetimes[envelope.network]
    case .messages(let messageClass): lifetimes[messageClass.network]
    }
  }
}
