import LingerDiagnostics
import LingerModel
import LingerSyntax

/// The types of a role's members, and its transitions, which are built when everything is known.
extension Program {
  func variableType(_ number: Int, of role: Int) -> ResolvedType? {
    let entry = declared.roles[role].variables[number]
    return resolution.variables[role].content(number) {
      reportCycle(.cyclicDefinition, "the type of", entry.name, at: entry.name.span)
    } _: {
      let type = resolving(entry.name.text, entry.name.span) {
        resolve(entry.type, for: .state("a variable"))
      }
      if let type { model.roles[role].variables[number].type = type.type }
      return type
    }
  }

  /// Resolves the types of a role's variables, timers and signals.
  func resolveMembers(of role: Int) {
    let entry = declared.roles[role]
    for number in entry.variables.indices { _ = variableType(number, of: role) }
    _ = timerFamilies(of: role)
    let types = entry.signals.map { signal in
      signal.parameters.map { resolve($0.type, for: .state("a parameter of a signal")) }
    }
    resolution.signals.settle(role, as: types)
    for (number, signal) in entry.signals.enumerated() {
      model.roles[role].signals[number].parameters = zip(signal.parameters, types[number]).map {
        Record.Field(name: $0.name.text, type: $1?.type ?? .bool)
      }
    }
  }

  /// Builds the transitions of every role, `otherwise` ones last.
  func buildTransitions() {
    for role in declared.roles.indices {
      let first = model.transitions.count
      var calls: [String: (types: [ModelType?], span: Span)] = [:]
      for member in declared.roles[role].transitions {
        guard case .transition(let syntax) = member.kind else { continue }
        let builder = TransitionBuilder(self, role: role)
        guard let transition = builder.build(syntax, member.documentation) else { continue }
        checkCall(transition, syntax.trigger, against: &calls)
        model.transitions.append(transition)
      }
      for member in declared.roles[role].others {
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
