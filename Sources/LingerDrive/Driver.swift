package import LingerConform
import LingerEval
import LingerKernel
package import LingerModel

/// Drives one subject: runs, and runs again what is to be shrunk.
package final class Driver {
  package let world: World
  private let engine: BeliefEngine
  private let subject: any DrivenSubject
  private let pipeline: Pipeline?
  /// Runs whose answers were not looked at yet.
  private var owed: [Owed] = []
  let options: Options

  private struct Owed {
    let run: DrivenRun
    let attempt: () -> DrivenRun
    let take: (DrivenRun) -> Void
  }

  package struct Options: Sendable {
    /// Moves in a run, before everything that is due is waited for.
    package var steps = 40
    package var faults: Faults = .network
    package var seed: UInt64 = 1
    package var mostShrinks = 4000
    /// Waits that are longer are not made, in nanoseconds.
    package var longestWait = Int64.max
    /// How far from the end of a timer a subject on the wall clock is told something.
    package var margin: Int64 = 0
    /// Words of memory for what other parties can do, about.
    package var mostWords = World.mostWords

    package init() {}
  }

  package init(
    _ subject: Subject,
    _ visibility: Visibility,
    mostBeliefs: Int,
    _ driven: any DrivenSubject,
    _ options: Options
  ) {
    world = World(subject, mostWords: options.mostWords)
    engine = BeliefEngine(subject, visibility, mostBeliefs: mostBeliefs)
    self.subject = driven
    pipeline = Pipeline(driven)
    self.options = options
  }

  /// The largest set of beliefs so far.
  package var highWater: Int { engine.highWater }

  /// Waits at the end of a run, so that what never comes is missed.
  private static let mostLastWaits = 12

  /// A run of random moves after those of a plan.
  ///
  /// - Parameters:
  ///   - number: which run it is; with the seed it says everything that is random.
  ///   - plan: moves to begin with.
  ///   - coverage: what runs before it took.
  ///   - stop: asked before each move.
  /// - Returns: the run, over or cut short.
  package func run(
    _ number: Int,
    after plan: [Move] = [],
    coverage: Coverage,
    _ stop: StopCheck? = nil
  ) -> DrivenRun {
    settled { attempt(number, after: plan, coverage: coverage, stop) }
  }

  /// The same, but while the subject answers, other runs are made. Each is handed over once its
  /// answers were looked at; the last in ``finish()``, before which nothing else may be run.
  package func runAhead(
    _ number: Int,
    after plan: [Move] = [],
    coverage: Coverage,
    _ stop: StopCheck? = nil,
    _ take: @escaping (DrivenRun) -> Void
  ) {
    makeAhead({ self.attempt(number, after: plan, coverage: coverage, stop) }, take)
  }

  private func makeAhead(
    _ attempt: @escaping () -> DrivenRun,
    _ take: @escaping (DrivenRun) -> Void
  ) {
    let run = attempt()
    if pipeline?.owe() ?? false {
      owed.append(Owed(run: run, attempt: attempt, take: take))
      handOver()
    } else if finish() {
      take(settled(run, attempt))
    } else {
      makeAhead(attempt, take)
    }
  }

  /// Hands over the runs whose answers were not looked at yet. False where one had other answers,
  /// so that one that was made since does not count.
  @discardableResult
  package func finish() -> Bool {
    var isRight = true
    while !owed.isEmpty {
      pipeline?.lookAtOwed()
      isRight = handOver() && isRight
    }
    return isRight
  }

  /// Hands over the owed runs that count. Where the next one does not, it is made again, and those
  /// that were made since.
  @discardableResult
  private func handOver() -> Bool {
    guard let (count, isRight) = pipeline?.verdict() else { return true }
    let again = isRight ? [] : owed[count...]
    let right = owed[..<count]
    owed = isRight ? Array(owed[count...]) : []
    for run in right { run.take(run.run) }
    if let first = again.first { first.take(settled(first.attempt)) }
    for run in again.dropFirst() { makeAhead(run.attempt, run.take) }
    return isRight
  }

  private func attempt(
    _ number: Int,
    after plan: [Move],
    coverage: Coverage,
    _ stop: StopCheck?
  ) -> DrivenRun {
    var mixer = RandomNumbers(seed: options.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    var chooser = MoveChooser(options.faults, seed: mixer.next(), coverage: coverage)
    var run = begin(through: pipeline)
    for move in plan where !run.isOver { run.make(move) }
    var isStopped: Bool { stop?.spend() ?? false }
    while !run.isOver, run.moves.count < plan.count + options.steps, !isStopped {
      guard let move = chooser.next(in: run) else { break }
      run.make(move)
    }
    var waits = 0
    while !run.isOver, waits < Self.mostLastWaits, !isStopped, run.make(.wait(.untilDue)) {
      waits += 1
    }
    return run
  }

  /// A run of given moves; those that do not apply are passed over.
  package func run(_ moves: [Move]) -> DrivenRun {
    settled {
      var run = begin(through: pipeline)
      for move in moves where !run.isOver { run.make(move) }
      return run
    }
  }

  /// A run of given inputs, with nobody around the subject.
  package func replay(_ inputs: [(input: SubjectInput, time: Int64)]) -> DrivenRun {
    var run = begin()
    for (input, time) in inputs where !run.isOver { run.replay(input, at: time) }
    return run
  }

  /// The shortest run that was found to fail in the same way.
  ///
  /// - Parameters:
  ///   - run: one that fails.
  ///   - budget: asked before each run; what is shortest by then is the answer.
  ///   - isSame: whether another failing run fails in the same way.
  /// - Returns: a run that fails in the same way, or the run itself.
  package func shrunk(
    _ run: DrivenRun,
    _ budget: Budget,
    isSame: @escaping (DrivenRun) -> Bool
  ) -> DrivenRun {
    var shrinker = Shrinker(mostTries: options.mostShrinks) { moves in
      if budget.isExhausted { return nil }
      let again = self.run(moves)
      return again.failure != nil && isSame(again) ? again.moves : nil
    }
    let moves = shrinker.shrink(run.moves)
    let result = self.run(moves)
    // A subject that does not do the same again keeps the run that was seen.
    return result.failure != nil && isSame(result) ? result : run
  }

  /// How often a run of these moves fails, of so many times.
  package func failures(of moves: [Move], times: Int) -> Int {
    (0..<times).count { _ in run(moves).failure != nil }
  }

  /// Makes a run until every answer in it is the subject's.
  private func settled(_ attempt: () -> DrivenRun) -> DrivenRun { settled(attempt(), attempt) }

  private func settled(_ first: DrivenRun, _ attempt: () -> DrivenRun) -> DrivenRun {
    var run = first
    while !(pipeline?.settle() ?? true) { run = attempt() }
    return run
  }

  func begin(through pipeline: Pipeline? = nil) -> DrivenRun {
    DrivenRun(
      world,
      engine,
      subject,
      through: pipeline,
      seed: options.seed,
      longestWait: options.longestWait,
      margin: options.margin
    )
  }
}
