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
      let walks = RandomWalks(model, budget: .unlimited)
      for seed: UInt64 in 0..<4 {
        let walk = try #require(walks.walk(1, seed: seed, maximumSteps: Self.maximumSteps).shown)
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

  @Test("what walks find does not depend on the number of threads")
  func threads() throws {
    var violations = 0
    for number in 0..<30 {
      let model = try Model(spec: RandomSpec(seed: Self.seeds.seed(number)).text)
      let outcomes = (1...3).map { threads in
        RandomWalks(model, budget: .unlimited, threads: threads)
          .walk(300, seed: 7, maximumSteps: Self.maximumSteps)
      }
      for outcome in outcomes {
        #expect(outcome.walkCount == outcomes[0].walkCount)
        #expect(outcome.stepCount == outcomes[0].stepCount)
        #expect(outcome.shown?.seed == outcomes[0].shown?.seed)
        #expect(outcome.shown?.stepCount == outcomes[0].shown?.stepCount)
      }
      if outcomes[0].shown?.isViolation == true { violations += 1 }
    }
    #expect(violations > 5)
  }

  /// Local states that hardly ever repeat are not remembered after some thousand of them: the
  /// kernel runs each step then, and tells equal steps one by one.
  @Test("a walk is the same alone and after many others")
  func alone() throws {
    let model = try Model(
      spec: """
        protocol Wandering

        role Wanderer {
          var place: 0...100000 = 0

          transition go on internal when place < 20000 {
            choose x in 0...29
            place = place + 1 + x / 7 * (x % 3)
          }
        }

        instances wanderer: Wanderer

        final { wanderer.place >= 20000 }
        """
    )
    let walks = RandomWalks(model, budget: .unlimited)
    let all = walks.walk(9, seed: 1, maximumSteps: 40_000)
    let alone = (0..<9).map { walks.walk(1, seed: 1 + UInt64($0), maximumSteps: 40_000) }
    #expect(all.walkCount == 9)
    #expect(all.stepCount > 20_000)
    #expect(all.stepCount == alone.reduce(0) { $0 + $1.stepCount })
  }
}
