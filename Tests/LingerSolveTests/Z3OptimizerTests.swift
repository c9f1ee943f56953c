import LingerModel
import LingerSolve
import Testing

@Suite("Z3: smallest models", .tags(.solver))
struct Z3OptimizerTests {
  @Test("minimize integers, strict bounds over reals included")
  func integers() throws {
    let context = try SolverContext()
    let (n, m) = (try context.intConstant("n"), try context.intConstant("m"))
    let x = try context.realConstant("x")
    let optimizer = try Optimizer(in: context)
    try optimizer.assert(n > context.int(3) && m >= context.int(0))
    try optimizer.assert(x.isEqual(to: n.asReal()) && x < 2 * m.asReal())
    try optimizer.minimize(n + m)
    #expect(try optimizer.check() == .satisfiable)
    let model = try optimizer.model()
    #expect(try model.value(of: n).integer == 4)
    #expect(try model.value(of: m).integer == 3)
    #expect(try model.value(of: x).integer == 4)
  }

  @Test("take objectives in their order")
  func order() throws {
    let context = try SolverContext()
    let (n, m) = (try context.intConstant("n"), try context.intConstant("m"))
    let optimizer = try Optimizer(in: context)
    try optimizer.assert(n + m >= context.int(10))
    try optimizer.assert(n >= context.int(2) && m >= context.int(1))
    try optimizer.minimize(m)
    try optimizer.minimize(n)
    #expect(try optimizer.check() == .satisfiable)
    let model = try optimizer.model()
    #expect(try model.value(of: m).integer == 1)
    #expect(try model.value(of: n).integer == 9)
  }

  @Test("answer a contradiction and a limit")
  func others() throws {
    let context = try SolverContext()
    let n = try context.intConstant("n")
    let optimizer = try Optimizer(in: context)
    try optimizer.assert(n > n)
    #expect(try optimizer.check() == .unsatisfiable)
    let hard = try Optimizer(in: context)
    try hard.assert(pigeonhole(context, pigeons: 13))
    try hard.minimize(context.intConstant("hole0"))
    #expect(try hard.check(limits: SolverLimits(timeoutMilliseconds: 100)) == .unknown(.timeLimit))
    let answer = try hard.check(limits: SolverLimits(resourceUnits: 10_000))
    #expect(answer == .unknown(.resourceLimit))
  }
}
