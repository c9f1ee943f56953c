import LingerDiagnostics
import LingerModel

/// What an expression or a body works on: the acting instance's own state, locals, and effects.
struct Frame {
  let model: Model
  /// The instance that takes the step; nil in a property.
  let actor: Int?
  /// The actor's own state, which the body changes.
  var own: State.InstanceState
  /// The state that a property reads; nil in role code, which sees its own instance only.
  let whole: State?
  let copiesInFlight: (Envelope) -> Int
  var locals: [Value?]
  let localNames: [String]

  /// Which value each `choose` takes in this run of the body, and the values it took.
  var way = ChoiceWay()
  var chosen: [Value] = []
  var effects: [Effect] = []
  var sends: [Envelope] = []
  var sendSpans: [Span] = []

  /// For the guard and body of a transition.
  init(
    model: Model,
    actor: Int,
    local: State.InstanceState,
    transition: Transition,
    copiesInFlight: @escaping (Envelope) -> Int
  ) {
    self.model = model
    self.actor = actor
    own = local
    whole = nil
    self.copiesInFlight = copiesInFlight
    locals = Array(repeating: nil, count: transition.localCount)
    localNames = transition.localNames
  }

  /// For a property.
  init(model: Model, whole: State, property: Property) {
    self.model = model
    actor = nil
    own = State.InstanceState(variables: [], armed: [])
    self.whole = whole
    copiesInFlight = { whole.networks[$0.network].copies(of: $0) }
    locals = Array(repeating: nil, count: property.localCount)
    localNames = property.localNames
  }

  /// The expression as its author wrote it, for error messages.
  func text(_ expression: Expression) -> String {
    describe(
      expression,
      in: model,
      role: actor.map { model.instances[$0].role },
      locals: localNames
    )
  }

  func text(_ value: Value) -> String { describe(value, in: model) }
}

/// The way through a body's `choose` statements: a number for each, in the order they are met.
///
/// A body runs once for each way; ways come in lexicographic order, so the first `choose` is the
/// slowest. How many values a `choose` has may depend on the ones before, hence no product.
struct ChoiceWay {
  private var taken: [Int] = []
  private var counts: [Int] = []
  private var depth = 0

  /// The number that the `choose` met next takes out of `count`.
  mutating func take(outOf count: Int) -> Int {
    if depth == taken.count {
      taken.append(0)
      counts.append(count)
    }
    defer { depth += 1 }
    return taken[depth]
  }

  /// The way after this one, known once the body has run; nil after the last.
  var next: ChoiceWay? {
    var following = self
    following.depth = 0
    while let last = following.taken.popLast(), let count = following.counts.popLast() {
      guard last + 1 < count else { continue }
      following.taken.append(last + 1)
      following.counts.append(count)
      return following
    }
    return nil
  }
}
