import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// What is found does not depend on the number of threads, not even where a limit comes.
@Suite("threads of the search")
struct ThreadTests {
  /// Layers of more than a thousand states, errors of the spec, a message that nobody takes, and
  /// states that are stuck.
  private static let spec = """
    protocol Grid
    message Ping
    network { A -> D: Ping ; loss, duplication, reordering }
    role A {
      var n: 0...39
      transition up on internal when n < 30 || n > 33 && n < 39 { n += 1 }
      transition slip on internal when n == 30 { n += 10 }
      transition jump on internal when n == 29 { n += 5 }
      transition say on internal when n == 12 { send Ping() to d }
    }
    role D {
      var seen: Bool = false
      transition take on receive m: Ping when !seen { seen = true }
    }
    instances a, b, c: A
    instances d: D
    final { a.n != 39 || b.n != 39 || c.n != 39 }
    invariant low { a.n + b.n + c.n < 90 }
    cover some { a.n == 20 && b.n == 21 && c.n == 22 }
    possible far { a.n == 39 }
    """

  private func model() throws -> Model {
    try Model(spec: Self.spec.replacing(" ; ", with: "\n"))
  }

  private func explored(_ options: ExploreOptions, threads: Int) throws -> CheckReport {
    var options = options
    options.threads = threads
    options.usesSymmetry = false
    return explore(try model(), options: options)
  }

  private func expectSame(_ options: ExploreOptions) throws -> CheckReport {
    let alone = try explored(options, threads: 1)
    for threads in [2, 3] {
      let shared = try explored(options, threads: threads)
      #expect(shared.results == alone.results)
      #expect(shared.statistics == alone.statistics)
      #expect(shared.firings == alone.firings)
      #expect(shared.vacuity == alone.vacuity)
      #expect(shared.internalErrors == [])
    }
    return alone
  }

  @Test("a whole search finds the same, with and without edges")
  func wholeSearch() throws {
    let all = try expectSame(ExploreOptions())
    #expect(all.statistics.isComplete && all.statistics.states > 20_000)
    #expect(all.statistics.cutOffSteps > 0)
    let questions = try model().questions.filter { $0 == .deadlock || $0 == .unspecifiedReception }
    let some = try expectSame(ExploreOptions(questions: questions))
    #expect(some.results.contains { $0.verdict != .holds })
  }

  @Test("a limit on states comes at the same step", arguments: [3_000, 5_000, 17_123, 30_001])
  func stateLimit(limit: Int) throws {
    for questions in [nil, [Question.deadlock]] {
      let budget = Budget(states: limit)
      let report = try expectSame(ExploreOptions(budget: budget, questions: questions))
      #expect(report.statistics.states == limit)
    }
  }

  @Test("random specs: the same with one thread and with three, wherever a limit comes")
  func randomSpecs() throws {
    let seeds = Seeds(for: "threads")
    var large = 0
    for number in 0..<300 {
      let text = RandomSpec(seed: seeds.seed(number)).text
      let model = try Model(spec: text)
      var options = ExploreOptions(budget: Budget(states: [60, 200, 600][number % 3]))
      options.usesSymmetry = false
      options.statesAtOnce = 1 + number % 4
      let alone = explore(model, options: options)
      options.threads = 3
      let shared = explore(model, options: options)
      #expect(shared.results == alone.results, "\(text)")
      #expect(shared.statistics == alone.statistics, "\(text)")
      #expect(shared.firings == alone.firings, "\(text)")
      #expect(shared.internalErrors == [], "\(text)")
      if alone.statistics.states > 50 { large += 1 }
    }
    #expect(large > 30)
  }

  @Test("a stop is heard by all threads")
  func stopped() throws {
    let stop = Countdown(20)
    let report = try explored(ExploreOptions(budget: stop.budget()), threads: 3)
    #expect(report.statistics.limit == "stopped by the test")
    #expect(report.internalErrors == [])
  }

  @Test("a state with very many successors is no trouble")
  func wideState() throws {
    let model = try Model(
      spec: """
        protocol Wide
        role A {
          var n: 0...1500
          var m: 0...70000
          transition t on call t(k: 1...1500) when n == 0 { n = k }
          transition u on internal when n == 1400 && m == 0 {
            choose k in 0...70000
            m = k
          }
        }
        instances a: A
        """
    )
    var options = ExploreOptions(questions: [.deadlock])
    let alone = explore(model, options: options)
    options.threads = 2
    let shared = explore(model, options: options)
    #expect(alone.statistics.states == 71_501 && shared.statistics == alone.statistics)
    #expect(shared.results == alone.results)
  }
}
