import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Which steps there are and in which order.
@Suite struct StepTests {
  @Test("calls and internal steps come first, then timeouts, then deliveries, then acts")
  func order() throws {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Order
          message M { n: 0...1 }
          network {
            A -> A: M
            loss, duplication, reordering, explicit, capacity 2
          }
          role A {
            var x: 0...1
            timer late
            timer early
            transition expire on timeout early when x == 1 { x = 0 }
            transition take on receive m: M { x = m.n }
            transition tell on call tell(n: 0...1, twice: Bool) when n == 0 || !twice {
              send M(n: n)
              start early for 1 s
              start late for 1 s
            }
            transition flip on internal when x == 0 { x = 1 }
          }
          instances a, b: A
          final { true }
          """
      )
    )
    #expect(
      evaluator.stepTexts(of: evaluator.initialState) == [
        "a.tell(0, false)", "a.tell(0, true)", "a.tell(1, false)", "a.flip",
        "b.tell(0, false)", "b.tell(0, true)", "b.tell(1, false)", "b.flip",
      ]
    )
    let state = try evaluator.state(after: "a.tell(1, false)", "a.tell(0, true)", "a.flip")
    #expect(
      evaluator.stepTexts(of: state) == [
        "a.tell(0, false)", "a.tell(0, true)", "a.tell(1, false)", "a.late ignored", "a.expire",
        "b.tell(0, false)", "b.tell(0, true)", "b.tell(1, false)", "b.flip",
        "b.take(M(n: 0))", "b.take(M(n: 1))", "lose M(n: 0)@0", "lose M(n: 1)@0",
        "double M(n: 0)@0", "double M(n: 1)@0",
      ]
    )
    let expired = try evaluator.state(after: "a.tell(0, false)", "a.flip", "a.expire")
    #expect(
      text(expired, in: evaluator.model)
        == "a(x=0 late is armed) b(x=0) | a->b M(n: 0)"
    )
  }

  @Test("otherwise takes what no transition takes, the one for the kind before the general one")
  func otherwise() throws {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Otherwise
          message M { n: 0...2 }
          message N { }
          network {
            A -> B: M, N
            duplication, reordering
          }
          role A {
            transition go on internal {
              for i in 0...2 { send M(n: i) }
              send N()
            }
          }
          role B {
            var x: 0...3
            transition zero on receive m: M when m.n == 0 { x = 1 }
            transition alsoZero on receive m: M when m.n == 0 { x = 2 }
            transition fails on receive m: M when 2 / (2 - m.n) == 5 { x = 3 }
            otherwise receive { }
            otherwise receive m: M { x = m.n }
          }
          instances a: A
          instances b: B
          """
      )
    )
    let state = try evaluator.state(after: "a.go")
    #expect(
      evaluator.stepTexts(of: state) == [
        "a.go", "b.zero(M(n: 0))", "b.alsoZero(M(n: 0))", "b.otherwise M(M(n: 1))",
        "b.fails(M(n: 2))", "b.otherwise(N())",
      ]
    )
    #expect(evaluator.unspecifiedReceptions(in: state).isEmpty)
    guard case .failure(let error) = evaluator.successors(of: state)[4].outcome else {
      Issue.record("a guard that fails is a step that fails")
      return
    }
    #expect(error.kind == .divisionByZero)
  }

  @Test("a message that nobody takes is an unspecified reception")
  func unspecifiedReception() throws {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Unspecified
          message M { n: 0...1 }
          network { A -> A: M }
          role A {
            transition go on call go(n: 0...1) { send M(n: n) }
            transition zero on receive m: M from s when m.n == 0 && s != self { }
          }
          instances a, b: A
          """
      )
    )
    let fine = try evaluator.state(after: "a.go(0)", "a.go(1)")
    #expect(evaluator.unspecifiedReceptions(in: fine).isEmpty)
    let bad = try evaluator.state(after: "a.go(0)", "a.go(1)", "b.zero(M(n: 0))")
    #expect(
      evaluator.unspecifiedReceptions(in: bad) == [
        Envelope(network: 0, sender: 0, receiver: 1, message: .record(0, [.integer(1)]))
      ]
    )
  }

  @Test("a body counts what was in flight when its step began")
  func counting() throws {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Counting
          message M { }
          network {
            A -> A: M
            reordering, capacity 3
          }
          role A {
            var seen: 0...3
            transition go on internal when network.count(M()) < 2 {
              send M()
              seen = network.count(M())
            }
            transition take on receive { }
          }
          instances a, b: A
          """
      )
    )
    let state = try evaluator.state(after: "a.go", "a.go")
    #expect(text(state, in: evaluator.model) == "a(seen=1) b(seen=0) | a->b M() x2")
    #expect(evaluator.stepTexts(of: state) == ["b.go", "b.take(M())"])
  }
}
