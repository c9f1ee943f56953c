import LingerReport

/// The rules of SARIF 2.1.0 for the objects that Linger writes: which members they may and must
/// have, and of what type. Taken down from the standard's JSON schema, section 3 of
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
enum SARIFSchema {
  indirect enum Kind: Sendable {
    case text
    case flag
    case integer(atLeast: Int)
    case choice([String])
    case list(Kind, atLeast: Int)
    case map(Kind)
    case object(String)
  }

  struct Rule: Sendable {
    var members: [String: Kind]
    var required: Set<String>
  }

  static let rules: [String: Rule] = [
    "sarifLog": Rule(
      members: [
        "$schema": .text, "version": .choice(["2.1.0"]), "runs": .list(.object("run"), atLeast: 0),
      ],
      required: ["version", "runs"]
    ),
    "run": Rule(
      members: [
        "tool": .object("tool"), "invocations": .list(.object("invocation"), atLeast: 0),
        "originalUriBaseIds": .map(.object("artifactLocation")),
        "results": .list(.object("result"), atLeast: 0),
        "columnKind": .choice(["utf16CodeUnits", "unicodeCodePoints"]),
      ],
      required: ["tool"]
    ),
    "tool": Rule(members: ["driver": .object("toolComponent")], required: ["driver"]),
    "toolComponent": Rule(
      members: [
        "name": .text, "version": .text, "semanticVersion": .text,
        "rules": .list(.object("reportingDescriptor"), atLeast: 0),
      ],
      required: ["name"]
    ),
    "reportingDescriptor": Rule(
      members: [
        "id": .text, "shortDescription": .object("message"),
        "fullDescription": .object("message"), "help": .object("message"),
      ],
      required: ["id"]
    ),
    "invocation": Rule(
      members: [
        "exitCode": .integer(atLeast: 0), "exitCodeDescription": .text,
        "executionSuccessful": .flag,
        "toolExecutionNotifications": .list(.object("notification"), atLeast: 0),
      ],
      required: ["executionSuccessful"]
    ),
    "notification": Rule(
      members: [
        "level": .choice(["none", "note", "warning", "error"]), "message": .object("message"),
        "associatedRule": .object("reportingDescriptorReference"),
        "locations": .list(.object("location"), atLeast: 0),
      ],
      required: ["message"]
    ),
    "reportingDescriptorReference": Rule(
      members: ["id": .text, "index": .integer(atLeast: -1)],
      required: []
    ),
    "result": Rule(
      members: [
        "ruleId": .text, "ruleIndex": .integer(atLeast: -1), "message": .object("message"),
        "level": .choice(["none", "note", "warning", "error"]),
        "kind": .choice(["notApplicable", "pass", "fail", "review", "open", "informational"]),
        "locations": .list(.object("location"), atLeast: 0),
        "relatedLocations": .list(.object("location"), atLeast: 0),
        "codeFlows": .list(.object("codeFlow"), atLeast: 0),
        "fixes": .list(.object("fix"), atLeast: 0), "partialFingerprints": .map(.text),
      ],
      required: ["message"]
    ),
    "message": Rule(members: ["text": .text], required: ["text"]),
    "location": Rule(
      members: ["physicalLocation": .object("physicalLocation"), "message": .object("message")],
      required: []
    ),
    "physicalLocation": Rule(
      members: ["artifactLocation": .object("artifactLocation"), "region": .object("region")],
      required: ["artifactLocation"]
    ),
    "artifactLocation": Rule(
      members: ["uri": .text, "uriBaseId": .text, "description": .object("message")],
      required: []
    ),
    "region": Rule(
      members: [
        "startLine": .integer(atLeast: 1), "startColumn": .integer(atLeast: 1),
        "endLine": .integer(atLeast: 1), "endColumn": .integer(atLeast: 1),
      ],
      required: ["startLine"]
    ),
    "codeFlow": Rule(
      members: ["threadFlows": .list(.object("threadFlow"), atLeast: 1)],
      required: ["threadFlows"]
    ),
    "threadFlow": Rule(
      members: ["locations": .list(.object("threadFlowLocation"), atLeast: 1)],
      required: ["locations"]
    ),
    "threadFlowLocation": Rule(
      members: ["location": .object("location"), "executionOrder": .integer(atLeast: -1)],
      required: []
    ),
    "fix": Rule(
      members: [
        "description": .object("message"),
        "artifactChanges": .list(.object("artifactChange"), atLeast: 1),
      ],
      required: ["artifactChanges"]
    ),
    "artifactChange": Rule(
      members: [
        "artifactLocation": .object("artifactLocation"),
        "replacements": .list(.object("replacement"), atLeast: 1),
      ],
      required: ["artifactLocation", "replacements"]
    ),
    "replacement": Rule(
      members: ["deletedRegion": .object("region"), "insertedContent": .object("message")],
      required: ["deletedRegion"]
    ),
  ]

  /// Where and how a value breaks the rules; empty where it does not.
  static func violations(
    _ value: JSONValue,
    _ kind: Kind = .object("sarifLog"),
    at path: String = ""
  ) -> [String] {
    switch (kind, value) {
    case (.text, .string), (.flag, .bool): return []
    case (.integer(let least), .integer(let number)):
      return number >= least ? [] : ["\(path): \(number)"]
    case (.choice(let choices), .string(let text)):
      return choices.contains(text) ? [] : ["\(path): '\(text)'"]
    case (.list(let element, let least), .array(let values)):
      let found = values.enumerated().flatMap { index, value in
        violations(value, element, at: "\(path)/\(index)")
      }
      return values.count >= least ? found : found + ["\(path): too short"]
    case (.map(let element), .object(let members)):
      return members.keys.sorted().flatMap { key in
        violations(members[key] ?? .null, element, at: "\(path)/\(key)")
      }
    case (.object(let name), .object(let members)):
      guard let rule = rules[name] else { return ["\(path): no rule for '\(name)'"] }
      let missing = rule.required.subtracting(members.keys).sorted()
      return missing.map { "\(path): no '\($0)'" }
        + members.keys.sorted().flatMap { key in
          guard let kind = rule.members[key] else { return ["\(path): '\(key)' is not allowed"] }
          return violations(members[key] ?? .null, kind, at: "\(path)/\(key)")
        }
    default: return ["\(path): another type"]
    }
  }
}
