import LingerModel

extension ConformedSpec {
  /// A group for each capture or log.
  var groups: [FindingGroup] {
    guard spec.context != nil else { return [spec.groupOfErrors] }
    return inputs.map { input in
      var findings = input.traces.map { $0.finding(in: input.path) }
      if let failure = input.failure { findings.append(Finding(unreadable: failure)) }
      return FindingGroup(
        name: input.path,
        path: input.path,
        allIsWell: "everything conforms",
        findings: findings
      )
    }
  }
}

extension ConformedTrace {
  fileprivate func finding(in path: String) -> Finding {
    var result = Finding(
      rule: .conformance,
      title: "\(name), \(subject)",
      outcome: verdict == .conforms ? .holds : verdict == .violates ? .violated : .unknown,
      message: reason ?? verdict.rawValue,
      place: SourcePlace(file: path)
    )
    if let finding { result.tell(finding) }
    return result
  }
}

extension Finding {
  /// What was seen, what was believed, and what would explain it.
  mutating func tell(_ finding: ConformanceFinding) {
    message =
      "at \(finding.placeName) \(finding.place): \(finding.seen): \(finding.message)"
    for belief in finding.beliefs {
      remarks.append("believed before: \(belief.state)")
      remarks += belief.expected.map { "expected: \($0)" }
      remarks += belief.obstacles.map { "\($0.transition): \($0.reason)" }
    }
    remarks += finding.explanations.map(\.sentence)
  }
}

extension FindingRule {
  static let conformance = FindingRule(
    "conformance",
    "What was seen of an implementation is what the spec allows.",
    "The spec has no run that looks like this: of everything that may have been going on, nothing "
      + "explains the event. The beliefs are what was possible just before it."
  )
}
