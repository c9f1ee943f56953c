internal import CZ3

/// An owned object of Z3 that counts references: it is retained here and released once.
///
/// Terms need no count in our contexts; these kinds do, in every mode.
@safe
struct Z3Object: ~Copyable {
  /// The kinds of objects with a count of their own.
  enum Kind {
    case solver, optimizer, fixedpoint, model, parameters, statistics, vector, goal, tactic
    case tacticResult
  }

  let pointer: OpaquePointer
  let context: SolverContext
  private let kind: Kind

  /// Takes over an object that the latest call has returned.
  init(_ kind: Kind, _ pointer: OpaquePointer, in context: SolverContext) throws(Z3Error) {
    unsafe self.pointer = pointer
    self.context = context
    self.kind = kind
    retain()
    if let failure = context.failure("keep an object") { throw failure }
  }

  /// Makes an object and takes it over.
  init(
    _ kind: Kind,
    in context: SolverContext,
    _ operation: String,
    _ body: (Z3_context) -> OpaquePointer?
  ) throws(Z3Error) {
    unsafe try self.init(kind, context.make(operation, body), in: context)
  }

  deinit {
    let context = unsafe context.pointer
    switch kind {
    case .solver: unsafe Z3_solver_dec_ref(context, pointer)
    case .optimizer: unsafe Z3_optimize_dec_ref(context, pointer)
    case .fixedpoint: unsafe Z3_fixedpoint_dec_ref(context, pointer)
    case .model: unsafe Z3_model_dec_ref(context, pointer)
    case .parameters: unsafe Z3_params_dec_ref(context, pointer)
    case .statistics: unsafe Z3_stats_dec_ref(context, pointer)
    case .vector: unsafe Z3_ast_vector_dec_ref(context, pointer)
    case .goal: unsafe Z3_goal_dec_ref(context, pointer)
    case .tactic: unsafe Z3_tactic_dec_ref(context, pointer)
    case .tacticResult: unsafe Z3_apply_result_dec_ref(context, pointer)
    }
  }

  private func retain() {
    let context = unsafe context.pointer
    switch kind {
    case .solver: unsafe Z3_solver_inc_ref(context, pointer)
    case .optimizer: unsafe Z3_optimize_inc_ref(context, pointer)
    case .fixedpoint: unsafe Z3_fixedpoint_inc_ref(context, pointer)
    case .model: unsafe Z3_model_inc_ref(context, pointer)
    case .parameters: unsafe Z3_params_inc_ref(context, pointer)
    case .statistics: unsafe Z3_stats_inc_ref(context, pointer)
    case .vector: unsafe Z3_ast_vector_inc_ref(context, pointer)
    case .goal: unsafe Z3_goal_inc_ref(context, pointer)
    case .tactic: unsafe Z3_tactic_inc_ref(context, pointer)
    case .tacticResult: unsafe Z3_apply_result_inc_ref(context, pointer)
    }
  }
}
