import LingerDiagnostics
import LingerEval
package import LingerModel

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

/// Reads conditions on parameters (`assume`, definitions) off a model's expressions.
struct ParameterReader {
  /// Why an expression is no linear condition on duration parameters.
  struct Unsupported: Error {
    var reason: String
  }

  private let parameters: DurationParameters
  private let probes: [Evaluator]
  private let model: Model

  init(_ model: Model) {
    self.model = model
    parameters = DurationParameters(model)
    probes = parameters.probes(model).map { Evaluator($0) }
  }

  /// The linear term of a duration expression.
  func term(_ expression: Expression) throws(Unsupported) -> LinearTerm {
    var values: [Rational] = []
    for probe in probes {
      guard let value = probe.duration(expression) else {
        throw unsupported(expression, "cannot be evaluated")
      }
      values.append(value)
    }
    guard let term = parameters.term(fromProbes: values) else {
      throw unsupported(expression, "leaves 64 bits")
    }
    return term
  }

  /// The condition that a Boolean expression puts on the parameters.
  func formula(_ expression: Expression) throws(Unsupported) -> ParameterFormula {
    switch expression.kind {
    case .constant(.bool(let value)):
      return .constant(value)
    case .not(let inner):
      return try formula(inner).negated
    case .binary(.and, let left, let right):
      return .conjunction([try formula(left), try formula(right)])
    case .binary(.or, let left, let right):
      return .disjunction([try formula(left), try formula(right)])
    case .binary(.implies, let left, let right):
      return .disjunction([try formula(left).negated, try formula(right)])
    case .binary(let operation, let left, let right) where left.type == .duration:
      return try comparison(operation, left, right, expression)
    default:
      throw unsupported(expression, "is no comparison of durations")
    }
  }

  private func comparison(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    _ whole: Expression
  ) throws(Unsupported) -> ParameterFormula {
    guard let difference = try term(left).subtracting(try term(right)),
      let opposite = try term(right).subtracting(try term(left))
    else { throw unsupported(whole, "leaves 64 bits") }
    switch operation {
    case .less: return .atom(LinearConstraint(difference, .less))
    case .lessOrEqual: return .atom(LinearConstraint(difference, .lessOrEqual))
    case .greater: return .atom(LinearConstraint(opposite, .less))
    case .greaterOrEqual: return .atom(LinearConstraint(opposite, .lessOrEqual))
    case .equal: return .atom(LinearConstraint(difference, .equal))
    case .notEqual: return ParameterFormula.atom(LinearConstraint(difference, .equal)).negated
    default: throw unsupported(whole, "is no comparison")
    }
  }

  private func unsupported(_ expression: Expression, _ what: String) -> Unsupported {
    Unsupported(reason: "'\(describe(expression, in: model))' \(what)")
  }
}
