import LingerDiagnostics
import LingerModel

/// Why an expression has no value before the protocol runs.
enum EvaluationFailure: Error {
  case dependsOnState(Span)
  case overflow(Span)
  case divisionByZero(Span)
  case undefined(Span, String)
  case tooLong(Span)
}

/// Evaluates expressions that read no state; everything else fails with a reason.
///
/// It shares nothing with the reference evaluator on purpose: that one lives above the compiler
/// and answers for states, this one only folds what stands still.
struct ConstantEvaluator {
  /// Steps of one evaluation: a quantifier over a large range must not hang the compiler.
  static let stepLimit = 1_000_000

  private let model: Model
  private var locals: [Int: Value] = [:]
  private var stepsLeft: Int

  init(model: Model, steps: Int = stepLimit) {
    self.model = model
    stepsLeft = steps
  }

  mutating func run(_ expression: Expression) -> Result<Value, EvaluationFailure> {
    do {
      return .success(try value(expression))
    } catch {
      return .failure(error)
    }
  }

  private mutating func value(_ e: Expression) throws(EvaluationFailure) -> Value {
    stepsLeft -= 1
    guard stepsLeft > 0 else { throw .tooLong(e.span) }
    switch e.kind {
    case .constant(let value): return value
    case .parameter(let number): return model.parameters[number].value
    case .local(let slot):
      guard let value = locals[slot] else { throw .dependsOnState(e.span) }
      return value
    case .variable, .timerIsArmed, .currentInstance, .copiesInFlight, .messagesInFlight,
      .leadsTo:
      throw .dependsOnState(e.span)
    case .not(let operand): return .bool(!(try flag(operand)))
    case .negate(let operand): return try negated(try value(operand), at: e.span)
    case .binary(let operation, let left, let right):
      return try binary(operation, left, right, at: e.span)
    case .conditional(let condition, let then, let otherwise):
      return try value(try flag(condition) ? then : otherwise)
    case .some(let operand): return .some(try value(operand))
    case .unwrap(let operand):
      guard case .some(let inner) = try value(operand) else {
        throw .undefined(e.span, "'!' meets nil")
      }
      return inner
    case .coalesce(let optional, let other):
      if case .some(let inner) = try value(optional) { return inner }
      return try value(other)
    case .checked(let operand):
      let result = try value(operand)
      guard model.contains(result, in: e.type) else {
        let text = describe(result, in: model)
        throw .undefined(e.span, "\(text) is outside \(describe(e.type, in: model))")
      }
      return result
    case .bind(let slot, let bound, let body):
      locals[slot] = try value(bound)
      return try value(body)
    case .quantifier(let kind, let slot, let domain, let filter, let body):
      return try quantifier(kind, slot, try elements(domain), filter, body)
    default: return try composite(e)
    }
  }

  private mutating func flag(_ e: Expression) throws(EvaluationFailure) -> Bool {
    guard case .bool(let flag) = try value(e) else {
      preconditionFailure("a condition is no Bool")
    }
    return flag
  }

  private mutating func values(_ list: [Expression]) throws(EvaluationFailure) -> [Value] {
    var values: [Value] = []
    for element in list { values.append(try value(element)) }
    return values
  }

  /// Records, collections and what is asked of them.
  private mutating func composite(_ e: Expression) throws(EvaluationFailure) -> Value {
    switch e.kind {
    case .record(let number, let fields): return .record(number, try values(fields))
    case .field(let base, let number):
      guard case .record(_, let fields) = try value(base) else {
        preconditionFailure("a field of no record")
      }
      return fields[number]
    case .setOf(let list):
      var unique: [Value] = []
      for element in try values(list).sorted() where unique.last != element {
        unique.append(element)
      }
      return .set(unique)
    case .arrayOf(let list): return .array(try values(list))
    case .queueOf(let list): return .queue(try values(list))
    case .repeating(let element):
      guard case .array(let index, _) = e.type, let count = model.cardinality(of: index) else {
        preconditionFailure("a repetition of no array")
      }
      return .array(Array(repeating: try value(element), count: count))
    case .element(let base, let index):
      guard case .array(let elements) = try value(base), case .array(let type, _) = base.type
      else { preconditionFailure("an element of no array") }
      guard let position = model.ordinal(of: try value(index), in: type) else {
        throw .undefined(index.span, "the index is outside \(describe(type, in: model))")
      }
      return elements[position]
    case .elementCount(let base): return .integer(try collection(base).count)
    case .isFull(let base):
      guard case .queue(let capacity, _) = base.type else {
        preconditionFailure("only a queue is full")
      }
      return .bool(try collection(base).count >= capacity)
    case .first(let base): return try collection(base).first.map { .some($0) } ?? .none
    case .contains(let base, let element):
      return .bool(try collection(base).contains(try value(element)))
    default: preconditionFailure("a kind of expression was forgotten")
    }
  }

  private mutating func collection(_ e: Expression) throws(EvaluationFailure) -> [Value] {
    switch try value(e) {
    case .set(let elements), .array(let elements), .queue(let elements): return elements
    default: preconditionFailure("a collection is none")
    }
  }

  private mutating func binary(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    at span: Span
  ) throws(EvaluationFailure) -> Value {
    switch operation {
    case .and: return .bool(try flag(left) ? try flag(right) : false)
    case .or: return .bool(try flag(left) ? true : try flag(right))
    case .implies: return .bool(try flag(left) ? try flag(right) : true)
    default: break
    }
    let first = try value(left)
    let second = try value(right)
    switch operation {
    case .equal: return .bool(first == second)
    case .notEqual: return .bool(first != second)
    case .less: return .bool(first < second)
    case .lessOrEqual: return .bool(first <= second)
    case .greater: return .bool(first > second)
    case .greaterOrEqual: return .bool(first >= second)
    case .add, .subtract, .multiply, .divide, .remainder:
      return try Arithmetic.apply(operation, first, second, at: span)
    case .and, .or, .implies: preconditionFailure("connectives come first")
    }
  }

  private func negated(_ value: Value, at span: Span) throws(EvaluationFailure) -> Value {
    switch value {
    case .integer(let number) where number != .min: return .integer(-number)
    case .duration(let time):
      guard let negative = time.negated else { throw .overflow(span) }
      return .duration(negative)
    default: throw .overflow(span)
    }
  }

  private mutating func elements(_ domain: Domain) throws(EvaluationFailure) -> [Value] {
    switch domain {
    case .type(let type):
      guard let count = model.cardinality(of: type), count <= stepsLeft else {
        throw .tooLong(.none)
      }
      return model.values(of: type)
    case .range(let low, let high):
      guard case .integer(let first) = try value(low), case .integer(let last) = try value(high)
      else { preconditionFailure("bounds are integers") }
      guard first <= last else { return [] }
      let (distance, overflow) = last.subtractingReportingOverflow(first)
      guard !overflow, distance < stepsLeft else { throw .tooLong(low.span) }
      return (first...last).map { .integer($0) }
    case .elements(let base): return try collection(base)
    }
  }

  private mutating func quantifier(
    _ kind: QuantifierKind,
    _ slot: Int,
    _ elements: [Value],
    _ filter: Expression?,
    _ body: Expression
  ) throws(EvaluationFailure) -> Value {
    var count = 0
    for element in elements {
      locals[slot] = element
      if let filter, !(try flag(filter)) { continue }
      let holds = try flag(body)
      switch kind {
      case .all: if !holds { return .bool(false) }
      case .exists: if holds { return .bool(true) }
      case .count: if holds { count += 1 }
      }
    }
    switch kind {
    case .all: return .bool(true)
    case .exists: return .bool(false)
    case .count: return .integer(count)
    }
  }
}

/// Arithmetic on integers and durations; every loss is a failure.
enum Arithmetic {
  static func apply(
    _ operation: BinaryOperation,
    _ left: Value,
    _ right: Value,
    at span: Span
  ) throws(EvaluationFailure) -> Value {
    switch (left, right) {
    case (.integer(let a), .integer(let b)):
      return .integer(try integer(operation, a, b, at: span))
    case (.duration(let a), .duration(let b)):
      guard let result = operation == .add ? a.adding(b) : a.subtracting(b) else {
        throw .overflow(span)
      }
      return .duration(result)
    case (.duration(let time), .integer(let factor)):
      if operation == .divide, factor == 0 { throw .divisionByZero(span) }
      let other = Rational(factor)
      guard let result = operation == .divide ? time.divided(by: other) : time.multiplied(by: other)
      else { throw .overflow(span) }
      return .duration(result)
    case (.integer(let factor), .duration(let time)):
      guard let result = time.multiplied(by: Rational(factor)) else { throw .overflow(span) }
      return .duration(result)
    default: preconditionFailure("arithmetic on values of other types")
    }
  }

  static func integer(
    _ operation: BinaryOperation,
    _ a: Int,
    _ b: Int,
    at span: Span
  ) throws(EvaluationFailure) -> Int {
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = a.addingReportingOverflow(b)
    case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
    case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
    case .divide, .remainder:
      if b == 0 { throw .divisionByZero(span) }
      (result, overflow) =
        operation == .divide
        ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
    default: preconditionFailure("no arithmetic operation")
    }
    guard !overflow else { throw .overflow(span) }
    return result
  }
}
