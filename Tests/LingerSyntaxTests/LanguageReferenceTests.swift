import LingerDiagnostics
import LingerSyntax
import LingerTestSupport
import Testing

@Suite struct LanguageReferenceTests {
  @Test("the language reference has examples")
  func exist() { #expect(LanguageReference.examples.count >= 10) }

  @Test(
    "every example of the language reference parses and is in canonical layout",
    arguments: LanguageReference.examples
  )
  func example(_ example: LanguageReference.Example) {
    let file = source(example.text, name: example.name)
    let diagnostics = parse(file, number: 0).diagnostics
    #expect(diagnostics.isEmpty, "\(rendered(diagnostics, of: file))")
    #expect(format(file).text == example.text)
  }
}
