import LingerModel

/// A condition on duration parameters as reports print it, read back.
///
/// What is compared with the judge is the text that a user sees.
struct TimedPrintedCondition {
  struct Unreadable: Error {
    var text: String
  }

  /// `left symbol right`, each side a sum.
  fileprivate struct Comparison {
    var left: [Part]
    var symbol: String
    var right: [Part]
  }

  /// `factor * name`, or a number of seconds without a name.
  fileprivate struct Part {
    var factor: Rational
    var name: String?
  }

  /// Clauses joined by "and", of parts joined by "or".
  private let clauses: [[Comparison]]

  init(_ clauses: [[String]]) throws(Unreadable) {
    var read: [[Comparison]] = []
    for clause in clauses {
      var parts: [Comparison] = []
      for text in clause { parts.append(try Self.comparison(text)) }
      read.append(parts)
    }
    self.clauses = read
  }

  /// Whether it is more than `true` or `false`.
  var isProper: Bool { !clauses.isEmpty && !clauses.contains(where: \.isEmpty) }

  func isTrue(at values: [String: Rational]) throws(Unreadable) -> Bool {
    for clause in clauses {
      var isSatisfied = false
      for comparison in clause where try comparison.isTrue(at: values) { isSatisfied = true }
      if !isSatisfied { return false }
    }
    return true
  }

  /// Whether both sides of some comparison are equal: where strictness decides.
  func hasTie(at values: [String: Rational]) throws(Unreadable) -> Bool {
    for comparison in clauses.joined()
    where try Self.value(comparison.left, values) == Self.value(comparison.right, values) {
      return true
    }
    return false
  }

  /// The number on the right of the only comparison.
  func constant() throws(Unreadable) -> Rational {
    guard let only = clauses.first?.first else { throw Unreadable(text: "") }
    return try Self.value(only.right, [:])
  }

  private static func comparison(_ text: String) throws(Unreadable) -> Comparison {
    let words = text.split(separator: " ").map(String.init)
    let symbols = words.indices.filter { ["<", "<=", "==", ">=", ">"].contains(words[$0]) }
    guard symbols.count == 1, let symbol = symbols.first else { throw Unreadable(text: text) }
    return Comparison(
      left: try sum(words[..<symbol], text),
      symbol: words[symbol],
      right: try sum(words[(symbol + 1)...], text)
    )
  }

  /// `p`, `-2 * p`, `p + 1/2 * q - 500 ms`.
  private static func sum(_ words: ArraySlice<String>, _ text: String) throws(Unreadable) -> [Part]
  {
    var parts: [Part] = []
    var rest = words
    var sign = 1
    while var word = rest.popFirst() {
      if word.hasPrefix("-") {
        sign = -sign
        word.removeFirst()
      }
      guard let first = word.first else { throw Unreadable(text: text) }
      var part = Part(factor: Rational(sign), name: word)
      if first.isNumber {
        guard let number = Rational(exactly: word) ?? Rational(decimal: word),
          let next = rest.popFirst()
        else { throw Unreadable(text: text) }
        part = Part(factor: Rational(sign) * number, name: nil)
        if next == "*" {
          part.name = rest.popFirst()
        } else {
          guard let unit = Self.units[next] else { throw Unreadable(text: text) }
          part.factor = part.factor / Rational(unit)
        }
      }
      parts.append(part)
      switch rest.popFirst() {
      case nil: return parts
      case "+": sign = 1
      case "-": sign = -1
      default: throw Unreadable(text: text)
      }
    }
    throw Unreadable(text: text)
  }

  /// How many of a unit make a second.
  private static let units = ["s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000]

  fileprivate static func value(
    _ parts: [Part],
    _ values: [String: Rational]
  ) throws(Unreadable) -> Rational {
    var sum = Rational.zero
    for part in parts {
      let value = part.name.map { values[$0] } ?? Rational(1)
      guard let value else { throw Unreadable(text: part.name ?? "") }
      sum += value * part.factor
    }
    return sum
  }
}

extension TimedPrintedCondition.Comparison {
  fileprivate func isTrue(
    at values: [String: Rational]
  ) throws(TimedPrintedCondition.Unreadable) -> Bool {
    let left = try TimedPrintedCondition.value(left, values)
    let right = try TimedPrintedCondition.value(right, values)
    return switch symbol {
    case "<": left < right
    case "<=": left <= right
    case "==": left == right
    case ">=": left >= right
    default: left > right
    }
  }
}
