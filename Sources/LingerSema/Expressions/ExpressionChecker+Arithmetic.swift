import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Arithmetic on integers, and the linear part of it on durations.
///
/// The solver keeps duration parameters free and needs every term linear in them: durations are
/// added and compared, and multiplied or divided by integers, never by each other.
extension ExpressionChecker {
  func checkArithmetic(
    _ operation: BinaryOperation,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    let outer = effects.isParametric
    effects.isParametric = false
    defer { effects.isParametric = effects.isParametric || outer }
    let first = check(left)
    let leftIsParametric = effects.isParametric
    effects.isParametric = false
    let second = check(right)
    let rightIsParametric = effects.isParametric
    effects.isParametric = leftIsParametric || rightIsParametric
    guard let first, let second else { return nil }
    for operand in [first, second] where !operand.type.isInteger && operand.type != .duration {
      reportOperand(operand, of: operation.rawValue, wants: "integers or durations")
      return nil
    }
    if operation == .divide || operation == .remainder, !rightIsParametric,
      case .constant(.integer(0)) = second.kind
    {
      error(.divisionByZero, "division by zero", at: second.span, label: "is 0")
      return nil
    }
    if first.type.isInteger, second.type.isInteger {
      return make(.binary(operation, first, second), .unboundedInteger, span)
    }
    return durationArithmetic(operation, first, second, at: span)
  }

  private func durationArithmetic(
    _ operation: BinaryOperation,
    _ first: Expression,
    _ second: Expression,
    at span: Span
  ) -> Expression? {
    let isLegal: Bool
    switch operation {
    case .add, .subtract: isLegal = first.type == .duration && second.type == .duration
    case .multiply: isLegal = first.type.isInteger || second.type.isInteger
    case .divide: isLegal = second.type.isInteger
    default: isLegal = false
    }
    if isLegal { return make(.binary(operation, first, second), .duration, span) }
    if operation == .add || operation == .subtract {
      let odd = first.type == .duration ? second : first
      reportMismatch(odd, expected: .duration, ValueUse("'\(operation.rawValue)'", .none))
      return nil
    }
    let help: String
    switch operation {
    case .multiply: help = "multiply a duration by an integer: '2 * msl'"
    case .divide: help = "divide a duration by an integer, or compare the durations"
    default: help = "durations are added, compared, and multiplied or divided by integers"
    }
    error(
      .durationNotLinear,
      "'\(operation.rawValue)' of \(text(of: first)) and \(text(of: second)) is not linear in time",
      at: span,
      help: help
    )
    return nil
  }
}
