import LingerDiagnostics
import Testing

@Suite struct DiagnosticCodeTests {
  @Test("codes are unique, in order, and named 'A' or 'L' and four digits")
  func names() {
    let names = DiagnosticCode.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names == names.sorted())
    for name in names {
      let isNumbered = name.count == 5 && name.dropFirst().allSatisfy(\.isNumber)
      #expect(isNumbered && "AL".contains(name.prefix(1)))
    }
  }

  @Test("every code has a summary and an explanation that fits a terminal")
  func texts() {
    for code in DiagnosticCode.all {
      #expect(!code.summary.isEmpty && code.summary.last != ".", "\(code.name)")
      #expect(code.explanation.count > 30, "\(code.name)")
      for line in code.longText.split(separator: "\n") {
        #expect(line.count <= DiagnosticCode.columns, "\(code.name): \(line)")
      }
    }
  }

  @Test("a code is found by its name in any case")
  func lookup() {
    #expect(DiagnosticCode.named("l0101") == .expectedToken)
    #expect(DiagnosticCode.named("L9876") == nil)
    #expect(DiagnosticCode.unclosedBracket.longText.hasPrefix("L0103: a bracket that is never "))
  }
}
