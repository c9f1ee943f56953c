import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What an assignment writes, with what messages want to know of it.
struct CheckedPlace {
  var place: Place
  var isGhost: Bool
  var isParametric: Bool
  /// `'sndNxt'`
  var description: String
  var declaredAt: Span
}

extension StatementChecker {
  /// The place that an expression names; reported where it names none.
  func place(_ syntax: ExpressionSyntax) -> CheckedPlace? {
    switch syntax.kind {
    case .missing: return nil
    case .parenthesized(let inner): return place(inner)
    case .name(let name): return variable(Identifier(name, syntax.span))
    case .member(let base, let name):
      if case .selfReference = base.kind { return variable(name) }
      return fieldPlace(base, name, at: syntax.span)
    case .index(let base, let index): return elementPlace(base, index, at: syntax.span)
    case .forceUnwrap(let inner):
      checker.error(
        .notAssignable,
        "the inside of an optional cannot be assigned",
        at: syntax.span,
        help: "assign the whole of '\(program.sources.text(inner.span))'"
      )
      return nil
    default:
      checker.error(.notAssignable, "this is not a variable", at: syntax.span)
      return nil
    }
  }

  private func variable(_ name: Identifier) -> CheckedPlace? {
    if checker.local(name.text) == nil,
      case .variable(let number) = program.declared.roles[role].members[name.text]
    {
      guard let type = program.variableType(number, of: role) else { return nil }
      let entry = program.declared.roles[role].variables[number]
      checker.effects.isParametric = checker.effects.isParametric || type.isParametric
      return CheckedPlace(
        place: Place(variable: number, path: [], type: type.type, span: name.span),
        isGhost: entry.isGhost,
        isParametric: type.isParametric,
        description: "'\(name.text)'",
        declaredAt: entry.name.span
      )
    }
    reportNoVariable(name)
    return nil
  }

  private func reportNoVariable(_ name: Identifier) {
    let what: String
    var notes: [Diagnostic.Note] = []
    if let binding = checker.local(name.text) {
      what = binding.what
      notes = [Diagnostic.Note("'\(name.text)' is declared here", at: binding.span)]
    } else if let member = program.declared.roles[role].members[name.text] {
      what = member.description
    } else if program.declared.symbols[name.text] != nil {
      what = program.declared.kindOfName(name.text)
      notes = program.declared.declarationNote(name.text)
    } else {
      let entry = program.declared.roles[role]
      checker.error(
        .unknownName,
        "role '\(entry.name.text)' has no variable '\(name.text)'",
        at: name.span,
        label: "not found",
        fixIts: program.suggest(name, among: entry.variables.map(\.name.text))
      )
      return
    }
    checker.error(
      .notAssignable,
      "'\(name.text)' is \(what) and cannot be assigned",
      at: name.span,
      notes: notes,
      help: "only variables of the role can"
    )
  }

  private func fieldPlace(
    _ base: ExpressionSyntax,
    _ name: Identifier,
    at span: Span
  ) -> CheckedPlace? {
    if isInstance(base) {
      checker.reportPeerRead("'\(name.text)' is a variable of another instance", at: span)
      return nil
    }
    guard var place = place(base) else { return nil }
    guard case .record(let number) = place.place.type else {
      // The checker knows best how to say what is wrong with the member.
      if checker.check(
        ExpressionSyntax(.member(base, name), span)
      ) != nil {
        checker.error(.notAssignable, "'\(name.text)' cannot be assigned", at: name.span)
      }
      return nil
    }
    let entry = program.declared.records[number]
    guard let index = entry.fields.firstIndex(where: { $0.name.text == name.text }),
      let type = program.recordTypes(number)?[index]
    else {
      _ = checker.check(ExpressionSyntax(.member(base, name), span))
      return nil
    }
    place.place.path.append(.field(index))
    place.place.type = type.type
    place.place.span = span
    place.isParametric = place.isParametric || type.isParametric
    place.description = "field '\(name.text)'"
    place.declaredAt = entry.fields[index].name.span
    return place
  }

  /// Whether an expression is another instance, so that its members are out of reach.
  private func isInstance(_ syntax: ExpressionSyntax) -> Bool {
    guard case .name(let name) = syntax.kind else { return false }
    if let binding = checker.local(name) {
      if case .instance = binding.type { return true }
      return false
    }
    if case .variable(let number) = program.declared.roles[role].members[name] {
      if case .instance = program.variableType(number, of: role)?.type { return true }
      return false
    }
    if case .instances(let group) = program.declared.symbols[name] {
      return !program.declared.instanceGroups[group].isFamily(name)
    }
    return false
  }

  private func elementPlace(
    _ base: ExpressionSyntax,
    _ index: ExpressionSyntax,
    at span: Span
  ) -> CheckedPlace? {
    guard var place = place(base) else {
      if !index.needsContext { _ = checker.check(index) }
      return nil
    }
    guard case .array(let indexType, let element) = place.place.type else {
      _ = checker.check(ExpressionSyntax(.index(base, index), span))
      return nil
    }
    let use = ValueUse("the index", .none)
    guard let position = checker.checkValue(index, as: indexType, use) else { return nil }
    place.place.path.append(.element(position))
    place.place.type = element
    place.place.span = span
    place.description = "an element of \(place.description)"
    return place
  }
}
