internal import CZ3

/// Rules about unknown relations, and the question whether they force a goal: Z3's engine Spacer.
///
/// A rule is `body implies head`: the body may mention relations, the head is one relation applied.
/// The least relations that satisfy all rules are the reachable states of a system; the goal is
/// its bad state. Spacer: Komuravelli, Gurfinkel, Chaki (CAV 2014).
///
/// One object answers one question, because Z3's has no push and pop: ``query(_:limits:)`` consumes
/// it. Inlining and slicing of rules are off: they lose relations and put assumptions that do not
/// matter into the invariant.
package struct HornSolver: ~Copyable {
  private let object: Z3Object
  private var dependencies = HornDependencies()

  package init(in context: SolverContext) throws(Z3Error) {
    let object = unsafe try Z3Object(.fixedpoint, in: context, "make a Horn solver") {
      unsafe Z3_mk_fixedpoint($0)
    }
    // The engine must be known before the first relation.
    try Self.apply(Parameters(in: context), to: object)
    self.object = object
  }

  package var context: SolverContext { object.context }

  /// Makes a relation known; every relation must be, before its first rule.
  package mutating func register(_ relation: Relation) throws(Z3Error) {
    precondition(relation.context === context, "a relation of another context")
    dependencies.register(relation.name)
    unsafe try context.call("register a relation") {
      unsafe Z3_fixedpoint_register_relation($0, object.pointer, relation.pointer)
    }
  }

  /// Adds `for all variables: body implies head`, under a name that a trace will mention.
  package mutating func addRule(
    _ name: String,
    forAll variables: [any Term],
    _ body: BoolTerm,
    implies head: BoolTerm
  ) throws(Z3Error) {
    precondition(!name.contains(HornTrace.separator), "a rule's name must not contain ';'")
    let rule = try context.forAll(variables, body.implies(head))
    try dependencies.addRule(body, implies: head)
    let symbol = unsafe try context.symbol(name)
    unsafe try context.call("add a rule") {
      unsafe Z3_fixedpoint_add_rule($0, object.pointer, rule.reference.pointer, symbol)
    }
  }

  /// Whether the rules force the goal, a relation applied.
  package consuming func query(
    _ goal: BoolTerm,
    limits: SolverLimits = .none
  ) throws(Z3Error)
    -> HornAnswer
  {
    let parameters = try Parameters(in: context)
    try parameters.set("timeout", limits.timeoutOption)
    try Self.apply(parameters, to: object)
    let (context, pointer) = unsafe (context, object.pointer)
    let goalPointer = unsafe goal.reference.pointer(in: context)
    let attempt = try context.limitingWork(to: limits) { () throws(Z3Error) in
      unsafe context.run("query") { raw in unsafe Z3_fixedpoint_query(raw, pointer, goalPointer) }
    }
    guard let (result, outcome) = attempt else { return .unknown(.interrupted) }
    let answer = unsafe try context.answer(result, outcome, limits) { raw in
      unsafe Z3_fixedpoint_get_reason_unknown(raw, pointer)
    }
    switch answer {
    case .unsatisfiable:
      return .unreachable(HornInvariants(object, derivable: dependencies.derivable()))
    case .satisfiable: return .reachable(try HornTrace(object))
    case .unknown(let reason): return .unknown(reason)
    }
  }

  private static func apply(
    _ parameters: borrowing Parameters,
    to object: borrowing Z3Object
  ) throws(Z3Error) {
    try parameters.set("engine", "spacer")
    for transformation in ["inline_linear", "inline_eager", "slice"] {
      try parameters.set("xform.\(transformation)", false)
    }
    let (pointer, options) = unsafe (object.pointer, parameters.object.pointer)
    unsafe try object.context.call("set options") {
      unsafe Z3_fixedpoint_set_params($0, pointer, options)
    }
  }
}

/// The answer to a query of a ``HornSolver``.
package enum HornAnswer: ~Copyable {
  /// The rules do not force the goal: it is safe, and here is why.
  case unreachable(HornInvariants)
  /// The rules force the goal: it is not safe, and here is how.
  case reachable(HornTrace)
  case unknown(UnknownReason)
}
