internal import CZ3

/// A replacement of unknowns by terms of the same sort, all at once.
package struct Substitution {
  private var from: [TermReference] = []
  private var to: [TermReference] = []

  package init() {}

  /// From now on replaces `unknown` by `term`; `unknown` must not be replaced yet.
  package mutating func replace<T: Term>(_ unknown: T, by term: T) {
    precondition(!from.contains(unknown.reference), "\(unknown) is already replaced")
    from.append(unknown.reference)
    to.append(term.reference)
  }

  package func applied<T: Term>(to term: T) throws(Z3Error) -> T {
    guard !from.isEmpty else { return term }
    let (context, pointer) = unsafe (term.context, term.reference.pointer)
    let sources = unsafe context.pointers(from)
    return unsafe try context.term("substitute", from: to) { raw, count, targets in
      unsafe sources.withUnsafeBufferPointer {
        unsafe Z3_substitute(raw, pointer, count, $0.baseAddress, targets)
      }
    }
  }
}
