/// An exact fraction in lowest terms with a positive denominator.
///
/// Operations that leave 64 bits return nil; callers report that as a limit, never wrap.
package struct Rational: Hashable, Sendable, Comparable {
  package let numerator: Int
  package let denominator: Int

  package static let zero = Rational(0)

  package init(_ integer: Int) {
    numerator = integer
    denominator = 1
  }

  /// The fraction in lowest terms; nil for a zero denominator or one that does not fit.
  package init?(_ numerator: Int, over denominator: Int) {
    guard denominator != 0, numerator != .min, denominator != .min else { return nil }
    var (a, b) = (numerator.magnitude, denominator.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = Int(a == 0 ? 1 : a) * (denominator < 0 ? -1 : 1)
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  package func adding(_ other: Rational) -> Rational? {
    let (left, overflowLeft) = numerator.multipliedReportingOverflow(by: other.denominator)
    let (right, overflowRight) = other.numerator.multipliedReportingOverflow(by: denominator)
    let (sum, overflowSum) = left.addingReportingOverflow(right)
    let (bottom, overflowBottom) = denominator.multipliedReportingOverflow(by: other.denominator)
    guard !overflowLeft, !overflowRight, !overflowSum, !overflowBottom else { return nil }
    return Rational(sum, over: bottom)
  }

  package func multiplied(by other: Rational) -> Rational? {
    let (top, overflowTop) = numerator.multipliedReportingOverflow(by: other.numerator)
    let (bottom, overflowBottom) = denominator.multipliedReportingOverflow(by: other.denominator)
    guard !overflowTop, !overflowBottom else { return nil }
    return Rational(top, over: bottom)
  }

  package func divided(by other: Rational) -> Rational? {
    guard other.numerator != 0,
      let inverse = Rational(other.denominator, over: other.numerator)
    else { return nil }
    return multiplied(by: inverse)
  }

  package var negated: Rational? { Rational.zero.subtracting(self) }

  package func subtracting(_ other: Rational) -> Rational? {
    guard other.numerator != .min,
      let negative = Rational(-other.numerator, over: other.denominator)
    else { return nil }
    return adding(negative)
  }

  package static func < (left: Rational, right: Rational) -> Bool {
    let a = left.numerator.multipliedFullWidth(by: right.denominator)
    let b = right.numerator.multipliedFullWidth(by: left.denominator)
    return (a.high, a.low) < (b.high, b.low)
  }
}

extension Rational: CustomStringConvertible {
  /// `3` or `1/2`.
  package var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}
