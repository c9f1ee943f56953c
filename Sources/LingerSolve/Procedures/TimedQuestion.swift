import LingerDiagnostics
import LingerEval
import LingerModel

/// A timed property ready to be decided: its problem, and what is known of the parameters.
struct TimedQuestion {
  /// A condition on the parameters and how to name it.
  struct Condition {
    var name: String
    var formula: ParameterFormula
  }

  let model: Model
  let property: Property
  let graph: ControlGraph
  let problem: TimedProblem
  let names: [String]
  /// What holds of the parameters whatever their values: durations are not negative, `assume`,
  /// symbolic defaults (`timeWait = 2 * msl`) that nobody overrode, values the user chose.
  let general: [Condition]
  /// The values in force.
  let values: [Rational]

  /// More locations than this are more than Spacer decides in reasonable time.
  static let locationLimit = 5_000

  /// Prepares a property; `released` parameters keep neither symbolic default nor chosen value.
  init(
    _ model: Model,
    property: Property,
    released: [Int] = []
  ) throws(ControlGraph.Unsupported) {
    self.model = model
    self.property = property
    graph = try ControlGraph(model, limit: Self.locationLimit)
    problem = try TimedProblem(graph, property: property, evaluator: Evaluator(model))
    names = graph.parameters.numbers.map { model.parameters[$0].name }
    var values: [Rational] = []
    for number in graph.parameters.numbers {
      guard case .duration(let value) = model.parameters[number].value else {
        throw ControlGraph.Unsupported(reason: "a duration parameter has no value")
      }
      values.append(value)
    }
    self.values = values
    do throws(ParameterReader.Unsupported) {
      general = try Self.conditions(model, graph.parameters, released)
    } catch {
      throw ControlGraph.Unsupported(reason: error.reason)
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
          formula: .atom(LinearConstraint(own, .lessOrEqual))
        )
      )
      if released.contains(number) { continue }
      own.coefficients[position] = Rational(1)
      if parameter.isChosen, case .duration(let value) = parameter.value,
        let constant = value.negated
      {
        own.constant = constant
        result.append(
          Condition(
            name: "\(parameter.name) == \(describe(duration: value))",
            formula: .atom(LinearConstraint(own, .equal))
          )
        )
      } else if let definition = parameter.definition {
        let term = try reader.term(definition)
        guard !term.isConstant, let difference = own.subtracting(term) else { continue }
        result.append(
          Condition(
            name: "\(parameter.name) == \(describe(definition, in: model))",
            formula: .atom(LinearConstraint(difference, .equal))
          )
        )
      }
    }
    for assumption in model.assumptions where assumption.mentionsDuration {
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
  var fixed: [ParameterFormula] {
    values.enumerated().compactMap { position, value in
      var own = LinearTerm.zero(values.count)
      own.coefficients[position] = Rational(1)
      guard let constant = value.negated else { return nil }
      own.constant = constant
      return .atom(LinearConstraint(own, .equal))
    }
  }

  /// A run with exact times, replayed by the evaluator.
  func violation(
    _ run: BoundedSearch.Run,
    conditions: [ParameterFormula],
    maximizing: Int? = nil
  ) throws(Z3Error) -> Result<Violation, Problem> {
    let times = RunTimes(
      problem: problem,
      names: names,
      conditions: conditions,
      maximized: maximizing
    )
    guard let solution = try times.solve(run) else {
      return .failure(Problem("the run has no times", isInfeasible: true))
    }
    guard let steps = problem.steps(along: run.path) else {
      return .failure(Problem("the run has no steps in the model"))
    }
    var timedModel = model
    for (position, number) in graph.parameters.numbers.enumerated() {
      timedModel.parameters[number].value = .duration(solution.parameters[position])
    }
    let evaluator = Evaluator(timedModel)
    switch TimedReplay.run(
      steps,
      at: solution.times,
      until: solution.end,
      violating: property,
      on: evaluator
    )
    {
    case .failure(let failure):
      return .failure(Problem("step \(failure.step + 1): \(failure.reason)"))
    case .success(let replayed):
      let settings = zip(graph.parameters.numbers, solution.parameters).map {
        TimedRun.Setting(parameter: $0, value: $1)
      }
      let timing = TimedRun(
        settings: settings,
        times: solution.times,
        end: solution.end,
        bounds: replayed.bounds
      )
      let why = evaluator.whyFalse(property, in: replayed.end)
      return .success(
        Violation(
          explanation: "\(why) at \(describe(duration: solution.end))",
          trace: replayed.trace,
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

extension Expression {
  fileprivate var mentionsDuration: Bool {
    if case .parameter = kind { return true }
    return children.contains(where: \.mentionsDuration)
  }
}
