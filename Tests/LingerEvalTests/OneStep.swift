import LingerEval
import LingerModel
import LingerTestSupport

/// What one body does, as text: the funnel of the tests on statements and expressions.
///
/// - Returns: For each step of `transition go` from the initial state the variables after it, or
///   the kind and message of the error.
func steps(
  of body: String,
  members: String = "",
  declarations: String = ""
) throws -> [String] {
  let spec = """
    protocol Test
    \(declarations)
    role A {
      \(members)
      transition go on internal {
        \(body)
      }
    }
    instances a: A
    """
  let model = try Model(spec: spec)
  let evaluator = Evaluator(model)
  return evaluator.successors(of: evaluator.initialState).map { successor in
    switch successor.outcome {
    case .success(let state): text(state.instances[0], of: model.roles[0], in: model)
    case .failure(let error): "\(error.kind.rawValue): \(error.message)"
    }
  }
}

private func text(_ state: State.InstanceState, of role: Role, in model: Model) -> String {
  let variables = zip(role.variables, state.variables).map {
    "\($0.name)=\(describe($1, in: model))"
  }
  let timers = zip(role.timers, state.armed).filter(\.1).map { "\($0.0.name) is armed" }
  return (variables + timers).joined(separator: " ")
}

/// The whole system as text: `a(x=1) b(x=0) | a->b M(n: 1) x2`.
func text(_ state: State, in model: Model) -> String {
  let instances = zip(model.instances, state.instances).map { instance, own in
    "\(instance.name)(\(text(own, of: model.roles[instance.role], in: model)))"
  }
  let messages = state.networks.flatMap(\.messages).map { message in
    let names = [message.envelope.sender, message.envelope.receiver].map {
      model.instances[$0].name
    }
    let copies = message.copies == 1 ? "" : " x\(message.copies)"
    return "\(names[0])->\(names[1]) \(describe(message.envelope.message, in: model))\(copies)"
  }
  return (instances + (messages.isEmpty ? [] : ["|"]) + messages).joined(separator: " ")
}

extension Evaluator {
  /// Each step from a state as text: `a.go(1)`, `b.get(M(n: 0))`, `a.tick expires`, `lose ...`.
  func stepTexts(of state: State) -> [String] {
    successors(of: state).map { text($0.step) }
  }

  func text(_ step: Step) -> String {
    func value(_ value: Value) -> String { describe(value, in: model) }
    switch step {
    case .transition(let instance, let transition, let cause, let choices):
      var arguments = choices.map(value)
      if case .receive(let envelope) = cause { arguments.insert(value(envelope.message), at: 0) }
      let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
      return "\(model.instances[instance].name).\(model.transitions[transition].name)\(list)"
    case .ignoredTimeout(let instance, let timer):
      let timers = model.roles[model.instances[instance].role].timers
      return "\(model.instances[instance].name).\(timers[timer].name) ignored"
    case .lose(let envelope, let position): return "lose \(value(envelope.message))@\(position)"
    case .duplicate(let envelope, let position):
      return "double \(value(envelope.message))@\(position)"
    }
  }

  /// The state after the steps with these texts, each the first of its text.
  func state(after texts: String...) throws -> State {
    var state = initialState
    for text in texts {
      guard let successor = successors(of: state).first(where: { self.text($0.step) == text })
      else { throw SpecTextError(description: "no '\(text)' in \(stepTexts(of: state))") }
      state = try successor.outcome.get()
    }
    return state
  }
}
