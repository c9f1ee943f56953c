/// What was asked of a spec when a proof was written: enough to ask it again.
///
/// It stands in the proof's header as one line of JSON; the path of the spec is left out, so that
/// the same question gives the same bytes wherever the spec lies.
package struct ProofOrigin: Sendable {
  /// A timed invariant, by name.
  package var property: String
  package var profile: String?
  /// Parameters that were set by hand, in order.
  package var parameters: [(name: String, value: String)]
  /// The parameters that a synthesis gave up; nil for a check.
  package var released: [String]?
  package var engine: String
  /// Timed invariants that were proved first, by name.
  package var lemmas: [String]
  package var locationLimit: Int?

  package init(
    property: String,
    profile: String?,
    parameters: [(name: String, value: String)],
    released: [String]? = nil,
    engine: String,
    lemmas: [String],
    locationLimit: Int?
  ) {
    self.property = property
    self.profile = profile
    self.parameters = parameters
    self.released = released
    self.engine = engine
    self.lemmas = lemmas
    self.locationLimit = locationLimit
  }

  /// One line.
  package var text: String {
    JSONValue.members([
      "property": .string(property), "profile": .optional(profile),
      "parameters": .settings(parameters),
      "for": released.map { .array($0.map { .string($0) }) }, "engine": .string(engine),
      "lemmas": .array(lemmas.map { .string($0) }),
      "locationLimit": locationLimit.map { .integer($0) },
    ]).flatText
  }

  /// Nil where the text is not what ``text`` wrote.
  package init?(_ text: String) {
    guard let json = JSONValue.parse(Array(text.utf8)), let property = json["property"]?.string,
      let engine = json["engine"]?.string, let lemmas = json["lemmas"]?.array,
      let settings = json["parameters"]?.array
    else { return nil }
    var parameters: [(name: String, value: String)] = []
    for setting in settings {
      guard let name = setting["name"]?.string, let value = setting["value"]?.string else {
        return nil
      }
      parameters.append((name, value))
    }
    self.init(
      property: property,
      profile: json["profile"]?.string,
      parameters: parameters,
      released: json["for"]?.array?.compactMap(\.string),
      engine: engine,
      lemmas: lemmas.compactMap(\.string),
      locationLimit: json["locationLimit"]?.integer
    )
    // A member that was not read would be a question that is not asked.
    guard self.text == text else { return nil }
  }
}
