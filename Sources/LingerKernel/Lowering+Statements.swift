import LingerDiagnostics
import LingerModel

extension Lowering {
  mutating func lower(_ body: [Statement]) throws(Unsupported) {
    for statement in body { try lower(statement) }
  }

  private mutating func lower(_ statement: Statement) throws(Unsupported) {
    switch statement.kind {
    case .assign(let place, let new):
      let value = try lower(new)
      let target = try resolve(place)
      store(try check(value, in: target.codec, at: statement.span), in: target)
    case .insert(let place, let element): try insert(element, into: place)
    case .remove(let place, let element):
      let value = try lower(element)
      let target = try resolve(place)
      try remove(value, from: target)
    case .append(let place, let element): try append(element, to: place, at: statement.span)
    case .removeFirst(let place): try removeFirst(from: place, at: statement.span)
    case .send(let network, let message, let receiver):
      guard case .record(let record) = message.type else {
        throw Unsupported(reason: "a message that is not a record")
      }
      let kind = try kind(network: network, record: record)
      let value = try lower(message)
      let receiver = try lower(receiver)
      let error = error(.assertion, at: statement.span)
      emit(.send, kind, receiver.register, value.register, error)
    case .start(let timer, let duration):
      try start(timer, for: duration)
    case .cancel(let timer):
      try serve(timer, isArmed: 0)
      if program.purpose == .timing { emit(.noteCancel, timer) }
    case .signal(let signal, let arguments): try emitSignal(signal, arguments)
    case .conditional(let condition, let then, let otherwise):
      try branch(on: try lower(condition).register, then, otherwise)
    case .conditionalBinding(let slot, let optional, let then, let otherwise):
      let value = try lower(optional)
      guard case .optional(let wrapped) = value.codec else {
        throw Unsupported(reason: "'if let' on a value that is not an optional")
      }
      // Bound in any case: nothing reads it where there is no value.
      try bind(slot, to: Operand(register: value.register + 1, codec: wrapped))
      try branch(on: value.register, then, otherwise)
    case .forEach(let slot, let domain, let filter, let body):
      let domain = try lower(domain, at: statement.span)
      try loop(over: domain, binding: slot, where: filter) { lowering throws(Unsupported) in
        try lowering.lower(body)
      }
    case .choose(let slot, let domain, let filter):
      try choose(slot, domain, where: filter, at: statement.span)
    case .assert(let condition, _):
      let skip = openJump(.jumpIfTrue, on: try lower(condition).register)
      emit(.fail, error(.assertion, at: statement.span))
      close(skip)
    case .bind(let slot, let bound): try bind(slot, to: try lower(bound))
    }
  }

  private mutating func start(_ timer: Int, for duration: Expression) throws(Unsupported) {
    // In time no value of a parameter is in force, so that none is too small.
    guard duration.firstOpenPart() == nil, let time = model.duration(duration),
      time >= .zero || program.purpose == .timing
    else { throw Unsupported(reason: "a duration that the state decides") }
    try serve(timer, isArmed: 1)
    switch program.purpose {
    case .exploring: break
    case .following: emit(.noteStart, timer, program.number(of: time))
    case .timing: emit(.noteStart, timer, program.number(ofTerm: duration))
    }
  }

  private mutating func branch(
    on condition: Int,
    _ then: [Statement],
    _ otherwise: [Statement]
  ) throws(Unsupported) {
    let toOtherwise = openJump(.jumpIfFalse, on: condition)
    try lower(then)
    if otherwise.isEmpty {
      close(toOtherwise)
      return
    }
    let toEnd = openJump(.jump)
    close(toOtherwise)
    try lower(otherwise)
    close(toEnd)
  }

  private mutating func serve(_ timer: Int, isArmed: Int) throws(Unsupported) {
    emit(.move, layout.timers.lowerBound + timer, try program.constant(isArmed))
    emit(.setBit, layout.served, layout.served, try program.constant(timer))
  }

  /// A signal changes nothing; its arguments may fail.
  private mutating func emitSignal(
    _ signal: Int,
    _ arguments: [Expression]
  ) throws(Unsupported) {
    var values: [Operand] = []
    for (parameter, argument) in zip(role.signals[signal].parameters, arguments) {
      let codec = try ValueCodec(parameter.type, in: model)
      let value = try check(try lower(argument), in: codec, at: argument.span)
      if program.isFollowing { values.append(try copied(value)) }
    }
    guard program.isFollowing else { return }
    let width = values.reduce(0) { $0 + $1.codec.width }
    let register = try allocate(width)
    var next = register
    for value in values {
      copy(value, to: next)
      next += value.codec.width
    }
    emit(.noteSignal, signal, register, width)
  }
}

/// A place with its indices worked out.
struct LoweredPlace {
  /// The first register, where no index of the run's takes part in it.
  var register: Int
  /// Holds what is to be added to it; nil for nothing.
  var offset: Int?
  var codec: ValueCodec
  /// The place behind the variable's last register.
  var end: Int

  /// Registers from the first one to the variable's last.
  var room: Int { end - register }
}

extension Lowering {
  mutating func resolve(_ place: Place) throws(Unsupported) -> LoweredPlace {
    var result = LoweredPlace(
      register: layout.variables[place.variable],
      offset: nil,
      codec: layout.codecs[place.variable],
      end: layout.variables[place.variable] + layout.codecs[place.variable].width
    )
    var type = role.variables[place.variable].type
    let never = error(.overflow, at: place.span)
    for part in place.path {
      switch (part, type, result.codec) {
      case (.field(let number), .record(let record), .record(_, let fields)):
        result.register += fields[..<number].reduce(0) { $0 + $1.width }
        result.codec = fields[number]
        type = model.records[record].fields[number].type
      case (.element(let index), .array(let indexType, let element), .array(let parts)):
        guard let part = parts.first else { throw Unsupported(reason: "an empty array") }
        let step = try self.place(of: index, in: indexType)
        let width = try program.constant(part.width)
        let offset = try scalar(.anyInteger) { $0.emit(.multiply, $1, step.register, width, never) }
        if let before = result.offset {
          emit(.add, offset.register, offset.register, before, never)
        }
        result.offset = offset.register
        result.codec = part
        type = element
      default: throw Unsupported(reason: "a place that leads into another value")
      }
    }
    return result
  }

  mutating func store(_ value: Operand, in place: LoweredPlace) {
    guard let offset = place.offset else { return copy(value, to: place.register) }
    emit(.store, place.register, offset, value.register, place.codec.width, 0, place.room)
  }

  /// A copy of what is at a place.
  private mutating func content(of place: LoweredPlace) throws(Unsupported) -> Operand {
    let value = Operand(register: place.register, codec: place.codec)
    guard let offset = place.offset else { return try copied(value) }
    let width = place.codec.width
    let result = try allocate(width)
    // One register after the other: the offset counts registers.
    for index in 0..<width {
      emit(.load, result + index, place.register + index, offset, 1, 0, place.room - index)
    }
    return Operand(register: result, codec: place.codec)
  }

  private mutating func insert(_ element: Expression, into place: Place) throws(Unsupported) {
    let value = try lower(element)
    let target = try resolve(place)
    guard case .set(let codec) = target.codec else {
      throw Unsupported(reason: "'insert' into other values than sets")
    }
    let checked = try check(value, in: codec, at: element.span)
    let bit = try number(of: checked, in: codec)
    let content = try content(of: target)
    emit(.setBit, content.register, content.register, bit.register)
    store(content, in: target)
  }

  private mutating func remove(
    _ value: Operand,
    from target: LoweredPlace
  ) throws(Unsupported) {
    guard case .set(let codec) = target.codec, value.codec.isLaidOut(as: codec) else {
      throw Unsupported(reason: "'remove' from other values than sets")
    }
    let content = try content(of: target)
    let skips = try jumps(unless: value, fits: codec)
    let bit = try number(of: value, in: codec)
    emit(.clearBit, content.register, content.register, bit.register)
    store(content, in: target)
    for skip in skips { close(skip) }
  }

  private mutating func append(
    _ element: Expression,
    to place: Place,
    at span: Span
  ) throws(Unsupported) {
    let value = try lower(element)
    let target = try resolve(place)
    guard case .queue(let capacity, let codec) = target.codec else {
      throw Unsupported(reason: "'append' to other values than queues")
    }
    let checked = try copied(try check(value, in: codec, at: element.span))
    let content = try content(of: target)
    let most = try program.constant(capacity)
    let isRoom = try scalar(.bool) { $0.emit(.less, $1, content.register, most) }
    let skip = openJump(.jumpIfTrue, on: isRoom.register)
    emit(.fail, error(.queueFull, at: span))
    close(skip)
    let never = error(.overflow, at: span)
    let (one, width) = (try program.constant(1), try program.constant(codec.width))
    let offset = try scalar(.anyInteger) { $0.emit(.multiply, $1, content.register, width, never) }
    let room = capacity * codec.width
    emit(.store, content.register + 1, offset.register, checked.register, codec.width, 0, room)
    emit(.add, content.register, content.register, one, never)
    store(content, in: target)
  }

  private mutating func removeFirst(from place: Place, at span: Span) throws(Unsupported) {
    let target = try resolve(place)
    guard case .queue(let capacity, let codec) = target.codec else {
      throw Unsupported(reason: "'removeFirst' from other values than queues")
    }
    let content = try content(of: target)
    let skip = openJump(.jumpIfTrue, on: content.register)
    emit(.fail, error(.queueEmpty, at: span))
    close(skip)
    let (one, never) = (try program.constant(1), error(.overflow, at: span))
    let rest = (capacity - 1) * codec.width
    let elements = content.register + 1
    if rest > 0 { emit(.moveMany, elements, elements + codec.width, rest) }
    if capacity > 0 { emit(.zero, elements + rest, codec.width) }
    emit(.subtract, content.register, content.register, one, never)
    store(content, in: target)
  }
}
