import LingerModel

/// What is known of the parameters while a proof by induction goes on, and where to look next.
///
/// A class because the search for bounds asks it in passing.
final class InductionSamples {
  private let encoder: Encoder
  private let limits: SolverLimits
  private var solver: Solver
  private var implied: [LinearConstraint: Bool] = [:]
  /// Levels that are open in the solver while a sample is chosen.
  private var levels = 0

  init(
    _ encoder: Encoder,
    assuming assumptions: [BoolTerm],
    limits: SolverLimits
  ) throws(Z3Error) {
    self.encoder = encoder
    self.limits = limits
    zeros = encoder.problem.graph.parameters.numbers.map { _ in .zero }
    solver = try Solver(in: encoder.context)
    for assumption in assumptions { try solver.assert(assumption) }
  }

  /// Whether a condition is true of all values that are still open.
  func implies(_ condition: LinearConstraint) throws(Z3Error) -> Bool {
    if condition.term.isConstant { return condition.isTrue(at: zeros) }
    if let values = encoder.values { return condition.isTrue(at: values) }
    if let known = implied[condition] { return known }
    try solver.push()
    try solver.assert(try !encoder.constraint(condition))
    let answer = try solver.check(limits: limits)
    try solver.pop()
    implied[condition] = answer == .unsatisfiable
    return answer == .unsatisfiable
  }

  private let zeros: [Rational]

  /// Leaves out a region: it is done.
  func exclude(_ region: [LinearConstraint]) throws(Z3Error) {
    var negated: [BoolTerm] = []
    for constraint in region { negated.append(try !encoder.constraint(constraint)) }
    try solver.assert(try encoder.context.disjunction(negated))
    // Less is open now: what was implied still is.
    implied = implied.filter(\.value)
  }

  enum Next {
    case sample([Rational])
    /// Every value that the assumptions allow is in an excluded region.
    case none
    case unknown(UndecidedReason)
  }

  /// Values that are in no excluded region, and with no more coincidences than they must have.
  ///
  /// A solver's model likes corners, where terms that have nothing to do with each other are equal;
  /// what is found there would be good for that corner only.
  func next() throws(Z3Error) -> Next {
    switch try solver.check(limits: limits) {
    case .unsatisfiable: return .none
    case .unknown(let reason): return .unknown(reason.undecided)
    case .satisfiable: break
    }
    if let values = encoder.values { return .sample(values) }
    let values = try values()
    try solver.push()
    levels = 1
    let moved = try moved(values)
    for _ in 0..<levels { try solver.pop() }
    return .sample(moved)
  }

  /// Moves each value a little where the conditions let it, and keeps it there.
  private func moved(_ values: [Rational]) throws(Z3Error) -> [Rational] {
    var values = values
    for (position, parameter) in encoder.parameters.enumerated() {
      for candidate in candidates(near: values[position], position) {
        try solver.push()
        try solver.assert(try parameter.isEqual(to: encoder.context.real(candidate)))
        if try solver.check(limits: limits) == .satisfiable {
          values = try self.values()
          levels += 1
          break
        }
        try solver.pop()
      }
    }
    return values
  }

  /// Values to try in place of one: some way off, then ever nearer, on ever finer grids.
  ///
  /// The nearest are no better than the value itself but for their denominators: where parameters
  /// are far apart, those of a solver's model soon have no common unit that zones can do with.
  private func candidates(near value: Rational, _ position: Int) -> [Rational] {
    let prime = Self.primes[position % Self.primes.count]
    if value == .zero, let small = Rational(prime, over: 1 << Self.gridBits) { return [small] }
    let away = Self.shares.map { share in
      (Rational(prime + share) / Rational(prime) * value).rounded(.down, bits: Self.gridBits)
    }
    return away
      + Self.nearerBits.flatMap { bits in
        [value.rounded(.down, bits: bits), value.rounded(.up, bits: bits)]
      }
  }

  /// Moves of a value, in parts of its prime: different ones for different parameters.
  private static let shares = [8, -8, 2, -2]
  private static let primes = [101, 103, 107, 109, 113, 127, 131, 137]
  /// Significant bits of a value that is moved, and of those that are tried when none fits.
  private static let gridBits = 10
  private static let nearerBits = [10, 14, 18, 22]

  private func values() throws(Z3Error) -> [Rational] {
    try solver.model().values(of: encoder.parameters)
  }
}

extension Rational {
  /// This positive value on a grid of powers of two, with about so many bits: the grid is coarse
  /// for a large value, so that several values have a small common unit.
  fileprivate func rounded(_ rule: FloatingPointRoundingRule, bits: Int) -> Rational {
    var step = Rational(1)
    let most = Rational(1 << bits)
    while most * step < self { step = Rational(2) * step }
    while Self.finest < step, self < most * step { step = step / Rational(2) }
    let steps = (self / step).roundedDown
    return (rule == .up ? steps + Rational(1) : steps) * step
  }

  private static let finest = Rational(1) / Rational(1 << 20)
}
