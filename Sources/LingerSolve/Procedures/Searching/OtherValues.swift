import LingerModel

/// Tries a property at parameter values far from each other.
///
/// Whether a property holds for given values a zone search says in milliseconds, where a search
/// or a refutation for all values at once takes seconds. Values with one parameter much larger or
/// much smaller than the others find most of the ways in which a property can fail.
struct OtherValues {
  let encoder: Encoder
  let limits: SolverLimits
  let budget: Budget

  /// How far a parameter is moved from the others.
  private static let factor = Rational(100)
  /// Zones for each of the values.
  private static let zoneLimit = 10_000

  /// Number of the places that are tried: anywhere, then two for each parameter.
  private var placeCount: Int { 1 + 2 * encoder.parameters.count }

  /// A run that violates the property for some values that the assumptions allow, and the place
  /// where it was found; nil where none of the places from `first` on has one.
  func violation(
    from first: Int = 0,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> (run: BoundedSearch.Run, place: Int)? {
    for place in first..<max(first, placeCount) {
      if budget.isExhausted { return nil }
      guard let values = try values(at: place, assuming: assumptions) else { continue }
      if let run = violation(at: values) { return (run, place) }
    }
    return nil
  }

  /// A shortest violating run for given values; nil where there is none, or too much to explore.
  func violation(at values: [Rational], limit: Int = zoneLimit) -> BoundedSearch.Run? {
    guard var zones = ZoneSearch(encoder.problem, values: values, limit: limit),
      case .violated(let run) = zones.answer(budget: budget)
    else { return nil }
    return run
  }

  /// Values that satisfy the assumptions, at a place if they allow it.
  private func values(
    at place: Int,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> [Rational]? {
    var solver = try Solver(in: encoder.context)
    for assumption in assumptions { try solver.assert(assumption) }
    let one = try encoder.context.real(1)
    for parameter in encoder.parameters {
      // Zero is rarely what a spec is about, and often all that a solver thinks of.
      try solver.assertIfPossible(try parameter >= one, limits)
    }
    if place > 0 {
      let moved = (place - 1) / 2
      let subject = encoder.parameters[moved]
      for (other, parameter) in encoder.parameters.enumerated() where other != moved {
        let wish =
          try place.isMultiple(of: 2)
          ? parameter >= Self.factor * subject
          : subject >= Self.factor * parameter
        try solver.assertIfPossible(wish, limits)
      }
    }
    guard try solver.check(limits: limits) == .satisfiable else { return nil }
    return try solver.model().values(of: encoder.parameters)
  }
}

/// The corners of what the assumptions allow.
extension OtherValues {
  /// Zones for a corner: some seconds.
  private static let cornerZoneLimit = 50_000
  /// What the other parameters are at a corner, and by how much one of them is larger or smaller.
  private static let cornerUnit = Rational(16)
  private static let cornerFactor = Rational(4)
  /// How often the interval is halved in which the smallest value is.
  private static let halvings = 10

  static func cornerCount(_ encoder: Encoder) -> Int { 1 + 2 * encoder.parameters.count }

  /// A run that violates the property near a corner: one parameter is about as small as it can be
  /// where all others are alike, or one of them is somewhat larger or smaller. Runs are there that
  /// are only just too long for parameters that are far from each other.
  func violation(
    of subject: Int,
    atCorner corner: Int,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> BoundedSearch.Run? {
    if budget.isExhausted { return nil }
    guard let values = try values(of: subject, atCorner: corner, assumptions) else { return nil }
    return violation(at: values, limit: Self.cornerZoneLimit)
  }

  private func values(
    of subject: Int,
    atCorner corner: Int,
    _ assumptions: [BoolTerm]
  ) throws(Z3Error) -> [Rational]? {
    let moved = corner > 0 ? (corner - 1) / 2 : nil
    if let moved, moved == subject || !encoder.problem.reads(parameter: moved) { return nil }
    var solver = try Solver(in: encoder.context)
    for assumption in assumptions { try solver.assert(assumption) }
    for (other, parameter) in encoder.parameters.enumerated() where other != subject {
      var value = Self.cornerUnit
      if other == moved {
        value = corner.isMultiple(of: 2) ? value / Self.cornerFactor : value * Self.cornerFactor
      }
      try solver.assertIfPossible(try parameter.isEqual(to: encoder.context.real(value)), limits)
    }
    guard try solver.check(limits: limits) == .satisfiable else { return nil }
    var values = try solver.model().values(of: encoder.parameters)
    var low = Rational.zero
    for _ in 0..<Self.halvings {
      let middle = (low + values[subject]) / Rational(2)
      try solver.push()
      try solver.assert(try encoder.parameters[subject] <= encoder.context.real(middle))
      if try solver.check(limits: limits) == .satisfiable {
        values = try solver.model().values(of: encoder.parameters)
      } else {
        low = middle
      }
      try solver.pop()
    }
    return values
  }
}

extension TimedProblem {
  /// Whether a bound depends on a parameter anywhere.
  fileprivate func reads(parameter: Int) -> Bool {
    func reads(_ term: LinearTerm) -> Bool { term.coefficients[parameter] != .zero }
    return graph.lifetimes.contains { $0.map(reads) ?? false }
      || locations.contains { $0.deadlines.contains { reads($0.bound) } }
      || edges.contains { $0.tests.contains { reads($0.bound) } }
  }
}

extension Solver {
  /// Asserts a wish unless it contradicts what was asserted before.
  fileprivate mutating func assertIfPossible(
    _ wish: BoolTerm,
    _ limits: SolverLimits
  ) throws(Z3Error) {
    if try !refutes([wish], limits) { try assert(wish) }
  }
}
