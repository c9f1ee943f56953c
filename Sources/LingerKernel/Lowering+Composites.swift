import LingerDiagnostics
import LingerModel

/// Records, optionals and collections; what they are made of is checked as it is put in.
extension Lowering {
  mutating func composite(_ expression: Expression) throws(Unsupported) -> Operand {
    switch expression.kind {
    case .field(let base, let number): return try field(number, of: try lower(base))
    case .element(let base, let index):
      let base = try lower(base)
      return try element(of: base, at: try place(of: index, in: expression.arrayIndex))
    case .record(let number, let fields): return try record(number, fields)
    case .some(let operand): return try some(operand)
    case .unwrap(let optional):
      let value = try lower(optional)
      guard case .optional(let wrapped) = value.codec else {
        throw Unsupported(reason: "'!' on a value that is not an optional")
      }
      let error = error(.unwrappedNil, at: expression.span)
      let skip = openJump(.jumpIfTrue, on: value.register)
      emit(.fail, error)
      close(skip)
      return Operand(register: value.register + 1, codec: wrapped)
    case .coalesce(let optional, let substitute):
      return try coalesce(optional, substitute, expression)
    case .setOf(let elements): return try setOf(elements, expression)
    case .arrayOf(let elements): return try list(elements, expression)
    case .queueOf(let elements): return try queueOf(elements, expression)
    case .repeating(let element):
      guard case .array(let parts) = try codec(expression), let part = parts.first else {
        throw Unsupported(reason: "an array without elements")
      }
      let value = try check(try lower(element), in: part, at: element.span)
      let result = Operand(
        register: try allocate(part.width * parts.count),
        codec: .array(parts)
      )
      for place in parts.indices { copy(value, to: result.register + place * part.width) }
      return result
    case .elementCount(let base):
      let base = try lower(base)
      switch base.codec {
      case .queue(let capacity, _):
        return Operand(register: base.register, codec: .integer(low: 0, count: capacity + 1))
      case .set: return try scalar(.anyInteger) { $0.emit(.countBits, $1, base.register) }
      case .array(let parts): return try constant(.integer(parts.count), .unboundedInteger)
      default: throw Unsupported(reason: "the count of other values")
      }
    case .isFull(let base):
      let base = try lower(base)
      guard case .queue(let capacity, _) = base.codec else {
        throw Unsupported(reason: "'isFull' of a value that is not a queue")
      }
      let most = try program.constant(capacity)
      return try scalar(.bool) { $0.emit(.lessOrEqual, $1, most, base.register) }
    case .first(let base): return try first(of: base)
    case .contains(let base, let element):
      let base = try lower(base)
      return try contains(base, try lower(element))
    default: preconditionFailure("an operator or binder is not a composite")
    }
  }

  func field(_ number: Int, of base: Operand) throws(Unsupported) -> Operand {
    guard case .record(_, let fields) = base.codec else {
      throw Unsupported(reason: "a field of a value that is not a record")
    }
    let offset = fields[..<number].reduce(0) { $0 + $1.width }
    return Operand(register: base.register + offset, codec: fields[number])
  }

  /// The place of an element among an array's: its index's number in the index type.
  mutating func place(
    of index: Expression,
    in type: ModelType?
  ) throws(Unsupported) -> Operand {
    guard let type else { throw Unsupported(reason: "an index of a value that is not an array") }
    let wanted = try ValueCodec(type, in: model)
    let value = try lower(index)
    guard value.codec.isLaidOut(as: wanted) else {
      throw Unsupported(reason: "an index of another type")
    }
    if case .instance(let members, _) = wanted {
      guard case .instance(let others, _) = value.codec, others == members else {
        throw Unsupported(reason: "an index of any role")
      }
    }
    if case .integer(let low, let count) = wanted, !wanted.contains(value.codec) {
      let bounds = try self.bounds(low, count)
      emit(.check, value.register, bounds.low, bounds.high, error(.indexOutside, at: index.span))
    }
    return try self.number(of: value, in: wanted)
  }

  private mutating func element(of base: Operand, at place: Operand) throws(Unsupported) -> Operand
  {
    guard case .array(let parts) = base.codec, let part = parts.first else {
      throw Unsupported(reason: "an element of a value that is not an array")
    }
    let result = Operand(register: try allocate(part.width), codec: part)
    let room = base.codec.width
    emit(.load, result.register, base.register, place.register, part.width, 0, room)
    return result
  }

  private mutating func record(
    _ number: Int,
    _ fields: [Expression]
  ) throws(Unsupported) -> Operand {
    guard case .record(_, let codecs) = try ValueCodec(.record(number), in: model) else {
      preconditionFailure("a record is not laid out as one")
    }
    let width = codecs.reduce(0) { $0 + $1.width }
    let result = Operand(register: try allocate(width), codec: .record(number, codecs))
    var place = result.register
    for (codec, field) in zip(codecs, fields) {
      copy(try check(try lower(field), in: codec, at: field.span), to: place)
      place += codec.width
    }
    return result
  }

  private mutating func some(_ operand: Expression) throws(Unsupported) -> Operand {
    let value = try lower(operand)
    let result = Operand(
      register: try allocate(1 + value.codec.width),
      codec: .optional(value.codec)
    )
    emit(.move, result.register, try program.constant(1))
    copy(value, to: result.register + 1)
    return result
  }

  private mutating func coalesce(
    _ optional: Expression,
    _ substitute: Expression,
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    let codec = try codec(whole)
    let value = try lower(optional)
    guard case .optional(let wrapped) = value.codec else {
      throw Unsupported(reason: "'??' on a value that is not an optional")
    }
    let result = Operand(register: try allocate(codec.width), codec: codec)
    let inner = Operand(register: value.register + 1, codec: wrapped)
    let toSubstitute = openJump(.jumpIfFalse, on: value.register)
    copy(try fitted(inner, to: codec), to: result.register)
    let toEnd = openJump(.jump)
    close(toSubstitute)
    copy(try fitted(try lower(substitute), to: codec), to: result.register)
    close(toEnd)
    return result
  }

  private mutating func setOf(
    _ elements: [Expression],
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    guard case .set(let element) = try codec(whole) else {
      preconditionFailure("a set is not laid out as one")
    }
    let result = try allocate(1)
    emit(.move, result, try program.constant(0))
    for expression in elements {
      let value = try check(try lower(expression), in: element, at: expression.span)
      let bit = try number(of: value, in: element)
      emit(.setBit, result, result, bit.register)
    }
    return Operand(register: result, codec: .set(element))
  }

  /// The least and the greatest integer of a range.
  mutating func bounds(
    _ low: Int,
    _ count: Int
  ) throws(Unsupported) -> (low: Int, high: Int) {
    (try program.constant(low), try program.constant(low + (count - 1)))
  }

  /// What is returned jumps where a set's elements cannot be this value.
  mutating func jumps(
    unless value: Operand,
    fits codec: ValueCodec
  ) throws(Unsupported) -> [OpenJump] {
    guard !codec.contains(value.codec), case .integer(let low, let count) = codec else { return [] }
    let bounds = try bounds(low, count)
    let isHigh = try scalar(.bool) { $0.emit(.lessOrEqual, $1, bounds.low, value.register) }
    let first = openJump(.jumpIfFalse, on: isHigh.register)
    let isLow = try scalar(.bool) { $0.emit(.lessOrEqual, $1, value.register, bounds.high) }
    return [first, openJump(.jumpIfFalse, on: isLow.register)]
  }

  /// The number of a value that is known to be one of the type's.
  mutating func number(
    of value: Operand,
    in codec: ValueCodec
  ) throws(Unsupported) -> Operand {
    switch codec {
    case .bool, .enumeration: return value
    case .integer(let low, _):
      if low == 0 { return value }
      let first = try program.constant(low)
      let never = error(.overflow, at: .none)
      return try scalar(.anyInteger) { $0.emit(.subtract, $1, value.register, first, never) }
    case .instance(_, let places):
      let table = try program.table(places)
      return try scalar(.anyInteger) {
        $0.emit(.load, $1, table, value.register, 1, 0, places.count)
      }
    default: throw Unsupported(reason: "an index or element with parts")
    }
  }

  private mutating func list(
    _ elements: [Expression],
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    guard case .array(let parts) = try codec(whole), parts.count == elements.count else {
      throw Unsupported(reason: "an array that is not laid out as one")
    }
    let width = parts.reduce(0) { $0 + $1.width }
    let result = Operand(register: try allocate(width), codec: .array(parts))
    var place = result.register
    for (part, element) in zip(parts, elements) {
      copy(try check(try lower(element), in: part, at: element.span), to: place)
      place += part.width
    }
    return result
  }

  private mutating func queueOf(
    _ elements: [Expression],
    _ whole: Expression
  ) throws(Unsupported) -> Operand {
    let codec = try codec(whole)
    guard case .queue(let capacity, let element) = codec else {
      preconditionFailure("a queue is not laid out as one")
    }
    let width = 1 + max(capacity, elements.count) * element.width
    let result = Operand(register: try allocate(width), codec: codec)
    emit(.zero, result.register, width)
    for (place, expression) in elements.enumerated() {
      let value = try check(try lower(expression), in: element, at: expression.span)
      copy(value, to: result.register + 1 + place * element.width)
    }
    if elements.count > capacity { emit(.fail, error(.queueFull, at: whole.span)) }
    emit(.move, result.register, try program.constant(elements.count))
    return result
  }

  private mutating func first(of base: Expression) throws(Unsupported) -> Operand {
    let base = try lower(base)
    guard case .queue(let capacity, let element) = base.codec, capacity > 0 else {
      throw Unsupported(reason: "'first' of other values than queues")
    }
    let codec = ValueCodec.optional(element)
    let result = Operand(register: try allocate(codec.width), codec: codec)
    let zero = try program.constant(0)
    emit(.less, result.register, zero, base.register)
    copy(Operand(register: base.register + 1, codec: element), to: result.register + 1)
    return result
  }

  private mutating func contains(
    _ base: Operand,
    _ element: Operand
  ) throws(Unsupported) -> Operand {
    switch base.codec {
    case .set(let codec):
      guard element.codec.isLaidOut(as: codec), codec.isScalar else {
        throw Unsupported(reason: "a set of values with parts")
      }
      let result = try allocate(1)
      emit(.move, result, try program.constant(0))
      let skips = try jumps(unless: element, fits: codec)
      let bit = try number(of: element, in: codec)
      emit(.testBit, result, base.register, bit.register)
      for skip in skips { close(skip) }
      return Operand(register: result, codec: .bool)
    case .queue(let capacity, let part):
      let room = capacity * part.width
      return try find(element, from: base.register + 1, part, count: base.register, room: room)
    case .array(let parts):
      guard let part = parts.first else { return try constant(.bool(false), .bool) }
      let count = try program.constant(parts.count)
      let room = base.codec.width
      return try find(element, from: base.register, part, count: count, room: room)
    default: throw Unsupported(reason: "'contains' of other values than collections")
    }
  }

  mutating func find(
    _ element: Operand,
    from first: Int,
    _ part: ValueCodec,
    count: Int,
    room: Int
  ) throws(Unsupported) -> Operand {
    guard element.codec.isLaidOut(as: part) else {
      throw Unsupported(reason: "an element that is laid out differently")
    }
    return try scalar(.bool) {
      $0.emit(.find, $1, first, count, element.register, part.width, room)
    }
  }
}

extension Expression {
  /// The index type of the array that an element is taken from.
  fileprivate var arrayIndex: ModelType? {
    guard case .element(let base, _) = kind, case .array(let index, _) = base.type else {
      return nil
    }
    return index
  }
}
