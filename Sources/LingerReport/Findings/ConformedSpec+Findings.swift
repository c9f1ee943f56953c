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
    if let finding {
      result.message =
        "at \(finding.placeName) \(finding.place): \(finding.seen): \(finding.message)"
      for belief in finding.beliefs {
        result.remarks.append("believed before: \(belief.state)")
        result.remarks += belief.obstacles.map { "\($0.transition): \($0.reason)" }
      }
      result.remarks += finding.explanations.map(\.sentence)
    }
    return result
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
