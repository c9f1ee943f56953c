import LingerDiagnostics

/// Arithmetic and comparison. Integers are 64 bits wide and checked; a result is not yet stored,
/// so its range does not matter here.
extension Environment {
  mutating func value(
    of operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    in whole: Expression
  ) throws(SpecError) -> Value {
    switch operation {
    case .and: return .bool(try truth(of: left) ? try truth(of: right) : false)
    case .or: return .bool(try truth(of: left) ? true : try truth(of: right))
    case .implies: return .bool(try truth(of: left) ? try truth(of: right) : true)
    case .add, .subtract, .multiply, .divide, .remainder:
      let values = (try value(of: left), try value(of: right))
      guard let result = try arithmetic(operation, values.0, values.1, in: whole) else {
        let known = left.isLiteral && right.isLiteral
        let operands = known ? "" : " with \(text(values.0)) and \(text(values.1))"
        throw overflow(whole, operands)
      }
      return result
    case .equal: return .bool(try value(of: left) == value(of: right))
    case .notEqual: return .bool(try value(of: left) != value(of: right))
    case .less: return .bool(try value(of: left) < value(of: right))
    case .lessOrEqual: return .bool(try value(of: left) <= value(of: right))
    case .greater: return .bool(try value(of: left) > value(of: right))
    case .greaterOrEqual: return .bool(try value(of: left) >= value(of: right))
    }
  }

  func negated(_ value: Value, of whole: Expression) throws(SpecError) -> Value {
    let result: Value? =
      switch value {
      case .integer(let number):
        BinaryOperation.subtract.applied(to: 0, number).map { .integer($0) }
      case .duration(let time): .duration(-time)
      default: preconditionFailure("'\(text(whole))' negates a value that is not a number")
      }
    guard let result else {
      guard case .negate(let operand) = whole.kind, !operand.isLiteral else {
        throw overflow(whole, "")
      }
      throw overflow(whole, " with \(text(value))")
    }
    return result
  }

  private func arithmetic(
    _ operation: BinaryOperation,
    _ left: Value,
    _ right: Value,
    in whole: Expression
  ) throws(SpecError) -> Value? {
    if operation == .divide || operation == .remainder, right.isZero {
      throw SpecError(
        .divisionByZero,
        "'\(text(whole))' divides \(text(left)) by zero",
        at: whole.span
      )
    }
    return switch (left, right) {
    case (.integer(let a), .integer(let b)): operation.applied(to: a, b).map { .integer($0) }
    case (.duration(let a), .duration(let b)):
      .duration(duration(operation, a, b))
    case (.duration(let a), .integer(let b)):
      .duration(duration(operation, a, Rational(b)))
    case (.integer(let a), .duration(let b)):
      .duration(duration(operation, Rational(a), b))
    default: preconditionFailure("'\(text(whole))' calculates with values that are not numbers")
    }
  }

  private func overflow(_ whole: Expression, _ operands: String) -> SpecError {
    SpecError(.overflow, "'\(text(whole))'\(operands) does not fit in 64 bits", at: whole.span)
  }

  private func duration(
    _ operation: BinaryOperation,
    _ a: Rational,
    _ b: Rational
  ) -> Rational {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    default: preconditionFailure("'\(operation.rawValue)' is not for durations")
    }
  }
}

extension Expression {
  /// Whether its text shows its value.
  fileprivate var isLiteral: Bool {
    if case .constant = kind { true } else { false }
  }
}

extension Value {
  fileprivate var isZero: Bool {
    switch self {
    case .integer(0): true
    case .duration(let time): time == .zero
    default: false
    }
  }
}

extension BinaryOperation {
  /// The result on integers; nil where it does not fit in 64 bits, or divides by zero.
  ///
  /// Division truncates toward zero, and a remainder has the sign of what is divided.
  package func applied(to a: Int, _ b: Int) -> Int? {
    // The least integer over -1 overflows, and traps Swift's own remainder, which is 0.
    if self == .remainder, b == -1 { return 0 }
    let (result, overflow) =
      switch self {
      case .add: a.addingReportingOverflow(b)
      case .subtract: a.subtractingReportingOverflow(b)
      case .multiply: a.multipliedReportingOverflow(by: b)
      case .divide: a.dividedReportingOverflow(by: b)
      case .remainder: a.remainderReportingOverflow(dividingBy: b)
      default: preconditionFailure("'\(rawValue)' is not arithmetic")
      }
    return overflow ? nil : result
  }
}
