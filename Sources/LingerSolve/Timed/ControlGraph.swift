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

  package let clocks: [Clock]
  package let locations: [Location]
  package let edges: [Edge]
  /// Lifetime of the messages of each network; nil where they live for ever.
  package let lifetimes: [LinearTerm?]
  package let parameters: DurationParameters

  private let clockNumbers: [Clock: Int]

  /// Builds the graph; fails where a network is no growing set, where a duration decides what a
  /// step does, above `limit` locations, or as soon as there is a reason to stop.
  package init(
    _ model: Model,
    limit: Int,
    shouldStop: () -> String? = { nil }
  ) throws(Unsupported) {
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
    parameters = DurationParameters(model)
    lifetimes = try Self.lifetimes(of: model, parameters)
    var exploration = ControlExploration(model, parameters, lifetimes)
    try exploration.run(limit: limit, shouldStop: shouldStop)
    clocks = exploration.clocks
    locations = exploration.locations
    edges = exploration.edges
    clockNumbers = exploration.clockNumbers
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

  /// The clock of a message that was sent.
  package func clock(of envelope: Envelope) -> Int? { clockNumbers[.message(envelope)] }

  /// How long the message of a clock lives; nil for a timer's clock and for what lives on.
  package func lifetime(ofClock number: Int) -> LinearTerm? {
    guard case .message(let envelope) = clocks[number] else { return nil }
    return lifetimes[envelope.network]
  }
}
