import LingerDiagnostics
import LingerSyntax

/// A role as declared: its members by number and by name.
struct RoleEntry {
  var name: Identifier
  var members: [String: RoleSymbol] = [:]
  /// In order of declaration, for suggestions.
  var memberNames: [String] = []
  var variables: [VariableEntry] = []
  var timers: [TimerEntry] = []
  var signals: [(name: Identifier, parameters: [FieldSyntax])] = []
  var transitions: [RoleMember] = []
  var others: [RoleMember] = []
}

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
}

/// A `timer` of a role, as declared.
struct TimerEntry {
  var name: Identifier
  /// How many there are, or the type that tells them apart.
  var index: ExpressionSyntax?
  /// How long it runs from the start.
  var duration: ExpressionSyntax?
  var documentation: String?
}
