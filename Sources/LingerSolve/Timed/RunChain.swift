import LingerEval
import LingerModel

/// A run through a control graph, edge by edge, with everything sent on it known.
struct RunChain {
  let graph: ControlGraph
  /// Numbers of the graph's edges.
  let edges: [Int]
  /// The state that it ends in, with exactly what was sent.
  let end: State
  let goal: TimedGoal

  /// The run as a problem of its own, with one location after the other and with clocks as an
  /// abstraction has them: ``MessageAbstraction/exact`` gives the run's own constraints.
  func problem(
    _ abstraction: MessageAbstraction
  ) throws(ControlGraph.Unsupported) -> TimedProblem {
    let chain = ControlGraph(graph.clocks(of: edges, abstraction), graph, edges, abstraction)
    var last = chain.locations[edges.count]
    last.state = end
    do throws(AliveReader.Unsupported) {
      let bad = try goal.end(of: last, in: chain)
      return TimedProblem(chain: chain, bad: bad.weakened { chain.isExact(clock: $0) })
    } catch {
      throw ControlGraph.Unsupported(reason: error.reason)
    }
  }

  /// The message that is received by a step; nil where none is.
  func received(_ position: Int) -> Envelope? {
    graph.edges[edges[position]].arriving.map { graph.envelopes[$0] }
  }

  func sent(_ position: Int) -> [Envelope] {
    graph.edges[edges[position]].sends.map { graph.envelopes[$0] }
  }

  /// Messages of networks that an abstraction has a say in, in the order in which they are sent
  /// first.
  var messages: [Envelope] {
    var result: [Envelope] = []
    for envelope in edges.indices.flatMap(sent)
    where graph.isAbstracted[envelope.network] && !result.contains(envelope) {
      result.append(envelope)
    }
    return result
  }
}

extension ControlGraph {
  /// The clocks of a run.
  fileprivate func clocks(
    of run: [Int],
    _ abstraction: MessageAbstraction
  ) -> Numbering<Clock> {
    var result = Numbering<Clock>()
    // What the run begins under may end with its first step.
    for deadline in locations[0].deadlines where isOwn(deadline.clock) {
      _ = result.number(of: clocks[deadline.clock])
    }
    for number in run {
      let edge = edges[number]
      for clock in ownClocks(of: edge) { _ = result.number(of: clocks[clock]) }
      for envelope in edge.sends {
        _ = result.number(of: clock(of: envelopes[envelope], abstraction))
      }
    }
    return result
  }

  /// The clocks of an edge and its target that are the same whatever messages are told apart by.
  private func ownClocks(of edge: Edge) -> [Int] {
    let used = edge.resets + edge.clocksRead + edge.transfers.flatMap { [$0.to, $0.from] }
    return (used + locations[edge.target].deadlines.map(\.clock)).filter { isOwn($0) }
  }

  private func isOwn(_ clock: Int) -> Bool {
    switch clocks[clock] {
    case .timer, .copy, .urgency, .shortfall: true
    case .message, .messages: false
    }
  }

  private func clock(of envelope: Envelope, _ abstraction: MessageAbstraction) -> Clock {
    isAbstracted[envelope.network] ? abstraction.clock(of: envelope) : .message(envelope)
  }

  /// A run as a graph.
  fileprivate init(
    _ clocks: Numbering<Clock>,
    _ graph: ControlGraph,
    _ run: [Int],
    _ abstraction: MessageAbstraction
  ) {
    func own(_ deadline: Deadline) -> Deadline? {
      clocks.numbers[graph.clocks[deadline.clock]].map {
        Deadline(clock: $0, bound: deadline.bound, isStrict: deadline.isStrict)
      }
    }
    func own(_ test: ClockTest) -> ClockTest? {
      clocks.numbers[graph.clocks[test.clock]].map {
        ClockTest(clock: $0, relation: test.relation, bound: test.bound)
      }
    }
    func own(_ transfer: Transfer) -> Transfer? {
      guard let to = clocks.numbers[graph.clocks[transfer.to]],
        let from = clocks.numbers[graph.clocks[transfer.from]]
      else { return nil }
      return Transfer(to: to, from: from)
    }
    func location(_ number: Int) -> Location {
      var result = graph.locations[number]
      result.deadlines = result.deadlines.compactMap(own)
      if case .overdue(let clock) = result.ending, let own = clocks.numbers[graph.clocks[clock]] {
        result.ending = .overdue(own)
      }
      return result
    }
    var edges: [Edge] = []
    for (position, number) in run.enumerated() {
      var edge = graph.edges[number]
      edge.source = position
      edge.target = position + 1
      edge.fires = edge.fires.flatMap(own)
      edge.tests = edge.tests.compactMap(own)
      edge.transfers = edge.transfers.compactMap(own)
      let timers = edge.resets.filter { graph.isOwn($0) }.map { graph.clocks[$0] }
      let sends = edge.sends.map { graph.clock(of: graph.envelopes[$0], abstraction) }
      edge.resets = Array(Set((timers + sends).compactMap { clocks.numbers[$0] })).sorted()
      if let receives = edge.receives, let message = edge.arriving,
        let clock = clocks.numbers[graph.clock(of: graph.envelopes[message], abstraction)]
      {
        edge.receives = Deadline(clock: clock, bound: receives.bound)
      }
      edges.append(edge)
    }
    self.init(
      clocks: clocks,
      locations: [location(0)] + run.map { location(graph.edges[$0].target) },
      edges: edges,
      abstraction: abstraction,
      like: graph
    )
  }
}
