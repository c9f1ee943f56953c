import LingerEval
import LingerModel

/// Where runs end although nothing went wrong in a step.
extension ControlExploration {
  typealias ClockTest = ControlGraph.ClockTest

  /// Ways in which time stands still, beyond which nobody looks for more.
  private static let standstillLimit = 1_000

  /// Edges for when something is due in a location and nothing can happen there; their targets are
  /// left open. What is due before a bound and not at it never stops time at an instant.
  ///
  /// Arrivals of messages that a location does not say enough about count as impossible, so that a
  /// coarse graph has these edges wherever the exact one has.
  mutating func standstills(
    _ source: Int,
    _ due: [ControlGraph.Deadline],
    _ escapes: ArraySlice<ControlGraph.Edge>
  ) throws(Unsupported) -> [ControlGraph.Edge] {
    let due = due.filter { !$0.isStrict }
    if due.isEmpty { return [] }
    var ways: [[ClockTest]] = [[]]
    for edge in escapes {
      if let message = edge.arriving, !moves.isExact,
        moves.isAbstracted(moves.envelopes[message])
      {
        continue
      }
      let opposite = edge.opposite
      if opposite.isEmpty { return [] }
      ways = ways.flatMap { way in
        way.contains(where: opposite.contains) ? [way] : opposite.map { way + [$0] }
      }
      if ways.count > Self.standstillLimit {
        throw Unsupported(
          reason: "whether time can stand still in a state depends on more than "
            + "\(Self.standstillLimit) combinations of times"
        )
      }
    }
    return due.flatMap { deadline in
      ways.compactMap { way in
        if way.contains(where: { excludes($0, deadline) }) { return nil }
        var edge = ControlGraph.Edge(source: source, target: source, step: nil, resets: [])
        edge.tests = way
        if moves.clocks[deadline.clock] != .urgency {
          let isDue = ClockTest(
            clock: deadline.clock,
            relation: .greaterOrEqual,
            bound: deadline.bound
          )
          edge.tests.append(isDue)
        }
        return edge
      }
    }
  }

  /// Whether a test is false where something is due: a copy that has to arrive by now may arrive,
  /// since no network's longest delay is below its shortest.
  private func excludes(_ test: ClockTest, _ deadline: ControlGraph.Deadline) -> Bool {
    guard test.clock == deadline.clock, test.relation == .less else { return false }
    if test.bound == deadline.bound { return true }
    guard case .copy(let lane, _) = moves.clocks[test.clock] else { return false }
    return copies.delays[lane.network]?.shortest == test.bound
  }

  /// What it takes for a message of a growing set to be alive; nil for others, and for what lives
  /// on.
  mutating func alive(_ number: Int) -> ControlGraph.Deadline? {
    let envelope = moves.envelopes[number]
    guard !moves.isCopied(envelope), let lifetime = copies.lifetimes[envelope.network] else {
      return nil
    }
    return ControlGraph.Deadline(clock: moves.clock(ofMessage: number), bound: lifetime)
  }

  /// Edges for when a message can arrive that nothing takes; their targets are left open.
  mutating func arrivals(
    _ number: Int,
    _ source: Int,
    _ networks: [State.NetworkState]
  ) -> [ControlGraph.Edge] {
    var edge = ControlGraph.Edge(
      source: source,
      target: source,
      step: nil,
      arriving: number,
      resets: []
    )
    edge.receives = alive(number)
    let copies = copies
    let envelope = moves.envelopes[number]
    return copies.ways(of: nil, arriving: envelope, from: networks, sending: []) {
      moves.number(of: $0)
    }.map { way in
      var result = edge
      result.tests = way.tests
      return result
    }
  }
}

extension ControlGraph.Edge {
  /// The same edge with another target.
  func leading(to target: Int) -> Self {
    var result = self
    result.target = target
    return result
  }

  /// When it cannot be taken, within the deadlines of its source: one of these is true. Empty where
  /// it can be taken at any time.
  fileprivate var opposite: [ControlGraph.ClockTest] {
    var result: [ControlGraph.ClockTest] = []
    if let fires { result.append(.init(clock: fires.clock, relation: .less, bound: fires.bound)) }
    if let receives {
      result.append(
        .init(clock: receives.clock, relation: .greaterOrEqual, bound: receives.bound)
      )
    }
    for test in tests {
      let relations: [ControlGraph.ClockTest.Relation] =
        switch test.relation {
        case .less: [.greaterOrEqual]
        case .lessOrEqual: [.greater]
        case .equal: [.less, .greater]
        case .greaterOrEqual: [.less]
        case .greater: [.lessOrEqual]
        }
      result += relations.map { .init(clock: test.clock, relation: $0, bound: test.bound) }
    }
    return result
  }
}
