import Foundation
import LingerSolve
import Testing

/// Memory that is never given back shows as growth, and only so: an object of Z3 that we forget to
/// release stays in its context's list and goes with the context, so that leak checkers find
/// nothing lost. For invalid accesses run the program itself under one:
/// `valgrind --leak-check=full .build/debug/linger check SPEC` (test runners stop valgrind 3.19).
@Suite("Z3: memory", .tags(.solver), .serialized)
struct Z3MemoryTests {
  private static let solves = 10_000

  @Test("does not grow over many checks in one context")
  func oneContext() throws {
    let context = try SolverContext()
    for _ in 0..<Self.solves / 10 { try solveOnce(in: context) }
    // Z3 notes 8 bytes for each term that a call gives out, as long as the context lives.
    try expectGrowth(below: 16 << 20) {
      for _ in 0..<Self.solves { try solveOnce(in: context) }
    }
  }

  @Test("does not grow over many contexts")
  func manyContexts() throws {
    for _ in 0..<Self.solves / 20 { try solveOnce(in: SolverContext()) }
    try expectGrowth(below: 8 << 20) {
      for _ in 0..<Self.solves / 10 { try solveOnce(in: SolverContext()) }
    }
  }

  @Test("does not grow over many proofs, projections and optimizations")
  func otherEngines() throws {
    for _ in 0..<Self.solves / 100 { try askEverything(in: SolverContext()) }
    try expectGrowth(below: 8 << 20) {
      for _ in 0..<Self.solves / 50 { try askEverything(in: SolverContext()) }
    }
  }

  private func solveOnce(in context: SolverContext) throws {
    let (x, y) = (try context.realConstant("x"), try context.realConstant("y"))
    var solver = try Solver(in: context)
    try solver.assertAndTrack(x < y, name: "first")
    try solver.assert(2 * x > y + context.real(1))
    guard try solver.check() == .satisfiable else {
      Issue.record("expected a model")
      return
    }
    _ = try solver.model().value(of: x + y)
    try solver.push()
    try solver.assert(y < x)
    guard try solver.check() == .unsatisfiable else {
      Issue.record("expected a contradiction")
      return
    }
    _ = try solver.unsatCoreNames()
    try solver.pop()
  }

  private func askEverything(in context: SolverContext) throws {
    let (n, x) = (try context.intConstant("n"), try context.realConstant("x"))
    let optimizer = try Optimizer(in: context)
    try optimizer.assert(n > context.int(3))
    try optimizer.minimize(n)
    guard try optimizer.check() == .satisfiable else { return }
    _ = try optimizer.model().value(of: n)
    _ = try context.eliminate([x], from: x < context.realConstant("y") && x > context.real(0))
    let (reached, bad) = (
      try Relation("Reached", [.real], in: context), try Relation("Bad", [], in: context)
    )
    for bound in [0, 10] {
      var horn = try HornSolver(in: context)
      try horn.register(reached)
      try horn.register(bad)
      try horn.addRule(
        "start",
        forAll: [],
        context.truth(true),
        implies: reached([context.real(0)])
      )
      try horn.addRule(
        "step",
        forAll: [x],
        reached([x]) && x < context.real(5),
        implies: reached([x + context.real(1)])
      )
      try horn.addRule(
        "alarm",
        forAll: [x],
        reached([x]) && x > context.real(bound),
        implies: bad([])
      )
      switch try horn.query(bad([])) {
      case .unreachable(let invariants): _ = try invariants.invariant(of: reached, [x])
      case .reachable(let trace): #expect(trace.ruleNames.first == "start")
      case .unknown(let reason): Issue.record("unknown: \(reason)")
      }
    }
  }

  /// Rounds of work, one of which must grow by little: other tests of the process grow at times,
  /// a leak grows in every round.
  private static let rounds = 4

  private func expectGrowth(below limit: Int, _ work: () throws -> Void) throws {
    var growths: [Int] = []
    for _ in 0..<Self.rounds {
      let before = try residentBytes()
      try work()
      let growth = try residentBytes() - before
      if growth < limit { return }
      growths.append(growth)
    }
    Issue.record("grew by \(growths) bytes")
  }

  /// Memory that the process holds, as the kernel counts it.
  private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
