import LingerConform
package import LingerDrive
import LingerExplore
import LingerKernel
package import LingerModel
package import LingerReport

/// What a run of `test` is asked to do.
package struct DrivingOptions: Sendable {
  /// The instance that is driven; nil for the first that can be.
  package var subject: String?
  package var runs = 1000
  package var steps = 40
  package var seed: UInt64 = 1
  package var faults: Faults = .network
  package var mostBeliefs = 4096
  /// Threads of the explorer that makes the plans.
  package var threads = 1
  /// Subjects that are driven at once, each on a thread of its own.
  package var subjects = 1
  /// How long a subject on the wall clock must be quiet to be silent, and how long it is waited for
  /// at most; in nanoseconds.
  package var quietTime: Int64 = 50_000_000
  package var longestWait: Int64 = 2_000_000_000
  /// Whether to go on after a failure, until the runs are made: one of each sort is told.
  package var findsAll = false
  /// Asked now and then; a reason ends the run.
  package var budget = Budget.unlimited

  package init() {}
}

/// Drives an implementation against a spec: replays, planned runs, then random ones; the first
/// failure is shrunk.
package final class Driving {
  package let conformance: Conformance
  private let options: DrivingOptions
  /// The first shrinks and replays; the others are set up when runs begin.
  private var drivers: [Driver]
  private let makeDriver: () -> Driver
  private var team: ThreadTeam?
  private var coverage = Coverage()
  /// To transitions first, then to cells of the matrix.
  private var plans: [[Move]] = []
  private var cellPlans = 0..<0
  private var knownSorts: Set<String> = []
  package private(set) var result: DrivenSpec

  private var driver: Driver { drivers[0] }

  /// Runs that share what was covered before them: a run depends on those of earlier rounds only.
  /// What is covered changes less and less, and subjects wait for each other at the end of a round.
  private static func runsInRound(after count: Int) -> Int { min(max(32, count / 8), 1024) }
  /// Repetitions that tell whether a failure is always there.
  private static let repetitions = 5

  /// - Parameters:
  ///   - specification: loaded for following.
  ///   - name: what is driven, for reports.
  ///   - options: the rest.
  ///   - makeSubject: makes what is driven, once for each that is driven at the same time.
  /// - Throws: why the spec cannot be held against anything.
  package init(
    _ specification: Specification,
    name: String,
    _ options: DrivingOptions,
    makeSubject: @escaping (Conformance) -> any DrivenSubject
  ) throws(UnusableSpec) {
    var conforming = ConformanceOptions()
    conforming.subject = options.subject
    conforming.mostBeliefs = options.mostBeliefs
    conforming.budget = options.budget
    let known = try Conformance(specification, profiles: [], .driven, conforming)
    let driven = makeSubject(known)
    let isVirtual = driven.hasVirtualTime
    let visibility =
      isVirtual ? ConformanceVisibility.driven : .drivenByClock(quiet: options.quietTime)
    conformance =
      isVirtual ? known : try Conformance(specification, profiles: [], visibility, conforming)
    conformance.placeName = "step"
    conformance.inputsMayBeLost = false
    self.options = options
    result = DrivenSpec(specification.reported, subject: name)
    result.seed = options.seed
    var settings = Driver.Options()
    settings.steps = options.steps
    settings.faults = options.faults
    settings.seed = options.seed
    let subject = try conformance.drivenSubject()
    if !isVirtual {
      settings.longestWait = options.longestWait
      settings.margin = options.quietTime
    }
    func driver(_ driven: any DrivenSubject) -> Driver {
      Driver(subject, visibility.value, mostBeliefs: options.mostBeliefs, driven, settings)
    }
    drivers = [driver(driven)]
    makeDriver = { driver(makeSubject(known)) }
  }

  /// Works out runs that lead to each transition of the subject, and then to cells of the matrix;
  /// they are made first.
  ///
  /// - Parameter specification: the same spec, loaded to be explored.
  package func plan(exploring specification: Specification) {
    guard let planner = CoveragePlanner(conformance, exploring: specification) else { return }
    plans = planner.plans(threads: options.threads, budget: options.budget)
    let budget = (options.runs - plans.count) / 2
    guard budget > 0 else { return }
    let matrix = driver.matrix(along: plans, options.budget)
    result.cellCount = matrix.plans.count
    cellPlans = plans.count..<(plans.count + min(budget, matrix.plans.count))
    plans += matrix.plans.prefix(budget)
  }

  /// Makes all the runs, until one fails.
  package func run() {
    var next = 0
    let total = max(options.runs, plans.count)
    while next < total, goesOn {
      if let reason = options.budget.exhaustion {
        result.interruption = reason.text
        break
      }
      let round = next..<min(next + Self.runsInRound(after: next), total)
      take(runs(round), from: round.lowerBound)
      next = round.upperBound
    }
    finish()
  }

  private var goesOn: Bool {
    result.problem == nil
      && (options.findsAll ? result.failures.count < Self.mostFailures : result.failures.isEmpty)
  }

  /// More sorts of failure are not looked for.
  private static let mostFailures = 100

  /// A round of runs, in order, whoever makes them.
  private func runs(_ numbers: Range<Int>) -> [MadeRun] {
    let (coverage, options, plans) = (coverage, options, plans)
    let team = team ?? ThreadTeam(threads: options.subjects)
    self.team = team
    while drivers.count < team.count { drivers.append(makeDriver()) }
    let shifts = drivers.map { Shift($0, options.budget) }
    team.forEach(numbers.count) { worker, job in
      let number = numbers.lowerBound + job
      let plan = number < plans.count ? plans[number] : []
      shifts[worker].run(number, after: plan, coverage)
    }
    for shift in shifts { shift.finish() }
    return shifts.flatMap(\.runs).sorted { $0.number < $1.number }
  }

  private func take(_ runs: [MadeRun], from first: Int) {
    for (offset, run) in runs.enumerated() {
      result.runCount += 1
      if first + offset < plans.count { result.plannedCount += 1 }
      if cellPlans.contains(first + offset) { result.triedCellCount += 1 }
      count(run)
      coverage.add(run.taken)
      if let problem = run.problem {
        result.problem = problem
        return
      }
      if let failed = run.failed {
        fail(failed, number: first + offset + 1)
        if !goesOn { return }
      }
    }
  }

  private func count(_ run: MadeRun) {
    result.exchangeCount += run.exchangeCount
    result.refusedCount += run.refusedCount
    guard let end = run.end else { return }
    if let place = result.ends.firstIndex(where: { $0.reason == end }) {
      result.ends[place].count += 1
    } else {
      result.ends.append((end, 1))
    }
  }

  private func fail(_ run: DrivenRun, number: Int) {
    let sort = conformance.sort(of: run)
    guard knownSorts.insert(sort).inserted else { return }
    let options = options
    let conformance = conformance
    let kind = run.failure?.kind
    let shrunk = driver.shrunk(run, options.budget) { other in
      other.failure?.kind == kind && (!options.findsAll || conformance.sort(of: other) == sort)
    }
    var failure = conformance.failure(of: shrunk)
    failure.run = number
    failure.originalCount = run.exchanges.count
    let failed = driver.failures(of: shrunk.moves, times: Self.repetitions)
    failure.rate = (failed, Self.repetitions)
    result.failures.append(failure)
  }

  private func finish() {
    let role = conformance.subject.model.roles[conformance.subject.role]
    result.coverage = role.transitions.map { number in
      (conformance.subject.model.transitions[number].name, coverage.count(number))
    }
    result.pairCount = coverage.pairCount
    result.highWater = drivers.reduce(0) { max($0, $1.highWater) }
  }

  /// Checks the adapter in place of the implementation behind it.
  ///
  /// - Parameter channel: lines to and from the program, which is started by it.
  package func checkAdapter(_ channel: any LineChannel) {
    let run = driver.run(0, coverage: coverage)
    guard run.problem == nil || run.exchanges.isEmpty else {
      result.problem = run.problem
      return
    }
    result.adapterChecks = AdapterCheck(conformance, channel)
      .run(run.exchanges.map { ($0.input, $0.time) })
  }

  // Replays.

  package func cannotRead(_ name: String) { result.inputError = "cannot read '\(name)'" }

  /// Runs the saved runs of a file again, input by input, until one fails.
  package func replay(_ bytes: [UInt8], named name: String) {
    let runs: [RunFile.Inputs]
    do throws(TraceFileError) {
      runs = try RunFile.runs(of: bytes, for: conformance)
    } catch {
      result.inputError = "\(name): \(error.message)"
      return
    }
    for inputs in runs where result.problem == nil && result.failures.isEmpty {
      replay(inputs, named: name)
    }
    finish()
  }

  private func replay(_ inputs: RunFile.Inputs, named name: String) {
    let run = driver.replay(inputs)
    result.regressionCount += 1
    count(MadeRun(0, run))
    coverage.add(run.taken)
    result.problem = run.problem
    if run.failure != nil {
      var failure = conformance.failure(of: run)
      failure.replay = name
      failure.originalCount = failure.steps.count
      result.failures.append(failure)
    }
  }
}

/// What is told of a run. The rest is let go where it was made, and at once: many runs are made
/// before they are looked at.
private struct MadeRun {
  let number: Int
  let exchangeCount: Int
  let refusedCount: Int
  let end: String?
  let problem: String?
  let taken: [Int]
  /// All of it, where it fails.
  let failed: DrivenRun?

  init(_ number: Int, _ run: DrivenRun) {
    self.number = number
    exchangeCount = run.exchanges.count
    refusedCount = run.refusedCount
    end = run.end
    problem = run.problem
    taken = run.taken
    failed = run.failure == nil ? nil : run
  }
}

/// What one driver does of a round.
private final class Shift {
  private let driver: Driver
  private let stop: StopCheck
  private(set) var runs: [MadeRun] = []

  /// Asking may take a look at the system: now and then is enough.
  private static let movesBetweenLooks = 256

  init(_ driver: Driver, _ budget: Budget) {
    self.driver = driver
    stop = StopCheck(budget, every: Self.movesBetweenLooks)
  }

  func run(_ number: Int, after plan: [Move], _ coverage: Coverage) {
    driver.runAhead(number, after: plan, coverage: coverage, stop) { [self] run in
      runs.append(MadeRun(number, run))
    }
  }

  func finish() { driver.finish() }
}

extension Conformance {
  /// The subject with nothing to tell explanations apart but what they are.
  fileprivate func drivenSubject() throws(UnusableSpec) -> Subject {
    do throws(Unfollowable) {
      return try Subject(
        subject.instance,
        of: subject.model,
        sharing: subject.kernel,
        tellsHistory: false
      )
    } catch {
      throw .unfit(error.reason)
    }
  }
}
