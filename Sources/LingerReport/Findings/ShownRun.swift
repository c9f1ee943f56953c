import LingerModel

/// A run that shows a finding.
struct ShownRun: Sendable {
  /// One step in words.
  struct StepText: Sendable {
    var text: String
    /// Of its transition; nil for an act of the network.
    var place: SourcePlace?
  }

  var context: ReportContext
  var trace: Trace
  var property: Property?
  /// The message that nothing takes at its end.
  var envelope: Envelope?
  var timing: TimedRun?

  func chart(_ style: ReportStyle) -> String {
    SequenceChart(
      trace,
      in: context.text,
      property: property,
      envelope: envelope,
      timing: timing,
      style: style.textStyle
    ).render()
  }

  var steps: [StepText] {
    trace.entries.enumerated().map { index, entry in
      var text = context.text.description(of: entry.step)
      if let timing { text = "t=\(seconds(timing.times[index])): \(text)" }
      if let error = entry.error { text += "; \(error.message)" }
      if index == trace.loopStart { text = "from here on for ever: \(text)" }
      return StepText(text: text, place: place(of: entry.step))
    }
  }

  /// Of the last step that has a place; nil where none has.
  var lastPlace: SourcePlace? {
    trace.entries.reversed().lazy.compactMap { place(of: $0.step) }.first
  }

  private func place(of step: Step) -> SourcePlace? {
    guard case .transition(_, let number, _, _) = step else { return nil }
    return SourcePlace(context.model.transitions[number].span, in: context.text.sources)
  }
}
