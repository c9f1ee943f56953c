internal import CZ3
package import LingerModel

extension SolverContext {
  /// A real unknown.
  package func realConstant(_ name: String) throws(Z3Error) -> RealTerm { try constant(name) }

  /// An integer unknown.
  package func intConstant(_ name: String) throws(Z3Error) -> IntTerm { try constant(name) }

  package func real(_ value: Int) throws(Z3Error) -> RealTerm { try number(value) }

  package func real(_ value: Rational) throws(Z3Error) -> RealTerm {
    if let integer = value.integer { return try number(integer) }
    return try number("\(value)")
  }

  package func int(_ value: Int) throws(Z3Error) -> IntTerm { try number(value) }

  /// An integer of any size.
  package func int(_ value: Rational) throws(Z3Error) -> IntTerm {
    precondition(value.isWhole, "a fraction is not an integer")
    return try number("\(value)")
  }

  /// The sum; zero for none.
  package func sum<T: ArithmeticTerm>(_ terms: [T]) throws(Z3Error) -> T {
    guard let first = terms.first else { return try number(0) }
    // SMT-LIB has no sum of one.
    if terms.count == 1 {
      precondition(first.context === self, "a term of another context")
      return first
    }
    return unsafe try term("make a sum", from: terms.map(\.reference)) {
      unsafe Z3_mk_add($0, $1, $2)
    }
  }

  private func number<T: ArithmeticTerm>(_ value: Int) throws(Z3Error) -> T {
    let sort = unsafe pointer(of: T.sort)
    return unsafe try term("make a number") { unsafe Z3_mk_int64($0, Int64(value), sort) }
  }

  private func number<T: ArithmeticTerm>(_ digits: String) throws(Z3Error) -> T {
    let sort = unsafe pointer(of: T.sort)
    return unsafe try term("make a number") { unsafe Z3_mk_numeral($0, digits, sort) }
  }
}

extension ArithmeticTerm {
  package static func + (left: Self, right: Self) throws(Z3Error) -> Self {
    try left.context.sum([left, right])
  }

  package static func - (left: Self, right: Self) throws(Z3Error) -> Self {
    unsafe try left.context.term("make a difference", from: [left.reference, right.reference]) {
      unsafe Z3_mk_sub($0, $1, $2)
    }
  }

  package static prefix func - (term: Self) throws(Z3Error) -> Self {
    unsafe try term.context.term("change a sign") {
      unsafe Z3_mk_unary_minus($0, term.reference.pointer)
    }
  }

  package static func < (left: Self, right: Self) throws(Z3Error) -> BoolTerm {
    unsafe try left.context.term("compare", left.reference, right.reference) {
      unsafe Z3_mk_lt($0, $1, $2)
    }
  }

  package static func <= (left: Self, right: Self) throws(Z3Error) -> BoolTerm {
    unsafe try left.context.term("compare", left.reference, right.reference) {
      unsafe Z3_mk_le($0, $1, $2)
    }
  }

  package static func > (left: Self, right: Self) throws(Z3Error) -> BoolTerm {
    unsafe try left.context.term("compare", left.reference, right.reference) {
      unsafe Z3_mk_gt($0, $1, $2)
    }
  }

  package static func >= (left: Self, right: Self) throws(Z3Error) -> BoolTerm {
    unsafe try left.context.term("compare", left.reference, right.reference) {
      unsafe Z3_mk_ge($0, $1, $2)
    }
  }
}

// Only numbers scale a term: a product of two unknowns would leave linear arithmetic, where our
// questions have answers.

extension RealTerm {
  package static func * (factor: Rational, term: RealTerm) throws(Z3Error) -> RealTerm {
    try term.scaled(by: term.context.real(factor))
  }

  package static func * (factor: Int, term: RealTerm) throws(Z3Error) -> RealTerm {
    try term.scaled(by: term.context.real(factor))
  }
}

extension IntTerm {
  package static func * (factor: Int, term: IntTerm) throws(Z3Error) -> IntTerm {
    try term.scaled(by: term.context.int(factor))
  }

  /// The same number as a real.
  package func asReal() throws(Z3Error) -> RealTerm {
    unsafe try context.term("convert to real") { unsafe Z3_mk_int2real($0, reference.pointer) }
  }
}

extension ArithmeticTerm {
  fileprivate func scaled(by factor: Self) throws(Z3Error) -> Self {
    unsafe try context.term("scale", from: [factor.reference, reference]) {
      unsafe Z3_mk_mul($0, $1, $2)
    }
  }
}
