import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// What a coarse graph cannot tell apart, and what has to be told apart for the answer.
@Suite struct RefinementTests {
  /// A sender that sends an old message and, `wait` later, a new one.
  private func renewal(wait: String, property: String) -> String {
    """
    protocol Renewal
    parameter life: Duration = 5 s
    parameter wait: Duration = \(wait)
    message M { k: 0...1 }
    network { Left -> Right: M; loss, duplication, reordering; lifetime life }
    role Left {
      var isSent = false
      timer t
      transition go on call go() when !isSent { isSent = true; send M(k: 0); start t for wait }
      transition again on timeout t { send M(k: 1) }
    }
    role Right {
      var sawNew = false
      var isMixed = false
      transition new on receive m: M when m.k == 1 { sawNew = true }
      transition late on receive m: M when m.k == 0 && sawNew { isMixed = true }
      otherwise receive { }
    }
    instances a: Left
    instances b: Right
    timed invariant p { \(property) }
    """
  }

  private func answer(_ text: String) throws -> TimedAnswer {
    checkTimed(try Model(spec: text), property: 0)
  }

  @Test("messages that share a clock are told apart where one is received after the other")
  func separate() throws {
    let answer = try answer(renewal(wait: "5 s", property: "!b.isMixed"))
    #expect(answer.result.verdict == .holds && answer.internalError == nil)
    #expect(answer.refinements == 1)
    #expect(answer.result.note?.contains("it fails with life = 1 s, wait = 0 s") == true)
  }

  @Test("a violation is one of the model, with the fewest steps")
  func violated() throws {
    let answer = try answer(renewal(wait: "4 s", property: "!b.isMixed"))
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer)")
      return
    }
    #expect(violation.trace?.entries.count == 4)
  }

  @Test("what the property counts is told apart")
  func property() throws {
    let alive = "network.count(M(k: 0), from: a, to: b) == 0"
    let answer = try answer(renewal(wait: "5 s", property: "b.sawNew implies \(alive)"))
    #expect(answer.result.verdict == .holds && answer.internalError == nil)
    #expect(answer.refinements >= 1)
  }

  @Test("that a message is not alive is not read off the clock of its class")
  func negative() throws {
    let alive = "network.count(M(k: 0), from: a, to: b) == 1"
    let answer = try answer(renewal(wait: "4 s", property: "b.sawNew implies \(alive)"))
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer)")
      return
    }
    #expect(violation.trace?.entries.count == 3 && violation.timing?.end == Rational(5))
    let never = try self.answer(renewal(wait: "6 s", property: "a.isSent implies \(alive)"))
    guard case .violated = never.result.verdict else {
      Issue.record("\(never)")
      return
    }
  }

  @Test(
    "one of two messages is sent, never both: a clock says so, or a location where there is none",
    arguments: [true, false]
  )
  func unsent(isMortal: Bool) throws {
    let lifetime = isMortal ? "; lifetime life" : ""
    let answer = try answer(
      """
      protocol Choice
      parameter life: Duration = 5 s
      message M { k: 0...1 }
      network { Left -> Right: M; loss, duplication, reordering\(lifetime) }
      role Left {
        var isSent = false
        transition go on call go(k: 0...1) when !isSent { isSent = true; send M(k: k) }
      }
      role Right {
        var one = false
        var other = false
        transition first on receive m: M when m.k == 0 { one = true }
        transition second on receive m: M when m.k == 1 { other = true }
      }
      instances a: Left
      instances b: Right
      timed invariant p { !(b.one && b.other) }
      """
    )
    #expect(answer.result.verdict == .holds && answer.internalError == nil)
    #expect(answer.refinements == 1)
    let isOutOfReach = answer.result.note == "no run makes it false, whatever the times are"
    #expect(isOutOfReach == !isMortal)
  }

  @Test("nothing arrives before a message of its class was sent")
  func start() throws {
    let answer = try answer(
      """
      protocol Again
      parameter life: Duration = 5 s
      message M { k: 0...1 }
      network { Left -> Right: M; loss, duplication, reordering; lifetime life }
      role Left { transition go on call go(k: 0...1) { send M(k: k) } }
      role Right {
        var isNew = false
        transition new on receive m: M when m.k == 1 { isNew = true }
        otherwise receive { }
      }
      instances a: Left
      instances b: Right
      timed invariant p { !b.isNew }
      """
    )
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer)")
      return
    }
    #expect(violation.trace?.entries.count == 2 && answer.refinements == 0)
  }

  @Test("a step may count messages: those are told apart from the start")
  func counted() throws {
    let answer = try answer(
      """
      protocol Counting
      parameter life: Duration = 5 s
      message M { k: 0...1 }
      network { Left -> Right: M; loss, duplication, reordering; lifetime life }
      role Left {
        var count: 0...3 = 0
        transition zero on call zero() when count < 3 { send M(k: 0); count += 1 }
        transition one on call one()
          when count < 3 && network.count(M(k: 0)) == 0 { send M(k: 1); count += 1 }
      }
      role Right { otherwise receive { } }
      instances a: Left
      instances b: Right
      timed invariant p { a.count == 3 implies !network.isEmpty }
      timed invariant q { a.count == 3 implies network.count(M(k: 1), from: a, to: b) == 1 }
      """
    )
    #expect(answer.internalError == nil)
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer)")
      return
    }
    #expect(violation.trace?.entries.count == 3 && violation.timing?.end == Rational(5))
  }

  @Test("a condition is cut out of runs of the model, not of those of a coarse graph")
  func synthesis() throws {
    let model = try Model(spec: renewal(wait: "5 s", property: "!b.isMixed"))
    let report = synthesize(model, property: 0, for: [1])
    guard case .weakest(let condition) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(condition.text == "wait >= life" && report.internalErrors.isEmpty)
  }
}
