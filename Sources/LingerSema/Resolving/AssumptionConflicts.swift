import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Finds assumptions that no values of the parameters satisfy together.
///
/// Finite parameters are tried with every value; for each choice the assumptions are formulas over
/// the durations, and whether some durations satisfy them is decided exactly. Where that takes too
/// much, or an assumption is not a combination of linear comparisons, nothing is said.
struct AssumptionConflicts {
  /// Declarations that are resolved anew, in all choices of values together.
  private static let declarationLimit = 30_000
  /// Systems of linear constraints that are looked at.
  private static let systemLimit = 5_000

  /// What each assumption asks of the durations, for each choice of the other values.
  private var readings: [[ParameterFormula]] = []
  private let durationCount: Int
  private var systems = systemLimit

  /// Reads the assumptions of a program; nil where not all of them can be judged.
  init?(_ program: Program) {
    durationCount = DurationParameters(program.model).count
    let limit = Self.declarationLimit / max(1, program.declared.count)
    guard let choices = program.choicesOfFiniteParameters(limit: limit) else { return nil }
    var known: Set<[ParameterFormula]> = []
    for choice in choices {
      switch program.formulasOfAssumptions(with: choice) {
      case .refused: continue
      case .unreadable: return nil
      case .formulas(let formulas):
        if known.insert(formulas).inserted { readings.append(formulas) }
      }
    }
    if readings.isEmpty { return nil }
  }

  /// A smallest set of assumptions among `candidates` that exclude each other; nil where there is
  /// none, or where that takes too much to say.
  ///
  /// The values in force satisfy all assumptions but the `failing` ones, so one of these is in it.
  mutating func smallest(among candidates: [Int], failing: [Int]) -> [Int]? {
    guard areSatisfiable(candidates) == false else { return nil }
    for size in 1...candidates.count {
      var positions = Array(0..<size)
      while true {
        let subset = positions.map { candidates[$0] }
        if subset.contains(where: failing.contains) {
          guard let isSatisfiable = areSatisfiable(subset) else { return nil }
          if !isSatisfiable { return subset }
        }
        // The next subset of this size, in lexicographic order.
        guard
          let last = positions.indices.last(where: {
            positions[$0] < candidates.count - size + $0
          })
        else { break }
        let next = positions[last] + 1
        for place in last..<size { positions[place] = next + place - last }
      }
    }
    return nil
  }

  /// Whether a conflict is one because no duration is negative.
  mutating func needsSigns(_ conflict: [Int]) -> Bool {
    areSatisfiable(conflict, negativesToo: true) == true
  }

  private mutating func areSatisfiable(_ subset: [Int], negativesToo: Bool = false) -> Bool? {
    for reading in readings {
      let answer = ParameterFormula.areSatisfiable(
        subset.map { reading[$0] },
        parameters: durationCount,
        negativesToo: negativesToo,
        systems: &systems
      )
      if answer != false { return answer }
    }
    return false
  }
}

/// What the assumptions say for one choice of values.
private enum AssumptionReading {
  case formulas([ParameterFormula])
  /// These values have errors of their own.
  case refused
  /// An assumption is not a combination of linear comparisons.
  case unreadable
}

extension Program {
  /// Every choice of values for the parameters that are not durations, by parameter; nil where
  /// there are too many, or where one parameter decides which values another one may have.
  fileprivate func choicesOfFiniteParameters(limit: Int) -> [[Int: Value]]? {
    var choices: [[Int: Value]] = [[:]]
    for index in declared.parameters.indices {
      guard let type = parameterType(index) else { return nil }
      if type.type == .duration { continue }
      guard !type.isParametric, let count = model.cardinality(of: type.type),
        count <= limit / choices.count
      else { return nil }
      let values = model.values(of: type.type)
      choices = choices.flatMap { choice in
        values.map { value in choice.merging([index: value]) { $1 } }
      }
    }
    return choices
  }

  /// Reads the assumptions with other values for the finite parameters.
  ///
  /// Those values shape types, constants and helpers, so the declarations are resolved anew.
  fileprivate func formulasOfAssumptions(with choice: [Int: Value]) -> AssumptionReading {
    guard declared.areSound else { return .refused }
    let other = Program(declared, chosen, routes, options: options, log: DiagnosticLog())
    for index in declared.parameters.indices {
      guard let type = parameterType(index), let value = choice[index] ?? parameterValue(index)
      else { return .unreadable }
      other.resolution.parameterTypes.settle(index, as: type)
      other.resolution.parameterValues.settle(index, as: value)
      other.model.parameters[index].type = type.type
      other.model.parameters[index].value = value
    }
    var expressions: [Expression] = []
    for condition in declared.assumptions {
      let checker = ExpressionChecker(other, context: .global)
      let use = ValueUse("an assumption", condition.span)
      guard let expression = checker.checkValue(condition, as: .bool, use) else {
        return .refused
      }
      expressions.append(expression)
    }
    if other.log.diagnostics.hasErrors { return .refused }
    let reader = ParameterReader(other.model)
    let formulas = expressions.compactMap { try? reader.formula($0) }
    return formulas.count == expressions.count ? .formulas(formulas) : .unreadable
  }
}
