package import LingerDiagnostics

/// A protocol after names, types and finite parameters are resolved: what every engine runs.
///
/// Finite parameters (`resends`) are already constants here; duration parameters (`msl`) stay
/// symbols with a value, since the solver keeps them free. Everything is numbered: an enum, a
/// record, a role, an instance, a network is known by its index in the arrays below.
package struct Model: Sendable {
  package var name: String
  package var documentation: String?
  package var parameters: [Parameter] = []
  /// Conditions on parameters: constraints for the solver; already true for the chosen values.
  package var assumptions: [Expression] = []
  package var enumerations: [Enumeration] = []
  package var records: [Record] = []
  package var networks: [Network] = []
  package var roles: [Role] = []
  package var instances: [Instance] = []
  /// Every transition of every role, each role's in source order, `otherwise` ones last.
  package var transitions: [Transition] = []
  package var properties: [Property] = []
  package var profiles: [Profile] = []
  /// A comparison of durations on which something rests that was fixed before the run: an initial
  /// value, a capacity, the bound of a type. The model is then that of the values in force.
  package var constantComparison: Expression?
  /// Conditions on the states that a run may begin in.
  package var initially: [Property] = []
  /// What the audit leaves out.
  package var audit = AuditSettings()

  package init(name: String, documentation: String? = nil) {
    self.name = name
    self.documentation = documentation
  }

  /// The instances of a role, in order.
  package func instances(of role: Int) -> [Int] {
    instances.indices.filter { instances[$0].role == role }
  }

  /// The predicate of `final`; nil where the spec has none.
  package var final: Property? { properties.first { $0.kind == .final } }
}

/// A constant that the user may set; `value` is the one in force.
package struct Parameter: Sendable {
  package var name: String
  package var documentation: String?
  package var type: ModelType
  package var value: Value
  /// The declared default in symbols where it is a duration (`2 * msl`), else nil.
  package var definition: Expression?
  /// Whether the user chose the value (a profile, `--set`) in place of the declared default.
  package var isChosen = false
  package var span: Span

  package init(
    name: String,
    documentation: String?,
    type: ModelType,
    value: Value,
    definition: Expression?,
    span: Span
  ) {
    self.name = name
    self.documentation = documentation
    self.type = type
    self.value = value
    self.definition = definition
    self.span = span
  }
}

package struct Enumeration: Sendable {
  package var name: String
  package var cases: [String]
  package var caseSpans: [Span]
  package var span: Span

  package init(name: String, cases: [String], caseSpans: [Span], span: Span) {
    self.name = name
    self.cases = cases
    self.caseSpans = caseSpans
    self.span = span
  }
}

/// A struct or a message.
package struct Record: Sendable {
  package struct Field: Sendable {
    package var name: String
    package var type: ModelType

    package init(name: String, type: ModelType) {
      self.name = name
      self.type = type
    }
  }

  package var name: String
  package var documentation: String?
  package var fields: [Field]
  package var isMessage: Bool
  package var span: Span

  package init(
    name: String,
    documentation: String?,
    fields: [Field],
    isMessage: Bool,
    span: Span
  ) {
    self.name = name
    self.documentation = documentation
    self.fields = fields
    self.isMessage = isMessage
    self.span = span
  }
}

/// What lies between instances, and what it may do to messages. docs/semantics.md, "Network".
package struct Network: Sendable {
  /// Messages of these kinds from any instance of one role to any other instance of another
  /// (or of the same) role.
  package struct Route: Sendable {
    package var sender: Int
    package var receiver: Int
    package var messages: [Int]

    package init(sender: Int, receiver: Int, messages: [Int]) {
      self.sender = sender
      self.receiver = receiver
      self.messages = messages
    }
  }

  /// How often a fault may happen.
  package enum Fault: Hashable, Sendable {
    case never
    case unlimited
    case budget(Int)
  }

  /// How messages in flight are kept; follows from the options, see ``discipline``.
  package enum Discipline: Hashable, Sendable {
    /// Sent once, deliverable for ever: unlimited duplication without explicit acts.
    case set
    /// Copies of a message value, delivered in any order, each at most once.
    case multiset
    /// First in, first out for each ordered pair of instances.
    case queue
  }

  /// `delay shortest...longest`: a message arrives no earlier after it was sent, and, unless it is
  /// lost, no later.
  package struct Delay: Sendable {
    package var shortest: Expression
    package var longest: Expression

    package init(shortest: Expression, longest: Expression) {
      self.shortest = shortest
      self.longest = longest
    }
  }

  package var name: String?
  package var routes: [Route]
  package var loss: Fault
  package var duplication: Fault
  package var reordering: Bool
  /// Loss and duplication are steps of their own.
  package var isExplicit: Bool
  /// Copies of one message value (multiset) or messages of one direction (queue).
  package var capacity: Int?
  /// How long a message lives; no effect on the untimed reading.
  package var lifetime: Expression?
  /// How long a message is on its way; no effect on the untimed reading.
  package var delay: Delay?
  package var span: Span

  package init(
    name: String?,
    routes: [Route],
    loss: Fault,
    duplication: Fault,
    reordering: Bool,
    isExplicit: Bool,
    capacity: Int?,
    lifetime: Expression?,
    span: Span
  ) {
    self.name = name
    self.routes = routes
    self.loss = loss
    self.duplication = duplication
    self.reordering = reordering
    self.isExplicit = isExplicit
    self.capacity = capacity
    self.lifetime = lifetime
    self.span = span
  }

  /// Without reordering a queue; with unlimited, implicit duplication a set; else a multiset.
  package var discipline: Discipline {
    if !reordering { return .queue }
    return duplication == .unlimited && !isExplicit ? .set : .multiset
  }

  /// Whether losing a message is a step: when asked for, budgeted, of a queue (whose head would
  /// block the rest), or where each copy must be delivered or lost in time.
  package var hasLossSteps: Bool {
    switch loss {
    case .never: false
    case .budget: true
    case .unlimited:
      isExplicit || discipline == .queue || discipline == .multiset && hasTimeLimit
    }
  }

  /// Whether a message is on its way for a limited time only.
  package var hasTimeLimit: Bool { lifetime != nil || delay != nil }

  /// Whether a message that finds no place is lost; else it is an error of the spec.
  package var dropsWhenFull: Bool { capacity != nil && loss != .never }

  /// Whether duplicating a message is a step; the growing set needs none.
  package var hasDuplicationSteps: Bool { duplication != .never && discipline != .set }

  /// How many copies or queue places there are when the spec names no capacity. Sending beyond
  /// a capacity that the spec did name loses the message; beyond this one it is an error of the
  /// spec, so that nothing is lost unseen.
  package static let defaultCapacity = 8

  /// Copies of one value, or places of one queue.
  package var effectiveCapacity: Int {
    discipline == .set ? 1 : capacity ?? Network.defaultCapacity
  }
}

package struct Role: Sendable {
  package struct Variable: Sendable {
    package var name: String
    package var documentation: String?
    package var type: ModelType
    package var initial: Value
    /// Written, never read by the protocol; read by properties only.
    package var isGhost: Bool
    package var span: Span

    package init(
      name: String,
      documentation: String?,
      type: ModelType,
      initial: Value,
      isGhost: Bool,
      span: Span
    ) {
      self.name = name
      self.documentation = documentation
      self.type = type
      self.initial = initial
      self.isGhost = isGhost
      self.span = span
    }
  }

  package struct Timer: Sendable {
    /// `retry`, or `retry[2]` for one of several.
    package var name: String
    package var documentation: String?
    /// How long it runs from the start; nil where it is not armed then. Over parameters only.
    package var initial: Expression?
    /// The name as declared, where one declaration makes several timers.
    package var family: String?
    package var span: Span

    package init(name: String, documentation: String?, span: Span) {
      self.name = name
      self.documentation = documentation
      self.span = span
    }
  }

  /// Something the role tells its application; it changes no state.
  package struct Signal: Sendable {
    package var name: String
    package var parameters: [Record.Field]
    package var span: Span

    package init(name: String, parameters: [Record.Field], span: Span) {
      self.name = name
      self.parameters = parameters
      self.span = span
    }
  }

  package var name: String
  package var documentation: String?
  package var variables: [Variable]
  package var timers: [Timer]
  package var signals: [Signal]
  /// Its transitions in ``Model/transitions``.
  package var transitions: [Int]
  package var span: Span

  package init(
    name: String,
    documentation: String?,
    variables: [Variable] = [],
    timers: [Timer] = [],
    signals: [Signal] = [],
    transitions: [Int] = [],
    span: Span
  ) {
    self.name = name
    self.documentation = documentation
    self.variables = variables
    self.timers = timers
    self.signals = signals
    self.transitions = transitions
    self.span = span
  }
}

package struct Instance: Sendable {
  /// `a`, or `node[2]` for a member of a family.
  package var name: String
  package var role: Int
  /// Values of the role's variables at the start, in order.
  package var initial: [Value]
  /// The variables that begin with any value of their types, ascending.
  package var open: [Int] = []
  /// Declared `symmetric`: instances with the same group number may be swapped.
  package var symmetryGroup: Int?
  package var span: Span

  package init(name: String, role: Int, initial: [Value], symmetryGroup: Int?, span: Span) {
    self.name = name
    self.role = role
    self.initial = initial
    self.symmetryGroup = symmetryGroup
    self.span = span
  }
}

/// Something the checker is asked about.
package struct Property: Sendable {
  package enum Kind: String, Sendable {
    /// Where it is fine to stop.
    case final
    /// True in every reachable state.
    case invariant
    /// Reachable from every reachable state (AG EF).
    case possible
    /// `p ~> q`: whenever p, later q, under fairness.
    case eventually
    /// Reachable at least once.
    case cover
    /// An invariant of the timed reading.
    case timedInvariant = "timed invariant"
  }

  package var kind: Kind
  package var name: String
  /// The name as declared, where `for each` makes several properties of one declaration.
  package var family: String?
  package var documentation: String?
  package var body: Expression
  /// Slots for locals that the body binds.
  package var localCount: Int
  /// The source name of each local slot, empty for one that the compiler made.
  package var localNames: [String] = []
  package var span: Span

  package init(
    kind: Kind,
    name: String,
    documentation: String?,
    body: Expression,
    localCount: Int,
    span: Span
  ) {
    self.kind = kind
    self.name = name
    self.documentation = documentation
    self.body = body
    self.localCount = localCount
    self.span = span
  }
}

extension Property {
  /// Whether a name that a user gives means this property, perhaps among others.
  package func isNamed(_ name: String) -> Bool { self.name == name || family == name }
}

/// A named set of parameter values.
package struct Profile: Sendable {
  package var name: String
  package var documentation: String?
  /// Parameter number and value.
  package var values: [(parameter: Int, value: Value)]

  package init(
    name: String,
    documentation: String?,
    values: [(parameter: Int, value: Value)]
  ) {
    self.name = name
    self.documentation = documentation
    self.values = values
  }
}
