/// A way to write a ``RunReport`` down.
///
/// A format is one type, and ``ReportFormats`` lists it: no command knows it. The same report and
/// style must give the same text, byte for byte.
package protocol ReportFormat: Sendable {
  /// As `--format` names it.
  var name: String { get }
  /// What it is for, in a few words: the help of `--format`.
  var purpose: String { get }
  /// Whether the text depends on what the program exits with.
  var tellsExitCode: Bool { get }

  func render(_ report: RunReport, _ style: ReportStyle) -> String
}

/// All formats, in the order in which help names them.
package enum ReportFormats {
  package static let all: [any ReportFormat] = [
    TextFormat(), JSONFormat(), JUnitFormat(), SARIFFormat(), GitHubFormat(),
  ]

  package static func named(_ name: String) -> (any ReportFormat)? {
    all.first { $0.name == name }
  }
}
