internal import BigInt

/// An exact fraction of any size, in lowest terms with a positive denominator.
///
/// Nearly every number is small: two machine words, and their arithmetic is checked for overflow.
/// What does not fit is kept in big integers. A value has one form only, so that equality is
/// meaning.
package struct Rational: Hashable, Sendable {
  private enum Storage: Hashable, Sendable {
    /// Both within 64 bits, the numerator not the least integer: its negation fits too.
    case small(Int, over: Int)
    indirect case large(BigInt, over: BigInt)
  }

  private let storage: Storage

  package static let zero = Rational(0)

  package init(_ integer: Int) {
    storage = integer == .min ? .large(BigInt(integer), over: 1) : .small(integer, over: 1)
  }

  /// The fraction in lowest terms; nil for a zero denominator.
  package init?(_ numerator: Int, over denominator: Int) {
    guard denominator != 0 else { return nil }
    guard numerator != .min, denominator != .min else {
      self.init(reducing: BigInt(numerator), over: BigInt(denominator))
      return
    }
    self.init(reducing: denominator < 0 ? -numerator : numerator, over: abs(denominator))
  }

  /// The denominator is positive, and the numerator not the least integer.
  private init(reducing numerator: Int, over denominator: Int) {
    if denominator == 1 {
      storage = .small(numerator, over: 1)
      return
    }
    var (a, b) = (numerator.magnitude, denominator.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    storage = .small(numerator / Int(a), over: denominator / Int(a))
  }

  private init(reducing numerator: BigInt, over denominator: BigInt) {
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let sign: BigInt = denominator.sign == .minus ? -1 : 1
    let (top, bottom) = (sign * numerator / divisor, sign * denominator / divisor)
    if let small = Int(exactly: top), small != .min, let positive = Int(exactly: bottom) {
      storage = .small(small, over: positive)
    } else {
      storage = .large(top, over: bottom)
    }
  }

  private var parts: (numerator: BigInt, denominator: BigInt) {
    switch storage {
    case .small(let numerator, let denominator): (BigInt(numerator), BigInt(denominator))
    case .large(let numerator, let denominator): (numerator, denominator)
    }
  }
}

/// Parts of a fraction.
extension Rational {
  /// The number above the line, a whole one.
  package var numerator: Rational {
    switch storage {
    case .small(let numerator, _): Rational(numerator)
    case .large(let numerator, _): Rational(reducing: numerator, over: 1)
    }
  }

  /// The number below the line, a whole and positive one.
  package var denominator: Rational {
    switch storage {
    case .small(_, let denominator): Rational(denominator)
    case .large(_, let denominator): Rational(reducing: denominator, over: 1)
    }
  }

  /// The number as an integer; nil where it is a true fraction or does not fit.
  package var integer: Int? {
    guard case .small(let numerator, 1) = storage else { return nil }
    return numerator
  }

  package var isWhole: Bool {
    switch storage {
    case .small(_, let denominator): denominator == 1
    case .large(_, let denominator): denominator == 1
    }
  }

  /// The largest whole number that is not above it.
  package var roundedDown: Rational {
    if isWhole { return self }
    let (numerator, denominator) = parts
    let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    return Rational(reducing: rest < 0 ? quotient - 1 : quotient, over: 1)
  }

  package var magnitude: Rational { self < .zero ? -self : self }
}

/// Arithmetic. It always has a result, but for a division by zero.
extension Rational {
  package static func + (left: Rational, right: Rational) -> Rational {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      let (x, overflowX) = a.multipliedReportingOverflow(by: d)
      let (y, overflowY) = c.multipliedReportingOverflow(by: b)
      let (sum, overflowSum) = x.addingReportingOverflow(y)
      let (bottom, overflowBottom) = b.multipliedReportingOverflow(by: d)
      if !overflowX, !overflowY, !overflowSum, !overflowBottom, sum != .min {
        return Rational(reducing: sum, over: bottom)
      }
    }
    let ((a, b), (c, d)) = (left.parts, right.parts)
    return Rational(reducing: a * d + c * b, over: b * d)
  }

  package static func * (left: Rational, right: Rational) -> Rational {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      let (top, overflowTop) = a.multipliedReportingOverflow(by: c)
      let (bottom, overflowBottom) = b.multipliedReportingOverflow(by: d)
      if !overflowTop, !overflowBottom, top != .min {
        return Rational(reducing: top, over: bottom)
      }
    }
    let ((a, b), (c, d)) = (left.parts, right.parts)
    return Rational(reducing: a * c, over: b * d)
  }

  package static prefix func - (number: Rational) -> Rational {
    switch number.storage {
    case .small(let numerator, let denominator):
      Rational(reducing: -numerator, over: denominator)
    case .large(let numerator, let denominator): Rational(reducing: -numerator, over: denominator)
    }
  }

  package static func - (left: Rational, right: Rational) -> Rational { left + -right }

  /// The divisor must not be zero.
  package static func / (left: Rational, right: Rational) -> Rational {
    precondition(right != .zero, "division by zero")
    return left * right.inverse
  }

  private var inverse: Rational {
    switch storage {
    case .small(let numerator, let denominator):
      Rational(
        reducing: numerator < 0 ? -denominator : denominator,
        over: abs(numerator)
      )
    case .large(let numerator, let denominator): Rational(reducing: denominator, over: numerator)
    }
  }

  package static func += (left: inout Rational, right: Rational) { left = left + right }
}

extension Rational: Comparable {
  package static func < (left: Rational, right: Rational) -> Bool {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      if b == d { return a < c }
      let x = a.multipliedFullWidth(by: d)
      let y = c.multipliedFullWidth(by: b)
      return (x.high, x.low) < (y.high, y.low)
    }
    let ((a, b), (c, d)) = (left.parts, right.parts)
    return a * d < c * b
  }
}

extension Rational: CustomStringConvertible {
  /// `3` or `1/2`.
  package var description: String {
    switch storage {
    case .small(let numerator, 1): "\(numerator)"
    case .small(let numerator, let denominator): "\(numerator)/\(denominator)"
    case .large(let numerator, 1): "\(numerator)"
    case .large(let numerator, let denominator): "\(numerator)/\(denominator)"
    }
  }

  /// Reads what ``description`` writes; nil for anything else and for a zero denominator.
  package init?(exactly text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let numerator = Self.whole(parts[0], mayBeNegative: true),
      let denominator = parts.count == 1 ? 1 : Self.whole(parts[1], mayBeNegative: false),
      denominator != 0
    else { return nil }
    self.init(reducing: numerator, over: denominator)
  }

  private static func whole(_ text: Substring, mayBeNegative: Bool) -> BigInt? {
    let digits = mayBeNegative && text.hasPrefix("-") ? text.dropFirst() : text
    guard !digits.isEmpty,
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return BigInt(text, radix: 10)
  }

  /// A number such as `120` or `0.5`, with underscores between digits; nil for anything else.
  package init?(decimal text: String) {
    let parts = text.filter { $0 != "_" }.split(separator: ".", omittingEmptySubsequences: false)
    let places = parts.count == 2 ? parts[1].count : 0
    guard parts.count <= 2, let digits = Self.whole(parts.joined()[...], mayBeNegative: false)
    else { return nil }
    self.init(reducing: digits, over: BigInt(10).power(places))
  }
}

/// Decimal notation.
extension Rational {
  /// The exact decimal number; nil where its digits do not end.
  package var decimal: String? {
    let (numerator, denominator) = parts
    var rest = denominator
    var (twos, fives) = (0, 0)
    while rest.isMultiple(of: 2) { (rest, twos) = (rest / 2, twos + 1) }
    while rest.isMultiple(of: 5) { (rest, fives) = (rest / 5, fives + 1) }
    guard rest == 1 else { return nil }
    let places = max(twos, fives)
    let scaled = numerator * BigInt(10).power(places) / denominator
    return Self.text(scaled, places: places)
  }

  /// A decimal number of at most six places, rounded towards zero: for readers that cannot take
  /// fractions.
  package var approximateDecimal: String {
    if let exact = decimal { return exact }
    let (numerator, denominator) = parts
    return Self.text(numerator * 1_000_000 / denominator, places: 6)
  }

  private static func text(_ scaled: BigInt, places: Int) -> String {
    let sign = scaled < 0 ? "-" : ""
    let digits = String(scaled.magnitude)
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
