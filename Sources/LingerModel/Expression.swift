package import LingerDiagnostics

/// A typed expression over plain values.
///
/// Locals (parameters of a call, the received message, `let`, quantifier and `choose` binders)
/// live in numbered slots of one frame per transition or property.
package struct Expression: Hashable, Sendable {
  package indirect enum Kind: Hashable, Sendable {
    case constant(Value)
    /// A duration parameter, by its number in ``Model/parameters``.
    case parameter(Int)
    case local(Int)
    /// A variable of an instance; `nil` is the instance that takes the step.
    case variable(of: Expression?, Int)
    /// Whether a timer of an instance is armed.
    case timerIsArmed(of: Expression?, Int)
    /// Compares the time since a timer's start with a duration; false where it is not armed. In
    /// guards only.
    case elapsed(timer: Int, BinaryOperation, Expression)
    /// The instance that takes the step.
    case currentInstance
    case field(Expression, Int)
    /// An element of an array; an index outside is an error of the spec.
    case element(Expression, Expression)
    case not(Expression)
    case negate(Expression)
    case binary(BinaryOperation, Expression, Expression)
    case conditional(Expression, Expression, Expression)
    case record(Int, [Expression])
    case some(Expression)
    /// The value of an optional; `nil` is an error of the spec.
    case unwrap(Expression)
    /// The same value, which must be one of this expression's type; else an error of the spec.
    /// Stands where a helper's argument or result, or a `let`, has a range that the value may
    /// leave.
    case checked(Expression)
    /// `optional ?? value`
    case coalesce(Expression, Expression)
    /// A set of these values.
    case setOf([Expression])
    case arrayOf([Expression])
    case queueOf([Expression])
    /// An array with the same value everywhere; the count is the type's.
    case repeating(Expression)
    /// Number of elements of a set or queue.
    case elementCount(Expression)
    /// Whether a queue has no place left.
    case isFull(Expression)
    /// First of a queue, an optional.
    case first(Expression)
    case contains(Expression, Expression)
    /// Binds a slot, then evaluates.
    case bind(Int, Expression, in: Expression)
    case quantifier(QuantifierKind, Int, Domain, filter: Expression?, body: Expression)
    /// Copies of a message value in flight from one instance to another.
    case copiesInFlight(network: Int, sender: Expression, receiver: Expression, Expression)
    /// Messages in flight: in one network, or in all where nil.
    case messagesInFlight(network: Int?)
    /// `p ~> q`; at the top of an `eventually` property only, below `for all` at most.
    case leadsTo(Expression, Expression)
  }

  package var kind: Kind
  package var type: ModelType
  package var span: Span

  package init(_ kind: Kind, _ type: ModelType, _ span: Span) {
    self.kind = kind
    self.type = type
    self.span = span
  }
}

/// Operators on two values. `and`, `or` and `implies` do not evaluate the right side in vain.
package enum BinaryOperation: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case and = "&&"
  case or = "||"
  case implies
}

package enum QuantifierKind: Hashable, Sendable {
  case all
  case exists
  case count
}

/// What a quantifier, `for` or `choose` ranges over, always in ascending order.
package indirect enum Domain: Hashable, Sendable {
  /// Every value of a finite type; for an instance type every instance of the role.
  case type(ModelType)
  case range(Expression, Expression)
  /// The elements of a set, array or queue.
  case elements(Expression)
}

/// A place that a statement writes: a variable of the acting instance and a way into it.
package struct Place: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case field(Int)
    case element(Expression)
  }

  package var variable: Int
  package var path: [Part]
  /// Type of what is stored; a value outside it is an error of the spec.
  package var type: ModelType
  package var span: Span

  package init(variable: Int, path: [Part], type: ModelType, span: Span) {
    self.variable = variable
    self.path = path
    self.type = type
    self.span = span
  }
}

/// A statement of an atomic body.
package struct Statement: Hashable, Sendable {
  package indirect enum Kind: Hashable, Sendable {
    case assign(Place, Expression)
    case insert(Place, Expression)
    case remove(Place, Expression)
    /// Appends to a queue; a full one is an error of the spec.
    case append(Place, Expression)
    /// Drops the first of a queue; an empty one is an error of the spec.
    case removeFirst(Place)
    case send(network: Int, message: Expression, receiver: Expression)
    case start(timer: Int, duration: Expression)
    case cancel(timer: Int)
    case signal(Int, [Expression])
    case conditional(Expression, then: [Statement], otherwise: [Statement])
    /// Binds the slot to the optional's value and runs `then`, or runs `otherwise`.
    case conditionalBinding(
      Int,
      Expression,
      then: [Statement],
      otherwise: [Statement]
    )
    case forEach(Int, Domain, filter: Expression?, body: [Statement])
    /// Binds the slot to each value in turn, a step for each; none is an error of the spec.
    case choose(Int, Domain, filter: Expression?)
    case assert(Expression, message: String?)
    case bind(Int, Expression)
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A guarded transition of a role.
package struct Transition: Sendable {
  package enum Fairness: Sendable {
    case none
    case weak
    case strong
  }

  package enum Trigger: Sendable {
    /// The application calls; each finite parameter is a local slot and a choice.
    case call(name: String, parameters: [CallParameter])
    /// A message arrives; the slots hold it and the instance that sent it.
    case receive(record: Int?, message: Int, sender: Int)
    /// One of these timers of the role expires; which one is the value of the index.
    case timeout(timers: Range<Int>, index: TimerIndex?)
    case `internal`
  }

  /// What tells the timers of one declaration apart: the n-th value of the type is the n-th timer.
  package struct TimerIndex: Sendable {
    package var slot: Int
    package var type: ModelType

    package init(slot: Int, type: ModelType) {
      self.slot = slot
      self.type = type
    }
  }

  package struct CallParameter: Sendable {
    package var name: String
    package var slot: Int
    package var type: ModelType

    package init(name: String, slot: Int, type: ModelType) {
      self.name = name
      self.slot = slot
      self.type = type
    }
  }

  /// Unique in its role. An `otherwise` is named `otherwise`, or `otherwise Message`.
  package var name: String
  package var documentation: String?
  package var role: Int
  package var trigger: Trigger
  package var fairness: Fairness
  /// Time does not pass while it is enabled.
  package var isUrgent = false
  package var guardCondition: Expression?
  package var body: [Statement]
  package var localCount: Int
  /// The source name of each local slot, empty for one that the compiler made.
  package var localNames: [String] = []
  /// Accepts what no other transition of its role accepts in this state.
  package var isOtherwise: Bool

  /// Whether the application does it.
  package var isCall: Bool { if case .call = trigger { true } else { false } }
  package var span: Span

  package init(
    name: String,
    documentation: String?,
    role: Int,
    trigger: Trigger,
    fairness: Fairness,
    guardCondition: Expression?,
    body: [Statement],
    localCount: Int,
    isOtherwise: Bool,
    span: Span
  ) {
    self.name = name
    self.documentation = documentation
    self.role = role
    self.trigger = trigger
    self.fairness = fairness
    self.guardCondition = guardCondition
    self.body = body
    self.localCount = localCount
    self.isOtherwise = isOtherwise
    self.span = span
  }
}

extension BinaryOperation {
  /// The comparison with its sides swapped.
  package var mirrored: BinaryOperation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}
