import LingerModel

/// A unit of time of which every bound of a problem is a whole number, for given parameter values.
struct TimeUnit {
  let perSecond: Int

  /// Bounds stay below this, which leaves room for sums of them along any way through a matrix.
  private static let largest = Rational(1 << 50)

  /// Nil where there is no common unit in which all bounds are small enough for machine words.
  init?(_ problem: TimedProblem, values: [Rational]) {
    var scale = Rational(1)
    for term in problem.terms {
      // What is left below the line is what the scale lacks.
      scale = scale * (scale * term.value(at: values)).denominator
      if scale >= Self.largest { return nil }
    }
    guard let perSecond = scale.integer else { return nil }
    self.perSecond = perSecond
    for term in problem.terms where units(term, at: values) == nil { return nil }
  }

  /// A bound in units; nil where it is not whole, or too large.
  func units(_ term: LinearTerm, at values: [Rational]) -> Int? {
    let value = term.value(at: values) * Rational(perSecond)
    return value.magnitude < Self.largest ? value.integer : nil
  }
}

extension TimedProblem {
  /// Every bound that a clock is compared with.
  fileprivate var terms: [LinearTerm] {
    locations.flatMap { $0.deadlines.map(\.bound) }
      + edges.flatMap { [$0.fires?.bound, $0.receives?.bound].compactMap(\.self) }
      + edges.flatMap { $0.tests.map(\.bound) }
      + graph.clocks.indices.compactMap { graph.lifetime(ofClock: $0) }
  }
}
