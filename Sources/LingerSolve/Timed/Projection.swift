import LingerModel

/// The parameter values for which a sequence of edges can be run: exact projection.
///
/// A run along given edges is fixed by its delays, and each clock is the sum of the delays since
/// it was set; so the run's constraints are linear in delays and parameters, and eliminating the
/// delays (Gauss for the expiries, which are equations; Fourier and Motzkin for the rest) leaves
/// a conjunction over the parameters.
struct Projection {
  /// Why a projection was given up.
  typealias TooLarge = LinearElimination.TooLarge

  private static let rowLimit = 4000

  /// Constraints on the delays, which come first, and the parameters.
  private var rows: [LinearConstraint] = []
  private let delayCount: Int
  private let problem: TimedProblem
  /// The delay after which each clock was set last; -1 for the start.
  private var setAfter: [Int: Int] = [:]

  /// Projects the run along `path` that ends with `literals` true: which messages are alive (or
  /// not) after a last delay.
  static func region(
    _ problem: TimedProblem,
    path: [Int],
    literals: [(clock: Int, isAlive: Bool)],
    shouldStop: () -> String? = { nil }
  ) throws(TooLarge) -> [LinearConstraint] {
    var projection = Projection(problem, delayCount: path.count + 1)
    try projection.run(path, literals)
    return try projection.eliminated(shouldStop)
  }

  private init(_ problem: TimedProblem, delayCount: Int) {
    self.problem = problem
    self.delayCount = delayCount
  }

  private mutating func run(
    _ path: [Int],
    _ literals: [(clock: Int, isAlive: Bool)]
  ) throws(TooLarge) {
    guard var location = problem.initial else { return }
    for delay in 0..<delayCount {
      try add(delay: delay)
      for deadline in problem.locations[location].deadlines {
        try add(clock: deadline.clock, at: delay, .lessOrEqual, deadline.bound)
      }
      if delay == path.count { break }
      let edge = problem.edges[path[delay]]
      if let fires = edge.fires {
        try add(clock: fires.clock, at: delay, .equal, fires.bound)
      }
      if let receives = edge.receives {
        try add(clock: receives.clock, at: delay, .less, receives.bound)
      }
      for clock in edge.resets { setAfter[clock] = delay }
      location = edge.target
      for deadline in problem.locations[location].deadlines {
        try addAfter(deadline, delay)
      }
    }
    for (clock, isAlive) in literals {
      guard let lifetime = problem.graph.lifetime(ofClock: clock) else { continue }
      if isAlive {
        try add(clock: clock, at: delayCount - 1, .less, lifetime)
      } else {
        try add(atLeast: lifetime, clock: clock, at: delayCount - 1)
      }
    }
  }

  /// Delays are not negative.
  private mutating func add(delay: Int) throws(TooLarge) {
    var delays = [Rational](repeating: .zero, count: delayCount)
    delays[delay] = Rational(-1)
    add(delays, .zero(problem.graph.parameters.count), .lessOrEqual)
  }

  /// `Σ delays · d + term (relation) 0`.
  private mutating func add(
    _ delays: [Rational],
    _ term: LinearTerm,
    _ relation: LinearConstraint.Relation
  ) {
    let coefficients = delays + term.coefficients
    rows.append(
      LinearConstraint(LinearTerm(constant: term.constant, coefficients: coefficients), relation)
    )
  }

  /// A clock's value, after the given delay has passed, as a sum of delays.
  private func value(ofClock clock: Int, after delay: Int) -> [Rational] {
    let first = (setAfter[clock] ?? -1) + 1
    return (0..<delayCount).map { Rational($0 >= first && $0 <= delay ? 1 : 0) }
  }

  private mutating func add(
    clock: Int,
    at delay: Int,
    _ relation: LinearConstraint.Relation,
    _ bound: LinearTerm
  ) throws(TooLarge) {
    guard let negative = LinearTerm.zero(bound.coefficients.count).subtracting(bound) else {
      throw TooLarge()
    }
    add(value(ofClock: clock, after: delay), negative, relation)
  }

  private mutating func add(
    atLeast bound: LinearTerm,
    clock: Int,
    at delay: Int
  ) throws(TooLarge) {
    let value = value(ofClock: clock, after: delay).map { $0 == .zero ? $0 : Rational(-1) }
    add(value, bound, .lessOrEqual)
  }

  /// A deadline of the location just entered: no clock is overdue on arrival.
  private mutating func addAfter(
    _ deadline: ControlGraph.Deadline,
    _ delay: Int
  ) throws(TooLarge) {
    try add(clock: deadline.clock, at: delay, .lessOrEqual, deadline.bound)
  }

  private func eliminated(_ shouldStop: () -> String?) throws(TooLarge) -> [LinearConstraint] {
    let rows = try LinearElimination.eliminate(
      first: delayCount,
      from: rows,
      rowLimit: Self.rowLimit,
      shouldStop: shouldStop
    )
    return rows.map { row in
      let coefficients = Array(row.term.coefficients[delayCount...])
      return LinearConstraint(
        LinearTerm(constant: row.term.constant, coefficients: coefficients),
        row.relation
      )
    }
  }
}
