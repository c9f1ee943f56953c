import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Phase 1: everything that a protocol declares, by number and by name.
///
/// Reads the merged syntax. Gives each name its number, in source order; what types and expressions
/// come to is not looked at. Nothing changes it afterwards. `DeclarationCollector` makes it.
struct Declarations {
  /// The protocol's.
  let name: Identifier
  var symbols: [String: Symbol] = [:]
  /// Names in order of declaration, for suggestions.
  var symbolNames: [String] = []
  var symbolSpans: [String: Span] = [:]

  var parameters: [ParameterEntry] = []
  var helpers: [HelperEntry] = []
  var aliases: [AliasEntry] = []
  /// The numbers of each enum's cases.
  var caseNumbers: [[String: Int]] = []
  var records: [RecordEntry] = []
  var roles: [RoleEntry] = []
  var instanceGroups: [InstanceGroup] = []
  var networks: [NetworkEntry] = []
  var properties: [PropertyEntry] = []
  var assumptions: [ExpressionSyntax] = []
  var profiles: [ProfileEntry] = []
  var auditEntries: [AuditEntrySyntax] = []
  var initialConditions: [ExpressionSyntax] = []
  /// A model whose parts have these names and nothing else.
  var outline: Model
  /// Declarations that were read, whatever became of them.
  var count = 0
  /// Whether nothing was wrong with them.
  var areSound = true

  init(of syntax: MergedProtocol) {
    name = syntax.name
    outline = Model(name: syntax.name.text, documentation: syntax.documentation)
  }
}

/// What a name at the top of a protocol stands for.
enum Symbol {
  case parameter(Int)
  case helper(Int)
  case alias(Int)
  case enumeration(Int)
  case record(Int)
  case role(Int)
  case instances(Int)
  case network(Int)
}

struct ParameterEntry {
  var name: Identifier
  var type: TypeSyntax
  var declaredValue: ExpressionSyntax?
  var span: Span
}

struct AliasEntry {
  var name: Identifier
  var type: TypeSyntax
}

struct RecordEntry {
  var name: Identifier
  var fields: [FieldSyntax]
  var isMessage: Bool
}

/// A `let` at the top level or in a role: a constant, or a function.
struct HelperEntry {
  var syntax: FunctionSyntax
  /// The role whose variables it may read.
  var role: Int?
}

/// One `instances` declaration.
struct InstanceGroup {
  var syntax: InstancesSyntax

  /// Whether the name is followed by a count.
  func isFamily(_ name: String) -> Bool {
    syntax.names.contains { $0.name.text == name && $0.count != nil }
  }
}

struct NetworkEntry {
  var syntax: NetworkSyntax
  var span: Span
}

struct PropertyEntry {
  var syntax: PropertySyntax
  var documentation: String?
  var span: Span
}

struct ProfileEntry {
  var name: Identifier
  var documentation: String?
  var values: [ParameterValueSyntax]
}
