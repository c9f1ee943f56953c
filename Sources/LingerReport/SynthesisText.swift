package import LingerModel

/// What a synthesis found, as text: the condition, its meaning, how far it can be relied on, how
/// the profiles fare, and for each part of the condition a violation where it is not met.
package struct SynthesisText {
  private let report: SynthesisReport
  private let context: ReportContext
  private let style: TextStyle

  private var model: Model { context.model }
  private var property: Property { model.properties[report.property] }

  package init(
    _ report: SynthesisReport,
    of context: ReportContext,
    style: TextStyle = TextStyle()
  ) {
    self.report = report
    self.context = context
    self.style = style
  }

  package func render() -> String {
    var lines = [heading]
    lines += paragraph(question)
    if let sentence = BriefText.firstSentence(property.documentation) {
      lines += paragraph(sentence)
    }
    lines.append("")
    lines += answer
    if !report.profiles.isEmpty { lines += [""] + table }
    for error in report.internalErrors {
      lines.append(style.paint("internal error:", .red) + " \(error)")
    }
    var output = lines.map { $0 + "\n" }.joined()
    if case .specError(let violation) = report.outcome { output += "\n" + account(of: violation) }
    for (clause, violation) in zip(report.violatedClauses, report.violations) {
      output += "\n" + account(of: violation, clause)
    }
    return output + "\n" + closing + "\n"
  }

  private func paragraph(_ text: String) -> [String] {
    wrap(text, width: style.width - 2).map { "  \($0)" }
  }

  private var heading: String {
    style.paint(model.name, .bold) + "  \(context.path)"
      + (context.profile.map { "  profile \($0)" } ?? "")
  }

  private var released: [String] { report.released.map { model.parameters[$0].name } }

  private var question: String {
    let finite = model.parameters.filter { $0.type != .duration }.map {
      "\($0.name) = \(context.text.value($0.value))"
    }
    let settings = finite.isEmpty ? "" : ", with \(finite.joined(separator: ", "))"
    return "for which \(released.joined(separator: ", ")) does '\(property.name)' hold\(settings)?"
  }

  // The answer.

  private var answer: [String] {
    switch report.outcome {
    case .weakest(let condition):
      var lines = ["\(mark(true)) the weakest condition on the parameters:", ""]
      lines += formula(condition) + [""]
      lines += meaning(condition)
      lines += assumptions
      return lines + reliance(condition)
    case .unknown(let bad, let reason, let depth):
      // Single values are tried first, then runs by their length.
      let reached = depth > 0 ? "; runs of up to \(count(depth, "step")) were looked at" : ""
      var lines = wrap("\(mark(nil)) unknown: \(reason)\(reached)", width: style.width)
      if !bad.clauses.isEmpty {
        lines += ["", "  Known necessary: it fails for all values that do not satisfy", ""]
        lines += formula(bad)
      }
      if let sufficient = report.sufficient {
        lines += ["", "  Proved sufficient: it holds for all values that satisfy", ""]
        lines += formula(sufficient)
      }
      let isBare = bad.clauses.isEmpty && report.sufficient == nil
      return lines + (assumptions.isEmpty || isBare ? [] : [""] + assumptions)
    case .specError:
      return wrap(
        "\(mark(false)) no condition: whatever the values are, the property fails or an error of "
          + "the spec is reached, and what comes after an error is not known",
        width: style.width
      ) + assumptions
    }
  }

  /// The condition, a clause on each line.
  private func formula(_ condition: SynthesisReport.ParameterCondition) -> [String] {
    guard condition.clauses.count > 1, !condition.clauses.contains(where: \.isEmpty) else {
      return ["    " + style.paint(condition.text, .bold)]
    }
    return condition.clauses.enumerated().map { index, clause in
      let isLast = index == condition.clauses.count - 1
      let text = clause.joined(separator: " or ")
      let clause = clause.count > 1 ? "(\(text))" : text
      return "    " + style.paint(clause, .bold) + (isLast ? "" : " and")
    }
  }

  private func meaning(_ condition: SynthesisReport.ParameterCondition) -> [String] {
    if condition.clauses.isEmpty { return paragraph("It holds whatever the values are.") }
    if condition.clauses.contains(where: \.isEmpty) {
      return paragraph("It fails whatever the values are.")
    }
    let words = condition.words
    if words.count == 1 { return paragraph("In words: \(words[0]).") }
    return paragraph("In words, all of:") + words.flatMap { item(of: $0) }
  }

  private func item(of text: String) -> [String] {
    wrap(text, width: style.width - 6).enumerated().map { row, line in
      (row == 0 ? "    - " : "      ") + line
    }
  }

  private var assumptions: [String] {
    guard !report.assumptions.isEmpty else { return [] }
    return paragraph("Given: \(report.assumptions.joined(separator: ", ")).")
  }

  private func reliance(_ condition: SynthesisReport.ParameterCondition) -> [String] {
    let cut = "\(count(report.cutCount, "region")) of values cut off"
    if condition.clauses.contains(where: \.isEmpty) {
      return paragraph("Proved: \(cut), and nothing is left.")
    }
    if condition.clauses.isEmpty {
      return paragraph("Proved: no run of any length violates the property.")
    }
    let error = report.hasErrors ? " or ends in an error of the spec" : ""
    return paragraph(
      "Proved: with it no run of any length violates the property\(error), and outside of it some "
        + "run does; \(cut)."
    )
  }

  private func mark(_ holds: Bool?) -> String {
    switch holds {
    case true?: style.paint(style.glyphs.holds, .green)
    case false?: style.paint(style.glyphs.violated, .red)
    case nil: style.paint(style.glyphs.unknown, .yellow)
    }
  }

  // The profiles.

  /// A row for each profile: the verdict, by how much, and the values that it is about.
  private var table: [String] {
    let names = report.profiles.map { $0.name.map { "profile \($0)" } ?? "the values in force" }
    let verdicts = report.profiles.map(verdict)
    let widest = names.map(\.count).max() ?? 0
    let widestVerdict = verdicts.map(\.count).max() ?? 0
    let widestMark =
      [style.glyphs.holds, style.glyphs.violated, style.glyphs.unknown]
      .map(\.count).max() ?? 1
    return report.profiles.enumerated().flatMap { index, line in
      let sign =
        switch line.holds {
        case true?: style.glyphs.holds
        case false?: style.glyphs.violated
        case nil: style.glyphs.unknown
        }
      let blanks = String(repeating: " ", count: widestMark - sign.count)
      let settings = line.settings.map {
        "\(model.parameters[$0.parameter].name) = \(seconds($0.value))"
      }
      let head =
        "  " + names[index].padding(to: widest + 2) + verdicts[index].padding(to: widestVerdict + 2)
      let room = max(style.width - widestMark - head.count - 1, 30)
      var rest = settings.isEmpty ? [] : wrap(settings.joined(separator: ", "), width: room)
      if let remark = line.remark { rest += wrap(remark, width: room) }
      let indent = String(repeating: " ", count: widestMark + head.count)
      return rest.enumerated().map { row, text in
        row == 0 ? mark(line.holds) + blanks + head + text : indent + text
      }
    }
  }

  private func verdict(_ line: SynthesisReport.ProfileLine) -> String {
    guard let holds = line.holds else { return "not decided" }
    guard let margin = line.margin, let subject = report.released.first else {
      return holds ? "holds" : "fails"
    }
    let name = model.parameters[subject].name
    if margin == .zero {
      return holds ? "holds, \(name) just so" : "fails, \(name) must be more"
    }
    if holds { return "holds, \(seconds(margin)) to spare" }
    return "fails, \(name) is \(seconds(-margin)) short"
  }

  // Violations.

  private func account(of violation: Violation, _ clause: Int) -> String {
    var heading = "\(style.glyphs.violated) \(violation.isError ? Self.error : "a violation")"
    if case .weakest(let condition) = report.outcome, condition.clauses.indices.contains(clause),
      !condition.clauses[clause].isEmpty
    {
      heading += " without " + condition.clauses[clause].joined(separator: " or ")
    }
    return account(of: violation, heading)
  }

  private static let error = "an error of the spec"

  private func account(of error: Violation) -> String {
    account(of: error, "\(style.glyphs.violated) \(Self.error)")
  }

  private func account(of violation: Violation, _ heading: String) -> String {
    var output = style.paint(heading, .bold) + "\n"
    for line in paragraph(violation.explanation) { output += line + "\n" }
    guard let trace = violation.trace else { return output }
    let chart = SequenceChart(
      trace,
      in: context.text,
      property: property,
      envelope: violation.envelope,
      timing: violation.timing,
      style: style
    )
    return output + "\n" + chart.render()
  }

  private var closing: String {
    switch report.outcome {
    case .weakest(let condition) where condition.clauses.isEmpty:
      "\(model.name): '\(property.name)' holds for all values"
    case .weakest(let condition) where condition.clauses.contains(where: \.isEmpty):
      "\(model.name): '\(property.name)' holds for no values"
    case .weakest(let condition):
      "\(model.name): '\(property.name)' holds exactly if \(condition.text)"
    case .specError: "\(model.name): an error of the spec bars the condition for '\(property.name)'"
    case .unknown: "\(model.name): the weakest condition for '\(property.name)' is unknown"
    }
  }
}

extension Violation {
  /// Whether it is an error of the spec.
  fileprivate var isError: Bool { trace?.entries.last?.error != nil }
}
