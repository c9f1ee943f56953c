internal import CZ3

/// An unknown relation between values, which a ``HornSolver`` finds.
@safe
package struct Relation {
  package let name: String
  package let argumentSorts: [Sort]
  package let context: SolverContext
  let pointer: Z3_func_decl

  /// The relation of this name; the name must not stand for anything else in the context.
  package init(_ name: String, _ argumentSorts: [Sort], in context: SolverContext) throws(Z3Error) {
    self.name = name
    self.argumentSorts = argumentSorts
    self.context = context
    context.note(name, signature: argumentSorts + [.bool])
    let symbol = unsafe try context.symbol(name)
    let domain = unsafe argumentSorts.map { unsafe Optional(context.pointer(of: $0)) }
    let range = unsafe context.pointer(of: .bool)
    unsafe pointer = try context.make("declare a relation") { raw in
      unsafe domain.withUnsafeBufferPointer {
        unsafe Z3_mk_func_decl(raw, symbol, UInt32($0.count), $0.baseAddress, range)
      }
    }
  }

  /// The formula that the relation holds between these values.
  package func callAsFunction(_ arguments: [any Term]) throws(Z3Error) -> BoolTerm {
    precondition(
      arguments.map(\.erased.sort) == argumentSorts,
      "wrong arguments for relation \(name)"
    )
    return unsafe try context.term("apply a relation", from: arguments.map(\.reference)) {
      unsafe Z3_mk_app($0, pointer, $1, $2)
    }
  }
}
