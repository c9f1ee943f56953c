internal import CZ3

/// The sorts that we use of Z3's.
package enum Sort: Hashable, Sendable {
  case bool
  case int
  case real
}

/// A formula or a number in a context.
///
/// A value: two terms are equal when they are written the same way, because a context stores each
/// term once. Formulas that *say* that two terms are equal come from `isEqual(to:)`. Mixing terms
/// of two contexts is our own mistake and stops the program.
package protocol Term: Hashable, CustomStringConvertible {
  static var sort: Sort { get }
  /// The term with its sort as a case.
  var erased: AnyTerm { get }
  /// Where the term lives.
  var reference: TermReference { get }
  /// Wraps a term that is known to have this sort.
  init(_ term: SortedReference)
}

/// A formula.
package struct BoolTerm: Term {
  package static let sort = Sort.bool
  package let reference: TermReference
  package init(_ term: SortedReference) { reference = term.reference }
  package var erased: AnyTerm { .bool(self) }
}

/// An integer.
package struct IntTerm: ArithmeticTerm {
  package static let sort = Sort.int
  package let reference: TermReference
  package init(_ term: SortedReference) { reference = term.reference }
  package var erased: AnyTerm { .int(self) }
}

/// A real number.
package struct RealTerm: ArithmeticTerm {
  package static let sort = Sort.real
  package let reference: TermReference
  package init(_ term: SortedReference) { reference = term.reference }
  package var erased: AnyTerm { .real(self) }
}

/// A number of either sort; both have the same operations, and no operation mixes them.
package protocol ArithmeticTerm: Term {}

/// A term of any sort.
package enum AnyTerm: Hashable {
  case bool(BoolTerm)
  case int(IntTerm)
  case real(RealTerm)

  package var sort: Sort {
    switch self {
    case .bool: .bool
    case .int: .int
    case .real: .real
    }
  }

  package var reference: TermReference {
    switch self {
    case .bool(let term): term.reference
    case .int(let term): term.reference
    case .real(let term): term.reference
    }
  }

  init(_ reference: TermReference, sort: Sort) {
    switch sort {
    case .bool: self = .bool(BoolTerm(SortedReference(reference: reference)))
    case .int: self = .int(IntTerm(SortedReference(reference: reference)))
    case .real: self = .real(RealTerm(SortedReference(reference: reference)))
    }
  }
}

extension AnyTerm: CustomStringConvertible {
  package var description: String { reference.description }
}

extension Term {
  package var description: String { reference.description }
}

/// A term whose sort was looked at; only the wrapper makes one, so that sorts never mix.
package struct SortedReference {
  let reference: TermReference
}

/// A term without its sort, and the context that keeps it alive.
@safe
package struct TermReference {
  package let context: SolverContext
  let pointer: Z3_ast

  init(_ pointer: Z3_ast, in context: SolverContext) {
    unsafe self.pointer = pointer
    self.context = context
  }

  /// The pointer for a call in `context`.
  func pointer(in context: SolverContext) -> Z3_ast {
    precondition(context === self.context, "a term of another context")
    return unsafe pointer
  }

  /// The term in SMT-LIB 2.
  package func text() throws(Z3Error) -> String {
    unsafe try context.text("print a term") { unsafe Z3_ast_to_string($0, pointer) }
  }
}

extension TermReference: Hashable {
  package static func == (left: TermReference, right: TermReference) -> Bool {
    unsafe left.pointer == right.pointer && left.context === right.context
  }

  package func hash(into hasher: inout Hasher) {
    unsafe hasher.combine(pointer)
  }
}

extension TermReference: CustomStringConvertible {
  package var description: String { (try? text()) ?? "(unprintable term)" }
}

extension Term {
  /// The context of the term.
  package var context: SolverContext { reference.context }

  /// The term in SMT-LIB 2; ``description`` is the same for places that cannot throw.
  package func text() throws(Z3Error) -> String { try reference.text() }

  /// The term after Z3's simplifier.
  package func simplified() throws(Z3Error) -> Self {
    let pointer = unsafe reference.pointer
    return unsafe try context.term("simplify") { unsafe Z3_simplify($0, pointer) }
  }
}

extension SolverContext {
  /// Runs a call that makes a term, whose sort the caller knows.
  func term<T: Term>(_ operation: String, _ body: (Z3_context) -> Z3_ast?) throws(Z3Error) -> T {
    T(SortedReference(reference: unsafe TermReference(try make(operation, body), in: self)))
  }

  /// Runs a call that makes a term out of a list of terms.
  func term<T: Term>(
    _ operation: String,
    from terms: [TermReference],
    _ body: (Z3_context, UInt32, UnsafePointer<Z3_ast?>?) -> Z3_ast?
  ) throws(Z3Error) -> T {
    let list = unsafe pointers(terms)
    return unsafe try term(operation) { context in
      unsafe list.withUnsafeBufferPointer { unsafe body(context, UInt32($0.count), $0.baseAddress) }
    }
  }

  /// The pointers of terms that must be of this context.
  func pointers(_ terms: [TermReference]) -> [Z3_ast?] {
    unsafe terms.map { unsafe $0.pointer(in: self) }
  }
}
