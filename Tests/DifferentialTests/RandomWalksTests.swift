import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// Walks on packed states against the evaluator, on random specs.
@Suite("random walks")
struct RandomWalksTests {
  static let seeds = Seeds(for: "random walks")
  static let specs = 150
  static let maximumSteps = 60

  @Test("a walk can be run again, and ends where the evaluator says so")
  func agreement() throws {
    var ends: Set<String> = []
    var steps = 0
    for number in 0..<Self.specs {
      let spec = RandomSpec(seed: Self.seeds.seed(number))
      let model = try Model(spec: spec.text)
      let evaluator = Evaluator(model)
      guard evaluator.initialStates.contains(where: { _ in true }) else { continue }
      var walks = RandomWalks(model, budget: .unlimited)
      for seed: UInt64 in 0..<4 {
        let walk = walks.walk(seed: seed, maximumSteps: Self.maximumSteps)
        let shown = try walks.shown(walk, atMost: .max).get()
        #expect(shown.isViolation == walk.isViolation)
        check(shown, on: evaluator, spec.text)
        steps += shown.trace.entries.count
        ends.insert("\(shown.end)".prefix { $0 != "(" }.description)
      }
    }
    #expect(ends.isSuperset(of: ["stuck", "error", "invariantViolated", "limit"]), "\(ends)")
    #expect(steps > 1000)
  }

  private func check(_ walk: RandomWalk, on evaluator: Evaluator, _ text: String) {
    let states = [walk.trace.initial] + walk.trace.entries.compactMap(\.state)
    for state in states.dropLast() {
      #expect(RandomWalk.end(in: state, on: evaluator) == nil, "it went on\n\(text)")
    }
    let last = walk.trace.entries.last
    let atLast = states.last.flatMap { RandomWalk.end(in: $0, on: evaluator) }
    let expected = last?.error.map { .error($0) } ?? atLast
    switch walk.end {
    case .limit: #expect(expected == nil, "\(text)")
    default: #expect(expected == walk.end, "\(text)")
    }
  }

  @Test("the same seed takes the same walk, whatever was walked before")
  func sameSeed() throws {
    for number in 0..<20 {
      let model = try Model(spec: RandomSpec(seed: Self.seeds.seed(number)).text)
      var walks = RandomWalks(model, budget: .unlimited)
      let first = walks.walk(seed: 7, maximumSteps: 40)
      let trace = try walks.shown(first, atMost: .max).get().trace
      _ = walks.walk(seed: 8, maximumSteps: 40)
      let again = walks.walk(seed: 7, maximumSteps: 40)
      #expect(try walks.shown(again, atMost: .max).get().trace == trace)
    }
  }
}
