/// Diagnostics as text with source lines and carets.
///
/// ```
/// error[L0203]: unknown type 'Sate'
///  --> close.linger:7:14
///   |
/// 7 |   var state: Sate
///   |              ^^^^ not declared
///   = help: did you mean 'State'? [fix-it]
/// ```
package struct TextRenderer {
  package var sources: SourceMap
  /// Whether to write ANSI colours; only for terminals.
  package var usesColor: Bool
  /// How many diagnostics are written before a count of the rest.
  package var limit: Int

  /// More than this is no longer read.
  package static let defaultLimit = 20

  package init(
    sources: SourceMap,
    usesColor: Bool = false,
    limit: Int = TextRenderer.defaultLimit
  ) {
    self.sources = sources
    self.usesColor = usesColor
    self.limit = limit
  }

  /// All diagnostics by position, a blank line between two, and a count of those beyond the
  /// limit. Errors go before warnings where not all fit. Empty for none.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    let ordered = diagnostics.sortedByPosition()
    let errors = ordered.filter { $0.severity == .error }
    var warningsLeft = max(0, limit - errors.count)
    var errorsLeft = limit
    var texts: [String] = []
    for diagnostic in ordered {
      let isShown = diagnostic.severity == .error ? errorsLeft > 0 : warningsLeft > 0
      if diagnostic.severity == .error { errorsLeft -= 1 } else { warningsLeft -= 1 }
      if isShown { texts.append(render(diagnostic)) }
    }
    let hiddenErrors = max(0, -errorsLeft)
    let hiddenWarnings = ordered.count - texts.count - hiddenErrors
    if hiddenErrors + hiddenWarnings > 0 {
      let counts = [(hiddenErrors, "error"), (hiddenWarnings, "warning")].filter { $0.0 > 0 }
      let words = counts.map { "\($0) more \($1)\($0 == 1 ? "" : "s")" }
      texts.append("... and " + words.joined(separator: " and ") + "\n")
    }
    return texts.joined(separator: "\n")
  }

  /// One diagnostic, ending with a line break.
  package func render(_ diagnostic: Diagnostic) -> String {
    let groups = annotationGroups(diagnostic)
    let layouts = groups.compactMap { group -> (span: Span, layout: SnippetLayout)? in
      guard let first = group.first else { return nil }
      return (first.span, SnippetLayout(group, in: sources.files[first.span.file]))
    }
    let gutter = gutterWidth(layouts.map(\.layout))
    var lines = [title(diagnostic)]
    for (index, entry) in layouts.enumerated() {
      lines += snippet(
        entry.layout,
        at: entry.span,
        isFirst: index == 0,
        gutter: gutter,
        severity: diagnostic.severity
      )
    }
    lines += footer(diagnostic, gutter: gutter)
    return lines.map { $0.trimmingEnd() + "\n" }.joined()
  }

  /// Spans by file: the primary one's file first, then others in the order of their notes.
  private func annotationGroups(_ diagnostic: Diagnostic) -> [[SnippetLayout.Annotation]] {
    var annotations = [
      SnippetLayout.Annotation(
        span: diagnostic.span,
        label: diagnostic.label,
        isPrimary: true
      )
    ]
    annotations += diagnostic.notes.map {
      SnippetLayout.Annotation(span: $0.span, label: $0.message, isPrimary: false)
    }
    var groups: [[SnippetLayout.Annotation]] = []
    for annotation in annotations where sources.files.indices.contains(annotation.span.file) {
      if let index = groups.firstIndex(where: { $0[0].span.file == annotation.span.file }) {
        groups[index].append(annotation)
      } else {
        groups.append([annotation])
      }
    }
    return groups
  }

  private func gutterWidth(_ layouts: [SnippetLayout]) -> Int {
    var greatest = 1
    for row in layouts.flatMap(\.rows) {
      if case .source(let number, _) = row { greatest = max(greatest, number) }
    }
    return String(greatest).count
  }

  private func title(_ diagnostic: Diagnostic) -> String {
    let head = "\(diagnostic.severity.rawValue)[\(diagnostic.code.name)]"
    let message = indentingLines(diagnostic.message, by: 2)
    return styled(head, .severity(diagnostic.severity)) + styled(": " + message, .title)
  }

  private func snippet(
    _ layout: SnippetLayout,
    at span: Span,
    isFirst: Bool,
    gutter: Int,
    severity: Diagnostic.Severity
  ) -> [String] {
    let blank = String(repeating: " ", count: gutter)
    let arrow = styled(isFirst ? "-->" : ":::", .gutter)
    let place = sources.location(span).map { "\($0.file):\($0.line):\($0.column)" } ?? ""
    var lines = ["\(blank)\(arrow) \(place)", styled("\(blank) |", .gutter)]
    for row in layout.rows {
      switch row {
      case .source(let number, let text):
        let digits = String(number)
        let padding = String(repeating: " ", count: gutter - digits.count)
        lines.append(styled("\(padding)\(digits) |", .gutter) + " " + text)
      case .mark(let column, let width, let label, let isPrimary):
        let marks = String(repeating: isPrimary ? "^" : "-", count: width)
        let style = isPrimary ? Style.severity(severity) : .secondary
        let indentation = String(repeating: " ", count: column + 1)
        let text = label.map { " " + $0.replacingLineBreaks() } ?? ""
        lines.append(styled("\(blank) |", .gutter) + indentation + styled(marks + text, style))
      case .gap: lines.append(styled("\(blank) :", .gutter))
      }
    }
    return lines
  }

  /// Notes without a place, the help, the fix-its.
  private func footer(_ diagnostic: Diagnostic, gutter: Int) -> [String] {
    var entries: [(word: String, text: String)] = []
    for note in diagnostic.notes where !sources.files.indices.contains(note.span.file) {
      entries.append(("note", note.message))
    }
    if let help = diagnostic.help { entries.append(("help", help)) }
    entries += diagnostic.fixIts.map { ("help", $0.message + " [fix-it]") }
    let blank = String(repeating: " ", count: gutter + 1)
    return entries.map { word, text in
      blank + styled("=", .gutter) + " " + styled("\(word):", .title) + " "
        + indentingLines(text, by: gutter + 1 + 4 + word.count)
    }
  }

  private func indentingLines(_ text: String, by columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\n" + String(repeating: " ", count: columns))
  }
}

extension TextRenderer {
  private enum Style {
    case severity(Diagnostic.Severity)
    case title
    case gutter
    case secondary

    /// The number of an ANSI "select graphic rendition" sequence (ECMA-48, section 8.3.117).
    var parameters: String {
      switch self {
      case .severity(.error): "1;31"
      case .severity(.warning): "1;33"
      case .title: "1"
      case .gutter, .secondary: "1;34"
      }
    }
  }

  private func styled(_ text: String, _ style: Style) -> String {
    usesColor ? "\u{1B}[\(style.parameters)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  fileprivate func replacingLineBreaks() -> String {
    split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
  }
}
