/// Which relations of a Horn system can hold for anything at all.
///
/// Z3 drops the rules of relations that nothing derives, and then calls their invariant `true`.
/// That is not an invariant: such a relation is empty, and a rule from it to the goal would break
/// it.
struct HornDependencies {
  private var relations: Set<String> = []
  private var rules: [(head: String, body: [String])] = []

  init() {}

  mutating func register(_ name: String) {
    relations.insert(name)
  }

  mutating func addRule(_ body: BoolTerm, implies head: BoolTerm) throws(Z3Error) {
    guard let headName = try relation(in: head.erased) else {
      preconditionFailure("a rule's head must be a registered relation, not \(head)")
    }
    // Only what every way through the body needs: relations below other connectives do not count.
    var names: [String] = []
    var pending = [body.erased]
    while let term = pending.popLast() {
      if case .operation(.and, let parts) = try term.shape() {
        pending += parts
      } else if let name = try relation(in: term) {
        names.append(name)
      }
    }
    rules.append((headName, names))
  }

  /// The relations that some chain of rules leads to.
  func derivable() -> Set<String> {
    var derivable: Set<String> = []
    var pending = rules
    while true {
      let ready = pending.filter { derivable.isSuperset(of: $0.body) }
      guard !ready.isEmpty else { return derivable }
      derivable.formUnion(ready.map(\.head))
      pending.removeAll { derivable.contains($0.head) }
    }
  }

  /// The relation that a term applies; one without arguments looks like a Boolean unknown.
  private func relation(in term: AnyTerm) throws(Z3Error) -> String? {
    switch try term.shape() {
    case .application(let name, _), .constant(let name):
      relations.contains(name) ? name : nil
    default: nil
    }
  }
}
