import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// The brute-force search on models whose numbers are known from elsewhere.
@Suite struct BruteForceTests {
  private func explore(
    _ spec: String,
    _ parameters: [(name: String, value: String)] = []
  ) throws -> (BruteForce, Model) {
    let model = try Model(spec: spec, setting: parameters)
    let search = try #require(BruteForce(Evaluator(model), stateLimit: 10_000))
    return (search, model)
  }

  @Test("close-net has the states and transitions that three other checkers find")
  func closeNet() throws {
    let rows = [
      ([0, 1, 0, 1], 71, 120), ([0, 1, 1, 1], 475, 1662), ([0, 2, 1, 1], 3343, 23360),
    ]
    for (values, states, transitions) in rows {
      let parameters = zip(["D", "C", "R", "W"], values).map { ($0, "\($1)") }
      let (search, _) = try explore(TinyModels.closeNet, parameters)
      #expect(search.states == states)
      #expect(search.transitions == transitions)
      #expect(search.answers[.property(1)] == .holds)
    }
  }

  @Test("two-phase commit has the states and transitions that TLC finds")
  func twoPhaseCommit() throws {
    let (search, model) = try explore(TinyModels.twoPhaseCommit)
    #expect(search.states == 288)
    #expect(search.transitions == 1145)
    #expect(search.depth == 10)
    let consistent = model.properties.firstIndex { $0.name == "consistent" }
    #expect(search.answers[.property(try #require(consistent))] == .holds)
  }

  @Test("counters have a state for each combination")
  func counters() throws {
    let (search, model) = try explore(TinyModels.counters)
    #expect(search.states == 64)
    #expect(search.transitions == 3 * 3 * 16)
    #expect(search.depth == 9)
    #expect(search.firings == [144])
    #expect(search.answers[.deadlock] == .holds)
    #expect(search.answers[.finalReachable] == .holds)
    let full = try #require(model.properties.firstIndex { $0.name == "full" })
    #expect(search.answers[.property(full)] == .reached(.init(faults: 0, steps: 9)))
  }

  @Test("a pipe has a state for each number sent and received")
  func pipe() throws {
    let (search, _) = try explore(TinyModels.pipe)
    #expect(search.states == 3 * 6 - 3)
    #expect(search.depth == 10)
    // The source does not know when the queue is full, and what comes after that is cut off.
    #expect(search.answers[.deadlock] == .undecided)
    #expect(search.answers[.specErrors] == .violated(.init(faults: 0, steps: 3)))
  }

  @Test("the alternating bit works over queues that lose and double")
  func alternatingBit() throws {
    let (search, model) = try explore(TinyModels.alternatingBit)
    #expect(search.answers[.unspecifiedReception] == .holds)
    #expect(search.answers[.specErrors] == .holds)
    #expect(search.answers[.finalReachable] == .holds)
    let invariant = try #require(model.properties.firstIndex { $0.kind == .invariant })
    #expect(search.answers[.property(invariant)] == .holds)
  }

  @Test("fewer faults come before fewer steps")
  func leastFaultsFirst() throws {
    let spec = """
      protocol Faults
      message M { n: 0...3 }
      network {
        A -> B: M
        loss 1
      }
      role A {
        var sent: 0...3
        transition put on internal when sent < 3 {
          sent += 1
          send M(n: sent)
        }
      }
      role B {
        var got: 0...3
        transition take on receive m: M { got = m.n }
      }
      instances a: A
      instances b: B
      final { true }
      invariant notThree { b.got != 3 }
      invariant notSkipped { !(b.got == 2 && a.sent == 2) || network.count > 0 }
      """
    let (search, _) = try explore(spec)
    // With a loss four or five steps would do.
    #expect(search.answers[.property(1)] == .violated(.init(faults: 0, steps: 6)))
    #expect(search.answers[.property(2)] == .violated(.init(faults: 0, steps: 4)))
  }

  @Test("too many states are given up")
  func limit() throws {
    let model = try Model(spec: TinyModels.counters)
    #expect(BruteForce(Evaluator(model), stateLimit: 63) == nil)
    #expect(BruteForce(Evaluator(model), stateLimit: 64) != nil)
  }
}
