package import LingerModel

/// Steps back from JSON. Every member is looked at: a file that says something else than what is
/// run again would be worse than one that cannot be read.
extension StepCoding {
  /// The initial state that a file names, with everything else as in `declared`.
  package func decode(
    beginning json: JSONValue?,
    from declared: State
  ) throws(TraceFileError) -> State {
    var state = declared
    for (number, instance) in model.instances.enumerated() where !instance.open.isEmpty {
      for index in instance.open {
        let variable = model.roles[instance.role].variables[index]
        guard let value = json?[instance.name]?[variable.name] else {
          throw TraceFileError(
            "the file does not say what '\(instance.name).\(variable.name)' begins with"
          )
        }
        state.instances[number].variables[index] = try values.decode(value, as: variable.type)
      }
    }
    return state
  }

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

  private func decode(_ json: JSONValue) throws(TraceFileError) -> Step {
    switch try json.text("kind") {
    case "transition": return try decodeTransition(json)
    case "ignoredTimeout":
      try json.requireOnly(["kind", "instance", "timer"], in: "the step")
      let instance = try decodeInstance("instance", of: json)
      let names = role(of: instance).timers.map(\.name)
      let kind = "timer of '\(role(of: instance).name)'"
      return .ignoredTimeout(
        instance: instance,
        timer: try values.find(try json.text("timer"), in: names, kind)
      )
    case "lose":
      return .lose(try decodeMessage(of: json), position: try position(of: json))
    case "duplicate":
      return .duplicate(try decodeMessage(of: json), position: try position(of: json))
    case let kind: throw TraceFileError.unknown(kind, "kind of step", among: Self.kinds)
    }
  }

  private func position(of json: JSONValue) throws(TraceFileError) -> Int {
    try json.requireOnly(["kind", "message", "position"], in: "the step")
    guard let position = json["position"]?.integer else { throw JSONValue.missing("position") }
    return position
  }

  private static var kinds: [String] {
    ["transition", "ignoredTimeout", "lose", "duplicate"]
  }

  private func decodeTransition(_ json: JSONValue) throws(TraceFileError) -> Step {
    let instance = try decodeInstance("instance", of: json)
    let role = role(of: instance)
    let names = role.transitions.map { model.transitions[$0].name }
    let name = try json.text("transition")
    let number = role.transitions[
      try values.find(name, in: names, "transition of '\(role.name)'")
    ]
    let transition = model.transitions[number]
    try json.requireOnly(
      ["kind", "instance", "transition", "cause", "arguments", "choices"],
      in: "the step"
    )
    var choices = try decodeArguments(of: json, transition)
    for choice in try json.list("choices") { choices.append(try values.decodeTagged(choice)) }
    let cause = try decodeCause(of: json, transition)
    return .transition(
      instance: instance,
      transition: number,
      cause: cause,
      choices: choices
    )
  }

  private func decodeArguments(
    of json: JSONValue,
    _ transition: Transition
  ) throws(TraceFileError) -> [Value] {
    guard let arguments = json["arguments"] else { throw JSONValue.missing("arguments") }
    let parameters = parameters(of: transition)
    try arguments.requireOnly(parameters.map(\.name), in: "the arguments of '\(transition.name)'")
    var decoded: [Value] = []
    for parameter in parameters {
      guard let argument = arguments[parameter.name] else {
        throw TraceFileError(
          "the call of '\(transition.name)' has no argument '\(parameter.name)'"
        )
      }
      decoded.append(try values.decode(argument, as: parameter.type))
    }
    return decoded
  }

  /// The cause, which has to be the one that the transition waits for.
  private func decodeCause(
    of json: JSONValue,
    _ transition: Transition
  ) throws(TraceFileError) -> Step.Cause {
    guard let given = json["cause"] else { throw JSONValue.missing("cause") }
    let (wanted, members) = kind(of: transition.trigger)
    let kind = try given.text("kind")
    guard kind == wanted else {
      throw TraceFileError("the cause of '\(transition.name)' is '\(wanted)', not '\(kind)'")
    }
    try given.requireOnly(["kind"] + members, in: "the cause")
    switch transition.trigger {
    case .call: return .call
    case .internal: return .internal
    case .timeout(let timers, nil): return .timeout(timer: timers.lowerBound)
    case .timeout(let timers, _?):
      let names = model.roles[transition.role].timers[timers].map(\.name)
      let timer = try given.text("timer")
      let found = try values.find(timer, in: names, "timer of '\(transition.name)'")
      return .timeout(timer: timers.lowerBound + found)
    case .receive: return .receive(try decodeMessage(of: given))
    }
  }

  private func kind(of trigger: Transition.Trigger) -> (name: String, members: [String]) {
    switch trigger {
    case .call: ("call", [])
    case .internal: ("internal", [])
    case .timeout(_, let index): ("timeout", index == nil ? [] : ["timer"])
    case .receive: ("receive", ["message"])
    }
  }

  private func decodeMessage(of json: JSONValue) throws(TraceFileError) -> Envelope {
    guard let message = json["message"] else { throw JSONValue.missing("message") }
    try message.requireOnly(["network", "from", "to", "name", "fields"], in: "the message")
    let sender = try decodeInstance("from", of: message)
    let receiver = try decodeInstance("to", of: message)
    let messages = model.records.indices.filter { model.records[$0].isMessage }
    let record = messages[
      try values.find(
        try message.text("name"),
        in: messages.map { model.records[$0].name },
        "message"
      )
    ]
    guard let fields = message["fields"]?.object else { throw JSONValue.missing("fields") }
    return Envelope(
      network: try network(from: sender, to: receiver, record, try message.textIfAny("network")),
      sender: sender,
      receiver: receiver,
      message: try values.decode(fields, record: record)
    )
  }

  /// The one network that carries a message between two instances; its name has to be the one
  /// given.
  private func network(
    from sender: Int,
    to receiver: Int,
    _ record: Int,
    _ name: String?
  ) throws(TraceFileError) -> Int {
    let roles = (model.instances[sender].role, model.instances[receiver].role)
    let candidates = model.networks.indices.filter { number in
      model.networks[number].routes.contains {
        ($0.sender, $0.receiver) == roles && $0.messages.contains(record)
      }
    }
    let found = candidates.first { model.networks[$0].name == name } ?? candidates.first
    guard let found, model.networks[found].name == name else {
      let network = name.map { "network '\($0)' does not carry" } ?? "no network carries"
      let names = [sender, receiver].map { model.instances[$0].name }
      throw TraceFileError(
        "\(network) '\(model.records[record].name)' from '\(names[0])' to '\(names[1])'"
      )
    }
    return found
  }

  private func decodeInstance(
    _ key: String,
    of json: JSONValue
  ) throws(TraceFileError) -> Int {
    try values.find(try json.text(key), in: model.instances.map(\.name), "instance")
  }
}
