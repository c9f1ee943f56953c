import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Roles: their members get numbers too.
extension DeclarationCollector {
  mutating func declareRole(_ name: Identifier, _ members: [RoleMember], _ documentation: String?) {
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
          VariableEntry(name: name, type: type, value: value, isGhost: isGhost)
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
        declare(function.name, .helper(declared.helpers.count))
        enter(function, ofRole: declared.roles.count)
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
    enter(entry, role)
  }
}
