import LingerDiagnostics
import LingerSyntax
import Testing

/// One example for every code that lexing and parsing can give, with its message.
@Suite struct CodeExamplesTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var text: String
    var diagnostic: String
    var testDescription: String { diagnostic }
  }

  static let examples = [
    Example(text: "let 1️⃣größe = 1", diagnostic: "1️⃣ L0001: 'größe' is not a name"),
    Example(text: "1️⃣\u{0}\u{0}enum E { A }", diagnostic: "1️⃣ L0001: unexpected character U+0000"),
    Example(
      text: "enum E { A }\n1️⃣<<<<<<< HEAD",
      diagnostic: "1️⃣ L0001: unexpected character '<<<<<<<'"
    ),
    Example(text: "1️⃣/* a /* b */", diagnostic: "1️⃣ L0002: comment is not closed"),
    Example(text: "import 1️⃣\"a", diagnostic: "1️⃣ L0003: string is not closed on its line"),
    Example(
      text: "let a = 1️⃣0x8000000000000000",
      diagnostic: "1️⃣ L0004: number is larger than 9223372036854775807"
    ),
    Example(text: "let a = 1️⃣3days", diagnostic: "1️⃣ L0005: '3days' is not a number"),
    Example(text: "let a = 31️⃣sec", diagnostic: "1️⃣ L0007: 'sec' is written 's' here"),
    Example(text: "let a = 1️⃣0xg", diagnostic: "1️⃣ L0005: '0xg' is not a number"),
    Example(
      text: "let a = 1️⃣0xFF s",
      diagnostic: "1️⃣ L0005: '0xFF' is hexadecimal, and a duration is not"
    ),
    Example(
      text: "let a = 1️⃣1.5",
      diagnostic: "1️⃣ L0005: '1.5' has a decimal point but no unit of time"
    ),
    Example(text: "import \"a1️⃣\\q\"", diagnostic: "1️⃣ L0006: unknown escape in a string"),
    Example(text: "import 1️⃣'a'", diagnostic: "1️⃣ L0007: a string stands in double quotes"),
    Example(text: "assume a 1️⃣& b", diagnostic: "1️⃣ L0007: '&' is written '&&' here"),
    Example(text: "assume a 1️⃣≤ b", diagnostic: "1️⃣ L0007: '≤' is written '<=' here"),
    Example(text: "assume a 1️⃣or b", diagnostic: "1️⃣ L0007: 'or' is written '||' here"),
    Example(text: "assume a 1️⃣=> b", diagnostic: "1️⃣ L0007: '=>' is written 'implies' here"),
    Example(text: "type 1️⃣= Bool", diagnostic: "1️⃣ L0101: expected the type's name, found '='"),
    Example(
      text: "1️⃣invariannt i { a }",
      diagnostic: "1️⃣ L0102: there is no 'invariannt'; did you mean 'invariant'?"
    ),
    Example(text: "1️⃣zzz", diagnostic: "1️⃣ L0102: no declaration begins with 'zzz'"),
    Example(text: "enum E { A1️⃣", diagnostic: "1️⃣ L0103: expected '}' before the end of the file"),
    Example(
      text: "let 1️⃣in = 1",
      diagnostic: "1️⃣ L0104: 'in' is a word of the language and cannot be a name"
    ),
    Example(text: "assume 0 < a 1️⃣< 3", diagnostic: "1️⃣ L0105: comparisons do not chain"),
    Example(text: "eventually e { a ~> b 1️⃣~> c }", diagnostic: "1️⃣ L0105: '~>' has two sides"),
    Example(text: "assume a 1️⃣= 3", diagnostic: "1️⃣ L0106: '=' assigns, '==' compares"),
    Example(
      text: "enum E { A } 1️⃣enum F { A }",
      diagnostic: "1️⃣ L0107: expected a line break or ';' before 'enum'"
    ),
    Example(
      text: "enum E { A }\n1️⃣variant V of \"a\"",
      diagnostic: "1️⃣ L0108: 'variant' stands once, before every declaration"
    ),
    Example(
      text: "role R { transition t on internal { 1️⃣a } }",
      diagnostic: "1️⃣ L0109: this value is not used"
    ),
    Example(text: "1️⃣timer t", diagnostic: "1️⃣ L0110: 'timer' belongs in a role"),
    Example(
      text: "role R {\n1️⃣assume x\n}",
      diagnostic: "1️⃣ L0110: 'assume' cannot stand in a role"
    ),
    Example(
      text: "type T = 01️⃣..<3",
      diagnostic: "1️⃣ L0111: ranges include both ends; there is no '..<'"
    ),
    Example(text: "assume a == 1️⃣)", diagnostic: "1️⃣ L0112: expected a value, found ')'"),
    Example(text: "type T = 1️⃣3", diagnostic: "1️⃣ L0113: expected a type, found a value"),
    Example(text: "type T = 1️⃣Queue<Bool>", diagnostic: "1️⃣ L0113: a queue needs a capacity"),
    Example(
      text: "enum E { 1️⃣case A }",
      diagnostic: "1️⃣ L0114: the cases of an enum are listed without 'case'"
    ),
    Example(text: "enum E { A }1️⃣}", diagnostic: "1️⃣ L0115: '}' closes nothing"),
    Example(text: "role R { var 1️⃣n = 3 }", diagnostic: "1️⃣ L0116: variable 'n' needs a type"),
    Example(
      text: "invariant i { a\n1️⃣b }",
      diagnostic: "1️⃣ L0117: a property holds one condition, found another one at 'b'"
    ),
    Example(
      text: "assume " + String(repeating: "(", count: 100) + "1️⃣(",
      diagnostic: "1️⃣ L0501: brackets are nested more than 100 deep"
    ),
  ]

  @Test("each example gives its diagnostic and nothing else", arguments: examples)
  func example(_ example: Example) {
    checkDiagnostics(example.text, [example.diagnostic])
  }

  @Test("every code of lexing and parsing has an example")
  func coverage() {
    let shown = Set(Self.examples.map { String($0.diagnostic.drop { $0 != "L" }.prefix(5)) })
    let codes = DiagnosticCode.lexing + DiagnosticCode.parsing + [.nestingTooDeep]
    #expect(codes.map(\.name).filter { !shown.contains($0) } == [])
  }
}
