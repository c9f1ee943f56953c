/// What the findings of the audit come to, given what the spec wishes and how strict the user is.
extension CheckReport {
  /// Sets aside what the spec leaves out or expects, misses what it expects and was not found, and,
  /// where it is strict, counts notes as violations.
  package mutating func settle(_ model: Model, isStrict: Bool) {
    for index in results.indices {
      guard let check = results[index].question.auditCheck else { continue }
      let expectations = model.audit.expectations.filter { $0.check == check }
      var result = results[index]
      var findings = Findings(result)
      findings.leaveOut(model.audit.exceptions, model)
      let isOpen = findings.settle(expectations, model)
      if isStrict { findings.countNotes() }
      findings.write(to: &result, isOpen: isOpen, statistics.reasonAgainstAllRuns)
      results[index] = result
    }
  }
}

/// The findings of one check.
private struct Findings {
  private let original: Verdict
  private var violations: [Violation] = []
  private var asides: [Aside]
  /// Whether one that would have counted was set aside.
  private var hasSetAside = false

  init(_ result: PropertyResult) {
    original = result.verdict
    asides = result.asides
    if case .violated(let first) = result.verdict {
      var alone = first
      alone.others = []
      violations = [alone] + first.others
    }
  }

  /// What is about a control state that the spec excepts.
  mutating func leaveOut(_ exceptions: [AuditSettings.Exception], _ model: Model) {
    func isExcepted(_ finding: Violation) -> Bool {
      exceptions.contains { finding.isAbout($0, in: model) }
    }
    let before = violations.count
    violations.removeAll(where: isExcepted)
    asides.removeAll { isExcepted($0.finding) }
    hasSetAside = violations.count < before
  }

  /// - Returns: Why one of the expectations is neither met nor missed, if so.
  mutating func settle(
    _ expectations: [AuditSettings.Expectation],
    _ model: Model
  ) -> UndecidedReason? {
    var missed: [Violation] = []
    var reason: UndecidedReason?
    for expectation in expectations {
      func isMeant(_ finding: Violation) -> Bool {
        expectation.control.map { finding.isAbout($0, in: model) } ?? true
      }
      let counted = violations.filter(isMeant)
      let noted = asides.filter { isMeant($0.finding) }
      violations.removeAll(where: isMeant)
      asides.removeAll { isMeant($0.finding) }
      asides += counted.map { Aside(.expected, $0) }
      asides += noted.map { Aside(.expected, $0.finding, isConditional: $0.isConditional) }
      if !counted.isEmpty { hasSetAside = true }
      if !counted.isEmpty || noted.contains(where: { !$0.isConditional }) { continue }
      if case .unknown(let open) = original {
        reason = open
      } else if !noted.isEmpty {
        reason = "whether time allows what the spec expects was not decided"
      } else {
        let what = "the spec expects '\(expectation.text)', and it does not happen"
        missed.append(Violation(explanation: what, trace: nil))
      }
    }
    violations += missed
    return reason
  }

  mutating func countNotes() {
    violations += asides.filter { $0.kind == .note && !$0.isConditional }.map(\.finding)
    asides.removeAll { $0.kind == .note && !$0.isConditional }
  }

  func write(
    to result: inout PropertyResult,
    isOpen: UndecidedReason?,
    _ reasonAgainstAllRuns: UndecidedReason?
  ) {
    result.asides = asides
    if var first = violations.first {
      first.others = Array(violations.dropFirst())
      result.verdict = .violated(first)
    } else if let isOpen {
      result.verdict = .unknown(reason: isOpen)
    } else if hasSetAside, case .violated = original {
      // Of what was not found nothing is said where runs were not followed to their end.
      let isWhole = asides.contains { $0.kind == .expected && $0.finding.openEnd == nil }
      result.verdict =
        isWhole ? .holds : reasonAgainstAllRuns.map { .unknown(reason: $0) } ?? .holds
    }
  }
}

extension Violation {
  /// Whether what it leaves open is an instance of a role in a control state with this case.
  fileprivate func isAbout(_ exception: AuditSettings.Exception, in model: Model) -> Bool {
    guard case .control(let role, let enumeration, let enumCase) = exception,
      let end = openEnd, let instance = end.instance, model.instances[instance].role == role
    else { return false }
    return end.controls.contains { $0.contains(.enumCase(enumeration, enumCase)) }
  }
}
