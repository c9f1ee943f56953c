/// The tree as text without places: one line per declaration, member and statement, expressions in
/// prefix form. For tests and snapshots; two files with the same dump mean the same.
package enum SyntaxDump {
  package static func text(of file: SyntaxFile) -> String {
    var lines: [String] = []
    switch file.header {
    case .protocolName(let name): lines.append("protocol \(name.text)")
    case .variant(let name, let base): lines.append("variant \(name.text) of \(quoted(base))")
    case nil: break
    }
    if let documentation = file.documentation { lines.append("/// " + flat(documentation)) }
    for declaration in file.declarations { lines += Self.lines(of: declaration) }
    return lines.map { $0 + "\n" }.joined()
  }

  static func quoted(_ literal: StringLiteral) -> String { "\"\(flat(literal.text))\"" }

  private static func flat(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }

  private static func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }

  /// The documentation's line, then the first line with `replace`, then the rest.
  private static func item(
    _ documentation: String?,
    _ isReplacement: Bool,
    _ lines: [String]
  ) -> [String] {
    var lines = lines
    if isReplacement, let first = lines.first { lines[0] = "replace " + first }
    return (documentation.map { ["/// " + flat($0)] } ?? []) + lines
  }

  private static func lines(of declaration: Declaration) -> [String] {
    item(declaration.documentation, declaration.isReplacement, lines(of: declaration.kind))
  }

  private static func lines(of kind: Declaration.Kind) -> [String] {
    switch kind {
    case .importFile(let path): return ["import \(quoted(path))"]
    case .parameter(let name, let type, let value):
      return ["parameter \(name.text): \(text(of: type))\(initial(value))"]
    case .assume(let condition): return ["assume \(text(of: condition))"]
    case .typeAlias(let name, let type): return ["type \(name.text) = \(text(of: type))"]
    case .enumeration(let name, let cases):
      return ["enum \(name.text)"]
        + indented(cases.flatMap { item($0.documentation, false, [$0.name.text]) })
    case .record(let name, let fields, let isMessage):
      return ["\(isMessage ? "message" : "struct") \(name.text)"]
        + indented(fields.flatMap { item($0.documentation, false, [text(of: $0)]) })
    case .function(let function): return [text(of: function)]
    case .network(let network): return lines(of: network)
    case .role(let name, let members, let isExtension):
      return ["\(isExtension ? "extend " : "")role \(name.text)"]
        + indented(
          members.flatMap { item($0.documentation, $0.isReplacement, lines(of: $0.kind)) }
        )
    case .instances(let instances): return [text(of: instances)]
    case .property(let property):
      return [
        "\(property.kind.rawValue) \(property.name?.text ?? "-")\(text(ofBinders: property)) "
          + text(of: property.body)
      ]
    case .initially(let condition): return ["initially \(text(of: condition))"]
    case .audit(let entries):
      return ["audit"]
        + indented(
          entries.map { entry in
            let subject = entry.subject.map { " for \($0.owner.text).\($0.member.text)" } ?? ""
            return "\(entry.wish.rawValue) \(entry.check.text)\(subject)"
          }
        )
    case .profile(let name, let values):
      return ["profile \(name.text)"]
        + indented(values.map { "\($0.name.text) = \(text(of: $0.value))" })
    case .set(let value): return ["set \(value.name.text) = \(text(of: value.value))"]
    case .remove(let name): return ["remove \(name.text)"]
    }
  }

  private static func text(ofBinders property: PropertySyntax) -> String {
    guard !property.binders.isEmpty else { return "" }
    let binders = property.binders.map { "\($0.name.text) in \(text(of: $0.domain))" }
    return " for each " + binders.joined(separator: ", ") + text(ofFilter: property.filter)
  }

  private static func lines(of network: NetworkSyntax) -> [String] {
    let routes = network.routes.map { route in
      "\(route.sender.text) -> \(route.receiver.text): "
        + route.messages.map(\.text).joined(separator: ", ")
    }
    let options = network.options.map { option in
      option.name.text + (option.value.map { " " + text(of: $0) } ?? "")
    }
    return ["network \(network.name?.text ?? "-")"] + indented(routes + options)
  }

  private static func text(of instances: InstancesSyntax) -> String {
    let names = instances.names.map { $0.name.text + ($0.count.map { "[\(text(of: $0))]" } ?? "") }
    return (instances.isSymmetric ? "symmetric " : "") + "instances "
      + names.joined(separator: ", ") + ": \(instances.role.text)"
      + text(of: instances.initialValues)
  }

  static func initial(_ value: ExpressionSyntax?) -> String {
    value.map { " = " + text(of: $0) } ?? ""
  }

  static func text(of field: FieldSyntax) -> String {
    "\(field.name.text): \(text(of: field.type))\(initial(field.value))"
  }

  static func text(of parameters: [FieldSyntax]) -> String {
    "(" + parameters.map { text(of: $0) }.joined(separator: ", ") + ")"
  }

  private static func text(of function: FunctionSyntax) -> String {
    "let " + function.name.text + (function.parameters.map { text(of: $0) } ?? "")
      + (function.resultType.map { " -> " + text(of: $0) } ?? "")
      + " = " + text(of: function.value)
  }

  private static func lines(of kind: RoleMember.Kind) -> [String] {
    switch kind {
    case .variable(let name, let type, let value, let isGhost):
      return ["\(isGhost ? "ghost " : "")var \(name.text): \(text(of: type))\(initial(value))"]
    case .timer(let name, let index, let duration):
      let armed = duration.map { " armed for \(text(of: $0))" } ?? ""
      return ["timer \(name.text)\(text(ofIndex: index))\(armed)"]
    case .signal(let name, let parameters): return ["signal \(name.text)\(text(of: parameters))"]
    case .function(let function): return [text(of: function)]
    case .transition(let transition):
      let fairness = transition.fairness == .none ? "" : transition.fairness.rawValue + " "
      let condition = transition.guardCondition.map { " when " + text(of: $0) } ?? ""
      let urgency = transition.urgency == nil ? "" : "urgent "
      let head = "\(fairness)\(urgency)transition \(transition.name.text)"
      return ["\(head) on \(text(of: transition.trigger))\(condition)"]
        + indented(lines(of: transition.body))
    case .otherwise(let trigger, let body):
      return ["otherwise \(text(of: trigger))"] + indented(lines(of: body))
    case .remove(let name): return ["remove \(name.text)"]
    }
  }

  private static func text(of trigger: TriggerSyntax) -> String {
    switch trigger.kind {
    case .call(let name, let parameters): "call \(name.text)\(text(of: parameters))"
    case .receive(let binder, let message, let sender):
      "receive \(binder?.text ?? "_")" + (message.map { ": " + $0.text } ?? "")
        + (sender.map { " from " + $0.text } ?? "")
    case .timeout(let timer, let index):
      "timeout " + timer.text + (index.map { "[\($0.text)]" } ?? "")
    case .internal: "internal"
    }
  }

  static func lines(of statements: [StatementSyntax]) -> [String] {
    statements.flatMap { lines(of: $0.kind) }
  }

  private static func lines(of kind: StatementSyntax.Kind) -> [String] {
    switch kind {
    case .assignment(let target, let operation, let value):
      return ["\(text(of: target)) \(operation.rawValue) \(text(of: value))"]
    case .call(let call): return [text(of: call)]
    case .send(let message, let receiver):
      return ["send \(text(of: message))" + (receiver.map { " to " + text(of: $0) } ?? "")]
    case .start(let timer, let index, let duration):
      return ["start \(timer.text)\(text(ofIndex: index)) for \(text(of: duration))"]
    case .cancel(let timer, let index): return ["cancel \(timer.text)\(text(ofIndex: index))"]
    case .signal(let name, let arguments): return ["signal \(name.text)\(text(of: arguments))"]
    case .conditional(let condition, let consequence, let alternative):
      return branches("if \(text(of: condition))", consequence, alternative)
    case .conditionalBinding(let name, let value, let consequence, let alternative):
      return branches("if let \(name.text) = \(text(of: value))", consequence, alternative)
    case .switchOver(let value, let cases):
      return ["switch \(text(of: value))"] + indented(cases.flatMap(lines(of:)))
    case .forEach(let name, let domain, let filter, let body):
      return ["for \(name.text) in \(text(of: domain))\(text(ofFilter: filter))"]
        + indented(lines(of: body))
    case .choose(let name, let domain, let filter):
      return ["choose \(name.text) in \(text(of: domain))\(text(ofFilter: filter))"]
    case .assert(let condition, let message):
      return ["assert \(text(of: condition))" + (message.map { ", " + quoted($0) } ?? "")]
    case .binding(let name, let type, let value):
      return [
        "let \(name.text)" + (type.map { ": " + text(of: $0) } ?? "") + " = \(text(of: value))"
      ]
    case .missing: return ["<missing>"]
    }
  }

  private static func text(ofIndex index: ExpressionSyntax?) -> String {
    index.map { "[\(text(of: $0))]" } ?? ""
  }

  private static func branches(
    _ head: String,
    _ consequence: [StatementSyntax],
    _ alternative: [StatementSyntax]
  ) -> [String] {
    let rest = alternative.isEmpty ? [] : ["else"] + indented(lines(of: alternative))
    return [head] + indented(lines(of: consequence)) + rest
  }

  private static func lines(of branch: StatementSyntax.SwitchCase) -> [String] {
    let patterns = branch.patterns.map { text(of: $0) }.joined(separator: ", ")
    return [branch.patterns.isEmpty ? "default" : "case " + patterns]
      + indented(lines(of: branch.body))
  }
}
