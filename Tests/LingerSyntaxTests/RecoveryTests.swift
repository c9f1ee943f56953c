import LingerDiagnostics
import LingerSyntax
import Testing

@Suite struct RecoveryTests {
  @Test("independent errors are all reported, in order, each once")
  func independentErrors() {
    checkDiagnostics(
      """
      protocol Bad
      1️⃣paramter x: 0...3 = 1
      parameter y: 0...3 = 2️⃣99999999999999999999
      role P {
        var 3️⃣n = 0
        transition go on 4️⃣intrnal {
          x =5️⃣
          y = 2
          6️⃣x + 1
          send M(seq: 7️⃣)
          z = 1
        }
        var m: 8️⃣= 3
      }
      instances a 9️⃣b: P
      """,
      [
        "1️⃣ L0102: there is no 'paramter'; did you mean 'parameter'?",
        "2️⃣ L0004: number is larger than 9223372036854775807",
        "3️⃣ L0116: variable 'n' needs a type",
        "4️⃣ L0102: there is no 'intrnal'; did you mean 'internal'?",
        "5️⃣ L0112: expected a value, found 'y'",
        "6️⃣ L0109: this value is not used",
        "7️⃣ L0112: expected a value, found ')'",
        "8️⃣ L0113: expected a type, found '='",
        "9️⃣ L0101: expected ':' and the role, found 'b'",
      ]
    )
  }

  @Test("a missing '}' is one error, where the next declaration shows it")
  func missingBrace() {
    checkDiagnostics(
      """
      role R {
        transition a on internal {
          x = 11️⃣
        transition b on internal {
          y = 2
        }
      }
      invariant i { true }
      """,
      ["1️⃣ L0103: expected '}' before 'transition'"]
    )
    checkDiagnostics(
      """
      role R {
        transition a on internal {
          x = 1
        }1️⃣
      invariant i 2️⃣{ }
      """,
      [
        "1️⃣ L0103: expected '}' before 'invariant'",
        "2️⃣ L0112: expected a condition in the property",
      ]
    )
    checkDiagnostics(
      "role R {\n  transition a on internal {\n    if x {1️⃣\n",
      ["1️⃣ L0103: expected '}' before the end of the file"]
    )
  }

  @Test("a '}' too many is one error, also for the members that it puts outside")
  func extraBrace() {
    checkDiagnostics("role R { } 1️⃣}\nenum E { A }", ["1️⃣ L0115: '}' closes nothing"])
    checkDiagnostics(
      """
      role R {
        timer t
      }
        1️⃣timer u
        transition a on internal { }
        transition b on internal { }
      }
      invariant i { true }
      """,
      ["1️⃣ L0110: 'timer' belongs in a role"]
    )
  }

  @Test("a missing ')' or ']' does not hide the next line")
  func missingParenthesis() {
    checkDiagnostics(
      """
      role R { transition t on internal {
        x = (1 + 21️⃣
        y = 2️⃣)
        z = a[b3️⃣
        w = 1
      } }
      """,
      [
        "1️⃣ L0103: expected ')', found 'y'",
        "2️⃣ L0112: expected a value, found ')'",
        "3️⃣ L0103: expected ']', found 'w'",
      ]
    )
  }

  @Test("an error in the head of a transition leaves its body to be read")
  func headThenBody() {
    checkDiagnostics(
      """
      role R {
        transition a on call f(x: 1️⃣) when y {
          z =2️⃣
        }
        transition b 3️⃣when x {
        }
      }
      """,
      [
        "1️⃣ L0113: expected a type, found ')'",
        "2️⃣ L0112: expected a value, found '}'",
        "3️⃣ L0101: expected 'on', found 'when'",
      ]
    )
  }

  @Test("a character that begins no token brings no second error")
  func invalidCharacters() {
    checkDiagnostics(
      """
      role R { transition t on internal {
        x = 1️⃣@
        2️⃣#
        y = 3 3️⃣$ 4
        z 4️⃣^= 5
      } }
      """,
      [
        "1️⃣ L0001: unexpected character '@'",
        "2️⃣ L0001: unexpected character '#'",
        "3️⃣ L0001: unexpected character '$'",
        "4️⃣ L0001: unexpected character '^'",
      ]
    )
  }

  @Test("a header is the first line, and only once")
  func headers() {
    checkDiagnostics(
      "protocol A\n1️⃣protocol B\nenum E { A }",
      ["1️⃣ L0108: 'protocol' stands once, before every declaration"]
    )
  }

  @Test("statements that the language does not have")
  func foreignStatements() {
    checkDiagnostics(
      """
      role R { transition t on internal {
        1️⃣while n { x = 1 }
        2️⃣var k = 3
        3️⃣return x
        4️⃣else { y = 1 }
        y = 2
      } }
      """,
      [
        "1️⃣ L0102: no statement begins with 'while'",
        "2️⃣ L0110: a body declares no variables of its own",
        "3️⃣ L0102: no statement begins with 'return'",
        "4️⃣ L0110: 'else' has nothing before it that it continues",
      ]
    )
  }

  @Test("an operand, name or body that is missing does not swallow the next line")
  func nextLine() {
    checkDiagnostics(
      """
      role R {
        transition t on internal {
          if x == 1 1️⃣y = 2
          send M() to2️⃣
          send M(a: 1)
          cancel3️⃣
          choose x4️⃣
          assert5️⃣
          assert x 6️⃣"message"
          z =7️⃣
        }
        let f(8️⃣
        let g = 3
      }
      invariant i 9️⃣true
      invariant j { true }
      """,
      [
        "1️⃣ L0101: expected '{', found 'y'",
        "2️⃣ L0112: expected a value, found 'send'",
        "3️⃣ L0101: expected the timer's name, found 'choose'",
        "4️⃣ L0101: expected 'in', found 'assert'",
        "5️⃣ L0112: expected a value, found 'assert'",
        "6️⃣ L0101: unexpected string",
        "7️⃣ L0112: expected a value, found '}'",
        "8️⃣ L0101: expected a parameter's name, found 'let'",
        "9️⃣ L0101: expected '{', found 'true'",
      ]
    )
  }

  @Test("a quantifier needs 'all', a switch needs cases")
  func shapes() {
    checkDiagnostics(
      "invariant i { for 1️⃣(p) in Peer: p.x }",
      ["1️⃣ L0101: expected 'all', found '('"]
    )
    checkDiagnostics(
      "role R { transition t on internal { switch x { 1️⃣y = 1 } } }",
      ["1️⃣ L0101: expected 'case' or 'default', found 'y'"]
    )
    checkDiagnostics(
      "network {\n A 1️⃣<-> B: M\n}",
      ["1️⃣ L0101: expected '->', found '<'"]
    )
  }
}
