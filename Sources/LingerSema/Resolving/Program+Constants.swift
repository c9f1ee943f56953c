import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Why an expression has no value before the protocol runs.
enum ConstantFailure: Error {
  /// This part reads the state.
  case dependsOnState(Expression)
  case failed(SpecError)
}

/// Expressions that must have a value before the protocol runs.
extension Program {
  /// Operations of one constant: a quantifier over a large range must not hang the compiler.
  private static let stepLimit = 1_000_000

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
    return value(of: expression, as: type, use, in: syntax)
  }

  /// The value of a checked constant expression, which must be one of the type's.
  func value(
    of expression: Expression,
    as type: ModelType,
    _ use: ValueUse,
    in syntax: ExpressionSyntax
  ) -> Value? {
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
  func noteComparison(in expression: Expression) {
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

  /// The value of an expression that reads no state; durations have their values in force.
  func evaluate(_ expression: Expression) -> Result<Value, ConstantFailure> {
    if let part = expression.firstOpenPart() { return .failure(.dependsOnState(part)) }
    do throws(SpecError) {
      return .success(try model.value(ofConstant: expression, steps: Self.stepLimit))
    } catch {
      return .failure(.failed(error))
    }
  }

  func report(_ failure: ConstantFailure, in syntax: ExpressionSyntax, what: String) {
    switch failure {
    case .dependsOnState(let part):
      error(
        .notConstant,
        "\(what) must be known before the protocol runs",
        at: part.span.isSomewhere ? part.span : syntax.span,
        label: "depends on the state"
      )
    case .failed(let failure):
      let span = failure.span.isSomewhere ? failure.span : syntax.span
      switch failure.kind {
      case .overflow: error(.constantOverflow, failure.message, at: span)
      case .divisionByZero: error(.divisionByZero, failure.message, at: span)
      case .tooLong:
        error(
          .evaluationTooLong,
          "\(what) takes too long to compute",
          at: span,
          help: "more than \(Self.stepLimit) steps: make the domains smaller"
        )
      case .range, .indexOutside, .queueFull, .queueEmpty, .networkFull, .unwrappedNil,
        .emptyChoice, .assertion, .negativeDuration:
        error(.undefinedConstant, "\(what) has no value: \(failure.message)", at: span)
      }
    }
  }
}
