internal import CZ3

extension SolverContext {
  /// Turns Z3's three-valued answer into ours.
  ///
  /// - Throws: what Z3 reported, unless it is that it was stopped.
  func answer(
    _ result: Z3_lbool,
    _ outcome: RawOutcome,
    _ limits: SolverLimits,
    reason: (Z3_context) -> Z3_string?
  ) throws(Z3Error) -> CheckAnswer {
    if let failure = outcome.failure, !outcome.isCanceled { throw failure }
    switch result {
    case Z3_L_TRUE: return .satisfiable
    case Z3_L_FALSE: return .unsatisfiable
    default:
      let text = unsafe try text("read the reason", reason)
      return .unknown(outcome.reason(text, under: limits))
    }
  }

  /// The formulas in a list that a call returns.
  func terms(
    _ operation: String,
    _ body: (Z3_context) -> OpaquePointer?
  ) throws(Z3Error)
    -> [BoolTerm]
  {
    let vector = unsafe try Z3Object(.vector, in: self, operation, body)
    let count = unsafe try call(operation) { unsafe Z3_ast_vector_size($0, vector.pointer) }
    var terms: [BoolTerm] = []
    for index in 0..<count {
      terms.append(
        unsafe try term(operation) { unsafe Z3_ast_vector_get($0, vector.pointer, index) }
      )
    }
    return terms
  }
}
