import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// One run stands for all that take its steps in another order with the same causes.
@Suite struct RunOrderTests {
  /// Two timers of two instances, in either order; a message may outlive both.
  private func race(_ order: String = "") -> String {
    """
    protocol Race
    parameter life: Duration = 5 s
    parameter left: Duration = 2 s
    parameter right: Duration = 3 s
    assume life > 0 s
    message M
    network { Left -> Right: M; loss, duplication, reordering; lifetime life }
    role Left {
      var isSent = false
      var isOver = false
      timer t armed for left
      transition go on call go() when !isSent && !isOver { isSent = true; send M() }
      transition over on timeout t \(order) { isOver = true }
    }
    role Right {
      var isOver = false
      timer t armed for right
      transition over on timeout t { isOver = true }
      otherwise receive { }
    }
    instances a: Left
    instances b: Right
    timed invariant p {
      !(a.isOver && b.isOver && network.count(M(), from: a, to: b) > 0)
    }
    """
  }

  private func report(_ text: String) throws -> SynthesisReport {
    let model = try Model(spec: text)
    let number = try #require(model.parameters.firstIndex { $0.name == "right" })
    return synthesize(model, property: 0, for: [number])
  }

  private func expect(_ report: SynthesisReport, _ condition: String, cuts: Int) {
    guard case .weakest(let found) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(found.text == condition && report.internalErrors.isEmpty)
    #expect(report.cutCount == cuts)
    // Each was run again by the evaluator, in the order of its times.
    #expect(report.violations.count == found.clauses.count)
    for violation in report.violations {
      let times = violation.timing?.times ?? []
      #expect(times == times.sorted() && !times.isEmpty)
    }
  }

  @Test("two instances that do not see each other: one region for both orders")
  func apart() throws {
    expect(try report(race()), "right >= life + left", cuts: 1)
  }

  @Test("where a step counts what is in flight: a region for each order")
  func read() throws {
    let order = "when network.count(M()) > 0"
    expect(try report(race(order)), "right >= life + left", cuts: 3)
  }
}
