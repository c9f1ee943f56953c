import LingerDiagnostics
package import LingerModel

extension Evaluator {
  /// Says in half a sentence why a property's predicate is false in a state: the innermost part
  /// that decides it, with the values that its sides have.
  ///
  /// For a conjunction that is the first false side, for `for all` the first value for which the
  /// body is false, for `implies` the premise that holds and the conclusion that does not.
  package func whyFalse(_ property: Property, in state: State) -> String {
    do throws(SpecError) {
      return try why(property.body, is: false, Reader(self, property, state))
    } catch {
      guard error.kind != .tooLong else { return "it is false" }
      return "evaluating it fails: \(error.message)"
    }
  }

  /// Evaluates parts of one property in one state.
  private struct Reader {
    let evaluator: Evaluator
    let property: Property
    let state: State

    init(_ evaluator: Evaluator, _ property: Property, _ state: State) {
      self.evaluator = evaluator
      self.property = property
      self.state = state
    }

    private var environment: Environment {
      Environment(evaluator.model, whole: state, property: property, stop: evaluator.stop)
    }

    func value(_ expression: Expression) throws(SpecError) -> Value {
      var environment = environment
      return try environment.value(of: expression)
    }

    func values(of domain: Domain, at span: Span) throws(SpecError) -> DomainValues {
      var environment = environment
      return try environment.values(of: domain, at: span)
    }

    func spendRound() throws(SpecError) { try environment.spendRound() }

    func isTrue(_ expression: Expression) throws(SpecError) -> Bool {
      try value(expression) == .bool(true)
    }

    func text(_ expression: Expression) -> String {
      describe(expression, in: evaluator.model, locals: property.localNames)
    }

    func text(_ value: Value) -> String { describe(value, in: evaluator.model) }
  }

  private func why(
    _ expression: Expression,
    is wanted: Bool,
    _ reader: Reader
  ) throws(SpecError) -> String {
    switch (expression.kind, wanted) {
    case (.not(let inner), _):
      return try why(inner, is: !wanted, reader)
    case (.binary(.and, let left, let right), false), (.binary(.or, let left, let right), true):
      let decides = try reader.isTrue(left) == wanted ? left : right
      return try why(decides, is: wanted, reader)
    case (.binary(.and, let left, let right), true), (.binary(.or, let left, let right), false):
      return try why(left, is: wanted, reader) + " and " + why(right, is: wanted, reader)
    case (.binary(.implies, let premise, let conclusion), false):
      return try why(premise, is: true, reader) + ", but "
        + why(conclusion, is: false, reader)
    case (.bind(let slot, let value, let body), _):
      let bound = body.substituting(local: slot, with: try reader.value(value))
      return try why(bound, is: wanted, reader)
    case (.quantifier(.all, let slot, let domain, let filter, let body), false),
      (.quantifier(.exists, let slot, let domain, let filter, let body), true):
      let values = try reader.values(of: domain, at: expression.span)
      for position in 0..<values.count {
        try reader.spendRound()
        let value = values[position]
        let isIn = try filter.map { filter throws(SpecError) in
          try reader.isTrue(filter.substituting(local: slot, with: value))
        }
        if isIn == false { continue }
        let instance = body.substituting(local: slot, with: value)
        if try reader.isTrue(instance) == wanted { return try why(instance, is: wanted, reader) }
      }
      return "\(reader.text(expression)) is \(wanted)"
    case (.binary(let operation, let left, let right), _) where operation.isComparison:
      return try comparison(expression, operation, left, right, is: wanted, reader)
    case (.constant, _): return "the condition is always \(wanted)"
    default:
      return "\(reader.text(expression)) is \(wanted)"
    }
  }

  private func comparison(
    _ expression: Expression,
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    is wanted: Bool,
    _ reader: Reader
  ) throws(SpecError) -> String {
    let leftValue = try reader.value(left)
    let rightValue = try reader.value(right)
    // A constant on the left has its value in its text: the other side is what is told.
    if case .constant = left.kind {
      if case .constant = right.kind { return "\(reader.text(expression)) is \(wanted)" }
      return try comparison(expression, operation.mirrored, right, left, is: wanted, reader)
    }
    let isRightPlain = if case .constant = right.kind { true } else { false }
    if leftValue == rightValue, operation == .equal || operation == .notEqual {
      return isRightPlain
        ? "\(reader.text(left)) is \(reader.text(leftValue))"
        : "\(reader.text(left)) and \(reader.text(right)) are both \(reader.text(leftValue))"
    }
    let values =
      isRightPlain
      ? "\(reader.text(left)) is \(reader.text(leftValue))"
      : "\(reader.text(left)) is \(reader.text(leftValue)) and \(reader.text(right)) is "
        + reader.text(rightValue)
    if wanted || !isRightPlain { return values }
    return "\(values), not \(operation.wanted(reader.text(right)))"
  }
}

extension BinaryOperation {
  fileprivate var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .add, .subtract, .multiply, .divide, .remainder, .and, .or, .implies: false
    }
  }

  /// What the left side should have been.
  fileprivate func wanted(_ right: String) -> String {
    switch self {
    case .less: "below \(right)"
    case .lessOrEqual: "at most \(right)"
    case .greater: "above \(right)"
    case .greaterOrEqual: "at least \(right)"
    default: right
    }
  }
}
