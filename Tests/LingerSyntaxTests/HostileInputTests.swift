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

  @Test(
    "a hundred thousand levels of anything: one error",
    arguments: [
      "invariant i { " + String(repeating: "(", count: 100_000),
      "invariant i { " + String(repeating: "(a + ", count: 100_000),
      "invariant i { " + String(repeating: "f(x: 1, y: ", count: 100_000),
      "invariant i { " + String(repeating: "[", count: 100_000),
      "invariant i { " + String(repeating: "!", count: 100_000) + "a }",
      "invariant i { " + String(repeating: "-", count: 100_000) + "a }",
      "invariant i { a" + String(repeating: " && a", count: 100_000) + " }",
      "invariant i { a" + String(repeating: " implies a", count: 100_000) + " }",
      "invariant i { a" + String(repeating: " ?? a", count: 100_000) + " }",
      "invariant i { " + String(repeating: "a ? b : ", count: 100_000) + "c }",
      "invariant i { " + String(repeating: "a ? ", count: 100_000) + "c }",
      "invariant i { a" + String(repeating: ".b", count: 100_000) + " }",
      "invariant i { a" + String(repeating: "!", count: 100_000) + " }",
      "invariant i { a" + String(repeating: "[0]", count: 100_000) + " }",
      "invariant i { " + String(repeating: "for all x in D: ", count: 100_000) + "a }",
      "type T = " + String(repeating: "Set<", count: 100_000),
      "type T = " + String(repeating: "[2 of ", count: 100_000),
      "type T = Bool" + String(repeating: "?", count: 100_000),
      "role R { transition t on internal { " + String(repeating: "if x { ", count: 100_000),
      "role R { transition t on internal { if x { } "
        + String(repeating: "else if x { } ", count: 100_000) + "} }",
      "role R { transition t on internal { "
        + String(repeating: "switch x { case 1: ", count: 100_000),
    ]
  )
  func deepNesting(_ text: String) {
    #expect(survive(Array(text.utf8)).map(\.code) == [.nestingTooDeep])
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
