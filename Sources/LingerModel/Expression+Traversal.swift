import LingerDiagnostics

extension Expression {
  /// The expressions directly inside, in source order; those of a domain and a filter included.
  package var children: [Expression] {
    switch kind {
    case .constant, .parameter, .local, .currentInstance, .messagesInFlight:
      []
    case .variable(let owner, _), .timerIsArmed(let owner, _):
      owner.map { [$0] } ?? []
    case .field(let inner, _), .not(let inner), .negate(let inner), .some(let inner),
      .unwrap(let inner), .checked(let inner), .repeating(let inner), .elementCount(let inner),
      .isFull(let inner), .first(let inner), .elapsed(_, _, let inner):
      [inner]
    case .element(let left, let right), .binary(_, let left, let right),
      .coalesce(let left, let right), .contains(let left, let right),
      .bind(_, let left, in: let right), .leadsTo(let left, let right):
      [left, right]
    case .conditional(let condition, let then, let otherwise):
      [condition, then, otherwise]
    case .record(_, let values), .setOf(let values), .arrayOf(let values),
      .queueOf(let values):
      values
    case .quantifier(_, _, let domain, let filter, let body):
      domain.expressions + (filter.map { [$0] } ?? []) + [body]
    case .copiesInFlight(_, let sender, let receiver, let message):
      [sender, receiver, message]
    }
  }

  /// Whether it asks how long a timer has been running.
  package var readsElapsed: Bool {
    if case .elapsed = kind { return true }
    return children.contains(where: \.readsElapsed)
  }

  /// The same expression without its places in the source: equal for equal texts.
  package var withoutSpans: Expression {
    var result = mapChildren(\.withoutSpans)
    result.span = .none
    return result
  }

  /// Whether a local is read anywhere inside.
  package func reads(local slot: Int) -> Bool {
    if case .local(slot) = kind { return true }
    return children.contains { $0.reads(local: slot) }
  }

  /// The same expression with a local replaced by a value. Slots are unique within a frame, so
  /// nothing inside can hide the local.
  package func substituting(local slot: Int, with value: Value) -> Expression {
    if case .local(slot) = kind { return Expression(.constant(value), type, span) }
    return mapChildren { $0.substituting(local: slot, with: value) }
  }

  /// The same expression with each direct child replaced.
  package func mapChildren(_ transform: (Expression) -> Expression) -> Expression {
    let mapped: Kind =
      switch kind {
      case .constant, .parameter, .local, .currentInstance, .messagesInFlight: kind
      case .variable(let owner, let number): .variable(of: owner.map(transform), number)
      case .timerIsArmed(let owner, let number): .timerIsArmed(of: owner.map(transform), number)
      case .elapsed(let timer, let operation, let inner):
        .elapsed(timer: timer, operation, transform(inner))
      case .field(let inner, let number): .field(transform(inner), number)
      case .element(let base, let index): .element(transform(base), transform(index))
      case .not(let inner): .not(transform(inner))
      case .negate(let inner): .negate(transform(inner))
      case .binary(let operation, let left, let right):
        .binary(operation, transform(left), transform(right))
      case .conditional(let condition, let then, let otherwise):
        .conditional(transform(condition), transform(then), transform(otherwise))
      case .record(let number, let values): .record(number, values.map(transform))
      case .some(let inner): .some(transform(inner))
      case .unwrap(let inner): .unwrap(transform(inner))
      case .checked(let inner): .checked(transform(inner))
      case .coalesce(let left, let right): .coalesce(transform(left), transform(right))
      case .setOf(let values): .setOf(values.map(transform))
      case .arrayOf(let values): .arrayOf(values.map(transform))
      case .queueOf(let values): .queueOf(values.map(transform))
      case .repeating(let inner): .repeating(transform(inner))
      case .elementCount(let inner): .elementCount(transform(inner))
      case .isFull(let inner): .isFull(transform(inner))
      case .first(let inner): .first(transform(inner))
      case .contains(let left, let right): .contains(transform(left), transform(right))
      case .bind(let slot, let value, let body): .bind(slot, transform(value), in: transform(body))
      case .quantifier(let quantifier, let slot, let domain, let filter, let body):
        .quantifier(
          quantifier,
          slot,
          domain.mapExpressions(transform),
          filter: filter.map(transform),
          body: transform(body)
        )
      case .copiesInFlight(let network, let sender, let receiver, let message):
        .copiesInFlight(
          network: network,
          sender: transform(sender),
          receiver: transform(receiver),
          transform(message)
        )
      case .leadsTo(let left, let right): .leadsTo(transform(left), transform(right))
      }
    return Expression(mapped, type, span)
  }
}

extension Domain {
  /// The expressions that decide what the domain holds.
  package var expressions: [Expression] {
    switch self {
    case .type: []
    case .range(let low, let high): [low, high]
    case .elements(let collection): [collection]
    }
  }

  package func mapExpressions(_ transform: (Expression) -> Expression) -> Domain {
    switch self {
    case .type: self
    case .range(let low, let high): .range(transform(low), transform(high))
    case .elements(let collection): .elements(transform(collection))
    }
  }
}
