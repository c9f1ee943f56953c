import LingerModel
import LingerReport

/// What a replay is asked to do.
package struct ReplayOptions: Sendable {
  /// Whether a run of a protocol of another name is replayed: a variant's on the spec it varies.
  package var isOfOtherProtocol = false
  /// Asked now and then; a reason, such as a time limit, stops the search that a `possible` needs.
  package var shouldStop: @Sendable () -> String? = { nil }

  package init() {}
}

/// A saved run that was run again.
package struct Replay: Sendable {
  /// Why it could not be, for standard error; nil where it was.
  package let message: String?
  private let run: Run?

  private struct Run: Sendable {
    var context: ReportContext
    var property: String?
    var finding: ReplayFinding
    var trace: Trace
    var timing: TimedRun?
  }

  /// Of what is not a run of the spec.
  init(failure message: String) {
    self.message = message
    run = nil
  }

  init(
    context: ReportContext,
    property: String?,
    finding: ReplayFinding,
    trace: Trace,
    timing: TimedRun? = nil
  ) {
    message = nil
    run = Run(
      context: context,
      property: property,
      finding: finding,
      trace: trace,
      timing: timing
    )
  }

  package var exitCode: Int32 { run?.finding.exitCode ?? 2 }

  /// The chart and what it shows.
  package func text(style: ReportStyle) -> String {
    guard let run else { return "" }
    let glyphs = style.textStyle.glyphs
    let chart = SequenceChart(
      run.trace,
      in: run.context.text,
      property: run.context.model.properties.first { $0.name == run.property },
      envelope: run.finding.envelope,
      timing: run.timing,
      style: style.textStyle
    )
    let mark =
      switch run.finding.verdict {
      case .notViolated: glyphs.holds
      case .violated: glyphs.violated
      case .unknown, .internalError: glyphs.unknown
      }
    let steps = count(run.trace.entries.count, "step")
    return "\(chart.render())\n\(mark) \(steps) replayed: \(run.finding.text)\n"
  }

  package func json(exitCode: Int32) -> String {
    guard let run else {
      let lines = (message ?? "").split(separator: "\n")
      let error = lines.isEmpty ? "the spec has errors" : lines.joined(separator: " ")
      return JSONValue.members([
        "format": .string("linger-replay"), "version": .integer(1),
        "exitCode": .integer(Int(exitCode)), "error": .string(error),
      ]).text
    }
    return JSONValue.members([
      "format": .string("linger-replay"), "version": .integer(1),
      "path": .string(run.context.path), "property": .optional(run.property),
      "exitCode": .integer(Int(exitCode)), "verdict": .string(run.finding.verdict.rawValue),
      "finding": .string(run.finding.text), "step": run.finding.step.map { .integer($0) },
      "trace": JSONReport.trace(run.trace, of: run.context, timing: run.timing),
    ]).text
  }
}
