import LingerModel

/// A way round in a timed problem that can be taken again and again, each time with one wait
/// before its first edge and all its edges at one instant.
///
/// Clocks that it sets are 0 at the end of each round; all others only grow, and are tested from
/// above only, so that rounds without number are possible if the last one is. Where a round may
/// take any time up to some bound, rounds can fill any time at all; where it takes exactly
/// `duration`, rounds and a part of one can. Nothing else of how many rounds there were is left:
/// what one run has for each number of rounds, a projection has for all at once.
struct Round {
  let edges: [Int]
  /// Clocks that it sets.
  let resets: Set<Int>
  /// How long a round takes; nil where it may take less, down to no time.
  let duration: LinearTerm?
  /// What other clocks may show at its end.
  private(set) var limits: [(clock: Int, bound: LinearTerm, isStrict: Bool)] = []
  /// Terms that have to be at least 0, or above it.
  private(set) var conditions: [(term: LinearTerm, isStrict: Bool)] = []

  /// Nil where the edges, which lead from a location back to it, cannot be repeated like this.
  init?(_ problem: TimedProblem, _ edges: [Int]) {
    guard let first = edges.first else { return nil }
    // Tests from below, and copies that move up, are not the same in each round.
    let own = edges.map { problem.edges[$0] }
    guard own.allSatisfy({ $0.tests.isEmpty && $0.transfers.isEmpty }) else { return nil }
    let start = problem.edges[first].source
    var walk = RoundWalk(
      resets: Set(edges.flatMap { problem.edges[$0].resets })
    )
    walk.keep(problem.locations[start].deadlines)
    for number in edges {
      let edge = problem.edges[number]
      if let fires = edge.fires, !walk.expire(fires) { return nil }
      if let receives = edge.receives { walk.keep([receives], isStrict: true) }
      walk.set.formUnion(edge.resets)
      walk.keep(problem.locations[edge.target].deadlines)
    }
    // Where nothing bounds a round, one is as good as many.
    guard walk.duration != nil || !walk.most.isEmpty else { return nil }
    self.edges = edges
    resets = walk.resets
    duration = walk.duration
    limits = walk.limits
    conditions = walk.conditions
    if let duration {
      conditions.append((duration, true))
      conditions += walk.most.map { ($0.bound - duration, $0.isStrict) }
    } else {
      conditions += walk.most.map { ($0.bound, true) }
    }
  }
}

/// Follows the edges of one round.
private struct RoundWalk {
  /// Clocks that the round sets somewhere.
  let resets: Set<Int>
  /// Those that it has set.
  var set: Set<Int> = []
  var duration: LinearTerm?
  /// What a round's duration may be at most, or must be below.
  var most: [(bound: LinearTerm, isStrict: Bool)] = []
  var limits: [(clock: Int, bound: LinearTerm, isStrict: Bool)] = []
  var conditions: [(term: LinearTerm, isStrict: Bool)] = []

  init(resets: Set<Int>) { self.resets = resets }

  /// Clocks are within bounds.
  mutating func keep(_ deadlines: [ControlGraph.Deadline], isStrict: Bool = false) {
    for deadline in deadlines {
      let isStrict = isStrict || deadline.isStrict
      if set.contains(deadline.clock) {
        conditions.append((deadline.bound, isStrict))
      } else if resets.contains(deadline.clock) {
        most.append((deadline.bound, isStrict))
      } else {
        limits.append((deadline.clock, deadline.bound, isStrict))
      }
    }
  }

  /// A clock is at its bound; false where it is so once only.
  mutating func expire(_ deadline: ControlGraph.Deadline) -> Bool {
    if set.contains(deadline.clock) {
      return deadline.bound == .zero(deadline.bound.coefficients.count)
    }
    guard resets.contains(deadline.clock), duration ?? deadline.bound == deadline.bound else {
      return false
    }
    duration = deadline.bound
    return true
  }
}
