import LingerModel

/// What a chart of the timed reading shows besides: when, why then, and what is alive.
extension SequenceChart {
  /// Blanks between a time and what stands right of it.
  private static let gap = 2

  /// Room for the times of the steps; 0 for an untimed run.
  static func timeWidth(_ timing: TimedRun?) -> Int {
    guard let widest = timing?.times.map({ label($0).count }).max() else { return 0 }
    return widest + gap
  }

  private static func label(_ time: Rational) -> String { "t=\(seconds(time))" }

  func timeLabel(of step: Int) -> String {
    guard let timing, timing.times.indices.contains(step) else { return "" }
    return Self.label(timing.times[step])
  }

  /// The bound that let a step happen when it did.
  func bound(of step: Int) -> String? {
    guard let timing, timing.bounds.indices.contains(step) else { return nil }
    return timing.bounds[step]
  }

  /// The parameter values of the run, above its lifelines.
  func settings() -> [ChartItem] {
    guard let timing, !timing.settings.isEmpty else { return [] }
    let values = timing.settings.map {
      "\(text.model.parameters[$0.parameter].name) = \(seconds($0.value))"
    }
    let words = "with \(values.joined(separator: ", "))"
    return [.text(lead: "  ", [words]), .text(lead: "", [""])]
  }

  /// The messages that can still arrive when the property is false.
  func alive(arrow: String) -> [String] {
    guard let timing else { return [] }
    if timing.alive.isEmpty { return ["no message is alive"] }
    return timing.alive.map { message in
      let number = latestSending(of: message.envelope).map { "#\($0.number) " } ?? ""
      var line = "alive: \(number)\(text.envelope(message.envelope, arrow: arrow))"
      line += " (age \(seconds(message.age))"
      if let lifetime = message.lifetime { line += " < \(seconds(lifetime))" }
      return line + ")"
    }
  }

  /// The transmission that an age counts from.
  private func latestSending(of envelope: Envelope) -> MessageLedger.Sending? {
    ledger.entries.flatMap(\.sendings).last { $0.envelope == envelope && $0.fate != .dropped }
  }

  /// Whether it is this transmission that is alive when the property is false.
  func isAliveAtEnd(_ sending: MessageLedger.Sending) -> Bool {
    guard let timing, timing.alive.contains(where: { $0.envelope == sending.envelope }) else {
      return false
    }
    return latestSending(of: sending.envelope)?.number == sending.number
  }
}
