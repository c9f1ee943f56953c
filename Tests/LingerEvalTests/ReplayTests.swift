import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Recorded runs, and random ones.
@Suite struct ReplayTests {
  private func evaluator() throws -> Evaluator {
    Evaluator(try Model(spec: TinyModels.alternatingBit))
  }

  /// A run of the first possible steps.
  private func run(on evaluator: Evaluator, steps: Int) throws -> [Step] {
    var state = evaluator.initialState
    var result: [Step] = []
    for _ in 0..<steps {
      guard let successor = evaluator.successors(of: state).last else { break }
      result.append(successor.step)
      state = try successor.outcome.get()
    }
    return result
  }

  @Test("a run that was recorded is found again")
  func sameRun() throws {
    let evaluator = try evaluator()
    let steps = try run(on: evaluator, steps: 6)
    let trace = try Replay.run(steps, on: evaluator).get()
    #expect(trace.entries.map(\.step) == steps)
    #expect(trace.initial == evaluator.initialState)
    #expect(trace.last != trace.initial)
  }

  @Test("a step that is not possible is named with the reason")
  func impossibleSteps() throws {
    let evaluator = try evaluator()
    let model = evaluator.model
    func transition(_ name: String) throws -> Int {
      try #require(model.transitions.firstIndex { $0.name == name })
    }
    let offer = Step.transition(
      instance: 0,
      transition: try transition("offer"),
      cause: .call,
      choices: []
    )
    let envelope = Envelope(
      network: 0,
      sender: 0,
      receiver: 1,
      message: .record(0, [.integer(1)])
    )
    let data = try transition("data")
    let cases: [(steps: [Step], index: Int, reason: String)] = [
      ([offer, offer], 1, "its guard is false"),
      ([.ignoredTimeout(instance: 0, timer: 0)], 0, "the timer is not armed"),
      ([offer, .ignoredTimeout(instance: 0, timer: 0)], 1, "a transition takes this timeout"),
      ([.lose(envelope, position: 0)], 0, "no such message is in flight"),
      (
        [.transition(instance: 1, transition: data, cause: .receive(envelope), choices: [])], 0,
        "no such message is in flight"
      ),
      (
        [.transition(instance: 0, transition: data, cause: .receive(envelope), choices: [])], 0,
        "the instance has no such transition"
      ),
      (
        [.transition(instance: 1, transition: data, cause: .internal, choices: [])], 0,
        "the transition has another trigger"
      ),
      (
        [.transition(instance: 0, transition: 99, cause: .internal, choices: [])], 0,
        "the instance has no such transition"
      ),
      (
        [
          .transition(
            instance: 0,
            transition: try transition("offer"),
            cause: .call,
            choices: [.bool(true)]
          )
        ], 0, "it is possible, but not with these choices"
      ),
    ]
    for (steps, index, reason) in cases {
      guard case .failure(let failure) = Replay.run(steps, on: evaluator) else {
        Issue.record("\(reason): the run is possible")
        continue
      }
      #expect(failure.index == index)
      #expect(failure.reason == reason)
      #expect(failure.trace.entries.count == index)
      #expect(!failure.possible.isEmpty)
    }
  }

  @Test("a random walk is the same for a seed and can be replayed")
  func randomWalk() throws {
    let evaluator = try evaluator()
    for seed: UInt64 in 0..<20 {
      let walk = RandomWalk.run(on: evaluator, seed: seed, maximumSteps: 40)
      let again = RandomWalk.run(on: evaluator, seed: seed, maximumSteps: 40)
      #expect(walk.trace == again.trace)
      #expect(walk.end == again.end)
      #expect(try Replay.run(walk.trace.entries.map(\.step), on: evaluator).get() == walk.trace)
    }
  }

  @Test("a random walk stops where there is something to tell")
  func walkEnds() throws {
    func end(_ members: String, _ rest: String = "") throws -> RandomWalk.End {
      let spec = """
        protocol Walk
        role A {
          var x: 0...2
          \(members)
        }
        instances a: A
        \(rest)
        """
      return RandomWalk.run(on: Evaluator(try Model(spec: spec)), seed: 1, maximumSteps: 9).end
    }
    let up = "transition up on internal when x < 2 { x += 1 }"
    #expect(try end(up) == .stuck)
    #expect(try end(up, "final { a.x == 2 }") == .final)
    #expect(try end(up, "invariant low { a.x < 2 }") == .invariantViolated(0))
    #expect(
      try end("transition turn on internal { x = x == 0 ? 1 : 0 }", "final { true }") == .limit
    )
    guard case .error(let error) = try end("transition up on internal { x += 1 }") else {
      Issue.record("the walk leaves the range")
      return
    }
    #expect(error.kind == .range)
  }
}
