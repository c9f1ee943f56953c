/// One spec's text, as the bytes it was read from, with the offsets of its lines.
package struct SourceFile: Sendable {
  /// The path as the user gave it (or as an import resolved it); shown in diagnostics.
  package let name: String
  /// The text in UTF-8; always valid, the loader rejects what is not.
  package let bytes: [UInt8]
  /// Whether the name is a file's, and not one of an option that holds a bit of text.
  package let isFile: Bool
  /// Offset of the first byte of each line; never empty.
  package let lineStarts: [Int]

  package init(name: String, bytes: [UInt8], isFile: Bool = true) {
    self.name = name
    self.isFile = isFile
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The line that holds the byte at `offset`, counted from 0.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a line, counted from 0, without its line break.
  package func lineRange(_ line: Int) -> Range<Int> {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// The text between two byte offsets.
  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

/// All files of one compilation, numbered in the order they were loaded.
package struct SourceMap: Sendable {
  package private(set) var files: [SourceFile] = []

  package init() {}

  /// Adds a file and returns its number.
  package mutating func add(_ file: SourceFile) -> Int {
    files.append(file)
    return files.count - 1
  }

  /// The text under a span; empty for ``Span/none``.
  package func text(_ span: Span) -> String {
    guard files.indices.contains(span.file) else { return "" }
    return files[span.file].text(span.start..<max(span.start, span.end))
  }

  /// File name, 1-based line and 1-based column in characters of the span's start.
  package func location(_ span: Span) -> (file: String, line: Int, column: Int)? {
    guard files.indices.contains(span.file) else { return nil }
    let file = files[span.file]
    let line = file.line(at: span.start)
    let prefix = file.text(file.lineStarts[line]..<max(file.lineStarts[line], span.start))
    return (file.name, line + 1, prefix.count + 1)
  }
}
