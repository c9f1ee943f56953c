internal import CZ3

extension SolverContext {
  /// A complete SMT-LIB 2 script that asks whether all these formulas can be true.
  ///
  /// The formulas stand there as they were written; another solver can read it.
  package func script(of formulas: [BoolTerm], logic: String? = nil) throws(Z3Error) -> String {
    // This solver does nothing but keep what it was given. One that solves takes a hundred times as
    // long to make, and the incremental one prints what it made of it.
    let tactic = unsafe try Z3Object(.tactic, in: self, "make a tactic") {
      unsafe Z3_mk_tactic($0, "skip")
    }
    let printer = unsafe try Z3Object(.solver, in: self, "make a solver") {
      unsafe Z3_mk_solver_from_tactic($0, tactic.pointer)
    }
    for formula in formulas {
      let pointer = unsafe formula.reference.pointer(in: self)
      unsafe try call("assert") { unsafe Z3_solver_assert($0, printer.pointer, pointer) }
    }
    let body = unsafe try text("print a solver") {
      unsafe Z3_solver_to_string($0, printer.pointer)
    }
    let header = logic.map { "(set-logic \($0))\n" } ?? ""
    return header + body + (body.isEmpty || body.hasSuffix("\n") ? "" : "\n") + "(check-sat)\n"
  }
}
