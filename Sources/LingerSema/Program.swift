import LingerDiagnostics
import LingerModel
import LingerSyntax

/// A protocol between syntax and model.
///
/// Phases 1 to 3 have been when it is made: ``declared``, ``chosen`` and ``routes`` stay as they
/// are. Phase 4, ``resolution``, works out what names stand for whenever something asks: they
/// depend on each other in any order. Phase 5 builds the parts of ``model`` in the fixed order of
/// ``build()`` and notes in ``usage`` what code uses; phase 6 audits the whole.
final class Program: NameLookup {
  let options: CompileOptions
  let sources: SourceMap
  let log: DiagnosticLog
  let declared: Declarations
  let chosen: ChosenValues
  let routes: RouteTable
  let resolution: Resolution
  let usage = Usage()
  /// Begins with the names of its parts.
  var model: Model

  init(
    _ declared: Declarations,
    _ chosen: ChosenValues,
    _ routes: RouteTable,
    options: CompileOptions,
    log: DiagnosticLog
  ) {
    self.options = options
    self.sources = chosen.sources
    self.log = log
    self.declared = declared
    self.chosen = chosen
    self.routes = routes
    model = declared.outline
    resolution = Resolution(declared)
  }

  /// Runs the phases that are left; the model is complete where no error was reported.
  func build() {
    resolveDeclarations()
    buildNetworks()
    for index in declared.helpers.indices { _ = helperTemplate(index) }
    var initialValues = InitialValueBuilder(self)
    initialValues.build()
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
    for index in declared.parameters.indices { _ = parameterValue(index) }
    for index in declared.aliases.indices { _ = resolveAlias(index) }
    for index in declared.records.indices {
      _ = recordTypes(index)
      _ = recordDefaults(index)
    }
    resolveInstances()
    for index in declared.roles.indices { resolveMembers(of: index) }
    fillParameters()
  }

  /// Runs `body` while `name` counts as being resolved.
  func resolving<Result>(_ name: String, _ span: Span, _ body: () -> Result?) -> Result? {
    guard resolution.begin(name, span) else {
      reportTooDeep(at: span)
      return nil
    }
    defer { resolution.end() }
    return body()
  }

  /// Reports, once, that definitions need each other through too many steps.
  func reportTooDeep(at span: Span) {
    guard resolution.noteTooDeep() else { return }
    error(
      .dependenciesTooDeep,
      "definitions depend on each other through too many steps",
      at: span,
      help: "at most \(Resolution.chainLimit) names, and expressions of "
        + "\(Resolution.depthLimit) levels"
    )
  }

  /// Reports that what is being resolved needs itself, with the way round.
  func reportCycle(_ code: DiagnosticCode, _ word: String, _ name: Identifier, at span: Span) {
    let verb =
      code == .recursiveType
      ? "contains itself" : code == .recursiveHelper ? "calls itself" : "depends on itself"
    let chain = resolution.chain
    let start = chain.lastIndex { $0.name == name.text } ?? 0
    let way = chain[start...].map { "'\($0.name)'" } + ["'\(name.text)'"]
    error(
      code,
      "\(word) '\(name.text)' \(verb)",
      at: name.span,
      notes: [
        Diagnostic.Note("the way round is \(way.joined(separator: " -> "))", at: span)
      ]
    )
  }

  /// The type as a spec would write it.
  func text(_ type: ModelType) -> String {
    type == .unboundedInteger ? "an integer" : describe(type, in: model)
  }
}
