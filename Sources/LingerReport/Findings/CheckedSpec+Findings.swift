import LingerModel

extension CheckedSpec {
  /// What was asked in the order of the text report, then what looks odd.
  var group: FindingGroup {
    guard let report, let context = spec.context else { return spec.groupOfErrors }
    var findings = report.results.map { Finding($0, in: context) }
    for result in report.results {
      findings += result.asides.map { Finding($0, of: result.question, in: context) }
    }
    findings += report.switchedOff.map { left in
      Finding(
        rule: FindingRule(left.check),
        title: left.check.rawValue,
        outcome: .notAsked,
        message: left.author == .spec ? "not asked: the spec says so" : "not asked: --without",
        place: nil
      )
    }
    findings += report.vacuity.map { Finding($0, in: context) }
    findings += report.internalErrors.map(Finding.init(internalError:))
    return spec.group(findings, allIsWell: "everything holds")
  }
}

extension Finding {
  fileprivate init(_ result: PropertyResult, in context: ReportContext) {
    let question = result.question
    let property = question.property(in: context.model)
    self.init(
      rule: FindingRule(question, in: context.model),
      title: question.label(in: context.model),
      outcome: .holds,
      message: BriefText.firstSentence(property?.documentation) ?? question.claim ?? "",
      place: property.flatMap { SourcePlace($0.span, in: context.text.sources) }
    )
    remarks = result.note.map { [$0] } ?? []
    switch result.verdict {
    case .holds: break
    case .violated(let violation):
      outcome = .violated
      message = context.text.explanation(of: violation)
      evidence = ([violation] + violation.others).map {
        Evidence($0, of: question, in: context)
      }
      place = evidence[0].place
    case .unknown(let reason):
      outcome = .unknown
      message = reason.text
      evidence = result.conditional.map { [Evidence($0, of: question, in: context)] } ?? []
    }
  }

  /// Something that was found and does not count.
  fileprivate init(_ aside: Aside, of question: Question, in context: ReportContext) {
    self.init(
      rule: FindingRule(question, in: context.model),
      title: question.label(in: context.model),
      outcome: .note,
      message: (aside.kind == .expected ? "expected: " : "")
        + (aside.isConditional ? "only if time allows: " : "")
        + context.text.explanation(of: aside.finding),
      place: nil
    )
    evidence = ([aside.finding] + aside.finding.others).map {
      Evidence($0, of: question, in: context)
    }
    place = evidence[0].place
  }

  fileprivate init(_ finding: VacuityFinding, in context: ReportContext) {
    let check: AuditCheck =
      switch finding.kind {
      case .transitionNeverFires: .neverFires
      case .caseNeverReached: .neverHasCase
      }
    self.init(
      rule: FindingRule(check),
      title: check.rawValue,
      outcome: .warning,
      message: finding.message(in: context.model),
      place: SourcePlace(finding.span, in: context.text.sources)
    )
  }
}

extension Finding.Evidence {
  /// A violation, at the property that is violated, or at what the audit found wrong.
  init(_ violation: Violation, of question: Question, in context: ReportContext) {
    let (model, sources) = (context.model, context.text.sources)
    message = context.text.explanation(of: violation)
    run = violation.trace.map {
      ShownRun(
        context: context,
        trace: $0,
        property: question.property(in: model),
        envelope: violation.envelope,
        timing: violation.timing
      )
    }
    let place: SourcePlace? =
      switch question {
      case .property(let number): SourcePlace(model.properties[number].span, in: sources)
      case .finalReachable, .orphanTimer, .leftOpen, .notRestored:
        model.final.flatMap { SourcePlace($0.span, in: sources) }
      case .unspecifiedReception:
        violation.envelope.flatMap {
          SourcePlace(context.text.role(of: $0.receiver).span, in: sources)
        }
      case .specErrors:
        (violation.trace?.entries.last?.error?.span).flatMap { SourcePlace($0, in: sources) }
      case .deadlock: nil
      }
    self.place = place ?? run?.lastPlace
  }
}

extension Question {
  /// As reports name it: `invariant inOrder`, `deadlock`.
  func label(in model: Model) -> String {
    let name = name(in: model)
    let kind = kind(in: model)
    return kind == "audit" || name == kind ? name : "\(kind) \(name)"
  }
}
