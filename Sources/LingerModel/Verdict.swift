package import LingerDiagnostics

/// What a check says of one property. A limit or an unsupported construct is `unknown`.
package enum Verdict: Hashable, Sendable {
  case holds
  case violated(Violation)
  case unknown(reason: UndecidedReason)
}

package struct Violation: Hashable, Sendable {
  /// One sentence: what is wrong, where and why.
  package var explanation: String
  /// The shortest run that shows it; nil where the absence of any run is the violation (a
  /// `cover` that is never reached), or where a limit came before the run was worked out.
  package var trace: Trace?
  /// For an unspecified reception: the message that nobody takes in the last state.
  package var envelope: Envelope?
  /// When the steps happen, for a violation of the timed reading.
  package var timing: TimedRun?
  /// What stays open for ever, for a finding of `left-open`.
  package var openEnd: OpenEnd?
  /// Further ways in which the same question is violated, each with a run of its own.
  package var others: [Violation] = []

  package init(
    explanation: String,
    trace: Trace?,
    envelope: Envelope? = nil,
    timing: TimedRun? = nil
  ) {
    self.explanation = explanation
    self.trace = trace
    self.envelope = envelope
    self.timing = timing
  }
}

/// What was asked: a property of the spec or a check of the open-state audit.
package enum Question: Hashable, Sendable {
  case property(Int)
  /// No state is stuck short of `final`.
  case deadlock
  /// Every message that can arrive has a transition (or an `otherwise`).
  case unspecifiedReception
  /// No result leaves its range, no queue overflows, no assertion fails.
  case specErrors
  /// `final` can be reached from every reachable state (AG EF).
  case finalReachable
  /// No timer is armed in a final state.
  case orphanTimer
  /// No fair run leaves an instance open for ever.
  case leftOpen
  /// In final states the variables that the spec names are as they began.
  case notRestored

  /// The check of the audit that asks it; nil for a property.
  package var auditCheck: AuditCheck? { AuditCheck.allCases.first { $0.question == self } }

  /// The name printed and taken by `--property`; audit checks have fixed ones.
  package func name(in model: Model) -> String {
    switch self {
    case .property(let number): model.properties[number].name
    default: auditCheck?.rawValue ?? ""
    }
  }

  /// What has to stay reachable from everywhere, where that is what it asks.
  package func goal(in model: Model) -> Property? {
    switch self {
    case .finalReachable: model.final
    case .property(let number):
      model.properties[number].kind == .possible ? model.properties[number] : nil
    case .deadlock, .unspecifiedReception, .specErrors, .orphanTimer, .leftOpen, .notRestored: nil
    }
  }

  /// Whether it is about runs without end.
  package func isEventually(in model: Model) -> Bool {
    guard case .property(let number) = self else { return false }
    return model.properties[number].kind == .eventually
  }

  /// Whether fairness has a say in it.
  package func isAboutEndlessRuns(in model: Model) -> Bool {
    self == .leftOpen || isEventually(in: model)
  }

  /// Whether a name that a user gives means it; the name of a `for each` means all of its
  /// properties.
  package func isNamed(_ name: String, in model: Model) -> Bool {
    if case .property(let number) = self { return model.properties[number].isNamed(name) }
    return auditCheck.map { $0 == AuditCheck(named: name) } ?? false
  }
}

/// Something that an audit found and that does not count.
package struct Aside: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// It takes an application that does not act.
    case note
    /// The spec says that it is wanted.
    case expected
  }

  package var kind: Kind
  package var finding: Violation
  /// Whether it was not decided that time allows it.
  package var isConditional: Bool

  package init(_ kind: Kind, _ finding: Violation, isConditional: Bool = false) {
    self.kind = kind
    self.finding = finding
    self.isConditional = isConditional
  }
}

/// One line of a report.
package struct PropertyResult: Hashable, Sendable {
  package var question: Question
  package var verdict: Verdict
  /// For a `cover` that holds: the shortest run to it.
  package var witness: Trace?
  /// How far a verdict reaches: for which parameter values it was proved, and what the proof
  /// needed; nil where the verdict says it all.
  package var note: String?
  /// What it would be if the errors of the spec that cut runs off could not be reached; nil where
  /// they have no part in it.
  package var verdictWithoutErrors: Verdict?
  /// What the untimed reading finds, where it was not decided whether time allows it.
  package var conditional: Violation?
  /// What was found and does not count.
  package var asides: [Aside] = []

  package init(
    question: Question,
    verdict: Verdict,
    witness: Trace? = nil,
    note: String? = nil
  ) {
    self.question = question
    self.verdict = verdict
    self.witness = witness
    self.note = note
  }
}

/// How far an exploration got.
package struct ExplorationStatistics: Hashable, Sendable {
  package var states = 0
  /// Of these the ones in which a run may begin.
  package var initialStates = 1
  /// One for each step that is possible in each state.
  package var transitions = 0
  /// Steps of the longest shortest path.
  package var depth = 0
  /// Whether every reachable state was visited; else `limit` says why not.
  package var isComplete = true
  package var limit: UndecidedReason?
  /// How `symmetric` instances were made use of, or why they were not; nil where there are none.
  package var symmetryNote: String?
  /// Steps that end in an error of the spec, one for each state: runs through them are cut off.
  package var cutOffSteps = 0
  /// Bytes of the store in all, and bits that a packed state needs.
  package var storeBytes = 0
  package var stateBits = 0

  package init() {}

  /// Whether every run was followed to its end.
  package var sawAllRuns: Bool { isComplete && cutOffSteps == 0 }

  /// Why nothing can be said of all runs; nil where no limit and no error is in the way.
  package var reasonAgainstAllRuns: UndecidedReason? {
    if let limit { return limit }
    return switch cutOffSteps {
    case 0: nil
    case 1: "1 step ends in an error of the spec, so runs through it were not followed"
    default:
      "\(cutOffSteps) steps end in an error of the spec, so runs through them were not followed"
    }
  }
}

/// Something that looks like a mistake of the spec although nothing is violated.
package struct VacuityFinding: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The transition with this number never fires.
    case transitionNeverFires(Int)
    /// No variable ever has this case of an enum.
    case caseNeverReached(enumeration: Int, enumCase: Int)
  }

  package var kind: Kind
  package var span: Span

  package init(kind: Kind, span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A check of the audit that was not made, since somebody did not want it.
package struct SwitchedOff: Hashable, Sendable {
  package enum Author: String, Hashable, Sendable {
    case spec
    case option
  }

  package var check: AuditCheck
  package var author: Author

  package init(check: AuditCheck, author: Author) {
    self.check = check
    self.author = author
  }
}

/// Everything one check found.
package struct CheckReport: Sendable {
  package var results: [PropertyResult]
  package var statistics: ExplorationStatistics
  /// Reported only after a complete exploration.
  package var vacuity: [VacuityFinding]
  /// How often each transition of the model fired.
  package var firings: [Int]
  /// Where the engine contradicts the evaluator: a bug of Linger, never a verdict (exit 70).
  package var internalErrors: [String]
  /// Checks of the audit that the spec or the user switched off.
  package var switchedOff: [SwitchedOff] = []
  /// Whether states were visited: timed invariants alone need none.
  package var isExplored = true

  package init(
    results: [PropertyResult],
    statistics: ExplorationStatistics,
    vacuity: [VacuityFinding],
    firings: [Int],
    internalErrors: [String] = []
  ) {
    self.results = results
    self.statistics = statistics
    self.vacuity = vacuity
    self.firings = firings
    self.internalErrors = internalErrors
  }
}
