import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Names: locals first, then members of the role, then the top level.
extension ExpressionChecker {
  func checkName(_ name: Identifier, expecting expected: ModelType?) -> Expression? {
    if let binding = local(name.text) { return read(binding, at: name.span) }
    if let role, let member = program.declared.roles[role].members[name.text] {
      return readMember(member, of: role, owner: nil, name: name)
    }
    switch program.declared.symbols[name.text] {
    case .parameter(let index): return readParameter(index, at: name.span)
    case .helper(let index): return readHelper(index, name)
    case .instances(let group): return readInstances(group, name)
    case .alias, .enumeration, .record, .role, .network:
      error(
        .wrongKind,
        "'\(name.text)' is \(program.declared.kindOfName(name.text)), not a value",
        at: name.span,
        notes: program.declared.declarationNote(name.text),
        help: helpForKind(name.text)
      )
      return nil
    case nil:
      reportUnknown(name, expecting: expected)
      return nil
    }
  }

  private func helpForKind(_ name: String) -> String? {
    switch program.declared.symbols[name] {
    case .role: "range over its instances: 'for all p in \(name): ...'"
    case .enumeration: "write a case: '\(name).CASE'"
    case .record: "write its fields: '\(name)(...)'"
    case .network: "ask '\(name).isEmpty' or '\(name).count'"
    default: nil
    }
  }

  private func read(_ binding: LocalBinding, at span: Span) -> Expression? {
    guard let type = binding.type else { return nil }
    guard !binding.isOpaque else {
      error(
        .receiveNeedsType,
        "the type of '\(binding.name)' is open",
        at: span,
        notes: [Diagnostic.Note("'\(binding.name)' is declared here", at: binding.span)],
        help: "several kinds can arrive here: name one, as in '\(binding.name): Message'"
      )
      return nil
    }
    effects.isParametric = effects.isParametric || binding.isParametric
    return Expression(.local(binding.slot), type, span)
  }

  private func readParameter(_ index: Int, at span: Span) -> Expression? {
    guard let type = program.parameterType(index), let value = program.parameterValue(index)
    else { return nil }
    effects.isParametric = true
    if !effects.parametersRead.contains(index) { effects.parametersRead.append(index) }
    if type.type == .duration { return Expression(.parameter(index), .duration, span) }
    return Expression(.constant(value), type.type, span)
  }

  private func readHelper(_ index: Int, _ name: Identifier) -> Expression? {
    guard program.declared.helpers[index].syntax.parameters == nil else {
      let labels = (program.declared.helpers[index].syntax.parameters ?? []).map(\.name.text)
      error(
        .missingArgument,
        "'\(name.text)' is a function and needs its arguments",
        at: name.span,
        help: "call it: '\(name.text)(\(labels.joined(separator: ", ")))'"
      )
      return nil
    }
    return inline(index, arguments: [], owner: nil, at: name.span)
  }

  /// Writes a helper out; judges what its body reads by where the call stands.
  func inline(
    _ index: Int,
    arguments: [Expression],
    owner: Expression?,
    at span: Span
  ) -> Expression? {
    guard let template = program.helperTemplate(index, usedAt: span) else { return nil }
    effects.merge(template.effects)
    if role != nil {
      let name = program.declared.helpers[index].syntax.name.text
      if let place = template.effects.peerState {
        reportPeerRead("'\(name)' reads another instance", at: span, inside: place)
        return nil
      }
      if let place = template.effects.network {
        reportObserver("'\(name)' observes the network", at: span, inside: place)
        return nil
      }
      if let place = template.effects.ghost, !allowsGhosts, !isTemplate {
        reportGhostRead("'\(name)' reads a ghost variable", at: span, inside: place)
        return nil
      }
    }
    if let place = template.effects.elapsed, !allowsElapsed, !isTemplate {
      let name = program.declared.helpers[index].syntax.name.text
      reportElapsed("'\(name)' asks how long a timer has been running", at: span, inside: place)
      return nil
    }
    guard program.spendExpansion(template.size, on: index, at: span) else { return nil }
    var inliner = Inliner(program, locals: locals, owner: owner)
    return inliner.inline(template, arguments: arguments, at: span)
  }

  func reportPeerRead(_ message: String, at span: Span, inside place: Span = .none) {
    error(
      .peerStateRead,
      message,
      at: span,
      label: "not visible to this role",
      notes: place.isSomewhere ? [Diagnostic.Note("it is read here", at: place)] : [],
      help: "an instance knows of its peers what their messages say: send it in one"
    )
  }

  func reportObserver(_ message: String, at span: Span, inside place: Span = .none) {
    error(
      .observerMisuse,
      message,
      at: span,
      label: "for properties only",
      notes: place.isSomewhere ? [Diagnostic.Note("it is observed here", at: place)] : [],
      help: "code of a role may count its own copies in flight: 'network.count(Message(...))'"
    )
  }

  func reportGhostRead(_ message: String, at span: Span, inside place: Span = .none) {
    error(
      .ghostRead,
      message,
      at: span,
      label: "for properties only",
      notes: place.isSomewhere ? [Diagnostic.Note("it is read here", at: place)] : [],
      help: "the protocol must run the same without ghosts: declare a plain 'var' if it decides"
    )
  }

  /// An expression that may be one instance by its name: of symmetric ones none should be.
  func named(_ expression: Expression) -> Expression {
    guard case .constant(.instance(let number)) = expression.kind,
      let group = program.model.instances[number].symmetryGroup,
      program.model.instances.contains(where: {
        $0.symmetryGroup == group && $0.name != program.model.instances[number].name
      })
    else { return expression }
    let name = program.model.instances[number].name
    program.warn(
      .symmetryBroken,
      "'\(name)' is told apart from the instances it is symmetric with",
      at: expression.span,
      help: "range over its role, or declare the instances without 'symmetric'"
    )
    return expression
  }

  private func readInstances(_ group: Int, _ name: Identifier) -> Expression? {
    program.resolveInstances()
    let entry = program.resolution.instances.groups[group]
    guard let role = entry.role, let numbers = entry.numbers[name.text] else { return nil }
    guard program.declared.instanceGroups[group].isFamily(name.text) else {
      return named(
        Expression(.constant(.instance(numbers.lowerBound)), .instance(role), name.span)
      )
    }
    if entry.parametricNames.contains(name.text) { effects.isParametric = true }
    let type = ModelType.array(index: .integer(0...numbers.count - 1), element: .instance(role))
    return Expression(.constant(.array(numbers.map { .instance($0) })), type, name.span)
  }

  private func reportUnknown(_ name: Identifier, expecting expected: ModelType?) {
    let owners = program.declared.enumerations(withCase: name.text)
    if !owners.isEmpty {
      var isExpected = false
      if case .enumeration(let number) = expected { isExpected = owners.contains(number) }
      let replacement =
        isExpected ? ".\(name.text)" : "\(program.model.enumerations[owners[0]].name).\(name.text)"
      error(
        .unknownName,
        "there is no value '\(name.text)' here",
        at: name.span,
        label: "a case is written with a point",
        fixIts: [
          Diagnostic.FixIt(
            "did you mean '\(replacement)'?",
            [Diagnostic.FixIt.Edit(name.span, replacement)]
          )
        ]
      )
      return
    }
    if let meant = ForeignNames.values[name.text] {
      error(
        .unknownName,
        "'\(name.text)' is written '\(meant)' here",
        at: name.span,
        fixIts: [
          Diagnostic.FixIt("write '\(meant)'", [Diagnostic.FixIt.Edit(name.span, meant)])
        ]
      )
      return
    }
    let note: [Diagnostic.Note] =
      role == nil
      ? program.declared.roles.compactMap { entry in
        entry.members[name.text] == nil
          ? nil
          : Diagnostic.Note(
            "role '\(entry.name.text)' has one: write the instance before it, as in "
              + "'p.\(name.text)'"
          )
      } : []
    error(
      .unknownName,
      "there is no value '\(name.text)' here",
      at: name.span,
      label: "not found",
      notes: note,
      fixIts: program.suggest(name, among: visibleNames)
    )
  }

  /// Every name that stands for a value here, innermost first.
  var visibleNames: [String] {
    var names = scopes.reversed().flatMap { $0.map(\.name) }
    if let role { names += program.declared.roles[role].memberNames }
    return names
      + program.declared.symbolNames.filter {
        switch program.declared.symbols[$0] {
        case .parameter, .helper, .instances: true
        default: false
        }
      }
  }

  // Members of roles.

  /// Reads a variable or helper of an instance; `owner` is nil for the acting one.
  func readMember(
    _ member: RoleSymbol,
    of role: Int,
    owner: Expression?,
    name: Identifier
  ) -> Expression? {
    switch member {
    case .variable(let number):
      guard let type = program.variableType(number, of: role) else { return nil }
      if let owner, self.role != nil, !owner.isCurrentInstance {
        reportPeerRead(
          "'\(name.text)' is a variable of another instance",
          at: owner.span.union(name.span)
        )
        return nil
      }
      if program.declared.roles[role].variables[number].isGhost {
        guard noteGhost(name) else { return nil }
      }
      if owner != nil, self.role == nil { effects.peerState = effects.peerState ?? name.span }
      effects.isParametric = effects.isParametric || type.isParametric
      let visible = owner.flatMap { $0.isCurrentInstance ? nil : $0 }
      return Expression(
        .variable(of: visible, number),
        type.type,
        owner.map { $0.span.union(name.span) } ?? name.span
      )
    case .timer:
      error(
        .wrongKind,
        "timer '\(name.text)' is not a value",
        at: name.span,
        help: "ask whether it runs: '\(name.text).isArmed'"
      )
      return nil
    case .signal:
      error(
        .wrongKind,
        "signal '\(name.text)' is not a value",
        at: name.span,
        help: "'signal \(name.text)(...)' is a statement"
      )
      return nil
    case .helper(let index):
      if let owner, self.role != nil, !owner.isCurrentInstance {
        reportPeerRead("'\(name.text)' is of another instance", at: owner.span.union(name.span))
        return nil
      }
      guard program.declared.helpers[index].syntax.parameters == nil else {
        return readHelper(index, name)
      }
      return inlineOfRole(index, arguments: [], owner: owner, at: name.span)
    }
  }

  /// Writes out a helper of a role, for the acting instance or, in properties, for another.
  func inlineOfRole(
    _ index: Int,
    arguments: [Expression],
    owner: Expression?,
    at span: Span
  ) -> Expression? {
    if owner != nil, role == nil { effects.peerState = effects.peerState ?? span }
    let visible = owner.flatMap { $0.isCurrentInstance ? nil : $0 }
    return inline(index, arguments: arguments, owner: visible, at: span)
  }

  /// Notes that a ghost is read; false, with a report, where that is an error.
  private func noteGhost(_ name: Identifier) -> Bool {
    effects.ghost = effects.ghost ?? name.span
    guard role != nil, !allowsGhosts, !isTemplate else { return true }
    reportGhostRead("'\(name.text)' is a ghost variable", at: name.span)
    return false
  }
}

extension Expression {
  var isCurrentInstance: Bool {
    if case .currentInstance = kind { return true }
    return false
  }
}
