import LingerModel

/// The parameter values for which a sequence of edges can be run: exact projection.
///
/// A run along given edges is fixed by its delays, and each clock is the sum of the delays since
/// it was set; so the run's constraints are linear in delays and parameters, and eliminating the
/// delays (Gauss for the expiries, which are equations; Fourier and Motzkin for the rest) leaves
/// a conjunction over the parameters.
struct Projection {
  /// `Σ delays · d + term (relation) 0`.
  fileprivate struct Row: Hashable {
    var delays: [Rational]
    var term: LinearTerm
    var relation: LinearConstraint.Relation
  }

  /// Why a projection was given up.
  struct TooLarge: Error {}

  private static let rowLimit = 4000

  private var rows: [Row] = []
  private let delayCount: Int
  private let problem: TimedProblem
  /// The delay after which each clock was set last; -1 for the start.
  private var setAfter: [Int: Int] = [:]

  /// Projects the run along `path` that ends with `literals` true: which messages are alive (or
  /// not) after a last delay.
  static func region(
    _ problem: TimedProblem,
    path: [Int],
    literals: [(clock: Int, isAlive: Bool)]
  ) throws(TooLarge) -> [LinearConstraint] {
    var projection = Projection(problem, delayCount: path.count + 1)
    try projection.run(path, literals)
    return try projection.eliminated()
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
    rows.append(
      Row(
        delays: delays,
        term: .zero(problem.graph.parameters.count),
        relation: .lessOrEqual
      )
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
    rows.append(
      Row(delays: value(ofClock: clock, after: delay), term: negative, relation: relation)
    )
  }

  private mutating func add(
    atLeast bound: LinearTerm,
    clock: Int,
    at delay: Int
  ) throws(TooLarge) {
    let value = value(ofClock: clock, after: delay).map { $0 == .zero ? $0 : Rational(-1) }
    rows.append(Row(delays: value, term: bound, relation: .lessOrEqual))
  }

  /// A deadline of the location just entered: no clock is overdue on arrival.
  private mutating func addAfter(
    _ deadline: ControlGraph.Deadline,
    _ delay: Int
  ) throws(TooLarge) {
    try add(clock: deadline.clock, at: delay, .lessOrEqual, deadline.bound)
  }

  private func eliminated() throws(TooLarge) -> [LinearConstraint] {
    var rows = try Self.normalized(rows)
    for delay in 0..<delayCount {
      rows = try Self.eliminate(Self.cheapest(rows, delayCount) ?? delay, from: rows)
      if rows.count > Self.rowLimit { throw TooLarge() }
    }
    return rows.map { LinearConstraint($0.term, $0.relation) }
  }

  /// The delay whose elimination makes the fewest rows.
  private static func cheapest(_ rows: [Row], _ count: Int) -> Int? {
    var best: (delay: Int, cost: Int)?
    for delay in 0..<count {
      let used = rows.filter { $0.delays[delay] != .zero }
      if used.isEmpty { continue }
      if used.contains(where: { $0.relation == .equal }) { return delay }
      let upper = used.count { $0.delays[delay] > .zero }
      let cost = upper * (used.count - upper)
      if cost < best?.cost ?? .max { best = (delay, cost) }
    }
    return best?.delay
  }

  private static func eliminate(_ delay: Int, from rows: [Row]) throws(TooLarge) -> [Row] {
    var result = rows.filter { $0.delays[delay] == .zero }
    let used = rows.filter { $0.delays[delay] != .zero }
    if let pivot = used.first(where: { $0.relation == .equal }) {
      for row in used where row != pivot {
        guard let factor = row.delays[delay].divided(by: pivot.delays[delay]) else {
          throw TooLarge()
        }
        result.append(try row.subtracting(factor, times: pivot, row.relation))
      }
    } else {
      for upper in used where upper.delays[delay] > .zero {
        for lower in used where lower.delays[delay] < .zero {
          guard let factor = upper.delays[delay].divided(by: lower.delays[delay]) else {
            throw TooLarge()
          }
          let isStrict = upper.relation == .less || lower.relation == .less
          result.append(
            try upper.subtracting(factor, times: lower, isStrict ? .less : .lessOrEqual)
          )
        }
      }
    }
    return try normalized(result)
  }

  /// Scales rows so that equal ones are equal, drops repeats, what is always true, and of rows
  /// that differ in the constant or strictness only all but the tightest.
  private static func normalized(_ rows: [Row]) throws(TooLarge) -> [Row] {
    struct Direction: Hashable {
      var delays: [Rational]
      var coefficients: [Rational]
      var isEquation: Bool
    }
    var positions: [Direction: Int] = [:]
    var result: [Row] = []
    for row in rows {
      let scaled = try row.scaled()
      if scaled.isTriviallyTrue { continue }
      let direction = Direction(
        delays: scaled.delays,
        coefficients: scaled.term.coefficients,
        isEquation: scaled.relation == .equal
      )
      guard !direction.isEquation, let position = positions[direction] else {
        if direction.isEquation, result.contains(scaled) { continue }
        positions[direction] = result.count
        result.append(scaled)
        continue
      }
      let old = result[position]
      let isTighter =
        scaled.term.constant > old.term.constant
        || (scaled.term.constant == old.term.constant && scaled.relation == .less)
      if isTighter { result[position] = scaled }
    }
    return result
  }
}

extension Projection.Row {
  fileprivate func subtracting(
    _ factor: Rational,
    times other: Self,
    _ relation: LinearConstraint.Relation
  ) throws(Projection.TooLarge) -> Self {
    func difference(_ left: Rational, _ right: Rational) throws(Projection.TooLarge) -> Rational {
      guard let product = right.multiplied(by: factor), let result = left.subtracting(product)
      else { throw Projection.TooLarge() }
      return result
    }
    var delays: [Rational] = []
    for (left, right) in zip(self.delays, other.delays) {
      delays.append(try difference(left, right))
    }
    var coefficients: [Rational] = []
    for (left, right) in zip(term.coefficients, other.term.coefficients) {
      coefficients.append(try difference(left, right))
    }
    let constant = try difference(term.constant, other.term.constant)
    return Self(
      delays: delays,
      term: LinearTerm(constant: constant, coefficients: coefficients),
      relation: relation
    )
  }

  /// Divided by the size of its first coefficient.
  fileprivate func scaled() throws(Projection.TooLarge) -> Self {
    guard let first = (delays + term.coefficients).first(where: { $0 != .zero }) else {
      return self
    }
    var size = first
    if relation != .equal, first < .zero {
      guard let positive = first.negated else { throw Projection.TooLarge() }
      size = positive
    }
    func divide(_ values: [Rational]) throws(Projection.TooLarge) -> [Rational] {
      var result: [Rational] = []
      for value in values {
        guard let quotient = value.divided(by: size) else { throw Projection.TooLarge() }
        result.append(quotient)
      }
      return result
    }
    let constant = try divide([term.constant])[0]
    return Self(
      delays: try divide(delays),
      term: LinearTerm(constant: constant, coefficients: try divide(term.coefficients)),
      relation: relation
    )
  }

  fileprivate var isTriviallyTrue: Bool {
    guard delays.allSatisfy({ $0 == .zero }), term.isConstant else { return false }
    return switch relation {
    case .less: term.constant < .zero
    case .lessOrEqual: term.constant <= .zero
    case .equal: term.constant == .zero
    }
  }
}
