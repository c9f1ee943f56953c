import LingerDiagnostics
import LingerModel

extension RunReport {
  /// Everything that was found, a group for each input.
  var groups: [FindingGroup] {
    switch content {
    case .check(let specs): specs.map(\.group)
    case .synthesis(let synthesis): [synthesis.group]
    case .replay(let replay): [replay.group]
    case .simulation(let simulation): [simulation.group]
    case .recheck(let files): files.map(\.group)
    case .layout(let files): files.map(\.group)
    case .conformance(let conformed): conformed.groups
    case .driving(let driven): [driven.group]
    }
  }

  /// The name of the command.
  var command: String {
    switch content {
    case .check: "check"
    case .synthesis: "synthesize"
    case .replay: "replay"
    case .simulation: "simulate"
    case .recheck: "recheck"
    case .layout: "format"
    case .conformance: "conform"
    case .driving: "test"
    }
  }
}

extension ReportedSpec {
  /// Of a spec that does not compile.
  var groupOfErrors: FindingGroup { group([], allIsWell: "no errors") }

  func group(_ findings: [Finding], allIsWell: String) -> FindingGroup {
    FindingGroup(
      name: context?.model.name ?? path,
      path: path,
      allIsWell: allIsWell,
      findings: diagnostics.map { Finding($0, in: sources) } + findings
    )
  }
}

extension FindingGroup {
  /// Of an input that cannot be read; the message is a line for standard error.
  fileprivate init(unreadable name: String, path: String, _ message: String) {
    self.init(
      name: name,
      path: path,
      allIsWell: "",
      findings: [Finding(unreadable: message)]
    )
  }
}

extension Finding {
  init(_ diagnostic: Diagnostic, in sources: SourceMap) {
    self.init(
      rule: FindingRule(diagnostic.code),
      title: "\(diagnostic.severity.rawValue) \(diagnostic.code.name)",
      outcome: diagnostic.severity == .error ? .invalid : .warning,
      message: diagnostic.message,
      place: SourcePlace(diagnostic.span, in: sources)
    )
    for note in diagnostic.notes {
      if let place = SourcePlace(note.span, in: sources) {
        related.append((note.message, place))
      } else {
        remarks.append(note.message)
      }
    }
    if let help = diagnostic.help { remarks.append(help) }
    for fixIt in diagnostic.fixIts {
      remarks.append(fixIt.message)
      let edits = fixIt.edits.compactMap { edit in
        SourcePlace(edit.span, in: sources).map { (place: $0, replacement: edit.replacement) }
      }
      guard !edits.isEmpty, edits.count == fixIt.edits.count else { continue }
      fixes.append(Fix(message: fixIt.message, edits: edits))
    }
    detail = TextRenderer(sources: sources, usesColor: false).render([diagnostic])
  }

  /// Of an input that cannot be read: a line for standard error says why.
  init(unreadable message: String) {
    let text = message.onOneLine
    let prefix = "error: "
    self.init(
      rule: .input,
      title: "input",
      outcome: .invalid,
      message: text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text,
      place: nil
    )
    detail = message
  }

  init(internalError message: String) {
    self.init(
      rule: .internalError,
      title: "internal error",
      outcome: .internalError,
      message: message,
      place: nil
    )
  }
}

extension SynthesizedSpec {
  fileprivate var group: FindingGroup {
    guard let report, let context = spec.context else { return spec.groupOfErrors }
    let property = context.model.properties[report.property]
    var finding = Finding(
      rule: .condition,
      title: "condition for \(property.name)",
      outcome: .holds,
      message: "",
      place: SourcePlace(property.span, in: spec.sources)
    )
    switch report.outcome {
    case .weakest(let condition):
      finding.message = "the weakest condition is found and proved"
      finding.remarks = ["\(property.name) holds exactly where \(condition.text)"]
    case .unknown(let bad, let reason, _):
      finding.outcome = .unknown
      finding.message = reason
      if !bad.clauses.isEmpty {
        finding.remarks.append("known necessary: \(bad.text)")
      }
      if let sufficient = report.sufficient {
        finding.remarks.append("proved sufficient: \(sufficient.text)")
      }
    case .specError(let violation):
      finding.outcome = .violated
      finding.message = violation.explanation
      finding.evidence = [Finding.Evidence(violation, of: .specErrors, in: context)]
      finding.place = finding.evidence[0].place
    }
    let errors = report.internalErrors.map(Finding.init(internalError:))
    return spec.group([finding] + errors, allIsWell: "the condition is found and proved")
  }
}

extension ReplayedTrace {
  fileprivate var group: FindingGroup {
    switch result {
    case .invalid(let spec): return spec.groupOfErrors
    case .failure(let message):
      return FindingGroup(unreadable: "replay", path: "-", message)
    case .run(let run):
      let model = run.context.model
      let question = model.allQuestions.first { $0.name(in: model) == run.property }
      let outcome: Finding.Outcome =
        switch run.finding.verdict {
        case .notViolated: .holds
        case .violated: .violated
        case .unknown: .unknown
        case .internalError: .internalError
        }
      let shown = ShownRun(
        context: run.context,
        trace: run.trace,
        property: question?.property(in: model),
        envelope: run.finding.envelope,
        timing: run.timing
      )
      let property = question?.property(in: model)
      let place =
        property.flatMap { SourcePlace($0.span, in: run.context.text.sources) } ?? shown.lastPlace
      let finding = Finding(
        rule: question.map { FindingRule($0, in: model) } ?? .walk,
        title: question.map { "replay of \($0.label(in: model))" } ?? "replay",
        outcome: outcome,
        message: run.finding.text,
        place: place,
        evidence: outcome == .violated
          ? [Finding.Evidence(message: run.finding.text, place: place, run: shown)] : []
      )
      return FindingGroup(
        name: model.name,
        path: run.context.path,
        allIsWell: "nothing is violated",
        findings: [finding]
      )
    }
  }
}

extension SimulatedSpec {
  fileprivate var group: FindingGroup {
    guard let context = spec.context else { return spec.groupOfErrors }
    var finding = Finding(
      rule: walk?.violated.map { FindingRule($0, in: context.model) } ?? .walk,
      title: "random walks",
      outcome: interruption == nil ? .holds : .unknown,
      message: summary,
      place: nil
    )
    if let walk, let question = walk.violated {
      let violation = Violation(explanation: summary, trace: walk.trace, envelope: walk.envelope)
      finding.outcome = .violated
      finding.evidence = [Finding.Evidence(violation, of: question, in: context)]
      finding.place = finding.evidence[0].place
    }
    if let internalError { finding = Finding(internalError: internalError) }
    return spec.group([finding], allIsWell: "nothing wrong was met")
  }
}

extension RecheckedFile {
  fileprivate var group: FindingGroup {
    switch result {
    case .unreadable(let message):
      FindingGroup(unreadable: path, path: path, message)
    case .checked(let obligations, let comparisons):
      FindingGroup(
        name: path,
        path: path,
        allIsWell: "proved",
        findings: obligations.map(finding) + comparisons.map(finding)
      )
    }
  }

  private func finding(_ obligation: Obligation) -> Finding {
    let outcome: Finding.Outcome =
      switch obligation.answer {
      case .unsat: .holds
      case .sat: .violated
      case .unknown: .unknown
      }
    return Finding(
      rule: .obligation,
      title: obligation.name,
      outcome: outcome,
      message: obligation.words,
      place: SourcePlace(file: path, line: obligation.line)
    )
  }

  private func finding(_ comparison: Comparison) -> Finding {
    let outcome: Finding.Outcome =
      switch comparison.answer {
      case .same: .holds
      case .different: .violated
      case .unknown: .unknown
      case .unanswerable: .invalid
      }
    return Finding(
      rule: .proofOfSpec,
      title: "proof of \(comparison.property)",
      outcome: outcome,
      message: comparison.words,
      place: SourcePlace(file: path)
    )
  }
}

extension LaidOutFile {
  fileprivate var group: FindingGroup {
    var findings: [Finding] = []
    switch result {
    case .canonical, .changed:
      let isChanged = exitCode != 0
      findings.append(
        Finding(
          rule: .layout,
          title: "layout",
          outcome: isChanged ? .violated : .holds,
          message: isChanged ? "is not in the canonical layout" : "is in the canonical layout",
          place: SourcePlace(file: path),
          remarks: isChanged ? ["'linger format' rewrites it"] : []
        )
      )
    case .invalid(let diagnostics, let sources):
      findings = diagnostics.map { Finding($0, in: sources) }
    case .unreadable(let message): findings = [Finding(unreadable: message)]
    }
    return FindingGroup(
      name: path,
      path: path,
      allIsWell: "in the canonical layout",
      findings: findings
    )
  }
}
