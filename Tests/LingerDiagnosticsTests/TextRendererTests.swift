import LingerDiagnostics
import Testing

@Suite struct TextRendererTests {
  private static let code = DiagnosticCode("L9999", "a test", "Only a test.")

  /// Renders a diagnostic whose span is the first occurrence of a piece of the text.
  private func check(
    _ text: String,
    at piece: String,
    label: String? = "here",
    _ expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let range = text.utf8.firstRange(of: Array(piece.utf8)) else {
      Issue.record("'\(piece)' is not in the text", sourceLocation: sourceLocation)
      return
    }
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    let end = text.utf8.distance(from: text.startIndex, to: range.upperBound)
    let span = Span(file: 0, start: start, end: end)
    check(
      Diagnostic(Self.code, "what is wrong", at: span, label: label),
      in: [("spec.linger", text)],
      expected,
      sourceLocation: sourceLocation
    )
  }

  private func check(
    _ diagnostic: Diagnostic,
    in files: [(name: String, text: String)],
    _ expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let renderer = TextRenderer(sources: sources(files))
    #expect(renderer.render(diagnostic) == expected + "\n", sourceLocation: sourceLocation)
  }

  private func sources(_ files: [(name: String, text: String)]) -> SourceMap {
    var sources = SourceMap()
    for (name, text) in files {
      _ = sources.add(SourceFile(name: name, bytes: Array(text.utf8)))
    }
    return sources
  }

  @Test("a span within a line")
  func oneLine() {
    check(
      "protocol P\n\nrole R { }\n",
      at: "R",
      """
      error[L9999]: what is wrong
       --> spec.linger:3:6
        |
      3 | role R { }
        |      ^ here
      """
    )
  }

  @Test("a span over several lines is marked on its first and last line")
  func severalLines() {
    check(
      "a {\n  b\n  c\n  d }\n",
      at: "{\n  b\n  c\n  d",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:3
        |
      1 | a {
        |   ^
        :
      4 |   d }
        |   ^ here
      """
    )
    check(
      "a b\nc d\n",
      at: "b\nc",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:3
        |
      1 | a b
        |   ^
      2 | c d
        | ^ here
      """
    )
    check(
      "a b\nc d\n",
      at: "b\n",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:3
        |
      1 | a b
        |   ^ here
      """
    )
  }

  @Test("tabs end at columns that are multiples of four")
  func tabs() {
    check(
      "\tab\tcd",
      at: "cd",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:5
        |
      1 |     ab  cd
        |         ^^ here
      """
    )
  }

  @Test("wide characters take two columns, combining marks none")
  func widths() {
    check(
      "// 状態 e\u{301} 👍🏽 x",
      at: "x",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:11
        |
      1 | // 状態 e\u{301} 👍🏽 x
        |              ^ here
      """
    )
    check(
      "// 状態 x",
      at: "態",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:5
        |
      1 | // 状態 x
        |      ^^ here
      """
    )
  }

  @Test("lines may end in CR LF")
  func carriageReturns() {
    check(
      "a\r\nbc\r\n",
      at: "bc\r\n",
      """
      error[L9999]: what is wrong
       --> spec.linger:2:1
        |
      2 | bc
        | ^^ here
      """
    )
  }

  @Test("control characters and marks of direction are made visible")
  func controlCharacters() {
    check(
      "a\u{0}\u{1B}[31m\u{202E}b",
      at: "b",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:9
        |
      1 | a␀␛[31m\u{FFFD}b
        |         ^ here
      """
    )
  }

  @Test("an empty span is one caret, also at the end of the file")
  func emptySpans() {
    let diagnostic = { (offset: Int) in
      Diagnostic(Self.code, "what is wrong", at: Span(file: 0, start: offset, end: offset))
    }
    check(
      diagnostic(2),
      in: [("spec.linger", "ab\n")],
      """
      error[L9999]: what is wrong
       --> spec.linger:1:3
        |
      1 | ab
        |   ^
      """
    )
    check(
      diagnostic(3),
      in: [("spec.linger", "ab\n")],
      """
      error[L9999]: what is wrong
       --> spec.linger:2:1
        |
      2 |
        | ^
      """
    )
    check(
      diagnostic(0),
      in: [("spec.linger", "")],
      """
      error[L9999]: what is wrong
       --> spec.linger:1:1
        |
      1 |
        | ^
      """
    )
  }

  @Test("a very long line is cut around the span")
  func longLines() {
    let text = String(repeating: "a", count: 5_000) + "X" + String(repeating: "b", count: 5_000)
    check(
      text,
      at: "X",
      """
      error[L9999]: what is wrong
       --> spec.linger:1:5001
        |
      1 | …\(String(repeating: "a", count: 40))X\(String(repeating: "b", count: 79))…
        | \(String(repeating: " ", count: 41))^ here
      """
    )
  }

  @Test("notes: a related place in the file, in another file, and a reason without place")
  func notes() {
    let spec = "type Seq = 0...1\n\nrole R {\n  var n: Seq\n\n\n\n\n\n\n  use n\n}\n"
    check(
      Diagnostic(
        Self.code,
        severity: .warning,
        "always false",
        at: Span(file: 0, start: 54, end: 55),
        label: "is never 2",
        notes: [
          .init("'n' is declared here", at: Span(file: 0, start: 33, end: 34)),
          .init("imported from here", at: Span(file: 1, start: 7, end: 10)),
          .init("ranges include both ends"),
        ],
        help: "compare with another number",
        fixIts: [.init("write '1'", [])]
      ),
      in: [("spec.linger", spec), ("other.linger", "import \"a\"\n")],
      """
      warning[L9999]: always false
        --> spec.linger:12:1
         |
       4 |   var n: Seq
         |       - 'n' is declared here
         :
      12 | }
         | ^ is never 2
        ::: other.linger:1:8
         |
       1 | import "a"
         |        --- imported from here
         = note: ranges include both ends
         = help: compare with another number
         = help: write '1' [fix-it]
      """
    )
  }

  @Test("a diagnostic without a place is its title and its help")
  func nowhere() {
    check(
      Diagnostic(Self.code, "no such file\nsecond line", at: .none, help: "check the path"),
      in: [],
      """
      error[L9999]: no such file
        second line
        = help: check the path
      """
    )
  }

  @Test("two marks on a line stand below each other")
  func twoMarks() {
    check(
      Diagnostic(
        Self.code,
        "the same name twice",
        at: Span(file: 0, start: 6, end: 7),
        label: "again",
        notes: [.init("first here", at: Span(file: 0, start: 0, end: 1))]
      ),
      in: [("spec.linger", "x, y, x\n")],
      """
      error[L9999]: the same name twice
       --> spec.linger:1:7
        |
      1 | x, y, x
        | - first here
        |       ^ again
      """
    )
  }

  @Test("diagnostics are shown by position, twenty of them, errors first, then counted")
  func limit() {
    let text = String(repeating: "x\n", count: 40)
    let diagnostics = (0..<30).reversed().map { number in
      Diagnostic(
        Self.code,
        severity: number < 5 ? .warning : .error,
        "number \(number)",
        at: Span(file: 0, start: 2 * number, end: 2 * number + 1)
      )
    }
    let shown = TextRenderer(sources: sources([("a", text)])).render(diagnostics)
    #expect(shown.hasPrefix("error[L9999]: number 5\n --> a:6:1\n"))
    #expect(shown.contains("number 24\n"))
    #expect(!shown.contains("number 25\n"))
    #expect(shown.hasSuffix("\n\n... and 5 more errors and 5 more warnings\n"))
    #expect(TextRenderer(sources: SourceMap()).render([]) == "")
  }

  @Test("colours only when asked for")
  func colours() {
    let diagnostic = Diagnostic(
      Self.code,
      "what is wrong",
      at: Span(file: 0, start: 0, end: 1),
      label: "here"
    )
    let map = sources([("a", "x")])
    let colourful = TextRenderer(sources: map, usesColor: true).render(diagnostic)
    #expect(colourful.contains("\u{1B}[1;31merror[L9999]\u{1B}[0m"))
    #expect(!TextRenderer(sources: map).render(diagnostic).contains("\u{1B}"))
  }
}
