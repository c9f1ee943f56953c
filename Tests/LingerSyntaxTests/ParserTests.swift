import LingerDiagnostics
import LingerSyntax
import Testing

@Suite struct ParserTests {
  @Test("an empty file is a library file without declarations")
  func empty() {
    checkParse("", "")
    let (syntax, _) = parse(source(""), number: 7)
    #expect(syntax.header == nil)
    #expect(syntax.declarations.isEmpty)
    #expect(syntax.span == Span(file: 7, start: 0, end: 0))
  }

  @Test("headers: protocol, variant, documentation")
  func headers() {
    checkParse(
      "/// One.\n/// Two.\nprotocol P",
      "protocol P\n/// One.\\nTwo."
    )
    checkParse(
      "variant V of \"a/b.linger\"",
      "variant V of \"a/b.linger\""
    )
  }

  @Test("documentation is the last group of '///' lines before a declaration")
  func documentation() {
    checkParse(
      """
      // Not this.
      /// Nor this.

      /// But this
      ///   and this.
      // An aside.
      parameter p: Bool
      enum E {
        /// The first.
        A, B // not documentation
      }
      """,
      """
      /// But this\\n  and this.
      parameter p: Bool
      enum E
        /// The first.
        A
        B
      """
    )
  }

  @Test("declarations end at a line break, a ';' or a '}'")
  func separators() {
    checkParse(
      "parameter a: Bool; parameter b: Bool\nrole R { timer t; timer u }",
      "parameter a: Bool\nparameter b: Bool\nrole R\n  timer t\n  timer u"
    )
    checkParse(
      "enum E { A, B\n C,\n D }\nmessage M { x: Bool, y: Bool; z: Bool\n w: Bool }",
      """
      enum E
        A
        B
        C
        D
      message M
        x: Bool
        y: Bool
        z: Bool
        w: Bool
      """
    )
  }

  @Test("types")
  func types() {
    checkParse(
      """
      type A = 0...n
      type B = -1...(n + 1) * 2
      type C = Set<Set<Bool>>?
      type D = [2 * n of Queue<B, n - 1>]
      type E = [State: 0...3??]
      type F = [0...3: Bool]
      type G = (0...3)?
      type H = [[A: B]: C]
      type I = (Queue<0...1, 2>)?
      type J = ((n + 1) * 2...9)?
      type K = (n + 1)...9
      type L = [((Set<B>)?): (C)]
      """,
      """
      type A = 0...n
      type B = (- 1)...(* {(+ n 1)} 2)
      type C = Set<Set<Bool>>?
      type D = [(* 2 n) of Queue<B, (- n 1)>]
      type E = [State: 0...3??]
      type F = [0...3: Bool]
      type G = 0...3?
      type H = [[A: B]: C]
      type I = Queue<0...1, 2>?
      type J = (* {(+ n 1)} 2)...9?
      type K = {(+ n 1)}...9
      type L = [Set<B>?: C]
      """
    )
  }

  @Test("a route's messages may go on over the line; an option has a value on its line only")
  func networks() {
    checkParse(
      """
      network wire {
        A -> B: M,
          N
        B -> A: Ack
        loss 2, duplication
        reordering; explicit
        lifetime 2 * msl
      }
      """,
      """
      network wire
        A -> B: M, N
        B -> A: Ack
        loss 2
        duplication
        reordering
        explicit
        lifetime (* 2 msl)
      """
    )
  }

  @Test("triggers")
  func triggers() {
    let triggers = [
      ("call close()", "call close()"),
      ("call put(x: 0...3, y: Bool)", "call put(x: 0...3, y: Bool)"),
      ("receive", "receive _"), ("receive s", "receive s"), ("receive s: M", "receive s: M"),
      ("receive _: M from q", "receive _: M from q"), ("receive from q", "receive _ from q"),
      ("receive from: M", "receive from: M"), ("timeout t", "timeout t"), ("internal", "internal"),
    ]
    for (text, dump) in triggers {
      checkParse(
        "role R { transition t on \(text) when a { } }",
        "role R\n  transition t on \(dump) when a"
      )
    }
  }

  @Test("words of the language may name variables, fields and labels where they are not reserved")
  func contextualWords() {
    checkParse(
      """
      message M { from: Bool, in: Bool, default: Bool }
      role R {
        var start: 0...3
        var count: 0...3
        var set: Set<Bool>
        transition final on internal {
          start = count + 1
          start += 1
          set.insert(true)
          signal.x = M(from: true, in: m.default, default: false)
          timer = exists
        }
      }
      """,
      """
      message M
        from: Bool
        in: Bool
        default: Bool
      role R
        var start: 0...3
        var count: 0...3
        var set: Set<Bool>
        transition final on internal
          start = (+ count 1)
          start += 1
          set.insert(true)
          signal.x = M(from: true, in: m.default, default: false)
          timer = exists
      """
    )
  }

  @Test("every construct of the language, and of a variant")
  func everything() {
    for text in [Samples.everything, Samples.variant] {
      let file = source(text)
      let diagnostics = parse(file, number: 0).diagnostics
      #expect(diagnostics.isEmpty, "\(rendered(diagnostics, of: file))")
    }
    checkParse(
      Samples.variant,
      """
      variant Broken of "../Everything.linger"
      set resends = 1
      remove bounded
      replace final - (== a.state .CLOSED)
      extend role Peer
        remove step
        replace transition expiry on timeout retransmission
        replace otherwise receive _
        var attempts: 0...3
      """
    )
  }

  @Test("spans are those of the text, from the first to the last byte")
  func spans() {
    let text = "protocol P\nlet a = b + f(x: 1)\n"
    guard case .function(let function) = parse(source(text), number: 0).syntax.declarations[0].kind
    else {
      Issue.record("no function")
      return
    }
    #expect(source(text).text(function.value.span.start..<function.value.span.end) == "b + f(x: 1)")
  }

  @Test("the specs of the project parse")
  func specs() {
    #expect(!Samples.specs.isEmpty)
    for (name, text) in Samples.specs {
      let file = source(text, name: name)
      let diagnostics = parse(file, number: 0).diagnostics
      #expect(diagnostics.isEmpty, "\(rendered(diagnostics, of: file))")
    }
  }
}
