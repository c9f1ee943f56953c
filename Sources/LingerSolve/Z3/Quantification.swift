internal import CZ3

extension SolverContext {
  /// The formula for every value of these unknowns; the formula itself for none.
  ///
  /// The variables must be unknowns made by ``constant(_:_:)``.
  package func forAll(_ variables: [any Term], _ body: BoolTerm) throws(Z3Error) -> BoolTerm {
    unsafe try quantify(variables, body) { context, count, bound, body in
      unsafe Z3_mk_forall_const(context, 0, count, bound, 0, nil, body)
    }
  }

  /// The formula for some value of these unknowns; the formula itself for none.
  ///
  /// The variables must be unknowns made by ``constant(_:_:)``.
  package func exists(_ variables: [any Term], _ body: BoolTerm) throws(Z3Error) -> BoolTerm {
    unsafe try quantify(variables, body) { context, count, bound, body in
      unsafe Z3_mk_exists_const(context, 0, count, bound, 0, nil, body)
    }
  }

  private func quantify(
    _ variables: [any Term],
    _ body: BoolTerm,
    _ make: (Z3_context, UInt32, UnsafePointer<Z3_app?>?, Z3_ast) -> Z3_ast?
  ) throws(Z3Error) -> BoolTerm {
    let bodyPointer = unsafe body.reference.pointer(in: self)
    guard !variables.isEmpty else { return body }
    for variable in variables {
      guard case .constant = try variable.reference.shape() else {
        preconditionFailure("only an unknown can be quantified, not \(variable)")
      }
    }
    return unsafe try term("quantify", from: variables.map(\.reference)) { context, count, terms in
      // An unknown is an application without arguments; Z3 casts between the two types itself.
      unsafe make(context, count, terms, bodyPointer)
    }
  }
}
