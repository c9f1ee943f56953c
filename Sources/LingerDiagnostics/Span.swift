/// A half-open range of UTF-8 bytes in one source file.
package struct Span: Hashable, Sendable {
  /// The file's number in its ``SourceMap``.
  package var file: Int
  /// Offset of the first byte.
  package var start: Int
  /// Offset one past the last byte.
  package var end: Int

  package init(file: Int, start: Int, end: Int) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// A place of its own for what no source text says, such as a derived audit property.
  package static let none = Span(file: -1, start: 0, end: 0)

  /// Whether the span points into a file at all.
  package var isSomewhere: Bool { file >= 0 }

  /// The smallest span that covers both; the other one where one is ``none``.
  package func union(_ other: Span) -> Span {
    guard isSomewhere, other.isSomewhere, file == other.file else {
      return isSomewhere ? self : other
    }
    return Span(file: file, start: min(start, other.start), end: max(end, other.end))
  }
}
