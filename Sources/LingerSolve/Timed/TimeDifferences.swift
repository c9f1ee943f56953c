import LingerModel

/// Bounds on how far moments of a run are apart, each a linear term over the parameters.
///
/// Everything that a run along given edges has to satisfy is of this form, and stays so when a
/// moment is eliminated: ways through it are added up, never multiplied (Fourier and Motzkin on
/// differences). Between two moments there may be several bounds, none of which is the smallest
/// for all parameter values; one that is not smaller for any is dropped, which keeps them few.
struct TimeDifferences {
  /// Why it was given up.
  typealias TooLarge = LinearElimination.TooLarge

  /// `later - earlier` is at most the term, or below it.
  private struct Bound: Hashable {
    var term: LinearTerm
    var isStrict: Bool

    static func + (left: Bound, right: Bound) -> Bound {
      Bound(term: left.term + right.term, isStrict: left.isStrict || right.isStrict)
    }

    /// Whether it is at least as strong as another one for all parameters, none of them negative.
    func implies(_ other: Bound) -> Bool {
      let slack = other.term - term
      guard slack.constant >= .zero, slack.coefficients.allSatisfy({ $0 >= .zero }) else {
        return false
      }
      return isStrict || !other.isStrict || slack.constant > .zero
    }
  }

  private let size: Int
  private let parameterCount: Int
  /// By later and earlier moment.
  private var bounds: [[[Bound]]]
  /// Bounds on nothing: conditions on the parameters alone.
  private var conditions: [Bound] = []
  private var count = 0

  /// Bounds at a time before it is given up.
  private static let limit = 20_000

  init(moments: Int, parameters: Int) {
    size = moments
    parameterCount = parameters
    bounds = Array(
      repeating: Array(repeating: [], count: moments),
      count: moments
    )
  }

  /// Adds that `later - earlier` is at most a term, or below it.
  mutating func add(_ later: Int, _ earlier: Int, _ term: LinearTerm, isStrict: Bool = false) {
    add(later, earlier, Bound(term: term, isStrict: isStrict))
  }

  private mutating func add(_ later: Int, _ earlier: Int, _ bound: Bound) {
    guard later != earlier else {
      Self.add(bound, to: &conditions)
      return
    }
    count -= bounds[later][earlier].count
    Self.add(bound, to: &bounds[later][earlier])
    count += bounds[later][earlier].count
  }

  private static func add(_ bound: Bound, to list: inout [Bound]) {
    if list.contains(where: { $0.implies(bound) }) { return }
    list.removeAll { bound.implies($0) }
    list.append(bound)
  }

  /// What the bounds say of the parameters: for which values there are such moments.
  func parametersAllowed(
    budget: Budget
  ) throws(TooLarge) -> [LinearConstraint] {
    var rest = self
    var moments = Array(0..<size)
    while !moments.isEmpty {
      if budget.isExhausted || rest.count > Self.limit { throw TooLarge() }
      if let (moment, origin, distance) = rest.equation(among: moments) {
        rest.move(moment, to: origin, distance)
        moments.removeAll { $0 == moment }
        continue
      }
      let costs = moments.map { moment in
        moments.reduce(0) { $0 + rest.bounds[$1][moment].count }
          * moments.reduce(0) { $0 + rest.bounds[moment][$1].count }
      }
      let place = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      rest.eliminate(moments.remove(at: place), among: moments)
    }
    let rows = rest.conditions.map { bound in
      LinearConstraint(-bound.term, bound.isStrict ? .less : .lessOrEqual)
    }
    // No more than to write rows alike and drop repeats: there is nothing left to eliminate.
    return try LinearElimination.eliminate(first: 0, from: rows, rowLimit: Self.limit)
  }

  /// A moment whose distance from another one is known.
  private func equation(
    among moments: [Int]
  ) -> (moment: Int, origin: Int, distance: LinearTerm)? {
    for moment in moments {
      for origin in moments where origin != moment {
        for bound in bounds[moment][origin] where !bound.isStrict {
          let opposite = Bound(term: -bound.term, isStrict: false)
          if bounds[origin][moment].contains(opposite) { return (moment, origin, bound.term) }
        }
      }
    }
    return nil
  }

  /// Says of another moment what is said of one that is so far after it.
  private mutating func move(_ moment: Int, to origin: Int, _ distance: LinearTerm) {
    for other in 0..<size where other != moment {
      for bound in take(other, moment) {
        add(other, origin, Bound(term: bound.term + distance, isStrict: bound.isStrict))
      }
      for bound in take(moment, other) {
        add(origin, other, Bound(term: bound.term - distance, isStrict: bound.isStrict))
      }
    }
  }

  private mutating func eliminate(_ moment: Int, among others: [Int]) {
    let after = others.map { ($0, take($0, moment)) }
    let before = others.map { ($0, take(moment, $0)) }
    for (later, first) in after where !first.isEmpty {
      for (earlier, second) in before {
        for one in first {
          for other in second { add(later, earlier, one + other) }
        }
      }
    }
  }

  private mutating func take(_ later: Int, _ earlier: Int) -> [Bound] {
    let taken = bounds[later][earlier]
    bounds[later][earlier] = []
    count -= taken.count
    return taken
  }
}
