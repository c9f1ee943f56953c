import LingerDiagnostics

/// The long forms of the diagnostics.
package enum Explanation {
  /// Every code with its summary, a line each.
  package static var list: String {
    DiagnosticCode.all.map { "\($0.name)  \($0.summary)\n" }.joined()
  }

  /// The explanation of a code in any case; nil for none of ours.
  package static func text(of code: String) -> String? {
    DiagnosticCode.named(code)?.longText
  }

  package static func nearest(to code: String) -> String? {
    Suggestion.nearest(to: code, among: DiagnosticCode.all.map(\.name))
  }
}
