import LingerDiagnostics

/// A place in a file, as other tools count: from 1, columns in UTF-16 code units, the end one past
/// the last.
struct SourcePlace: Hashable, Sendable {
  struct Region: Hashable, Sendable {
    var line: Int
    var endLine: Int
    /// Nil where only the line is known.
    var column: Int?
    var endColumn: Int?
  }

  /// The path as the user gave it, without `.` and, where it can be, `..`: other tools look for a
  /// file of that name.
  let file: String
  /// Nil for the file as a whole.
  var region: Region?

  /// A file as a whole; nil for standard input, which is none.
  init?(file: String) {
    guard file != "-" else { return nil }
    self.file = Self.normalized(file)
  }

  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// A line of a file; nil where that is none.
  init?(file: String, line: Int) {
    self.init(file: file)
    region = Region(line: line, endLine: line)
  }

  /// Nil for a span that is nowhere, or in no file.
  init?(_ span: Span, in sources: SourceMap) {
    guard sources.files.indices.contains(span.file), sources.files[span.file].isFile else {
      return nil
    }
    let source = sources.files[span.file]
    self.init(file: source.name)
    let end = max(span.start, span.end)
    region = Region(
      line: source.line(at: span.start) + 1,
      endLine: source.line(at: end) + 1,
      column: Self.column(of: span.start, in: source),
      endColumn: Self.column(of: end, in: source)
    )
  }

  private static func column(of offset: Int, in source: SourceFile) -> Int {
    let start = source.lineStarts[source.line(at: offset)]
    return source.text(start..<max(start, offset)).utf16.count + 1
  }

  /// `Ping.linger:8`.
  var text: String { file + (region.map { ":\($0.line)" } ?? "") }
}
