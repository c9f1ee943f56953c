import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// The question of one state: does any run lead on from here to where a property is true?
@Suite struct ReachabilityTests {
  private static let oneWay = """
    protocol OneWay
    role Walker {
      var place: 0...3 = 0
      transition up on internal when place < 3 { place += 1 }
    }
    instances w: Walker
    possible stillBelow { w.place < 2 }
    """

  private func property(_ name: String, in model: Model) throws -> Property {
    try #require(model.properties.first { $0.name == name })
  }

  @Test("from a state on, not from the start")
  func fromAState() throws {
    let model = try Model(spec: Self.oneWay)
    let evaluator = Evaluator(model)
    let below = try property("stillBelow", in: model)
    var state = evaluator.initialState
    for place in 0...3 {
      let expected: Reachability = place < 2 ? .reachable : .unreachable
      #expect(reachability(of: below, from: state, in: model) == expected)
      if place < 3 { state = try evaluator.successors(of: state)[0].outcome.get() }
    }
  }

  @Test("a limit is no answer")
  func limited() throws {
    let spec = TinyModels.alternatingBit + "\npossible never { 1 > 2 }\npossible ever { 1 < 2 }\n"
    let model = try Model(spec: spec)
    let (never, ever) = (try property("never", in: model), try property("ever", in: model))
    let start = Evaluator(model).initialState
    let options = ExploreOptions(budget: Budget(states: 2))
    #expect(reachability(of: never, from: start, in: model) == .unreachable)
    #expect(reachability(of: ever, from: start, in: model, options: options) == .reachable)
    guard
      case .unknown(let reason) = reachability(of: never, from: start, in: model, options: options)
    else {
      Issue.record("the limit was not noticed")
      return
    }
    #expect(reason.text.contains("state limit"))
  }

  @Test("random specs: the evaluator alone comes to the same")
  func randomSpecs() throws {
    let seeds = Seeds(for: "reachability")
    var compared = 0
    for number in 0..<60 {
      let spec = RandomSpec(seed: seeds.seed(number))
      let model = try Model(spec: spec.text)
      let evaluator = Evaluator(model)
      let walk = RandomWalk.run(on: evaluator, seed: UInt64(number), maximumSteps: 4)
      for property in model.properties where property.kind == .possible {
        guard let expected = isReachable(property, from: walk.trace.last, evaluator) else {
          continue
        }
        let found = reachability(of: property, from: walk.trace.last, in: model)
        #expect(found == (expected ? .reachable : .unreachable), "\(property.name)\n\(spec.text)")
        compared += 1
      }
    }
    #expect(compared > 0)
  }

  /// By a plain search of everything that can be reached; nil beyond some states.
  private func isReachable(_ property: Property, from start: State, _ evaluator: Evaluator) -> Bool?
  {
    var known: Set<State> = [start]
    var open = [start]
    var isFound = false
    while let state = open.popLast() {
      if (try? evaluator.evaluate(property, in: state)) == true { isFound = true }
      if known.count > 40 { return nil }
      for successor in evaluator.successors(of: state) {
        if case .success(let next) = successor.outcome, known.insert(next).inserted {
          open.append(next)
        }
      }
    }
    return isFound
  }
}
