internal import CZ3

extension SolverContext {
  /// Reads the formulas that a piece of SMT-LIB 2 text asserts, and asks whether all of them can
  /// be true.
  ///
  /// - Throws: what Z3 says of a text that it cannot read.
  package func checkScript(
    _ text: String,
    limits: SolverLimits = .none
  ) throws(Z3Error) -> CheckAnswer {
    let vector = unsafe try Z3Object(.vector, in: self, "read the script") {
      unsafe Z3_parse_smtlib2_string($0, text, 0, nil, nil, 0, nil, nil)
    }
    let count = unsafe try call("read the script") {
      unsafe Z3_ast_vector_size($0, vector.pointer)
    }
    var solver = try Solver(in: self)
    for index in 0..<count {
      let formula: BoolTerm = unsafe try term("read the script") {
        unsafe Z3_ast_vector_get($0, vector.pointer, index)
      }
      try solver.assert(formula)
    }
    let answer = try solver.check(limits: limits)
    // Unlike terms that we make, those that Z3 has read belong to their list.
    withExtendedLifetime(vector) {}
    return answer
  }
}
