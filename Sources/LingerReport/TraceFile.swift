import LingerDiagnostics
package import LingerModel

/// Why a saved trace cannot be read against a spec.
package struct TraceFileError: Error, Hashable, Sendable {
  /// One sentence, lower case.
  package var message: String
  /// The step it is about, counted from 1.
  package var step: Int?

  package init(_ message: String, step: Int? = nil) {
    self.message = message
    self.step = step
  }

  package static func unknown(
    _ name: String,
    _ kind: String,
    among names: [String]
  ) -> TraceFileError {
    let advice =
      Suggestion.nearest(to: name, among: names).map { ", did you mean '\($0)'?" } ?? ""
    return TraceFileError("no \(kind) is named '\(name)'\(advice)")
  }

  package var description: String { step.map { "step \($0): \(message)" } ?? message }
}

/// A run saved to be run again: its steps by names, so that it survives edits of the spec that do
/// not concern it.
///
/// The states are left out, for the evaluator computes them anew; `docs/json.md` has the schema.
package struct TraceFile: Sendable {
  package static let format = "linger-trace"
  package static let version = 1

  /// The protocol's name.
  package var specification: String
  /// The property that the run violates or witnesses, by name; nil for a run of its own.
  package var property: String?
  package var profile: String?
  /// Parameters that were set by hand.
  package var parameters: [(name: String, value: String)]
  package var steps: [JSONValue]
  /// What the variables began with that may begin with any value; nil where there are none.
  package var initial: JSONValue?
  /// For a run of the timed reading: when its steps happen, and when the property is false.
  package var timing: (times: [Rational], end: Rational)?
  /// For a run without end: how many steps come before those that are repeated for ever.
  package var loopStart: Int?
  /// Whether what only an idle application leaves open counts as a violation.
  package var isStrict = false

  package init(
    specification: String,
    property: String?,
    profile: String?,
    parameters: [(name: String, value: String)],
    steps: [JSONValue],
    timing: (times: [Rational], end: Rational)? = nil
  ) {
    self.specification = specification
    self.property = property
    self.profile = profile
    self.parameters = parameters
    self.steps = steps
    self.timing = timing
  }

  package var text: String {
    JSONValue.members([
      "format": .string(Self.format), "version": .integer(Self.version),
      "protocol": .string(specification), "property": .optional(property),
      "profile": .optional(profile),
      "parameters": .settings(parameters),
      "initial": initial, "steps": .array(steps), "loopStart": loopStart.map { .integer($0) },
      "times": timing.map { .array($0.times.map { .string($0.description) }) },
      "end": timing.map { .string($0.end.description) },
      "strict": isStrict ? .bool(true) : nil,
    ]).text
  }

  /// Reads the frame of a file; its steps are decoded against a model afterwards.
  package static func read(_ bytes: [UInt8]) throws(TraceFileError) -> TraceFile {
    guard let json = JSONValue.parse(bytes) else {
      throw TraceFileError("the file is not JSON, or has numbers that are not integers")
    }
    guard json["format"]?.string == format else {
      throw TraceFileError("the file is not a saved trace: it has no \"format\": \"\(format)\"")
    }
    guard let found = json["version"]?.integer, found == version else {
      throw TraceFileError("the file has another version of the format than \(version)")
    }
    guard let steps = json["steps"]?.array else {
      throw TraceFileError("the file has no list \"steps\"")
    }
    try json.requireOnly(
      [
        "format", "version", "protocol", "property", "profile", "parameters", "initial", "steps",
        "times", "end", "loopStart", "strict",
      ],
      in: "the file"
    )
    var parameters: [(name: String, value: String)] = []
    for parameter in try json.list("parameters") {
      try parameter.requireOnly(["name", "value"], in: "a parameter")
      parameters.append((try parameter.text("name"), try parameter.text("value")))
    }
    var file = TraceFile(
      specification: try json.text("protocol"),
      property: try json.textIfAny("property"),
      profile: try json.textIfAny("profile"),
      parameters: parameters,
      steps: steps,
      timing: try timing(in: json, count: steps.count)
    )
    file.initial = json["initial"]
    if let loopStart = json["loopStart"] {
      guard let place = loopStart.integer, (0...steps.count).contains(place) else {
        throw TraceFileError("\"loopStart\" must be a number of steps, from 0 to all of them")
      }
      file.loopStart = place
    }
    if let strict = json["strict"] {
      guard case .bool(let isStrict) = strict else {
        throw TraceFileError("\"strict\" must be true or false")
      }
      file.isStrict = isStrict
    }
    return file
  }

  private static func timing(
    in json: JSONValue,
    count: Int
  ) throws(TraceFileError) -> (times: [Rational], end: Rational)? {
    guard json["times"] != nil || json["end"] != nil else { return nil }
    let list = try json.list("times")
    let times = list.compactMap { $0.string.flatMap(Rational.init(exactly:)) }
    guard times.count == list.count, times.count == count,
      let end = json["end"]?.string.flatMap(Rational.init(exactly:))
    else {
      throw TraceFileError(
        "\"times\" must have a time such as \"60\" or \"1/3\" for each step, and \"end\" be one"
      )
    }
    return (times, end)
  }
}

extension TraceFile {
  /// The steps of a run, with what is needed to run them again.
  package init(
    _ trace: Trace,
    of context: ReportContext,
    property: String?,
    timing: TimedRun? = nil
  ) {
    let coding = StepCoding(model: context.model)
    self.init(
      specification: context.model.name,
      property: property,
      profile: context.profile,
      parameters: context.parameters,
      steps: trace.entries.map { coding.encode($0.step) },
      timing: timing.map { ($0.times, $0.end) }
    )
    initial = coding.encode(beginning: trace.initial)
    loopStart = trace.loopStart
  }
}
