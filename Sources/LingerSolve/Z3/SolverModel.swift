internal import CZ3
package import LingerModel

/// Values for all unknowns that make a set of formulas true.
///
/// Unknowns that do not matter get a value too: false or zero.
package struct SolverModel: ~Copyable {
  private let object: Z3Object

  init(_ object: consuming Z3Object) {
    self.object = object
  }

  package func value(of term: BoolTerm) throws(Z3Error) -> Bool {
    let result = try evaluate(term)
    guard case .truth(let value) = try result.shape() else {
      throw .failure(code: 0, message: "\(result) is not a truth value", operation: "read a model")
    }
    return value
  }

  package func value(of term: RealTerm) throws(Z3Error) -> Rational {
    try evaluate(term).reference.number()
  }

  package func values(of terms: [RealTerm]) throws(Z3Error) -> [Rational] {
    var result: [Rational] = []
    for term in terms { result.append(try value(of: term)) }
    return result
  }

  package func value(of term: IntTerm) throws(Z3Error) -> Rational {
    try evaluate(term).reference.number()
  }

  /// All values as Z3 prints them, for messages about our own mistakes.
  package func text() throws(Z3Error) -> String {
    unsafe try object.context.text("print a model") {
      unsafe Z3_model_to_string($0, object.pointer)
    }
  }

  private func evaluate<T: Term>(_ term: T) throws(Z3Error) -> T {
    let pointer = unsafe term.reference.pointer(in: object.context)
    return unsafe try object.context.term("read a model") { raw in
      var value: Z3_ast?
      let isDefined = unsafe Z3_model_eval(raw, object.pointer, pointer, true, &value)
      return unsafe isDefined ? value : nil
    }
  }
}
