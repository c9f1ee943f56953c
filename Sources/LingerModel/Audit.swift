package import LingerDiagnostics

/// A check that every spec gets without being told; docs/semantics.md, "Properties".
///
/// The raw value is its name in reports, in `audit { without NAME }` and for `--without`.
package enum AuditCheck: String, CaseIterable, Hashable, Sendable {
  /// No state is stuck short of `final`.
  case deadlock
  /// Every message that can arrive has a transition (or an `otherwise`).
  case unspecifiedReception = "unspecified-reception"
  /// No result leaves its range, no queue overflows, no assertion fails.
  case specErrors = "spec-errors"
  /// `final` can be reached from every reachable state (AG EF).
  case finalReachable = "final-reachable"
  /// No timer is armed in a final state.
  case orphanTimer = "orphan-timer"
  /// No fair run keeps an instance from being as `final` wants it for ever.
  case leftOpen = "left-open"
  /// In final states the variables that the spec names are as they began.
  case notRestored = "not-restored"
  /// A warning: a transition that is never taken.
  case neverFires = "never-fires"
  /// A warning: a case of an enum that nothing ever has.
  case neverHasCase = "never-has-case"

  /// Errors of the spec cut runs off: without them no other verdict would mean anything.
  package var canBeSwitchedOff: Bool { self != .specErrors }

  /// The question that it asks; nil for one that only warns.
  package var question: Question? {
    switch self {
    case .deadlock: .deadlock
    case .unspecifiedReception: .unspecifiedReception
    case .specErrors: .specErrors
    case .finalReachable: .finalReachable
    case .orphanTimer: .orphanTimer
    case .leftOpen: .leftOpen
    case .notRestored: .notRestored
    case .neverFires, .neverHasCase: nil
    }
  }

  /// The code of its findings, such as `A0104`.
  package var code: String { diagnosticCode.name }

  /// What `linger explain` says of its findings.
  package var diagnosticCode: DiagnosticCode {
    switch self {
    case .deadlock: .auditDeadlock
    case .unspecifiedReception: .auditUnspecifiedReception
    case .orphanTimer: .auditOrphanTimer
    case .leftOpen: .auditLeftOpen
    case .finalReachable: .auditFinalUnreachable
    case .specErrors: .auditSpecErrors
    case .notRestored: .auditNotRestored
    case .neverFires: .auditNeverFires
    case .neverHasCase: .auditNeverHasCase
    }
  }

  /// The check that a name or the code of its findings means.
  package init?(named name: String) {
    guard
      let check = AuditCheck.allCases.first(where: { $0.rawValue == name || $0.code == name })
    else { return nil }
    self = check
  }
}

/// What a spec asks of the audit: what to leave out, what to look at besides, what it expects.
package struct AuditSettings: Sendable {
  /// One thing that a check does not look at.
  package enum Exception: Hashable, Sendable {
    case transition(Int)
    case timer(role: Int, timer: Int)
    case enumCase(enumeration: Int, enumCase: Int)
    /// An instance of the role that stays open with a control variable at this case.
    case control(role: Int, enumeration: Int, enumCase: Int)
  }

  /// A finding that is wanted: it does not count, and its absence does.
  package struct Expectation: Sendable {
    package var check: AuditCheck
    /// The control state that is left open; nil for any finding of the check.
    package var control: Exception?
    /// As the spec writes it, behind `expect`.
    package var text: String

    package init(check: AuditCheck, control: Exception?, text: String) {
      self.check = check
      self.control = control
      self.text = text
    }
  }

  /// A variable that has to be back at its initial value in final states.
  package struct Restored: Hashable, Sendable {
    package var role: Int
    package var variable: Int

    package init(role: Int, variable: Int) {
      self.role = role
      self.variable = variable
    }
  }

  /// Checks that are switched off as a whole, in the order of ``AuditCheck``.
  package var switchedOff: [AuditCheck] = []
  package var exceptions: [Exception] = []
  package var expectations: [Expectation] = []
  package var restored: [Restored] = []

  package init() {}
}

extension Model {
  /// Everything that can be asked of a model: the audit, then its properties.
  ///
  /// `final { true }` is no claim about timers, so that a timer which is armed there is no orphan.
  package var allQuestions: [Question] {
    var result: [Question] = [.deadlock, .unspecifiedReception, .specErrors]
    if final != nil { result.append(.finalReachable) }
    if final != nil, !isFinalEverywhere { result += [.orphanTimer, .leftOpen] }
    if restoration != nil { result.append(.notRestored) }
    return result
      + properties.indices.filter { properties[$0].kind != .final }.map { .property($0) }
  }

  /// What is asked unless it is named: everything but what the spec switches off.
  package var questions: [Question] {
    let left = audit.switchedOff.compactMap(\.question)
    return allQuestions.filter { !left.contains($0) }
  }

  /// Whether the spec may stop anywhere: `final { true }`.
  package var isFinalEverywhere: Bool { final?.body.kind == .constant(.bool(true)) }

  /// The timers that are armed in a state and that the audit looks at.
  package func armedTimers(in state: State) -> [(instance: Int, timer: Int)] {
    instances.indices.flatMap { instance in
      state.instances[instance].armed.indices.compactMap { timer in
        state.instances[instance].armed[timer] && watches(timer: timer, of: instance)
          ? (instance, timer) : nil
      }
    }
  }

  /// Whether `orphan-timer` looks at a timer of an instance.
  package func watches(timer: Int, of instance: Int) -> Bool {
    !audit.exceptions.contains(.timer(role: instances[instance].role, timer: timer))
  }

  /// Whether a warning is wanted, given the checks that are switched off.
  package func wants(_ finding: VacuityFinding, without switchedOff: [AuditCheck]) -> Bool {
    switch finding.kind {
    case .transitionNeverFires(let transition):
      !switchedOff.contains(.neverFires) && !audit.exceptions.contains(.transition(transition))
    case .caseNeverReached(let enumeration, let enumCase):
      !switchedOff.contains(.neverHasCase)
        && !audit.exceptions.contains(.enumCase(enumeration: enumeration, enumCase: enumCase))
    }
  }
}

/// Which cases of enums a spec has use for.
extension Model {
  /// The enums of which a case may be said never to occur: variables have them, and no message,
  /// parameter, call or signal; nor is an array's index one of them.
  package var enumerationsToWatch: [Int] {
    var held: Set<Int> = []
    var whole: Set<Int> = []
    for record in Set(networks.flatMap(\.routes).flatMap(\.messages)) {
      for field in records[record].fields { whole.formUnion(enumerations(in: field.type)) }
    }
    for parameter in parameters { whole.formUnion(enumerations(in: parameter.type)) }
    for (number, role) in roles.enumerated() where !instances(of: number).isEmpty {
      for variable in role.variables {
        held.formUnion(enumerations(in: variable.type))
        whole.formUnion(indexEnumerations(of: variable.type))
      }
      for parameter in role.signals.flatMap(\.parameters) {
        whole.formUnion(enumerations(in: parameter.type))
      }
    }
    for transition in transitions {
      guard case .call(_, let parameters) = transition.trigger else { continue }
      for parameter in parameters { whole.formUnion(enumerations(in: parameter.type)) }
    }
    return enumerations.indices.filter { held.contains($0) && !whole.contains($0) }
  }

  /// The enums that a value of a type may have cases of, indices left aside.
  private func enumerations(in type: ModelType) -> Set<Int> {
    switch type {
    case .enumeration(let number): [number]
    case .record(let number):
      records[number].fields.reduce(into: []) { $0.formUnion(enumerations(in: $1.type)) }
    case .optional(let inner), .set(let inner), .queue(_, let inner), .array(_, let inner):
      enumerations(in: inner)
    case .bool, .integer, .instance, .duration, .unboundedInteger: []
    }
  }

  /// The enums that an array in a type has for its index.
  private func indexEnumerations(of type: ModelType) -> Set<Int> {
    switch type {
    case .array(let index, let element):
      enumerations(in: index).union(indexEnumerations(of: element))
    case .record(let number):
      records[number].fields.reduce(into: []) { $0.formUnion(indexEnumerations(of: $1.type)) }
    case .optional(let inner), .set(let inner), .queue(_, let inner): indexEnumerations(of: inner)
    case .bool, .integer, .enumeration, .instance, .duration, .unboundedInteger: []
    }
  }
}

extension Value {
  /// Calls `body` with each case of an enum in the value, however deep.
  package func visitCases(_ body: (_ enumeration: Int, _ enumCase: Int) -> Void) {
    switch self {
    case .enumCase(let enumeration, let number): body(enumeration, number)
    case .record(_, let parts), .set(let parts), .array(let parts), .queue(let parts):
      for part in parts { part.visitCases(body) }
    case .some(let wrapped): wrapped.visitCases(body)
    case .bool, .integer, .none, .instance, .duration: break
    }
  }
}
