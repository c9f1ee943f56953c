import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What a name inside a role stands for.
enum RoleSymbol {
  case variable(Int)
  case timer(Int)
  case signal(Int)
  case helper(Int)

  /// What it is, with its article.
  var description: String {
    switch self {
    case .variable: "a variable"
    case .timer: "a timer"
    case .signal: "a signal"
    case .helper: "a constant"
    }
  }
}

struct VariableEntry {
  var name: Identifier
  var type: TypeSyntax
  var value: ExpressionSyntax?
  var isGhost: Bool
  var documentation: String?
  /// Begins with any value of its type.
  var isOpen = false
  var resolved: Progress<ResolvedType> = .pending
}

struct RoleEntry {
  var name: Identifier
  var members: [String: RoleSymbol] = [:]
  /// In order of declaration, for suggestions.
  var memberNames: [String] = []
  var variables: [VariableEntry] = []
  var timers: [TimerEntry] = []
  var families: Progress<[TimerFamily?]> = .pending
  var signals: [(name: Identifier, parameters: [FieldSyntax])] = []
  var signalTypes: [[ResolvedType?]] = []
  var transitions: [RoleMember] = []
  var others: [RoleMember] = []
}

/// Roles: their members are declared first, transitions are built when everything is known.
extension Program {
  func declareRole(_ name: Identifier, _ members: [RoleMember], _ documentation: String?) {
    var entry = RoleEntry(name: name)
    var role = Role(name: name.text, documentation: documentation, span: name.span)
    var spans: [String: Span] = [:]
    var transitionSpans: [String: Span] = [:]
    func declare(_ name: Identifier, _ symbol: RoleSymbol) {
      if let first = spans[name.text] {
        reportDuplicate(name, first: first, what: "member")
        return
      }
      spans[name.text] = name.span
      entry.members[name.text] = symbol
      entry.memberNames.append(name.text)
    }
    for member in members {
      switch member.kind {
      case .variable(let name, let type, let value, let isGhost):
        declare(name, .variable(entry.variables.count))
        entry.variables.append(
          VariableEntry(
            name: name,
            type: type,
            value: value,
            isGhost: isGhost,
            documentation: member.documentation
          )
        )
        role.variables.append(
          Role.Variable(
            name: name.text,
            documentation: member.documentation,
            type: .bool,
            initial: .bool(false),
            isGhost: isGhost,
            span: name.span
          )
        )
      case .timer(let name, let index, let duration):
        declare(name, .timer(entry.timers.count))
        entry.timers.append(
          TimerEntry(
            name: name,
            index: index,
            duration: duration,
            documentation: member.documentation
          )
        )
      case .signal(let name, let parameters):
        declare(name, .signal(entry.signals.count))
        checkDistinct(parameters.map(\.name), what: "parameter")
        entry.signals.append((name, parameters))
        role.signals.append(Role.Signal(name: name.text, parameters: [], span: name.span))
      case .function(let function):
        declare(function.name, .helper(helpers.count))
        helpers.append(HelperEntry(syntax: function, role: roles.count))
      case .transition(let transition):
        if let first = transitionSpans[transition.name.text] {
          reportDuplicate(transition.name, first: first, what: "transition")
        } else {
          transitionSpans[transition.name.text] = transition.name.span
        }
        entry.transitions.append(member)
      case .otherwise: entry.others.append(member)
      case .remove: break
      }
    }
    declareMissingTimers(members, in: &entry)
    roles.append(entry)
    model.roles.append(role)
  }

  func variableType(_ number: Int, of role: Int) -> ResolvedType? {
    let entry = roles[role].variables[number]
    switch entry.resolved {
    case .done(let type): return type
    case .inProgress:
      reportCycle(.cyclicDefinition, "the type of", entry.name, at: entry.name.span)
      return nil
    case .pending: break
    }
    roles[role].variables[number].resolved = .inProgress
    let type = resolving(entry.name.text, entry.name.span) {
      resolve(entry.type, for: .state("a variable"))
    }
    roles[role].variables[number].resolved = .done(type)
    if let type { model.roles[role].variables[number].type = type.type }
    return type
  }

  /// Resolves the types of a role's variables and signals.
  func resolveMembers(of role: Int) {
    for number in roles[role].variables.indices { _ = variableType(number, of: role) }
    _ = timerFamilies(of: role)
    roles[role].signalTypes = roles[role].signals.map { signal in
      signal.parameters.map { resolve($0.type, for: .state("a parameter of a signal")) }
    }
    for (number, signal) in roles[role].signals.enumerated() {
      model.roles[role].signals[number].parameters = zip(
        signal.parameters,
        roles[role].signalTypes[number]
      ).map { Record.Field(name: $0.name.text, type: $1?.type ?? .bool) }
    }
  }

  /// Builds the transitions of every role, `otherwise` ones last.
  func buildTransitions() {
    for role in roles.indices {
      let first = model.transitions.count
      var calls: [String: (types: [ModelType?], span: Span)] = [:]
      for member in roles[role].transitions {
        guard case .transition(let syntax) = member.kind else { continue }
        let builder = TransitionBuilder(self, role: role)
        guard let transition = builder.build(syntax, member.documentation) else { continue }
        checkCall(transition, syntax.trigger, against: &calls)
        model.transitions.append(transition)
      }
      for member in roles[role].others {
        guard case .otherwise(let trigger, let body) = member.kind else { continue }
        let builder = TransitionBuilder(self, role: role)
        if let transition = builder.buildOtherwise(trigger, body, member) {
          model.transitions.append(transition)
        }
      }
      model.roles[role].transitions = Array(first..<model.transitions.count)
    }
  }

  /// A call is one thing, whichever transitions take it: its parameters must agree.
  private func checkCall(
    _ transition: Transition,
    _ trigger: TriggerSyntax,
    against calls: inout [String: (types: [ModelType?], span: Span)]
  ) {
    guard case .call(let name, let parameters) = transition.trigger,
      case .call(let identifier, _) = trigger.kind
    else { return }
    let types = parameters.map { Optional($0.type) }
    guard let first = calls[name] else {
      calls[name] = (types, identifier.span)
      return
    }
    if first.types != types {
      error(
        .callsDiffer,
        "call '\(name)' has other parameters elsewhere",
        at: identifier.span,
        notes: [Diagnostic.Note("it is first taken here", at: first.span)],
        help: "the application makes one call: let every transition take the same parameters"
      )
    }
  }
}
