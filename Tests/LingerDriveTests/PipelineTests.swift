import LingerConform
import LingerDrive
import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Subjects that are told more before they have answered: the runs are those of one that is waited
/// for, and every answer in a run was given in it.
@Suite("running ahead of answers")
struct PipelineTests {
  static let seeds = Seeds(for: "pipelined specs")
  static let batchCount = 4
  static let specsPerBatch = 20
  static let runsPerSpec = 12

  /// A subject that notes what it was told since its reset, and what it said.
  private final class Noted: PipelinedSubject {
    enum Flaw {
      /// It does not do the same again.
      case changesItsMind
      /// Told more than one thing at once, it answers the first and no other.
      case takesOneAtATime
      /// It ends when it is told so many things.
      case crashes(at: Int)
    }

    private let subject: any DrivenSubject
    private let flaw: Flaw?
    private(set) var log: [Exchange] = []
    /// Those of all resets before.
    private(set) var earlier: [[Exchange]] = []
    private(set) var requestCount = 0
    private(set) var mostAtOnce = 0
    /// Since it failed last.
    private(set) var atOnceSince = 0
    private var resets: UInt64 = 0
    /// What was sent and not answered.
    private var waiting: [SubjectRequest] = []
    /// Whether it has answered the first of several.
    private var isStuck = false
    /// Since it was reset last.
    private var hasEnded = false
    let canBeRunsAhead: Bool

    typealias Exchange = (request: SubjectRequest, answer: SubjectAnswer)

    init(_ subject: any DrivenSubject, _ flaw: Flaw? = nil, canBeRunsAhead: Bool = false) {
      self.subject = subject
      self.canBeRunsAhead = canBeRunsAhead
      self.flaw = flaw
    }

    var hasVirtualTime: Bool { true }
    var canBeAhead: Bool { true }

    func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply {
      send([.reset(seed: seed)])
      return try answers(1)[0].get()
    }

    func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
      send([.take(input, at: time)])
      return try answers(1)[0].get()
    }

    func send(_ requests: [SubjectRequest]) {
      if case .reset? = requests.first { hasEnded = false }
      waiting += requests
    }

    func answers(_ count: Int) -> [SubjectAnswer] {
      #expect(hasEnded || waiting.count >= count)
      mostAtOnce = max(mostAtOnce, waiting.count)
      atOnceSince = max(atOnceSince, waiting.count)
      var answers: [SubjectAnswer] = []
      for _ in 0..<min(count, waiting.count) {
        if case .takesOneAtATime = flaw, isStuck {
          atOnceSince = 0
          return end(answers + [.failure(.hang("no reply"))])
        }
        isStuck = waiting.count > 1
        let request = waiting.removeFirst()
        let answer = answer(request)
        answers.append(answer)
        log.append((request, answer))
        if case .failure(.crash) = answer { return end(answers) }
      }
      return answers
    }

    /// What it was told beside is told to nobody.
    private func end(_ answers: [SubjectAnswer]) -> [SubjectAnswer] {
      (waiting, isStuck, hasEnded) = ([], false, true)
      return answers
    }

    private func answer(_ request: SubjectRequest) -> SubjectAnswer {
      requestCount += 1
      do throws(SubjectFailure) {
        switch request {
        case .reset(var seed):
          earlier.append(log)
          log = []
          resets += 1
          if case .changesItsMind = flaw { seed &+= resets / 3 }
          return .success(try subject.reset(seed: seed))
        case .take(let input, let time):
          if case .crashes(let place) = flaw, log.count == place { throw .crash("it ended") }
          return .success(try subject.take(input, at: time))
        }
      } catch {
        return .failure(error)
      }
    }
  }

  /// Drives a subject of each spec of a batch that can be driven.
  private func forEachSubject(
    _ batch: Int,
    _ body: (Subject, UInt64) -> Void
  ) throws {
    for round in 0..<Self.specsPerBatch {
      let seed = Self.seeds.seed(round * Self.batchCount + batch)
      let text =
        round.isMultiple(of: 3) ? RandomSpec(seed: seed).text : RandomTimedSpec(seed: seed).text
      let model = try Model(spec: text)
      for instance in model.instances.indices {
        guard let subject = try? Subject(instance, of: model, tellsHistory: false) else { continue }
        body(subject, seed)
      }
    }
  }

  private func driver(_ subject: Subject, _ driven: any DrivenSubject, _ seed: UInt64) -> Driver {
    var options = Driver.Options()
    options.seed = seed
    options.steps = 24
    return Driver(subject, .exact, mostBeliefs: 400, driven, options)
  }

  /// What a run says.
  private func summary(_ run: DrivenRun) -> String {
    let exchanges = run.exchanges.map { "\($0.time) \($0.input): \(String(describing: $0.reply))" }
    return """
      \(run.moves)
      \(exchanges.joined(separator: "\n"))
      \(String(describing: run.resetReply)) \(run.taken) \(run.refusedCount)
      \(String(describing: run.failure)) \(String(describing: run.end))
      """
  }

  /// How many of the runs differ from those of a subject that is waited for.
  private func differences(
    _ subject: Subject,
    _ seed: UInt64,
    _ first: any DrivenSubject,
    _ second: any DrivenSubject
  ) -> Int {
    let (waiting, ahead) = (driver(subject, first, seed), driver(subject, second, seed))
    let runs = runs(ahead)
    #expect(runs.count == Self.runsPerSpec)
    return runs.enumerated().count { number, run in
      summary(waiting.run(number, coverage: Coverage())) != summary(run)
    }
  }

  /// Each is made while the one before it is answered, where the subject takes that.
  private func runs(_ driver: Driver) -> [DrivenRun] {
    var runs: [DrivenRun] = []
    for number in 0..<Self.runsPerSpec {
      driver.runAhead(number, coverage: Coverage()) { runs.append($0) }
    }
    driver.finish()
    return runs
  }

  @Test("the runs are the same", arguments: 0..<batchCount)
  func same(batch: Int) throws {
    var (most, count) = (0, 0)
    try forEachSubject(batch) { subject, seed in
      let tellsState = seed.isMultiple(of: 3)
      let noted = Noted(
        SpecSubject(subject, tellsState: tellsState),
        canBeRunsAhead: seed.isMultiple(of: 2)
      )
      let plain = SpecSubject(subject, tellsState: tellsState)
      #expect(differences(subject, seed, plain, noted) == 0, "seed \(seed)")
      most = max(most, noted.mostAtOnce)
      count += 1
    }
    #expect(count > 10 && most > 5)
  }

  @Test("of a subject that changes its mind every answer was given in the run", arguments: [0, 1])
  func changing(batch: Int) throws {
    var runs = 0
    try forEachSubject(batch) { subject, seed in
      let noted = Noted(
        SpecSubject(subject),
        .changesItsMind,
        canBeRunsAhead: seed.isMultiple(of: 2)
      )
      for run in self.runs(driver(subject, noted, seed)) where run.problem == nil {
        runs += 1
        let told = run.exchanges.map { SubjectRequest.take($0.input, at: $0.time) }
        let isWhole = (noted.earlier + [noted.log]).contains { log in
          log.dropFirst().map(\.request) == told
            && log.dropFirst().map { try? $0.answer.get() } == run.exchanges.map(\.reply)
            && (try? log.first?.answer.get()) == run.resetReply
        }
        #expect(isWhole, "seed \(seed)")
      }
    }
    #expect(runs > 50)
  }

  @Test("one that takes one thing at a time gets one thing at a time", arguments: [0, 1])
  func single(batch: Int) throws {
    var stumbled = 0
    try forEachSubject(batch) { subject, seed in
      let noted = Noted(
        SpecSubject(subject),
        .takesOneAtATime,
        canBeRunsAhead: seed.isMultiple(of: 2)
      )
      #expect(differences(subject, seed, SpecSubject(subject), noted) == 0, "seed \(seed)")
      if noted.mostAtOnce > 1 { stumbled += 1 }
      if noted.requestCount > 200 { #expect(noted.atOnceSince == 1) }
    }
    #expect(stumbled > 5)
  }

  @Test("one that ends is found ending where it does", arguments: [0, 1])
  func crash(batch: Int) throws {
    var crashes = 0
    try forEachSubject(batch) { subject, seed in
      let place = Int(seed % 7) + 1
      let noted = Noted(
        SpecSubject(subject),
        .crashes(at: place),
        canBeRunsAhead: seed.isMultiple(of: 2)
      )
      let plain = Noted(SpecSubject(subject), .crashes(at: place))
      // Behind a protocol that it does not say it can be ahead of.
      #expect(differences(subject, seed, Waited(plain), noted) == 0, "seed \(seed)")
      if noted.log.contains(where: { $0.answer == .failure(.crash("it ended")) }) { crashes += 1 }
    }
    #expect(crashes > 5)
  }

  private final class Waited: DrivenSubject {
    private let subject: Noted
    init(_ subject: Noted) { self.subject = subject }
    var hasVirtualTime: Bool { true }
    func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply {
      try subject.reset(seed: seed)
    }
    func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
      try subject.take(input, at: time)
    }
  }
}
