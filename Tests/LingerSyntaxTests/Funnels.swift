import LingerDiagnostics
import LingerSyntax
import Testing

func source(_ text: String, name: String = "test.linger") -> SourceFile {
  SourceFile(name: name, bytes: Array(text.utf8))
}

func rendered(_ diagnostics: [Diagnostic], of file: SourceFile) -> String {
  var sources = SourceMap()
  _ = sources.add(file)
  return TextRenderer(sources: sources).render(diagnostics)
}

/// Expects a text to parse without diagnostics into the tree with the given dump.
func checkParse(
  _ text: String,
  _ dump: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let file = source(text)
  let (syntax, diagnostics) = parse(file, number: 0)
  #expect(
    diagnostics.isEmpty,
    "\(rendered(diagnostics, of: file))",
    sourceLocation: sourceLocation
  )
  let expected = dump.isEmpty ? "" : dump + "\n"
  #expect(SyntaxDump.text(of: syntax) == expected, sourceLocation: sourceLocation)
}

/// Expects an expression to have the given prefix form.
func checkExpression(
  _ text: String,
  _ dump: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let file = source(text)
  let (expression, diagnostics) = parseExpression(file, number: 0)
  #expect(
    diagnostics.isEmpty,
    "\(rendered(diagnostics, of: file))",
    sourceLocation: sourceLocation
  )
  #expect(SyntaxDump.text(of: expression) == dump, sourceLocation: sourceLocation)
}

private let markers = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"]

/// The text without its markers, and the offset of each.
private func unmarked(_ text: String) -> (text: String, offsets: [Int: String]) {
  var plain = ""
  var offsets: [Int: String] = [:]
  for character in text {
    if markers.contains(String(character)) {
      offsets[plain.utf8.count] = String(character)
    } else {
      plain.append(character)
    }
  }
  return (plain, offsets)
}

/// Expects exactly these diagnostics, each as `1️⃣ L0101: message`, the marker standing in the text
/// where the diagnostic's span begins.
func checkDiagnostics(
  _ markedText: String,
  _ expected: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (text, offsets) = unmarked(markedText)
  let found = parse(source(text), number: 0).diagnostics.map { diagnostic in
    let place = offsets[diagnostic.span.start] ?? "at \(diagnostic.span.start)"
    return "\(place) \(diagnostic.code.name): \(diagnostic.message)"
  }
  #expect(found == expected, sourceLocation: sourceLocation)
}

/// Expects that all fix-its together turn one text into another, which has no errors.
func checkFixIts(
  _ text: String,
  _ fixed: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let file = source(text)
  let diagnostics = parse(file, number: 0).diagnostics
  let bytes = Diagnostic.FixIt.apply(diagnostics.flatMap(\.fixIts), to: file.bytes, file: 0)
  #expect(String(decoding: bytes, as: UTF8.self) == fixed, sourceLocation: sourceLocation)
  let repaired = SourceFile(name: "test.linger", bytes: bytes)
  let left = parse(repaired, number: 0).diagnostics
  #expect(left.isEmpty, "\(rendered(left, of: repaired))", sourceLocation: sourceLocation)
}

/// Expects a layout, and that formatting it again changes nothing.
func checkFormat(
  _ text: String,
  _ expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let formatted = format(source(text))
  #expect(formatted.text == expected, sourceLocation: sourceLocation)
  #expect(formatted.diagnostics.isEmpty, sourceLocation: sourceLocation)
  checkFormatProperties(text, sourceLocation: sourceLocation)
}

/// Expects that formatting is idempotent, keeps the tree, and keeps every comment.
func checkFormatProperties(
  _ text: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let once = format(source(text)).text
  #expect(format(source(once)).text == once, "not idempotent", sourceLocation: sourceLocation)
  let before = SyntaxDump.text(of: parse(source(text), number: 0).syntax)
  let after = SyntaxDump.text(of: parse(source(once), number: 0).syntax)
  #expect(before == after, "the tree of this changed:\n\(text)", sourceLocation: sourceLocation)
  #expect(comments(of: text) == comments(of: once), sourceLocation: sourceLocation)
}

/// The comments of a text that has no `//` or `/*` in strings.
private func comments(of text: String) -> [String] {
  var found: [String] = []
  var rest = text[...]
  while let start = rest.firstIndex(of: "/") {
    rest = rest[start...]
    if rest.hasPrefix("//") {
      let comment = rest.prefix { !$0.isNewline }
      found.append(String(comment).trimmingBlanks())
      rest = rest.dropFirst(comment.count)
    } else if rest.hasPrefix("/*"), let end = rest.firstRange(of: "*/") {
      found.append(rest[..<end.upperBound].filter { $0 != "\r" && $0 != "\r\n" })
      rest = rest[end.upperBound...]
    } else {
      rest = rest.dropFirst()
    }
  }
  return found
}

extension String {
  fileprivate func trimmingBlanks() -> String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
