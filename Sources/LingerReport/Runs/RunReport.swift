package import LingerDiagnostics
package import LingerModel

/// What one run of the program found: the one value that every ``ReportFormat`` is made of.
package struct RunReport: Sendable {
  /// What a command found, of each of its inputs in the order of the command line.
  package enum Content: Sendable {
    case check([CheckedSpec])
    case synthesis(SynthesizedSpec)
    case replay(ReplayedTrace)
    case simulation(SimulatedSpec)
    case recheck([RecheckedFile])
    case layout([LaidOutFile])
    case conformance(ConformedSpec)
    case driving(DrivenSpec)
  }

  package var content: Content
  /// What the program exits with: more than the content may have a say in it, such as a signal.
  package var exitCode: Int32

  package init(_ content: Content, exitCode: Int32) {
    self.content = content
    self.exitCode = exitCode
  }
}

/// A spec as a command found it.
package struct ReportedSpec: Sendable {
  /// The path as the user gave it.
  package var path: String
  package var diagnostics: [Diagnostic]
  package var sources: SourceMap
  /// Nil for a spec with errors.
  package var context: ReportContext?

  package init(
    path: String,
    diagnostics: [Diagnostic],
    sources: SourceMap,
    context: ReportContext?
  ) {
    self.path = path
    self.diagnostics = diagnostics
    self.sources = sources
    self.context = context
  }
}

/// What `check` found of one spec.
package struct CheckedSpec: Sendable {
  package var spec: ReportedSpec
  /// Nil for a spec with errors.
  package var report: CheckReport?

  package init(_ spec: ReportedSpec, _ report: CheckReport?) {
    self.spec = spec
    self.report = report
  }
}

/// What `synthesize` found.
package struct SynthesizedSpec: Sendable {
  package var spec: ReportedSpec
  /// Nil for a spec with errors.
  package var report: SynthesisReport?

  package init(_ spec: ReportedSpec, _ report: SynthesisReport?) {
    self.spec = spec
    self.report = report
  }

  /// 0 found and proved, 1 an error of the spec is reached, 2 the spec does not compile, 3 unknown,
  /// 70 internal error.
  package var exitCode: Int32 {
    guard let report else { return 2 }
    guard report.internalErrors.isEmpty else { return 70 }
    return switch report.outcome {
    case .weakest: 0
    case .specError: 1
    case .unknown: 3
    }
  }
}
