package import LingerModel

/// How a value lies in registers, a plain integer in each.
///
/// A Boolean, an integer, an enum's case and an instance take one register, a set one with a bit
/// for each element it may have. What is made of parts has them one behind the other: an optional
/// behind a flag, a queue behind its length. Registers that say nothing are 0, so that equal
/// values have equal registers.
package indirect enum ValueCodec: Sendable {
  case bool
  case integer(low: Int, count: Int)
  /// The result of arithmetic, which has no numbering.
  case anyInteger
  case enumeration(Int, count: Int)
  /// The instances of a role; for each instance its place among them.
  case instance([Int], places: [Int])
  case record(Int, [ValueCodec])
  case array([ValueCodec])
  case optional(ValueCodec)
  case queue(capacity: Int, ValueCodec)
  case set(ValueCodec)

  /// Why a type or a construct is left to the reference evaluator.
  struct Unsupported: Error {
    var reason: String
  }

  /// A set has one register for its elements.
  static let mostElements = 62
  /// More registers than this are not worth it for one value.
  static let mostRegisters = 256

  init(_ type: ModelType, in model: Model) throws(Unsupported) {
    switch type {
    case .bool: self = .bool
    case .integer(let range):
      guard let count = model.cardinality(of: type) else {
        self = .anyInteger
        return
      }
      self = .integer(low: range.lowerBound, count: count)
    case .unboundedInteger: self = .anyInteger
    case .enumeration(let number):
      self = .enumeration(number, count: model.enumerations[number].cases.count)
    case .instance(let role):
      let members = model.instances(of: role)
      let places = model.instances.indices.map { members.firstIndex(of: $0) ?? -1 }
      self = .instance(members, places: places)
    case .record(let number):
      var fields: [ValueCodec] = []
      for field in model.records[number].fields {
        fields.append(try ValueCodec(field.type, in: model))
      }
      self = .record(number, fields)
    case .optional(let wrapped): self = .optional(try ValueCodec(wrapped, in: model))
    case .array(let index, let element):
      let element = try ValueCodec(element, in: model)
      let count = model.cardinality(of: index) ?? .max
      guard count <= Self.mostRegisters else { throw Unsupported(reason: "a large array") }
      self = .array(Array(repeating: element, count: count))
    case .queue(let capacity, let element):
      let element = try ValueCodec(element, in: model)
      guard capacity <= Self.mostRegisters else { throw Unsupported(reason: "a large queue") }
      self = .queue(capacity: capacity, element)
    case .set(let element):
      let element = try ValueCodec(element, in: model)
      guard let count = element.valueCount, count <= Self.mostElements else {
        throw Unsupported(reason: "a set of more than \(Self.mostElements) possible elements")
      }
      self = .set(element)
    case .duration: throw Unsupported(reason: "a duration that the state decides")
    }
    guard width <= Self.mostRegisters else { throw Unsupported(reason: "a large value") }
  }

  /// The codec of a type; nil for one whose values are not kept in registers.
  package init?(followed type: ModelType, in model: Model) {
    do throws(Unsupported) { try self.init(type, in: model) } catch { return nil }
  }

  /// Registers that a value takes.
  package var width: Int {
    switch self {
    case .bool, .integer, .anyInteger, .enumeration, .instance, .set: 1
    case .record(_, let parts), .array(let parts): parts.reduce(0) { $0 + $1.width }
    case .optional(let wrapped): 1 + wrapped.width
    case .queue(let capacity, let element): 1 + capacity * element.width
    }
  }

  /// Of each register the values that it may have, where they are more than a few integers; nil
  /// for all others, which are told apart one by one.
  package func wideRanges(few: Int) -> [ClosedRange<Int>?] {
    switch self {
    case .bool, .anyInteger, .enumeration, .instance, .set: return [nil]
    case .integer(let low, let count):
      let isNear = low >= -PathTrace.widest && low <= PathTrace.widest - count
      return count > few && isNear ? [low...(low + (count - 1))] : [nil]
    case .record(_, let parts), .array(let parts): return parts.flatMap { $0.wideRanges(few: few) }
    case .optional(let wrapped): return [nil] + wrapped.rangesOrZero(few: few)
    case .queue(let capacity, let element):
      return [nil] + Array(repeating: element.rangesOrZero(few: few), count: capacity).joined()
    }
  }

  /// Registers of a value that is not there are 0.
  private func rangesOrZero(few: Int) -> [ClosedRange<Int>?] {
    wideRanges(few: few).map { $0.map { min(0, $0.lowerBound)...max(0, $0.upperBound) } }
  }

  var isScalar: Bool {
    switch self {
    case .bool, .integer, .anyInteger, .enumeration, .instance: true
    case .record, .array, .optional, .queue, .set: false
    }
  }

  /// How many values there are, as ``Model/cardinality(of:)`` counts them; nil beyond its limit.
  package var valueCount: Int? {
    switch self {
    case .bool: 2
    case .integer(_, let count), .enumeration(_, let count): count
    case .anyInteger: nil
    case .instance(let members, _): members.count
    case .record(_, let parts), .array(let parts):
      parts.reduce(1) { (product: Int?, part) in
        product.flatMap { product in part.valueCount.flatMap { Self.product(product, $0) } }
      }
    case .optional(let wrapped): wrapped.valueCount.map { $0 + 1 }
    case .set(let element): element.valueCount.flatMap { $0 <= 62 ? 1 << $0 : nil }
    case .queue(let capacity, let element):
      element.valueCount.flatMap { base in
        (0...capacity).reduce(0) { (sum: Int?, length) in
          sum.flatMap { sum in
            Self.power(base, length).flatMap { $0 <= Model.cardinalityLimit - sum ? sum + $0 : nil }
          }
        }
      }
    }
  }

  private static func product(_ left: Int, _ right: Int) -> Int? {
    let (result, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow || result > Model.cardinalityLimit ? nil : result
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    var result: Int? = 1
    for _ in 0..<exponent { result = result.flatMap { product($0, base) } }
    return result
  }
}

/// Numbers of values: the order of ``Model/ordinal(of:in:)``, worked out on registers.
extension ValueCodec {
  /// The number of the value that begins at a register.
  package func ordinal(in registers: [Int], at start: Int) -> Int {
    switch self {
    case .bool, .enumeration, .set, .anyInteger: return registers[start]
    case .integer(let low, _): return registers[start] &- low
    case .instance(_, let places): return places[registers[start]]
    case .record(_, let parts), .array(let parts):
      var place = start
      var result = 0
      for part in parts {
        result = result &* (part.valueCount ?? 1) &+ part.ordinal(in: registers, at: place)
        place += part.width
      }
      return result
    case .optional(let wrapped):
      return registers[start] == 0 ? 0 : 1 + wrapped.ordinal(in: registers, at: start + 1)
    case .queue(_, let element):
      let length = registers[start]
      let base = element.valueCount ?? 1
      var result = 0
      var shorter = 0
      var power = 1
      for index in 0..<length {
        let part = element.ordinal(in: registers, at: start + 1 + index * element.width)
        result = result &* base &+ part
        shorter &+= power
        power = power &* base
      }
      return shorter + result
    }
  }

  /// Writes the value with a number, which is one of the type's.
  package func write(_ ordinal: Int, to registers: inout [Int], at start: Int) {
    switch self {
    case .bool, .enumeration, .set, .anyInteger: registers[start] = ordinal
    case .integer(let low, _): registers[start] = low &+ ordinal
    case .instance(let members, _): registers[start] = members[ordinal]
    case .record(_, let parts), .array(let parts):
      var rest = ordinal
      var place = start + width
      for part in parts.reversed() {
        let count = part.valueCount ?? 1
        place -= part.width
        part.write(rest % count, to: &registers, at: place)
        rest /= count
      }
    case .optional(let wrapped):
      registers[start] = ordinal == 0 ? 0 : 1
      if ordinal > 0 {
        wrapped.write(ordinal - 1, to: &registers, at: start + 1)
      } else {
        for place in start..<(start + width) { registers[place] = 0 }
      }
    case .queue(let capacity, let element):
      let base = element.valueCount ?? 1
      var length = 0
      var rest = ordinal
      var count = 1
      while length < capacity, rest >= count {
        rest -= count
        length += 1
        count = count &* base
      }
      for place in start..<(start + width) { registers[place] = 0 }
      registers[start] = length
      for index in (0..<length).reversed() {
        element.write(rest % base, to: &registers, at: start + 1 + index * element.width)
        rest /= base
      }
    }
  }
}

/// Plain values, for constants, for steps that are shown and for tests.
extension ValueCodec {
  /// The value that begins at a register.
  package func value(in registers: [Int], at start: Int) -> Value {
    func parts(_ codecs: [ValueCodec], from start: Int) -> [Value] {
      var place = start
      return codecs.map { codec in
        defer { place += codec.width }
        return codec.value(in: registers, at: place)
      }
    }
    switch self {
    case .bool: return .bool(registers[start] != 0)
    case .integer, .anyInteger: return .integer(registers[start])
    case .enumeration(let number, _): return .enumCase(number, registers[start])
    case .instance: return .instance(registers[start])
    case .record(let number, let fields): return .record(number, parts(fields, from: start))
    case .array(let elements): return .array(parts(elements, from: start))
    case .optional(let wrapped):
      return registers[start] == 0 ? .none : .some(wrapped.value(in: registers, at: start + 1))
    case .queue(_, let element):
      let elements = Array(repeating: element, count: registers[start])
      return .queue(parts(elements, from: start + 1))
    case .set(let element):
      var scratch = [Int](repeating: 0, count: element.width)
      let places = (0..<Self.mostElements).filter { registers[start] >> $0 & 1 == 1 }
      return .set(
        places.map { place in
          element.write(place, to: &scratch, at: 0)
          return element.value(in: scratch, at: 0)
        }
      )
    }
  }

  /// The registers of a value; nil where it is not one of these.
  package func registers(of value: Value) -> [Int]? {
    func joined(_ values: [Value], _ codecs: [ValueCodec]) -> [Int]? {
      guard values.count == codecs.count else { return nil }
      var result: [Int] = []
      for (value, codec) in zip(values, codecs) {
        guard let part = codec.registers(of: value) else { return nil }
        result += part
      }
      return result
    }
    switch (self, value) {
    case (.bool, .bool(let flag)): return [flag ? 1 : 0]
    case (.integer(let low, let count), .integer(let number)):
      return number >= low && number <= low + (count - 1) ? [number] : nil
    case (.anyInteger, .integer(let number)): return [number]
    case (.enumeration(let wanted, _), .enumCase(let number, let place)) where number == wanted:
      return [place]
    case (.instance(_, let places), .instance(let number)):
      return places[number] >= 0 ? [number] : nil
    case (.record(let wanted, let fields), .record(let number, let values)) where number == wanted:
      return joined(values, fields)
    case (.array(let elements), .array(let values)): return joined(values, elements)
    case (.optional(let wrapped), .none):
      return Array(repeating: 0, count: 1 + wrapped.width)
    case (.optional(let wrapped), .some(let inner)):
      return wrapped.registers(of: inner).map { [1] + $0 }
    case (.queue(let capacity, let element), .queue(let values)) where values.count <= capacity:
      guard let parts = joined(values, Array(repeating: element, count: values.count)) else {
        return nil
      }
      return [values.count] + parts + Array(repeating: 0, count: width - 1 - parts.count)
    case (.set(let element), .set(let values)):
      var bits = 0
      for value in values {
        guard let registers = element.registers(of: value) else { return nil }
        bits |= 1 << element.ordinal(in: registers, at: 0)
      }
      return [bits]
    default: return nil
    }
  }
}
