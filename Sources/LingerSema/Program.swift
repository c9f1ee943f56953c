import LingerDiagnostics
import LingerModel
import LingerSyntax

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

/// How far something that is resolved on demand has come; nil inside `done` is an error that
/// was reported.
enum Progress<Content> {
  case pending
  case inProgress
  case done(Content?)
}

/// A type with the knowledge whether parameters shaped it: if so, what is certain about its
/// values is certain for this choice of parameters only, and no warning says so.
struct ResolvedType {
  var type: ModelType
  var isParametric: Bool
}

struct ParameterEntry {
  var name: Identifier
  var type: TypeSyntax
  var declaredValue: ExpressionSyntax?
  var documentation: String?
  var span: Span
  var resolvedType: Progress<ResolvedType> = .pending
  var value: Progress<Value> = .pending
}

struct AliasEntry {
  var name: Identifier
  var type: TypeSyntax
  var resolved: Progress<ResolvedType> = .pending
}

struct RecordEntry {
  var name: Identifier
  var fields: [FieldSyntax]
  var isMessage: Bool
  /// Plain values that one value consists of.
  var places = 1
  var types: Progress<[ResolvedType?]> = .pending
  var defaults: Progress<[Value?]> = .pending
}

/// A protocol between syntax and model: the tables of everything declared, and the model that
/// grows out of them.
///
/// Parameters, types, constants and helpers depend on each other in any order, so each is
/// resolved the first time something asks for it; one that is asked for while it is being
/// resolved depends on itself. Everything else is built in the fixed order of ``build()``.
final class Program {
  var model: Model
  var sources: SourceMap
  private(set) var diagnostics: [Diagnostic] = []
  let syntax: MergedProtocol
  let options: CompileOptions

  var symbols: [String: Symbol] = [:]
  /// Names in order of declaration, for suggestions.
  var symbolNames: [String] = []
  var symbolSpans: [String: Span] = [:]

  var parameters: [ParameterEntry] = []
  var helpers: [HelperEntry] = []
  var aliases: [AliasEntry] = []
  var records: [RecordEntry] = []
  var roles: [RoleEntry] = []
  var instanceGroups: [InstanceGroup] = []
  var networks: [NetworkEntry] = []
  var properties: [(syntax: PropertySyntax, documentation: String?, span: Span)] = []
  /// Where each property, and each profile, is declared.
  var propertySpans: [String: Span] = [:]
  var profileSpans: [String: Span] = [:]
  var finalSpan: Span?
  var assumptions: [(condition: ExpressionSyntax, span: Span)] = []
  var profiles: [ProfileEntry] = []
  var auditEntries: [AuditEntrySyntax] = []
  var initialConditions: [ExpressionSyntax] = []

  var areInstancesResolved: Progress<Void> = .pending
  /// Values of parameters that the command line or the profile set.
  var overrides: [Int: ExpressionSyntax] = [:]
  /// What is being resolved, outermost first: what a cycle is shown with.
  var resolving: [(name: String, span: Span)] = []
  /// Expressions inside each other that are being checked, definitions included.
  var depth = 0
  private var isTooDeep = false
  /// Both bound the stack: resolving on demand goes as deep as definitions need each other.
  static let chainLimit = 100
  static let depthLimit = 800
  var usage = Usage()
  /// Every route, in order of declaration, and by what it carries.
  var routes: [CheckedRoute] = []
  var routeNumbers: [RouteKey: Int] = [:]
  /// By receiver and message, the roles that send it; and the messages alone, sorted.
  var arriving: [Int: [Int: [Int]]] = [:]
  var arrivingMessages: [Int: [Int]] = [:]
  /// By sender and message (the receiver is -1), the roles that get it.
  var departing: [RouteKey: [Int]] = [:]
  /// The numbers of each enum's cases.
  var caseNumbers: [[String: Int]] = []
  /// Whether every route was understood; if not, what seems to lack one may have it.
  var areRoutesSound = true
  /// Types that must be small enough to number, with what has them.
  var domains: [(type: ModelType, span: Span, what: String)] = []
  /// Operations that calls of helpers have expanded to so far.
  var expansion = 0
  private var suggestionsLeft = 200
  /// Nobody reads more; a damaged file of megabytes has one on every line.
  private static let diagnosticLimit = 1_000

  init(_ syntax: MergedProtocol, options: CompileOptions, sources: SourceMap) {
    self.syntax = syntax
    self.options = options
    self.sources = sources
    model = Model(name: syntax.name.text, documentation: syntax.documentation)
  }

  /// Runs every phase; the model is complete where no error was reported.
  func build() {
    declareAll()
    readOverrides()
    resolveDeclarations()
    buildNetworks()
    // After the networks: a helper may ask what is in flight.
    for index in helpers.indices { _ = helperTemplate(index) }
    buildInitialValues()
    buildInitialTimers()
    buildTransitions()
    buildInitialConditions()
    buildProperties()
    buildAudit()
    checkDomains()
    auditStructure()
  }

  /// Resolves whatever nothing asked for yet, in order of declaration.
  private func resolveDeclarations() {
    for index in parameters.indices { _ = parameterValue(index) }
    for index in aliases.indices { _ = resolveAlias(index) }
    for index in records.indices {
      _ = recordTypes(index)
      _ = recordDefaults(index)
    }
    resolveInstances()
    for index in roles.indices { resolveMembers(of: index) }
    fillParameters()
  }

  func report(_ found: [Diagnostic]) {
    diagnostics += found
  }

  func error(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    diagnostics.append(
      Diagnostic(
        code,
        message,
        at: span,
        label: label,
        notes: notes,
        help: help,
        fixIts: fixIts
      )
    )
  }

  func warn(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil
  ) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    diagnostics.append(
      Diagnostic(
        code,
        severity: .warning,
        message,
        at: span,
        label: label,
        notes: notes,
        help: help
      )
    )
  }

  /// A fix-it with the nearest name; comparing is costly, so hostile input gets only so many.
  func suggest(_ name: Identifier, among candidates: [String]) -> [Diagnostic.FixIt] {
    guard suggestionsLeft > 0 else { return [] }
    suggestionsLeft -= 1
    return fixIts(replacing: name, among: candidates)
  }

  /// Runs `body` while `name` counts as being resolved.
  func resolving<Result>(_ name: String, _ span: Span, _ body: () -> Result?) -> Result? {
    guard resolving.count < Self.chainLimit else {
      reportTooDeep(at: span)
      return nil
    }
    resolving.append((name, span))
    defer { resolving.removeLast() }
    return body()
  }

  /// Reports, once, that definitions need each other through too many steps.
  func reportTooDeep(at span: Span) {
    guard !isTooDeep else { return }
    isTooDeep = true
    error(
      .dependenciesTooDeep,
      "definitions depend on each other through too many steps",
      at: span,
      help: "at most \(Self.chainLimit) names, and expressions of \(Self.depthLimit) levels"
    )
  }

  /// Reports that what is being resolved needs itself, with the way round.
  func reportCycle(_ code: DiagnosticCode, _ word: String, _ name: Identifier, at span: Span) {
    let verb =
      code == .recursiveType
      ? "contains itself" : code == .recursiveHelper ? "calls itself" : "depends on itself"
    let start = resolving.lastIndex { $0.name == name.text } ?? 0
    let chain = resolving[start...].map { "'\($0.name)'" } + ["'\(name.text)'"]
    error(
      code,
      "\(word) '\(name.text)' \(verb)",
      at: name.span,
      notes: [
        Diagnostic.Note("the way round is \(chain.joined(separator: " -> "))", at: span)
      ]
    )
  }

  /// The type as a spec would write it.
  func text(_ type: ModelType) -> String {
    type == .unboundedInteger ? "an integer" : describe(type, in: model)
  }
}
