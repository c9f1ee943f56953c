import LingerDiagnostics
import LingerModel
import LingerSyntax

struct ProfileEntry {
  var name: Identifier
  var documentation: String?
  var values: [ParameterValueSyntax]
}

/// Entering every declaration into the tables: numbers are given here, in source order.
extension Program {
  func declareAll() {
    for declaration in syntax.declarations { declare(declaration) }
  }

  private func declare(_ declaration: Declaration) {
    let documentation = declaration.documentation
    let span = declaration.nameIdentifier?.span ?? declaration.span
    switch declaration.kind {
    case .parameter(let name, let type, let value):
      declare(name, .parameter(parameters.count))
      parameters.append(
        ParameterEntry(
          name: name,
          type: type,
          declaredValue: value,
          documentation: documentation,
          span: span
        )
      )
      model.parameters.append(
        Parameter(
          name: name.text,
          documentation: documentation,
          type: .bool,
          value: .bool(false),
          definition: nil,
          span: span
        )
      )
    case .assume(let condition): assumptions.append((condition, declaration.span))
    case .typeAlias(let name, let type):
      declare(name, .alias(aliases.count))
      aliases.append(AliasEntry(name: name, type: type))
    case .enumeration(let name, let cases): declareEnumeration(name, cases)
    case .record(let name, let fields, let isMessage):
      declare(name, .record(records.count))
      checkDistinct(fields.map(\.name), what: "field")
      records.append(RecordEntry(name: name, fields: fields, isMessage: isMessage))
      model.records.append(
        Record(
          name: name.text,
          documentation: documentation,
          fields: [],
          isMessage: isMessage,
          span: span
        )
      )
    case .function(let function):
      declare(function.name, .helper(helpers.count))
      helpers.append(HelperEntry(syntax: function, role: nil))
    case .network(let network):
      if let name = network.name { declare(name, .network(networks.count)) }
      networks.append(
        NetworkEntry(syntax: network, span: network.name?.span ?? declaration.span)
      )
    case .role(let name, let members, _):
      declare(name, .role(roles.count))
      declareRole(name, members, documentation)
    case .instances(let instances):
      for name in instances.names { declare(name.name, .instances(instanceGroups.count)) }
      instanceGroups.append(InstanceGroup(syntax: instances))
    case .property(let property): declareProperty(property, documentation, declaration.span)
    case .initially(let condition): initialConditions.append(condition)
    case .audit(let entries): auditEntries += entries
    case .profile(let name, let values): declareProfile(name, values, documentation)
    case .importFile, .set, .remove: break
    }
  }

  /// Enters a name of the top level; the first one stays where there are two.
  private func declare(_ name: Identifier, _ symbol: Symbol) {
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
    guard let first = symbolSpans[name.text] else {
      symbols[name.text] = symbol
      symbolNames.append(name.text)
      symbolSpans[name.text] = name.span
      return
    }
    reportDuplicate(name, first: first, what: "")
  }

  func reportDuplicate(_ name: Identifier, first: Span, what: String) {
    let isOfBase = first.isSomewhere && first.file != name.span.file
    error(
      .duplicateName,
      "\(what.isEmpty ? "" : what + " ")'\(name.text)' is declared twice",
      at: name.span,
      label: "declared again",
      notes: [Diagnostic.Note("the first one is here", at: first)],
      help: isOfBase ? "in a variant, 'replace' before a declaration takes its place" : nil
    )
  }

  /// Reports every name that an earlier one of the list has too.
  func checkDistinct(_ names: [Identifier], what: String) {
    var first: [String: Span] = [:]
    for name in names where !name.text.isEmpty {
      if let span = first[name.text] {
        reportDuplicate(name, first: span, what: what)
      } else {
        first[name.text] = name.span
      }
    }
  }

  private func declareEnumeration(_ name: Identifier, _ cases: [EnumCaseSyntax]) {
    declare(name, .enumeration(model.enumerations.count))
    checkDistinct(cases.map(\.name), what: "case")
    if cases.isEmpty {
      error(
        .emptyDomain,
        "enum '\(name.text)' has no cases",
        at: name.span,
        label: "no value can have this type"
      )
    }
    caseNumbers.append(
      Dictionary(
        cases.enumerated().map { ($0.element.name.text, $0.offset) },
        uniquingKeysWith: { first, _ in first }
      )
    )
    model.enumerations.append(
      Enumeration(
        name: name.text,
        cases: cases.map(\.name.text),
        caseSpans: cases.map(\.name.span),
        span: name.span
      )
    )
  }

  /// The enums that have a case of this name.
  func enumerations(withCase name: String) -> [Int] {
    caseNumbers.indices.filter { caseNumbers[$0][name] != nil }
  }

  private func declareProperty(
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
          at: property.name?.span ?? word,
          notes: [Diagnostic.Note("the first one is here", at: first)],
          help: "write one condition, joined with '||' or '&&'"
        )
        return
      }
      finalSpan = property.name?.span ?? word
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
    propertySpans[property.nameText] = property.name?.span ?? word
    properties.append((property, documentation, property.name?.span ?? word))
  }

  private func declareProfile(
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
    profiles.append(ProfileEntry(name: name, documentation: documentation, values: values))
  }
}

/// Names with a meaning of their own, in no scope.
let builtInNames = ["Bool", "Duration", "Set", "Queue", "Int", "network"]
