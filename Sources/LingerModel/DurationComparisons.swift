/// Where a spec lets durations decide more than when something happens.
///
/// The control graph is one for all parameter values only if nothing but durations depends on
/// durations. That cannot be seen by trying values; it is read off the types: what takes values
/// with durations in them and gives one without has compared them, or passed them by.
extension Model {
  /// A comparison of durations in a guard or a body, in the choice of another duration, or in
  /// what was fixed before the run.
  package var durationComparison: Expression? {
    for transition in transitions {
      if let found = transition.guardCondition.flatMap(durationComparison) { return found }
      if let found = durationComparison(in: transition.body) { return found }
    }
    for network in networks {
      let durations = [network.lifetime, network.delay?.shortest, network.delay?.longest]
      for duration in durations.compactMap(\.self) {
        if let found = durationComparison(in: duration) { return found }
      }
    }
    return constantComparison
  }

  /// A comparison of values with durations in them, at any depth: the expression or a part of it.
  package func durationComparison(in expression: Expression) -> Expression? {
    if comparesDurations(expression) { return expression }
    // What stands in a local can be read in the whole only.
    if case .bind(_, let value, let body) = expression.kind {
      return durationComparison(in: value)
        ?? durationComparison(in: body).map { _ in expression }
    }
    for child in expression.children {
      if let found = durationComparison(in: child) { return found }
    }
    return nil
  }

  private func comparesDurations(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .binary(.equal, let left, let right), .binary(.notEqual, let left, let right):
      // Whether there is a value at all does not depend on which one it is.
      !left.isNil && !right.isNil && (holdsDuration(left.type) || holdsDuration(right.type))
    case .binary(.less, let left, let right), .binary(.lessOrEqual, let left, let right),
      .binary(.greater, let left, let right), .binary(.greaterOrEqual, let left, let right):
      holdsDuration(left.type) || holdsDuration(right.type)
    case .contains(let collection, let element):
      holdsDuration(collection.type) || holdsDuration(element.type)
    // Equal elements are one: how many there are, and in which order, their values decide.
    case .setOf(let elements): elements.count > 1 && holdsDuration(expression.type)
    default: false
    }
  }

  /// Whether values of a type have a duration in them.
  private func holdsDuration(_ type: ModelType) -> Bool {
    switch type {
    case .duration: true
    case .optional(let inner), .set(let inner), .array(_, let inner), .queue(_, let inner):
      holdsDuration(inner)
    case .record(let number): records[number].fields.contains { holdsDuration($0.type) }
    case .bool, .integer, .enumeration, .instance, .unboundedInteger: false
    }
  }

  private func durationComparison(in statements: [Statement]) -> Expression? {
    for statement in statements {
      // A value that stands twice is one choice.
      if case .choose(_, .elements(let collection), _) = statement.kind,
        holdsDuration(collection.type)
      {
        return collection
      }
      for expression in statement.expressions {
        if let found = durationComparison(in: expression) { return found }
      }
      if let found = durationComparison(in: statement.inner) { return found }
    }
    return nil
  }
}

extension Expression {
  fileprivate var isNil: Bool { kind == .constant(.none) }
}

extension Statement {
  /// The expressions directly in it, those of the statements inside left out.
  package var expressions: [Expression] {
    switch kind {
    case .assign(let place, let value), .insert(let place, let value),
      .remove(let place, let value), .append(let place, let value):
      place.indices + [value]
    case .removeFirst(let place): place.indices
    case .send(_, let message, let receiver): [message, receiver]
    case .start(_, let duration): [duration]
    case .cancel: []
    case .signal(_, let arguments): arguments
    case .conditional(let condition, _, _): [condition]
    case .conditionalBinding(_, let value, _, _): [value]
    case .forEach(_, let domain, let filter, _), .choose(_, let domain, let filter):
      domain.expressions + [filter].compactMap(\.self)
    case .assert(let condition, _): [condition]
    case .bind(_, let value): [value]
    }
  }

  /// The statements directly inside.
  package var inner: [Statement] {
    switch kind {
    case .conditional(_, let then, let otherwise),
      .conditionalBinding(_, _, let then, let otherwise):
      then + otherwise
    case .forEach(_, _, _, let body): body
    default: []
    }
  }
}

extension Place {
  package var indices: [Expression] {
    path.compactMap { part in
      guard case .element(let index) = part else { return nil }
      return index
    }
  }
}
