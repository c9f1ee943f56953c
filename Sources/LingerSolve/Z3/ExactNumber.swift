package import LingerModel

/// A fraction of any size, as decimal digits: what Z3 computes with has no upper bound.
package struct ExactNumber: Hashable, Sendable {
  /// Digits, after a minus sign where it is negative.
  package let numerator: String
  /// Digits; `1` for an integer.
  package let denominator: String

  package init(_ number: Rational) {
    numerator = "\(number.numerator)"
    denominator = "\(number.denominator)"
  }

  package init(_ number: Int) {
    numerator = "\(number)"
    denominator = "1"
  }

  /// Reads `p` or `p/q`, as Z3 writes it; nil for anything else and for a zero denominator.
  ///
  /// Z3 writes in lowest terms. Other text is taken as it stands: `2/4` is not `1/2` here.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2 else { return nil }
    let bottom = parts.count == 2 ? parts[1] : "1"
    let digits = first.hasPrefix("-") ? first.dropFirst() : first
    guard Self.isNumber(digits), Self.isNumber(bottom), bottom.contains(where: { $0 != "0" })
    else { return nil }
    numerator = String(first)
    denominator = String(bottom)
  }

  /// The number with 64-bit parts; nil where it does not fit.
  package var rational: Rational? {
    guard let top = Int(numerator), let bottom = Int(denominator) else { return nil }
    return Rational(top, over: bottom)
  }

  /// The number as an integer; nil where it is a true fraction or does not fit.
  package var integer: Int? { denominator == "1" ? Int(numerator) : nil }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

extension ExactNumber: CustomStringConvertible {
  /// `3` or `-1/2`.
  package var description: String {
    denominator == "1" ? numerator : "\(numerator)/\(denominator)"
  }
}
