package import LingerModel

/// Values as JSON, by names: what a report says and what a trace file holds.
///
/// | type | JSON |
/// |---|---|
/// | `Bool`, ranges | `true`, `3` |
/// | enum | the case's name |
/// | struct, message | object of its fields |
/// | optional | `null` or the value (an optional of an optional: `{"some": value}`) |
/// | set, queue, `[n of T]` | array |
/// | `[Key: T]` | object with the keys' names |
/// | instance | its name |
/// | `Duration` | text, `"120 s"` |
package struct ValueCoding {
  package let model: Model

  package init(model: Model) { self.model = model }

  package func encode(_ value: Value, as type: ModelType) -> JSONValue {
    switch (value, type) {
    case (.bool(let flag), _): .bool(flag)
    case (.integer(let number), _): .integer(number)
    case (.enumCase, _), (.instance, _), (.duration, _): .string(name(value))
    case (.record(let number, let fields), _): .object(encode(fields, of: model.records[number]))
    case (.none, _): .null
    case (.some(let wrapped), .optional(let inner)):
      if case .optional = inner {
        .object(["some": encode(wrapped, as: inner)])
      } else {
        encode(wrapped, as: inner)
      }
    case (.some(let wrapped), _): encode(wrapped, as: type)
    case (.set(let elements), .set(let element)), (.queue(let elements), .queue(_, let element)):
      .array(elements.map { encode($0, as: element) })
    case (.array(let elements), .array(let index, let element)):
      encode(elements, index: index, element: element)
    case (.set(let elements), _), (.queue(let elements), _), (.array(let elements), _):
      .array(elements.map { encode($0, as: type) })
    }
  }

  package func encode(_ fields: [Value], of record: Record) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (field, value) in zip(record.fields, fields) {
      members[field.name] = encode(value, as: field.type)
    }
    return members
  }

  private func encode(_ elements: [Value], index: ModelType, element: ModelType) -> JSONValue {
    if case .integer = index { return .array(elements.map { encode($0, as: element) }) }
    var members: [String: JSONValue] = [:]
    for (number, value) in elements.enumerated() {
      members[name(model.value(at: number, in: index))] = encode(value, as: element)
    }
    return .object(members)
  }

  /// A name without the dot of an enum's case.
  private func name(_ value: Value) -> String {
    if case .enumCase(let enumeration, let number) = value {
      return model.enumerations[enumeration].cases[number]
    }
    return describe(value, in: model)
  }

  // Back again. What is wrong is said as the end of a sentence about the value.

  package func decode(
    _ json: JSONValue,
    as type: ModelType
  ) throws(TraceFileError) -> Value {
    switch type {
    case .bool:
      guard case .bool(let flag) = json else { throw mismatch(json, type) }
      return .bool(flag)
    case .integer(let range):
      guard let number = json.integer, range.contains(number) else { throw mismatch(json, type) }
      return .integer(number)
    case .unboundedInteger:
      guard let number = json.integer else { throw mismatch(json, type) }
      return .integer(number)
    case .enumeration(let number):
      guard let name = json.string else { throw mismatch(json, type) }
      let names = model.enumerations[number].cases
      return .enumCase(
        number,
        try find(name, in: names, "case of '\(model.enumerations[number].name)'")
      )
    case .instance(let role):
      guard let name = json.string else { throw mismatch(json, type) }
      let members = model.instances(of: role)
      let names = members.map { model.instances[$0].name }
      return .instance(
        members[try find(name, in: names, "instance of '\(model.roles[role].name)'")]
      )
    case .record(let number):
      guard let members = json.object else { throw mismatch(json, type) }
      return try decode(members, record: number)
    case .optional(let wrapped):
      if json == .null { return .none }
      if case .optional = wrapped {
        guard let inner = json["some"] else { throw mismatch(json, type) }
        return .some(try decode(inner, as: wrapped))
      }
      return .some(try decode(json, as: wrapped))
    case .set(let element):
      let elements = try decodeElements(json, of: element, in: type)
      guard Set(elements).count == elements.count else { throw mismatch(json, type) }
      return .set(elements.sorted())
    case .queue(let capacity, let element):
      let elements = try decodeElements(json, of: element, in: type)
      guard elements.count <= capacity else { throw mismatch(json, type) }
      return .queue(elements)
    case .array(let index, let element): return try decodeArray(json, index, element)
    case .duration: throw mismatch(json, type)
    }
  }

  package func decode(
    _ members: [String: JSONValue],
    record number: Int
  ) throws(TraceFileError) -> Value {
    let record = model.records[number]
    for name in members.keys.sorted() {
      _ = try find(name, in: record.fields.map(\.name), "field of '\(record.name)'")
    }
    var fields: [Value] = []
    for field in record.fields {
      guard let json = members[field.name] else {
        throw TraceFileError("'\(record.name)' has a field '\(field.name)' that is not given")
      }
      fields.append(try decode(json, as: field.type))
    }
    return .record(number, fields)
  }

  private func decodeElements(
    _ json: JSONValue,
    of element: ModelType,
    in type: ModelType
  ) throws(TraceFileError) -> [Value] {
    guard let elements = json.array else { throw mismatch(json, type) }
    var values: [Value] = []
    for json in elements { values.append(try decode(json, as: element)) }
    return values
  }

  private func decodeArray(
    _ json: JSONValue,
    _ index: ModelType,
    _ element: ModelType
  ) throws(TraceFileError) -> Value {
    let type = ModelType.array(index: index, element: element)
    var values: [Value] = []
    if case .integer = index {
      values = try decodeElements(json, of: element, in: type)
      guard values.count == model.cardinality(of: index) else { throw mismatch(json, type) }
    } else {
      let keys = model.values(of: index)
      guard json.object?.count == keys.count else { throw mismatch(json, type) }
      for key in keys {
        guard let json = json[name(key)] else { throw mismatch(json, type) }
        values.append(try decode(json, as: element))
      }
    }
    return .array(values)
  }

  /// The place of a name in a list of names.
  package func find(
    _ name: String,
    in names: [String],
    _ kind: String
  ) throws(TraceFileError) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    throw TraceFileError.unknown(name, kind, among: names)
  }

  private func mismatch(_ json: JSONValue, _ type: ModelType) -> TraceFileError {
    TraceFileError("\(json.flatText) is not a value of '\(describe(type, in: model))'")
  }

  // Values whose type the reader cannot know: what a `choose` took.

  /// The value with its type beside it where JSON alone would not tell.
  package func encodeTagged(_ value: Value) -> JSONValue {
    switch value {
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .none: .null
    case .enumCase(let number, let enumCase):
      .object([
        "enum": .string(model.enumerations[number].name),
        "case": .string(model.enumerations[number].cases[enumCase]),
      ])
    case .record(let number, let fields):
      .object([
        "record": .string(model.records[number].name),
        "fields": .object(encode(fields, of: model.records[number])),
      ])
    case .some(let wrapped): .object(["some": encodeTagged(wrapped)])
    case .set(let elements): .object(["set": .array(elements.map(encodeTagged))])
    case .array(let elements): .object(["array": .array(elements.map(encodeTagged))])
    case .queue(let elements): .object(["queue": .array(elements.map(encodeTagged))])
    case .instance: .object(["instance": .string(name(value))])
    case .duration: .string(name(value))
    }
  }

  package func decodeTagged(_ json: JSONValue) throws(TraceFileError) -> Value {
    switch json {
    case .null: return .none
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .integer(number)
    case .decimal, .string, .array: break
    case .object(let members):
      if let name = members["enum"]?.string, let enumCase = members["case"] {
        let names = model.enumerations.map(\.name)
        return try decode(enumCase, as: .enumeration(try find(name, in: names, "enum")))
      }
      if let name = members["record"]?.string, let fields = members["fields"]?.object {
        let names = model.records.map(\.name)
        return try decode(fields, record: try find(name, in: names, "struct or message"))
      }
      if let name = members["instance"]?.string {
        return .instance(try find(name, in: model.instances.map(\.name), "instance"))
      }
      if let wrapped = members["some"] { return .some(try decodeTagged(wrapped)) }
      if let elements = members["set"]?.array {
        return .set(Set(try decodeTagged(elements)).sorted())
      }
      if let elements = members["array"]?.array { return .array(try decodeTagged(elements)) }
      if let elements = members["queue"]?.array { return .queue(try decodeTagged(elements)) }
    }
    throw TraceFileError("\(json.flatText) is not a value that a 'choose' can take")
  }

  private func decodeTagged(_ elements: [JSONValue]) throws(TraceFileError) -> [Value] {
    var values: [Value] = []
    for json in elements { values.append(try decodeTagged(json)) }
    return values
  }
}
