import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What types have in common and how a value of one becomes a value of another.
///
/// Ranges are the only thing that differs between types that fit: an integer of any range may
/// stand where another range is wanted, and the store (or a `checked` expression) judges the
/// value. And a `T` may stand where a `T?` is wanted.
extension ExpressionChecker {
  /// Converts an expression to a type; reported where there is no way.
  func convert(
    _ expression: Expression,
    to target: ModelType,
    _ use: ValueUse,
    isParametric: Bool
  ) -> Expression? {
    if case .optional(let wrapped) = target, !expression.type.isOptional {
      guard fits(expression.type, wrapped) else {
        reportMismatch(expression, expected: target, use)
        return nil
      }
      return convert(expression, to: wrapped, use, isParametric: isParametric).map {
        make(.some($0), target, expression.span)
      }
    }
    guard fits(expression.type, target) else {
      reportMismatch(expression, expected: target, use)
      return nil
    }
    if case .integer(let range) = target {
      return convert(expression, toRange: range, use, isParametric: isParametric)
    }
    if expression.type == target || target == .unboundedInteger { return expression }
    if case .constant(let value) = expression.kind {
      return convert(constant: value, expression, to: target, use, isParametric: isParametric)
    }
    return use.isStored ? expression : make(.checked(expression), target, expression.span)
  }

  private func convert(
    _ expression: Expression,
    toRange range: ClosedRange<Int>,
    _ use: ValueUse,
    isParametric: Bool
  ) -> Expression? {
    let interval = interval(of: expression)
    if let interval, !interval.overlaps(range), !isParametric || use.isInitial {
      reportOutside(expression, interval, range, use)
      return nil
    }
    if case .constant(.integer(let value)) = expression.kind, range.contains(value) {
      return Expression(expression.kind, .integer(range), expression.span)
    }
    let isSafe = interval.map { range.contains($0) } ?? false
    if use.isStored || isSafe { return expression }
    return make(.checked(expression), .integer(range), expression.span)
  }

  private func convert(
    constant value: Value,
    _ expression: Expression,
    to target: ModelType,
    _ use: ValueUse,
    isParametric: Bool
  ) -> Expression? {
    if program.model.contains(value, in: target) {
      return Expression(.constant(value), target, expression.span)
    }
    guard isParametric && !use.isInitial else {
      program.reportOutside(value, target, use, at: expression.span)
      return nil
    }
    return use.isStored ? expression : make(.checked(expression), target, expression.span)
  }

  private func reportOutside(
    _ expression: Expression,
    _ interval: ClosedRange<Int>,
    _ range: ClosedRange<Int>,
    _ use: ValueUse
  ) {
    let value =
      interval.lowerBound == interval.upperBound
      ? "\(interval.lowerBound)" : "\(interval.lowerBound)...\(interval.upperBound)"
    error(
      .valueOutsideRange,
      "\(use.what) cannot be \(value)",
      at: expression.span,
      label: "outside \(range.lowerBound)...\(range.upperBound)",
      notes: use.declarationNote
    )
  }

  func reportMismatch(_ found: Expression, expected: ModelType, _ use: ValueUse) {
    var help: String?
    var fixIts: [Diagnostic.FixIt] = []
    switch (expected, found.type) {
    case (.duration, .integer), (.duration, .unboundedInteger):
      // Nothing is nothing in every unit; of another number the unit is not known.
      if program.sources.text(found.span) == "0" {
        fixIts = [Diagnostic.FixIt("write '0 s'", [Diagnostic.FixIt.Edit(found.span, "0 s")])]
      } else {
        help = "a duration has a unit: ns, us, ms, s, min or h"
      }
    case (_, .optional(let wrapped)) where fits(wrapped, expected):
      help = "it may be nil: unwrap it with '!', '??' or 'if let'"
    default: break
    }
    error(
      .typeMismatch,
      "\(use.what) needs \(text(expected)), but this is \(text(of: found))",
      at: found.span,
      notes: use.declarationNote,
      help: help,
      fixIts: fixIts
    )
  }

  /// Whether a value of one type may stand where the other is wanted, ranges aside.
  func fits(_ from: ModelType, _ target: ModelType) -> Bool {
    switch (from, target) {
    case (.integer, .integer), (.integer, .unboundedInteger), (.unboundedInteger, .integer),
      (.unboundedInteger, .unboundedInteger):
      true
    case (.optional(let a), .optional(let b)), (.set(let a), .set(let b)): fits(a, b)
    case (.array(let i, let a), .array(let j, let b)): i == j && fits(a, b)
    case (.queue(let m, let a), .queue(let n, let b)): m == n && fits(a, b)
    default: from == target
    }
  }

  /// The type that holds the values of both; nil where they have nothing in common.
  func join(_ left: ModelType, _ right: ModelType) -> ModelType? {
    if left == right { return left }
    switch (left, right) {
    case (.integer(let a), .integer(let b)):
      return .integer(min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
    case (.integer, .unboundedInteger), (.unboundedInteger, .integer): return .unboundedInteger
    case (.optional(let a), .optional(let b)): return join(a, b).map { .optional($0) }
    case (.optional(let a), let b), (let b, .optional(let a)):
      return join(a, b).map { .optional($0) }
    case (.set(let a), .set(let b)): return join(a, b).map { .set($0) }
    case (.array(let i, let a), .array(let j, let b)) where i == j:
      return join(a, b).map { .array(index: i, element: $0) }
    case (.queue(let m, let a), .queue(let n, let b)) where m == n:
      return join(a, b).map { .queue(capacity: m, element: $0) }
    default: return nil
    }
  }

  /// Bounds of an integer expression, where its operands' types say any.
  func interval(of expression: Expression) -> ClosedRange<Int>? {
    switch expression.kind {
    case .constant(.integer(let value)): return value...value
    case .binary(let operation, let left, let right):
      guard let a = interval(of: left), let b = interval(of: right) else { return nil }
      return interval(operation, a, b)
    case .negate(let operand):
      guard let inner = interval(of: operand), inner.lowerBound != .min else { return nil }
      return -inner.upperBound...(-inner.lowerBound)
    default:
      if case .integer(let range) = expression.type { return range }
      return nil
    }
  }

  private func interval(
    _ operation: BinaryOperation,
    _ a: ClosedRange<Int>,
    _ b: ClosedRange<Int>
  ) -> ClosedRange<Int>? {
    switch operation {
    case .add, .subtract, .multiply: break
    default: return nil
    }
    var corners: [Int] = []
    for x in [a.lowerBound, a.upperBound] {
      for y in [b.lowerBound, b.upperBound] {
        guard let corner = operation.applied(to: x, y) else { return nil }
        corners.append(corner)
      }
    }
    guard let low = corners.min(), let high = corners.max() else { return nil }
    return low...high
  }
}

extension ModelType {
  var isOptional: Bool {
    if case .optional = self { return true }
    return false
  }

  var isInteger: Bool {
    switch self {
    case .integer, .unboundedInteger: true
    default: false
    }
  }
}

extension ClosedRange<Int> {
  /// Whether every number of the other range is in this one.
  fileprivate func contains(_ other: ClosedRange<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}
