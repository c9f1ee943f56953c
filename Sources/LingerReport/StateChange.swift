package import LingerModel

/// One variable, or one part of it, that differs between two states of an instance.
package struct StateChange: Hashable, Sendable {
  /// The variable's number in its role.
  package var variable: Int
  /// The variable's name and the way into it: `votes[1].term`.
  package var path: String
  package var before: Value
  package var after: Value

  /// Every difference in the variables of one instance, in order of declaration.
  ///
  /// Structs and arrays are taken apart, so that one changed element of many is one change.
  package static func between(
    _ before: State.InstanceState,
    _ after: State.InstanceState,
    instance: Int,
    in text: BriefText
  ) -> [StateChange] {
    let variables = text.role(of: instance).variables
    var changes: [StateChange] = []
    for number in variables.indices where before.variables[number] != after.variables[number] {
      collect(
        before.variables[number],
        after.variables[number],
        variables[number].type,
        path: variables[number].name,
        variable: number,
        in: text,
        into: &changes
      )
    }
    return changes
  }

  private static func collect(
    _ before: Value,
    _ after: Value,
    _ type: ModelType,
    path: String,
    variable: Int,
    in text: BriefText,
    into changes: inout [StateChange]
  ) {
    guard before != after else { return }
    switch (before, after, type) {
    case (.record(let number, let old), .record(_, let new), _)
    where text.model.records.indices.contains(number):
      for (index, field) in text.model.records[number].fields.enumerated() {
        collect(
          old[index],
          new[index],
          field.type,
          path: "\(path).\(field.name)",
          variable: variable,
          in: text,
          into: &changes
        )
      }
    case (.array(let old), .array(let new), .array(let indexType, let elementType))
    where old.count == new.count:
      for index in old.indices {
        let key = text.value(text.model.value(at: index, in: indexType))
        collect(
          old[index],
          new[index],
          elementType,
          path: "\(path)[\(key)]",
          variable: variable,
          in: text,
          into: &changes
        )
      }
    default:
      changes.append(
        StateChange(variable: variable, path: path, before: before, after: after)
      )
    }
  }
}
