import LingerDiagnostics
import LingerModel

/// A value in registers.
struct Operand {
  var register: Int
  var codec: ValueCodec
}

extension Lowering {
  /// Code that works out an expression; says where its value is. What is only read stays where it
  /// is, so the value may change with the next statement.
  mutating func lower(_ expression: Expression) throws(Unsupported) -> Operand {
    if let value = folded(expression) { return try constant(value, expression.type) }
    switch expression.kind {
    case .constant(let value): return try constant(value, expression.type)
    case .parameter: throw Unsupported(reason: "a duration that the state decides")
    case .local(let slot):
      guard let local = locals[slot] else { throw Unsupported(reason: "a local of any message") }
      return Operand(register: local.register, codec: local.codec)
    case .variable(let owner, let number):
      try checkOwn(owner)
      return Operand(register: layout.variables[number], codec: layout.codecs[number])
    case .timerIsArmed(let owner, let timer):
      try checkOwn(owner)
      return Operand(register: layout.timers.lowerBound + timer, codec: .bool)
    case .elapsed(let timer, let operation, let duration):
      return try elapsed(timer, operation, duration)
    case .currentInstance: return Operand(register: layout.current, codec: try codec(expression))
    case .not(let operand):
      let operand = try lower(operand)
      return try scalar(.bool) { $0.emit(.not, $1, operand.register) }
    case .negate(let operand): return try negated(operand, expression)
    case .binary(let operation, let left, let right):
      return try binary(operation, left, right, expression)
    case .conditional(let condition, let then, let otherwise):
      return try conditional(condition, then, otherwise, as: expression)
    case .bind(let slot, let bound, let body):
      try bind(slot, to: try lower(bound))
      return try lower(body)
    case .checked(let operand): return try checked(operand, as: expression)
    case .quantifier(let kind, let slot, let domain, let filter, let body):
      return try quantifier(kind, slot, domain, filter, body, at: expression.span)
    case .copiesInFlight(let network, let sender, let receiver, let message):
      guard case .record(let record) = message.type else {
        throw Unsupported(reason: "a message that is not a record")
      }
      let kind = try kind(network: network, record: record)
      let (sender, receiver) = (try lower(sender), try lower(receiver))
      let message = try lower(message)
      return try scalar(.anyInteger) {
        $0.emit(.copies, $1, kind, sender.register, receiver.register, message.register)
      }
    case .messagesInFlight, .leadsTo: throw Unsupported(reason: "a property's expression")
    case .field, .element, .record, .some, .unwrap, .coalesce, .setOf, .arrayOf, .queueOf,
      .repeating, .elementCount, .isFull, .first, .contains:
      return try composite(expression)
    }
  }

  /// The value of a closed expression over durations, which have no registers.
  private func folded(_ expression: Expression) -> Value? {
    // In time it depends on parameters that are free.
    guard program.purpose != .timing,
      case .binary(_, let left, _) = expression.kind, left.type == .duration,
      expression.type != .duration, expression.firstOpenPart() == nil
    else { return nil }
    return try? model.value(ofConstant: expression)
  }

  private mutating func elapsed(
    _ timer: Int,
    _ operation: BinaryOperation,
    _ duration: Expression
  ) throws(Unsupported) -> Operand {
    guard duration.firstOpenPart() == nil, model.duration(duration) != nil else {
      throw Unsupported(reason: "a duration that the state decides")
    }
    let question = KernelElapsedQuestion(
      role: roleNumber,
      timer: timer,
      duration: duration.withoutSpans
    )
    let number: Int
    if let known = program.questions.firstIndex(of: question) {
      number = known
    } else {
      number = program.questions.count
      program.questions.append(question)
    }
    let flag = layout.timers.lowerBound + timer
    return try scalar(.bool) { $0.emit(.elapsed, $1, number, flag, operation.answers) }
  }

  func codec(_ expression: Expression) throws(Unsupported) -> ValueCodec {
    try ValueCodec(expression.type, in: model)
  }

  mutating func constant(_ value: Value, _ type: ModelType) throws(Unsupported) -> Operand {
    var codec = try ValueCodec(type, in: model)
    if case .integer(let number) = value { codec = .integer(low: number, count: 1) }
    // A constant that its place does not hold is an error only when it is put there.
    if codec.registers(of: value) == nil { codec = codec.withoutRanges }
    guard let registers = codec.registers(of: value) else {
      throw Unsupported(reason: "a constant outside of its type")
    }
    let register =
      registers.count == 1
      ? try program.constant(registers[0]) : try program.table(registers)
    return Operand(register: register, codec: codec)
  }

  /// A new register that the code fills.
  mutating func scalar(
    _ codec: ValueCodec,
    _ fill: (inout Lowering, Int) throws(Unsupported) -> Void
  ) throws(Unsupported) -> Operand {
    let register = try allocate(1)
    try fill(&self, register)
    return Operand(register: register, codec: codec)
  }

  private func checkOwn(_ owner: Expression?) throws(Unsupported) {
    guard let owner else { return }
    guard case .currentInstance = owner.kind else {
      throw Unsupported(reason: "the state of a named instance")
    }
  }

  /// Puts a value into a local's own registers.
  mutating func bind(_ slot: Int, to value: Operand) throws(Unsupported) {
    let register = try registers(ofLocal: slot, value.codec)
    copy(value, to: register)
  }

  mutating func registers(ofLocal slot: Int, _ codec: ValueCodec) throws(Unsupported) -> Int {
    if let local = locals[slot], local.codec.width == codec.width {
      locals[slot] = (local.register, codec)
      return local.register
    }
    let register = try allocate(codec.width)
    locals[slot] = (register, codec)
    return register
  }

  mutating func copy(_ value: Operand, to register: Int) {
    switch value.codec.width {
    case 0: break
    case 1: emit(.move, register, value.register)
    case let width: emit(.moveMany, register, value.register, width)
    }
  }

  mutating func copied(_ value: Operand) throws(Unsupported) -> Operand {
    let register = try allocate(value.codec.width)
    copy(value, to: register)
    return Operand(register: register, codec: value.codec)
  }

  private mutating func conditional(
    _ condition: Expression,
    _ then: Expression,
    _ otherwise: Expression,
    as whole: Expression
  ) throws(Unsupported) -> Operand {
    let codec = try codec(whole)
    let condition = try lower(condition)
    let result = Operand(register: try allocate(codec.width), codec: codec)
    let toOtherwise = openJump(.jumpIfFalse, on: condition.register)
    copy(try fitted(try lower(then), to: codec), to: result.register)
    let toEnd = openJump(.jump)
    close(toOtherwise)
    copy(try fitted(try lower(otherwise), to: codec), to: result.register)
    close(toEnd)
    return result
  }

  /// The same value as one of another type that differs in the ranges of integers only.
  func fitted(_ value: Operand, to codec: ValueCodec) throws(Unsupported) -> Operand {
    guard value.codec.isLaidOut(as: codec) else {
      throw Unsupported(reason: "a value that changes its layout")
    }
    return Operand(register: value.register, codec: codec)
  }

  private mutating func checked(
    _ operand: Expression,
    as whole: Expression
  ) throws(Unsupported) -> Operand {
    let value = try lower(operand)
    return try check(value, in: try codec(whole), at: whole.span)
  }

  /// Fails unless the type has the value.
  mutating func check(
    _ value: Operand,
    in codec: ValueCodec,
    at span: Span
  ) throws(Unsupported) -> Operand {
    let result = try fitted(value, to: codec)
    if codec.contains(value.codec) { return result }
    try emitCheck(value.register, value.codec, in: codec, error(.range, at: span))
    return result
  }

  private mutating func emitCheck(
    _ register: Int,
    _ codec: ValueCodec,
    in wanted: ValueCodec,
    _ error: Int
  ) throws(Unsupported) {
    if wanted.contains(codec) { return }
    switch (wanted, codec) {
    case (.integer(let low, let count), _):
      let bounds = try bounds(low, count)
      emit(.check, register, bounds.low, bounds.high, error)
    case (.optional(let wanted), .optional(let inner)):
      let skip = openJump(.jumpIfFalse, on: register)
      try emitCheck(register + 1, inner, in: wanted, error)
      close(skip)
    case (.record(_, let wanted), .record(_, let parts)), (.array(let wanted), .array(let parts)):
      var place = register
      for (part, wanted) in zip(parts, wanted) {
        try emitCheck(place, part, in: wanted, error)
        place += part.width
      }
    case (.queue(let capacity, let wanted), .queue(_, let element)):
      var skips: [OpenJump] = []
      for place in 0..<capacity {
        let place = (try program.constant(place), register + 1 + place * element.width)
        let isThere = try scalar(.bool) { $0.emit(.less, $1, place.0, register) }
        skips.append(openJump(.jumpIfFalse, on: isThere.register))
        try emitCheck(place.1, element, in: wanted, error)
      }
      for skip in skips { close(skip) }
    default: throw Unsupported(reason: "a range inside a collection")
    }
  }
}

extension Lowering {
  private mutating func negated(
    _ operand: Expression,
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    let operand = try lower(operand)
    let zero = try program.constant(0)
    let error = error(.overflow, at: whole.span)
    return try scalar(.anyInteger) { $0.emit(.subtract, $1, zero, operand.register, error) }
  }

  private mutating func binary(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    switch operation {
    case .and, .or, .implies: return try connective(operation, left, right)
    case .add, .subtract, .multiply, .divide, .remainder:
      let operands = (try lower(left), try lower(right))
      guard operands.0.codec.isInteger, operands.1.codec.isInteger else {
        throw Unsupported(reason: "arithmetic on other values than integers")
      }
      let error = error(.overflow, at: whole.span)
      _ = self.error(.divisionByZero, at: whole.span)
      return try scalar(.anyInteger) {
        $0.emit(operation.instruction, $1, operands.0.register, operands.1.register, error)
      }
    case .equal, .notEqual:
      let operands = (try lower(left), try lower(right))
      let isEqual = try equal(operands.0, operands.1)
      if operation == .equal { return isEqual }
      return try scalar(.bool) { $0.emit(.not, $1, isEqual.register) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let operands = (try lower(left), try lower(right))
      guard operands.0.codec.isScalar, operands.1.codec.isScalar else {
        throw Unsupported(reason: "an order of values with parts")
      }
      let isMirrored = operation == .greater || operation == .greaterOrEqual
      let (first, second) = isMirrored ? (operands.1, operands.0) : operands
      let isStrict = operation == .less || operation == .greater
      return try scalar(.bool) {
        $0.emit(isStrict ? .less : .lessOrEqual, $1, first.register, second.register)
      }
    }
  }

  mutating func equal(_ left: Operand, _ right: Operand) throws(Unsupported) -> Operand {
    guard left.codec.isLaidOut(as: right.codec) else {
      throw Unsupported(reason: "a comparison of values that are laid out differently")
    }
    let width = left.codec.width
    return try scalar(.bool) {
      if width == 1 {
        $0.emit(.equal, $1, left.register, right.register)
      } else {
        $0.emit(.equalMany, $1, left.register, right.register, width)
      }
    }
  }

  private mutating func connective(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression
  ) throws(Unsupported) -> Operand {
    let result = try allocate(1)
    let left = try lower(left)
    if operation == .implies {
      emit(.not, result, left.register)
    } else {
      emit(.move, result, left.register)
    }
    let skip = openJump(operation == .and ? .jumpIfFalse : .jumpIfTrue, on: result)
    emit(.move, result, try lower(right).register)
    close(skip)
    return Operand(register: result, codec: .bool)
  }
}

extension BinaryOperation {
  /// The outcomes for which a comparison is true: 1 for less, 2 for equal, 4 for more.
  fileprivate var answers: Int {
    switch self {
    case .less: 1
    case .lessOrEqual: 3
    case .equal: 2
    case .greaterOrEqual: 6
    case .greater: 4
    case .notEqual: 5
    default: preconditionFailure("'\(rawValue)' compares nothing")
    }
  }

  fileprivate var instruction: Instruction.Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .remainder: .remainder
    default: preconditionFailure("'\(rawValue)' is not arithmetic")
    }
  }
}

extension ValueCodec {
  var isInteger: Bool {
    switch self {
    case .integer, .anyInteger: true
    default: false
    }
  }

  /// The same with any integer where a range is; a set's elements keep theirs, which number them.
  fileprivate var withoutRanges: ValueCodec {
    switch self {
    case .integer: .anyInteger
    case .record(let number, let parts): .record(number, parts.map(\.withoutRanges))
    case .array(let parts): .array(parts.map(\.withoutRanges))
    case .optional(let wrapped): .optional(wrapped.withoutRanges)
    case .queue(let capacity, let element): .queue(capacity: capacity, element.withoutRanges)
    case .bool, .anyInteger, .enumeration, .instance, .set: self
    }
  }

  /// Whether values have the same registers in both: the ranges of integers may differ.
  func isLaidOut(as other: ValueCodec) -> Bool {
    switch (self, other) {
    case (.bool, .bool), (.instance, .instance): true
    case (.integer, .integer), (.integer, .anyInteger), (.anyInteger, .integer),
      (.anyInteger, .anyInteger):
      true
    // A sender may be of any role.
    case (.instance, .anyInteger), (.anyInteger, .instance): true
    case (.enumeration(let one, _), .enumeration(let another, _)): one == another
    case (.record(let one, let parts), .record(let another, let others)):
      one == another && zip(parts, others).allSatisfy { $0.isLaidOut(as: $1) }
    case (.array(let parts), .array(let others)):
      parts.count == others.count && zip(parts, others).allSatisfy { $0.isLaidOut(as: $1) }
    case (.optional(let one), .optional(let another)): one.isLaidOut(as: another)
    case (.queue(let one, let part), .queue(let another, let other)):
      one == another && part.isLaidOut(as: other)
    case (.set(let one), .set(let another)): one.isNumbered(as: another)
    default: false
    }
  }

  /// Whether every value of the other is one of these; both are laid out the same.
  func contains(_ other: ValueCodec) -> Bool {
    switch (self, other) {
    case (.integer(let low, let count), .integer(let otherLow, let otherCount)):
      otherLow >= low && otherLow + (otherCount - 1) <= low + (count - 1)
    case (.integer, _): false
    case (.record(_, let parts), .record(_, let others)),
      (.array(let parts), .array(let others)):
      zip(parts, others).allSatisfy { $0.contains($1) }
    case (.optional(let one), .optional(let another)): one.contains(another)
    case (.queue(_, let one), .queue(_, let another)): one.contains(another)
    default: true
    }
  }

  /// Whether equal values have equal numbers in both.
  private func isNumbered(as other: ValueCodec) -> Bool {
    isLaidOut(as: other) && contains(other) && other.contains(self)
  }
}
