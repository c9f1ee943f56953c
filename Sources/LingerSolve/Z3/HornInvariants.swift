internal import CZ3

/// What each relation at most contains: the proof that a goal is unreachable.
///
/// Spacer has had bugs; check that these formulas satisfy every rule before trusting them.
package struct HornInvariants: ~Copyable {
  private let object: Z3Object
  /// Names of the relations that are not empty for want of rules; Z3 knows nothing of the others.
  private let derivable: Set<String>

  init(_ object: consuming Z3Object, derivable: Set<String>) {
    self.object = object
    self.derivable = derivable
  }

  /// The invariant of a registered relation, about the given arguments.
  package func invariant(
    of relation: Relation,
    _ arguments: [any Term]
  ) throws(Z3Error)
    -> BoolTerm
  {
    let context = object.context
    precondition(
      relation.context === context && arguments.map(\.erased.sort) == relation.argumentSorts,
      "wrong arguments for relation \(relation.name)"
    )
    guard derivable.contains(relation.name) else { return try context.truth(false) }
    // Level -1 is the limit of all levels. Arguments are its free de Bruijn variables.
    let cover = unsafe try context.make("take an invariant") { raw in
      unsafe Z3_fixedpoint_get_cover_delta(raw, object.pointer, -1, relation.pointer)
    }
    return unsafe try context.term("take an invariant", from: arguments.map(\.reference)) {
      unsafe Z3_substitute_vars($0, cover, $1, $2)
    }
  }
}

/// The rules that lead to a reachable goal.
package struct HornTrace: Hashable, Sendable {
  /// Names of the rules, the first applied first.
  package let ruleNames: [String]

  static let separator: Character = ";"

  init(_ object: borrowing Z3Object) throws(Z3Error) {
    let (context, pointer) = unsafe (object.context, object.pointer)
    let symbol = unsafe try context.make("take a trace") { raw in
      unsafe Z3_fixedpoint_get_rule_names_along_trace(raw, pointer)
    }
    // Goal first, and a nameless rule of Z3's own around it.
    ruleNames = unsafe try context.name(of: symbol).split(separator: Self.separator).reversed()
      .map(String.init).filter { $0 != "<null>" }
  }
}
