/// What `final` wants of one instance, or, as far as it cannot be taken apart, of several.
///
/// `left-open` asks whether a fair run keeps a part false for ever; docs/semantics.md, "What is
/// left open".
package struct FinalPart: Sendable {
  /// The instance that it is about; nil for what speaks of several, of none, or of messages.
  package var instance: Int?
  /// The part, as what every run owes from its first state on.
  package var promise: Promise

  /// True where the instance is as `final` wants it.
  package var wanted: Property { promise.effect }
}

/// What stays open for ever in a run without end.
package struct OpenEnd: Hashable, Sendable {
  /// A call that is possible in every state of the loop and is never made.
  package struct IdleCall: Hashable, Sendable {
    package var instance: Int
    package var transition: Int

    package init(instance: Int, transition: Int) {
      self.instance = instance
      self.transition = transition
    }
  }

  /// Its number in ``Model/finalParts``.
  package var part: Int
  package var instance: Int?
  /// Further instances of the role that can stay open in the same way.
  package var likewise: [Int] = []
  /// The control states that the instance has in the loop, each once, in order; see
  /// ``Model/control(of:in:)``.
  package var controls: [[Value]]
  /// Nothing where it stays open although every application acts.
  package var idleCalls: [IdleCall]

  package init(part: Int, instance: Int?, controls: [[Value]], idleCalls: [IdleCall]) {
    self.part = part
    self.instance = instance
    self.controls = controls
    self.idleCalls = idleCalls
  }
}

extension Model {
  /// What `final` is a conjunction of: a part for each instance that some conjunct is about alone,
  /// in order, then one for all that is left.
  package var finalParts: [FinalPart] {
    guard let final else { return [] }
    var ofInstances: [[Expression]] = Array(repeating: [], count: instances.count)
    var rest: [Expression] = []
    for conjunct in conjuncts(of: final.body) {
      if let instance = conjunct.onlyInstanceRead {
        ofInstances[instance].append(conjunct)
      } else {
        rest.append(conjunct)
      }
    }
    func part(_ instance: Int?, _ conjuncts: [Expression]) -> FinalPart? {
      guard let first = conjuncts.first else { return nil }
      var wanted = final
      wanted.body = conjuncts.dropFirst().reduce(first) { whole, conjunct in
        Expression(.binary(.and, whole, conjunct), .bool, final.body.span)
      }
      var always = final
      always.body = Expression(.constant(.bool(true)), .bool, final.body.span)
      return FinalPart(instance: instance, promise: Promise(cause: always, effect: wanted))
    }
    return instances.indices.compactMap { part($0, ofInstances[$0]) }
      + [part(nil, rest)].compactMap(\.self)
  }

  /// The conditions that a predicate is the conjunction of, `for all p in Role` taken apart.
  package func conjuncts(of body: Expression) -> [Expression] {
    switch body.kind {
    case .binary(.and, let left, let right):
      return conjuncts(of: left) + conjuncts(of: right)
    case .quantifier(.all, let slot, .type(.instance(let role)), filter: nil, let inner):
      return instances(of: role).flatMap { instance in
        conjuncts(of: inner.substituting(local: slot, with: .instance(instance)))
      }
    default:
      return [body]
    }
  }
}

extension Expression {
  /// The one instance whose variables and timers it reads; nil where it reads those of several, of
  /// none, or messages in flight.
  fileprivate var onlyInstanceRead: Int? {
    var found: Set<Int> = []
    return addInstancesRead(to: &found) && found.count == 1 ? found.first : nil
  }

  /// False where it reads what belongs to no one instance.
  private func addInstancesRead(to found: inout Set<Int>) -> Bool {
    switch kind {
    case .variable(let owner, _), .timerIsArmed(let owner, _):
      guard case .constant(.instance(let number)) = owner?.kind else { return false }
      found.insert(number)
    case .copiesInFlight, .messagesInFlight: return false
    default: break
    }
    return children.allSatisfy { $0.addInstancesRead(to: &found) }
  }
}

/// Control states.
extension Model {
  /// The variables that tell the control state of an instance: those of enum types, or, where there
  /// are none, the Boolean ones. Ghosts are none of them.
  package func controlVariables(ofRole role: Int) -> [Int] {
    let own = roles[role].variables
    let enums = own.indices.filter {
      if case .enumeration = own[$0].type { !own[$0].isGhost } else { false }
    }
    return enums.isEmpty
      ? own.indices.filter { own[$0].type == .bool && !own[$0].isGhost } : enums
  }

  /// Whether a role's control states have names, which are cases of enums.
  package func isControlNamed(ofRole role: Int) -> Bool {
    controlVariables(ofRole: role).contains {
      if case .enumeration = roles[role].variables[$0].type { true } else { false }
    }
  }

  /// The values of an instance's control variables.
  package func control(of instance: Int, in state: State) -> [Value] {
    controlVariables(ofRole: instances[instance].role).map {
      state.instances[instance].variables[$0]
    }
  }

  /// A control state as a person names it: `CLOSE_WAIT`, `!isOpen`; empty where there is none.
  package func name(ofControl values: [Value], role: Int) -> String {
    zip(controlVariables(ofRole: role), values).map { variable, value in
      let name = roles[role].variables[variable].name
      return switch value {
      case .enumCase(let enumeration, let number): enumerations[enumeration].cases[number]
      case .bool(let isTrue): isTrue ? name : "!\(name)"
      default: "\(name) \(describe(value, in: self))"
      }
    }.joined(separator: ", ")
  }
}
