import LingerDiagnostics
import LingerSyntax
import Testing

@Suite struct ExpressionTests {
  @Test("precedence is Swift's, with 'implies' and '~>' below")
  func precedence() {
    checkExpression(
      "a ~> b implies c || d && e == f ?? g + h * i",
      "(~> a (implies b (|| c (&& d (== e (?? f (+ g (* h i))))))))"
    )
    checkExpression(
      "a * b + c ?? d == e && f || g implies h ~> i",
      "(~> (implies (|| (&& (== (?? (+ (* a b) c) d) e) f) g) h) i)"
    )
    checkExpression("-a.b + !c!", "(+ (- a.b) (! c!))")
    checkExpression("x in 0...n + 1 && y", "(&& (in x (... 0 (+ n 1))) y)")
  }

  @Test("'-' and '/' associate left, 'implies' and '??' right")
  func associativity() {
    checkExpression("a - b - c / d / e", "(- (- a b) (/ (/ c d) e))")
    checkExpression("a implies b implies c", "(implies a (implies b c))")
    checkExpression("a ?? b ?? c", "(?? a (?? b c))")
    checkExpression("a ? b : c ? d : e", "(? a b (? c d e))")
    checkExpression("a || b ? c : d implies e", "(implies (? (|| a b) c d) e)")
  }

  @Test("a quantifier's body goes as far right as it can")
  func quantifiers() {
    checkExpression(
      "a && for all p in Peer: b implies c ~> d",
      "(&& a (for all p in Peer: (~> (implies b c) d)))"
    )
    checkExpression(
      "!exists p in 0...3 where p > 1: p == 2",
      "(! (exists p in (... 0 3) where (> p 1): (== p 2)))"
    )
    checkExpression("(count p in Peer: p.x) < 2", "(< {(count p in Peer: p.x)} 2)")
    checkExpression("count + exists", "(+ count exists)")
  }

  @Test("literals")
  func literals() {
    checkExpression("1_000 + 0xFF", "(+ 1000 255)")
    checkExpression("120 s + 0.5 ms + 60min", "(+ (+ 120s 0.5ms) 60min)")
    checkExpression("[true, .A, nil, []]", "[true, .A, nil, []]")
    checkExpression("[repeating: 0]", "[repeating: 0]")
    checkExpression("9223372036854775807", "9223372036854775807")
  }

  @Test("calls, members, indices and '!' chain")
  func postfix() {
    checkExpression("a.b[1].c(x: 2, 3)!.d", "a.b[1].c(x: 2, 3)!.d")
    checkExpression(
      "network.count(M(x: 1), from: p, to: q)",
      "network.count(M(x: 1), from: p, to: q)"
    )
  }

  @Test("an operator or '.name' on a new line goes on; '(' and '[' there do not")
  func lines() {
    checkExpression("a\n  + b\n  .c", "(+ a b.c)")
    checkParse(
      "role R { transition t on internal {\n x = a\n  || b\n y = c\n } }",
      "role R\n  transition t on internal\n    x = (|| a b)\n    y = c"
    )
    checkDiagnostics(
      "invariant i { f\n1️⃣(x) }",
      ["1️⃣ L0117: a property holds one condition, found another one at '('"]
    )
  }

  @Test("a unit belongs to a number on its line only")
  func units() {
    checkParse(
      "role R { transition t on internal {\n n = 3\n s = 4\n } }",
      "role R\n  transition t on internal\n    n = 3\n    s = 4"
    )
  }

  @Test("the text of a value is one expression and nothing more")
  func wholeText() {
    let (expression, diagnostics) = parseExpression(source("1 2"), number: 0)
    #expect(SyntaxDump.text(of: expression) == "1")
    #expect(diagnostics.map(\.code) == [.expectedToken])
    #expect(parseExpression(source(""), number: 0).1.map(\.code) == [.expectedExpression])
    checkExpression("60s", "60s")
    checkExpression(".CLOSED", ".CLOSED")
  }
}
