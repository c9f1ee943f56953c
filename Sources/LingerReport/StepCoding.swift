package import LingerModel

/// Steps as JSON, by names; the form of reports and of trace files.
package struct StepCoding {
  let model: Model
  let values: ValueCoding

  package init(model: Model) {
    self.model = model
    values = ValueCoding(model: model)
  }

  package func encode(_ step: Step) -> JSONValue {
    switch step {
    case .transition(let instance, let transition, let cause, let choices):
      .members([
        "kind": .string("transition"), "instance": .string(model.instances[instance].name),
        "transition": .string(model.transitions[transition].name),
        "cause": encode(cause, of: model.transitions[transition]),
        "arguments": .object(arguments(choices, of: model.transitions[transition])),
        "choices": .array(
          choices.dropFirst(parameters(of: model.transitions[transition]).count)
            .map(values.encodeTagged)
        ),
      ])
    case .ignoredTimeout(let instance, let timer):
      .object([
        "kind": .string("ignoredTimeout"), "instance": .string(model.instances[instance].name),
        "timer": .string(role(of: instance).timers[timer].name),
      ])
    case .lose(let envelope, let position):
      .object([
        "kind": .string("lose"), "message": encode(envelope), "position": .integer(position),
      ])
    case .duplicate(let envelope, let position):
      .object([
        "kind": .string("duplicate"), "message": encode(envelope), "position": .integer(position),
      ])
    }
  }

  private func encode(_ cause: Step.Cause, of transition: Transition) -> JSONValue {
    switch cause {
    case .call: .object(["kind": .string("call")])
    case .internal: .object(["kind": .string("internal")])
    case .timeout(let timer):
      // Only where there are several is there more to say.
      if case .timeout(_, _?) = transition.trigger {
        .object([
          "kind": .string("timeout"),
          "timer": .string(model.roles[transition.role].timers[timer].name),
        ])
      } else {
        .object(["kind": .string("timeout")])
      }
    case .receive(let envelope): .object(["kind": .string("receive"), "message": encode(envelope)])
    }
  }

  package func encode(_ envelope: Envelope) -> JSONValue {
    guard case .record(let number, let fields) = envelope.message else {
      preconditionFailure("a message in flight is a record")
    }
    return .members([
      "network": .optional(model.networks[envelope.network].name),
      "from": .string(model.instances[envelope.sender].name),
      "to": .string(model.instances[envelope.receiver].name),
      "name": .string(model.records[number].name),
      "fields": .object(values.encode(fields, of: model.records[number])),
    ])
  }

  func parameters(of transition: Transition) -> [Transition.CallParameter] {
    if case .call(_, let parameters) = transition.trigger { parameters } else { [] }
  }

  private func arguments(
    _ choices: [Value],
    of transition: Transition
  ) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (parameter, value) in zip(parameters(of: transition), choices) {
      members[parameter.name] = values.encode(value, as: parameter.type)
    }
    return members
  }

  func role(of instance: Int) -> Role { model.roles[model.instances[instance].role] }

  /// The values that tell one initial state from others; nil where there is only one.
  package func encode(beginning state: State) -> JSONValue? {
    var instances: [String: JSONValue] = [:]
    for (number, instance) in model.instances.enumerated() where !instance.open.isEmpty {
      var variables: [String: JSONValue] = [:]
      for index in instance.open {
        let variable = model.roles[instance.role].variables[index]
        let value = state.instances[number].variables[index]
        variables[variable.name] = values.encode(value, as: variable.type)
      }
      instances[instance.name] = .object(variables)
    }
    return instances.isEmpty ? nil : .object(instances)
  }
}
