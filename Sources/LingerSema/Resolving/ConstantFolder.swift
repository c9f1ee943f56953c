import LingerDiagnostics
import LingerModel

/// Makes expressions small: constants are computed, decided branches taken.
///
/// Nothing that may fail when the protocol runs is dropped: `f && false` stays, since `f` may
/// divide by zero, and that is an error worth a trace.
extension Program {
  /// Steps of one folding; larger expressions are left to the engines.
  private static let foldingSteps = 10_000

  /// Folds an expression whose parts are folded already.
  func fold(_ expression: Expression) -> Expression {
    guard options.foldsConstants else { return expression }
    if let simpler = simplify(expression) { return simpler }
    guard isFoldable(expression) else { return expression }
    guard let value = try? model.value(ofConstant: expression, steps: Self.foldingSteps) else {
      return expression
    }
    return constant(value, of: expression)
  }

  private func constant(_ value: Value, of expression: Expression) -> Expression {
    if case .integer(let number) = value, expression.type == .unboundedInteger {
      return Expression(.constant(value), .integer(number...number), expression.span)
    }
    return Expression(.constant(value), expression.type, expression.span)
  }

  /// Whether every operand is a constant, or the whole is a quantifier that may be one.
  private func isFoldable(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .constant, .parameter, .local, .currentInstance, .messagesInFlight, .bind, .leadsTo,
      .variable, .timerIsArmed, .elapsed, .copiesInFlight:
      false
    case .quantifier(_, _, .type(.instance), _, _): false
    case .quantifier(_, _, let domain, _, _):
      domain.expressions.allSatisfy(\.isConstant) && expression.firstOpenPart() == nil
        && !expression.readsDurationParameter
    default: expression.children.allSatisfy(\.isConstant)
    }
  }

  /// The operand that alone decides the value.
  private func simplify(_ expression: Expression) -> Expression? {
    switch expression.kind {
    case .not(let operand):
      if case .not(let inner) = operand.kind { return inner }
      return nil
    case .binary(.and, let left, let right):
      if left.constantFlag == true { return right }
      if left.constantFlag == false { return constant(.bool(false), of: expression) }
      return right.constantFlag == true ? left : nil
    case .binary(.or, let left, let right):
      if left.constantFlag == false { return right }
      if left.constantFlag == true { return constant(.bool(true), of: expression) }
      return right.constantFlag == false ? left : nil
    case .binary(.implies, let left, let right):
      if left.constantFlag == true { return right }
      return left.constantFlag == false ? constant(.bool(true), of: expression) : nil
    case .conditional(let condition, let then, let otherwise):
      return condition.constantFlag.map { $0 ? then : otherwise }
    case .checked(let operand):
      if case .constant(let value) = operand.kind, model.contains(value, in: expression.type) {
        return constant(value, of: expression)
      }
      return nil
    case .unwrap(let operand):
      if case .some(let inner) = operand.kind { return inner }
      return nil
    default: return nil
    }
  }
}

extension Expression {
  var isConstant: Bool {
    if case .constant = kind { return true }
    return false
  }

  var constantFlag: Bool? {
    if case .constant(.bool(let flag)) = kind { return flag }
    return nil
  }

  fileprivate var readsDurationParameter: Bool {
    if case .parameter = kind { return true }
    return children.contains(where: \.readsDurationParameter)
  }

  /// Operations in it, itself included, and levels.
  var measure: (size: Int, height: Int) {
    var size = 1
    var height = 0
    for child in children {
      let inner = child.measure
      size += inner.size
      height = max(height, inner.height)
    }
    return (size, height + 1)
  }
}
