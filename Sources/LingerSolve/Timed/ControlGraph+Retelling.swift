package import LingerModel

/// The same graph with messages told apart in another way.
///
/// What messages are told apart by shows in two things: of which messages a location says whether
/// they were sent, and which of them share a clock. Where it differs in the second alone, states
/// and steps are the same, and no step has to be worked out again.
extension ControlGraph {
  /// What the model's graph is under an abstraction with which locations say as much as here; nil
  /// where they would have to say something else.
  package func retold(
    _ abstraction: MessageAbstraction,
    _ budget: Budget
  ) throws(Unsupported) -> ControlGraph? {
    guard !abstraction.isExact, abstraction.tracksSame(as: self.abstraction) else { return nil }
    let bytes = edges.count * MemoryLayout<Edge>.stride
    if let reason = budget.objection(bytes) { throw Unsupported(reason: reason) }
    let renaming = ClockRenaming(
      from: clocks,
      of: envelopes,
      finest: finestClocks,
      isAbstracted,
      abstraction
    )
    var locations = locations
    var edges = edges
    let clocks = try renaming.rename(&locations, &edges, StopCheck(budget))
    return ControlGraph(
      clocks: clocks,
      locations: locations,
      edges: edges,
      abstraction: abstraction,
      like: self
    )
  }
}

/// From the clocks of a graph to those that it has with its messages told apart in another way.
///
/// Clocks are numbered as they come up. A clock that messages share comes up with the first of
/// them, so that the order in which the finest ones come up gives that of all others.
struct ClockRenaming {
  private let clocks: Numbering<Clock>
  /// The new number of each old clock; -1 for those that an abstraction has a say in.
  private let kept: [Int]
  /// For each message the clock that an abstraction gives it; -1 where none does.
  private let shared: [Int]

  /// From a clock for each message.
  init(from moves: LocalMoves, _ isAbstracted: [Bool], _ abstraction: MessageAbstraction) {
    self.init(
      from: moves.clocks.values,
      of: moves.envelopes.values,
      finest: moves.clocks.values,
      isAbstracted,
      abstraction
    )
  }

  init(
    from old: [Clock],
    of envelopes: [Envelope],
    finest: [Clock],
    _ isAbstracted: [Bool],
    _ abstraction: MessageAbstraction
  ) {
    var clocks = Numbering<Clock>()
    var sharedBy: [Envelope: Int] = [:]
    for clock in finest {
      if case .message(let envelope) = clock, isAbstracted[envelope.network] {
        sharedBy[envelope] = clocks.number(of: abstraction.clock(of: envelope))
      } else {
        _ = clocks.number(of: clock)
      }
    }
    kept = old.map { clock in
      switch clock {
      case .messages: -1
      case .message(let envelope) where isAbstracted[envelope.network]: -1
      case .message, .timer, .copy, .urgency, .shortfall: clocks.numbers[clock] ?? -1
      }
    }
    shared = envelopes.map { sharedBy[$0] ?? -1 }
    self.clocks = clocks
  }

  /// Gives locations and edges the new clocks, and says which these are.
  func rename(
    _ locations: inout [ControlGraph.Location],
    _ edges: inout [ControlGraph.Edge],
    _ stop: StopCheck
  ) throws(ControlGraph.Unsupported) -> Numbering<Clock> {
    for number in locations.indices {
      rename(&locations[number])
      if stop.spend() { throw ControlGraph.Unsupported(reason: stop.reason ?? "stopped") }
    }
    for number in edges.indices {
      rename(&edges[number])
      if stop.spend() { throw ControlGraph.Unsupported(reason: stop.reason ?? "stopped") }
    }
    return clocks
  }

  private func rename(_ location: inout ControlGraph.Location) {
    for index in location.deadlines.indices {
      location.deadlines[index].clock = kept[location.deadlines[index].clock]
    }
    if case .overdue(let clock) = location.ending { location.ending = .overdue(kept[clock]) }
  }

  private func rename(_ edge: inout ControlGraph.Edge) {
    if let fires = edge.fires { edge.fires?.clock = kept[fires.clock] }
    if let receives = edge.receives {
      let own = kept[receives.clock]
      edge.receives?.clock = own < 0 ? edge.arriving.map { shared[$0] } ?? own : own
    }
    for index in edge.tests.indices { edge.tests[index].clock = kept[edge.tests[index].clock] }
    for index in edge.transfers.indices {
      edge.transfers[index].to = kept[edge.transfers[index].to]
      edge.transfers[index].from = kept[edge.transfers[index].from]
    }
    if edge.resets.isEmpty { return }
    var resets: [Int] = []
    resets.reserveCapacity(edge.resets.count)
    for clock in edge.resets where kept[clock] >= 0 { resets.append(kept[clock]) }
    for message in edge.sends where shared[message] >= 0 { resets.append(shared[message]) }
    edge.resets = resets.ascending
  }
}

extension [Int] {
  /// Each number once, in order.
  var ascending: [Int] {
    if count < 2 { return self }
    var result: [Int] = []
    result.reserveCapacity(count)
    for number in sorted() where number != result.last { result.append(number) }
    return result
  }
}
