import LingerModel

/// Where a spec lets durations decide more than when something happens.
///
/// The control graph is one for all parameter values only if no step and no property asks how
/// durations compare. That cannot be seen by trying values; it is read off the source.
extension Model {
  /// A comparison of durations in a guard or a body, or in the choice of another duration.
  var durationComparison: Expression? {
    for transition in transitions {
      if let found = transition.guardCondition?.durationComparison { return found }
      for statement in transition.body {
        if let found = statement.durationComparison { return found }
      }
    }
    for network in networks {
      if let found = network.lifetime?.durationComparison { return found }
    }
    return nil
  }
}

extension Statement {
  fileprivate var durationComparison: Expression? {
    for expression in expressions {
      if let found = expression.durationComparison { return found }
    }
    for statement in inner {
      if let found = statement.durationComparison { return found }
    }
    return nil
  }

  private var expressions: [Expression] {
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

  private var inner: [Statement] {
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
  fileprivate var indices: [Expression] {
    path.compactMap { part in
      guard case .element(let index) = part else { return nil }
      return index
    }
  }
}
