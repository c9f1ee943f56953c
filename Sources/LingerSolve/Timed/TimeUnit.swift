import LingerModel

/// A unit of time of which every bound of a problem is a whole number, for given parameter values.
struct TimeUnit {
  let perSecond: Int

  /// Bounds stay below this, which leaves room for sums of them along any way through a matrix.
  private static let largest = 1 << 50
  private static let mostPerSecond = 1 << 40

  /// Nil where there is no common unit that fits into 64 bits.
  init?(_ problem: TimedProblem, values: [Rational]) {
    var scale = 1
    for term in problem.terms {
      guard let value = term.value(at: values), value.numerator != .min,
        value.denominator < Self.mostPerSecond,
        let next = Self.leastCommonMultiple(scale, value.denominator)
      else { return nil }
      scale = next
    }
    perSecond = scale
    for term in problem.terms where units(term, at: values) == nil { return nil }
  }

  /// A bound in units; nil where it is none, or too large.
  func units(_ term: LinearTerm, at values: [Rational]) -> Int? {
    guard let value = term.value(at: values)?.multiplied(by: Rational(perSecond)),
      value.denominator == 1, value.numerator.magnitude < Self.largest
    else { return nil }
    return value.numerator
  }

  private static func leastCommonMultiple(_ left: Int, _ right: Int) -> Int? {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    let (product, isTooLarge) = (left / a).multipliedReportingOverflow(by: right)
    return isTooLarge || product >= mostPerSecond ? nil : product
  }
}

extension TimedProblem {
  /// Every bound that a clock is compared with.
  fileprivate var terms: [LinearTerm] {
    locations.flatMap { $0.deadlines.map(\.bound) }
      + edges.flatMap { [$0.fires?.bound, $0.receives?.bound].compactMap(\.self) }
      + graph.lifetimes.compactMap(\.self)
  }
}
