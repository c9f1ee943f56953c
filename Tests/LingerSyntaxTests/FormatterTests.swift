import LingerDiagnostics
import LingerSyntax
import LingerTestSupport
import Testing

@Suite struct FormatterTests {
  @Test("blanks and indentation are canonical, line breaks the author's")
  func layout() {
    checkFormat(
      """


      /// Documentation.
      protocol   X   // trailing


      parameter a:0...3=2;parameter b:Duration=60s
      /* block */ parameter c : Bool=true
      enum S { A,B,
      C // c
      }
      enum T{A,B}
      message M{x:0...3;y:Bool}
      network{
      A->B:M,
      N
      loss 2,duplication ,reordering
      }
      role R{

         var x:0...3=0  ;  var y:Set<0...3> =[1,2];
         // own
         transition t on receive s :M from q when x==1&&!y.isEmpty{
            x+=1;if x>1{x=2}else if x < -1
            {
             x = - 3 }
            // before else
            else { x = 1;}
            send M(
              x:1,
              y:true)
            send M(x:1,
              y:f( -1 , a ?b:c )
            )

            // end
         }
         transition t on internal
         when a
           && b { x = 1 }
         otherwise receive{}
      }
      invariant i{for all p in R:
      p.x==0
      || p.y[ 3 ] !=1 }
      // last
      """,
      """
      /// Documentation.
      protocol X  // trailing

      parameter a: 0...3 = 2
      parameter b: Duration = 60 s
      /* block */
      parameter c: Bool = true
      enum S {
        A, B,
        C  // c
      }
      enum T { A, B }
      message M { x: 0...3; y: Bool }
      network {
        A -> B: M,
          N
        loss 2, duplication, reordering
      }
      role R {
        var x: 0...3 = 0
        var y: Set<0...3> = [1, 2]
        // own
        transition t on receive s: M from q when x == 1 && !y.isEmpty {
          x += 1
          if x > 1 { x = 2 } else if x < -1 {
            x = -3
          }
          // before else
          else { x = 1 }
          send M(
            x: 1,
            y: true)
          send M(x: 1,
            y: f(-1, a ? b : c)
          )

          // end
        }
        transition t on internal
          when a
            && b
        { x = 1 }
        otherwise receive { }
      }
      invariant i {
        for all p in R:
          p.x == 0
            || p.y[3] != 1
      }
      // last

      """
    )
  }

  @Test("the cases of a switch stand at its own level")
  func switches() {
    checkFormat(
      """
      role R {
        transition t on internal {
          switch x {
                // first
                case 1:x=2;y = 3
           case 2,
             3:
                x=3;y=4

           default: x = 1 }
          switch x { case 1: x = 2 ; case 2: y = 1 }
        }
      }
      """,
      """
      role R {
        transition t on internal {
          switch x {
          // first
          case 1: x = 2; y = 3
          case 2,
            3:
            x = 3
            y = 4

          default: x = 1
          }
          switch x { case 1: x = 2; case 2: y = 1 }
        }
      }

      """
    )
  }

  @Test("an empty file stays empty; a file of comments keeps them")
  func comments() {
    checkFormat("", "")
    checkFormat(" \n\n", "")
    checkFormat("// a\n\n\n\n/* b\n  c */   // d", "// a\n\n/* b\n  c */\n// d\n")
    checkFormat(
      "enum E { // a\r\n  A /* b */, /* c */ B\r\n}",
      "enum E {  // a\n  A /* b */, /* c */ B\n}\n"
    )
  }

  @Test("a file with errors is left as it is")
  func errors() {
    let result = format(source("enum   E { A"))
    #expect(result.text == "enum   E { A")
    #expect(result.diagnostics.map(\.code) == [.unclosedBracket])
  }

  @Test("the specs of the project are in canonical layout")
  func specs() {
    for (name, text) in Samples.specs {
      #expect(format(source(text, name: name)).text == text, "\(name)")
      checkFormatProperties(text)
    }
  }

  @Test("whatever the layout was, formatting is idempotent and keeps tree and comments")
  func randomLayouts() {
    let seeds = Seeds(for: "formatter layouts")
    var changed = 0
    for number in 0..<1000 {
      var mutator = Mutator(seed: seeds.seed(number))
      let text = relaidOut(number % 3 == 0 ? Samples.variant : Samples.everything, &mutator)
      guard parse(source(text), number: 0).diagnostics.isEmpty else { continue }
      changed += 1
      checkFormatProperties(text)
    }
    #expect(changed > 100)
  }

  /// The text with some of its blanks and line breaks replaced by other ones and by comments.
  private func relaidOut(_ text: String, _ mutator: inout Mutator) -> String {
    let bytes = Array(text.utf8)
    let fillers = [
      "\n", "\n\n\n", "  ", "\t", " // c\n", " /* c */ ", "\n// c\n", "\n/* c\n d */", " ;",
    ]
    var result: [UInt8] = []
    var isInComment = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == byte {
        isInComment = true
      }
      if byte == UInt8(ascii: "\n") { isInComment = false }
      let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
      if isBlank, !isInComment, mutator.below(40) == 0 {
        if byte == UInt8(ascii: "\n") { result.append(byte) }
        result += Array(fillers[mutator.below(fillers.count)].utf8)
      } else {
        result.append(byte)
      }
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}
