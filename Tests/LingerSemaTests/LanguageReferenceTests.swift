import LingerDiagnostics
import LingerSema
import LingerTestSupport
import Testing

/// Every example of docs/language.md is a spec, or a file that one imports.
@Suite("the language reference")
struct LanguageReferenceTests {
  @Test("an example compiles without errors", arguments: LanguageReference.examples)
  func compiles(_ example: LanguageReference.Example) {
    let compilation = compile(path: example.name, options: CompileOptions()) { path in
      if path == example.name { return .success(Array(example.text.utf8)) }
      return LanguageReference.text(of: path).map { .success(Array($0.utf8)) }
        ?? .failure(.notFound)
    }
    let errors = compilation.diagnostics.filter {
      $0.severity == .error && $0.code != .libraryFile
    }
    #expect(errors.map(\.message) == [], "\(example.name): \(example.text)")
  }

  @Test("there are examples")
  func areThere() {
    #expect(LanguageReference.examples.count > 3)
  }
}
