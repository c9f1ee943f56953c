package import LingerModel

/// What `simulate` found: the first walk with a mistake, or the first walk.
package struct SimulatedSpec: Sendable {
  /// The walk that is shown.
  package struct Walk: Sendable {
    package var trace: Trace
    /// How it ended, in words.
    package var end: String
    /// What it violates, if anything.
    package var violated: Question?
    /// The message that nothing takes at its end.
    package var envelope: Envelope?

    package init(trace: Trace, end: String, violated: Question?, envelope: Envelope?) {
      self.trace = trace
      self.end = end
      self.violated = violated
      self.envelope = envelope
    }
  }

  package var spec: ReportedSpec
  /// Nil for a spec with errors, and where it was stopped before the first walk.
  package var walk: Walk?
  /// The seed of the walk that is shown.
  package var seed: UInt64
  package var walkCount = 0
  package var stepCount = 0
  /// Why it stopped early.
  package var interruption: String?
  /// How many of the walk's steps are shown, where it has more.
  package var shownSteps: Int?
  /// A mistake of ours: the evaluator does not have a step that was taken.
  package var internalError: String?

  package init(_ spec: ReportedSpec, seed: UInt64) {
    self.spec = spec
    self.seed = seed
  }

  /// 0 nothing wrong was met, 1 a walk found a violation, 2 the spec has errors, 3 it was stopped,
  /// 70 a walk cannot be run again.
  package var exitCode: Int32 {
    guard spec.context != nil else { return 2 }
    if internalError != nil { return 70 }
    if walk?.violated != nil { return 1 }
    return interruption == nil ? 0 : 3
  }

  /// How it went, in a line.
  var summary: String {
    if let internalError { return "internal error: \(internalError)" }
    guard let walk else { return "no walk was made: \(interruption ?? "")" }
    let counts = "\(count(walkCount, "walk")), \(count(stepCount, "step")), seed \(seed)"
    let shown = shownSteps.map { "; its first \(count($0, "step")) are shown" } ?? ""
    return "\(counts): \(walk.end)\(shown)" + (interruption.map { " (\($0))" } ?? "")
  }
}
