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

  /// Whether it is true for given parameter values.
  package func isTrue(at parameters: [Rational]) -> Bool {
    switch self {
    case .constant(let value): value
    case .atom(let constraint): constraint.isTrue(at: parameters)
    case .and(let parts): parts.allSatisfy { $0.isTrue(at: parameters) }
    case .or(let parts): parts.contains { $0.isTrue(at: parameters) }
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
    switch relation {
    case .less: [LinearConstraint(-term, .lessOrEqual)]
    case .lessOrEqual: [LinearConstraint(-term, .less)]
    case .equal: [LinearConstraint(term, .less), LinearConstraint(-term, .less)]
    }
  }

  package func isTrue(at parameters: [Rational]) -> Bool {
    let value = term.value(at: parameters)
    return switch relation {
    case .less: value < .zero
    case .lessOrEqual: value <= .zero
    case .equal: value == .zero
    }
  }
}
