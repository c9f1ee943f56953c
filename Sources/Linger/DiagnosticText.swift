import LingerDiagnostics

/// Diagnostics for a terminal or a log; empty for none.
func render(_ diagnostics: [Diagnostic], in sources: SourceMap, hasColor: Bool) -> String {
  guard !diagnostics.isEmpty else { return "" }
  return TextRenderer(sources: sources, usesColor: hasColor).render(diagnostics)
}
