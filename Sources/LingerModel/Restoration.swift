/// What `not-restored` asks.
extension Model {
  /// That in final states the variables that the spec names have their initial values; nil where it
  /// names none, or has no `final`.
  package var restoration: Property? {
    guard let final, !isFinalEverywhere, !audit.restored.isEmpty else { return nil }
    let span = final.body.span
    let values = instances.indices.flatMap { instance in
      audit.restored.filter { $0.role == instances[instance].role }.map { restored in
        let type = roles[restored.role].variables[restored.variable].type
        let owner = Expression(.constant(.instance(instance)), .instance(restored.role), span)
        let initial = instances[instance].initial[restored.variable]
        return Expression(
          .binary(
            .equal,
            Expression(.variable(of: owner, restored.variable), type, span),
            Expression(.constant(initial), type, span)
          ),
          .bool,
          span
        )
      }
    }
    guard let first = values.first else { return nil }
    let areRestored = values.dropFirst().reduce(first) { whole, value in
      Expression(.binary(.and, whole, value), .bool, span)
    }
    var property = final
    property.kind = .invariant
    property.name = AuditCheck.notRestored.rawValue
    property.body = Expression(.binary(.implies, final.body, areRestored), .bool, span)
    return property
  }

  /// The variables that are not as they began, of those that `not-restored` looks at.
  package func unrestored(in state: State) -> [(instance: Int, variable: Int)] {
    instances.indices.flatMap { instance in
      audit.restored.filter { $0.role == instances[instance].role }.map(\.variable).filter {
        state.instances[instance].variables[$0] != instances[instance].initial[$0]
      }
      .map { (instance, $0) }
    }
  }
}
