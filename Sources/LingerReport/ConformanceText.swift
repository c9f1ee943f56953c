import LingerModel

extension ConformedSpec {
  /// The text for people.
  func text(_ style: TextStyle) -> String {
    guard spec.context != nil else { return "" }
    var parts = inputs.map { $0.text(style) }
    if let comparison { parts.append(comparison.lines.joined(separator: "\n") + "\n") }
    return parts.joined(separator: "\n") + (interruption.map { "stopped: \($0)\n" } ?? "")
  }
}

extension ConformedSpec.Input {
  /// So many traces of an input are told one by one; of more only those that do not conform.
  private static let mostTold = 20

  fileprivate func text(_ style: TextStyle) -> String {
    let glyphs = style.glyphs
    var lines: [String] = [path]
    let told = traces.count <= Self.mostTold ? traces : traces.filter { $0.verdict != .conforms }
    for trace in told { lines += trace.lines(style) }
    for note in notes { lines.append("  \(note)") }
    if let failure { lines.append("\(glyphs.unknown) \(failure)") }
    let total = counts.values.reduce(0, +)
    let parts = TraceVerdict.allCases.compactMap { verdict -> String? in
      guard let count = counts[verdict], count > 0 else { return nil }
      return "\(count) \(verdict.words(count))"
    }
    lines.append(
      "\(count(total, "trace")), \(count(eventCount, "event")): "
        + (parts.isEmpty ? "nothing to judge" : parts.joined(separator: ", "))
        + "; at most \(count(highWater, "belief"))",
    )
    return lines.joined(separator: "\n") + "\n"
  }
}

extension TraceVerdict {
  fileprivate func words(_ count: Int) -> String {
    switch self {
    case .conforms: count == 1 ? "conforms" : "conform"
    case .violates: count == 1 ? "violates the spec" : "violate the spec"
    case .inconclusive: "inconclusive"
    case .unknown: "unknown"
    }
  }
}

extension ConformedTrace {
  /// So many of the ways that it may have taken are told.
  private static let mostHistories = 3

  fileprivate func lines(_ style: TextStyle) -> [String] {
    let glyphs = style.glyphs
    let mark =
      switch verdict {
      case .conforms: glyphs.holds
      case .violates: glyphs.violated
      case .inconclusive, .unknown: glyphs.unknown
      }
    var text = Paragraphs(style)
    let why = reason.map { ": \($0)" } ?? ""
    text.add("\(mark) \(name), \(subject): \(verdict.rawValue)\(why)", indentation: 0)
    if let vantage { text.add("judged there: \(vantage)") }
    let told = histories.filter { !$0.isEmpty }
    for history in told.prefix(Self.mostHistories) {
      text.add(history.joined(separator: " "))
    }
    let more = told.count - Self.mostHistories
    if more > 0 { text.add("or one of \(count(more, "more way"))") }
    if !profiles.isEmpty { text.add("profiles: " + profiles.map(\.text).joined(separator: ", ")) }
    for note in notes { text.add(note) }
    if let finding {
      finding.addPlace(to: &text)
      let chart = ConformanceChart(events: events, subject: subject, style: style)
      if !events.isEmpty { text.addRows(chart.rows()) }
      finding.addReasons(to: &text)
    }
    return text.lines
  }
}

extension ConformedTrace.ProfileVerdict {
  fileprivate var text: String {
    guard verdict != .conforms else { return profile }
    return "\(profile) \(verdict.rawValue)" + (place.map { " at \($0)" } ?? "")
  }
}

extension ConformanceFinding {
  func lines(_ style: TextStyle) -> [String] {
    var text = Paragraphs(style)
    addPlace(to: &text)
    addReasons(to: &text)
    return text.lines
  }

  fileprivate func addPlace(to text: inout Paragraphs) {
    text.add("at \(placeName) \(place), \(seconds(time)): \(seen)")
    text.add(message + (isTime ? " (only the time is wrong)" : ""))
  }

  fileprivate func addReasons(to text: inout Paragraphs) {
    var told: [[String]] = []
    for belief in beliefs {
      text.add("believed before: \(belief.state)")
      for output in belief.expected { text.add("expected: \(output)", indentation: 6) }
      let reasons = belief.obstacles.map { "\($0.transition): \($0.reason)" }
      // Many beliefs fail for the same reasons.
      if told.contains(reasons) { continue }
      told.append(reasons)
      for (obstacle, reason) in zip(belief.obstacles, reasons) {
        text.add(reason, indentation: 6)
        if let clause = obstacle.clause {
          text.add(clause.split(separator: "\n").joined(separator: " "), indentation: 8)
        }
      }
    }
    if moreBeliefs > 0 { text.add("and \(count(moreBeliefs, "more belief"))") }
    if let elsewhere { text.add("at the other end: \(elsewhere)") }
    for explanation in explanations { text.add("perhaps: \(explanation.sentence)") }
  }
}

/// Lines within the width of the text, what goes on behind a line indented further.
private struct Paragraphs {
  private(set) var lines: [String] = []
  private let width: Int

  init(_ style: TextStyle) { width = style.width }

  /// Rows that are laid out already.
  mutating func addRows(_ rows: [String]) { lines += rows }

  mutating func add(_ text: String, indentation: Int = 4) {
    let first = String(repeating: " ", count: indentation)
    for (number, line) in wrap(text, width: max(20, width - indentation - 2)).enumerated() {
      lines.append(first + (number == 0 ? "" : "  ") + line)
    }
  }
}
