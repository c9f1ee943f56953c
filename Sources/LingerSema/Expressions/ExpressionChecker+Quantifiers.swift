import LingerDiagnostics
import LingerModel
import LingerSyntax

/// A domain with the type of what it holds.
struct CheckedDomain {
  var domain: Domain
  var element: ModelType
  var isParametric: Bool
}

/// `for all`, `exists`, `count`, `in`, and what they range over.
extension ExpressionChecker {
  func checkQuantifier(
    _ quantifier: Quantifier,
    _ name: Identifier,
    _ domain: ExpressionSyntax,
    _ filter: ExpressionSyntax?,
    _ body: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    let checkedDomain = checkDomain(domain)
    return scoped {
      let slot = bind(
        name,
        checkedDomain?.element,
        isParametric: checkedDomain?.isParametric ?? false,
        what: "a local name"
      )
      let condition = filter.map { checkCondition($0, "'where'") }
      let inner = checkCondition(body, "the body of '\(quantifier.rawValue)'")
      guard let checkedDomain, let inner else { return nil }
      if let condition, condition == nil { return nil }
      let kind: QuantifierKind
      let type: ModelType
      switch quantifier {
      case .all: (kind, type) = (.all, .bool)
      case .exists: (kind, type) = (.exists, .bool)
      case .count: (kind, type) = (.count, .unboundedInteger)
      }
      return make(
        .quantifier(kind, slot, checkedDomain.domain, filter: condition ?? nil, body: inner),
        type,
        span
      )
    }
  }

  func checkDomain(_ syntax: ExpressionSyntax) -> CheckedDomain? {
    let inner = syntax.unparenthesized
    switch inner.kind {
    case .range(let low, let high): return checkRangeDomain(low, high)
    case .name(let name) where local(name) == nil && !isMember(name):
      if let found = checkTypeDomain(Identifier(name, inner.span)) { return found.domain }
    default: break
    }
    guard let checked = check(inner) else { return nil }
    switch checked.type {
    case .set(let element), .array(_, let element), .queue(_, let element):
      return CheckedDomain(
        domain: .elements(checked),
        element: element,
        isParametric: effects.isParametric
      )
    default:
      error(
        .notIterable,
        "\(text(checked.type)) has no elements to range over",
        at: inner.span,
        help: "range over a type, a role, low...high, a set, an array or a queue"
      )
      return nil
    }
  }

  private func isMember(_ name: String) -> Bool {
    role.map { program.declared.roles[$0].members[name] != nil } ?? false
  }

  /// A name that is a type or a role; nil where it is neither.
  private func checkTypeDomain(_ name: Identifier) -> (domain: CheckedDomain?, Void)? {
    let resolved: ResolvedType?
    switch program.declared.symbols[name.text] {
    case .alias, .enumeration, .record, .role:
      resolved = program.resolve(TypeSyntax(.named(name), name.span), for: .helper)
    case nil where name.text == "Bool": resolved = ResolvedType(type: .bool, isParametric: false)
    case nil where name.text == "Duration":
      resolved = ResolvedType(type: .duration, isParametric: false)
    default: return nil
    }
    guard let resolved else { return (nil, ()) }
    if resolved.type == .duration {
      error(
        .notIterable,
        "there is no end of durations to range over",
        at: name.span
      )
      return (nil, ())
    }
    switch resolved.type {
    case .bool, .integer, .enumeration: break
    default: program.resolveInstances()
    }
    guard program.model.cardinality(of: resolved.type) != nil else {
      reportTooWide(text(resolved.type), at: name.span)
      return (nil, ())
    }
    effects.isParametric = effects.isParametric || resolved.isParametric
    return (
      CheckedDomain(
        domain: .type(resolved.type),
        element: resolved.type,
        isParametric: resolved.isParametric
      ), ()
    )
  }

  private func reportTooWide(_ domain: String, at span: Span) {
    error(
      .domainTooLarge,
      "\(domain) has too many values to range over",
      at: span,
      help: "at most 2^62 are possible; they are gone through one by one"
    )
  }

  private func checkRangeDomain(
    _ low: ExpressionSyntax,
    _ high: ExpressionSyntax
  ) -> CheckedDomain? {
    guard let (first, last) = checkBounds(low, high) else { return nil }
    var element = ModelType.unboundedInteger
    if let a = interval(of: first), let b = interval(of: last), a.lowerBound <= b.upperBound {
      element = .integer(a.lowerBound...b.upperBound)
    }
    if case .constant(.integer(let a)) = first.kind, case .constant(.integer(let b)) = last.kind {
      guard a > b || program.model.cardinality(of: .integer(a...b)) != nil else {
        reportTooWide("\(a)...\(b)", at: low.span.union(high.span))
        return nil
      }
    }
    return CheckedDomain(
      domain: .range(first, last),
      element: element,
      isParametric: effects.isParametric
    )
  }

  /// The bounds of a range that is not a type; empty only where parameters make it so.
  func checkBounds(
    _ low: ExpressionSyntax,
    _ high: ExpressionSyntax
  ) -> (Expression, Expression)? {
    let use = ValueUse("a bound", .none)
    let first = checkValue(low, as: .unboundedInteger, use)
    let last = checkValue(high, as: .unboundedInteger, use)
    guard let first, let last else { return nil }
    if case .constant(.integer(let a)) = first.kind, case .constant(.integer(let b)) = last.kind,
      a > b, !effects.isParametric
    {
      error(.emptyDomain, "the range \(a)...\(b) has no values", at: low.span.union(high.span))
      return nil
    }
    return (first, last)
  }

  /// `value in domain`.
  func checkMembership(
    _ value: ExpressionSyntax,
    _ domain: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    if case .range(let low, let high) = domain.unparenthesized.kind {
      let integers = ValueUse("'in'", .none)
      let checked = checkValue(value, as: .unboundedInteger, integers)
      guard let (first, last) = checkBounds(low, high), let checked else { return nil }
      return within(checked, first, last, at: span)
    }
    if case .list(let elements) = domain.unparenthesized.kind {
      return checkListMembership(value, elements, at: span)
    }
    guard let base = check(domain) else {
      if !value.needsContext { _ = check(value) }
      return nil
    }
    switch base.type {
    case .set(let element), .queue(_, let element), .array(_, let element):
      return membership(of: value, in: base, element, at: span)
    default:
      error(
        .notIterable,
        "\(text(base.type)) has no elements",
        at: domain.span,
        help: "after 'in' stands a set, a queue, an array, a list or low...high"
      )
      return nil
    }
  }

  /// `x in [.A, .B]`: the list takes its type from the value.
  private func checkListMembership(
    _ value: ExpressionSyntax,
    _ elements: [ExpressionSyntax],
    at span: Span
  ) -> Expression? {
    guard let checked = check(value) else {
      for element in elements where !element.needsContext { _ = check(element) }
      return nil
    }
    let type = checked.type.isInteger ? ModelType.unboundedInteger : checked.type
    let use = ValueUse("'in'", .none)
    let values = elements.map { checkValue($0, as: type, use) }
    guard !values.contains(where: { $0 == nil }) else { return nil }
    return once(checked, at: span) { value in
      values.compactMap(\.self).reduce(Expression(.constant(.bool(false)), .bool, span)) {
        let test = make(.binary(.equal, value, $1), .bool, span)
        return make(.binary(.or, $0, test), .bool, span)
      }
    }
  }

  /// Whether an integer lies between two others.
  func within(
    _ value: Expression,
    _ low: Expression,
    _ high: Expression,
    at span: Span
  ) -> Expression {
    once(value, at: span) { value in
      let above = make(.binary(.lessOrEqual, low, value), .bool, span)
      let below = make(.binary(.lessOrEqual, value, high), .bool, span)
      return make(.binary(.and, above, below), .bool, span)
    }
  }

  /// Uses a value several times and computes it once.
  func once(
    _ value: Expression,
    at span: Span,
    _ body: (Expression) -> Expression
  ) -> Expression {
    if value.isAtom { return body(value) }
    let slot = locals.allocate("")
    let inner = body(Expression(.local(slot), value.type, value.span))
    return make(.bind(slot, value, in: inner), inner.type, span)
  }
}
