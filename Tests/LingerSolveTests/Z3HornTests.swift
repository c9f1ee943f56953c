import LingerModel
import LingerSolve
import Testing

@Suite("Z3: Horn systems", .tags(.solver))
struct Z3HornTests {
  let context: SolverContext
  /// Where a timer runs: the limit and the clock.
  let waiting: Relation
  let done: Relation
  let bad: Relation
  let limit: RealTerm
  let clock: RealTerm
  let delay: RealTerm

  init() throws {
    context = try SolverContext()
    waiting = try Relation("Waiting", [.real, .real], in: context)
    done = try Relation("Done", [.real, .real, .bool], in: context)
    bad = try Relation("Bad", [], in: context)
    limit = try context.realConstant("limit")
    clock = try context.realConstant("clock")
    delay = try context.realConstant("delay")
  }

  /// A clock that runs up to the limit, then a state that may keep waiting; bad when the clock
  /// is at `bound` times the limit.
  private func system(badFrom bound: Int) throws -> HornSolver {
    var horn = try HornSolver(in: context)
    for relation in [waiting, done, bad] { try horn.register(relation) }
    let zero = try context.real(0)
    let flag = try context.boolConstant("flag")
    let later = try clock + delay
    try horn.addRule(
      "start",
      forAll: [limit],
      limit > zero,
      implies: waiting([limit, zero])
    )
    try horn.addRule(
      "wait",
      forAll: [limit, clock, delay],
      waiting([limit, clock]) && delay >= zero && later <= limit,
      implies: waiting([limit, later])
    )
    try horn.addRule(
      "expire",
      forAll: [limit, clock],
      waiting([limit, clock]) && clock.isEqual(to: limit),
      implies: done([limit, clock, context.truth(true)])
    )
    try horn.addRule(
      "linger",
      forAll: [limit, clock, delay, flag],
      done([limit, clock, flag]) && delay >= zero && later < 2 * limit,
      implies: done([limit, later, flag])
    )
    try horn.addRule(
      "alarm",
      forAll: [limit, clock, flag],
      done([limit, clock, flag]) && flag && clock >= bound * limit,
      implies: bad([])
    )
    return horn
  }

  @Test("prove safety with invariants that satisfy every rule")
  func safe() throws {
    let horn = try system(badFrom: 2)
    switch try horn.query(bad([])) {
    case .reachable(let trace): Issue.record("unexpected trace \(trace)")
    case .unknown(let reason): Issue.record("unknown: \(reason)")
    case .unreachable(let invariants):
      let zero = try context.real(0)
      let flag = try context.boolConstant("flag")
      let later = try clock + delay
      let inWaiting = try invariants.invariant(of: waiting, [limit, clock])
      let inDone = try invariants.invariant(of: done, [limit, clock, flag])
      #expect(
        try Set(inDone.freeConstants()).isSubset(of: [.real(limit), .real(clock), .bool(flag)])
      )
      // Initiation, each step, and safety, by plain queries on the formulas.
      let first = try invariants.invariant(of: waiting, [limit, zero])
      #expect(try context.isValid((limit > zero).implies(first)))
      let waited = try invariants.invariant(of: waiting, [limit, later])
      #expect(
        try context.isValid(
          (inWaiting && delay >= zero && later <= limit).implies(waited)
        )
      )
      let expired = try invariants.invariant(of: done, [limit, clock, context.truth(true)])
      #expect(try context.isValid((inWaiting && clock.isEqual(to: limit)).implies(expired)))
      let lingered = try invariants.invariant(of: done, [limit, later, flag])
      #expect(
        try context.isValid(
          (inDone && delay >= zero && later < 2 * limit).implies(lingered)
        )
      )
      #expect(try context.isValid(!(inDone && flag && clock >= 2 * limit)))
    }
  }

  @Test("refute safety with the rules that lead to the goal")
  func unsafe() throws {
    let horn = try system(badFrom: 1)
    switch try horn.query(bad([])) {
    case .unreachable: Issue.record("unexpected proof")
    case .unknown(let reason): Issue.record("unknown: \(reason)")
    case .reachable(let trace):
      #expect(trace.ruleNames.first == "start")
      #expect(trace.ruleNames.last == "alarm")
      #expect(trace.ruleNames.contains("expire"))
    }
  }

  @Test("know relations that nothing fills")
  func emptyRelation() throws {
    var horn = try HornSolver(in: context)
    for relation in [waiting, done, bad] { try horn.register(relation) }
    let flag = try context.boolConstant("flag")
    try horn.addRule(
      "never",
      forAll: [limit, clock, flag],
      waiting([limit, clock]) && flag,
      implies: done([limit, clock, flag])
    )
    try horn.addRule(
      "alarm",
      forAll: [limit, clock, flag],
      done([limit, clock, flag]),
      implies: bad([])
    )
    guard case .unreachable(let invariants) = try horn.query(bad([])) else {
      Issue.record("an empty relation was reached")
      return
    }
    let first = try invariants.invariant(of: waiting, [limit, clock])
    let second = try invariants.invariant(of: done, [limit, clock, flag])
    #expect(try context.isValid(!first && !second))
  }

  @Test("stop at their limits with a reason, and leave the context usable")
  func limits() throws {
    for limits in [SolverLimits(timeoutMilliseconds: 100), SolverLimits(resourceUnits: 200_000)] {
      // Bad needs y > 2 and x < y, but x grows like the square of y: no linear invariant.
      var horn = try HornSolver(in: context)
      for relation in [waiting, bad] { try horn.register(relation) }
      let zero = try context.real(0)
      try horn.addRule("start", forAll: [], context.truth(true), implies: waiting([zero, zero]))
      try horn.addRule(
        "grow",
        forAll: [limit, clock],
        waiting([limit, clock]),
        implies: waiting([limit + clock, clock + context.real(1)])
      )
      try horn.addRule(
        "alarm",
        forAll: [limit, clock],
        waiting([limit, clock]) && limit < clock && clock > context.real(3),
        implies: bad([])
      )
      guard case .unknown(let reason) = try horn.query(bad([]), limits: limits) else {
        Issue.record("expected a limit")
        return
      }
      #expect(reason == (limits.resourceUnits == nil ? .timeLimit : .resourceLimit))
    }
    try safe()
  }

  @Test("stop when interrupted")
  func interruption() throws {
    var horn = try HornSolver(in: context)
    for relation in [waiting, bad] { try horn.register(relation) }
    let zero = try context.real(0)
    try horn.addRule("start", forAll: [], context.truth(true), implies: waiting([zero, zero]))
    try horn.addRule(
      "grow",
      forAll: [limit, clock],
      waiting([limit, clock]),
      implies: waiting([limit + clock, clock + context.real(1)])
    )
    try horn.addRule(
      "alarm",
      forAll: [limit, clock],
      waiting([limit, clock]) && limit < clock && clock > context.real(3),
      implies: bad([])
    )
    let request = InterruptRequest(context.interrupter, spins: 50_000_000)
    request.start()
    guard case .unknown(.interrupted) = try horn.query(bad([])) else {
      Issue.record("expected an interruption")
      return
    }
    request.finish()
    context.resume()
    try safe()
  }
}
