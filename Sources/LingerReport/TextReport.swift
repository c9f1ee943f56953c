package import LingerModel

/// A check as text: a line for each question, the counts, what looks odd, and for each violation
/// the run that shows it.
package struct TextReport {
  private let context: ReportContext
  private let report: CheckReport
  private let style: TextStyle

  private var model: Model { context.model }
  private var text: BriefText { context.text }

  package init(_ report: CheckReport, of context: ReportContext, style: TextStyle = TextStyle()) {
    self.report = report
    self.context = context
    self.style = style
  }

  package func render() -> String {
    var lines = [heading]
    lines += settings
    lines.append("")
    lines += report.results.flatMap(lines(for:))
    lines += report.switchedOff.map(line(for:))
    if !counts.isEmpty { lines += [""] + counts }
    lines += report.vacuity.map(line(for:))
    for result in report.results { lines += result.asides.flatMap { self.lines(for: $0, result) } }
    for error in report.internalErrors {
      lines.append(style.paint("internal error:", .red) + " \(error)")
    }
    var output = lines.map { $0 + "\n" }.joined()
    var drawn: [(trace: Trace, timing: TimedRun?, title: String)] = []
    for result in report.results {
      guard let violation = result.shown else { continue }
      output += "\n" + account(of: violation, for: result)
      guard let trace = violation.trace else { continue }
      // The audit often finds one mistake twice; its run is worth one reading.
      if let earlier = drawn.first(where: { ($0.trace, $0.timing) == (trace, violation.timing) }) {
        output += "  The run is that of \(earlier.title) above.\n"
        continue
      }
      drawn.append((trace, violation.timing, title(result.question)))
      let chart = SequenceChart(
        trace,
        in: text,
        property: result.question.property(in: model),
        envelope: violation.envelope,
        timing: violation.timing,
        style: style
      )
      output += "\n" + chart.render()
    }
    return output + "\n" + closing + "\n"
  }

  private var heading: String {
    style.paint(model.name, .bold) + "  \(context.path)"
      + (context.profile.map { "  profile \($0)" } ?? "")
  }

  private var settings: [String] {
    let parameters = model.parameters.map { "\($0.name) = \(text.value($0.value))" }
    guard !parameters.isEmpty else { return [] }
    return wrap(parameters.joined(separator: ", "), width: style.width - 2).map { "  " + $0 }
  }

  // One question.

  private func title(_ question: Question) -> String { question.label(in: model) }

  private func lines(for result: PropertyResult) -> [String] {
    let mark: String
    let words: String
    switch result.verdict {
    case .holds:
      mark = style.paint(style.glyphs.holds, .green)
      words = remark(on: result)
    case .violated(let violation):
      mark = style.paint(style.glyphs.violated, .red)
      words = text.explanation(of: violation)
    case .unknown(let reason):
      mark = style.paint(style.glyphs.unknown, .yellow)
      words = "unknown: \(reason)"
    }
    let markWidth = max(style.glyphs.holds.count, style.glyphs.violated.count)
    let name = title(result.question).padding(to: widest)
    let plainMark = result.mark(style.glyphs)
    let indent = markWidth + 1 + widest + 2
    let room = max(style.width - indent, 30)
    let blanks = String(repeating: " ", count: markWidth - plainMark.count)
    var lines = words.isEmpty && result.note != nil ? [] : wrap(words, width: room)
    if let note = result.note { lines += wrap(note, width: room) }
    return lines.enumerated().map { row, line in
      if row > 0 { return String(repeating: " ", count: indent) + line }
      return mark + blanks + (line.isEmpty ? " \(name)".trimmed : " \(name)  \(line)")
    }
  }

  /// The columns of the names of all questions.
  private var widest: Int {
    let names = report.results.map { title($0.question) } + report.switchedOff.map(\.check.rawValue)
    return names.map(\.count).max() ?? 0
  }

  private func line(for left: SwitchedOff) -> String {
    let width = max(style.glyphs.holds.count, style.glyphs.violated.count)
    let reason = left.author == .spec ? "not asked: the spec says so" : "not asked: --without"
    return "-".padding(to: width) + " \(left.check.rawValue.padding(to: widest))  \(reason)"
  }

  private func remark(on result: PropertyResult) -> String {
    if let witness = result.witness {
      return "reached in \(count(witness.entries.count, "step"))"
    }
    if result.asides.contains(where: { $0.kind == .expected }) {
      return "nothing but what the spec expects"
    }
    if let claim = result.question.claim {
      let aside = result.question == .orphanTimer ? model.unwatchedTimers : []
      return claim + (aside.isEmpty ? "" : "; not asked of \(aside.joined(separator: ", "))")
    }
    return BriefText.firstSentence(result.question.property(in: model)?.documentation) ?? ""
  }

  // The counts.

  private var counts: [String] {
    if !report.isExplored { return [] }
    let statistics = report.statistics
    let parts = [
      count(statistics.states, "state") + initialCount, count(statistics.transitions, "transition"),
      "depth \(grouped(statistics.depth))", "\(count(statistics.stateBits, "bit")) a state",
      "\(grouped(statistics.storeBytes)) bytes in the store",
    ]
    var lines = [parts.joined(separator: ", ")]
    if let note = statistics.symmetryNote { lines += wrap(note, width: style.width) }
    if !statistics.isComplete {
      lines.append("not all states were visited: \(statistics.limit ?? "the search was stopped")")
    }
    if let comparison = model.durationComparison {
      let source = "'\(describe(comparison, in: model))'"
      lines += wrap("for the durations in force: \(source) compares them", width: style.width)
    }
    return lines
  }

  private var initialCount: String {
    let initial = report.statistics.initialStates
    return initial == 1 ? "" : " (\(grouped(initial)) initial)"
  }

  private func line(for finding: VacuityFinding) -> String {
    let place = text.location(finding.span, withFolder: true).map { "\($0): " } ?? ""
    let word = "warning[\(finding.check.code)]:"
    return place + style.paint(word, .yellow) + " " + finding.message(in: model)
  }

  /// A finding that does not count, with the names of the steps that lead to it.
  private func lines(for aside: Aside, _ result: PropertyResult) -> [String] {
    let code = result.question.auditCheck.map { "[\($0.code)]" } ?? ""
    let word = "\(aside.kind.rawValue)\(code):"
    let condition = aside.isConditional ? "only if time allows: " : ""
    let told = wrap(
      "\(word) \(condition)\(text.explanation(of: aside.finding))",
      width: style.width
    )
    var lines = told.enumerated().map { $0 == 0 ? $1 : "  \($1)" }
    lines[0] = style.paint(word, .yellow) + lines[0].dropFirst(word.count)
    guard let trace = aside.finding.trace else { return lines }
    let names = trace.entries.map { text.name(of: $0.step) }
    let count = trace.entries.count
    var run = names.isEmpty ? "from the start" : "after \(names.joined(separator: ", "))"
    if let start = trace.loopStart, start < count {
      let first = start + 1
      run += first == count ? "; step \(count) for ever" : "; steps \(first) to \(count) for ever"
    }
    return lines + wrap(run, width: style.width - 2).map { "  " + $0 }
  }

  // A violation.

  private func account(of violation: Violation, for result: PropertyResult) -> String {
    let question = result.question
    let property = question.property(in: model)
    let place = (property?.span).flatMap { text.location($0, withFolder: true) }
    let code = question.auditCheck.map { " [\($0.code)]" } ?? ""
    var heading = claim(against: question) + code
    if let trace = violation.trace {
      let steps = trace.entries.count
      heading += steps == 0 ? " at the start" : " after \(count(steps, "step"))"
    }
    if let place { heading += " (\(place))" }
    heading =
      result.conditional == nil
      ? "\(style.glyphs.violated) \(heading)"
      : "\(style.glyphs.unknown) only if time allows: \(heading)"
    var output = style.paint(heading, .bold) + "\n"
    for line in wrap(text.explanation(of: violation), width: style.width - 2) {
      output += "  \(line)\n"
    }
    if let sentence = BriefText.firstSentence(property?.documentation) {
      for line in wrap(sentence, width: style.width - 2) { output += "  \(line)\n" }
    }
    for other in violation.others {
      let steps = other.trace.map { "after \(count($0.entries.count, "step")): " } ?? ""
      let lines = wrap("also, \(steps)\(text.explanation(of: other))", width: style.width - 4)
      output += lines.enumerated().map { ($0 == 0 ? "  " : "    ") + $1 + "\n" }.joined()
    }
    return output
  }

  /// What is wrong, in a few words.
  private func claim(against question: Question) -> String {
    switch question {
    case .property(let number):
      switch model.properties[number].kind {
      case .cover: "\(title(question)) is never reached"
      case .possible: "\(title(question)) is out of reach"
      case .final, .invariant, .eventually, .timedInvariant: "\(title(question)) is violated"
      }
    case .deadlock: "deadlock"
    case .unspecifiedReception: "unspecified reception"
    case .specErrors: "error of the spec"
    case .finalReachable: "no final state can be reached any more"
    case .orphanTimer: "a timer is armed in a final state"
    case .leftOpen: "left open for ever"
    case .notRestored: "not as it began"
    }
  }

  private var closing: String {
    var counted = (holds: 0, violated: 0, unknown: 0)
    for result in report.results {
      switch result.verdict {
      case .holds: counted.holds += 1
      case .violated: counted.violated += 1
      case .unknown: counted.unknown += 1
      }
    }
    var parts: [String] = []
    if counted.violated > 0 { parts.append("\(counted.violated) violated") }
    if counted.unknown > 0 { parts.append("\(counted.unknown) unknown") }
    if counted.holds > 0 || parts.isEmpty {
      parts.append("\(counted.holds) \(counted.holds == 1 ? "holds" : "hold")")
    }
    if counted == (report.results.count, 0, 0) { parts = ["everything holds"] }
    return "\(model.name): \(parts.joined(separator: ", "))"
  }
}

extension PropertyResult {
  /// What a run is shown for.
  fileprivate var shown: Violation? {
    if case .violated(let violation) = verdict { violation } else { conditional }
  }

  fileprivate func mark(_ glyphs: Glyphs) -> String {
    switch verdict {
    case .holds: glyphs.holds
    case .violated: glyphs.violated
    case .unknown: glyphs.unknown
    }
  }
}

extension VacuityFinding {
  /// The check that it comes from.
  package var check: AuditCheck {
    switch kind {
    case .transitionNeverFires: .neverFires
    case .caseNeverReached: .neverHasCase
    }
  }

  /// What it says, in a sentence.
  package func message(in model: Model) -> String {
    switch kind {
    case .transitionNeverFires(let number):
      let transition = model.transitions[number]
      let role = model.roles[transition.role].name
      return "transition '\(transition.name)' of '\(role)' never fires"
    case .caseNeverReached(let number, let enumCase):
      let enumeration = model.enumerations[number]
      return "case .\(enumeration.cases[enumCase]) of '\(enumeration.name)' never occurs"
    }
  }
}

/// A number with commas between its thousands.
package func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var output = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { output.append(",") }
    output.append(digit)
  }
  return number < 0 ? "-" + output : output
}

/// `1 step`, `2 steps`.
package func count(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}
