/// Finite types as number ranges: how many values a type has, and which value is the n-th.
///
/// The numbering is a bijection between a type's values and `0..<cardinality`; quantifiers, call
/// parameters and packed states all use it, so it is one order for the whole tool:
///
/// - `false` before `true`, integers upwards, enum cases and instances as declared;
/// - structs, messages and arrays as numbers in mixed radix, the first part most significant;
/// - `nil` before every value of an optional;
/// - a set as the number whose bit n says whether it holds the n-th value of its element type;
/// - queues by length, then as arrays.
extension Model {
  /// The largest number of values that a type may have and still be numbered.
  package static let cardinalityLimit = 1 << 62

  /// How many values a type has; nil for infinite types and beyond ``cardinalityLimit``.
  package func cardinality(of type: ModelType) -> Int? {
    switch type {
    case .bool: 2
    case .integer(let range):
      difference(range).flatMap { $0 < Model.cardinalityLimit ? $0 + 1 : nil }
    case .enumeration(let number): enumerations[number].cases.count
    case .record(let number): product(of: records[number].fields.map(\.type))
    case .optional(let wrapped):
      cardinality(of: wrapped).flatMap { $0 < Model.cardinalityLimit ? $0 + 1 : nil }
    case .set(let element): cardinality(of: element).flatMap { power(2, $0) }
    case .array(let index, let element):
      cardinality(of: index).flatMap { count in
        cardinality(of: element).flatMap { power($0, count) }
      }
    case .queue(let capacity, let element):
      cardinality(of: element).flatMap { queueCount(elements: $0, capacity: capacity) }
    case .instance(let role): instances.count { $0.role == role }
    case .duration, .unboundedInteger: nil
    }
  }

  /// Whether a value consists of parts that each have a number, however many there are together.
  package func hasNumberedParts(_ type: ModelType) -> Bool {
    switch type {
    case .record(let number): records[number].fields.allSatisfy { hasNumberedParts($0.type) }
    case .optional(let wrapped): hasNumberedParts(wrapped)
    case .array(let index, let element): cardinality(of: index) != nil && hasNumberedParts(element)
    case .queue(_, let element): hasNumberedParts(element)
    case .bool, .integer, .enumeration, .set, .instance, .duration, .unboundedInteger:
      cardinality(of: type) != nil
    }
  }

  /// The value's number in its type; nil if the type has no such value or no numbering.
  package func ordinal(of value: Value, in type: ModelType) -> Int? {
    guard cardinality(of: type) != nil, contains(value, in: type) else { return nil }
    return position(of: value, in: type)
  }

  /// The value with this number, which must be below the type's cardinality.
  package func value(at ordinal: Int, in type: ModelType) -> Value {
    guard let count = cardinality(of: type), (0..<count).contains(ordinal) else {
      preconditionFailure("a type has no value with number \(ordinal)")
    }
    switch type {
    case .bool: return .bool(ordinal == 1)
    case .integer(let range): return .integer(range.lowerBound + ordinal)
    case .enumeration(let number): return .enumCase(number, ordinal)
    case .record(let number):
      return .record(number, digits(of: ordinal, in: records[number].fields.map(\.type)))
    case .optional(let wrapped):
      return ordinal == 0 ? .none : .some(value(at: ordinal - 1, in: wrapped))
    case .set(let element): return set(at: ordinal, of: element)
    case .array(let index, let element):
      let places = cardinality(of: index) ?? 0
      return .array(digits(of: ordinal, in: Array(repeating: element, count: places)))
    case .queue(_, let element): return queue(at: ordinal, of: element)
    case .instance(let role): return .instance(instances(of: role)[ordinal])
    case .duration, .unboundedInteger:
      preconditionFailure("an infinite type has no numbered values")
    }
  }

  /// Every value of a finite type, ascending; meant for types small enough to enumerate.
  package func values(of type: ModelType) -> [Value] {
    guard let count = cardinality(of: type) else {
      preconditionFailure("the values of a type too large to number were asked for")
    }
    if case .instance(let role) = type { return instances(of: role).map { .instance($0) } }
    return (0..<count).map { value(at: $0, in: type) }
  }

  /// Whether a value is one of a type's; the check of every store.
  package func contains(_ value: Value, in type: ModelType) -> Bool {
    switch (type, value) {
    case (.bool, .bool), (.duration, .duration), (.unboundedInteger, .integer): true
    case (.integer(let range), .integer(let number)): range.contains(number)
    case (.enumeration(let enumeration), .enumCase(let number, let caseNumber)):
      number == enumeration && enumerations[number].cases.indices.contains(caseNumber)
    case (.record(let record), .record(let number, let fields)):
      number == record && fields.count == records[number].fields.count
        && zip(fields, records[number].fields).allSatisfy { contains($0, in: $1.type) }
    case (.optional, .none): true
    case (.optional(let wrapped), .some(let inner)): contains(inner, in: wrapped)
    case (.set(let element), .set(let elements)):
      elements.allSatisfy { contains($0, in: element) }
    case (.array(let index, let element), .array(let elements)):
      elements.count == cardinality(of: index)
        && elements.allSatisfy { contains($0, in: element) }
    case (.queue(let capacity, let element), .queue(let elements)):
      elements.count <= capacity && elements.allSatisfy { contains($0, in: element) }
    case (.instance(let role), .instance(let number)):
      instances.indices.contains(number) && instances[number].role == role
    default: false
    }
  }

  /// The number of a value that is known to be of a type which has a numbering.
  private func position(of value: Value, in type: ModelType) -> Int {
    switch (type, value) {
    case (_, .bool(let flag)): return flag ? 1 : 0
    case (.integer(let range), .integer(let number)): return number - range.lowerBound
    case (_, .enumCase(_, let number)): return number
    case (.record(let number), .record(_, let fields)):
      return zip(fields, records[number].fields).reduce(0) { sum, part in
        sum * (cardinality(of: part.1.type) ?? 1) + position(of: part.0, in: part.1.type)
      }
    case (.optional, .none): return 0
    case (.optional(let wrapped), .some(let inner)):
      return 1 + position(of: inner, in: wrapped)
    case (.set(let element), .set(let elements)):
      return elements.reduce(0) { $0 | 1 << position(of: $1, in: element) }
    case (.array(_, let element), .array(let elements)):
      return number(ofDigits: elements, of: element)
    case (.queue(_, let element), .queue(let elements)):
      let base = cardinality(of: element) ?? 0
      let shorter =
        elements.isEmpty
        ? 0 : queueCount(elements: base, capacity: elements.count - 1) ?? 0
      return shorter + number(ofDigits: elements, of: element)
    case (.instance(let role), .instance(let number)):
      return instances[..<number].count { $0.role == role }
    default: preconditionFailure("a value was numbered in a type that does not hold it")
    }
  }

  private func number(ofDigits elements: [Value], of type: ModelType) -> Int {
    let base = cardinality(of: type) ?? 1
    return elements.reduce(0) { $0 * base + position(of: $1, in: type) }
  }

  private func digits(of ordinal: Int, in types: [ModelType]) -> [Value] {
    var rest = ordinal
    var values: [Value] = []
    for type in types.reversed() {
      let base = cardinality(of: type) ?? 1
      values.append(value(at: rest % base, in: type))
      rest /= base
    }
    return values.reversed()
  }

  private func set(at ordinal: Int, of element: ModelType) -> Value {
    let bits = (0..<Int.bitWidth).filter { ordinal >> $0 & 1 == 1 }
    return .set(bits.map { value(at: $0, in: element) })
  }

  private func queue(at ordinal: Int, of element: ModelType) -> Value {
    let base = cardinality(of: element) ?? 0
    var length = 0
    var rest = ordinal
    while let count = power(base, length), rest >= count {
      rest -= count
      length += 1
    }
    return .queue(digits(of: rest, in: Array(repeating: element, count: length)))
  }

  private func product(of types: [ModelType]) -> Int? {
    var total = 1
    for type in types {
      guard let count = cardinality(of: type), let next = bounded(total, times: count) else {
        return nil
      }
      total = next
    }
    return total
  }

  private func queueCount(elements: Int, capacity: Int) -> Int? {
    guard elements > 1 else { return elements == 1 ? bounded(capacity + 1, times: 1) : 1 }
    var total = 0
    for length in 0...capacity {
      guard let count = power(elements, length), total <= Model.cardinalityLimit - count else {
        return nil
      }
      total += count
    }
    return total
  }

  private func power(_ base: Int, _ exponent: Int) -> Int? {
    guard base > 1, exponent > 0 else { return exponent == 0 ? 1 : base }
    var result = 1
    for _ in 0..<exponent {
      guard let next = bounded(result, times: base) else { return nil }
      result = next
    }
    return result
  }

  private func bounded(_ left: Int, times right: Int) -> Int? {
    let (result, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow || result > Model.cardinalityLimit ? nil : result
  }

  private func difference(_ range: ClosedRange<Int>) -> Int? {
    let (result, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    return overflow ? nil : result
  }
}
