package import LingerModel

/// What `replay` found of a saved run.
package struct ReplayedTrace: Sendable {
  /// A run that could be run again.
  package struct Run: Sendable {
    package var context: ReportContext
    /// What the run was saved for, by name.
    package var property: String?
    package var finding: ReplayFinding
    package var trace: Trace
    package var timing: TimedRun?

    package init(
      context: ReportContext,
      property: String?,
      finding: ReplayFinding,
      trace: Trace,
      timing: TimedRun? = nil
    ) {
      self.context = context
      self.property = property
      self.finding = finding
      self.trace = trace
      self.timing = timing
    }
  }

  package enum Result: Sendable {
    case run(Run)
    /// Why it could not be run again, for standard error.
    case failure(message: String)
    /// Its spec has errors.
    case invalid(ReportedSpec)
  }

  package var result: Result

  package init(_ result: Result) { self.result = result }

  /// For standard error; empty where the run was run again.
  package var message: String {
    if case .failure(let message) = result { message } else { "" }
  }

  package var exitCode: Int32 {
    if case .run(let run) = result { run.finding.exitCode } else { 2 }
  }
}

/// What a run shows of the question that it was saved for, or of every question that a run can
/// answer where it was saved for none.
package struct ReplayFinding: Sendable {
  package enum Verdict: String, Sendable {
    case notViolated
    case violated
    case unknown
    case internalError
  }

  package var verdict: Verdict
  package var text: String
  /// The step after which it is violated; nil for what is not.
  package var step: Int?
  /// The message that nothing takes.
  package var envelope: Envelope?

  package init(_ verdict: Verdict, _ text: String, step: Int? = nil, envelope: Envelope? = nil) {
    self.verdict = verdict
    self.text = text
    self.step = step
    self.envelope = envelope
  }

  /// As of a check: 0, 1 violated, 3 unknown, 70 internal error.
  package var exitCode: Int32 {
    switch verdict {
    case .notViolated: 0
    case .violated: 1
    case .unknown: 3
    case .internalError: 70
    }
  }
}
