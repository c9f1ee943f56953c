import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// What fairness makes happen, in specs whose answer is known; random ones are in ExplorerTests.
@Suite struct LivenessTests {
  private func result(_ text: String) throws -> PropertyResult {
    let model = try Model(spec: text)
    let report = explore(model)
    #expect(report.internalErrors.isEmpty)
    return try #require(report.results.first { $0.question.isEventually(in: model) })
  }

  /// Steps of the run that breaks it, and before its loop; nil where it holds.
  private func lasso(_ text: String) throws -> [Int]? {
    let result = try result(text)
    guard case .violated(let violation) = result.verdict else {
      #expect(result.verdict == .holds)
      return nil
    }
    let trace = try #require(violation.trace)
    return [trace.entries.count, try #require(trace.loopStart)]
  }

  private func switching(_ flip: String, _ go: String) -> String {
    """
    protocol Switching
    role R {
      var x = false
      var done = false
      \(flip) flip on internal when !done { x = !x }
      \(go) go on internal when x && !done { done = true }
    }
    instances r: R
    eventually ends { r.done }
    """
  }

  @Test("weak fairness asks for what stays possible, strong fairness for what comes back")
  func transitions() throws {
    #expect(try lasso(switching("transition", "fair transition")) == [0, 0])
    #expect(try lasso(switching("fair transition", "fair transition")) == [2, 0])
    #expect(try lasso(switching("fair transition", "strongly fair transition")) == nil)
    #expect(try lasso(switching("fair transition", "transition")) == [2, 0])
  }

  private func alarm(_ other: String) -> String {
    """
    protocol Alarm
    role R {
      var n: 0...2 = 0
      timer bell armed for 1 s
      transition ring on timeout bell { n = 2 }
      \(other)
    }
    instances r: R
    eventually rings { r.n == 2 }
    """
  }

  @Test("an armed timer expires unless it is cancelled or started again")
  func timers() throws {
    #expect(try lasso(alarm("")) == nil)
    let again = "transition again on call again() when n < 2 { start bell for 1 s }"
    #expect(try lasso(alarm(again)) == [1, 0])
    #expect(try lasso(alarm("transition off on internal when n == 0 { cancel bell }")) == [1, 1])
    #expect(try lasso(alarm("transition idle on internal when n < 2 { n = 1 - n }")) == nil)
  }

  private func delivery(_ options: String, isRepeated: Bool, taker: String = "m") -> String {
    """
    protocol Delivery
    message M { }
    network { A -> B: M \(options) }
    role A {
      var isSent = false
      timer again
      fair transition go on internal when !isSent {
        isSent = true
        send M()
        start again for 1 s
      }
      transition more on timeout again {
        \(isRepeated ? "send M()" : "")
        start again for 1 s
      }
    }
    role B {
      var got = false
      transition take on receive \(taker): M { got = true }
    }
    instances a: A
    instances b: B
    eventually arrives { b.got }
    """
  }

  @Test(
    "what is sent again and again arrives, and what cannot be lost arrives",
    arguments: [
      "loss, duplication, reordering", "loss, capacity 1", "loss, reordering, capacity 2",
      "loss, duplication, capacity 2", "loss, explicit, reordering, capacity 1",
    ]
  )
  func fairLoss(options: String) throws {
    #expect(try lasso(delivery("\n  \(options)\n", isRepeated: true)) == nil)
    #expect(try lasso(delivery("\n  \(options)\n", isRepeated: false)) != nil)
  }

  @Test(
    "without loss, or with few losses, it is enough to send once",
    arguments: ["reordering, duplication", "reordering", "capacity 1"]
  )
  func reliable(options: String) throws {
    #expect(try lasso(delivery("\n  \(options)\n", isRepeated: false)) == nil)
    let few = "\n  loss 1, capacity 2\n"
    #expect(try lasso(delivery(few, isRepeated: false)) != nil)
    #expect(try lasso(delivery(few, isRepeated: true)) == nil)
  }

  @Test("a head that nobody has to deliver does not keep what is sent behind it from arriving")
  func behindTheHead() throws {
    let text = """
      protocol Behind
      message M { k: Bool }
      network { A -> B: M
        loss, capacity 1 }
      role A {
        var isFirst = true
        fair transition first on internal when isFirst { isFirst = false; send M(k: false) }
        fair transition more on internal when !isFirst { send M(k: true) }
      }
      role B {
        var got = false
        transition take on receive m: M { got = got || m.k }
      }
      instances a: A
      instances b: B
      eventually arrives { b.got }
      """
    #expect(try lasso(text) == nil)
  }

  @Test("a run may leave a message unsent, or be where nobody takes it")
  func unsent() throws {
    let text = """
      protocol Quiet
      message M { }
      network { A -> B: M \n loss, duplication, reordering \n }
      role A {
        timer again armed for 1 s
        var isSent = false
        transition loud on timeout again { send M(); isSent = true; start again for 1 s }
        transition quiet on timeout again { start again for 1 s }
      }
      role B {
        var got = false
        var isDeaf = false
        transition take on receive _: M when !isDeaf { got = true }
      }
      instances a: A
      instances b: B
      eventually arrives { a.isSent ~> b.got }
      """
    #expect(try lasso(text) == [2, 1])
    let loud = text.replacing(
      "transition quiet on timeout again { start again for 1 s }",
      with: ""
    )
    #expect(try lasso(loud) == nil)
    let deaf = loud.replacing(
      "var isDeaf = false",
      with: "var isDeaf = false\n transition turn on internal { isDeaf = !isDeaf }"
    )
    #expect(try lasso(deaf) != nil)
  }

  @Test("a promise is about each value, and is made where its cause is true")
  func promises() throws {
    let text = """
      protocol Promises
      role R {
        var n: 0...3 = 0
        fair transition up on internal when n < 2 { n += 1 }
        transition skip on internal when n == 2 { n = 3 }
      }
      instances r: R
      eventually reached { for all k in 1...3: r.n == k - 1 ~> r.n >= k }
      """
    let result = try result(text)
    guard case .violated(let violation) = result.verdict else {
      Issue.record("\(result)")
      return
    }
    #expect(violation.trace?.entries.count == 2 && violation.trace?.loopStart == 2)
    #expect(violation.explanation.hasPrefix("with k = 3: 'r.n >= 3' is waited for from step 2 on"))
    #expect(try lasso(text.replacing("1...3", with: "1...2")) == nil)
  }

  @Test("a domain that depends on the state is not taken apart")
  func openDomain() throws {
    let result = try result(
      """
      protocol Open
      role R {
        var s: Set<0...2> = [1]
        transition t on internal { s = [] }
      }
      instances r: R
      eventually p { for all k in r.s: true ~> k == 1 }
      """
    )
    guard case .unknown(let reason) = result.verdict else {
      Issue.record("\(result)")
      return
    }
    #expect(reason.kind == .unsupported)
    #expect(reason.text == "what it is promised for depends on the state: 'r.s'")
  }

  @Test("a limit leaves it unknown, and symmetric instances are told apart")
  func limits() throws {
    let text = switching("fair transition", "strongly fair transition")
    let model = try Model(spec: text)
    let report = explore(model, options: ExploreOptions(budget: Budget(states: 1)))
    #expect(
      report.results.last?.verdict
        == .unknown(reason: .limit(.states, 1, "state limit of 1 states reached"))
    )
    let pair = try Model(
      spec: text.replacing("instances r: R", with: "symmetric instances r, q: R")
    )
    var options = ExploreOptions()
    options.questions = pair.questions.filter { $0.isAboutEndlessRuns(in: pair) }
    let note = explore(pair, options: options).statistics.symmetryNote
    #expect(
      note
        == "the symmetry is not used: runs without end are asked for, "
        + "and fairness tells instances apart"
    )
  }

  @Test("a run that is not fair, not closed or not endless breaks nothing")
  func judged() throws {
    let model = try Model(spec: switching("fair transition", "strongly fair transition"))
    let evaluator = Evaluator(model)
    let promise = try #require(try model.promises(of: model.properties[0]).first)
    let flip = Step.transition(instance: 0, transition: 0, cause: .internal, choices: [])
    var trace = try Replay.run([flip, flip], on: evaluator).get()
    func reason() -> String? {
      if case .notBroken(let reason) = evaluator.judge(promise, on: trace) { reason } else { nil }
    }
    #expect(reason() == "it is not a run without end")
    trace.loopStart = 0
    #expect(reason() == "its loop is not fair")
    trace.loopStart = 1
    #expect(reason() == "its loop does not close")
  }
}
