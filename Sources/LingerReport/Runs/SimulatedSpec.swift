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

  package init(_ spec: ReportedSpec, seed: UInt64) {
    self.spec = spec
    self.seed = seed
  }

  /// 0 nothing wrong was met, 1 a walk found a violation, 2 the spec has errors, 3 it was stopped.
  package var exitCode: Int32 {
    guard spec.context != nil else { return 2 }
    if walk?.violated != nil { return 1 }
    return interruption == nil ? 0 : 3
  }

  /// How it went, in a line.
  var summary: String {
    guard let walk else { return "no walk was made: \(interruption ?? "")" }
    let counts = "\(count(walkCount, "walk")), \(count(stepCount, "step")), seed \(seed)"
    return "\(counts): \(walk.end)" + (interruption.map { " (\($0))" } ?? "")
  }
}
