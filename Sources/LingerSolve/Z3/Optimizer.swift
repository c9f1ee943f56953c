internal import CZ3

/// A set of formulas, and the question for a model with the smallest numbers.
///
/// Give it integers to minimize. Over reals a strict bound has no smallest value, and Z3 then
/// answers with any. Several objectives count in the order in which they were given.
package struct Optimizer: ~Copyable {
  private let object: Z3Object

  package init(in context: SolverContext) throws(Z3Error) {
    object = unsafe try Z3Object(.optimizer, in: context, "make an optimizer") {
      unsafe Z3_mk_optimize($0)
    }
  }

  package var context: SolverContext { object.context }

  package func assert(_ term: BoolTerm) throws(Z3Error) {
    let pointer = unsafe term.reference.pointer(in: context)
    unsafe try context.call("assert") { unsafe Z3_optimize_assert($0, object.pointer, pointer) }
  }

  package func minimize<T: ArithmeticTerm>(_ term: T) throws(Z3Error) {
    let pointer = unsafe term.reference.pointer(in: context)
    unsafe try context.call("minimize") {
      unsafe Z3_optimize_minimize($0, object.pointer, pointer)
    }
  }

  package func check(limits: SolverLimits = .none) throws(Z3Error) -> CheckAnswer {
    let parameters = try Parameters(in: context)
    try parameters.set("timeout", limits.timeoutOption)
    try parameters.set("rlimit", limits.resourceOption)
    unsafe try context.call("set limits") {
      unsafe Z3_optimize_set_params($0, object.pointer, parameters.object.pointer)
    }
    let attempt = unsafe context.run("optimize") { raw in
      unsafe Z3_optimize_check(raw, object.pointer, 0, nil)
    }
    guard let (result, outcome) = attempt else { return .unknown(.interrupted) }
    return unsafe try context.answer(result, outcome, limits) { raw in
      unsafe Z3_optimize_get_reason_unknown(raw, object.pointer)
    }
  }

  /// The smallest values, after a satisfiable check.
  package func model() throws(Z3Error) -> SolverModel {
    unsafe try SolverModel(
      Z3Object(.model, in: context, "take the model") {
        unsafe Z3_optimize_get_model($0, object.pointer)
      }
    )
  }
}
