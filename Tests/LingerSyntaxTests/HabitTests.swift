import LingerDiagnostics
import LingerSyntax
import Testing

/// Habits of other languages: each gets one error at its place, with the way to say it here.
@Suite struct HabitTests {
  private func body(_ statements: String) -> String {
    "role R { transition t on internal {\n\(statements)\n} }"
  }

  @Test("operators of TLA+ and others are replaced")
  func operators() {
    checkFixIts("assume a /\\ b /\\ ~c", "assume a && b && !c")
    checkFixIts("assume /\\ a\n  /\\ b", "assume a\n  && b")
    checkFixIts("assume a \\/ (b /\\ c)", "assume a || (b && c)")
    checkFixIts("assume a #= b && c ~== d", "assume a != b && c != d")
    checkFixIts(
      "assume a # b && c /= d && e <> f && g ~= h",
      "assume a != b && c != d && e != f && g != h"
    )
    checkFixIts("assume a =< 3 && b == 1", "assume a <= 3 && b == 1")
    checkFixIts("assume not (a) || not b", "assume !(a) || !b")
    checkFixIts("assume a -> b", "assume a implies b")
    checkFixIts("assume a mod 2 == 1 && b div 2 == 0", "assume a % 2 == 1 && b / 2 == 0")
    checkFixIts("assume a := b", "assume a == b")
    checkFixIts("let a := 3", "let a = 3")
    checkFixIts("type T = 0..=3", "type T = 0...3")
  }

  @Test("quantifiers of other languages are replaced")
  func quantifiers() {
    checkFixIts("assume \\A x \\in D : x.a", "assume for all x in D : x.a")
    checkFixIts("assume \\E x \\in D : x.a", "assume exists x in D : x.a")
    checkFixIts("assume ∀x∈D: x.a", "assume for all x in D: x.a")
    checkFixIts("assume forall x in D: x.a", "assume for all x in D: x.a")
    checkFixIts("assume forall x: D, x.a", "assume for all x in D: x.a")
    checkFixIts(
      "role R { transition t on internal { forall x in D { n = x } } }",
      "role R { transition t on internal { for x in D { n = x } } }"
    )
    checkFixIts("assume all x : D | x.a", "assume for all x in D : x.a")
    checkFixIts("assume exists x in D | x.a || x.b", "assume exists x in D : x.a || x.b")
    checkFixIts("assume for x in D: x.a", "assume for all x in D: x.a")
    checkFixIts("assume for each x in D: x.a", "assume for all x in D: x.a")
  }

  @Test("units of time in other spellings are replaced")
  func units() {
    checkFixIts("let a = 100 msec", "let a = 100 ms")
    checkFixIts("let a = 100msec + 2sec", "let a = 100 ms + 2 s")
    checkFixIts("let a = 1.5 seconds + 1 hour + 3 mins", "let a = 1.5 s + 1 h + 3 min")
  }

  @Test("assignments of other languages are replaced")
  func assignments() {
    checkFixIts(body("n++\nm --\n++k\n--l"), body("n += 1\nm -= 1\nk += 1\nl -= 1"))
    checkFixIts(
      body("x *= a + 1; y /= 2; z %= 3"),
      body("x = x * (a + 1); y = y / (2); z = z % (3)")
    )
    checkFixIts(body("state' = .A\nx' := 1"), body("state = .A\nx = 1"))
    checkFixIts(body("if a { x = 1 } elif b { x = 2 }"), body("if a { x = 1 } else if b { x = 2 }"))
  }

  @Test("declarations of other languages are replaced")
  func declarations() {
    checkFixIts(
      "role R { bool x = false; let mut y: Bool }",
      "role R { var x: Bool = false; var y: Bool }"
    )
    checkFixIts("invariant i: a > 0 && b\ncover c = d", "invariant i { a > 0 && b }\ncover c { d }")
    checkFixIts(
      "role R { transition t on internal when a -> { } }",
      "role R { transition t on internal when a  { } }"
    )
    checkFixIts("-- a comment\nenum E { A } \\* another", "// a comment\nenum E { A } // another")
  }

  @Test("words and signs that say nothing here are deleted")
  func superfluous() {
    checkFixIts(
      body("if a then { x = 1 }\nfor i in D do { y = i }"),
      body("if a { x = 1 }\nfor i in D { y = i }")
    )
    checkFixIts("invariant i { [] (a > 0) }", "invariant i { (a > 0) }")
  }

  @Test("what has no certain replacement is explained in one error")
  func explained() {
    checkDiagnostics(
      body(
        """
          1️⃣while n < 3 { x = 1 }
          2️⃣return x
          3️⃣print("hi", x)
          4️⃣toB!Ping
          5️⃣toB?ping(1)
          6️⃣goto end
          7️⃣sleep(3)
          x = 1
        """
      ),
      [
        "1️⃣ L0102: no statement begins with 'while'",
        "2️⃣ L0102: no statement begins with 'return'",
        "3️⃣ L0102: no statement begins with 'print'",
        "4️⃣ L0007: a message is not sent with '!'",
        "5️⃣ L0007: a message is not received with '?'",
        "6️⃣ L0102: no statement begins with 'goto'",
        "7️⃣ L0102: no statement begins with 'sleep'",
      ]
    )
    checkDiagnostics(
      body("if a 1️⃣then\n  x = 1\nelse\n  x = 2\nendif\ny 2️⃣== 1"),
      ["1️⃣ L0102: there is no 'then'", "2️⃣ L0106: '==' compares, '=' assigns"]
    )
    checkDiagnostics(
      "role R {\n1️⃣clock x\n2️⃣int n = 0\n}\n3️⃣proctype P() { n = 1 }\n4️⃣Next == a",
      [
        "1️⃣ L0102: no member of a role begins with 'clock'",
        "2️⃣ L0102: no member of a role begins with 'int'",
        "3️⃣ L0102: no declaration begins with 'proctype'",
        "4️⃣ L0102: no declaration begins with 'Next'",
      ]
    )
    checkDiagnostics(
      "invariant i { a1️⃣' > a }",
      ["1️⃣ L0007: an expression reads one state and has no name for the next one"]
    )
    checkDiagnostics("assume 1️⃣forall (i: D) i.x", ["1️⃣ L0007: 'forall' is written 'for all' here"])
  }

  @Test("alternatives of Promela are one error, at the '::'")
  func alternatives() {
    let inner = "if\n    :: c -> x = 3\n    fi"
    for (opening, closing) in [("if", "fi"), ("do", "od")] {
      checkDiagnostics(
        body("\(opening)\n  1️⃣:: a > 0 -> x = 1; y = 2\n  :: else -> \(inner)\n\(closing)\nz 2️⃣== 1"),
        [
          "1️⃣ L0102: alternatives are not written with '::'",
          "2️⃣ L0106: '==' compares, '=' assigns",
        ]
      )
    }
  }

  @Test("where '/\\' and '\\/' are mixed no replacement is offered")
  func mixedJunctions() {
    let text = "assume\n  /\\ a\n  /\\ \\/ b\n     \\/ c\n"
    let diagnostics = parse(source(text), number: 0).diagnostics
    #expect(!diagnostics.isEmpty)
    #expect(diagnostics.allSatisfy { $0.code == .foreignSpelling && $0.fixIts.isEmpty })
  }

  @Test("names that are words elsewhere stay names")
  func names() {
    checkParse(
      "role R { transition t on internal { end = 1; wait += 1; log.insert(delay) } }",
      """
      role R
        transition t on internal
          end = 1
          wait += 1
          log.insert(delay)
      """
    )
  }
}
