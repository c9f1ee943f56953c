import LingerDiagnostics
import LingerSyntax

extension Declarations {
  func parameterIndex(_ name: String) -> Int? {
    if case .parameter(let index) = symbols[name] { return index }
    return nil
  }

  /// The enums that have a case of this name.
  func enumerations(withCase name: String) -> [Int] {
    caseNumbers.indices.filter { caseNumbers[$0][name] != nil }
  }

  /// Every name that can stand for a type.
  var typeNames: [String] {
    ["Bool", "Duration"]
      + symbolNames.filter {
        switch symbols[$0] {
        case .alias, .enumeration, .record, .role: true
        case .parameter, .helper, .instances, .network, nil: false
        }
      }
  }

  /// What a name of the top level is, with its article.
  func kindOfName(_ name: String) -> String {
    switch symbols[name] {
    case .parameter: "a parameter"
    case .helper(let index): helpers[index].syntax.parameters == nil ? "a constant" : "a function"
    case .alias, .enumeration: "a type"
    case .record(let index): records[index].isMessage ? "a message" : "a struct"
    case .role: "a role"
    case .instances(let group):
      instanceGroups[group].isFamily(name) ? "a family of instances" : "an instance"
    case .network: "a network"
    case nil: "unknown"
    }
  }

  func declarationNote(_ name: String) -> [Diagnostic.Note] {
    guard let span = symbolSpans[name] else { return [] }
    return [Diagnostic.Note("'\(name)' is declared here", at: span)]
  }
}

/// What looks names up and reports those that are not there.
protocol NameLookup: DiagnosticReporting {
  var declared: Declarations { get }
}

extension NameLookup {
  /// The number of a timer of a role; reported where there is none.
  func timer(_ name: Identifier, of role: Int) -> Int? {
    switch declared.roles[role].members[name.text] {
    case .timer(let number): return number
    case let other?:
      error(
        .unknownTimer,
        "'\(name.text)' is \(other.description), not a timer",
        at: name.span
      )
    case nil:
      let timers = declared.roles[role].memberNames.filter {
        if case .timer = declared.roles[role].members[$0] { return true }
        return false
      }
      error(
        .unknownTimer,
        "role '\(declared.roles[role].name.text)' has no timer '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: timers)
      )
    }
    return nil
  }

  /// The number of a message; reported where the name is not one.
  func message(_ name: Identifier) -> Int? {
    switch declared.symbols[name.text] {
    case .record(let number) where declared.records[number].isMessage: return number
    case nil:
      let messages = declared.records.filter(\.isMessage).map(\.name.text)
      error(
        .unknownMessage,
        "there is no message '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: messages)
      )
    default:
      error(
        .unknownMessage,
        "'\(name.text)' is \(declared.kindOfName(name.text)), not a message",
        at: name.span,
        notes: declared.declarationNote(name.text)
      )
    }
    return nil
  }

  /// The number of a role; reported where the name is not one.
  func role(_ name: Identifier) -> Int? {
    switch declared.symbols[name.text] {
    case .role(let number): return number
    case nil:
      error(
        .unknownRole,
        "there is no role '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: declared.roles.map(\.name.text))
      )
    default:
      error(
        .unknownRole,
        "'\(name.text)' is \(declared.kindOfName(name.text)), not a role",
        at: name.span,
        notes: declared.declarationNote(name.text)
      )
    }
    return nil
  }
}
