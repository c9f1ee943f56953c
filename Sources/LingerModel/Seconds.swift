/// A time or an age in seconds, `119.9 s`; a fraction where decimals do not end, `1/3 s`.
///
/// Unlike `describe(duration:)` it keeps to one unit, so that the times of a run can be compared
/// at a glance.
package func seconds(_ time: Rational) -> String { "\(decimal(time) ?? time.description) s" }

/// An exact decimal number; nil where its digits do not end, or do not fit.
package func decimal(_ number: Rational) -> String? {
  var (rest, digits) = (number.denominator, 0)
  var (twos, fives) = (0, 0)
  while rest.isMultiple(of: 2) { (rest, twos) = (rest / 2, twos + 1) }
  while rest.isMultiple(of: 5) { (rest, fives) = (rest / 5, fives + 1) }
  guard rest == 1 else { return nil }
  digits = max(twos, fives)
  guard digits > 0 else { return "\(number.numerator)" }
  var power = 1
  for _ in 0..<digits {
    let (next, overflow) = power.multipliedReportingOverflow(by: 10)
    guard !overflow else { return nil }
    power = next
  }
  guard let scaled = number.multiplied(by: Rational(power)) else { return nil }
  let sign = scaled.numerator < 0 ? "-" : ""
  let text = String(scaled.numerator.magnitude)
  let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
  return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
}

/// A decimal number of at most six places, rounded down: for readers that cannot take fractions.
package func approximateDecimal(_ number: Rational) -> String {
  if let exact = decimal(number) { return exact }
  let places = 1_000_000
  let magnitude = number.numerator.magnitude
  let whole = magnitude / UInt(number.denominator)
  let rest = magnitude % UInt(number.denominator)
  let product = rest.multipliedFullWidth(by: UInt(places))
  let part = UInt(number.denominator).dividingFullWidth(product).quotient
  let digits = String(part)
  let sign = number < .zero ? "-" : ""
  return "\(sign)\(whole)." + String(repeating: "0", count: 6 - digits.count) + digits
}
