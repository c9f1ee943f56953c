import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// One meaning of an expression, wherever it stands: folded by the compiler, worked out before the
/// protocol runs, or evaluated in a step.
@Suite struct ConstantTests {
  static let seeds = Seeds(for: "random constants")
  static let batchCount = 8
  static let constantsPerBatch = 150

  /// Where the names of an expression come from, and what is read there.
  private func model(_ expression: String, names: String, members: String = "") throws -> Model {
    try Model(
      spec: """
        protocol Test
        \(names)
        \(RandomConstant.declarations)
        role A {
          \(members)
          var result: -1000...1000
          transition go on internal { result = \(expression) }
        }
        instances a: A
        """
    )
  }

  /// What `result` is after the one step.
  private func outcome(_ model: Model) -> RandomConstant.Outcome? {
    let evaluator = Evaluator(model)
    guard let step = evaluator.successors(of: evaluator.initialState).first else { return nil }
    switch step.outcome {
    case .failure(let error): return .error(error.kind)
    case .success(let state):
      guard case .integer(let value)? = state.instances[0].variables.last else { return nil }
      return .value(value)
    }
  }

  @Test("a random expression has its value as a constant and in a step", arguments: 0..<batchCount)
  func random(batch: Int) throws {
    for number in 0..<Self.constantsPerBatch {
      let constant = RandomConstant(
        seed: Self.seeds.seed(number * Self.batchCount + batch)
      )
      // The step stores the value in a range of its own.
      let expected: RandomConstant.Outcome =
        switch constant.outcome {
        case .value(let value) where !(-1000...1000).contains(value): .error(.range)
        default: constant.outcome
        }
      let about = "seed \(constant.seed): \(constant.text)"
      let parameters = RandomConstant.names(as: "parameter")
      let variables = RandomConstant.names(as: "var")
      let folded = try model(constant.text, names: parameters)
      #expect(outcome(folded) == expected, "as parameters, \(about)")
      let read = try model(constant.text, names: "", members: variables)
      #expect(outcome(read) == expected, "as variables, \(about)")
      let early = try? model(
        "early",
        names: "\(parameters)\nparameter early: -1000...1000 = \(constant.text)"
      )
      switch expected {
      case .value: #expect(early.flatMap { outcome($0) } == expected, "as a default, \(about)")
      case .error: #expect(early == nil, "as a default, \(about)")
      }
    }
  }

  @Test("random constants end in values and in every error of expressions")
  func coverage() {
    var found: Set<String> = []
    for seed in 0..<4_000 {
      switch RandomConstant(seed: UInt64(seed)).outcome {
      case .value: found.insert("value")
      case .error(let kind): found.insert(kind.rawValue)
      }
    }
    #expect(
      found.sorted() == [
        "arithmetic overflow", "division by zero", "index outside", "nil unwrapped",
        "out of range", "value",
      ]
    )
  }

  @Test(
    "a record literal of constants is checked like any other",
    arguments: [
      "let made = S(n: three)\nrole A { var x: 0...9\n transition go on internal { x = made.n } }",
      "role A { var x: 0...9\n transition go on internal { x = S(n: three).n } }",
      "role A { var x: 0...9\n transition go on internal { x = make(three).n } }",
      "role A { var x: S\n transition go on internal { x = S(n: three) } }",
      "role A { var x: S\n transition go on internal when x != S(n: three) { x.n = 1 } }",
      "role A { var x: [2 of S]\n transition go on internal { x = [repeating: S(n: three)] } }",
      "role A { var x: Set<S>\n transition go on internal { x.insert(S(n: three)) } }",
      "role A { var x: S?\n transition go on internal { x = S(n: three) } }",
    ]
  )
  func records(role: String) throws {
    let model = try Model(
      spec: """
        protocol Test
        parameter three: 0...3 = 3
        struct S { n: 0...2 }
        let make(n: 0...9) -> S = S(n: n)
        \(role)
        instances a: A
        """
    )
    let evaluator = Evaluator(model)
    let errors = evaluator.successors(of: evaluator.initialState).compactMap { step in
      if case .failure(let error) = step.outcome { error.message } else { nil }
    }
    #expect(errors == ["'S.n' cannot be 3, its type is 0...2"])
  }

  @Test("a message of constants is checked where it is sent and where it is counted")
  func messages() throws {
    for body in [
      "when !isDone { isDone = true; send M(n: three) }",
      "when network.count(M(n: three)) == 0 { isDone = true }",
    ] {
      let model = try Model(
        spec: """
          protocol Test
          parameter three: 0...3 = 3
          message M { n: 0...2 }
          network { A -> B: M
            reordering }
          role A { var isDone = false
            transition go on internal \(body) }
          role B { otherwise receive { } }
          instances a: A
          instances b: B
          """
      )
      let evaluator = Evaluator(model)
      let steps = evaluator.successors(of: evaluator.initialState)
      #expect(steps.count == 1)
      guard case .failure(let error)? = steps.first?.outcome else {
        Issue.record("no error: \(body)")
        continue
      }
      #expect(error.kind == .range)
    }
  }

  @Test("the remainder of the least integer by -1 is 0")
  func leastInteger() throws {
    let model = try Model(
      spec: """
        protocol Test
        parameter least: (-9223372036854775807 - 1)...0 = -9223372036854775807 - 1
        let isEven = least % -1 == 0
        role A {
          var x: 0...2
          transition go on internal when x == 0 && isEven { x = (least + x) % -1 + 1 }
        }
        instances a: A
        """
    )
    let evaluator = Evaluator(model)
    let outcomes = evaluator.successors(of: evaluator.initialState).map(\.outcome)
    #expect(outcomes.count == 1)
    #expect(try outcomes.first?.get().instances[0].variables == [.integer(1)])
  }
}
