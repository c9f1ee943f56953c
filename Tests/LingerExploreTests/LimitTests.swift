import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// Limits take effect wherever a spec can make the search long, and what was found is kept.
@Suite("limits of the search")
struct LimitTests {
  private func stopped(_ model: Model, after count: Int) -> (report: CheckReport, asked: Int) {
    let stop = Countdown(count)
    return (explore(model, options: ExploreOptions(budget: stop.budget())), stop.count)
  }

  /// Loops that take hours, all inside one state.
  static let endless = [
    "transition t on call t(k: 0...3000000000, j: 0...3000000000) { n = 1 }",
    "transition t on call t(k: 0...3000000000) when k < 0 { n = 1 }",
    "transition t on internal { choose k in 0...999999 ; choose j in 0...999999 ; n = 1 }",
    "transition t on internal { choose k in 0...999999 ; choose j in 0...999999 where k < 0 }",
    "transition t on internal { for k in 0...999999 { for j in 0...999999 { n = k % 2 } } }",
    "transition t on internal { for k in 0...999999 { for j in 0...99999 where k < 0 { n = 1 } } }",
    "transition t on internal when exists k in 0...999999: exists j in 0...999999: k + j < n { }",
    "transition t on internal { n = (count k in 0...999999: (count j in 0...999999: j < k) < 0) }",
    "transition t on call t(s: Set<0...40>) when s.count > 41 { n = 1 }",
  ]

  @Test("a loop inside one state is stopped", arguments: endless)
  func insideOneState(transition: String) throws {
    let model = try Model(
      spec: """
        protocol Endless
        role A {
          var n: 0...1
          \(transition.replacing(" ; ", with: "\n"))
        }
        instances a: A
        final { true }
        invariant small { a.n <= 1 }
        """
    )
    let (report, asked) = stopped(model, after: 2)
    #expect(!report.statistics.isComplete)
    #expect(report.statistics.states <= 2)
    #expect(asked <= 400, "the search goes on after it was told to stop")
    for result in report.results {
      #expect(result.verdict == .unknown(reason: "stopped by the test"))
    }
    #expect(report.internalErrors == [])
  }

  @Test("a property that takes hours is stopped")
  func insideOneProperty() throws {
    let model = try Model(
      spec: """
        protocol Endless
        role A {
          var n: 0...1
          transition t on internal when n == 0 { n = 1 }
        }
        instances a: A
        invariant small { for all k in 0...999999: for all j in 0...999999: k + j >= a.n - 1 }
        """
    )
    let (report, _) = stopped(model, after: 2)
    #expect(report.results.last?.verdict == .unknown(reason: "stopped by the test"))
    #expect(report.internalErrors == [])
  }

  /// Every state leads on, and all steps are known after the first few hundred states.
  @Test("a stop is heard where every step is known already")
  func steadyStop() throws {
    let model = try Model(
      spec: """
        protocol Grid
        role A {
          var n: 0...299
          transition up on internal when n < 299 { n += 1 }
          transition down on internal when n > 0 { n -= 1 }
        }
        instances a, b: A
        invariant small { a.n + b.n < 1000 }
        """
    )
    let (report, _) = stopped(model, after: 3)
    #expect(report.statistics.states < 20_000)
    #expect(report.statistics.limit == "stopped by the test")
  }

  @Test("the limit on states is exact", arguments: [1, 2, 40, 287, 288, 289])
  func stateLimit(limit: Int) throws {
    let model = try Model(spec: TinyModels.twoPhaseCommit)
    let options = ExploreOptions(budget: Budget(states: limit))
    let statistics = explore(model, options: options).statistics
    #expect(statistics.states == min(limit, 288))
    #expect(statistics.isComplete == (limit >= 288))
  }

  @Test("a memory limit holds within one state")
  func memoryLimit() throws {
    let model = try Model(
      spec: """
        protocol Wide
        role A {
          var n: 0...3000000000
          transition t on call t(k: 0...3000000000) { n = k }
        }
        instances a: A
        """
    )
    let report = explore(model, options: ExploreOptions(budget: Budget(bytes: 1 << 20)))
    #expect(report.statistics.limit?.text == "memory limit of 1048576 bytes reached")
    #expect(report.statistics.storeBytes < 2 << 20)
  }

  /// A chain of states that goes there and back: as deep as it is large.
  static let chain = """
    protocol Chain
    parameter n: 1...1000000 = 30000
    role A {
      var x: 0...n
      transition up on internal when x < n { x += 1 }
      transition down on internal when x > 0 { x -= 1 }
    }
    instances a: A
    final { true }
    possible home { a.x == 0 }
    possible gone { a.x == n }
    possible early { a.x < n / 2 }
    """

  @Test("what can be reached takes work in proportion to the steps")
  func deepReachability() throws {
    func work(_ depth: Int) throws -> Int {
      let model = try Model(spec: Self.chain, setting: [(name: "n", value: String(depth))])
      let (report, asked) = stopped(model, after: .max)
      #expect(report.statistics.depth == depth)
      for result in report.results { #expect(result.verdict == .holds) }
      return asked
    }
    // Every loop asks whether to stop, so how often that was asked is how much was done.
    let (short, long) = (try work(10_000), try work(30_000))
    #expect(short > 20 && long < 4 * short, "asked \(short) and \(long) times")
  }

  @Test("whenever it is stopped, it says what is true or unknown")
  func stoppedAnywhere() throws {
    let spec = """
      \(Self.chain)
      possible middle { a.x == n / 2 && a.x != n / 2 }
      invariant low { a.x < 9000 }
      cover high { a.x == 2000 }
      """
    let model = try Model(spec: spec, setting: [(name: "n", value: "12000")])
    let (whole, asked) = stopped(model, after: .max)
    #expect(asked > 20)
    var decided: Set<Int> = []
    for count in stride(from: 0, through: asked, by: max(1, asked / 10)) {
      let (report, _) = stopped(model, after: count)
      #expect(report.internalErrors == [])
      var unknown = 0
      for (result, truth) in zip(report.results, whole.results) {
        switch (result.verdict, truth.verdict) {
        case (.unknown(let reason), _):
          unknown += 1
          #expect(reason == "stopped by the test")
        case (.holds, .holds), (.violated, .violated): break
        default: Issue.record("\(result.question): \(result.verdict), not \(truth.verdict)")
        }
      }
      decided.insert(unknown)
    }
    #expect(decided.count > 2, "it was stopped at one place only")
  }
}

/// A search that is asked for some properties stops when it can say what they are.
@Suite("searches for named properties")
struct NamedPropertyTests {
  private func check(
    _ names: [String],
    of spec: String,
    all: Bool = false
  ) throws -> (model: Model, report: CheckReport) {
    let model = try Model(spec: spec)
    var options = ExploreOptions()
    options.questions = model.questions.filter { names.contains($0.name(in: model)) }
    options.stopsWhenDecided = !all
    return (model, explore(model, options: options))
  }

  private static let spec = """
    protocol Counter
    role A {
      var x: 0...5000
      transition up on internal { x += 1 }
    }
    instances a: A
    invariant low { a.x < 3 }
    invariant middle { a.x < 30 }
    invariant high { a.x < 6000 }
    cover some { a.x == 7 }
    """

  @Test("it ends when each is decided and one is violated")
  func ends() throws {
    let cases: [(names: [String], states: Int)] = [
      (["low"], 5), (["middle"], 32), (["low", "middle"], 32), (["low", "some"], 9),
      (["some"], 5001), (["low", "high"], 5001), (["low", "spec-errors"], 5001),
    ]
    for (names, states) in cases {
      let (_, report) = try check(names, of: Self.spec)
      #expect(report.statistics.states <= states, "\(names)")
      #expect(report.statistics.isComplete == (states == 5001), "\(names)")
      let (model, whole) = try check(names, of: Self.spec, all: true)
      #expect(whole.statistics.states == 5001)
      // A whole search tells the error of the spec besides.
      let asked = whole.results.filter { result in
        report.results.contains { $0.question == result.question }
      }
      #expect(report.results == asked, "\(names) in \(model.name)")
    }
  }
}
