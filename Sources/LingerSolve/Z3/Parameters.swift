internal import CZ3

/// A set of Z3's named options, as its solvers take them.
///
/// It always says `ctrl_c = false`: by default Z3 replaces the process's handler for SIGINT while
/// it checks, and the program would never learn that the user wants to stop.
struct Parameters: ~Copyable {
  let object: Z3Object

  init(in context: SolverContext) throws(Z3Error) {
    let object = unsafe try Z3Object(.parameters, in: context, "make options") {
      unsafe Z3_mk_params($0)
    }
    let (pointer, symbol) = unsafe (object.pointer, try context.symbol("ctrl_c"))
    unsafe try context.call("set option ctrl_c") {
      unsafe Z3_params_set_bool($0, pointer, symbol, false)
    }
    self.object = object
  }

  func set(_ name: String, _ value: Bool) throws(Z3Error) {
    let symbol = unsafe try object.context.symbol(name)
    unsafe try object.context.call("set option \(name)") {
      unsafe Z3_params_set_bool($0, object.pointer, symbol, value)
    }
  }

  func set(_ name: String, _ value: UInt32) throws(Z3Error) {
    let symbol = unsafe try object.context.symbol(name)
    unsafe try object.context.call("set option \(name)") {
      unsafe Z3_params_set_uint($0, object.pointer, symbol, value)
    }
  }

  func set(_ name: String, _ value: String) throws(Z3Error) {
    let symbol = unsafe try object.context.symbol(name)
    let choice = unsafe try object.context.symbol(value)
    unsafe try object.context.call("set option \(name)") {
      unsafe Z3_params_set_symbol($0, object.pointer, symbol, choice)
    }
  }
}
