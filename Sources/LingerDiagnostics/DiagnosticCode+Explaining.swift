extension DiagnosticCode {
  /// What `linger explain` prints: the code with its summary, then the long form, its paragraphs
  /// filled to ``columns``. Indented lines are examples and stay as they are.
  package var longText: String {
    "\(name): \(summary)\n\n" + DiagnosticCode.filled(explanation) + "\n"
  }

  /// The width of the long form, the least that a terminal has.
  package static let columns = 80

  private static func filled(_ text: String) -> String {
    var lines: [String] = []
    var paragraph: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.hasPrefix(" ") {
        lines += wrapped(paragraph)
        paragraph = []
        lines.append(String(line))
      } else {
        paragraph += line.split(separator: " ")
      }
    }
    return (lines + wrapped(paragraph)).joined(separator: "\n")
  }

  private static func wrapped(_ words: [Substring]) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
