import LingerModel

/// Text for people at a terminal.
///
/// What is wrong with an input is left out: a command says it on standard error.
package struct TextFormat: ReportFormat {
  package let name = "text"
  package let purpose = "for people"
  package let tellsExitCode = false

  package init() {}

  package func render(_ report: RunReport, _ style: ReportStyle) -> String {
    let style = style.textStyle
    switch report.content {
    case .check(let specs):
      return specs.compactMap { $0.text(style) }.joined(separator: "\n")
    case .synthesis(let synthesis): return synthesis.text(style)
    case .replay(let replay): return replay.text(style)
    case .simulation(let simulation): return simulation.text(style)
    case .recheck(let files): return files.compactMap { $0.text(style) }.joined(separator: "\n")
    case .layout(let files): return files.map(\.text).joined()
    case .conformance(let conformed): return conformed.text(style)
    case .driving(let driven): return driven.text(style)
    }
  }
}

extension CheckedSpec {
  /// Nil for a spec with errors.
  func text(_ style: TextStyle) -> String? {
    guard let report, let context = spec.context else { return nil }
    return TextReport(report, of: context, style: style).render()
  }
}

extension SynthesizedSpec {
  fileprivate func text(_ style: TextStyle) -> String {
    guard let report, let context = spec.context else { return "" }
    return SynthesisText(report, of: context, style: style).render()
  }
}

extension ReplayedTrace {
  /// The chart and what it shows.
  fileprivate func text(_ style: TextStyle) -> String {
    guard case .run(let run) = result else { return "" }
    let glyphs = style.glyphs
    let chart = SequenceChart(
      run.trace,
      in: run.context.text,
      property: run.context.model.properties.first { $0.name == run.property },
      envelope: run.finding.envelope,
      timing: run.timing,
      style: style
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
}

extension SimulatedSpec {
  /// The walk that is shown, and how it went.
  fileprivate func text(_ style: TextStyle) -> String {
    guard let context = spec.context else { return "" }
    let glyphs = style.glyphs
    guard let walk else { return "\(glyphs.unknown) \(summary)\n" }
    let chart = SequenceChart(
      walk.trace,
      in: context.text,
      envelope: walk.envelope,
      style: style
    )
    let mark =
      walk.violated != nil
      ? glyphs.violated : interruption == nil ? glyphs.holds : glyphs.unknown
    return "\(chart.render())\n\(mark) \(summary)\n"
  }
}

extension LaidOutFile {
  /// Its path if it would change.
  fileprivate var text: String {
    if case .changed = result { "\(path)\n" } else { "" }
  }
}
