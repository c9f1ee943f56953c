package import LingerModel

/// Steps as JSON, by names; the form of reports and of trace files.
package struct StepCoding {
  private let model: Model
  private let values: ValueCoding

  package init(model: Model) {
    self.model = model
    values = ValueCoding(model: model)
  }

  package func encode(_ step: Step) -> JSONValue {
    switch step {
    case .transition(let instance, let transition, let cause, let choices):
      .members([
        "kind": .string("transition"), "instance": .string(model.instances[instance].name),
        "transition": .string(model.transitions[transition].name), "cause": encode(cause),
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

  private func encode(_ cause: Step.Cause) -> JSONValue {
    switch cause {
    case .call: .object(["kind": .string("call")])
    case .internal: .object(["kind": .string("internal")])
    case .timeout: .object(["kind": .string("timeout")])
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

  private func parameters(of transition: Transition) -> [Transition.CallParameter] {
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

  private func role(of instance: Int) -> Role { model.roles[model.instances[instance].role] }

  // Back again.

  /// The steps of a file, or which name in which step the model does not know.
  package func decode(_ steps: [JSONValue]) throws(TraceFileError) -> [Step] {
    var decoded: [Step] = []
    for (index, json) in steps.enumerated() {
      do throws(TraceFileError) {
        decoded.append(try decode(json))
      } catch {
        throw TraceFileError(error.message, step: index + 1)
      }
    }
    return decoded
  }

  package func decode(_ json: JSONValue) throws(TraceFileError) -> Step {
    switch try text("kind", of: json) {
    case "transition": return try decodeTransition(json)
    case "ignoredTimeout":
      let instance = try decodeInstance("instance", of: json)
      let names = role(of: instance).timers.map(\.name)
      let kind = "timer of '\(role(of: instance).name)'"
      return .ignoredTimeout(
        instance: instance,
        timer: try values.find(try text("timer", of: json), in: names, kind)
      )
    case "lose":
      return .lose(try decodeMessage(of: json), position: json["position"]?.integer ?? 0)
    case "duplicate":
      return .duplicate(try decodeMessage(of: json), position: json["position"]?.integer ?? 0)
    case let kind: throw TraceFileError.unknown(kind, "kind of step", among: Self.kinds)
    }
  }

  private static let kinds = ["transition", "ignoredTimeout", "lose", "duplicate"]

  private func decodeTransition(_ json: JSONValue) throws(TraceFileError) -> Step {
    let instance = try decodeInstance("instance", of: json)
    let role = role(of: instance)
    let names = role.transitions.map { model.transitions[$0].name }
    let name = try text("transition", of: json)
    let number = role.transitions[
      try values.find(name, in: names, "transition of '\(role.name)'")
    ]
    let transition = model.transitions[number]
    var choices: [Value] = []
    for parameter in parameters(of: transition) {
      guard let argument = json["arguments"]?[parameter.name] else {
        throw TraceFileError("the call of '\(name)' has no argument '\(parameter.name)'")
      }
      choices.append(try values.decode(argument, as: parameter.type))
    }
    for choice in json["choices"]?.array ?? [] {
      choices.append(try values.decodeTagged(choice))
    }
    let cause: Step.Cause
    switch transition.trigger {
    case .call: cause = .call
    case .internal: cause = .internal
    case .timeout(let timer): cause = .timeout(timer: timer)
    case .receive:
      guard let received = json["cause"] else { throw missing("cause") }
      cause = .receive(try decodeMessage(of: received))
    }
    return .transition(
      instance: instance,
      transition: number,
      cause: cause,
      choices: choices
    )
  }

  private func decodeMessage(of json: JSONValue) throws(TraceFileError) -> Envelope {
    guard let message = json["message"] else { throw missing("message") }
    let sender = try decodeInstance("from", of: message)
    let receiver = try decodeInstance("to", of: message)
    let messages = model.records.indices.filter { model.records[$0].isMessage }
    let record = messages[
      try values.find(
        try text("name", of: message),
        in: messages.map { model.records[$0].name },
        "message"
      )
    ]
    guard let fields = message["fields"]?.object else { throw missing("fields") }
    return Envelope(
      network: try network(from: sender, to: receiver, record),
      sender: sender,
      receiver: receiver,
      message: try values.decode(fields, record: record)
    )
  }

  /// The one network that carries a message between two instances.
  private func network(
    from sender: Int,
    to receiver: Int,
    _ record: Int
  ) throws(TraceFileError) -> Int {
    let roles = (model.instances[sender].role, model.instances[receiver].role)
    let found = model.networks.firstIndex { network in
      network.routes.contains {
        ($0.sender, $0.receiver) == roles && $0.messages.contains(record)
      }
    }
    guard let found else {
      let names = [sender, receiver].map { model.instances[$0].name }
      throw TraceFileError(
        "no network carries '\(model.records[record].name)' from '\(names[0])' to '\(names[1])'"
      )
    }
    return found
  }

  private func decodeInstance(
    _ key: String,
    of json: JSONValue
  ) throws(TraceFileError) -> Int {
    try values.find(try text(key, of: json), in: model.instances.map(\.name), "instance")
  }

  private func text(_ key: String, of json: JSONValue) throws(TraceFileError) -> String {
    guard let text = json[key]?.string else { throw missing(key) }
    return text
  }

  private func missing(_ key: String) -> TraceFileError {
    TraceFileError("a member \"\(key)\" is missing or of another type")
  }
}
