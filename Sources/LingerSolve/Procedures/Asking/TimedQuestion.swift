import LingerDiagnostics
import LingerEval
import LingerModel

/// A timed question ready to be decided: its problem, and what is known of the parameters.
struct TimedQuestion {
  /// A condition on the parameters and how to name it.
  struct Condition {
    var name: String
    var formula: ParameterFormula
    /// Position of the parameter that it equates with something.
    var equated: Int?
    /// Whether it goes without saying: no duration is negative.
    var isImplicit = false
  }

  let model: Model
  let goal: TimedGoal
  /// Other timed invariants that a proof may rest on.
  let lemmas: [TimedGoal]
  let parameters: DurationParameters
  private(set) var graph: ControlGraph
  private(set) var problem: TimedProblem
  let names: [String]
  /// What holds of the parameters whatever their values: durations are not negative, `assume`,
  /// symbolic defaults (`timeWait = 2 * msl`) that nobody overrode, values the user chose.
  let general: [Condition]
  /// The values in force.
  let values: [Rational]
  private let options: TimedOptions
  /// The model without what has no influence.
  private var sliced: Model

  /// Prepares a question; `released` parameters keep neither symbolic default nor chosen value. An
  /// error of the spec counts like a violation unless it is to be overlooked. `graphs` are those of
  /// the model.
  init(
    _ model: Model,
    _ kind: TimedGoal.Kind,
    countsErrors: Bool = true,
    released: [Int] = [],
    options: TimedOptions,
    graphs: ControlGraphs = ControlGraphs()
  ) throws(ControlGraph.Unsupported) {
    self.model = model
    self.options = options
    let evaluator = Evaluator(model)
    goal = TimedGoal(kind: kind, countsErrors: countsErrors, evaluator: evaluator)
    parameters = DurationParameters(model)
    let isSliced: Bool
    switch kind {
    case .property(let property):
      let lemmas = options.lemmas.map { model.properties[$0] }.filter { $0.name != property.name }
      self.lemmas = lemmas.map { TimedGoal(kind: .property($0), evaluator: evaluator) }
      let isKept = model.instancesKept(for: [property] + lemmas, keepingErrors: countsErrors)
      sliced = model.keeping(isKept)
      isSliced = isKept.contains(false)
    case .question, .state, .openEnd:
      lemmas = []
      sliced = model
      isSliced = false
    }
    let coarse = goal.allowsCoarse ? MessageAbstraction.bySender : .exact
    let own = isSliced ? ControlGraphs() : graphs
    let first = try own.graph(of: sliced, coarse, options)
    (graph, problem) = try Self.problem(sliced, first, goal, lemmas, options)
    if countsErrors, graph.mayStandStill, isSliced {
      // Nothing can happen only where nobody at all can do anything.
      sliced = model
      let whole = try graphs.graph(of: model, coarse, options)
      (graph, problem) = try Self.problem(model, whole, goal, lemmas, options)
    }
    names = parameters.numbers.map { model.parameters[$0].name }
    var values: [Rational] = []
    for number in parameters.numbers {
      guard case .duration(let value) = model.parameters[number].value else {
        throw ControlGraph.Unsupported(reason: "a duration parameter has no value")
      }
      values.append(value)
    }
    self.values = values
    do throws(ParameterReader.Unsupported) {
      general = try Self.conditions(model, parameters, released)
    } catch {
      throw ControlGraph.Unsupported(reason: error.reason)
    }
  }

  /// The same question, with messages told apart in another way.
  func refined(to abstraction: MessageAbstraction) throws(ControlGraph.Unsupported) -> Self {
    var result = self
    let next =
      if let retold = try graph.retold(abstraction, options.budget) {
        retold
      } else {
        try Self.explore(sliced, abstraction, options)
      }
    (result.graph, result.problem) = try Self.problem(sliced, next, goal, lemmas, options)
    return result
  }

  private static func explore(
    _ model: Model,
    _ abstraction: MessageAbstraction,
    _ options: TimedOptions
  ) throws(ControlGraph.Unsupported) -> ControlGraph {
    try ControlGraph(model, abstraction, limit: options.locationLimit, budget: options.budget)
  }

  private static func problem(
    _ model: Model,
    _ graph: ControlGraph,
    _ goal: TimedGoal,
    _ lemmas: [TimedGoal],
    _ options: TimedOptions
  ) throws(ControlGraph.Unsupported) -> (ControlGraph, TimedProblem) {
    do throws(ControlGraph.Unsupported) {
      let problem = try TimedProblem(
        graph,
        goal: goal,
        lemmas: lemmas,
        budget: options.budget
      )
      return (graph, problem)
    } catch {
      if graph.isExact || options.budget.isExhausted { throw error }
      // A location of a coarse graph may have more messages than the property can be asked about.
      let exact = try explore(model, .exact, options)
      return try Self.problem(model, exact, goal, lemmas, options)
    }
  }

  private static func conditions(
    _ model: Model,
    _ parameters: DurationParameters,
    _ released: [Int]
  ) throws(ParameterReader.Unsupported) -> [Condition] {
    let reader = ParameterReader(model)
    var result: [Condition] = []
    for (position, number) in parameters.numbers.enumerated() {
      let parameter = model.parameters[number]
      var own = LinearTerm.zero(parameters.count)
      own.coefficients[position] = Rational(-1)
      result.append(
        Condition(
          name: "\(parameter.name) >= 0 s",
          formula: .atom(LinearConstraint(own, .lessOrEqual)),
          isImplicit: true
        )
      )
      if released.contains(number) { continue }
      own.coefficients[position] = Rational(1)
      if parameter.isChosen, case .duration(let value) = parameter.value {
        own.constant = -value
        result.append(
          Condition(
            name: "\(parameter.name) == \(describe(duration: value))",
            formula: .atom(LinearConstraint(own, .equal)),
            equated: position
          )
        )
      } else if let definition = parameter.definition {
        let term = try reader.term(definition)
        guard !term.isConstant else { continue }
        result.append(
          Condition(
            name: "\(parameter.name) == \(describe(definition, in: model))",
            formula: .atom(LinearConstraint(own - term, .equal)),
            equated: position
          )
        )
      }
    }
    let assumed = model.assumptions.flatMap(\.conjuncts).map { describe($0, in: model) }
    for (name, term) in try model.presumed(reader) where !assumed.contains(name) {
      result.append(
        Condition(
          name: name,
          formula: .atom(LinearConstraint(LinearTerm.zero(parameters.count) - term, .lessOrEqual))
        )
      )
    }
    for assumption in model.assumptions.flatMap(\.conjuncts) where assumption.mentionsDuration {
      result.append(
        Condition(
          name: describe(assumption, in: model),
          formula: try reader.formula(assumption)
        )
      )
    }
    return result
  }

  /// The values in force as conditions.
  var inForce: [Condition] {
    values.enumerated().map { position, value in
      var own = LinearTerm.zero(values.count)
      own.coefficients[position] = Rational(1)
      own.constant = -value
      return Condition(
        name: "\(names[position]) == \(describe(duration: value))",
        formula: .atom(LinearConstraint(own, .equal)),
        equated: position
      )
    }
  }

  var fixed: [ParameterFormula] { inForce.map(\.formula) }

  /// What a saved proof calls itself.
  var title: String { "\(model.name): timed invariant \(goal.name)" }

  /// The parameters that are not durations, with their values: every answer is about these.
  var finiteSettings: [String] {
    model.parameters.filter { $0.type != .duration }.map {
      "\($0.name) = \(describe($0.value, in: model))"
    }
  }

  /// Why no parameter values satisfy the general conditions, naming those that exclude each
  /// other; nil where some do. A proof under such conditions would mean nothing.
  func contradiction(_ encoder: Encoder, limits: SolverLimits) throws(Z3Error) -> String? {
    var solver = try Solver(in: encoder.context)
    for (index, condition) in general.enumerated() {
      try solver.assertAndTrack(
        try encoder.formula(condition.formula),
        name: "condition.\(index)"
      )
    }
    guard case .unsatisfiable = try solver.check(limits: limits) else { return nil }
    let core = Set(try solver.unsatCoreNames())
    let clashing = general.enumerated().filter { core.contains("condition.\($0.offset)") }
    return "no values of the parameters satisfy "
      + enumerated(clashing.map { "'\($0.element.name)'" })
      + (clashing.count > 1 ? " together" : "")
  }

  /// Finds out what a run is worth that makes the property, or one of the lemmas, false.
  func check(
    _ encoder: Encoder,
    lemma: Int? = nil,
    assuming assumptions: [BoolTerm],
    limits: SolverLimits
  ) -> RunCheck {
    RunCheck(
      problem: lemma.map { problem.asking(lemma: $0) } ?? problem,
      goal: lemma.map { lemmas[$0] } ?? goal,
      encoder: encoder,
      names: names,
      assumptions: assumptions,
      limits: limits,
      budget: options.budget
    )
  }

  /// A run with exact times, replayed by the evaluator.
  func violation(
    _ exact: ExactRun,
    conditions: [ParameterFormula],
    maximizing: Int? = nil
  ) throws(Z3Error) -> Result<Violation, Problem> {
    let times = RunTimes(
      problem: exact.problem,
      order: exact.order,
      names: names,
      conditions: conditions,
      maximized: maximizing
    )
    guard let solution = try times.solve(exact.run) else {
      return .failure(Problem("the run has no times", isInfeasible: true))
    }
    let found = exact.run.path.compactMap { exact.problem.graph.edges[$0].step }
    // In the order of their times; what happens at one time stays in the order of the run.
    let order = found.indices.sorted { (solution.times[$0], $0) < (solution.times[$1], $1) }
    let steps = order.map { found[$0] }
    let stepTimes = order.map { solution.times[$0] }
    let isError = exact.problem.endsInError(exact.run.path)
    let end = isError ? solution.times.last ?? solution.end : solution.end
    var timedModel = model
    for (position, number) in parameters.numbers.enumerated() {
      timedModel.parameters[number].value = .duration(solution.parameters[position])
    }
    let evaluator = Evaluator(timedModel)
    switch TimedReplay.run(
      steps,
      at: stepTimes,
      until: end,
      showing: goal.claim(isError: isError),
      on: evaluator
    )
    {
    case .failure(let failure):
      return .failure(Problem("step \(failure.step + 1): \(failure.reason)"))
    case .success(let replayed):
      let settings = zip(parameters.numbers, solution.parameters).map {
        TimedRun.Setting(parameter: $0, value: $1)
      }
      let timing = TimedRun(
        settings: settings,
        times: stepTimes,
        end: end,
        bounds: replayed.bounds,
        alive: replayed.alive
      )
      return .success(
        Violation(
          explanation: "\(replayed.explanation ?? "") at \(seconds(end))",
          trace: replayed.trace,
          envelope: replayed.envelope,
          timing: timing
        )
      )
    }
  }

  /// Why a run that was found cannot be shown: a bug of Linger.
  struct Problem: Error {
    var reason: String
    /// No parameter values under the given conditions let the run happen.
    var isInfeasible: Bool

    init(_ reason: String, isInfeasible: Bool = false) {
      self.reason = reason
      self.isInfeasible = isInfeasible
    }
  }
}

extension Model {
  /// What the values in force must satisfy by the rules of the language, and what of it others may
  /// not: timers that are armed from the start, and networks, take no time below zero.
  fileprivate func presumed(
    _ reader: ParameterReader
  ) throws(ParameterReader.Unsupported) -> [(name: String, term: LinearTerm)] {
    var result: [(name: String, term: LinearTerm)] = []
    func presume(_ name: String, _ term: LinearTerm) {
      let isObvious = term.constant >= .zero && term.coefficients.allSatisfy { $0 >= .zero }
      if !isObvious, !result.contains(where: { $0.name == name }) { result.append((name, term)) }
    }
    let timers = instances.flatMap { roles[$0.role].timers.compactMap(\.initial) }
    for duration in timers + networks.compactMap(\.lifetime)
      + networks.compactMap(\.delay?.shortest)
    {
      presume("\(describe(duration, in: self)) >= 0 s", try reader.term(duration))
    }
    for delay in networks.compactMap(\.delay) {
      let (shortest, longest) = (delay.shortest, delay.longest)
      presume(
        "\(describe(shortest, in: self)) <= \(describe(longest, in: self))",
        try reader.term(longest) - reader.term(shortest)
      )
    }
    return result
  }
}

extension Expression {
  /// The parts of a conjunction, so that a proof can say which of them it needs.
  fileprivate var conjuncts: [Expression] {
    guard case .binary(.and, let left, let right) = kind else { return [self] }
    return left.conjuncts + right.conjuncts
  }

  fileprivate var mentionsDuration: Bool {
    if case .parameter = kind { return true }
    return children.contains(where: \.mentionsDuration)
  }
}

/// `a`, `a and b`, `a, b and c`.
func enumerated(_ items: [String]) -> String {
  guard let last = items.last, items.count > 1 else { return items.first ?? "" }
  return "\(items.dropLast().joined(separator: ", ")) and \(last)"
}
