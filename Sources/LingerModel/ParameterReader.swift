/// Reads conditions on parameters (`assume`, definitions) off a model's expressions.
package struct ParameterReader {
  /// Why an expression is not a linear condition on duration parameters.
  package struct Unsupported: Error {
    package var reason: String
  }

  private let parameters: DurationParameters
  /// The model with values of the parameters that tell a linear term.
  private let probes: [Model]
  private let model: Model

  package init(_ model: Model) {
    self.model = model
    parameters = DurationParameters(model)
    probes = parameters.probes(model)
  }

  /// The linear term of a duration expression.
  package func term(_ expression: Expression) throws(Unsupported) -> LinearTerm {
    if let comparison = model.durationComparison(in: expression) {
      throw unsupported(comparison, "lets durations decide which duration is meant")
    }
    var values: [Rational] = []
    for probe in probes {
      guard let value = probe.duration(expression) else {
        throw unsupported(expression, "cannot be evaluated")
      }
      values.append(value)
    }
    return parameters.term(fromProbes: values)
  }

  /// The condition that a Boolean expression puts on the parameters.
  package func formula(_ expression: Expression) throws(Unsupported) -> ParameterFormula {
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
      throw unsupported(expression, "is not a comparison of durations")
    }
  }

  private func comparison(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    _ whole: Expression
  ) throws(Unsupported) -> ParameterFormula {
    let difference = try term(left) - term(right)
    switch operation {
    case .less: return .atom(LinearConstraint(difference, .less))
    case .lessOrEqual: return .atom(LinearConstraint(difference, .lessOrEqual))
    case .greater: return .atom(LinearConstraint(-difference, .less))
    case .greaterOrEqual: return .atom(LinearConstraint(-difference, .lessOrEqual))
    case .equal: return .atom(LinearConstraint(difference, .equal))
    case .notEqual: return ParameterFormula.atom(LinearConstraint(difference, .equal)).negated
    default: throw unsupported(whole, "is not a comparison")
    }
  }

  private func unsupported(_ expression: Expression, _ what: String) -> Unsupported {
    Unsupported(reason: "'\(describe(expression, in: model))' \(what)")
  }
}
