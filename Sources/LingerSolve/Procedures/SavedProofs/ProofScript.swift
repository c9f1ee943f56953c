extension Prover {
  /// A proof as an SMT-LIB 2 script that any solver can check: an inductive invariant by its
  /// obligations, every one of which must be unsatisfiable.
  ///
  /// Each obligation stands by itself behind a `(reset)`, so that scripts may be joined and a
  /// solver that gives up on one still answers the others.
  func script(
    _ certificate: InductiveInvariant,
    title: String,
    asked: String?,
    conditions: [String],
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> String {
    let under = conditions.isEmpty ? "any parameter values" : conditions.joined(separator: ", ")
    let obligations = try obligations(certificate, assuming: assumptions)
    var text = ""
    for (name, formula) in obligations {
      text += "; \(name)\n(reset)\n"
      text += try encoder.context.script(of: [formula], logic: Self.logic) + "\n"
    }
    return ProofSeal.sealed(
      title: title,
      under: under,
      asked: asked,
      count: obligations.count,
      body: text
    )
  }

  /// Linear arithmetic over the reals without quantifiers: any SMT solver decides it.
  private static let logic = "QF_LRA"
}
