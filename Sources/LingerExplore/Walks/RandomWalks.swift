package import LingerEval
package import LingerModel
private import Synchronization

/// Random walks on packed states: runs as ``RandomWalk`` makes them, many times as fast, and on
/// several threads.
///
/// A walk keeps its seed and its length. Its trace is made when somebody wants to see it, by
/// walking once more, and the evaluator runs it again. Every other state that a step leads to is
/// as likely as another, and so is that one of the steps fails; which steps lead there does not
/// count.
package struct RandomWalks {
  private let model: Model
  private let budget: Budget
  private let threads: Int
  private let beginnings: [State]
  private let evaluator: Evaluator

  /// One walk: how it went, without its states.
  package struct Walk: Sendable {
    package enum End: Sendable {
      case stuck
      case final
      case error
      case invariantViolated(Int)
      case unspecifiedReception(Envelope)
      case limit
      case stopped
    }

    package internal(set) var end = End.stopped
    package internal(set) var stepCount = 0
    package let seed: UInt64

    package var isViolation: Bool {
      switch end {
      case .stuck, .error, .invariantViolated, .unspecifiedReception: true
      case .final, .limit, .stopped: false
      }
    }
  }

  /// How many walks went how.
  package struct Outcome: Sendable {
    package fileprivate(set) var walkCount = 0
    package fileprivate(set) var stepCount = 0
    /// The first that found a mistake, else the first of all; nil where none was made.
    package fileprivate(set) var shown: Walk?
    /// Whether the budget ended them.
    package fileprivate(set) var isStopped = false
  }

  /// What is found does not depend on the number of threads.
  package init(_ model: Model, budget: Budget, threads: Int = 1) {
    self.model = model
    self.budget = budget
    self.threads = threads
    evaluator = Evaluator(model)
    beginnings = Array(evaluator.initialStates)
  }

  /// Walks until one finds a mistake, so many are made or the budget ends them. Walk number n has
  /// the seed plus n.
  package func walk(_ count: Int, seed: UInt64, maximumSteps: Int) -> Outcome {
    let perJob = max(1, Self.stepsOfJob / max(1, maximumSteps))
    let jobs = (count - 1) / perJob + 1
    let team = ThreadTeam(threads: min(threads, jobs))
    let end = EndOfWalks()
    let workers = (0..<team.count).map { _ in WalkWorker(model, beginnings, end.ending(budget)) }
    let parts = (0..<Self.jobsPerThread * team.count).map { _ in WalkedPart() }
    var outcome = Outcome()
    team.forEach(jobs, ahead: parts.count) { worker, job in
      let walks = job * perJob..<min(count, (job + 1) * perJob)
      workers[worker].walk(walks, seed: seed, maximumSteps, into: parts[job % parts.count])
    } take: { job in
      outcome.add(parts[job % parts.count])
      if outcome.isOver { end.come() }
      return !outcome.isOver
    }
    return outcome
  }

  /// Steps of a job at most, where they are several walks: well below a hundredth of a second.
  private static let stepsOfJob = 4096
  /// Jobs that are begun before the first of them is taken.
  private static let jobsPerThread = 8

  /// A walk with its states, up to so many steps, as the evaluator runs it.
  ///
  /// A failure is a mistake of ours: the walk took a step that the evaluator does not have.
  package func shown(_ walk: Walk, atMost count: Int) -> Result<RandomWalk, ReplayFailure> {
    let worker = WalkWorker(model, beginnings, .unlimited)
    let (start, steps) = worker.steps(of: walk, atMost: min(count, walk.stepCount))
    return Replay.run(steps, from: start ?? evaluator.declaredState, on: evaluator).map { trace in
      let end: RandomWalk.End =
        switch walk.end {
        case .stuck: .stuck
        case .final: .final
        case .error: trace.entries.last?.error.map { .error($0) } ?? .limit
        case .invariantViolated(let number): .invariantViolated(number)
        case .unspecifiedReception(let envelope): .unspecifiedReception(envelope)
        case .limit: .limit
        case .stopped: .stopped
        }
      return RandomWalk(trace: trace, end: end)
    }
  }
}

extension RandomWalks.Outcome {
  fileprivate var isOver: Bool { isStopped || shown?.isViolation == true }

  fileprivate mutating func add(_ part: WalkedPart) {
    walkCount += part.walkCount
    stepCount += part.stepCount
    shown = part.violation ?? shown ?? part.first
    isStopped = part.isStopped
  }
}

/// Ends walks that come after one that found a mistake.
private final class EndOfWalks: Sendable {
  private let isThere = Atomic<Bool>(false)

  func come() { isThere.store(true, ordering: .relaxed) }

  func ending(_ budget: Budget) -> Budget {
    var result = budget
    result.interruption = {
      self.isThere.load(ordering: .relaxed) ? "another walk was the last" : budget.interruption()
    }
    return result
  }
}

/// What some consecutive walks came to.
private final class WalkedPart {
  var walkCount = 0
  var stepCount = 0
  var first: RandomWalks.Walk?
  /// No walk comes after it.
  var violation: RandomWalks.Walk?
  var isStopped = false

  func begin() {
    walkCount = 0
    stepCount = 0
    first = nil
    violation = nil
    isStopped = false
  }

  /// Whether another one may follow.
  func add(_ walk: RandomWalks.Walk) -> Bool {
    walkCount += 1
    stepCount += walk.stepCount
    if first == nil { first = walk }
    if walk.isViolation { violation = walk }
    if case .stopped = walk.end { isStopped = true }
    return violation == nil && !isStopped
  }
}

/// One of those who walk at the same time. Each has its own table of local steps, so that none
/// waits for another.
private final class WalkWorker {
  private let model: Model
  private let beginnings: [State]
  private let budget: Budget
  private var size = LayoutSize()
  /// Made by the first walk: a spec with few needs few.
  private var walker: Walker?

  init(_ model: Model, _ beginnings: [State], _ budget: Budget) {
    self.model = model
    self.beginnings = beginnings
    self.budget = budget
  }

  func walk(_ walks: Range<Int>, seed: UInt64, _ maximumSteps: Int, into part: WalkedPart) {
    part.begin()
    if budget.exhaustion != nil {
      part.isStopped = true
      return
    }
    var walker = takeWalker()
    for number in walks {
      let walk = walk(seed: seed &+ UInt64(number), maximumSteps, with: &walker)
      if !part.add(walk) { break }
    }
    self.walker = consume walker
  }

  private func walk(
    seed: UInt64,
    _ maximumSteps: Int,
    with walker: inout Walker
  ) -> RandomWalks.Walk {
    var walk = RandomWalks.Walk(seed: seed)
    begin(seed: seed, with: &walker) { walker, numbers throws(LayoutOverflow) in
      walk = RandomWalks.Walk(seed: seed)
      try walker.run(&walk, maximumSteps: maximumSteps, numbers)
    }
    return walk
  }

  /// Where a walk begins, and its first steps.
  func steps(of walk: RandomWalks.Walk, atMost count: Int) -> (start: State?, steps: [Step]) {
    var steps: [Step] = []
    var walker = takeWalker()
    let place = begin(seed: walk.seed, with: &walker) { walker, numbers throws(LayoutOverflow) in
      steps = try walker.steps(atMost: count, numbers)
    }
    self.walker = consume walker
    return (place.map { beginnings[$0] }, steps)
  }

  private func takeWalker() -> Walker { walker.take() ?? Walker(model, size, StopCheck(budget)) }

  /// Has the walker begin, and goes on with the random numbers that follow; all of it again with a
  /// larger layout where one is too small. The place of the state in which it begins, if any.
  @discardableResult
  private func begin(
    seed: UInt64,
    with walker: inout Walker,
    _ walk: (inout Walker, RandomNumbers) throws(LayoutOverflow) -> Void
  ) -> Int? {
    guard !beginnings.isEmpty else { return nil }
    var numbers = RandomNumbers(seed: seed)
    let place = beginnings.count == 1 ? 0 : numbers.below(beginnings.count)
    while true {
      do throws(LayoutOverflow) {
        try walker.begin(place, beginnings[place])
        try walk(&walker, numbers)
        return place
      } catch {
        guard let larger = size.enlarged(after: error) else { return place }
        size = larger
        walker = Walker(model, size, StopCheck(budget))
      }
    }
  }
}
