import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Timers that a role uses and does not declare.
extension DeclarationCollector {
  /// Reports each of them once, where it is used first, and declares it: whatever else is said of
  /// it would be the same mistake again. One whose name resembles that of a timer is misspelt, and
  /// reported at each use.
  func declareMissingTimers(_ members: [RoleMember], in entry: inout RoleEntry) {
    let declared = entry.timers.map(\.name.text)
    for (name, hasIndex) in members.flatMap(\.timersUsed) {
      guard !name.text.isEmpty, entry.members[name.text] == nil,
        Suggestion.nearest(to: name.text, among: declared) == nil
      else { continue }
      error(
        .unknownTimer,
        "role '\(entry.name.text)' has no timer '\(name.text)'",
        at: name.span,
        label: "not declared",
        help: hasIndex
          ? "declare it in the role: 'timer \(name.text)[...]' with how many there are, or the "
            + "type of the index"
          : "declare it in the role: 'timer \(name.text)'",
        fixIts: hasIndex ? [] : declaration(of: name, behind: members).map { [$0] } ?? []
      )
      entry.members[name.text] = .timer(entry.timers.count)
      entry.memberNames.append(name.text)
      entry.timers.append(TimerEntry(name: Identifier(name.text, .none)))
    }
  }

  /// A fix-it that declares a timer behind the other things that the role remembers.
  private func declaration(
    of name: Identifier,
    behind members: [RoleMember]
  ) -> Diagnostic.FixIt? {
    let memory = members.last { member in
      guard member.span.file == name.span.file else { return false }
      switch member.kind {
      case .variable, .timer: return true
      default: return false
      }
    }
    guard let memory, let place = sources.location(memory.span) else { return nil }
    let end = Span(file: memory.span.file, start: memory.span.end, end: memory.span.end)
    let indentation = String(repeating: " ", count: place.column - 1)
    return Diagnostic.FixIt(
      "declare 'timer \(name.text)'",
      [Diagnostic.FixIt.Edit(end, "\n\(indentation)timer \(name.text)")]
    )
  }
}

/// The name of a timer that is used, and whether an index follows it.
private typealias TimerUse = (name: Identifier, hasIndex: Bool)

extension RoleMember {
  /// The names that are used as timers, in order.
  fileprivate var timersUsed: [TimerUse] {
    switch kind {
    case .transition(let transition):
      let trigger: [TimerUse] =
        if case .timeout(let name, let index) = transition.trigger.kind {
          [(name, index != nil)]
        } else {
          []
        }
      return trigger + transition.body.timersUsed
    case .otherwise(_, let body): return body.timersUsed
    default: return []
    }
  }
}

extension [StatementSyntax] {
  fileprivate var timersUsed: [TimerUse] {
    flatMap { statement -> [TimerUse] in
      switch statement.kind {
      case .start(let name, let index, _), .cancel(let name, let index): [(name, index != nil)]
      case .conditional(_, let then, let otherwise),
        .conditionalBinding(_, _, let then, let otherwise):
        then.timersUsed + otherwise.timersUsed
      case .switchOver(_, let cases): cases.flatMap(\.body.timersUsed)
      case .forEach(_, _, _, let body): body.timersUsed
      default: []
      }
    }
  }
}
