package import Foundation

/// A JSON text as a value: what reports are built of, and what trace files are read into.
///
/// It is written by our own few lines, keys sorted, so that the same content is the same bytes on
/// every platform; numbers are exact: integers, and decimal fractions where a file has them.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A number that is not a 64-bit integer.
  case decimal(Decimal)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// An object without the members that are nil.
  package static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    var object: [String: JSONValue] = [:]
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// Parameters that were set by hand, in order.
  static func settings(_ parameters: [(name: String, value: String)]) -> JSONValue {
    .array(parameters.map { .object(["name": .string($0.name), "value": .string($0.value)]) })
  }

  package static func optional(_ text: String?) -> JSONValue? { text.map { .string($0) } }

  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  package var object: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSONValue {
  /// What fits in a line this long is written on one.
  private static let lineWidth = 90

  /// The text in two-blank indentation, with a line break at its end.
  package var text: String {
    var output = ""
    write(indentation: 0, into: &output)
    return output + "\n"
  }

  private func write(indentation: Int, into output: inout String) {
    let flat = flatText
    if flat.utf8.count + indentation <= Self.lineWidth {
      output += flat
      return
    }
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch self {
    case .null, .bool, .integer, .decimal, .string: output += flat
    case .array(let elements):
      output += "["
      for (index, element) in elements.enumerated() {
        output += (index == 0 ? "\n" : ",\n") + inner
        element.write(indentation: indentation + 2, into: &output)
      }
      output += "\n\(outer)]"
    case .object(let members):
      output += "{"
      for (index, key) in members.keys.sorted(by: Self.precedes).enumerated() {
        output += (index == 0 ? "\n" : ",\n") + inner + Self.quoted(key) + ": "
        (members[key] ?? .null).write(indentation: indentation + 2, into: &output)
      }
      output += "\n\(outer)}"
    }
  }

  /// The text on one line.
  package var flatText: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): "\(number)"
    case .decimal(let number): "\(number)"
    case .string(let text): Self.quoted(text)
    case .array(let elements): "[" + elements.map(\.flatText).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.keys.sorted(by: Self.precedes).map {
          "\(Self.quoted($0)): \((members[$0] ?? .null).flatText)"
        }.joined(separator: ", ") + "}"
    }
  }

  /// By bytes, which no locale changes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}

extension JSONValue: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Decimal.self) {
      self = .decimal(number)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let elements = try? container.decode([JSONValue].self) {
      self = .array(elements)
    } else if let members = try? container.decode([String: JSONValue].self) {
      self = .object(members)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "not a value"
      )
    }
  }

  /// The value of a JSON text; nil where it is not JSON, or has numbers that are not integers and
  /// may not have them.
  package static func parse(_ bytes: [UInt8], allowsFractions: Bool = false) -> JSONValue? {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      return nil
    }
    return allowsFractions || !value.hasFraction ? value : nil
  }

  private var hasFraction: Bool {
    switch self {
    case .decimal: true
    case .null, .bool, .integer, .string: false
    case .array(let elements): elements.contains(where: \.hasFraction)
    case .object(let members): members.values.contains(where: \.hasFraction)
    }
  }
}
