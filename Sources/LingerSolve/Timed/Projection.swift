import LingerModel

/// The parameter values for which a sequence of edges can be run: exact projection.
///
/// A run along given edges is fixed by the moments of its steps, and each clock is the time since
/// the moment at which it was set; so all that the run needs are bounds on differences of moments.
/// Eliminating these leaves a conjunction over the parameters.
struct Projection {
  /// Why a projection was given up.
  typealias TooLarge = LinearElimination.TooLarge

  /// A part of a run.
  enum Part {
    case edge(Int)
    /// Any number of rounds that end where they begin.
    case rounds(Round)
  }

  private let problem: TimedProblem
  private var differences: TimeDifferences
  /// The last moment so far.
  private var now = 0
  private var location: Int
  /// When each clock was set last; the start where it never was.
  private var settings: [Int: Setting] = [:]

  private struct Setting {
    var moment: Int
    /// What the clock showed then, or at most where rounds leave it open.
    var value: LinearTerm
    var isExact = true
  }

  /// Projects the run along `path` that ends with `literals` true: which messages are alive (or
  /// not) after a last delay.
  static func region(
    _ problem: TimedProblem,
    path: [Int],
    literals: [(clock: Int, isAlive: Bool)],
    shouldStop: () -> String? = { nil }
  ) throws(TooLarge) -> [LinearConstraint] {
    let parts = path.map { Part.edge($0) }
    return try region(problem, parts, literals: literals, shouldStop: shouldStop) ?? []
  }

  /// The same for a run with rounds: values for which there is such a run, with some number of
  /// them. Nil where it reads what the rounds leave open.
  static func region(
    _ problem: TimedProblem,
    _ parts: [Part],
    literals: [(clock: Int, isAlive: Bool)],
    shouldStop: () -> String? = { nil }
  ) throws(TooLarge) -> [LinearConstraint]? {
    var projection = Projection(problem, moments: parts.count + 2)
    guard projection.run(parts, literals) else { return nil }
    return try projection.differences.parametersAllowed(shouldStop: shouldStop)
  }

  private init(_ problem: TimedProblem, moments: Int) {
    self.problem = problem
    location = problem.initial ?? 0
    differences = TimeDifferences(
      moments: moments,
      parameters: problem.graph.parameters.count
    )
  }

  private var zero: LinearTerm { .zero(problem.graph.parameters.count) }

  /// False where something is read that rounds leave open.
  private mutating func run(
    _ parts: [Part],
    _ literals: [(clock: Int, isAlive: Bool)]
  ) -> Bool {
    for part in parts {
      switch part {
      case .edge(let number): if !take(problem.edges[number]) { return false }
      case .rounds(let round): if !take(round) { return false }
      }
    }
    wait(exempting: [])
    for (clock, isAlive) in literals {
      guard let lifetime = problem.graph.lifetime(ofClock: clock) else { continue }
      if isAlive {
        add(clock, below: lifetime)
      } else if !add(clock, atLeast: lifetime) {
        return false
      }
    }
    return true
  }

  /// Lets time pass in the location, up to a new moment.
  private mutating func wait(exempting free: Set<Int>) {
    now += 1
    differences.add(now - 1, now, zero)
    addDeadlines(exempting: free)
  }

  private mutating func addDeadlines(exempting free: Set<Int> = []) {
    for deadline in problem.locations[location].deadlines where !free.contains(deadline.clock) {
      add(deadline.clock, atMost: deadline.bound, isStrict: deadline.isStrict)
    }
  }

  private mutating func take(_ edge: TimedProblem.Edge) -> Bool {
    wait(exempting: [])
    if let fires = edge.fires {
      add(fires.clock, atMost: fires.bound)
      guard add(fires.clock, atLeast: fires.bound) else { return false }
    }
    if let receives = edge.receives { add(receives.clock, below: receives.bound) }
    for test in edge.tests {
      if let isStrict = test.upper { add(test.clock, atMost: test.bound, isStrict: isStrict) }
      if let isStrict = test.lower {
        guard add(test.clock, atLeast: test.bound, isStrict: isStrict) else { return false }
      }
    }
    let before = settings
    for transfer in edge.transfers { settings[transfer.to] = before[transfer.from] }
    for clock in edge.resets { settings[clock] = Setting(moment: now, value: zero) }
    location = edge.target
    addDeadlines()
    return true
  }

  /// Time passes in rounds: any amount, since one round may take some.
  private mutating func take(_ round: Round) -> Bool {
    for clock in round.resets {
      // It begins as a round ends.
      add(clock, atMost: zero)
      guard add(clock, atLeast: zero) else { return false }
    }
    for (term, isStrict) in round.conditions {
      differences.add(now, now, term, isStrict: isStrict)
    }
    wait(exempting: round.resets)
    for limit in round.limits { add(limit.clock, atMost: limit.bound, isStrict: limit.isStrict) }
    for clock in round.resets {
      settings[clock] = Setting(
        moment: now,
        value: round.duration ?? zero,
        isExact: round.duration == nil
      )
    }
    addDeadlines()
    return true
  }

  private func setting(of clock: Int) -> Setting {
    settings[clock] ?? Setting(moment: 0, value: problem.graph.start(ofClock: clock))
  }

  private mutating func add(_ clock: Int, atMost bound: LinearTerm, isStrict: Bool = false) {
    let setting = setting(of: clock)
    differences.add(now, setting.moment, bound - setting.value, isStrict: isStrict)
  }

  private mutating func add(_ clock: Int, below bound: LinearTerm) {
    add(clock, atMost: bound, isStrict: true)
  }

  /// False where the clock's least value is open.
  private mutating func add(
    _ clock: Int,
    atLeast bound: LinearTerm,
    isStrict: Bool = false
  ) -> Bool {
    let setting = setting(of: clock)
    guard setting.isExact else { return false }
    differences.add(setting.moment, now, setting.value - bound, isStrict: isStrict)
    return true
  }
}
