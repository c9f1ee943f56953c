import LingerModel

/// An inductive invariant: for each location a formula over parameters and live clocks.
///
/// It is what makes a proof checkable without trusting the engine that found it.
struct InductiveInvariant {
  /// Clock unknowns that the formulas use, by clock.
  let clocks: [RealTerm]
  /// By location of the problem.
  let invariants: [BoolTerm]
}

/// Proves that no run of any length makes a property false.
///
/// One unknown relation for each location, over the parameters and the clocks that matter there,
/// and one rule for each edge with the delay before it; Spacer looks for relations that satisfy
/// all rules and exclude what is bad (Hoder and Bjørner, SAT 2012; Komuravelli, Gurfinkel,
/// Chaki, CAV 2014). What it finds is checked by plain queries before it counts.
struct Prover {
  enum Answer {
    case proved(InductiveInvariant)
    /// A run that makes the property false for some of the values.
    case refuted(BoundedSearch.Run)
    /// A run that makes one of the lemmas false for some of the values.
    case lemmaRefuted(Int, BoundedSearch.Run)
    case unknown(UndecidedReason)
  }

  let encoder: Encoder
  private let problem: TimedProblem
  let clocks: [RealTerm]
  /// Proofs of the problem's lemmas, which a proof may presume and then includes.
  var lemmas: [InductiveInvariant] = []

  init(_ encoder: Encoder) throws(Z3Error) {
    self.encoder = encoder
    problem = encoder.problem
    var unknowns: [RealTerm] = []
    for clock in problem.graph.clocks.indices {
      unknowns.append(try encoder.context.realConstant("clock.\(clock)"))
    }
    clocks = unknowns
  }

  /// Tries to prove the property for all parameter values that satisfy the assumptions.
  func prove(assuming assumptions: [BoolTerm], limits: SolverLimits) throws(Z3Error) -> Answer {
    guard let initial = problem.initial else {
      return .proved(InductiveInvariant(clocks: clocks, invariants: []))
    }
    let context = encoder.context
    var solver = try HornSolver(in: context)
    var relations: [Relation] = []
    for (number, location) in problem.locations.enumerated() {
      let sorts = [Sort](
        repeating: .real,
        count: encoder.parameters.count + location.live.count
      )
      // With its arity in the name: a context knows one signature of each.
      let relation = try Relation("states.\(number).\(sorts.count)", sorts, in: context)
      try solver.register(relation)
      relations.append(relation)
    }
    let goal = try Relation("bad.", [], in: context)
    try solver.register(goal)
    func at(_ location: Int, _ clock: (Int) -> RealTerm) throws(Z3Error) -> BoolTerm {
      try relations[location](encoder.parameters + problem.locations[location].live.map(clock))
    }
    let start = try encoder.clocksAtStart()
    try solver.addRule(
      "start",
      forAll: encoder.parameters,
      try context.conjunction(assumptions),
      implies: try at(initial) { start[$0] }
    )
    for (number, rule) in try rules(presuming: lemmas.count).enumerated() {
      // What is true everywhere need not be found out: it makes Spacer several times faster.
      let facts = try assumptions + clocksAreNotNegative(in: rule.source)
      let source = try at(rule.source) { clocks[$0] }
      let body = try context.conjunction([source] + facts + rule.conditions)
      let head =
        if let target = rule.target {
          try at(target) { rule.after[$0] }
        } else {
          try goal([])
        }
      try solver.addRule(
        "\(Self.rulePrefix)\(number)",
        forAll: encoder.parameters + rule.clocks.map { clocks[$0] } + [try delay],
        body,
        implies: head
      )
    }
    switch try solver.query(try goal([]), limits: limits) {
    case .reachable(let trace): return try refutation(trace, assumptions, limits)
    case .unknown(let reason): return .unknown(reason.undecided)
    case .unreachable(let found):
      var invariants: [BoolTerm] = []
      for (number, location) in problem.locations.enumerated() {
        let arguments = encoder.parameters + location.live.map { clocks[$0] }
        let invariant = try found.invariant(of: relations[number], arguments)
        invariants.append(
          try context.conjunction([invariant] + clocksAreNotNegative(in: number))
        )
      }
      return try checked(invariants, assuming: assumptions, limits: limits)
    }
  }

  /// What invariants that presume the lemmas prove: made inductive by themselves, and checked.
  func checked(
    _ found: [BoolTerm],
    assuming assumptions: [BoolTerm],
    limits: SolverLimits
  ) throws(Z3Error) -> Answer {
    var invariants = found
    for lemma in lemmas {
      for location in invariants.indices {
        invariants[location] = try invariants[location] && lemma.invariants[location]
      }
    }
    let certificate = InductiveInvariant(clocks: clocks, invariants: invariants)
    if let failure = try check(certificate, assuming: assumptions, limits: limits) {
      return .unknown("the proof that was found does not check: \(failure)")
    }
    return .proved(certificate)
  }

  /// Rules are numbered, those of the edges first.
  private static let rulePrefix = "rule"

  /// The run that a trace stands for, made sure of by a plain query.
  private func refutation(
    _ trace: HornTrace,
    _ assumptions: [BoolTerm],
    _ limits: SolverLimits
  ) throws(Z3Error) -> Answer {
    let numbers = trace.ruleNames.filter { $0.hasPrefix(Self.rulePrefix) }
      .compactMap { Int($0.dropFirst(Self.rulePrefix.count)) }
    let path = problem.connected(numbers.filter { $0 < problem.edges.count })
    let run = try path.flatMap { path throws(Z3Error) in
      try PathFormula.violation(
        along: path,
        assuming: assumptions,
        in: encoder,
        limits: limits
      )
    }
    guard let run else { return .unknown("the refutation that was found is not a run") }
    return .refuted(run)
  }

  func clocksAreNotNegative(in location: Int) throws(Z3Error) -> [BoolTerm] {
    let zero = try encoder.context.real(0)
    var result: [BoolTerm] = []
    for clock in problem.locations[location].live { result.append(try clocks[clock] >= zero) }
    return result
  }

  private var delay: RealTerm {
    get throws(Z3Error) { try encoder.context.realConstant("delay.") }
  }

  /// A step from a location: what must be true of its clocks, and the clocks afterwards; to
  /// nowhere where the property is false.
  private struct Rule {
    var source: Int
    var target: Int?
    /// Clocks that it mentions: those that matter in its source.
    var clocks: [Int]
    /// First what is true of its source whatever the step is: so many of them.
    var conditions: [BoolTerm]
    var waitingCount: Int
    var after: [RealTerm]
    var name: String
  }

  /// The steps of the problem, while its first so many lemmas are true.
  private func rules(presuming lemmaCount: Int = 0) throws(Z3Error) -> [Rule] {
    let context = encoder.context
    let zero = try context.real(0)
    let delay = try delay
    var waited: [RealTerm] = []
    for clock in clocks { waited.append(try clock + delay) }
    var waiting: [[BoolTerm]] = []
    for (number, location) in problem.locations.enumerated() {
      var facts = [try delay >= zero]
      facts += try encoder.deadlines(of: number) { waited[$0] }
      for refuted in location.refuted.prefix(lemmaCount) {
        facts.append(try !encoder.bad(refuted) { waited[$0] })
      }
      waiting.append(facts)
    }
    var result: [Rule] = []
    for (number, edge) in problem.edges.enumerated() {
      let after = clocks.indices.map { edge.origin(of: $0).map { waited[$0] } ?? zero }
      let conditions =
        waiting[edge.source] + (try encoder.tests(of: edge) { waited[$0] })
        + (try encoder.deadlines(of: edge.target) { after[$0] })
      result.append(
        Rule(
          source: edge.source,
          target: edge.target,
          clocks: problem.locations[edge.source].live,
          conditions: conditions,
          waitingCount: waiting[edge.source].count,
          after: after,
          name: "edge \(number)"
        )
      )
    }
    for (number, location) in problem.locations.enumerated()
    where location.bad != .constant(false) {
      let bad = try encoder.bad(location.bad) { waited[$0] }
      result.append(
        Rule(
          source: number,
          target: nil,
          clocks: location.live,
          conditions: waiting[number] + [bad],
          waitingCount: waiting[number].count,
          after: waited,
          name: "safety \(number)"
        )
      )
    }
    return result
  }

  /// The checks that make a certificate a proof: each must be unsatisfiable.
  ///
  /// Parameters never change, so that every one may presume the assumptions.
  func obligations(
    _ certificate: InductiveInvariant,
    assuming assumptions: [BoolTerm]
  ) throws(Z3Error) -> [(name: String, formula: BoolTerm)] {
    var result: [(name: String, formula: BoolTerm)] = []
    for obligation in try obligations(certificate) {
      let formula = try obligation.formula(in: encoder.context)
      result.append((obligation.name, try encoder.context.conjunction(assumptions + [formula])))
    }
    return result
  }

  /// That something cannot be true at once.
  private struct Obligation {
    var name: String
    /// The same for all that are about steps from one location.
    var premises: [BoolTerm] = []
    var rest: [BoolTerm]
    /// The location that the step is from; nil for none.
    var source: Int?

    func formula(in context: SolverContext) throws(Z3Error) -> BoolTerm {
      try context.conjunction(premises + rest)
    }
  }

  private func obligations(
    _ certificate: InductiveInvariant
  ) throws(Z3Error) -> [Obligation] {
    guard let initial = problem.initial else { return [] }
    var start = Substitution()
    for (clock, value) in zip(clocks, try encoder.clocksAtStart()) {
      start.replace(clock, by: value)
    }
    let beginning = try !start.applied(to: certificate.invariants[initial])
    var result = [Obligation(name: "initiation", rest: [beginning])]
    for rule in try rules() {
      var rest = Array(rule.conditions.dropFirst(rule.waitingCount))
      if let target = rule.target {
        var step = Substitution()
        for (clock, after) in zip(clocks, rule.after) { step.replace(clock, by: after) }
        rest.append(try !step.applied(to: certificate.invariants[target]))
      }
      result.append(
        Obligation(
          name: rule.name,
          premises: [certificate.invariants[rule.source]]
            + rule.conditions.prefix(rule.waitingCount),
          rest: rest,
          source: rule.source
        )
      )
    }
    return result
  }

  /// Checks a certificate by plain queries; the name of the first that fails. Throws
  /// ``Z3Error/interrupted`` where a limit or an interrupt comes first: then nothing has failed.
  func check(
    _ certificate: InductiveInvariant,
    assuming assumptions: [BoolTerm],
    limits: SolverLimits
  ) throws(Z3Error) -> String? {
    var solver = try Solver(in: encoder.context)
    let obligations = try obligations(certificate)
    var next = 0
    while next < obligations.count {
      let first = obligations[next]
      var group = [first]
      while next + group.count < obligations.count, group.count < Self.obligationsTogether,
        first.source != nil, obligations[next + group.count].source == first.source
      {
        group.append(obligations[next + group.count])
      }
      next += group.count
      // What is false of all at once is false of each.
      if group.count > 1, try areFalse(group, assumptions, &solver, limits) { continue }
      for obligation in group {
        let formula = try obligation.formula(in: encoder.context)
        switch try solver.answer(to: assumptions + [formula], limits) {
        case .unsatisfiable: continue
        case .satisfiable: return obligation.name
        case .unknown: throw .interrupted
        }
      }
    }
    return nil
  }

  /// Steps from one location that are asked about by one query: setting one up takes longer than
  /// most answers.
  private static let obligationsTogether = 16

  /// Whether none of the obligations about steps from one location can be true.
  private func areFalse(
    _ group: [Obligation],
    _ assumptions: [BoolTerm],
    _ solver: inout Solver,
    _ limits: SolverLimits
  ) throws(Z3Error) -> Bool {
    let context = encoder.context
    var ways: [BoolTerm] = []
    for obligation in group { ways.append(try context.conjunction(obligation.rest)) }
    let some = try context.disjunction(ways)
    return try solver.refutes(assumptions + (group.first?.premises ?? []) + [some], limits)
  }

  /// Which of the assumptions a certificate needs: none of them can be left out.
  func needed(
    _ certificate: InductiveInvariant,
    of assumptions: [BoolTerm],
    limits: SolverLimits
  ) throws(Z3Error) -> [Int] {
    let obligations = try obligations(certificate)
    var users = [[Int]](repeating: [], count: assumptions.count)
    var solver = try Solver(in: encoder.context)
    for (number, obligation) in obligations.enumerated() {
      try solver.push()
      try solver.assert(try obligation.formula(in: encoder.context))
      for (index, assumption) in assumptions.enumerated() {
        try solver.assertAndTrack(assumption, name: "assumption.\(index)")
      }
      guard case .unsatisfiable = try solver.check(limits: limits) else {
        return Array(assumptions.indices)
      }
      let core = Set(try solver.unsatCoreNames())
      for index in assumptions.indices where core.contains("assumption.\(index)") {
        users[index].append(number)
      }
      try solver.pop()
    }
    var kept = assumptions.indices.filter { !users[$0].isEmpty }
    for index in kept.reversed() {
      let fewer = kept.filter { $0 != index }
      let others = fewer.map { assumptions[$0] }
      var isNeeded = false
      for number in users[index] where !isNeeded {
        let formula = try obligations[number].formula(in: encoder.context)
        isNeeded = try !solver.refutes(others + [formula], limits)
      }
      if isNeeded { continue }
      // Its users now rest on the others; they must stay if one of them is tried next.
      for other in fewer {
        users[other] = Array(Set(users[other] + users[index])).sorted()
      }
      kept = fewer
    }
    return kept
  }
}

extension TimedProblem {
  /// A path from the start through these edges: where one does not begin where the last one ended,
  /// the fewest edges that lead there stand between. Z3 leaves steps out of the start of a trace
  /// where its rules ask for nothing. Nil where nothing leads there.
  fileprivate func connected(_ numbers: [Int]) -> [Int]? {
    guard var location = initial else { return nil }
    var result: [Int] = []
    for number in numbers {
      guard let gap = shortestPath(from: location, to: edges[number].source) else { return nil }
      result += gap + [number]
      location = edges[number].target
    }
    return result
  }

  private func shortestPath(from start: Int, to end: Int) -> [Int]? {
    if start == end { return [] }
    var cameBy: [Int: Int] = [:]
    var level = [start]
    while !level.isEmpty, cameBy[end] == nil {
      var next: [Int] = []
      let isHere = Set(level)
      for (number, edge) in edges.enumerated()
      where isHere.contains(edge.source) && edge.target != start && cameBy[edge.target] == nil {
        cameBy[edge.target] = number
        next.append(edge.target)
      }
      level = next
    }
    var path: [Int] = []
    var location = end
    while location != start {
      guard let number = cameBy[location] else { return nil }
      path.append(number)
      location = edges[number].source
    }
    return path.reversed()
  }
}

extension Solver {
  /// Whether formulas contradict each other and what was asserted before; leaves nothing behind.
  mutating func refutes(_ formulas: [BoolTerm], _ limits: SolverLimits) throws(Z3Error) -> Bool {
    try answer(to: formulas, limits) == .unsatisfiable
  }

  /// The answer with these formulas asserted besides, which are forgotten again.
  fileprivate mutating func answer(
    to formulas: [BoolTerm],
    _ limits: SolverLimits
  ) throws(Z3Error) -> CheckAnswer {
    try push()
    for formula in formulas { try assert(formula) }
    let answer = try check(limits: limits)
    try pop()
    return answer
  }
}
