import LingerModel
import LingerSolve
import Testing

@Suite("Z3: terms", .tags(.solver))
struct Z3TermTests {
  let context: SolverContext
  let x: RealTerm
  let y: RealTerm
  let p: BoolTerm
  let q: BoolTerm

  init() throws {
    context = try SolverContext()
    x = try context.realConstant("x")
    y = try context.realConstant("y")
    p = try context.boolConstant("p")
    q = try context.boolConstant("q")
  }

  @Test("print as SMT-LIB")
  func print() throws {
    let third = try #require(Rational(-1, over: 3))
    #expect(try (x < context.real(third)).text() == "(< x (- (/ 1.0 3.0)))")
    #expect(try (2 * x + y >= context.real(5)).text() == "(>= (+ (* 2.0 x) y) 5.0)")
    #expect(try (p && !q || context.truth(false)).text() == "(or (and p (not q)) false)")
    #expect(try p.implies(q).text() == "(=> p q)")
    #expect(try p.choose(x, else: -y).text() == "(ite p x (- y))")
    #expect(try p.isEqual(to: q).text() == "(= p q)")
    #expect(try context.distinct([x, y]).text() == "(distinct x y)")
    #expect(try context.intConstant("odd name").asReal().text() == "(to_real |odd name|)")
    #expect(
      try context.forAll([x, p], p || x - y > x).description.hasPrefix("(forall ((x Real) (p")
    )
    #expect(try context.exists([], p) == p)
  }

  @Test("of lists: empty, single and longer")
  func lists() throws {
    #expect(try context.conjunction([]).shape() == .truth(true))
    #expect(try context.areEquivalent(context.conjunction([]), context.truth(true)))
    #expect(try context.areEquivalent(context.disjunction([]), context.truth(false)))
    #expect(try context.conjunction([p]) == p)
    #expect(try context.disjunction([p]) == p)
    #expect(try context.distinct([x]) == context.truth(true))
    let none: [RealTerm] = []
    #expect(try context.sum(none) == context.real(0))
    #expect(try context.sum([x, y, x]).text() == "(+ x y x)")
  }

  @Test("are equal when they are written the same way")
  func identity() throws {
    #expect(try context.realConstant("x") == x)
    #expect(try x + y == x + y)
    #expect(try x + y != y + x)
    #expect(Set([x, y, try context.realConstant("x")]).count == 2)
  }

  @Test("carry numbers of any size exactly")
  func numbers() throws {
    let digits = "123456789012345678901234567891/7"
    let big = try #require(Rational(exactly: digits))
    #expect(try context.real(big).shape() == .number(big))
    #expect(big.integer == nil)
    #expect(big.description == digits)
    let half = try #require(Rational(-2, over: 4))
    let shape = try context.real(half).shape()
    #expect(shape == .number(half))
    let huge = try #require(Rational(exactly: "-99999999999999999999"))
    #expect(try context.int(huge).shape() == .number(huge))
    #expect(try context.int(.min).shape() == .number(Rational(.min)))
  }

  @Test(
    "refuse text that is not a fraction",
    arguments: ["", "-", "1/", "/2", "1/0", "a", "1/2/3", "1/-2"]
  )
  func malformedNumbers(text: String) {
    #expect(Rational(exactly: text) == nil)
  }

  @Test("substitute all unknowns at once")
  func substitution() throws {
    var swap = Substitution()
    swap.replace(x, by: y)
    swap.replace(y, by: try x + context.real(1))
    swap.replace(p, by: q)
    let term = try p && x < y
    #expect(try swap.applied(to: term).text() == "(and q (< y (+ x 1.0)))")
    #expect(try Substitution().applied(to: term) == term)
  }

  @Test("simplify")
  func simplification() throws {
    let term = try context.truth(true) && context.real(1) < context.real(2)
    #expect(try term.simplified() == context.truth(true))
    #expect(try (x + x).simplified().text() == "(* 2.0 x)")
  }

  @Test("show how they are built")
  func shapes() throws {
    #expect(try x.shape() == .constant("x"))
    #expect(try context.truth(true).shape() == .truth(true))
    #expect(
      try (x <= y).shape() == .operation(.lessOrEqual, [.real(x), .real(y)])
    )
    #expect(
      try p.choose(x, else: y).shape() == .operation(.ifThenElse, [.bool(p), .real(x), .real(y)])
    )
    let factor = try context.real(3)
    #expect(try (3 * x).shape() == .operation(.multiply, [.real(factor), .real(x)]))
    let n = try context.intConstant("n")
    #expect(try n.asReal().shape() == .operation(.toReal, [.int(n)]))
    let relation = try Relation("R", [.real, .bool], in: context)
    #expect(try relation([x, p]).shape() == .application("R", [.real(x), .bool(p)]))
    let operations: [(BoolTerm, TermShape.Operation)] = [
      (try !p, .not), (try p && q, .and), (try p || q, .or), (try p.implies(q), .implies),
      (try p.isEqual(to: q), .equal), (try x.isEqual(to: y), .equal),
      (try context.distinct([p, q]), .distinct), (try x < y, .less), (try x > y, .greater),
      (try x >= y, .greaterOrEqual),
    ]
    for (term, expected) in operations {
      guard case .operation(let found, _) = try term.shape() else {
        Issue.record("\(term) is not an operation")
        continue
      }
      #expect(found == expected)
    }
    for (term, expected) in [
      (try x + y, TermShape.Operation.add), (try x - y, .subtract), (try -x, .negate),
    ] {
      guard case .operation(let found, _) = try term.shape() else {
        Issue.record("\(term) is not an operation")
        continue
      }
      #expect(found == expected)
    }
  }

  @Test("show what is bound and what is free")
  func binding() throws {
    let body = try x < y && p
    let term = try context.exists([x], body)
    guard case .quantified(.exists, let variables, let inner) = try term.shape() else {
      Issue.record("not a quantifier")
      return
    }
    #expect(variables == [.init(name: "x", sort: .real)])
    guard case .operation(.and, let parts) = try inner.shape(),
      case .operation(.less, let sides)? = try parts.first?.shape()
    else {
      Issue.record("not the body: \(inner)")
      return
    }
    #expect(try sides.first?.shape() == .boundVariable(0))
    #expect(try term.freeConstants() == [.real(y), .bool(p)])
    #expect(try (body && x < x).freeConstants() == [.real(x), .real(y), .bool(p)])
    #expect(try term.hasQuantifier())
    #expect(try !body.hasQuantifier())
  }

  @Test("of another context stop the program")
  func foreignTerms() async {
    await #expect(processExitsWith: .failure) {
      let (here, there) = (try SolverContext(), try SolverContext())
      _ = try here.realConstant("x") + there.realConstant("x")
    }
    await #expect(processExitsWith: .failure) {
      let (here, there) = (try SolverContext(), try SolverContext())
      var solver = try Solver(in: here)
      try solver.assert(there.truth(true))
    }
  }

  @Test("of one name and two sorts stop the program")
  func nameClash() async {
    await #expect(processExitsWith: .failure) {
      let context = try SolverContext()
      _ = try context.realConstant("x")
      _ = try context.boolConstant("x")
    }
  }
}
