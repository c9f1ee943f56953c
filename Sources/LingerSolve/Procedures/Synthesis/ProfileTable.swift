import LingerEval
import LingerModel

/// How the values in force and those of every profile fare under a condition that was found.
struct ProfileTable {
  let prepared: TimedQuestion
  let property: Int
  /// Position of the first released parameter among the duration parameters.
  let subject: Int?
  let clauses: [[LinearConstraint]]
  let options: TimedOptions

  func lines() -> [SynthesisReport.ProfileLine] {
    var lines = [line(nil, prepared.values)]
    for profile in prepared.model.profiles {
      if let remark = difference(of: profile) {
        let settings = profile.values.compactMap { parameter, value -> TimedRun.Setting? in
          guard case .duration(let time) = value else { return nil }
          return TimedRun.Setting(parameter: parameter, value: time)
        }
        lines.append(
          .init(name: profile.name, settings: settings, holds: nil, remark: remark)
        )
      } else {
        lines.append(line(profile.name, values(of: profile)))
      }
    }
    return lines
  }

  /// A finite parameter that is another one in the profile: then the condition is about another
  /// model.
  private func difference(of profile: Profile) -> String? {
    let other = profile.values.first { parameter, value in
      prepared.model.parameters[parameter].type != .duration
        && prepared.model.parameters[parameter].value != value
    }
    guard let other else { return nil }
    let name = prepared.model.parameters[other.parameter].name
    return "\(name) is \(describe(other.value, in: prepared.model)) there; "
      + "ask again with --profile \(profile.name)"
  }

  /// The values with a profile in force: its own, then defaults that follow from them.
  private func values(of profile: Profile) -> [Rational] {
    let numbers = prepared.parameters.numbers
    var values = prepared.values
    var isOwn = [Bool](repeating: false, count: numbers.count)
    for (parameter, value) in profile.values {
      guard let position = numbers.firstIndex(of: parameter), case .duration(let time) = value
      else { continue }
      values[position] = time
      isOwn[position] = true
    }
    let reader = ParameterReader(prepared.model)
    // A default may use others that come later; as many rounds as there are defaults settle all.
    for _ in numbers {
      for (position, number) in numbers.enumerated() where !isOwn[position] {
        let parameter = prepared.model.parameters[number]
        guard !parameter.isChosen, let definition = parameter.definition,
          let term = try? reader.term(definition)
        else { continue }
        values[position] = term.value(at: values)
      }
    }
    return values
  }

  private func line(_ name: String?, _ values: [Rational]) -> SynthesisReport.ProfileLine {
    let settings = zip(prepared.parameters.numbers, values).map {
      TimedRun.Setting(parameter: $0, value: $1)
    }
    var line = SynthesisReport.ProfileLine(name: name, settings: settings, holds: nil)
    let broken = prepared.general.filter { !$0.formula.isTrue(at: values) }
    if let assumption = broken.first(where: { $0.equated == nil }) {
      line.remark = "it breaks '\(assumption.name)'"
    } else if broken.isEmpty {
      let condition = ParameterFormula.conjunction(
        clauses.map { clause in .disjunction(clause.map { .atom($0) }) }
      )
      line.holds = condition.isTrue(at: values)
      line.margin = margin(values)
    } else {
      // The condition was found under an equation that this profile breaks.
      line.holds = verdict(values)
      line.remark = "checked by itself: \(enumerated(broken.map(\.name))) is not so there"
    }
    return line
  }

  /// The property's verdict for these values alone.
  private func verdict(_ values: [Rational]) -> Bool? {
    var model = prepared.model
    for (number, value) in zip(prepared.parameters.numbers, values) {
      model.parameters[number].value = .duration(value)
      model.parameters[number].isChosen = true
    }
    let answer = checkTimed(model, property: property, options: options)
    // An error of the spec counts like a violation, as in the condition.
    if answer.specError != nil { return false }
    switch answer.result.verdict {
    case .holds: return true
    case .violated: return false
    case .unknown: return nil
    }
  }

  /// How far the subject is above the least value that satisfies the condition, the others being
  /// as they are; nil where the condition bounds it from above too, or not at all.
  private func margin(_ values: [Rational]) -> Rational? {
    guard let subject else { return nil }
    var least: Rational?
    for clause in clauses {
      var bounds: [Rational] = []
      var isTrueAnyway = false
      for constraint in clause {
        let factor = constraint.term.coefficients[subject]
        if factor == .zero {
          isTrueAnyway = isTrueAnyway || constraint.isTrue(at: values)
          continue
        }
        guard factor < .zero, constraint.relation != .equal else { return nil }
        bounds.append(values[subject] - constraint.term.value(at: values) / factor)
      }
      if isTrueAnyway { continue }
      guard let bound = bounds.min() else { return nil }
      least = max(least ?? bound, bound)
    }
    return least.map { values[subject] - $0 }
  }
}
