extension SyntaxDump {
  /// A type in the spelling of the language.
  package static func text(of type: TypeSyntax) -> String {
    switch type.kind {
    case .named(let name): name.text
    case .range(let low, let high): "\(text(of: low))...\(text(of: high))"
    case .optional(let wrapped): text(of: wrapped) + "?"
    case .set(let element): "Set<\(text(of: element))>"
    case .queue(let element, let capacity): "Queue<\(text(of: element)), \(text(of: capacity))>"
    case .array(let count, let element): "[\(text(of: count)) of \(text(of: element))]"
    case .map(let key, let value): "[\(text(of: key)): \(text(of: value))]"
    case .missing: "<missing>"
    }
  }

  /// An expression in prefix form, `(+ a b)`, so that precedence can be seen.
  package static func text(of expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .integer(let value): return String(value)
    case .bool(let value): return String(value)
    case .duration(let number, let unit): return number + unit
    case .nilLiteral: return "nil"
    case .name(let name): return name
    case .implicitCase(let name): return "." + name.text
    case .selfReference: return "self"
    case .member(let base, let name): return "\(text(of: base)).\(name.text)"
    case .index(let base, let index): return "\(text(of: base))[\(text(of: index))]"
    case .call(let callee, let arguments):
      return text(of: callee) + text(of: arguments, always: true)
    case .unary(let operation, let operand): return "(\(operation.rawValue) \(text(of: operand)))"
    case .binary(let operation, _, let left, let right):
      return "(\(operation.rawValue) \(text(of: left)) \(text(of: right)))"
    case .conditional(let condition, let consequence, let alternative):
      return "(? \(text(of: condition)) \(text(of: consequence)) \(text(of: alternative)))"
    case .quantifier(let quantifier, let name, let domain, let filter, let body):
      return "(\(quantifier.rawValue) \(name.text) in \(text(of: domain))"
        + "\(text(ofFilter: filter)): \(text(of: body)))"
    case .list(let elements):
      return "[" + elements.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .repeating(let value): return "[repeating: \(text(of: value))]"
    case .forceUnwrap(let value): return text(of: value) + "!"
    case .range(let low, let high): return "(... \(text(of: low)) \(text(of: high)))"
    case .parenthesized(let inner): return "{\(text(of: inner))}"
    case .missing: return "<missing>"
    }
  }

  static func text(ofFilter filter: ExpressionSyntax?) -> String {
    filter.map { " where " + text(of: $0) } ?? ""
  }

  /// `(label: value, ...)`; nothing for no arguments unless the parentheses matter.
  static func text(of arguments: [ArgumentSyntax], always: Bool = false) -> String {
    if arguments.isEmpty, !always { return "" }
    let texts = arguments.map { ($0.label.map { $0.text + ": " } ?? "") + text(of: $0.value) }
    return "(" + texts.joined(separator: ", ") + ")"
  }
}
