import LingerModel

/// Prints linear constraints the way a protocol engineer writes them.
struct ConstraintPrinter {
  let names: [String]
  /// Position of the parameter to stand alone on the left, where it occurs.
  let subject: Int?

  /// `timeWait >= msl + 2 * rto`, or with every term on the side where it is positive.
  func text(_ constraint: LinearConstraint) -> String {
    if let subject, let isolated = isolated(constraint, subject) { return isolated }
    let whole = constraint.term.withoutFractions
    let left = terms(whole, isPositive: true)
    let right = terms(whole, isPositive: false)
    if left == Self.nothing, constraint.relation != .equal {
      return "\(right) \(constraint.relation == .less ? ">" : ">=") \(left)"
    }
    return "\(left) \(Self.symbol(constraint.relation)) \(right)"
  }

  /// The same for reading aloud: `timeWait is at least msl plus 2 times rto`.
  func words(_ constraint: LinearConstraint) -> String {
    text(constraint).split(separator: " ").map { Self.spoken[$0] ?? String($0) }
      .joined(separator: " ")
  }

  private static let spoken: [Substring: String] = [
    ">=": "is at least", ">": "is more than", "<=": "is at most", "<": "is less than",
    "==": "is exactly", "+": "plus", "-": "minus", "*": "times",
  ]

  private func isolated(_ constraint: LinearConstraint, _ subject: Int) -> String? {
    let factor = constraint.term.coefficients[subject]
    guard factor != .zero else { return nil }
    // factor * s + rest <= 0 is s <= -rest / factor, turned round for a negative factor.
    var bound = (Rational(-1) / factor) * constraint.term
    bound.coefficients[subject] = .zero
    // `p <= -m` says that both are 0, `p > -m` that one is not; neither reads like that.
    let isNegative = bound.coefficients.contains { $0 < .zero } || bound.constant < .zero
    if isNegative, bound.constant <= .zero, bound.coefficients.allSatisfy({ $0 <= .zero }) {
      return nil
    }
    var symbol = Self.symbol(constraint.relation)
    if factor < .zero, constraint.relation != .equal {
      symbol = constraint.relation == .less ? ">" : ">="
    }
    return "\(names[subject]) \(symbol) \(signed(bound))"
  }

  private static func symbol(_ relation: LinearConstraint.Relation) -> String {
    switch relation {
    case .less: "<"
    case .lessOrEqual: "<="
    case .equal: "=="
    }
  }

  /// The terms with one sign, without it.
  private func terms(_ term: LinearTerm, isPositive: Bool) -> String {
    func isOn(_ value: Rational) -> Bool { isPositive ? value > .zero : value < .zero }
    var parts: [String] = []
    for (coefficient, name) in zip(term.coefficients, names) where isOn(coefficient) {
      parts.append(product(coefficient.magnitude, name))
    }
    if isOn(term.constant) { parts.append(describe(duration: term.constant.magnitude)) }
    return parts.isEmpty ? Self.nothing : parts.joined(separator: " + ")
  }

  private static let nothing = "0 s"

  private func signed(_ term: LinearTerm) -> String {
    let positive = terms(term, isPositive: true)
    let negative = zip(term.coefficients, names).filter { $0.0 < .zero }.map {
      product($0.0.magnitude, $0.1)
    }
    var text = positive == Self.nothing && !negative.isEmpty ? "" : positive
    for part in negative { text += text.isEmpty ? "-\(part)" : " - \(part)" }
    if term.constant < .zero {
      let amount = describe(duration: term.constant.magnitude)
      text = text == Self.nothing || text.isEmpty ? "-\(amount)" : "\(text) - \(amount)"
    }
    return text
  }

  private func product(_ factor: Rational, _ name: String) -> String {
    factor == Rational(1) ? name : "\(factor) * \(name)"
  }
}

extension LinearTerm {
  /// The term times the least number that makes its coefficients whole.
  fileprivate var withoutFractions: LinearTerm {
    coefficients.indices.reduce(self) { $0.coefficients[$1].denominator * $0 }
  }
}
