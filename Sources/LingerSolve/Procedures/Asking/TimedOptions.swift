package import LingerModel

/// Limits of the solver's procedures.
package struct TimedOptions: Sendable {
  /// Z3's own unit of work for one question: the same question stops at the same place everywhere.
  package var resourceUnits = 200_000_000
  /// Locations of the control graph, above which the question is not taken on.
  package var locationLimit = 150_000
  /// Steps of the longest runs that are looked at.
  package var depthLimit = 30
  /// Properties, by number, that are proved first and that proofs may then presume.
  package var lemmas: [Int] = []
  /// What decides for the values in force; the answers must not depend on it.
  package var engine = TimedEngine.automatic
  /// Whether a proof is also wanted as text, which takes time to write.
  package var wantsCertificate = true
  /// What was asked, for the header of a proof.
  package var asked: String?
  /// Asked between questions; a reason stops the work.
  package var budget = Budget.unlimited

  package init() {}
}

/// What the solver says of a timed property.
package struct TimedAnswer: Sendable {
  package var result: PropertyResult
  /// The proof's obligations as one SMT-LIB 2 script, every `check-sat` of which says `unsat`.
  package var certificate: String?
  /// Where the solver contradicts the evaluator: a bug of Linger, never a verdict.
  package var internalError: String?
  /// An error of the spec that a run in time reaches, for the values in force: what would be said
  /// of all runs is not said then.
  package var specError: Violation?
  /// How often the control graph was refined on the way.
  package var refinements = 0
}

extension TimedOptions {
  /// Why there is no answer where Z3 has failed, or was stopped.
  func reason(for error: Z3Error) -> UndecidedReason {
    switch error {
    case .interrupted: budget.exhaustion ?? "\(error)"
    case .libraryMissing, .versionMismatch: "\(error)"
    case .failure, .irrational, .unsupportedSort: "Z3: \(error)"
    }
  }

  /// Why there is no answer where Z3 gives none.
  func reason(for reason: UnknownReason) -> UndecidedReason {
    guard reason == .interrupted else { return reason.undecided }
    return budget.exhaustion ?? reason.undecided
  }
}
