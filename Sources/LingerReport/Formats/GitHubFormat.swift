/// Workflow commands of GitHub Actions: each finding is an annotation at its place in the spec.
///
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
package struct GitHubFormat: ReportFormat {
  package let name = "github"
  package let purpose = "annotations of GitHub Actions"
  package let tellsExitCode = false

  /// An annotation is cut off at 64 KiB, and nobody reads as many steps in one.
  private static let stepLimit = 100

  package init() {}

  package func render(_ report: RunReport, _ style: ReportStyle) -> String {
    report.groups.map { group in
      let commands = group.findings.compactMap { command(for: $0, of: group) }
      let title = "linger \(report.command)"
      return (commands + [line("notice", ["title": title], group.summary)]).joined()
    }.joined()
  }

  private func command(for finding: Finding, of group: FindingGroup) -> String? {
    let kind: String
    switch finding.outcome {
    case .violated, .invalid, .internalError: kind = "error"
    case .unknown, .warning: kind = "warning"
    case .notAsked, .note: kind = "notice"
    case .holds:
      if finding.remarks.isEmpty { return nil }
      kind = "notice"
    }
    return line(kind, place(of: finding, in: group), message(of: finding))
  }

  private func message(of finding: Finding) -> String {
    var lines = [finding.outcome == .unknown ? "unknown: \(finding.message)" : finding.message]
    lines += finding.remarks
    for (number, evidence) in finding.evidence.enumerated() {
      if finding.outcome == .unknown { lines.append("only if time allows: \(evidence.message)") }
      if number > 0 { lines.append("also: \(evidence.message)") }
      guard let steps = evidence.run?.steps else { continue }
      lines += steps.prefix(Self.stepLimit).enumerated().map { "\($0 + 1). \($1.text)" }
      let more = steps.count - Self.stepLimit
      if more > 0 { lines.append("and \(count(more, "step")) more") }
    }
    return lines.joined(separator: "\n")
  }

  /// Columns are said within one line only: GitHub drops them otherwise.
  private func place(
    of finding: Finding,
    in group: FindingGroup
  ) -> KeyValuePairs<String, String?> {
    let place = finding.place ?? SourcePlace(file: group.path)
    let region = place?.region
    let isOneLine = region?.line == region?.endLine
    return [
      "file": place?.file, "line": region.map { "\($0.line)" },
      "endLine": region.map { "\($0.endLine)" },
      "col": isOneLine ? region?.column.map { "\($0)" } : nil,
      "endColumn": isOneLine ? region?.endColumn.map { "\($0)" } : nil,
      "title": "\(group.name): \(finding.title)",
    ]
  }

  private func line(
    _ kind: String,
    _ properties: KeyValuePairs<String, String?>,
    _ message: String
  ) -> String {
    let parameters = properties.compactMap { key, value in
      value.map { "\(key)=\(Self.escaped($0, isProperty: true))" }
    }
    let list = parameters.joined(separator: ",")
    return "::\(kind)\(list.isEmpty ? "" : " \(list)")::\(Self.escaped(message))\n"
  }

  private static func escaped(_ text: String, isProperty: Bool = false) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": output += "%25"
      case "\r": output += "%0D"
      case "\n": output += "%0A"
      case ":" where isProperty: output += "%3A"
      case "," where isProperty: output += "%2C"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
