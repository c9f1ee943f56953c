/// Which source lines a diagnostic shows, and what is marked under them; no colours and no gutter
/// yet. Kept apart from ``TextRenderer`` so that the geometry is a plain value.
struct SnippetLayout {
  /// A span to mark, with what is said about it.
  struct Annotation {
    var span: Span
    var label: String?
    var isPrimary: Bool
  }

  enum Row {
    /// A source line; `number` counts from 1.
    case source(number: Int, text: String)
    /// Marks under the line before: blanks, marks, label.
    case mark(column: Int, width: Int, label: String?, isPrimary: Bool)
    /// Lines left out.
    case gap
  }

  private(set) var rows: [Row] = []

  /// A part of an annotation that lies on one line, in file offsets.
  private struct Mark {
    var line: Int
    var start: Int
    var end: Int
    /// From the first character that is not blank, where a span began on a line before.
    var startsAtText: Bool
    var label: String?
    var isPrimary: Bool
  }

  /// Lays out annotations that all lie in one file.
  init(_ annotations: [Annotation], in file: SourceFile) {
    let marks = annotations.flatMap { SnippetLayout.marks(of: $0, in: file) }
    let lines = marks.map(\.line).sorted()
    var previous: Int?
    for line in lines where line != previous {
      if let previous, line > previous + 1 { rows.append(.gap) }
      append(line: line, marks: marks.filter { $0.line == line }, in: file)
      previous = line
    }
  }

  private mutating func append(line: Int, marks: [Mark], in file: SourceFile) {
    let interest = (marks.first { $0.isPrimary } ?? marks.first)?.start ?? 0
    let display = DisplayLine(file, range: file.lineRange(line), interest: interest)
    rows.append(.source(number: line + 1, text: display.text))
    let ordered = marks.enumerated().sorted {
      ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
    }
    for (_, mark) in ordered {
      let start =
        mark.startsAtText ? display.indentation : display.column(at: mark.start)
      let width = max(1, display.column(at: mark.end) - start)
      rows.append(
        .mark(column: start, width: width, label: mark.label, isPrimary: mark.isPrimary)
      )
    }
  }

  /// One mark for a span within a line; for a longer one, a mark on its first and on its last
  /// line, the label at the last.
  private static func marks(of annotation: Annotation, in file: SourceFile) -> [Mark] {
    let start = min(max(annotation.span.start, 0), file.bytes.count)
    let end = min(max(annotation.span.end, start), file.bytes.count)
    let firstLine = file.line(at: start)
    // A span that ends with a line break ends on the line that it breaks.
    let lastLine = file.line(at: max(start, end - 1))
    var mark = Mark(
      line: firstLine,
      start: start,
      end: end,
      startsAtText: false,
      label: annotation.label,
      isPrimary: annotation.isPrimary
    )
    mark.end = min(end, max(start, file.lineRange(firstLine).upperBound))
    guard lastLine > firstLine else { return [mark] }
    mark.label = nil
    let range = file.lineRange(lastLine)
    let last = Mark(
      line: lastLine,
      start: range.lowerBound,
      end: min(end, range.upperBound),
      startsAtText: true,
      label: annotation.label,
      isPrimary: annotation.isPrimary
    )
    return [mark, last]
  }
}
