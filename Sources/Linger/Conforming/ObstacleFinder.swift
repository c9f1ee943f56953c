import LingerConform
import LingerDiagnostics
import LingerEval
import LingerKernel
import LingerModel
import LingerReport

/// Says of a belief why nothing that it allows is what was seen: of each transition that sends such
/// a message the condition that excludes it, or the fields that would differ; the nearest first.
struct ObstacleFinder {
  private let subject: Subject
  private let text: BriefText
  private let evaluator: Evaluator

  init(_ subject: Subject, _ text: BriefText) {
    self.subject = subject
    self.text = text
    evaluator = Evaluator(subject.model)
  }

  private static let mostShown = 3

  func obstacles(
    to message: SeenMessage,
    in state: Follower.BelievedState
  ) -> [ConformanceFinding.Obstacle] {
    var found: [(rank: Int, obstacle: ConformanceFinding.Obstacle)] = []
    let role = subject.model.roles[subject.role]
    for number in role.transitions {
      let transition = subject.model.transitions[number]
      guard transition.body.sendsRecord(message.record) else { continue }
      if case .receive = transition.trigger, state.untaken.isEmpty { continue }
      guard let (rank, reason) = reason(number, message, state) else { continue }
      found.append(
        (
          rank,
          ConformanceFinding.Obstacle(
            transition: transition.name,
            reason: reason,
            clause: transition.documentation,
            line: text.sources.location(transition.span)?.line
          )
        )
      )
    }
    return found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .prefix(Self.mostShown).map(\.element.obstacle)
  }

  /// Why a transition does not send what was seen; the lower the rank, the nearer it comes.
  private func reason(
    _ number: Int,
    _ message: SeenMessage,
    _ state: Follower.BelievedState
  ) -> (rank: Int, reason: String)? {
    let transition = subject.model.transitions[number]
    var bindings: [(slot: Int, value: Value)] = []
    if case .receive(let record, let slot, let sender) = transition.trigger {
      guard let first = state.untaken.first, record == nil || record == first.record,
        let codec = subject.kernel.codec(ofRecord: first.record)
      else { return nil }
      bindings.append((slot, codec.value(in: first.values, at: 0)))
      bindings.append((sender, .instance(subject.instance)))
    }
    let whole = wholeState(state)
    let failing = (transition.guardCondition?.conjuncts ?? []).filter {
      !isTrue($0, bindings, transition, whole)
    }
    if let first = failing.first {
      return (100 + 10 * failing.count, "needs " + why(first, bindings, transition, whole))
    }
    var sent: [SeenMessage] = []
    var worker = KernelWorker(subject.kernel)
    worker.setState(state.state, of: subject.instance)
    subject.forEachOutput(of: number, in: &worker, seeing: message, taking: state.untaken.first) {
      sent.append($0)
    }
    if let (count, difference) = sent.map({ differences($0, message) }).min(by: { $0.0 < $1.0 }) {
      return (count, "would send \(difference)")
    }
    let hidden = HiddenValues(of: transition, in: subject.model)
    if let reason = choiceReason(transition.body, hidden, message, bindings, transition, whole) {
      return (50, reason)
    }
    return (80, "no value that it may choose fits")
  }

  /// The condition on a chosen value that what was seen does not fit.
  private func choiceReason(
    _ body: [Statement],
    _ hidden: HiddenValues,
    _ message: SeenMessage,
    _ bindings: [(slot: Int, value: Value)],
    _ transition: Transition,
    _ state: State
  ) -> String? {
    var bindings = bindings
    for statement in body {
      guard case .choose(let slot, let domain, let filter) = statement.kind else { continue }
      guard let value = hidden.values(of: slot, in: message).first,
        let chosen = domain.value(value, in: subject.model)
      else { continue }
      bindings.append((slot, chosen))
      let name =
        transition.localNames.indices.contains(slot) ? transition.localNames[slot] : "a value"
      if case .range(let low, let high) = domain {
        for (bound, words) in [(low, "below"), (high, "above")] {
          guard case .integer(let limit)? = self.value(bound, bindings, transition, state) else {
            continue
          }
          if words == "below" ? value < limit : value > limit {
            return "\(name) would be \(value), \(words) \(limit)"
          }
        }
      }
      if let filter, !isTrue(filter, bindings, transition, state) {
        let reason = why(filter, bindings, transition, state)
        return "\(name) would be \(text.value(chosen)): \(reason)"
      }
    }
    return nil
  }

  /// How many fields differ, and which.
  private func differences(_ sent: SeenMessage, _ seen: SeenMessage) -> (Int, String) {
    guard sent.record == seen.record, let codec = subject.kernel.codec(ofRecord: sent.record),
      case .record(let record, let ours) = codec.value(in: sent.values, at: 0),
      case .record(_, let theirs) = codec.value(in: seen.values, at: 0)
    else { return (99, "another message") }
    let fields = subject.model.records[record].fields
    var parts: [String] = []
    for (number, field) in fields.enumerated() where ours[number] != theirs[number] {
      parts.append("\(field.name) \(text.value(ours[number])), not \(text.value(theirs[number]))")
    }
    return (parts.count, parts.joined(separator: "; "))
  }

  // Expressions of a transition, in a state where only the subject is known.

  private func wholeState(_ believed: Follower.BelievedState) -> State {
    var state = evaluator.declaredState
    let places = subject.kernel.variables(ofRole: subject.role)
    state.instances[subject.instance].variables = places.map {
      $0.codec.value(in: believed.state, at: $0.register)
    }
    let first = believed.state.count - state.instances[subject.instance].armed.count
    state.instances[subject.instance].armed = believed.state[first...].map { $0 != 0 }
    return state
  }

  private func property(
    _ expression: Expression,
    _ bindings: [(slot: Int, value: Value)],
    _ transition: Transition
  ) -> Property {
    let owner = Expression(
      .constant(.instance(subject.instance)),
      .instance(subject.role),
      expression.span
    )
    var body = expression.owned(by: owner)
    for (slot, value) in bindings { body = body.substituting(local: slot, with: value) }
    var property = Property(
      kind: .invariant,
      name: "",
      documentation: nil,
      body: body,
      localCount: transition.localCount,
      span: expression.span
    )
    property.localNames = transition.localNames
    return property
  }

  private func isTrue(
    _ expression: Expression,
    _ bindings: [(slot: Int, value: Value)],
    _ transition: Transition,
    _ state: State
  ) -> Bool {
    let property = property(expression, bindings, transition)
    // What depends on a value that is not known may be true.
    if property.body.hasFreeLocal(bound: []) { return true }
    return (try? evaluator.evaluate(property, in: state)) ?? true
  }

  private func why(
    _ expression: Expression,
    _ bindings: [(slot: Int, value: Value)],
    _ transition: Transition,
    _ state: State
  ) -> String {
    let reason = evaluator.whyFalse(property(expression, bindings, transition), in: state)
    // The subject's own variables need no owner.
    let name = subject.model.instances[subject.instance].name
    return reason.replacing("\(name).", with: "")
  }

  private func value(
    _ expression: Expression,
    _ bindings: [(slot: Int, value: Value)],
    _ transition: Transition,
    _ state: State
  ) -> Value? {
    let property = property(expression, bindings, transition)
    if property.body.hasFreeLocal(bound: []) { return nil }
    var environment = Environment(subject.model, whole: state, property: property, stop: nil)
    return try? environment.value(of: property.body)
  }
}

extension Expression {
  /// The sides of `&&`.
  fileprivate var conjuncts: [Expression] {
    if case .binary(.and, let left, let right) = kind { return left.conjuncts + right.conjuncts }
    return [self]
  }

  /// Whether it reads a local that it does not bind itself.
  fileprivate func hasFreeLocal(bound: [Int]) -> Bool {
    switch kind {
    case .local(let slot): return !bound.contains(slot)
    case .bind(let slot, let value, let body):
      return value.hasFreeLocal(bound: bound) || body.hasFreeLocal(bound: bound + [slot])
    case .quantifier(_, let slot, let domain, let filter, let body):
      let inner = bound + [slot]
      return domain.expressions.contains { $0.hasFreeLocal(bound: bound) }
        || filter?.hasFreeLocal(bound: inner) ?? false || body.hasFreeLocal(bound: inner)
    default: return children.contains { $0.hasFreeLocal(bound: bound) }
    }
  }

  /// With what belongs to the acting instance given to one by name.
  fileprivate func owned(by owner: Expression) -> Expression {
    var result = mapChildren { $0.owned(by: owner) }
    switch result.kind {
    case .variable(nil, let number): result.kind = .variable(of: owner, number)
    case .timerIsArmed(nil, let timer): result.kind = .timerIsArmed(of: owner, timer)
    case .currentInstance: result.kind = owner.kind
    default: break
    }
    return result
  }
}

extension Domain {
  /// The value that a register holds, if it may be one of these.
  fileprivate func value(_ register: Int, in model: Model) -> Value? {
    switch self {
    case .range: return .integer(register)
    case .type(let type): return ValueCodec(followed: type, in: model)?.value(in: [register], at: 0)
    case .elements: return nil
    }
  }
}

extension [Statement] {
  fileprivate func sendsRecord(_ record: Int) -> Bool {
    contains { statement in
      if case .send(_, let message, _) = statement.kind { return message.type == .record(record) }
      return statement.inner.sendsRecord(record)
    }
  }
}
