import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Each way in which a network may keep its messages, and what it may do to them.
@Suite struct NetworkTests {
  /// `a` sends numbers by call `a.put(n)`, `b` takes them.
  private func evaluator(_ options: String) throws -> Evaluator {
    Evaluator(
      try Model(
        spec: """
          protocol Net
          message M { n: 0...2 }
          network {
            A -> B: M
            \(options)
          }
          role A { transition put on call put(n: 0...2) { send M(n: n) } }
          role B { transition take on receive m: M { } }
          instances a: A
          instances b: B
          """
      )
    )
  }

  private func contents(_ evaluator: Evaluator, after steps: [String]) throws -> [String] {
    var state = evaluator.initialState
    for step in steps {
      let successors = evaluator.successors(of: state)
      guard let next = successors.first(where: { evaluator.text($0.step) == step }) else {
        throw SpecTextError(description: "no '\(step)' in \(evaluator.stepTexts(of: state))")
      }
      state = try next.outcome.get()
    }
    return state.networks[0].messages.map { message in
      "\(describe(message.envelope.message, in: evaluator.model)) x\(message.copies)"
    }
  }

  private func networkSteps(_ evaluator: Evaluator, after steps: [String]) throws -> [String] {
    var state = evaluator.initialState
    for step in steps {
      guard
        let next = evaluator.successors(of: state).first(where: {
          evaluator.text($0.step) == step
        })
      else { throw SpecTextError(description: "no '\(step)'") }
      state = try next.outcome.get()
    }
    return evaluator.stepTexts(of: state).filter { !$0.hasPrefix("a.") }
  }

  @Test("the hostile network is a growing set without acts")
  func growingSet() throws {
    let evaluator = try evaluator("loss, duplication, reordering")
    let steps = ["a.put(2)", "a.put(0)", "a.put(2)", "b.take(M(n: 2))"]
    #expect(try contents(evaluator, after: steps) == ["M(n: 0) x1", "M(n: 2) x1"])
    #expect(
      try networkSteps(evaluator, after: steps) == ["b.take(M(n: 0))", "b.take(M(n: 2))"]
    )
  }

  @Test("a set with a loss budget loses by acts")
  func lossySet() throws {
    let evaluator = try evaluator("loss 1, duplication, reordering")
    #expect(
      try networkSteps(evaluator, after: ["a.put(1)"]) == ["b.take(M(n: 1))", "lose M(n: 1)@0"]
    )
    #expect(try contents(evaluator, after: ["a.put(1)", "lose M(n: 1)@0"]) == [])
    #expect(
      try networkSteps(evaluator, after: ["a.put(1)", "lose M(n: 1)@0", "a.put(1)"])
        == ["b.take(M(n: 1))"]
    )
  }

  @Test("a multiset delivers each copy once")
  func multiset() throws {
    let evaluator = try evaluator("reordering")
    #expect(
      try contents(evaluator, after: ["a.put(2)", "a.put(0)", "a.put(2)"])
        == ["M(n: 0) x1", "M(n: 2) x2"]
    )
    #expect(
      try contents(evaluator, after: ["a.put(2)", "a.put(2)", "b.take(M(n: 2))"])
        == ["M(n: 2) x1"]
    )
    #expect(try networkSteps(evaluator, after: ["a.put(1)"]) == ["b.take(M(n: 1))"])
  }

  @Test("explicit acts lose and double one copy of a message")
  func explicitActs() throws {
    let evaluator = try evaluator("loss, duplication, reordering, explicit, capacity 2")
    let double = ["a.put(1)", "double M(n: 1)@0"]
    #expect(try contents(evaluator, after: double) == ["M(n: 1) x2"])
    #expect(
      try networkSteps(evaluator, after: double) == ["b.take(M(n: 1))", "lose M(n: 1)@0"]
    )
    #expect(try contents(evaluator, after: double + ["lose M(n: 1)@0"]) == ["M(n: 1) x1"])
  }

  @Test("budgets are used up")
  func budgets() throws {
    let evaluator = try evaluator("loss 1, duplication 1, reordering")
    #expect(
      try networkSteps(evaluator, after: ["a.put(1)", "double M(n: 1)@0"])
        == ["b.take(M(n: 1))", "lose M(n: 1)@0"]
    )
    #expect(
      try networkSteps(evaluator, after: ["a.put(1)", "double M(n: 1)@0", "lose M(n: 1)@0"])
        == ["b.take(M(n: 1))"]
    )
  }

  @Test("a queue delivers its head, loses and doubles at each place")
  func queue() throws {
    let evaluator = try evaluator("loss, duplication, capacity 3")
    let steps = ["a.put(2)", "a.put(0)"]
    #expect(
      try networkSteps(evaluator, after: steps) == [
        "b.take(M(n: 2))", "lose M(n: 2)@0", "lose M(n: 0)@1", "double M(n: 2)@0",
        "double M(n: 0)@1",
      ]
    )
    #expect(
      try contents(evaluator, after: steps + ["double M(n: 2)@0"])
        == ["M(n: 2) x1", "M(n: 2) x1", "M(n: 0) x1"]
    )
    #expect(
      try networkSteps(evaluator, after: steps + ["double M(n: 2)@0"]) == [
        "b.take(M(n: 2))", "lose M(n: 2)@0", "lose M(n: 2)@1", "lose M(n: 0)@2",
      ]
    )
    #expect(try contents(evaluator, after: steps + ["lose M(n: 2)@0"]) == ["M(n: 0) x1"])
  }

  @Test("a full network loses what is sent only if it may lose and its capacity was named")
  func fullNetwork() throws {
    let cases: [(options: String, sends: Int, outcome: String)] = [
      ("reordering, capacity 1", 2, "full"), ("loss, reordering, capacity 1", 2, "dropped"),
      ("loss 1, reordering, capacity 1", 2, "dropped"), ("capacity 1", 2, "full"),
      ("loss, capacity 1", 2, "dropped"), ("reordering", 8, "sent"), ("reordering", 9, "full"),
      ("loss, reordering", 9, "full"), ("duplication, reordering", 9, "sent"),
    ]
    for (options, sends, outcome) in cases {
      let evaluator = try evaluator(options)
      let steps = [String](repeating: "a.put(1)", count: sends - 1)
      var state = evaluator.initialState
      for _ in steps {
        state = try evaluator.successors(of: state)[1].outcome.get()
      }
      let last = evaluator.successors(of: state)[1]
      let envelope = Envelope(
        network: 0,
        sender: 0,
        receiver: 1,
        message: .record(0, [.integer(1)])
      )
      switch last.outcome {
      case .failure(let error):
        #expect(outcome == "full" && error.kind == .networkFull, "\(options)")
      case .success(let next):
        let isDropped = outcome == "dropped"
        #expect(outcome != "full", "\(options)")
        #expect(last.effects == [.send(envelope, isDropped: isDropped)], "\(options)")
        #expect((next == state) == (isDropped || options.hasPrefix("dup")), "\(options)")
      }
    }
  }

  @Test("the error of a full network says what had no place")
  func fullNetworkMessage() throws {
    let evaluator = try evaluator("capacity 1")
    let state = try evaluator.state(after: "a.put(1)")
    guard case .failure(let error) = evaluator.successors(of: state)[2].outcome else {
      Issue.record("the queue is full")
      return
    }
    #expect(
      error.message == "no place for M(n: 2) from a to b: the network holds 1 messages of this"
        + " direction already; 'loss' drops what has no place"
    )
  }

  @Test("each direction has a queue of its own")
  func directions() throws {
    let evaluator = Evaluator(
      try Model(
        spec: """
          protocol Net
          message M { n: 0...1 }
          network {
            A -> A: M
            capacity 1
          }
          role A {
            transition put on call put(n: 0...1) {
              for p in A where p != self { send M(n: n) to p }
            }
            transition take on receive m: M from s { }
          }
          instances a, b, c: A
          """
      )
    )
    let state = try evaluator.state(after: "c.put(1)", "a.put(0)")
    #expect(
      state.networks[0].messages.map { [$0.envelope.sender, $0.envelope.receiver] }
        == [[2, 0], [0, 1], [2, 1], [0, 2]]
    )
    #expect(
      evaluator.stepTexts(of: state).suffix(4) == [
        "a.take(M(n: 1))", "b.take(M(n: 0))", "b.take(M(n: 1))", "c.take(M(n: 0))",
      ]
    )
  }
}
