package import LingerConform
package import LingerKernel
package import LingerModel
package import LingerReport

/// The names of a subject's spec, for who speaks to it in other words than the line protocol's.
extension Conformance {
  package var model: Model { subject.model }
  package var kernel: StepKernel { subject.kernel }

  /// The parameters of a call of the subject's application.
  package func parameters(ofCall name: String) -> [(name: String, type: ModelType)] {
    for number in model.roles[subject.role].transitions {
      guard case .call(name, let parameters) = model.transitions[number].trigger else { continue }
      return parameters.map { ($0.name, $0.type) }
    }
    return []
  }

  /// A signal of the subject's, as a log says it.
  package func signal(
    _ name: String,
    _ arguments: [String: JSONValue]
  ) throws(TraceFileError) -> Observation {
    let entry = try ConformanceLog(subject).output([
      "signal": .string(name), "arguments": .object(arguments), "at": .integer(0),
    ])
    guard case .event(let observation, _) = entry else { throw TraceFileError("not a signal") }
    return observation
  }

  /// What the subject reports of its state.
  package func state(
    _ members: [String: JSONValue]
  ) throws(TraceFileError) -> [ReportedVariable] {
    try ConformanceLog(subject).state(["state": .object(members)]) ?? []
  }
}
