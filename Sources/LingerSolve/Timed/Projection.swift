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
  private let order: RunOrder
  private(set) var bounds: [MomentBound] = []
  /// The last moment so far: the start is the first one, then each part has one, then the end.
  private var now = 0
  private var location: Int
  /// When each clock was set last; the start where it never was.
  private var settings: [Int: Setting] = [:]
  /// Every moment at which a clock was set.
  private var resets: [Int: [Int]] = [:]
  /// Where steps are ordered by what causes them: when each message was sent first, and the last
  /// moment of each instance.
  private var sent: [Int: Int] = [:]
  private var latest: [Int: Int] = [:]

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
    order: RunOrder = .asFound,
    budget: Budget = .unlimited
  ) throws(TooLarge) -> [LinearConstraint] {
    let bounds = bounds(problem, path: path, literals: literals, order: order)
    return try region(problem, bounds, moments: path.count + 2, budget)
  }

  /// What the moments of such a run satisfy: 0 is the start, then one for each edge, then the end.
  static func bounds(
    _ problem: TimedProblem,
    path: [Int],
    literals: [(clock: Int, isAlive: Bool)],
    order: RunOrder
  ) -> [MomentBound] {
    var projection = Projection(problem, order)
    // Without rounds every clock's value is known.
    _ = projection.run(path.map { Part.edge($0) }, literals)
    return projection.bounds
  }

  /// The same for a run with rounds: values for which there is such a run, with some number of
  /// them. Nil where it reads what the rounds leave open.
  static func region(
    _ problem: TimedProblem,
    _ parts: [Part],
    literals: [(clock: Int, isAlive: Bool)],
    budget: Budget = .unlimited
  ) throws(TooLarge) -> [LinearConstraint]? {
    var projection = Projection(problem, .asFound)
    guard projection.run(parts, literals) else { return nil }
    return try region(problem, projection.bounds, moments: parts.count + 2, budget)
  }

  private static func region(
    _ problem: TimedProblem,
    _ bounds: [MomentBound],
    moments: Int,
    _ budget: Budget
  ) throws(TooLarge) -> [LinearConstraint] {
    var differences = TimeDifferences(
      moments: moments,
      parameters: problem.graph.parameters.count
    )
    for bound in bounds {
      differences.add(bound.later, bound.earlier, bound.term, isStrict: bound.isStrict)
    }
    return try differences.parametersAllowed(budget: budget)
  }

  private init(_ problem: TimedProblem, _ order: RunOrder) {
    self.problem = problem
    self.order = order
    location = problem.initial ?? 0
  }

  private var zero: LinearTerm { .zero(problem.graph.parameters.count) }

  /// False where something is read that rounds leave open.
  private mutating func run(
    _ parts: [Part],
    _ literals: [(clock: Int, isAlive: Bool)]
  ) -> Bool {
    for part in parts {
      switch part {
      case .edge(let number):
        if !take(problem.edges[number], number: number) { return false }
      case .rounds(let round): if !take(round) { return false }
      }
    }
    wait(exempting: [])
    for (clock, isAlive) in literals {
      guard let lifetime = problem.graph.lifetime(ofClock: clock) else { continue }
      if isAlive {
        add(clock, below: lifetime)
        continue
      }
      guard add(clock, atLeast: lifetime) else { return false }
      // Which of them is the latest is open where steps are ordered by what causes them.
      for moment in resets[clock] ?? [] { add(moment, now, -lifetime) }
    }
    return true
  }

  /// Lets time pass in the location, up to a new moment.
  private mutating func wait(exempting free: Set<Int>) {
    now += 1
    switch order {
    case .asFound: add(now - 1, now, zero)
    case .causal:
      for moment in [0] + latest.values.sorted() { add(moment, now, zero) }
    }
    addDeadlines(exempting: free)
  }

  /// The same for one instance, whose own timers are all that can hold it up.
  private mutating func wait(for instance: Int) {
    now += 1
    add(latest[instance] ?? 0, now, zero)
    latest[instance] = now
    addDeadlines(of: instance)
  }

  /// What arrives was sent before: last, where it may be dead by now, else at any time.
  private mutating func arrive(_ edge: ControlGraph.Edge) {
    if let receives = edge.receives {
      add(setting(of: receives.clock).moment, now, zero)
    } else if let message = edge.arriving, let moment = sent[message] {
      add(moment, now, zero)
    }
    for number in edge.sends where sent[number] == nil { sent[number] = now }
  }

  private mutating func addDeadlines(of instance: Int? = nil, exempting free: Set<Int> = []) {
    for deadline in problem.locations[location].deadlines where !free.contains(deadline.clock) {
      if let instance, !problem.graph.clocks[deadline.clock].isTimer(of: instance) { continue }
      add(deadline.clock, atMost: deadline.bound, isStrict: deadline.isStrict)
    }
  }

  private mutating func take(_ edge: TimedProblem.Edge, number: Int) -> Bool {
    let instance = order == .causal ? problem.graph.edges[number].step?.instance : nil
    if let instance { wait(for: instance) } else { wait(exempting: []) }
    if instance != nil { arrive(problem.graph.edges[number]) }
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
    for clock in edge.resets {
      settings[clock] = Setting(moment: now, value: zero)
      resets[clock, default: []].append(now)
    }
    location = edge.target
    addDeadlines(of: instance)
    return true
  }

  /// Time passes in rounds: any amount, since one round may take some.
  private mutating func take(_ round: Round) -> Bool {
    for clock in round.resets {
      // It begins as a round ends.
      add(clock, atMost: zero)
      guard add(clock, atLeast: zero) else { return false }
    }
    for (term, isStrict) in round.conditions { add(now, now, term, isStrict: isStrict) }
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

  private mutating func add(
    _ later: Int,
    _ earlier: Int,
    _ term: LinearTerm,
    isStrict: Bool = false
  ) {
    bounds.append(MomentBound(later: later, earlier: earlier, term: term, isStrict: isStrict))
  }

  private mutating func add(_ clock: Int, atMost bound: LinearTerm, isStrict: Bool = false) {
    let setting = setting(of: clock)
    add(now, setting.moment, bound - setting.value, isStrict: isStrict)
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
    add(setting.moment, now, setting.value - bound, isStrict: isStrict)
    return true
  }
}
