/// SARIF 2.1.0, for code scanning: what is violated or unknown, at its place in the spec, with its
/// run as a code flow. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package struct SARIFFormat: ReportFormat {
  package let name = "sarif"
  package let purpose = "SARIF 2.1.0 for code scanning"
  package let tellsExitCode = true

  package init() {}

  package func render(_ report: RunReport, _ style: ReportStyle) -> String {
    let groups = report.groups
    let rules = SARIFRules(groups.flatMap(\.findings))
    let run = JSONValue.object([
      "tool": .object([
        "driver": .object([
          "name": .string("Linger"), "version": .string(ToolVersion.current),
          "semanticVersion": .string(ToolVersion.current), "rules": rules.json,
        ])
      ]),
      "columnKind": .string("utf16CodeUnits"),
      "originalUriBaseIds": .object([
        Self.root: .object(["description": .sarif("the folder that linger was started in")])
      ]),
      "invocations": .array([invocation(report.exitCode, groups, rules)]),
      "results": .array(results(groups, rules)),
    ])
    return JSONValue.object([
      "$schema": .string(
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
      ),
      "version": .string("2.1.0"), "runs": .array([run]),
    ]).text
  }

  /// What the URIs of files are relative to.
  fileprivate static let root = "%SRCROOT%"

  // The run of the program.

  private func invocation(
    _ exitCode: Int32,
    _ groups: [FindingGroup],
    _ rules: SARIFRules
  ) -> JSONValue {
    let notifications = groups.flatMap { group in
      group.findings.compactMap { notification(for: $0, of: group, rules) }
    }
    return .members([
      "exitCode": .integer(Int(exitCode)),
      "exitCodeDescription": .optional(Self.meaning(of: exitCode)),
      // Verdicts are answers; a spec with errors, an interrupt and so on leave some open.
      "executionSuccessful": .bool([0, 1, 3].contains(exitCode)),
      "toolExecutionNotifications": notifications.isEmpty ? nil : .array(notifications),
    ])
  }

  private static func meaning(of exitCode: Int32) -> String? {
    switch exitCode {
    case 0: "everything holds"
    case 1: "something is violated"
    case 2: "a spec has errors, or a file cannot be read or written"
    case 3: "unknown, and nothing violated"
    case 69: "a needed part is missing"
    case 70: "internal error"
    case 130: "interrupted"
    case 141: "nobody reads the output"
    case 143: "terminated"
    default: nil
    }
  }

  /// What went wrong with the program itself, and what is to be known of a property that holds.
  private func notification(
    for finding: Finding,
    of group: FindingGroup,
    _ rules: SARIFRules
  ) -> JSONValue? {
    let isNote = finding.outcome == .holds && !finding.remarks.isEmpty
    guard finding.isAboutProgram || isNote else { return nil }
    let text =
      isNote
      ? "\(group.name): \(finding.title): \(finding.remarks.joined(separator: "; "))"
      : finding.message
    return .members([
      "level": .string(isNote ? "note" : "error"), "message": .sarif(text),
      "associatedRule": rules.reference(to: finding.rule),
      "locations": finding.place.map { .array([location($0)]) },
    ])
  }

  // What was found.

  /// A result for each violation; the ways in which one question is violated are several.
  private func results(_ groups: [FindingGroup], _ rules: SARIFRules) -> [JSONValue] {
    var results: [JSONValue] = []
    var uses: [String: Int] = [:]
    for group in groups {
      for finding in group.findings where !finding.isAboutProgram {
        guard let weight = Self.weight(of: finding.outcome) else { continue }
        let shown: [Finding.Evidence?] = finding.evidence.isEmpty ? [nil] : finding.evidence
        for evidence in shown {
          var fingerprint = fingerprint(of: finding, in: group)
          uses[fingerprint, default: 0] += 1
          if let count = uses[fingerprint], count > 1 { fingerprint += "/\(count)" }
          let place = evidence?.place ?? finding.place ?? SourcePlace(file: group.path)
          results.append(
            .members([
              "ruleId": .string(finding.rule.id), "ruleIndex": rules.index(of: finding.rule),
              "level": .string(weight.level), "kind": .string(weight.kind),
              "message": .sarif(message(of: finding, evidence)),
              "locations": place.map { .array([location($0)]) },
              "relatedLocations": finding.related.isEmpty
                ? nil : .array(finding.related.map { location($0.place, $0.message) }),
              "codeFlows": evidence?.run.flatMap(codeFlows),
              "fixes": finding.fixes.isEmpty ? nil : .array(finding.fixes.map(fix)),
              "partialFingerprints": .object(["lingerFinding/v1": .string(fingerprint)]),
            ])
          )
        }
      }
    }
    return results
  }

  /// Level and kind of a result; nil for what is none.
  private static func weight(of outcome: Finding.Outcome) -> (level: String, kind: String)? {
    switch outcome {
    case .violated, .invalid: ("error", "fail")
    case .warning: ("warning", "fail")
    case .note: ("note", "fail")
    // §3.27.9: looked at, and not enough is known to decide; §3.27.10: the level is "none" then.
    case .unknown: ("none", "open")
    case .holds, .notAsked, .internalError: nil
    }
  }

  private func message(of finding: Finding, _ evidence: Finding.Evidence?) -> String {
    let isOpen = finding.outcome == .unknown
    let reason = isOpen ? "unknown: \(finding.message)" : evidence?.message ?? finding.message
    let isNamed = finding.isQuestion && finding.title != finding.rule.id
    let subject = isNamed ? "\(finding.title): " : ""
    return ([subject + reason] + finding.remarks).joined(separator: "; ")
  }

  /// What stays the same when lines move: no place is in it.
  private func fingerprint(of finding: Finding, in group: FindingGroup) -> String {
    let subject =
      finding.isQuestion ? finding.title : "\(finding.rule.id)/\(finding.message)"
    return "\(group.name)/\(subject)"
  }

  private func fix(_ fix: Finding.Fix) -> JSONValue {
    .object([
      "description": .sarif(fix.message),
      "artifactChanges": .array(
        fix.edits.map { edit in
          let replacement = JSONValue.members([
            "deletedRegion": edit.place.region.map(region),
            "insertedContent": .object(["text": .string(edit.replacement)]),
          ])
          return .object([
            "artifactLocation": artifact(edit.place.file), "replacements": .array([replacement]),
          ])
        }
      ),
    ])
  }

  private func codeFlows(_ run: ShownRun) -> JSONValue? {
    let steps = run.steps
    // A flow has one place at least.
    guard !steps.isEmpty else { return nil }
    let locations = steps.enumerated().map { index, step in
      JSONValue.object([
        "executionOrder": .integer(index + 1), "location": location(step.place, step.text),
      ])
    }
    return .array([
      .object(["threadFlows": .array([.object(["locations": .array(locations)])])])
    ])
  }

  private func location(_ place: SourcePlace?, _ message: String? = nil) -> JSONValue {
    .members([
      "message": message.map { .sarif($0) },
      "physicalLocation": place.map { place in
        .members([
          "artifactLocation": artifact(place.file), "region": place.region.map(region),
        ])
      },
    ])
  }

  private func region(_ region: SourcePlace.Region) -> JSONValue {
    .members([
      "startLine": .integer(region.line), "endLine": .integer(region.endLine),
      "startColumn": region.column.map { .integer($0) },
      "endColumn": region.endColumn.map { .integer($0) },
    ])
  }

  private func artifact(_ path: String) -> JSONValue {
    let uri = SARIFURI.text(of: path)
    return .members([
      "uri": .string(uri), "uriBaseId": path.hasPrefix("/") ? nil : .string(Self.root),
    ])
  }
}

/// The rules that findings are about, each once, in the order in which they are first met.
private struct SARIFRules {
  private var rules: [FindingRule] = []

  init(_ findings: [Finding]) {
    for finding in findings where !rules.contains(finding.rule) { rules.append(finding.rule) }
  }

  func index(of rule: FindingRule) -> JSONValue? {
    rules.firstIndex(of: rule).map { .integer($0) }
  }

  func reference(to rule: FindingRule) -> JSONValue {
    .members(["id": .string(rule.id), "index": index(of: rule)])
  }

  var json: JSONValue {
    .array(
      rules.map {
        .object([
          "id": .string($0.id), "shortDescription": .sarif($0.summary),
          "fullDescription": .sarif($0.summary), "help": .sarif($0.help),
        ])
      }
    )
  }
}

/// Paths as URI references. RFC 3986.
enum SARIFURI {
  /// Relative paths stay relative, others are `file` URIs.
  static func text(of path: String) -> String {
    let text = path.split(separator: "/").map(escaped).joined(separator: "/")
    return path.hasPrefix("/") ? "file:///\(text)" : text
  }

  /// RFC 3986, section 2.3: everything but the unreserved characters is written as its bytes.
  private static func escaped(_ segment: Substring) -> String {
    var output = ""
    for byte in segment.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "-._~".unicodeScalars.contains(scalar))
      if isPlain {
        output.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        output += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return output
  }
}

extension JSONValue {
  /// A message object. §3.11.5: braces are those of placeholders unless they are doubled.
  fileprivate static func sarif(_ text: String) -> JSONValue {
    var doubled = ""
    for character in text.unicodeScalars {
      doubled.unicodeScalars.append(character)
      if character == "{" || character == "}" { doubled.unicodeScalars.append(character) }
    }
    return .object(["text": .string(doubled)])
  }
}
