import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Enters every declaration into the tables: numbers are given here, in source order.
///
/// Gives the ``Declarations``; what is wrong with them goes to the log.
struct DeclarationCollector: DiagnosticReporting {
  let log: DiagnosticLog
  let sources: SourceMap
  private(set) var declared: Declarations
  /// Where each property, and each profile, is declared.
  private var propertySpans: [String: Span] = [:]
  private var profileSpans: [String: Span] = [:]
  private var finalSpan: Span?

  init(_ syntax: MergedProtocol, sources: SourceMap, log: DiagnosticLog) {
    self.log = log
    self.sources = sources
    declared = Declarations(of: syntax)
    let known = log.diagnostics.count
    for declaration in syntax.declarations { declare(declaration) }
    declared.count = syntax.declarations.count
    declared.areSound = !Array(log.diagnostics[known...]).hasErrors
  }

  private mutating func declare(_ declaration: Declaration) {
    let documentation = declaration.documentation
    let span = declaration.nameIdentifier?.span ?? declaration.span
    switch declaration.kind {
    case .parameter(let name, let type, let value):
      declare(name, .parameter(declared.parameters.count))
      declared.parameters.append(
        ParameterEntry(name: name, type: type, declaredValue: value, span: span)
      )
      declared.outline.parameters.append(
        Parameter(
          name: name.text,
          documentation: documentation,
          type: .bool,
          value: .bool(false),
          definition: nil,
          span: span
        )
      )
    case .assume(let condition): declared.assumptions.append(condition)
    case .typeAlias(let name, let type):
      declare(name, .alias(declared.aliases.count))
      declared.aliases.append(AliasEntry(name: name, type: type))
    case .enumeration(let name, let cases): declareEnumeration(name, cases)
    case .record(let name, let fields, let isMessage):
      declare(name, .record(declared.records.count))
      checkDistinct(fields.map(\.name), what: "field")
      declared.records.append(RecordEntry(name: name, fields: fields, isMessage: isMessage))
      declared.outline.records.append(
        Record(
          name: name.text,
          documentation: documentation,
          fields: [],
          isMessage: isMessage,
          span: span
        )
      )
    case .function(let function):
      declare(function.name, .helper(declared.helpers.count))
      enter(function, ofRole: nil)
    case .network(let network):
      if let name = network.name { declare(name, .network(declared.networks.count)) }
      declared.networks.append(
        NetworkEntry(syntax: network, span: network.name?.span ?? declaration.span)
      )
    case .role(let name, let members, _):
      declare(name, .role(declared.roles.count))
      declareRole(name, members, documentation)
    case .instances(let instances):
      for name in instances.names { declare(name.name, .instances(declared.instanceGroups.count)) }
      declared.instanceGroups.append(InstanceGroup(syntax: instances))
    case .property(let property): declareProperty(property, documentation, declaration.span)
    case .initially(let condition): declared.initialConditions.append(condition)
    case .audit(let entries): declared.auditEntries += entries
    case .profile(let name, let values): declareProfile(name, values, documentation)
    case .importFile, .set, .remove: break
    }
  }

  /// Enters a name of the top level; the first one stays where there are two.
  private mutating func declare(_ name: Identifier, _ symbol: Symbol) {
    guard !name.text.isEmpty else { return }
    if let builtIn = builtInNames.first(where: { $0 == name.text }) {
      error(
        .duplicateName,
        "'\(builtIn)' is a name of the language",
        at: name.span,
        label: "cannot be declared"
      )
      return
    }
    guard let first = declared.symbolSpans[name.text] else {
      declared.symbols[name.text] = symbol
      declared.symbolNames.append(name.text)
      declared.symbolSpans[name.text] = name.span
      return
    }
    reportDuplicate(name, first: first, what: "")
  }

  mutating func enter(_ function: FunctionSyntax, ofRole role: Int?) {
    declared.helpers.append(HelperEntry(syntax: function, role: role))
  }

  mutating func enter(_ entry: RoleEntry, _ role: Role) {
    declared.roles.append(entry)
    declared.outline.roles.append(role)
  }

  private mutating func declareEnumeration(_ name: Identifier, _ cases: [EnumCaseSyntax]) {
    declare(name, .enumeration(declared.outline.enumerations.count))
    checkDistinct(cases.map(\.name), what: "case")
    if cases.isEmpty {
      error(
        .emptyDomain,
        "enum '\(name.text)' has no cases",
        at: name.span,
        label: "no value can have this type"
      )
    }
    declared.caseNumbers.append(
      Dictionary(
        cases.enumerated().map { ($0.element.name.text, $0.offset) },
        uniquingKeysWith: { first, _ in first }
      )
    )
    declared.outline.enumerations.append(
      Enumeration(
        name: name.text,
        cases: cases.map(\.name.text),
        caseSpans: cases.map(\.name.span),
        span: name.span
      )
    )
  }

  private mutating func declareProperty(
    _ property: PropertySyntax,
    _ documentation: String?,
    _ span: Span
  ) {
    let word = Span(
      file: span.file,
      start: span.start,
      end: span.start + property.kind.rawValue.utf8.count
    )
    let place = property.name?.span ?? word
    if property.kind == .final {
      if let first = finalSpan {
        error(
          .secondFinal,
          "there is a second 'final'",
          at: place,
          notes: [Diagnostic.Note("the first one is here", at: first)],
          help: "write one condition, joined with '||' or '&&'"
        )
        return
      }
      finalSpan = place
    }
    if AuditCheck(named: property.nameText) != nil {
      error(
        .duplicateName,
        "'\(property.nameText)' is a check of the audit",
        at: place,
        label: "cannot be declared",
        help: "reports and --property call both by their names: give the property another one"
      )
      return
    }
    if let first = propertySpans[property.nameText] {
      reportDuplicate(Identifier(property.nameText, place), first: first, what: "property")
      return
    }
    propertySpans[property.nameText] = place
    declared.properties.append(
      PropertyEntry(syntax: property, documentation: documentation, span: place)
    )
  }

  private mutating func declareProfile(
    _ name: Identifier,
    _ values: [ParameterValueSyntax],
    _ documentation: String?
  ) {
    if let first = profileSpans[name.text] {
      reportDuplicate(name, first: first, what: "profile")
      return
    }
    profileSpans[name.text] = name.span
    checkDistinct(values.map(\.name), what: "value of parameter")
    declared.profiles.append(ProfileEntry(name: name, documentation: documentation, values: values))
  }
}

/// Names with a meaning of their own, in no scope.
let builtInNames = ["Bool", "Duration", "Set", "Queue", "Int", "network"]
