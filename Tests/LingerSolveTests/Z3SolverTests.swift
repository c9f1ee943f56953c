import LingerModel
import LingerSolve
import Testing

@Suite("Z3: checks", .tags(.solver))
struct Z3SolverTests {
  let context: SolverContext
  let x: RealTerm
  let n: IntTerm
  let p: BoolTerm

  init() throws {
    context = try SolverContext()
    x = try context.realConstant("x")
    n = try context.intConstant("n")
    p = try context.boolConstant("p")
  }

  @Test("give a model with exact values")
  func model() throws {
    var solver = try Solver(in: context)
    try solver.assert((3 * x).isEqual(to: context.real(-2)))
    try solver.assert(p && n > context.int(41) && n < context.int(43))
    #expect(try solver.check() == .satisfiable)
    let model = try solver.model()
    #expect(try model.value(of: x).description == "-2/3")
    #expect(try model.value(of: x) == Rational(-2, over: 3))
    #expect(try model.value(of: n).integer == 42)
    #expect(try model.value(of: p))
    #expect(try model.value(of: x + x).description == "-4/3")
    #expect(try model.value(of: context.realConstant("unused")).integer == 0)
    #expect(try !model.value(of: context.boolConstant("unusedFlag")))
    #expect(try model.text().contains("42"))
  }

  @Test("obey levels", arguments: [Solver.Engine.automatic, .incremental])
  func levels(engine: Solver.Engine) throws {
    var solver = try Solver(in: context, engine: engine)
    try solver.assert(x > context.real(0))
    #expect(try solver.check() == .satisfiable)
    try solver.push()
    try solver.assert(x < context.real(0))
    #expect(try solver.check() == .unsatisfiable)
    try solver.pop()
    #expect(try solver.check() == .satisfiable)
  }

  @Test("name the formulas and assumptions of a contradiction")
  func unsatCore() throws {
    var solver = try Solver(in: context)
    try solver.assertAndTrack(x > context.real(1), name: "above")
    try solver.assertAndTrack(n > context.int(0), name: "irrelevant")
    try solver.assert(p.implies(x < context.real(0)))
    #expect(try solver.check() == .satisfiable)
    #expect(try solver.check(assuming: [p]) == .unsatisfiable)
    #expect(try solver.unsatCoreNames() == ["above"])
    #expect(try Set(solver.unsatCore()) == [p, context.boolConstant("above")])
    #expect(try solver.check(assuming: [!p]) == .satisfiable)
    try solver.push()
    try solver.assertAndTrack(x < context.real(1), name: "below")
    #expect(try solver.check() == .unsatisfiable)
    #expect(try solver.unsatCoreNames() == ["above", "below"])
    try solver.pop()
    #expect(try solver.check() == .satisfiable)
  }

  @Test("stop at the work limit, at the same place every time")
  func workLimit() throws {
    var counts: Set<Int> = []
    for _ in 0..<3 {
      let context = try SolverContext()
      var solver = try Solver(in: context)
      try solver.assert(pigeonhole(context, pigeons: 12))
      let answer = try solver.check(limits: SolverLimits(resourceUnits: 100_000))
      #expect(answer == .unknown(.resourceLimit))
      counts.insert(try solver.statistics().resourceCount)
    }
    #expect(counts.count == 1)
    #expect(try #require(counts.first) > 100_000)
  }

  @Test("stop at the time limit", arguments: [Solver.Engine.automatic, .incremental])
  func timeLimit(engine: Solver.Engine) throws {
    var solver = try Solver(in: context, engine: engine)
    try solver.assert(pigeonhole(context, pigeons: 13))
    let answer = try solver.check(limits: SolverLimits(timeoutMilliseconds: 100))
    #expect(answer == .unknown(.timeLimit))
    #expect(try solver.check(limits: SolverLimits(resourceUnits: 1)) == .unknown(.resourceLimit))
    // The limit was for that check alone, and the context still works.
    var other = try Solver(in: context)
    try other.assert(x < x)
    #expect(try other.check() == .unsatisfiable)
  }

  @Test("count what they did")
  func statistics() throws {
    var solver = try Solver(in: context)
    try solver.assert(pigeonhole(context, pigeons: 5))
    #expect(try solver.check() == .unsatisfiable)
    let statistics = try solver.statistics()
    #expect(statistics.resourceCount > 0)
    #expect(statistics["conflicts"] ?? 0 > 0)
    #expect(statistics["no such counter"] == nil)
    #expect(statistics.entries.map(\.name) == statistics.entries.map(\.name).sorted())
  }

  @Test("print themselves as a complete script")
  func script() throws {
    var solver = try Solver(in: context)
    try solver.assert(x > context.real(1) && p)
    try solver.push()
    try solver.assertAndTrack(x < context.real(1), name: "the label")
    let expected = """
      (set-logic LRA)
      (declare-fun p () Bool)
      (declare-fun x () Real)
      (declare-fun |the label| () Bool)
      (assert (and (> x 1.0) p))
      (assert (=> |the label| (< x 1.0)))
      (assert |the label|)
      (check-sat)

      """
    let script = try solver.script(logic: "LRA")
    #expect(script.split(separator: "\n").sorted() == expected.split(separator: "\n").sorted())
    #expect(script.hasPrefix("(set-logic LRA)\n"))
    #expect(script.hasSuffix("(check-sat)\n"))
    try solver.pop()
    #expect(try !solver.script().contains("label"))
  }

  @Test("report what Z3 refuses as a typed error")
  func errors() throws {
    var solver = try Solver(in: context)
    try solver.assert(x < x)
    #expect(try solver.check() == .unsatisfiable)
    do {
      _ = try solver.model()
      Issue.record("a model of a contradiction")
    } catch {
      guard case .failure(let code, let message, let operation) = error else {
        Issue.record("unexpected error \(error)")
        return
      }
      #expect(code != 0)
      #expect(!message.isEmpty)
      #expect(operation == "take the model")
      #expect("\(error)".hasPrefix("Z3 failed to take the model: "))
    }
  }
}
