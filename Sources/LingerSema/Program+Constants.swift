import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Expressions that must have a value before the protocol runs.
extension Program {
  /// The value of a constant expression of a type; reported where it has none.
  func constant(
    _ syntax: ExpressionSyntax,
    as type: ModelType,
    _ use: ValueUse,
    mayCompareDurations: Bool = false
  ) -> Value? {
    let checker = ExpressionChecker(self, context: .global)
    guard let expression = checker.checkValue(syntax, as: type, use) else { return nil }
    if !mayCompareDurations { noteComparison(in: expression) }
    switch evaluate(expression) {
    case .success(let value):
      guard model.contains(value, in: type) else {
        reportOutside(value, type, use, at: syntax.span)
        return nil
      }
      return value
    case .failure(let failure):
      report(failure, in: syntax, what: use.what)
      return nil
    }
  }

  /// The value of a constant integer of any size.
  func constantInteger(
    _ syntax: ExpressionSyntax,
    _ what: String
  ) -> (value: Int, isParametric: Bool)? {
    let checker = ExpressionChecker(self, context: .global)
    let use = ValueUse(what, .none)
    guard let expression = checker.checkValue(syntax, as: .unboundedInteger, use) else {
      return nil
    }
    noteComparison(in: expression)
    switch evaluate(expression) {
    case .success(.integer(let value)): return (value, checker.effects.isParametric)
    case .success: preconditionFailure("an integer expression has an integer value")
    case .failure(let failure):
      report(failure, in: syntax, what: what)
      return nil
    }
  }

  /// Remembers that the model is another one for other durations.
  private func noteComparison(in expression: Expression) {
    model.constantComparison =
      model.constantComparison ?? model.durationComparison(in: expression)
  }

  func reportOutside(_ value: Value, _ type: ModelType, _ use: ValueUse, at span: Span) {
    error(
      .valueOutsideRange,
      "\(use.what) cannot be \(describe(value, in: model))",
      at: span,
      label: "outside \(text(type))",
      notes: use.declarationNote
    )
  }

  /// Evaluates what depends on no state, duration parameters by their values.
  func evaluate(_ expression: Expression) -> Result<Value, EvaluationFailure> {
    var evaluator = ConstantEvaluator(model: model)
    return evaluator.run(expression)
  }

  func report(_ failure: EvaluationFailure, in syntax: ExpressionSyntax, what: String) {
    switch failure {
    case .dependsOnState(let span):
      error(
        .notConstant,
        "\(what) must be known before the protocol runs",
        at: span.isSomewhere ? span : syntax.span,
        label: "depends on the state"
      )
    case .overflow(let span):
      error(
        .constantOverflow,
        "the value does not fit into 64 bits",
        at: span.isSomewhere ? span : syntax.span
      )
    case .divisionByZero(let span):
      error(
        .divisionByZero,
        "division by zero",
        at: span.isSomewhere ? span : syntax.span
      )
    case .undefined(let span, let reason):
      error(
        .undefinedConstant,
        "\(what) has no value: \(reason)",
        at: span.isSomewhere ? span : syntax.span
      )
    case .tooLong(let span):
      error(
        .evaluationTooLong,
        "\(what) takes too long to compute",
        at: span.isSomewhere ? span : syntax.span,
        help: "more than \(ConstantEvaluator.stepLimit) steps: make the domains smaller"
      )
    }
  }
}
