import LingerModel
import LingerSolve
import Testing

@Suite("Z3: elimination of quantifiers", .tags(.solver))
struct Z3EliminationTests {
  let context: SolverContext

  init() throws { context = try SolverContext() }

  @Test("projects a path on its parameters")
  func projection() throws {
    // Sent at s, received at r less than a lifetime later, but after the wait is over.
    let (lifetime, wait) = (try context.realConstant("msl"), try context.realConstant("timeWait"))
    let (s, r) = (try context.realConstant("s"), try context.realConstant("r"))
    let path = try context.conjunction([
      s >= context.real(0), r >= s, r < s + lifetime, r >= wait, s <= context.real(2),
    ])
    guard case .formula(let found) = try context.eliminate([s, r], from: path) else {
      Issue.record("no formula")
      return
    }
    #expect(try !found.hasQuantifier())
    #expect(
      try Set(found.freeConstants()) == [.real(lifetime), .real(wait)]
    )
    let expected = try lifetime > context.real(0) && wait < lifetime + context.real(2)
    #expect(try context.areEquivalent(found, expected))
  }

  @Test("knows true and false")
  func trivial() throws {
    let (x, y) = (try context.realConstant("x"), try context.realConstant("y"))
    for (body, expected) in [(try x < y, true), (try x < y && y < x, false)] {
      guard case .formula(let found) = try context.eliminate([x], from: body) else {
        Issue.record("no formula")
        return
      }
      #expect(try context.areEquivalent(found, context.truth(expected)))
    }
    guard case .formula(let same) = try context.eliminate([], from: x < y) else {
      Issue.record("no formula")
      return
    }
    #expect(try context.areEquivalent(same, x < y))
  }

  @Test("stops at its time limit and when interrupted")
  func limits() throws {
    let (variables, formula) = try hardProjection()
    guard
      case .unknown(.timeLimit) = try context.eliminate(
        variables,
        from: formula,
        timeoutMilliseconds: 100
      )
    else {
      Issue.record("expected the time limit")
      return
    }
    // Interrupted like any check.
    let request = InterruptRequest(context.interrupter, spins: 50_000_000)
    request.start()
    guard case .unknown(.interrupted) = try context.eliminate(variables, from: formula) else {
      Issue.record("expected an interruption")
      return
    }
    request.finish()
    context.resume()
    try projection()
  }

  /// A projection of thirty dense clauses, far beyond any path of ours.
  private func hardProjection() throws -> ([any Term], BoolTerm) {
    let count = 30
    let all = try (0..<count).map { try context.realConstant("z\($0)") }
    var clauses: [BoolTerm] = []
    for i in 0..<count {
      for j in 0..<count where i != j && (i * 7 + j * 3) % 5 != 0 {
        let left = try all[i] + (i * j % 5 + 1) * all[j]
        let right = try context.real(i * j % 17) + 3 * all[(i + j) % count]
        clauses.append(try left <= right || all[j] < all[i * j % count])
      }
    }
    return (Array(all.prefix(24)), try context.conjunction(clauses))
  }
}
