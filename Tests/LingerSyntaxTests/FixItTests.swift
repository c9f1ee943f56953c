import LingerDiagnostics
import LingerSyntax
import Testing

@Suite struct FixItTests {
  @Test("misspelt words are corrected")
  func misspelling() {
    checkFixIts(
      """
      paramter n: 0...3
      rle R {
        tmer t
        transition go on intrenal {
          snd M() to self
        }
      }
      """,
      """
      parameter n: 0...3
      role R {
        timer t
        transition go on internal {
          send M() to self
        }
      }
      """
    )
  }

  @Test("timers from the start and properties for each instance")
  func armedAndForEach() {
    checkFixIts(
      """
      role R {
        timer t = 2 * rto
        timer u[3] = 1 s
      }
      possible p for all q in R where q != a { q.x }
      """,
      """
      role R {
        timer t armed for 2 * rto
        timer u[3] armed for 1 s
      }
      possible p for each q in R where q != a { q.x }
      """
    )
  }

  @Test("words and operators of other languages are replaced")
  func foreignSpellings() {
    checkFixIts(
      """
      import 'a.linger'
      func f(a: Bool, b: Bool): Bool = a and not b or a & b | a => b ∧ a ≠ b
      enum E {
        case A
        case B, C
      }
      role R {
        transition go on internal if a, b {
          x := 1
          y == 2
          if z = 3 { x = 1 }
        }
        transition up on internal where for every p in R: p.x { }
      }
      """,
      """
      import "a.linger"
      let f(a: Bool, b: Bool) -> Bool = a && !b || a && b || a implies b && a != b
      enum E {
        A
        B, C
      }
      role R {
        transition go on internal when a && b {
          x = 1
          y = 2
          if z == 3 { x = 1 }
        }
        transition up on internal when for all p in R: p.x { }
      }
      """
    )
  }

  @Test("a half-open range ends one earlier")
  func halfOpenRange() {
    checkFixIts("type T = 0..<n + 1", "type T = 0...n + 1 - 1")
  }

  @Test("a chain of comparisons becomes two")
  func chainedComparison() {
    checkFixIts("assume 0 < a.b(1) <= n", "assume 0 < a.b(1) && a.b(1) <= n")
  }

  @Test("missing marks are added, superfluous ones deleted")
  func marks() {
    checkFixIts("enum E { A } enum F { B }", "enum E { A }; enum F { B }")
    checkFixIts("enum E { A B }", "enum E { A, B }")
    checkFixIts("message M { x: Bool y: 0..3 }", "message M { x: Bool, y: 0...3 }")
    checkFixIts("enum E { A } }\n", "enum E { A } \n")
    checkFixIts("network { A -> B: M\n loss: 2 }", "network { A -> B: M\n loss 2 }")
    checkFixIts("import \"a", "import \"a\"")
    checkFixIts("message M { var x: Bool }", "message M { x: Bool }")
    checkFixIts(
      "role R { var s: Set<Bool>= [] }",
      "role R { var s: Set<Bool> = [] }"
    )
  }

  @Test("a missing '}' is added where the block ends")
  func closingBrace() {
    checkFixIts(
      """
      role R {
        transition a on internal {
          x = 1

        transition b on internal { }
      }
      """,
      """
      role R {
        transition a on internal {
          x = 1
        }

        transition b on internal { }
      }
      """
    )
  }
}
