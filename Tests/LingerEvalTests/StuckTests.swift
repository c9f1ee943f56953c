import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// When a state is stuck: judged under total loss.
@Suite struct StuckTests {
  private func isStuck(
    _ options: String,
    members: String = "",
    final: String = ""
  ) throws
    -> Bool
  {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Stuck
          message M { }
          network {
            A -> A: M
            \(options)
          }
          role A {
            var isDone: Bool
            \(members)
            transition take on receive when !isDone { isDone = true }
            transition ask on call ask() when !isDone {
              isDone = true
              send M()
            }
            otherwise receive { }
          }
          instances a, b: A
          \(final)
          """
      )
    )
    return evaluator.isStuck(
      try evaluator.state(after: "a.ask", "b.ask")
    )
  }

  @Test("messages that may all be lost lead nowhere")
  func totalLoss() throws {
    #expect(try isStuck("loss, duplication, reordering"))
    #expect(try isStuck("loss, reordering"))
    #expect(try isStuck("loss, capacity 2"))
  }

  @Test("messages that must arrive lead on as long as they change something")
  func sureMessages() throws {
    #expect(try !isStuck("reordering"), "a delivery empties the multiset")
    #expect(try !isStuck("loss 1, reordering"), "a budget is not a total loss")
    #expect(try isStuck("duplication, reordering"), "otherwise changes nothing in a set")
  }

  @Test("it is fine to stop where the spec says so")
  func final() throws {
    #expect(try !isStuck("loss, reordering", final: "final { for all p in A: p.isDone }"))
    #expect(try isStuck("loss, reordering", final: "final { for all p in A: !p.isDone }"))
    #expect(
      try isStuck(
        "loss, reordering",
        members: "var o: (0...1)?",
        final: "final { a.o! == 0 }"
      ),
      "where evaluating it fails, final is false"
    )
  }

  @Test("a step that changes nothing does not lead on, one that fails does")
  func idleAndFailingSteps() throws {
    #expect(
      try isStuck("loss, reordering", members: "transition idle on internal { isDone = isDone }")
    )
    #expect(
      try !isStuck("loss, reordering", members: "transition bad on internal { assert false }")
    )
  }

  @Test("an armed timer leads on even where its timeout is ignored")
  func armedTimer() throws {
    let model = try Model(
      spec: """
        protocol Timer
        role A {
          timer t
          var isDone: Bool
          transition go on internal when !isDone {
            isDone = true
            start t for 1 s
          }
        }
        instances a: A
        """
    )
    let evaluator = Evaluator(model)
    #expect(!evaluator.isStuck(try evaluator.state(after: "a.go")))
    #expect(evaluator.isStuck(try evaluator.state(after: "a.go", "a.t ignored")))
  }
}
