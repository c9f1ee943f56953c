extension DrivenSpec {
  /// A finding for each failure, or one that says that there is none.
  var group: FindingGroup {
    guard spec.context != nil else { return spec.groupOfErrors }
    if !adapterChecks.isEmpty {
      return spec.group(adapterChecks.map(finding), allIsWell: "the adapter is fine")
    }
    if !failures.isEmpty { return spec.group(failures.map(finding), allIsWell: "") }
    var finding = Finding(
      rule: .conformance,
      title: subject,
      outcome: exitCode == 0 ? .holds : .unknown,
      message: problem ?? inputError ?? undecided ?? "conforms",
      place: nil
    )
    if inputError != nil { finding.outcome = .invalid }
    return spec.group([finding], allIsWell: "it conforms")
  }

  private func finding(_ check: AdapterCheck) -> Finding {
    Finding(
      rule: .conformance,
      title: "\(subject): \(check.name)",
      outcome: check.problem == nil ? .holds : .violated,
      message: check.problem ?? "conforms",
      place: nil
    )
  }

  private func finding(_ failure: DrivenFailure) -> Finding {
    var finding = Finding(
      rule: .conformance,
      title: "\(subject): \(failure.sort)",
      outcome: .violated,
      message: failure.text.map { "\(failure.kind): \($0)" } ?? failure.kind,
      place: nil
    )
    if let found = failure.trace?.finding { finding.tell(found) }
    for (number, step) in failure.steps.enumerated() {
      let outputs = step.outputs.isEmpty ? "" : ": " + step.outputs.joined(separator: ", ")
      finding.remarks.append("\(number + 1). \(step.text)\(outputs)")
    }
    return finding
  }
}
