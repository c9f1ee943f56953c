import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Properties: one condition each, over all instances.
extension Program {
  func buildProperties() {
    buildAssumptions()
    buildProfiles()
    for (syntax, documentation, span) in properties {
      let checker = ExpressionChecker(self, context: .global)
      let body =
        syntax.kind == .eventually
        ? checker.checkEventually(syntax.body)
        : checker.checkCondition(syntax.body, "'\(syntax.kind.rawValue)'")
      guard let body else { continue }
      var property = Property(
        kind: kind(syntax.kind),
        name: syntax.nameText,
        documentation: documentation,
        body: body,
        localCount: checker.frame.names.count,
        span: span
      )
      property.localNames = checker.frame.names
      model.properties.append(property)
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

extension ExpressionChecker {
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
