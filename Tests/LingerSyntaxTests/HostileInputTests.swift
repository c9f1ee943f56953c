import LingerDiagnostics
import LingerSyntax
import LingerTestSupport
import Testing

@Suite struct HostileInputTests {
  /// Parses, renders and formats; returns the diagnostics.
  @discardableResult
  private func survive(_ bytes: [UInt8]) -> [Diagnostic] {
    let file = SourceFile(name: "hostile.linger", bytes: bytes)
    let diagnostics = parse(file, number: 0).diagnostics
    let text = rendered(diagnostics, of: file)
    #expect(text.utf8.count < 60_000)
    for diagnostic in diagnostics {
      #expect(diagnostic.span.start >= 0 && diagnostic.span.start <= diagnostic.span.end)
      #expect(diagnostic.span.end <= bytes.count)
    }
    return diagnostics
  }

  @Test(
    "ten megabytes of one character: one error, soon",
    arguments: ["(", "[", "{", ")", "]", "}", "<", ">", "\u{0}", "\"", "@", "/"]
  )
  func oneCharacter(_ character: String) {
    let diagnostics = survive(Array(repeating: Array(character.utf8)[0], count: 10 << 20))
    // '//////...' is a comment.
    #expect(diagnostics.count == (character == "/" ? 0 : 1))
  }

  /// A text with a hundred thousand levels of one thing.
  struct Nest: Sendable, CustomTestStringConvertible {
    var start: String
    var level: String
    var end: String

    init(_ start: String, _ level: String, _ end: String = "") {
      (self.start, self.level, self.end) = (start, level, end)
    }

    var text: String { start + String(repeating: level, count: 100_000) + end }
    /// The text has up to two million characters.
    var testDescription: String { "\(start)\(level)...\(end)" }
  }

  @Test(
    "a hundred thousand levels of anything: one error",
    arguments: [
      Nest("invariant i { ", "("),
      Nest("invariant i { ", "(a + "),
      Nest("invariant i { ", "f(x: 1, y: "),
      Nest("invariant i { ", "["),
      Nest("invariant i { ", "!", "a }"),
      Nest("invariant i { ", "-", "a }"),
      Nest("invariant i { a", " && a", " }"),
      Nest("invariant i { a", " implies a", " }"),
      Nest("invariant i { a", " ?? a", " }"),
      Nest("invariant i { ", "a ? b : ", "c }"),
      Nest("invariant i { ", "a ? ", "c }"),
      Nest("invariant i { a", ".b", " }"),
      Nest("invariant i { a", "!", " }"),
      Nest("invariant i { a", "[0]", " }"),
      Nest("invariant i { ", "for all x in D: ", "a }"),
      Nest("type T = ", "Set<"),
      Nest("type T = ", "[2 of "),
      Nest("type T = Bool", "?"),
      Nest("role R { transition t on internal { ", "if x { "),
      Nest("role R { transition t on internal { if x { } ", "else if x { } ", "} }"),
      Nest("role R { transition t on internal { ", "switch x { case 1: "),
    ]
  )
  func deepNesting(_ nest: Nest) {
    #expect(survive(Array(nest.text.utf8)).map(\.code) == [.nestingTooDeep])
  }

  @Test("what is nested just within the limit is read")
  func allowedNesting() {
    for text in [
      "assume " + String(repeating: "(", count: 99) + "a" + String(repeating: ")", count: 99),
      "assume " + String(repeating: "(a + ", count: 99) + "a" + String(repeating: ")", count: 99),
      "assume " + String(repeating: "!", count: 200) + "a",
      "assume a" + String(repeating: " && a", count: 240),
      "assume " + String(repeating: "for all x in D: ", count: 200) + "a",
      "type T = " + String(repeating: "Set<", count: 200) + "A"
        + String(repeating: ">", count: 200),
    ] {
      #expect(survive(Array(text.utf8)).map(\.message) == [])
    }
  }

  @Test("a hundred thousand statements, declarations or errors")
  func longFiles() {
    let statements = String(repeating: "x = x + 1\n", count: 20_000)
    #expect(survive(Array("role R { transition t on internal {\n\(statements)} }".utf8)).isEmpty)
    let errors = String(repeating: "x = ,\n", count: 20_000)
    let diagnostics = survive(Array("role R { transition t on internal {\n\(errors)} }".utf8))
    #expect(diagnostics.count == 500)
    survive(Array(String(repeating: "a ", count: 100_000).utf8))
    let name = String(repeating: "a", count: 1 << 20)
    for text in ["type T = \(name)", name, "let \(name)é = 1", "role R { var \(name) = 3 }"] {
      survive(Array(text.utf8))
    }
    survive(Array("role R { transition t on internal { \(name) x\n\(name)\n} }".utf8))
    survive(Array(("let x = 1" + String(repeating: "2", count: 1 << 20)).utf8))
  }

  @Test("bytes that are not UTF-8, and a byte order mark")
  func encodings() {
    #expect(survive([0xEF, 0xBB, 0xBF] + Array("enum E { A }".utf8)).isEmpty)
    survive([0xFF, 0xFE, 0x00])
    survive(Array("enum E { A \u{FFFF} }".utf8) + [0xC3])
    survive(Array(0...255))
    #expect(survive(Array("enum E\u{A0}{ A }".utf8)).map(\.code) == [.unexpectedCharacter])
  }

  @Test("a spec that ends after any of its bytes")
  func truncation() {
    for sample in [Samples.everything, Samples.variant] {
      let bytes = Array(sample.utf8)
      for end in 0...bytes.count { survive(Array(bytes[..<end])) }
    }
  }

  @Test("damaged specs, ten thousand of them")
  func mutations() {
    let seeds = Seeds(for: "damaged specs")
    let texts = [Samples.everything, Samples.variant] + Samples.specs.map(\.text)
    for number in 0..<10_000 {
      var mutator = Mutator(seed: seeds.seed(number))
      let text = texts[number % texts.count]
      let damaged = mutator.mutate(Array(text.utf8))
      let diagnostics = survive(damaged)
      guard number % 10 == 0 else { continue }
      let repaired = Diagnostic.FixIt.apply(diagnostics.flatMap(\.fixIts), to: damaged, file: 0)
      survive(repaired)
      _ = format(SourceFile(name: "repaired.linger", bytes: repaired))
    }
  }
}
