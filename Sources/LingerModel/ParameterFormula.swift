/// A condition on the duration parameters.
package indirect enum ParameterFormula: Hashable, Sendable {
  case constant(Bool)
  case atom(LinearConstraint)
  case and([ParameterFormula])
  case or([ParameterFormula])

  package static func conjunction(_ parts: [ParameterFormula]) -> ParameterFormula {
    let kept = parts.filter { $0 != .constant(true) }
    if kept.contains(.constant(false)) { return .constant(false) }
    return kept.isEmpty ? .constant(true) : kept.count == 1 ? kept[0] : .and(kept)
  }

  package static func disjunction(_ parts: [ParameterFormula]) -> ParameterFormula {
    let kept = parts.filter { $0 != .constant(false) }
    if kept.contains(.constant(true)) { return .constant(true) }
    return kept.isEmpty ? .constant(false) : kept.count == 1 ? kept[0] : .or(kept)
  }

  package var negated: ParameterFormula {
    switch self {
    case .constant(let value): .constant(!value)
    case .atom(let constraint):
      .disjunction(constraint.negations.map { .atom($0) })
    case .and(let parts): .disjunction(parts.map(\.negated))
    case .or(let parts): .conjunction(parts.map(\.negated))
    }
  }

  /// Whether it is true for given parameter values; nil where arithmetic leaves 64 bits.
  package func isTrue(at parameters: [Rational]) -> Bool? {
    switch self {
    case .constant(let value): return value
    case .atom(let constraint): return constraint.isTrue(at: parameters)
    case .and(let parts):
      for part in parts {
        guard let value = part.isTrue(at: parameters) else { return nil }
        if !value { return false }
      }
      return true
    case .or(let parts):
      for part in parts {
        guard let value = part.isTrue(at: parameters) else { return nil }
        if value { return true }
      }
      return false
    }
  }
}

/// `term <= 0`, `term < 0` or `term == 0`.
package struct LinearConstraint: Hashable, Sendable {
  package enum Relation: Hashable, Sendable {
    case less
    case lessOrEqual
    case equal
  }

  package var term: LinearTerm
  package var relation: Relation

  package init(_ term: LinearTerm, _ relation: Relation) {
    self.term = term
    self.relation = relation
  }

  /// Constraints one of which is true exactly where this one is false.
  package var negations: [LinearConstraint] {
    guard let negative = LinearTerm.zero(term.coefficients.count).subtracting(term) else {
      return []
    }
    return switch relation {
    case .less: [LinearConstraint(negative, .lessOrEqual)]
    case .lessOrEqual: [LinearConstraint(negative, .less)]
    case .equal: [LinearConstraint(term, .less), LinearConstraint(negative, .less)]
    }
  }

  package func isTrue(at parameters: [Rational]) -> Bool? {
    guard let value = term.value(at: parameters) else { return nil }
    return switch relation {
    case .less: value < .zero
    case .lessOrEqual: value <= .zero
    case .equal: value == .zero
    }
  }
}
