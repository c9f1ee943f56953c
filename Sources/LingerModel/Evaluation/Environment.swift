import LingerDiagnostics

/// What an expression is worked out in: values of the locals, and the state that it may read.
///
/// Constants in the compiler, bodies in the evaluator and properties in a state all have their
/// values from here, so that an expression means the same wherever it stands.
package struct Environment {
  package let model: Model
  /// The instance that takes the step; nil in a property and for constants.
  package let actor: Int?
  /// The actor's own state, which its body changes.
  package var own: State.InstanceState
  /// The state that a property reads; nil in role code, which sees its own instance only.
  let whole: State?
  let copiesInFlight: (Envelope) -> Int
  package var locals: [Value?]
  package let localNames: [String]
  /// Ends loops that take too long; nil for none.
  private let stop: StopCheck?
  /// How elapsed times compare in this evaluation of a guard.
  package var elapsedWay = ElapsedWay()
  /// Operations until the evaluation is given up; only the compiler sets a limit.
  var stepsLeft = Int.max

  /// For the guard and body of a transition.
  package init(
    _ model: Model,
    actor: Int,
    local: State.InstanceState,
    transition: Transition,
    copiesInFlight: @escaping (Envelope) -> Int,
    stop: StopCheck? = nil
  ) {
    self.model = model
    self.actor = actor
    own = local
    whole = nil
    self.copiesInFlight = copiesInFlight
    self.stop = stop
    locals = Array(repeating: nil, count: transition.localCount)
    localNames = transition.localNames
  }

  /// For a property.
  package init(
    _ model: Model,
    whole: State,
    property: Property,
    stop: StopCheck? = nil
  ) {
    self.model = model
    actor = nil
    own = State.InstanceState(variables: [], armed: [])
    self.whole = whole
    copiesInFlight = { whole.networks[$0.network].copies(of: $0) }
    self.stop = stop
    locals = Array(repeating: nil, count: property.localCount)
    localNames = property.localNames
  }

  /// For an expression that reads no state: see ``Expression/firstOpenPart(bound:)``.
  fileprivate init(constantsOf model: Model, localCount: Int, steps: Int) {
    self.model = model
    actor = nil
    own = State.InstanceState(variables: [], armed: [])
    whole = nil
    stop = nil
    copiesInFlight = { _ in preconditionFailure("a constant counts messages in flight") }
    locals = Array(repeating: nil, count: localCount)
    localNames = []
    stepsLeft = steps
  }

  /// The expression as its author wrote it, for error messages.
  package func text(_ expression: Expression) -> String {
    describe(
      expression,
      in: model,
      role: actor.map { model.instances[$0].role },
      locals: localNames
    )
  }

  package func text(_ value: Value) -> String { describe(value, in: model) }

  /// One round of a loop that a spec can make long.
  @inline(__always)
  package func spendRound() throws(SpecError) {
    if let stop, stop.spend() {
      throw SpecError(.tooLong, stop.reason?.text ?? "stopped", at: .none)
    }
  }
}

extension Model {
  /// The value of an expression that reads no state; durations have their values in force.
  package func value(
    ofConstant expression: Expression,
    steps: Int = .max
  ) throws(SpecError) -> Value {
    let count = expression.localCount
    var environment = Environment(constantsOf: self, localCount: count, steps: steps)
    return try environment.value(of: expression)
  }

  /// The value of a duration over parameters, for the values in force; nil where it has none.
  package func duration(_ expression: Expression) -> Rational? {
    guard case .duration(let time) = try? value(ofConstant: expression) else { return nil }
    return time
  }
}

extension State.NetworkState {
  /// How many copies of this very message are in flight.
  package func copies(of envelope: Envelope) -> Int {
    messages.reduce(0) { $1.envelope == envelope ? $0 + $1.copies : $0 }
  }
}

extension Expression {
  /// The first part that has no value before the protocol runs: it reads the state, or a local
  /// that is bound outside and not among `bound`.
  package func firstOpenPart(bound: [Int] = []) -> Expression? {
    switch kind {
    case .local(let slot): return bound.contains(slot) ? nil : self
    case .variable, .timerIsArmed, .elapsed, .currentInstance, .messagesInFlight, .copiesInFlight,
      .leadsTo:
      return self
    case .bind(let slot, let value, let body):
      return value.firstOpenPart(bound: bound) ?? body.firstOpenPart(bound: bound + [slot])
    case .quantifier(_, let slot, let domain, let filter, let body):
      let inner = (filter.map { [$0] } ?? []) + [body]
      return domain.expressions.firstResult { $0.firstOpenPart(bound: bound) }
        ?? inner.firstResult { $0.firstOpenPart(bound: bound + [slot]) }
    default: return children.firstResult { $0.firstOpenPart(bound: bound) }
    }
  }

  /// How many slots a frame needs for the binders inside.
  package var localCount: Int {
    let own =
      switch kind {
      case .bind(let slot, _, _), .quantifier(_, let slot, _, _, _): slot + 1
      default: 0
      }
    return children.reduce(own) { max($0, $1.localCount) }
  }
}

extension [Expression] {
  fileprivate func firstResult(_ find: (Expression) -> Expression?) -> Expression? {
    for expression in self {
      if let found = find(expression) { return found }
    }
    return nil
  }
}
