package import LingerConform
package import LingerKernel
package import LingerModel
package import LingerReport

/// The names of a subject's spec, for who speaks to it in other words than the line protocol's.
extension Conformance {
  package var model: Model { subject.model }
  package var kernel: StepKernel { subject.kernel }

  /// The parameters of a call of the subject's application.
  package func parameters(ofCall name: String) -> [Transition.CallParameter] {
    subject.parameters(ofCall: name) ?? []
  }

  /// A signal of the subject's, as a log says it.
  package func signal(
    _ name: String,
    _ arguments: [String: JSONValue]
  ) throws(TraceFileError) -> Observation {
    let entry = try log.output([
      "signal": .string(name), "arguments": .object(arguments), "at": .integer(0),
    ])
    guard case .event(let observation, _) = entry else { throw TraceFileError("not a signal") }
    return observation
  }

  /// What the subject reports of its state.
  package func state(
    _ members: [String: JSONValue]
  ) throws(TraceFileError) -> [ReportedVariable] {
    try log.state(["state": .object(members)]) ?? []
  }
}
