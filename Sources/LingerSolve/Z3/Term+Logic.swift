internal import CZ3

extension SolverContext {
  /// A Boolean unknown.
  package func boolConstant(_ name: String) throws(Z3Error) -> BoolTerm {
    try constant(name)
  }

  package func truth(_ value: Bool) throws(Z3Error) -> BoolTerm {
    unsafe try term("make a truth value") {
      unsafe value ? Z3_mk_true($0) : Z3_mk_false($0)
    }
  }

  /// All of them; true for none.
  package func conjunction(_ terms: [BoolTerm]) throws(Z3Error) -> BoolTerm {
    // Z3 would print an operator of nothing, which is not SMT-LIB.
    if terms.isEmpty { return try truth(true) }
    if terms.count == 1 { return own(terms[0]) }
    return unsafe try term("make a conjunction", from: terms.map(\.reference)) {
      unsafe Z3_mk_and($0, $1, $2)
    }
  }

  /// At least one of them; false for none.
  package func disjunction(_ terms: [BoolTerm]) throws(Z3Error) -> BoolTerm {
    if terms.isEmpty { return try truth(false) }
    if terms.count == 1 { return own(terms[0]) }
    return unsafe try term("make a disjunction", from: terms.map(\.reference)) {
      unsafe Z3_mk_or($0, $1, $2)
    }
  }

  /// No two of them are equal; true for fewer than two.
  package func distinct<T: Term>(_ terms: [T]) throws(Z3Error) -> BoolTerm {
    guard terms.count > 1 else { return try truth(true) }
    return unsafe try term("make a distinction", from: terms.map(\.reference)) {
      unsafe Z3_mk_distinct($0, $1, $2)
    }
  }

  /// An unknown of any sort; the same name and sort is the same unknown.
  package func constant<T: Term>(_ name: String, _ type: T.Type = T.self) throws(Z3Error) -> T {
    note(name, signature: [T.sort])
    let symbol = unsafe try symbol(name)
    let sort = unsafe pointer(of: T.sort)
    return unsafe try term("make an unknown") { unsafe Z3_mk_const($0, symbol, sort) }
  }

  private func own(_ term: BoolTerm) -> BoolTerm {
    precondition(term.context === self, "a term of another context")
    return term
  }
}

extension BoolTerm {
  package static func && (left: BoolTerm, right: BoolTerm) throws(Z3Error) -> BoolTerm {
    try left.context.conjunction([left, right])
  }

  package static func || (left: BoolTerm, right: BoolTerm) throws(Z3Error) -> BoolTerm {
    try left.context.disjunction([left, right])
  }

  package static prefix func ! (term: BoolTerm) throws(Z3Error) -> BoolTerm {
    unsafe try term.context.term("negate") { unsafe Z3_mk_not($0, term.reference.pointer) }
  }

  package func implies(_ other: BoolTerm) throws(Z3Error) -> BoolTerm {
    unsafe try context.term("make an implication", reference, other.reference) {
      unsafe Z3_mk_implies($0, $1, $2)
    }
  }

  /// `first` where the formula is true, `second` elsewhere.
  package func choose<T: Term>(_ first: T, else second: T) throws(Z3Error) -> T {
    unsafe try context.term(
      "make a choice",
      from: [reference, first.reference, second.reference]
    ) { context, _, terms in
      guard let terms = unsafe terms else { return nil }
      return unsafe Z3_mk_ite(context, terms[0], terms[1], terms[2])
    }
  }
}

extension Term {
  /// The formula that both have the same value: equality of numbers, equivalence of formulas.
  package func isEqual(to other: Self) throws(Z3Error) -> BoolTerm {
    unsafe try context.term("make an equation", reference, other.reference) {
      unsafe Z3_mk_eq($0, $1, $2)
    }
  }
}

extension SolverContext {
  /// Runs a call that makes a term out of two.
  func term<T: Term>(
    _ operation: String,
    _ left: TermReference,
    _ right: TermReference,
    _ body: (Z3_context, Z3_ast, Z3_ast) -> Z3_ast?
  ) throws(Z3Error) -> T {
    let (left, right) = unsafe (left.pointer(in: self), right.pointer(in: self))
    return unsafe try term(operation) { unsafe body($0, left, right) }
  }
}
