import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

@Suite("conditions on parameters")
struct ParameterFormulaTests {
  static let seeds = Seeds(for: "conditions on parameters")
  private static let count = 3

  @Test("some values satisfy random formulas exactly where Z3 says so", .tags(.solver))
  func agreesWithSolver() throws {
    let context = try SolverContext()
    var parameters: [RealTerm] = []
    for number in 0..<Self.count { parameters.append(try context.realConstant("p\(number)")) }
    var satisfiable = [false: 0, true: 0]
    for number in 0..<400 {
      var random = RandomNumbers(seed: Self.seeds.seed(number))
      let formulas = (0..<2 + random.below(4)).map { _ in Self.formula(2, &random) }
      var systems = 10_000
      let answer = ParameterFormula.areSatisfiable(
        formulas,
        parameters: Self.count,
        systems: &systems
      )
      var solver = try Solver(in: context)
      for parameter in parameters { try solver.assert(parameter >= context.real(0)) }
      for formula in formulas { try solver.assert(try Self.term(formula, parameters, context)) }
      let expected = try solver.check() == .satisfiable
      #expect(answer == expected, "seed \(Self.seeds.seed(number)): \(formulas)")
      satisfiable[expected, default: 0] += 1
    }
    #expect(satisfiable.values.allSatisfy { $0 >= 40 }, "\(satisfiable)")
  }

  @Test("what takes too many systems is not decided")
  func limits() {
    let bound = LinearConstraint(
      LinearTerm(constant: Rational(1), coefficients: [Rational(1)]),
      .lessOrEqual
    )
    let choice = ParameterFormula.or([.atom(bound), .atom(bound)])
    for (limit, answer) in [(8, false), (7, nil)] {
      var systems = limit
      let found = ParameterFormula.areSatisfiable(
        [choice, choice, choice],
        parameters: 1,
        systems: &systems
      )
      #expect(found == answer)
    }
  }

  @Test("a duration that a comparison of durations chooses is not taken for a linear one")
  func choices() throws {
    let model = try Model(
      spec: """
        protocol Choice
        parameter msl: Duration = 4 s
        assume (msl > 1 s ? msl : 2 * msl) >= 3 s
        role Sender {
          var isOver = false
          timer wait
          transition begin on call begin() when !wait.isArmed && !isOver { start wait for msl }
          transition end on timeout wait { isOver = true }
        }
        instances sender: Sender
        timed invariant p { !sender.isOver }
        """
    )
    guard case .unknown(let unknown) = checkTimed(model, property: 0).result.verdict else {
      Issue.record("the condition was read as a linear one")
      return
    }
    #expect("\(unknown)".contains("'msl > 1 s' lets durations decide which duration is meant"))
  }

  private static func formula(_ depth: Int, _ random: inout RandomNumbers) -> ParameterFormula {
    switch depth == 0 ? 0 : random.below(4) {
    case 2: .and((0..<2).map { _ in formula(depth - 1, &random) })
    case 3: .or((0..<2).map { _ in formula(depth - 1, &random) })
    default:
      .atom(
        LinearConstraint(
          LinearTerm(
            constant: Rational(random.below(7) - 3),
            coefficients: (0..<count).map { _ in Rational(random.below(5) - 2) }
          ),
          random.pick([.less, .lessOrEqual, .equal])
        )
      )
    }
  }

  private static func term(
    _ formula: ParameterFormula,
    _ parameters: [RealTerm],
    _ context: SolverContext
  ) throws -> BoolTerm {
    switch formula {
    case .constant(let value): return try context.truth(value)
    case .and(let parts):
      return try context.conjunction(try parts.map { try term($0, parameters, context) })
    case .or(let parts):
      return try context.disjunction(try parts.map { try term($0, parameters, context) })
    case .atom(let constraint):
      var sum = try context.real(constraint.term.constant)
      for (coefficient, parameter) in zip(constraint.term.coefficients, parameters) {
        sum = try sum + coefficient * parameter
      }
      let zero = try context.real(0)
      return switch constraint.relation {
      case .less: try sum < zero
      case .lessOrEqual: try sum <= zero
      case .equal: try sum.isEqual(to: zero)
      }
    }
  }
}
