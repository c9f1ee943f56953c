import LingerDiagnostics
import LingerModel
import LingerSyntax

/// `Message(field: value)`, `helper(x)`, `set.contains(x)`, `network.count(...)`.
extension ExpressionChecker {
  func checkCall(
    _ callee: ExpressionSyntax,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    switch callee.kind {
    case .name(let name): return checkCall(of: Identifier(name, callee.span), arguments, at: span)
    case .member(let base, let name):
      return checkMethod(base, name, arguments, at: span)
    case .missing: break
    default:
      error(
        .notCallable,
        "this cannot be called",
        at: callee.span,
        help: "messages, structs and functions can"
      )
    }
    checkForErrors(arguments)
    return nil
  }

  /// Checks arguments that nothing takes, for the errors inside them.
  private func checkForErrors(_ arguments: [ArgumentSyntax]) {
    for argument in arguments where !argument.value.needsContext { _ = check(argument.value) }
  }

  private func checkCall(
    of name: Identifier,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    if local(name.text) == nil {
      if let role, case .helper(let index) = program.declared.roles[role].members[name.text] {
        return checkHelperCall(index, arguments, owner: nil, name: name, at: span)
      }
      switch program.declared.symbols[name.text] {
      case .record(let number): return checkRecord(number, arguments, at: span)
      case .helper(let index):
        return checkHelperCall(index, arguments, owner: nil, name: name, at: span)
      default: break
      }
    }
    reportNotCallable(name)
    checkForErrors(arguments)
    return nil
  }

  private func reportNotCallable(_ name: Identifier) {
    let what: String?
    if let binding = local(name.text) {
      what = binding.what
    } else if let role, let member = program.declared.roles[role].members[name.text] {
      what = member.description
    } else if program.declared.symbols[name.text] != nil {
      what = program.declared.kindOfName(name.text)
    } else {
      what = nil
    }
    if let what {
      error(
        .notCallable,
        "'\(name.text)' is \(what) and cannot be called",
        at: name.span,
        help: what == "a signal" ? "write 'signal \(name.text)(...)'" : nil
      )
      return
    }
    if name.text == "not" {
      error(
        .unknownName,
        "'not' is written '!' here",
        at: name.span,
        fixIts: [Diagnostic.FixIt("write '!'", [Diagnostic.FixIt.Edit(name.span, "!")])]
      )
      return
    }
    let owners = role == nil ? program.declared.roles.filter { $0.members[name.text] != nil } : []
    error(
      .unknownName,
      "there is no function or message '\(name.text)' here",
      at: name.span,
      label: "not found",
      notes: owners.map {
        Diagnostic.Note("role '\($0.name.text)' has one: 'p.\(name.text)(...)'")
      },
      help: ForeignNames.advice(for: name.text),
      fixIts: program.suggest(name, among: callableNames)
    )
  }

  private var callableNames: [String] {
    let own = role.map { program.declared.roles[$0] }
    let ownNames = (own?.memberNames ?? []).filter {
      if case .helper = own?.members[$0] { return true }
      return false
    }
    return ownNames
      + program.declared.symbolNames.filter {
        switch program.declared.symbols[$0] {
        case .record, .helper: true
        default: false
        }
      }
  }

  // Records.

  func checkRecord(
    _ number: Int,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    let entry = program.declared.records[number]
    guard let types = program.recordTypes(number), let defaults = program.recordDefaults(number)
    else {
      checkForErrors(arguments)
      return nil
    }
    let matcher = ArgumentMatcher(
      names: entry.fields.map(\.name),
      isOptional: entry.fields.map { $0.value != nil },
      owner: "'\(entry.name.text)'",
      needsLabels: true
    )
    guard let order = match(arguments, matcher, at: span) else {
      checkForErrors(arguments)
      return nil
    }
    var values: [Expression?] = []
    for (index, field) in entry.fields.enumerated() {
      guard let type = types[index] else {
        values.append(nil)
        continue
      }
      effects.isParametric = effects.isParametric || type.isParametric
      if let argument = order[index] {
        let use = ValueUse(
          "field '\(field.name.text)'",
          field.name.span,
          isParametric: type.isParametric
        )
        values.append(checkValue(arguments[argument].value, as: type.type, use))
      } else {
        values.append(
          defaults[index].map { Expression(.constant($0), type.type, span) }
        )
      }
    }
    guard !values.contains(where: { $0 == nil }) else { return nil }
    return make(.record(number, values.compactMap(\.self)), .record(number), span)
  }

  // Helpers.

  private func checkHelperCall(
    _ index: Int,
    _ arguments: [ArgumentSyntax],
    owner: Expression?,
    name: Identifier,
    at span: Span
  ) -> Expression? {
    let entry = program.declared.helpers[index]
    guard let parameters = entry.syntax.parameters else {
      error(
        .notCallable,
        "'\(name.text)' is a constant and cannot be called",
        at: name.span,
        notes: [Diagnostic.Note("'\(name.text)' is declared here", at: entry.syntax.name.span)]
      )
      checkForErrors(arguments)
      return nil
    }
    guard let template = program.helperTemplate(index, usedAt: name.span) else {
      checkForErrors(arguments)
      return nil
    }
    let matcher = ArgumentMatcher(
      names: parameters.map(\.name),
      isOptional: parameters.map { _ in false },
      owner: "'\(name.text)'",
      needsLabels: false
    )
    guard let order = match(arguments, matcher, at: span) else {
      checkForErrors(arguments)
      return nil
    }
    var values: [Expression?] = []
    for (position, parameter) in template.parameters.enumerated() {
      guard let argument = order[position] else { return nil }
      let use = ValueUse(
        "argument '\(parameter.name.text)'",
        parameter.name.span,
        isStored: false,
        isParametric: parameter.type.isParametric
      )
      values.append(checkValue(arguments[argument].value, as: parameter.type.type, use))
    }
    guard !values.contains(where: { $0 == nil }) else { return nil }
    let checked = values.compactMap(\.self)
    if entry.role != nil {
      return inlineOfRole(index, arguments: checked, owner: owner, at: span)
    }
    return inline(index, arguments: checked, owner: nil, at: span)
  }

  // Methods.

  private func checkMethod(
    _ base: ExpressionSyntax,
    _ name: Identifier,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    if let text = base.nameText, local(text) == nil {
      if text == "network" { return checkNetworkCall(nil, name, arguments, at: span) }
      if case .network(let number) = program.declared.symbols[text] {
        return checkNetworkCall(number, name, arguments, at: span)
      }
    }
    guard let checked = check(base) else {
      checkForErrors(arguments)
      return nil
    }
    switch (checked.type, name.text) {
    case (.instance(let role), _):
      guard case .helper(let index) = program.declared.roles[role].members[name.text] else { break }
      if self.role != nil, !checked.isCurrentInstance {
        reportPeerRead("'\(name.text)' is of another instance", at: base.span.union(name.span))
        checkForErrors(arguments)
        return nil
      }
      return checkHelperCall(index, arguments, owner: checked, name: name, at: span)
    case (.set(let element), "contains"), (.queue(_, let element), "contains"),
      (.array(_, let element), "contains"):
      return checkContains(checked, element, arguments, at: span)
    case (.set, "insert"), (.set, "remove"), (.queue, "append"), (.queue, "removeFirst"):
      error(
        .wrongKind,
        "'\(name.text)' changes the collection and has no value",
        at: name.span,
        help: "it is a statement of a body"
      )
      checkForErrors(arguments)
      return nil
    default: break
    }
    reportNoMethod(name, of: checked)
    checkForErrors(arguments)
    return nil
  }

  private func reportNoMethod(_ name: Identifier, of base: Expression) {
    let known: [String]
    switch base.type {
    case .set, .queue, .array: known = ["contains"]
    case .instance(let role):
      known = program.declared.roles[role].memberNames.filter {
        if case .helper = program.declared.roles[role].members[$0] { return true }
        return false
      }
    default: known = []
    }
    error(
      .unknownMember,
      "\(text(base.type)) has no function '\(name.text)'",
      at: name.span,
      fixIts: program.suggest(name, among: known)
    )
  }

  private func checkContains(
    _ base: Expression,
    _ element: ModelType,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    guard arguments.count == 1, arguments[0].label == nil else {
      error(
        .wrongCount,
        "'contains' takes one value without a label",
        at: span
      )
      checkForErrors(arguments)
      return nil
    }
    return membership(of: arguments[0].value, in: base, element, at: span)
  }

  /// Whether a value is in a set, queue or array; any integer may be asked for.
  func membership(
    of value: ExpressionSyntax,
    in base: Expression,
    _ element: ModelType,
    at span: Span
  ) -> Expression? {
    let wanted = element.isInteger ? ModelType.unboundedInteger : element
    let use = ValueUse("an element of \(text(base.type))", .none)
    guard let checked = checkValue(value, as: wanted, use) else { return nil }
    guard case .array = base.type else { return make(.contains(base, checked), .bool, span) }
    return once(checked, at: span) { checked in
      let slot = locals.allocate("")
      let local = Expression(.local(slot), element, span)
      let body = make(.binary(.equal, local, checked), .bool, span)
      return make(
        .quantifier(.exists, slot, .elements(base), filter: nil, body: body),
        .bool,
        span
      )
    }
  }
}
