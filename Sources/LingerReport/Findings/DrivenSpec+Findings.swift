extension DrivenSpec {
  /// One finding: the failure, or that there is none.
  var group: FindingGroup {
    guard spec.context != nil else { return spec.groupOfErrors }
    var finding = Finding(
      rule: .conformance,
      title: subject,
      outcome: exitCode == 0 ? .holds : failure == nil ? .unknown : .violated,
      message: problem ?? inputError ?? interruption ?? "conforms",
      place: nil
    )
    if let failure {
      finding.message = failure.text.map { "\(failure.kind): \($0)" } ?? failure.kind
      if let found = failure.trace?.finding { finding.tell(found) }
      for (number, step) in failure.steps.enumerated() {
        let outputs = step.outputs.isEmpty ? "" : ": " + step.outputs.joined(separator: ", ")
        finding.remarks.append("\(number + 1). \(step.text)\(outputs)")
      }
    }
    if inputError != nil { finding.outcome = .invalid }
    return spec.group([finding], allIsWell: "it conforms")
  }
}
