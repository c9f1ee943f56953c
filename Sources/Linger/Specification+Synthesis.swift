import LingerDiagnostics
package import LingerModel
package import LingerReport
import LingerSolve

/// What a synthesis is asked to find.
package struct SynthesisOptions: Sendable {
  /// The timed invariant; where it is nil, the spec's only one.
  package var property: String?
  /// The duration parameters to find a condition on.
  package var parameters: [String]
  package var budget: Budget
  /// Locations of the control graph, above which the question is not taken on.
  package var locationLimit: Int?
  /// Whether the proof is wanted as SMT-LIB 2 text, which takes time to write.
  package var wantsCertificate = false
  /// Timed invariants that proofs may rest on, by name; each is proved first.
  package var lemmas: [String] = []
  /// What proves that a condition is enough.
  package var timedEngine = TimedEngine.automatic

  package init(
    property: String?,
    parameters: [String],
    budget: Budget = .unlimited
  ) {
    self.property = property
    self.parameters = parameters
    self.budget = budget
  }
}

extension SynthesizedSpec {
  /// The proof, where there is one.
  package var certificate: Certificate? {
    guard let report, let text = report.certificate, let model = spec.context?.model else {
      return nil
    }
    return Certificate(
      protocolName: model.name,
      property: model.properties[report.property].name,
      text: text
    )
  }
}

/// Why a question cannot be asked of a spec: a sentence for the user.
package struct UnanswerableQuestion: Error, Hashable, Sendable {
  package var message: String

  package init(message: String) { self.message = message }
}

extension Specification {
  /// Finds the weakest condition on some duration parameters under which a timed invariant holds.
  ///
  /// - Throws: what is wrong with the question.
  package func synthesize(
    _ options: SynthesisOptions
  ) throws(UnanswerableQuestion) -> SynthesizedSpec {
    guard let model else { return SynthesizedSpec(reported, nil) }
    let property = try model.timedInvariant(named: options.property)
    var released: [Int] = []
    for name in options.parameters {
      let number = try model.durationParameter(named: name)
      if !released.contains(number) { released.append(number) }
    }
    var timed = TimedOptions()
    timed.budget = options.budget
    timed.wantsCertificate = options.wantsCertificate
    timed.engine = options.timedEngine
    timed.lemmas = model.timedInvariants(named: options.lemmas)
    if let limit = options.locationLimit { timed.locationLimit = limit }
    timed.asked =
      origin(
        of: model.properties[property],
        releasing: options.parameters,
        by: options.timedEngine,
        lemmas: options.lemmas,
        locationLimit: options.locationLimit
      ).text
    let report = LingerSolve.synthesize(
      model,
      property: property,
      for: released,
      options: timed
    )
    return SynthesizedSpec(reported, report)
  }
}

extension Model {
  fileprivate func timedInvariant(named name: String?) throws(UnanswerableQuestion) -> Int {
    let timed = properties.indices.filter { properties[$0].kind == .timedInvariant }
    let names = timed.map { properties[$0].name }
    guard let name else {
      if timed.count == 1 { return timed[0] }
      throw UnanswerableQuestion(
        message: timed.isEmpty
          ? "The spec has no timed invariant."
          : "The spec has several timed invariants; choose one with --property: "
            + names.joined(separator: ", ") + "."
      )
    }
    if let number = timed.first(where: { properties[$0].name == name }) { return number }
    if let other = properties.first(where: { $0.name == name }) {
      let known = names.joined(separator: ", ")
      let advice = names.isEmpty ? "The spec has none." : "It has: \(known)."
      let kind = other.kind.rawValue
      throw UnanswerableQuestion(
        message: "'\(name)' is not a timed invariant but an '\(kind)' property. \(advice)"
      )
    }
    throw UnanswerableQuestion(
      message: "No timed invariant is named '\(name)'.\(advice(name, among: names))"
    )
  }

  fileprivate func durationParameter(named name: String) throws(UnanswerableQuestion) -> Int {
    let durations = parameters.filter { $0.type == .duration }.map(\.name)
    guard let number = parameters.firstIndex(where: { $0.name == name }) else {
      throw UnanswerableQuestion(
        message: "No parameter is named '\(name)'.\(advice(name, among: durations))"
      )
    }
    guard parameters[number].type == .duration else {
      let type = describe(parameters[number].type, in: self)
      throw UnanswerableQuestion(
        message: "Parameter '\(name)' is not a Duration but \(type): a condition can only be about "
          + "durations. Set it with --set."
      )
    }
    return number
  }

  private func advice(_ name: String, among names: [String]) -> String {
    if let nearest = Suggestion.nearest(to: name, among: names) {
      return " Did you mean '\(nearest)'?"
    }
    return names.isEmpty ? " There are none." : " There are: \(names.joined(separator: ", "))."
  }
}
