import LingerModel

/// Which variables a reader of a run needs to see: those that change in it, those that the
/// property in question reads, those that hold a protocol state (an enum), and those that begin
/// with any value.
enum RelevantVariables {
  /// For each role the numbers of its variables that matter.
  static func find(in trace: Trace, property: Property?, text: BriefText) -> [Set<Int>] {
    var found = text.model.roles.map { role in
      Set(
        role.variables.indices.filter {
          if case .enumeration = role.variables[$0].type { true } else { false }
        }
      )
    }
    for instance in text.model.instances { found[instance.role].formUnion(instance.open) }
    var state = trace.initial
    for entry in trace.entries {
      guard let next = entry.state else { continue }
      for instance in next.instances.indices {
        let before = state.instances[instance].variables
        let after = next.instances[instance].variables
        let role = text.model.instances[instance].role
        found[role].formUnion(before.indices.filter { before[$0] != after[$0] })
      }
      state = next
    }
    property?.body.visit { expression in
      if case .variable(let owner?, let number) = expression.kind,
        case .instance(let role) = owner.type
      {
        found[role].insert(number)
      }
    }
    return found
  }
}
