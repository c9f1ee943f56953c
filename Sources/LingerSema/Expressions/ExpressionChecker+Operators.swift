import LingerDiagnostics
import LingerModel
import LingerSyntax

extension ExpressionChecker {
  func checkUnary(
    _ operation: UnaryOperator,
    _ operand: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    switch operation {
    case .not:
      return checkCondition(operand, "'!'").map { make(.not($0), .bool, span) }
    case .negate:
      guard let checked = check(operand) else { return nil }
      switch checked.type {
      case .integer, .unboundedInteger: return make(.negate(checked), .unboundedInteger, span)
      case .duration: return make(.negate(checked), .duration, span)
      default:
        reportOperand(checked, of: "-", wants: "integers or durations")
        return nil
      }
    }
  }

  func checkBinary(
    _ operation: BinaryOperator,
    _ name: Identifier,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    switch operation {
    case .and: return connective(.and, left, right, at: span)
    case .or: return connective(.or, left, right, at: span)
    case .implies: return connective(.implies, left, right, at: span)
    case .equal: return checkEquality(.equal, left, right, at: span)
    case .notEqual: return checkEquality(.notEqual, left, right, at: span)
    case .less: return checkOrder(.less, left, right, at: span)
    case .lessOrEqual: return checkOrder(.lessOrEqual, left, right, at: span)
    case .greater: return checkOrder(.greater, left, right, at: span)
    case .greaterOrEqual: return checkOrder(.greaterOrEqual, left, right, at: span)
    case .isIn: return checkMembership(left, right, at: span)
    case .coalesce: return checkCoalesce(left, right, at: span)
    case .add: return checkArithmetic(.add, left, right, at: span)
    case .subtract: return checkArithmetic(.subtract, left, right, at: span)
    case .multiply: return checkArithmetic(.multiply, left, right, at: span)
    case .divide: return checkArithmetic(.divide, left, right, at: span)
    case .remainder: return checkArithmetic(.remainder, left, right, at: span)
    case .leadsTo:
      _ = checkCondition(left, "'~>'")
      _ = checkCondition(right, "'~>'")
      error(
        .misplacedLeadsTo,
        "'~>' stands inside another expression",
        at: name.span,
        help: "it stands at the top of an 'eventually', below 'for all' at most"
      )
      return nil
    }
  }

  private func connective(
    _ operation: BinaryOperation,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    let first = checkCondition(left, "'\(operation.rawValue)'")
    let second = checkCondition(right, "'\(operation.rawValue)'")
    guard let first, let second else { return nil }
    return make(.binary(operation, first, second), .bool, span)
  }

  /// Checks two operands that share a type; the one that has a type of its own goes first.
  private func checkPair(
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax
  ) -> (Expression, Expression)? {
    if left.needsContext, !right.needsContext {
      guard let second = check(right), let first = check(left, expecting: second.type) else {
        return nil
      }
      return (first, second)
    }
    guard let first = check(left) else {
      if !right.needsContext { _ = check(right) }
      return nil
    }
    return check(right, expecting: first.type).map { (first, $0) }
  }

  private func checkEquality(
    _ operation: BinaryOperation,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    if let elapsed = checkElapsed(operation, left, right, at: span) { return elapsed.expression }
    let outer = effects.isParametric
    effects.isParametric = false
    defer { effects.isParametric = effects.isParametric || outer }
    guard let (first, second) = checkPair(left, right) else { return nil }
    guard let type = join(first.type, second.type) else {
      reportIncomparable(first, second, operation, at: span)
      return nil
    }
    if type.isInteger {
      return comparison(operation, first, second, at: span)
    }
    let use = ValueUse("'\(operation.rawValue)'", .none)
    guard let one = convert(first, to: type, use, isParametric: true),
      let other = convert(second, to: type, use, isParametric: true)
    else { return nil }
    return make(.binary(operation, one, other), .bool, span)
  }

  private func reportIncomparable(
    _ first: Expression,
    _ second: Expression,
    _ operation: BinaryOperation,
    at span: Span
  ) {
    if first.type == .duration || second.type == .duration {
      let (odd, other) = first.type == .duration ? (second, first) : (first, second)
      if odd.type.isInteger {
        reportMismatch(odd, expected: other.type, ValueUse("'\(operation.rawValue)'", .none))
        return
      }
    }
    error(
      .typeMismatch,
      "'\(operation.rawValue)' compares \(text(of: first)) with \(text(of: second))",
      at: span,
      label: "never of the same type"
    )
  }

  private func checkOrder(
    _ operation: BinaryOperation,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    if let elapsed = checkElapsed(operation, left, right, at: span) { return elapsed.expression }
    let outer = effects.isParametric
    effects.isParametric = false
    defer { effects.isParametric = effects.isParametric || outer }
    guard let (first, second) = checkPair(left, right) else { return nil }
    for operand in [first, second] where !operand.type.isInteger && operand.type != .duration {
      reportOperand(operand, of: operation.rawValue, wants: "integers or durations")
      return nil
    }
    if first.type == .duration, second.type == .duration {
      return make(.binary(operation, first, second), .bool, span)
    }
    guard first.type.isInteger, second.type.isInteger else {
      reportIncomparable(first, second, operation, at: span)
      return nil
    }
    return comparison(operation, first, second, at: span)
  }

  /// A comparison of integers, with a warning where the bounds decide it.
  private func comparison(
    _ operation: BinaryOperation,
    _ first: Expression,
    _ second: Expression,
    at span: Span
  ) -> Expression {
    let result = make(.binary(operation, first, second), .bool, span)
    guard !effects.isParametric, first.isConstant != second.isConstant,
      let a = interval(of: first), let b = interval(of: second),
      let outcome = decided(operation, a, b)
    else { return result }
    let (open, constant) = first.isConstant ? (b, a) : (a, b)
    program.warn(
      .comparisonDecided,
      "the comparison is always \(outcome)",
      at: span,
      notes: [
        Diagnostic.Note(
          "the value is in \(open.lowerBound)...\(open.upperBound), compared with "
            + "\(constant.lowerBound)"
        )
      ]
    )
    return result
  }

  private func decided(
    _ operation: BinaryOperation,
    _ a: ClosedRange<Int>,
    _ b: ClosedRange<Int>
  ) -> Bool? {
    switch operation {
    case .less:
      a.upperBound < b.lowerBound ? true : a.lowerBound >= b.upperBound ? false : nil
    case .lessOrEqual:
      a.upperBound <= b.lowerBound ? true : a.lowerBound > b.upperBound ? false : nil
    case .greater: decided(.less, b, a)
    case .greaterOrEqual: decided(.lessOrEqual, b, a)
    case .equal: a.overlaps(b) ? nil : false
    case .notEqual: a.overlaps(b) ? nil : true
    default: nil
    }
  }

  private func checkCoalesce(
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    guard let optional = check(left) else {
      if !right.needsContext { _ = check(right) }
      return nil
    }
    guard case .optional(let wrapped) = optional.type else {
      reportNotOptional(optional, after: "'??'")
      return nil
    }
    guard let other = check(right, expecting: wrapped) else { return nil }
    guard let type = join(optional.type, other.type) else {
      reportMismatch(other, expected: wrapped, ValueUse("'??'", .none))
      return nil
    }
    // `optional ?? optional` stays optional: the first that is not nil.
    if case .optional(let inner) = type, other.type.isOptional {
      let slot = locals.allocate("")
      let local = Expression(.local(slot), optional.type, left.span)
      let isNil = make(
        .binary(.equal, local, Expression(.constant(.none), optional.type, span)),
        .bool,
        span
      )
      let choice = make(.conditional(isNil, other, local), .optional(inner), span)
      return make(.bind(slot, optional, in: choice), .optional(inner), span)
    }
    guard case .optional(let inner) = type else { return nil }
    return make(.coalesce(optional, other), inner, span)
  }

  func checkConditional(
    _ condition: ExpressionSyntax,
    _ then: ExpressionSyntax,
    _ otherwise: ExpressionSyntax,
    expecting expected: ModelType?,
    at span: Span
  ) -> Expression? {
    let test = checkCondition(condition, "a condition")
    let first: Expression?
    let second: Expression?
    if expected == nil, then.needsContext, !otherwise.needsContext {
      second = check(otherwise)
      first = second.flatMap { check(then, expecting: $0.type) }
    } else {
      first = check(then, expecting: expected)
      second = check(otherwise, expecting: expected ?? first?.type)
    }
    guard let test, let first, let second else { return nil }
    guard let type = join(first.type, second.type) else {
      error(
        .typeMismatch,
        "the branches have different types: \(text(of: first)) and \(text(of: second))",
        at: span
      )
      return nil
    }
    let use = ValueUse("a branch", .none)
    guard let one = convert(first, to: type, use, isParametric: true),
      let other = convert(second, to: type, use, isParametric: true)
    else { return nil }
    return make(.conditional(test, one, other), type, span)
  }

  func reportOperand(_ operand: Expression, of symbol: String, wants: String) {
    error(
      .typeMismatch,
      "'\(symbol)' needs \(wants), but this is \(text(of: operand))",
      at: operand.span
    )
  }
}
