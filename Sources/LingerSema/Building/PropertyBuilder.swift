import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Properties: one condition each, over all instances.
extension Program {
  func buildProperties() {
    buildAssumptions()
    buildProfiles()
    for entry in declared.properties {
      let syntax = entry.syntax
      let checker = ExpressionChecker(self, context: .global)
      let binders = checker.checkBinders(of: syntax)
      let body =
        syntax.kind == .eventually
        ? checker.checkEventually(syntax.body)
        : checker.checkCondition(syntax.body, "'\(syntax.kind.rawValue)'")
      guard let body, let binders else { continue }
      var property = Property(
        kind: kind(syntax.kind),
        name: syntax.nameText,
        documentation: entry.documentation,
        body: body,
        localCount: checker.locals.names.count,
        span: entry.span
      )
      property.localNames = checker.locals.names
      if syntax.binders.isEmpty {
        model.properties.append(property)
      } else {
        model.properties += expand(property, over: binders, syntax)
      }
    }
  }

  /// Properties that one `for each` may make: each has a verdict of its own to be read.
  private static let familyLimit = 256

  /// A property for each choice of values that the binders allow, in their order.
  private func expand(
    _ property: Property,
    over binders: CheckedBinders,
    _ syntax: PropertySyntax
  ) -> [Property] {
    guard let choices = choices(of: binders, syntax) else { return [] }
    guard !choices.isEmpty else {
      error(
        .emptyDomain,
        "'\(property.name)' is about nothing",
        at: property.span,
        notes: [Diagnostic.Note("no values satisfy its 'for each'")]
      )
      return []
    }
    return choices.map { values in
      var single = property
      single.family = property.name
      let names = values.map { describe($0, in: model) }.joined(separator: ", ")
      single.name = "\(property.name)[\(names)]"
      single.body = binders.substitute(values, in: property.body)
      return single
    }
  }

  /// Every choice of values, the first binder slowest; nil where it cannot be told beforehand.
  private func choices(of binders: CheckedBinders, _ syntax: PropertySyntax) -> [[Value]]? {
    var choices: [[Value]] = [[]]
    for (number, binder) in binders.binders.enumerated() {
      var longer: [[Value]] = []
      for choice in choices {
        let domain = binder.domain.mapExpressions { binders.substitute(choice, in: $0) }
        guard let values = constants(of: domain, syntax.binders[number].domain) else { return nil }
        longer += values.map { choice + [$0] }
        guard longer.count <= Self.familyLimit * Self.familyLimit else {
          reportTooMany(longer.count, syntax)
          return nil
        }
      }
      choices = longer
    }
    if let filter = binders.filter, let place = syntax.filter {
      noteComparison(in: filter)
      var kept: [[Value]] = []
      for choice in choices {
        switch evaluate(binders.substitute(choice, in: filter)) {
        case .success(let value): if value == .bool(true) { kept.append(choice) }
        case .failure(let failure):
          report(failure, in: place, what: "the filter of 'for each'")
          return nil
        }
      }
      choices = kept
    }
    guard choices.count <= Self.familyLimit else {
      reportTooMany(choices.count, syntax)
      return nil
    }
    return choices
  }

  private func reportTooMany(_ count: Int, _ syntax: PropertySyntax) {
    error(
      .domainTooLarge,
      "'\(syntax.nameText)' is too many properties",
      at: syntax.name?.span ?? syntax.body.span,
      notes: [Diagnostic.Note("there are \(count) or more")],
      help: "at most \(Self.familyLimit) are possible: 'for all' in the braces makes it one"
    )
  }

  /// The values of a domain that does not depend on the state.
  private func constants(of domain: Domain, _ syntax: ExpressionSyntax) -> [Value]? {
    let what = "what 'for each' ranges over"
    func value(_ expression: Expression) -> Value? {
      switch evaluate(expression) {
      case .success(let value): return value
      case .failure(let failure):
        report(failure, in: syntax, what: what)
        return nil
      }
    }
    switch domain {
    case .type(let type):
      guard let count = model.cardinality(of: type), count <= Self.familyLimit else {
        error(.domainTooLarge, "\(what) has too many values", at: syntax.span)
        return nil
      }
      return model.values(of: type)
    case .range(let low, let high):
      guard case .integer(let first)? = value(low), case .integer(let last)? = value(high) else {
        return nil
      }
      guard first <= last else { return [] }
      guard last.subtractingReportingOverflow(first).partialValue < Self.familyLimit,
        !last.subtractingReportingOverflow(first).overflow
      else {
        error(.domainTooLarge, "\(what) has too many values", at: syntax.span)
        return nil
      }
      return (first...last).map { .integer($0) }
    case .elements(let collection):
      switch value(collection) {
      case .array(let values)?, .set(let values)?, .queue(let values)?:
        var distinct: [Value] = []
        for value in values where !distinct.contains(value) { distinct.append(value) }
        return distinct
      default: return nil
      }
    }
  }

  private func kind(_ kind: PropertySyntax.Kind) -> Property.Kind {
    switch kind {
    case .final: .final
    case .invariant: .invariant
    case .possible: .possible
    case .eventually: .eventually
    case .cover: .cover
    case .timedInvariant: .timedInvariant
    }
  }
}

/// `for each p in D, q in E where filter`, checked.
struct CheckedBinders {
  var binders: [(slot: Int, domain: Domain)] = []
  var filter: Expression?

  /// An expression with the first binders replaced by values.
  func substitute(_ values: [Value], in expression: Expression) -> Expression {
    zip(binders, values).reduce(expression) { result, choice in
      result.substituting(local: choice.0.slot, with: choice.1)
    }
  }
}

extension ExpressionChecker {
  /// Binds the names of a `for each` for the rest of the property.
  func checkBinders(of syntax: PropertySyntax) -> CheckedBinders? {
    var result = CheckedBinders()
    var isSound = true
    for binder in syntax.binders {
      let domain = checkDomain(binder.domain)
      let slot = bind(
        binder.name,
        domain?.element,
        isParametric: domain?.isParametric ?? false,
        what: "a local name"
      )
      if let domain {
        result.binders.append((slot, domain.domain))
      } else {
        isSound = false
      }
    }
    if let filter = syntax.filter {
      result.filter = checkCondition(filter, "'where'")
      isSound = isSound && result.filter != nil
    }
    return isSound ? result : nil
  }

  /// The body of an `eventually`: `p ~> q` below any number of `for all`; `q` alone is
  /// `true ~> q`.
  func checkEventually(_ syntax: ExpressionSyntax) -> Expression? {
    switch syntax.kind {
    case .parenthesized(let inner): return checkEventually(inner)
    case .binary(.leadsTo, _, let cause, let effect):
      let first = checkCondition(cause, "'~>'")
      let second = checkCondition(effect, "'~>'")
      guard let first, let second else { return nil }
      return Expression(.leadsTo(first, second), .bool, syntax.span)
    case .quantifier(.all, let name, let domain, let filter, let body) where body.hasLeadsTo:
      let checkedDomain = checkDomain(domain)
      return scoped {
        let slot = bind(name, checkedDomain?.element, what: "a local name")
        let condition = filter.map { checkCondition($0, "'where'") }
        let inner = checkEventually(body)
        guard let checkedDomain, let inner else { return nil }
        if let condition, condition == nil { return nil }
        return Expression(
          .quantifier(.all, slot, checkedDomain.domain, filter: condition ?? nil, body: inner),
          .bool,
          syntax.span
        )
      }
    default:
      return checkCondition(syntax, "'eventually'").map {
        let always = Expression(.constant(.bool(true)), .bool, syntax.span)
        return Expression(.leadsTo(always, $0), .bool, syntax.span)
      }
    }
  }
}

extension ExpressionSyntax {
  /// Whether a `~>` stands at its top, below `for all` at most.
  fileprivate var hasLeadsTo: Bool {
    switch kind {
    case .parenthesized(let inner): inner.hasLeadsTo
    case .binary(.leadsTo, _, _, _): true
    case .quantifier(.all, _, _, _, let body): body.hasLeadsTo
    default: false
    }
  }
}
