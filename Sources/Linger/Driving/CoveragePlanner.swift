import LingerConform
import LingerDiagnostics
package import LingerDrive
import LingerExplore
import LingerKernel
package import LingerModel
import LingerReport

/// For each transition of a subject's role the shortest run in which the subject takes it, from the
/// explorer, as moves of a driven run.
///
/// The explorer reads the spec without time, so that a plan may not lead there: then it is just
/// another way to begin a run.
package struct CoveragePlanner {
  private let model: Model
  private let subject: Int
  private let conformance: Conformance
  /// To look up which way a step of another party was.
  private let world: World
  /// Envelopes of which the network makes a second copy before the next delivery.
  private var copied: Set<Envelope> = []

  /// States that are explored for it; transitions beyond are left to chance.
  private static let mostStates = 200_000

  /// Nil where the spec as it is explored has no such instance.
  package init?(_ conformance: Conformance, exploring specification: Specification) {
    guard let model = specification.context?.model else { return nil }
    let name = conformance.model.instances[conformance.subject.instance].name
    guard let subject = model.instances.firstIndex(where: { $0.name == name }) else { return nil }
    self.model = model
    self.subject = subject
    self.conformance = conformance
    world = World(conformance.subject)
  }

  /// The plans, those of the spec's first transitions first.
  package func plans(threads: Int, budget: Budget) -> [[Move]] {
    let marked = markedModel()
    let first = model.properties.count
    var options = ExploreOptions(budget: budget.nested(states: Self.mostStates))
    options.threads = threads
    options.usesSymmetry = false
    options.stopsWhenDecided = true
    options.questions = (first..<marked.properties.count).map { .property($0) }
    var result: [[Move]] = []
    for found in explore(marked, options: options).results {
      guard case .property(let number) = found.question, number >= first,
        case .violated(let violation) = found.verdict, let trace = violation.trace
      else { continue }
      var planner = self
      let moves = planner.moves(of: trace)
      if !moves.isEmpty, !result.contains(moves) { result.append(moves) }
    }
    return result
  }

  /// The model with a variable that says which transition the subject took last, and for each an
  /// invariant that it never takes it.
  private func markedModel() -> Model {
    var result = model
    let role = model.instances[subject].role
    let transitions = model.roles[role].transitions
    let type = ModelType.integer(0...transitions.count)
    let place = model.roles[role].variables.count
    let span = model.roles[role].span
    result.roles[role].variables.append(
      Role.Variable(
        name: "last transition",
        documentation: nil,
        type: type,
        initial: .integer(0),
        isGhost: true,
        span: span
      )
    )
    for instance in model.instances(of: role) {
      result.instances[instance].initial.append(.integer(0))
    }
    let me = Expression(.constant(.instance(subject)), .instance(role), span)
    let actor = Expression(.currentInstance, .instance(role), span)
    let isMe = Expression(.binary(.equal, actor, me), .bool, span)
    let mark = Place(variable: place, path: [], type: type, span: span)
    for (number, transition) in transitions.enumerated() {
      let value = Expression(.constant(.integer(number + 1)), type, span)
      let none = Expression(.constant(.integer(0)), type, span)
      let chosen = Expression(.conditional(isMe, value, none), type, span)
      result.transitions[transition].body.insert(
        Statement(.assign(mark, chosen), span),
        at: 0
      )
      let last = Expression(.variable(of: me, place), type, span)
      result.properties.append(
        Property(
          kind: .invariant,
          name: "never \(model.transitions[transition].name)",
          documentation: nil,
          body: Expression(.binary(.notEqual, last, value), .bool, span),
          localCount: 0,
          span: span
        )
      )
    }
    return result
  }

  private mutating func moves(of trace: Trace) -> [Move] {
    var result: [Move] = []
    var before = trace.initial
    for entry in trace.entries {
      if let move = move(entry, from: before) { result.append(move) }
      guard let after = entry.state else { break }
      before = after
    }
    return result
  }

  private mutating func move(_ entry: Trace.Entry, from before: State) -> Move? {
    switch entry.step {
    case .ignoredTimeout: return .wait(.untilDue)
    case .duplicate(let envelope, _):
      copied.insert(envelope)
      return nil
    case .lose(let envelope, _):
      return seen(envelope).map { .lose(.like($0), to: envelope.receiver) }
    case .transition(let instance, let transition, let cause, let choices):
      switch cause {
      case .timeout: return .wait(.untilDue)
      case .receive(let envelope):
        let hints = instance == subject ? nil : firstSent(entry)
        return delivery(of: envelope, answer: hints.map { Move.PartyChoice(transition, hints: $0) })
      case .call where instance == subject: return call(transition, choices)
      case .internal where instance == subject: return nil
      case .call, .internal:
        return .party(instance, step(entry, of: transition, by: instance, from: before))
      }
    }
  }

  private mutating func delivery(of envelope: Envelope, answer: Move.PartyChoice?) -> Move? {
    guard let message = seen(envelope) else { return nil }
    let isSet = model.networks[envelope.network].discipline == .set
    let keepsCopy = copied.remove(envelope) != nil || isSet
    // The implementation's numbers need not be those that were explored.
    return .deliver(.like(message), to: envelope.receiver, keepsCopy: keepsCopy, answer: answer)
  }

  /// The first message of a step.
  private func firstSent(_ entry: Trace.Entry) -> SeenMessage? {
    for case .send(let envelope, _) in entry.effects { return seen(envelope) }
    return nil
  }

  private func call(_ transition: Int, _ choices: [Value]) -> Move? {
    guard case .call(let name, let parameters) = model.transitions[transition].trigger else {
      return nil
    }
    var arguments: [[Int]] = []
    for (parameter, value) in zip(parameters, choices) {
      guard
        let registers = ValueCodec(followed: parameter.type, in: conformance.model)?
          .registers(of: value)
      else { return nil }
      arguments.append(registers)
    }
    return .call(name: name, arguments: arguments)
  }

  /// Which of the ways of a transition leads to the state after a step.
  private func step(
    _ entry: Trace.Entry,
    of transition: Int,
    by instance: Int,
    from before: State
  ) -> Move.PartyChoice {
    var result = Move.PartyChoice(transition, hints: firstSent(entry))
    guard let start = registers(before, instance), let end = entry.state,
      let wanted = registers(end, instance)
    else { return result }
    result.way =
      world.way(of: transition, by: instance, from: start, to: wanted, hints: result.hints) ?? 0
    return result
  }

  /// An instance's state as registers; the marking variable, which the driven spec does not have,
  /// stands behind the others.
  private func registers(_ state: State, _ instance: Int) -> [Int]? {
    let role = conformance.model.instances[instance].role
    let variables = conformance.kernel.variables(ofRole: role)
    var result: [Int] = []
    for (value, variable) in zip(state.instances[instance].variables, variables) {
      guard let registers = variable.codec.registers(of: value) else { return nil }
      result += registers
    }
    return result + state.instances[instance].armed.map { $0 ? 1 : 0 }
  }

  private func seen(_ envelope: Envelope) -> SeenMessage? {
    guard case .record(let record, _) = envelope.message,
      let values = conformance.kernel.codec(ofRecord: record)?.registers(of: envelope.message)
    else { return nil }
    return SeenMessage(record: record, values: values)
  }
}
