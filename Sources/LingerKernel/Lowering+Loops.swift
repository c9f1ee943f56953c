import LingerDiagnostics
import LingerModel

/// What a binder ranges over, in registers: how many values, and how the one at a place is had.
struct LoweredDomain {
  enum Source {
    /// The value with the place as its number.
    case numbered
    /// The place after a first integer.
    case integers(from: Int)
    /// Elements one behind the other.
    case elements(from: Int)
    /// The elements whose bits are set.
    case bits(Int)
  }

  var source: Source
  var codec: ValueCodec
  /// Holds the number of places.
  var count: Int
  /// Registers that elements one behind the other take.
  var room = 0
}

extension Lowering {
  /// Code that works a domain out, once; elements are copied, since a body may change them.
  mutating func lower(_ domain: Domain, at span: Span) throws(Unsupported) -> LoweredDomain {
    switch domain {
    case .type(let type):
      let codec = try ValueCodec(type, in: model)
      guard let count = codec.valueCount else {
        throw Unsupported(reason: "a type with very many values")
      }
      return LoweredDomain(source: .numbered, codec: codec, count: try program.constant(count))
    case .range(let low, let high):
      let bounds = (try copied(try lower(low)), try lower(high))
      let error = error(.overflow, at: low.span.union(high.span))
      return LoweredDomain(
        source: .integers(from: bounds.0.register),
        codec: .anyInteger,
        count: try count(from: bounds.0.register, to: bounds.1.register, error)
      )
    case .elements(let collection):
      let value = try copied(try lower(collection))
      switch value.codec {
      case .queue(_, let part):
        return LoweredDomain(
          source: .elements(from: value.register + 1),
          codec: part,
          count: value.register,
          room: value.codec.width - 1
        )
      case .array(let parts):
        guard let part = parts.first else { throw Unsupported(reason: "an empty array") }
        return LoweredDomain(
          source: .elements(from: value.register),
          codec: part,
          count: try program.constant(parts.count),
          room: value.codec.width
        )
      case .set(let part):
        guard let count = part.valueCount else { throw Unsupported(reason: "a large set") }
        return LoweredDomain(
          source: .bits(value.register),
          codec: part,
          count: try program.constant(count)
        )
      default: throw Unsupported(reason: "the elements of other values than collections")
      }
    }
  }

  /// The number of integers in a range; none where its end is before its beginning.
  private mutating func count(
    from low: Int,
    to high: Int,
    _ error: Int
  ) throws(Unsupported) -> Int {
    let (one, count) = (try program.constant(1), try allocate(1))
    emit(.move, count, try program.constant(0))
    let isEmpty = try scalar(.bool) { $0.emit(.less, $1, high, low) }
    let skip = openJump(.jumpIfTrue, on: isEmpty.register)
    emit(.subtract, count, high, low, error)
    emit(.add, count, count, one, error)
    close(skip)
    return count
  }

  /// A loop over a domain's values, in order: `body` is given what to do for one, and a way to go
  /// on with the next.
  mutating func loop(
    over domain: LoweredDomain,
    binding slot: Int,
    where filter: Expression?,
    _ body: (inout Lowering) throws(Unsupported) -> Void
  ) throws(Unsupported) {
    let (place, one) = (try allocate(1), try program.constant(1))
    emit(.move, place, try program.constant(0))
    let never = error(.overflow, at: .none)
    let head = here
    let isMore = try scalar(.bool) { $0.emit(.less, $1, place, domain.count) }
    let toEnd = openJump(.jumpIfFalse, on: isMore.register)
    var skips = try bind(slot, at: place, of: domain)
    if let filter { skips.append(openJump(.jumpIfFalse, on: try lower(filter).register)) }
    try body(&self)
    for skip in skips { close(skip) }
    emit(.add, place, place, one, never)
    emit(.jump, head)
    close(toEnd)
  }

  /// Binds the value at a place; what is returned jumps where there is none.
  private mutating func bind(
    _ slot: Int,
    at place: Int,
    of domain: LoweredDomain
  ) throws(Unsupported) -> [OpenJump] {
    let register = try registers(ofLocal: slot, domain.codec)
    switch domain.source {
    case .numbered:
      emit(.poll)
      emit(.write, register, place, number(of: domain.codec))
    case .integers(let first):
      emit(.poll)
      emit(.add, register, first, place, error(.overflow, at: .none))
    case .elements(let first):
      emit(.poll)
      emit(.load, register, first, place, domain.codec.width, 0, domain.room)
    case .bits(let set):
      let isThere = try scalar(.bool) { $0.emit(.testBit, $1, set, place) }
      let skip = openJump(.jumpIfFalse, on: isThere.register)
      emit(.poll)
      emit(.write, register, place, number(of: domain.codec))
      return [skip]
    }
    return []
  }

  mutating func quantifier(
    _ kind: QuantifierKind,
    _ slot: Int,
    _ domain: Domain,
    _ filter: Expression?,
    _ body: Expression,
    at span: Span
  ) throws(Unsupported) -> Operand {
    let domain = try lower(domain, at: span)
    let result = try allocate(1)
    let (zero, one) = (try program.constant(0), try program.constant(1))
    let never = error(.overflow, at: span)
    emit(.move, result, kind == .all ? one : zero)
    var exits: [OpenJump] = []
    try loop(over: domain, binding: slot, where: filter) { lowering throws(Unsupported) in
      let truth = try lowering.lower(body)
      switch kind {
      case .count: lowering.emit(.add, result, result, truth.register, never)
      case .all, .exists:
        lowering.emit(.move, result, truth.register)
        exits.append(
          lowering.openJump(kind == .all ? .jumpIfFalse : .jumpIfTrue, on: truth.register)
        )
      }
    }
    for exit in exits { close(exit) }
    return Operand(register: result, codec: kind == .count ? .anyInteger : .bool)
  }

  /// `choose`: what follows runs once for each value, in order, from the same registers.
  ///
  /// The filter is first tried on every value, since one that fails makes the whole choice fail.
  mutating func choose(
    _ slot: Int,
    _ domain: Domain,
    where filter: Expression?,
    at span: Span
  ) throws(Unsupported) {
    if let site = hidden.hint(for: slot, of: domain, in: model) {
      return try chooseHinted(slot, domain, site, where: filter)
    }
    let isElements = if case .elements = domain { true } else { false }
    let domain = try lower(domain, at: span)
    let (zero, one) = (try program.constant(0), try program.constant(1))
    let never = error(.overflow, at: span)
    let isAny = try allocate(1)
    emit(.move, isAny, zero)
    var found: OpenJump?
    try loop(over: domain, binding: slot, where: filter) { lowering throws(Unsupported) in
      lowering.emit(.move, isAny, one)
      if filter == nil { found = lowering.openJump(.jump) }
    }
    if let found { close(found) }
    let toFirst = openJump(.jumpIfTrue, on: isAny)
    emit(.fail, error(.emptyChoice, at: span))
    close(toFirst)
    let next = try allocate(1)
    let taken = try allocate(1)
    emit(.move, next, zero)
    let head = here
    let isMore = try scalar(.bool) { $0.emit(.less, $1, next, domain.count) }
    let toTry = openJump(.jumpIfTrue, on: isMore.register)
    emit(.backtrack)
    close(toTry)
    emit(.move, taken, next)
    emit(.add, next, next, one, never)
    for skip in try bind(slot, at: taken, of: domain) { lead(skip, to: head) }
    if let filter { lead(openJump(.jumpIfFalse, on: try lower(filter).register), to: head) }
    guard let local = locals[slot] else { preconditionFailure("a local is not bound") }
    if isElements, case .elements(let first) = domain.source {
      let value = Operand(register: local.register, codec: local.codec)
      let room = domain.room
      let isEarlier = try find(value, from: first, domain.codec, count: taken, room: room)
      lead(openJump(.jumpIfTrue, on: isEarlier.register), to: head)
    }
    emit(.choose, local.register, number(of: local.codec), 0, head)
  }

  /// `choose` of a value that stands in a message: what was seen is tried, nothing else.
  private mutating func chooseHinted(
    _ slot: Int,
    _ domain: Domain,
    _ site: HintSite,
    where filter: Expression?
  ) throws(Unsupported) {
    let bounds: (low: Int, high: Int)
    switch domain {
    case .range(let low, let high):
      bounds = (try copied(try lower(low)).register, try lower(high).register)
    case .type(.integer(let range)):
      bounds = (
        try program.constant(range.lowerBound), try program.constant(range.upperBound)
      )
    case .type, .elements: throw Unsupported(reason: "a hidden value that is not an integer")
    }
    let next = try allocate(1)
    emit(.move, next, try program.constant(0))
    let register = try registers(ofLocal: slot, .anyInteger)
    program.hints.append(site)
    let head = here
    emit(.hinted, register, program.hints.count - 1, next)
    for (low, high) in [(bounds.low, register), (register, bounds.high)] {
      let fits = try scalar(.bool) { $0.emit(.lessOrEqual, $1, low, high) }
      lead(openJump(.jumpIfFalse, on: fits.register), to: head)
    }
    if let filter { lead(openJump(.jumpIfFalse, on: try lower(filter).register), to: head) }
    emit(.choose, register, number(of: .anyInteger), 0, head)
  }

  private mutating func lead(_ jump: OpenJump, to place: Int) {
    program.code[jump.place].a = Int32(place)
  }
}
