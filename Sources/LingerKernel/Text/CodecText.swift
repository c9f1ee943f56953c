/// C expressions and statements for numbers of values, as ``ValueCodec`` works them out.
struct CodecText {
  /// How a register is called.
  let name: (Int) -> String

  /// An expression: the number of the value that begins at a register.
  func ordinal(_ codec: ValueCodec, at start: Int, depth: Int = 0) -> String {
    switch codec {
    case .bool, .enumeration, .set, .anyInteger: return name(start)
    case .integer(let low, _): return low == 0 ? name(start) : "(\(name(start)) - \(cText(low)))"
    case .instance(let members, let places):
      if let first = members.first, members == Array(first..<(first + members.count)) {
        return "(\(name(start)) - \(first))"
      }
      let list = places.map(cText).joined(separator: ", ")
      return "((const i64[]){\(list)}[\(name(start))])"
    case .record(_, let parts), .array(let parts):
      var place = start
      var result = ""
      for part in parts {
        let number = ordinal(part, at: place, depth: depth)
        result =
          result.isEmpty ? number : "(\(result) * \(cText(part.valueCount ?? 1)) + \(number))"
        place += part.width
      }
      return result.isEmpty ? "0" : result
    case .optional(let wrapped):
      return "(\(name(start)) == 0 ? 0 : 1 + \(ordinal(wrapped, at: start + 1, depth: depth)))"
    case .queue(let capacity, let element):
      let base = cText(element.valueCount ?? 1)
      let (sum, shorter, power) = ("v\(depth)", "u\(depth)", "p\(depth)")
      var text = "({ i64 \(sum) = 0, \(shorter) = 0, \(power) = 1; "
      for index in 0..<capacity {
        let part = ordinal(element, at: start + 1 + index * element.width, depth: depth + 1)
        text += "if (\(name(start)) > \(index)) { \(sum) = \(sum) * \(base) + \(part); "
        text += "\(shorter) += \(power); \(power) *= \(base); } "
      }
      return text + "\(shorter) + \(sum); })"
    }
  }

  /// Statements that write the value with a number.
  func write(_ codec: ValueCodec, _ ordinal: String, at start: Int, depth: Int = 0) -> String {
    switch codec {
    case .bool, .enumeration, .set, .anyInteger: return "\(name(start)) = \(ordinal);\n"
    case .integer(let low, _): return "\(name(start)) = \(ordinal) + \(cText(low));\n"
    case .instance(let members, _):
      let list = members.map(cText).joined(separator: ", ")
      return "\(name(start)) = ((const i64[]){\(list)})[\(ordinal)];\n"
    case .record(_, let parts), .array(let parts):
      let rest = "v\(depth)"
      var text = "{ i64 \(rest) = \(ordinal);\n"
      var place = start + codec.width
      for (index, part) in parts.enumerated().reversed() {
        let count = cText(part.valueCount ?? 1)
        place -= part.width
        // The number is not negative: unsigned division is the cheaper one.
        let digit = index == 0 ? rest : "(i64)((u64)\(rest) % \(count))"
        text += write(part, digit, at: place, depth: depth + 1)
        if index > 0 { text += "\(rest) = (i64)((u64)\(rest) / \(count));\n" }
      }
      return text + "}\n"
    case .optional(let wrapped):
      let number = "v\(depth)"
      let zero = (0..<wrapped.width).map { "\(name(start + 1 + $0)) = 0; " }.joined()
      return "{ i64 \(number) = \(ordinal);\n\(name(start)) = \(number) != 0;\n"
        + "if (\(number)) {\n"
        + write(wrapped, "(\(number) - 1)", at: start + 1, depth: depth + 1)
        + "} else { \(zero)}\n}\n"
    case .queue(let capacity, let element):
      let (rest, length, count) = ("v\(depth)", "u\(depth)", "p\(depth)")
      let base = cText(element.valueCount ?? 1)
      var text = "{ i64 \(rest) = \(ordinal), \(length) = 0, \(count) = 1;\n"
      text += "while (\(length) < \(capacity) && \(rest) >= \(count)) "
      text += "{ \(rest) -= \(count); \(length)++; \(count) *= \(base); }\n"
      for place in start..<(start + codec.width) { text += "\(name(place)) = 0;\n" }
      text += "\(name(start)) = \(length);\n"
      for index in (0..<capacity).reversed() {
        let place = start + 1 + index * element.width
        text += "if (\(length) > \(index)) {\n"
        text += write(element, "(\(rest) % \(base))", at: place, depth: depth + 1)
        text += "\(rest) /= \(base); }\n"
      }
      return text + "}\n"
    }
  }
}

/// An integer constant as C has it.
package func cText(_ value: Int) -> String {
  value == .min ? "(-9223372036854775807LL - 1)" : value < 0 ? "(\(value)LL)" : "\(value)LL"
}
