internal import CZ3

/// A set of formulas, and the question whether they can all be true.
///
/// Formulas may be pushed and popped in levels, and a check may assume more for once.
package struct Solver: ~Copyable {
  private let object: Z3Object
  /// Everything asserted, as it was written: Z3 gives back only what it made of it.
  private var asserted: [BoolTerm] = []
  /// Names and labels of tracked formulas in the order of their assertion.
  private var tracked: [(name: String, term: BoolTerm)] = []
  /// How many of both there were when each level was opened.
  private var levels: [(asserted: Int, tracked: Int)] = []
  /// What the latest check was limited to; setting limits takes longer than a small check.
  private var limits: SolverLimits?

  /// Which of Z3's engines answers.
  package enum Engine {
    /// The core that keeps what it has learnt from check to check.
    case incremental
    /// Z3 chooses by the formulas, up to the first push or assumption; then as `incremental`.
    ///
    /// Setting its choices up costs about 5 ms per solver: 30 times a small check.
    case automatic
  }

  package init(in context: SolverContext, engine: Engine = .incremental) throws(Z3Error) {
    object = unsafe try Z3Object(.solver, in: context, "make a solver") {
      unsafe engine == .automatic ? Z3_mk_solver($0) : Z3_mk_simple_solver($0)
    }
  }

  package var context: SolverContext { object.context }

  package mutating func assert(_ term: BoolTerm) throws(Z3Error) {
    let pointer = unsafe term.reference.pointer(in: context)
    unsafe try context.call("assert") { unsafe Z3_solver_assert($0, object.pointer, pointer) }
    asserted.append(term)
  }

  /// Asserts a formula under a name by which ``unsatCoreNames()`` can mention it.
  ///
  /// The name is a Boolean unknown of its own and must not be in use.
  package mutating func assertAndTrack(_ term: BoolTerm, name: String) throws(Z3Error) {
    precondition(!tracked.contains { $0.name == name }, "'\(name)' is already tracked")
    let label = try context.boolConstant(name)
    let pointer = unsafe term.reference.pointer(in: context)
    unsafe try context.call("assert") {
      unsafe Z3_solver_assert_and_track($0, object.pointer, pointer, label.reference.pointer)
    }
    asserted.append(try label.implies(term))
    tracked.append((name, label))
  }

  /// Opens a level; ``pop()`` takes back everything asserted since.
  package mutating func push() throws(Z3Error) {
    unsafe try context.call("push") { unsafe Z3_solver_push($0, object.pointer) }
    levels.append((asserted.count, tracked.count))
  }

  /// Closes the latest level.
  package mutating func pop() throws(Z3Error) {
    guard let level = levels.last else { preconditionFailure("nothing was pushed") }
    unsafe try context.call("pop") { unsafe Z3_solver_pop($0, object.pointer, 1) }
    levels.removeLast()
    asserted.removeSubrange(level.asserted...)
    tracked.removeSubrange(level.tracked...)
  }

  /// Whether all formulas can be true, and the assumptions with them.
  ///
  /// Assumptions should be Boolean unknowns or their negations: Z3 takes no others.
  package mutating func check(
    assuming assumptions: [BoolTerm] = [],
    limits: SolverLimits = .none
  ) throws(Z3Error) -> CheckAnswer {
    try apply(limits)
    let list = unsafe context.pointers(assumptions.map(\.reference))
    let attempt = unsafe context.run("check") { raw in
      unsafe list.withUnsafeBufferPointer {
        unsafe Z3_solver_check_assumptions(
          raw,
          object.pointer,
          UInt32($0.count),
          $0.baseAddress
        )
      }
    }
    guard let (result, outcome) = attempt else { return .unknown(.interrupted) }
    return unsafe try context.answer(result, outcome, limits) { raw in
      unsafe Z3_solver_get_reason_unknown(raw, object.pointer)
    }
  }

  /// The values that make all formulas true, after a satisfiable check.
  package func model() throws(Z3Error) -> SolverModel {
    unsafe try SolverModel(
      Z3Object(.model, in: context, "take the model") {
        unsafe Z3_solver_get_model($0, object.pointer)
      }
    )
  }

  /// The assumptions and labels that cannot all be true, after an unsatisfiable check.
  package func unsatCore() throws(Z3Error) -> [BoolTerm] {
    unsafe try context.terms("take the core") {
      unsafe Z3_solver_get_unsat_core($0, object.pointer)
    }
  }

  /// The tracked formulas that cannot all be true, in the order of their assertion.
  package func unsatCoreNames() throws(Z3Error) -> [String] {
    let core = Set(try unsatCore())
    return tracked.filter { core.contains($0.term) }.map(\.name)
  }

  /// What the latest check did.
  package func statistics() throws(Z3Error) -> SolverStatistics {
    unsafe try SolverStatistics(
      Z3Object(.statistics, in: context, "take statistics") {
        unsafe Z3_solver_get_statistics($0, object.pointer)
      }
    )
  }

  /// A complete SMT-LIB 2 script that asks the same question, tracked formulas included.
  package func script(logic: String? = nil) throws(Z3Error) -> String {
    var formulas = asserted
    for entry in tracked { formulas.append(entry.term) }
    return try context.script(of: formulas, logic: logic)
  }

  private mutating func apply(_ limits: SolverLimits) throws(Z3Error) {
    if limits == self.limits { return }
    let parameters = try Parameters(in: context)
    try parameters.set("timeout", limits.timeoutOption)
    try parameters.set("rlimit", limits.resourceOption)
    unsafe try context.call("set limits") {
      unsafe Z3_solver_set_params($0, object.pointer, parameters.object.pointer)
    }
    self.limits = limits
  }
}
