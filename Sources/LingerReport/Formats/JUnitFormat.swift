/// JUnit XML, as CI servers read the results of tests: a suite for each input, a case for each
/// finding.
///
/// Unknown is `skipped`, for it is neither; the exit code is what must not be overlooked. No times
/// are written: the same input gives the same bytes.
package struct JUnitFormat: ReportFormat {
  package let name = "junit"
  package let purpose = "JUnit XML for CI servers"
  package let tellsExitCode = true

  package init() {}

  package func render(_ report: RunReport, _ style: ReportStyle) -> String {
    let groups = report.groups
    let counts = Counts(groups.flatMap(\.findings))
    let suites = groups.map { suite($0, report, style) }
    return XMLTag(
      "testsuites",
      [
        "name": "linger \(report.command)", "tests": counts.tests, "failures": counts.failures,
        "errors": counts.errors, "skipped": counts.skipped, "time": "0",
      ],
      suites
    ).document
  }

  private func suite(_ group: FindingGroup, _ report: RunReport, _ style: ReportStyle) -> XMLTag {
    let counts = Counts(group.findings)
    let property = XMLTag("property", ["name": "exitCode", "value": "\(report.exitCode)"])
    return XMLTag(
      "testsuite",
      [
        "name": group.name, "tests": counts.tests, "failures": counts.failures,
        "errors": counts.errors, "skipped": counts.skipped, "time": "0",
      ],
      [XMLTag("properties", [:], [property])]
        + zip(names(of: group.findings), group.findings).map { name, finding in
          testCase(name, finding, of: group, style)
        }
    )
  }

  /// A name for each, and none twice.
  private func names(of findings: [Finding]) -> [String] {
    var uses: [String: Int] = [:]
    return findings.map { finding in
      let name = finding.isQuestion ? finding.title : "\(finding.title): \(finding.message)"
      uses[name, default: 0] += 1
      return uses[name] == 1 ? name : "\(name) (\(uses[name] ?? 0))"
    }
  }

  private func testCase(
    _ name: String,
    _ finding: Finding,
    of group: FindingGroup,
    _ style: ReportStyle
  ) -> XMLTag {
    let file = (finding.place ?? SourcePlace(file: group.path))?.file
    return XMLTag(
      "testcase",
      ["classname": group.name, "name": name, "file": file, "time": "0"],
      [result(of: finding, style)].compactMap(\.self)
    )
  }

  private func result(of finding: Finding, _ style: ReportStyle) -> XMLTag? {
    let about: KeyValuePairs<String, String?> = [
      "message": finding.message, "type": finding.rule.id,
    ]
    let text = text(of: finding, style)
    switch finding.outcome {
    case .violated: return XMLTag("failure", about, text: text)
    case .invalid, .internalError: return XMLTag("error", about, text: text)
    case .unknown: return XMLTag("skipped", ["message": "unknown: \(finding.message)"], text: text)
    case .notAsked: return XMLTag("skipped", ["message": finding.message])
    case .warning: return XMLTag("system-out", [:], text: "warning: \(text)")
    case .note: return XMLTag("system-out", [:], text: "note: \(text)")
    case .holds:
      let remarks = finding.remarks.joined(separator: "\n")
      return remarks.isEmpty ? nil : XMLTag("system-out", [:], text: remarks)
    }
  }

  /// Everything there is to say, with the charts of runs.
  private func text(of finding: Finding, _ style: ReportStyle) -> String {
    var style = style
    style.hasColor = false
    if let detail = finding.detail { return detail }
    var text = (finding.place.map { "\($0.text): " } ?? "") + finding.message + "\n"
    for remark in finding.remarks { text += "\(remark)\n" }
    for (number, evidence) in finding.evidence.enumerated() {
      if finding.outcome == .unknown { text += "only if time allows: \(evidence.message)\n" }
      if number > 0 { text += "\nalso: \(evidence.message)\n" }
      if let run = evidence.run { text += "\n\(run.chart(style))" }
    }
    return text
  }

  /// As attributes.
  private struct Counts {
    var tests: String
    var failures: String
    var errors: String
    var skipped: String

    init(_ findings: [Finding]) {
      func count(_ outcomes: [Finding.Outcome]) -> String {
        "\(findings.count { outcomes.contains($0.outcome) })"
      }
      tests = "\(findings.count)"
      failures = count([.violated])
      errors = count([.invalid, .internalError])
      skipped = count([.unknown, .notAsked])
    }
  }
}
