import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Parameters: their types, the value in force, and the conditions on them.
extension Program {
  func parameterType(_ index: Int) -> ResolvedType? {
    let entry = declared.parameters[index]
    return resolution.parameterTypes.content(index) {
      reportCycle(.cyclicDefinition, "parameter", entry.name, at: entry.span)
    } _: {
      resolving(entry.name.text, entry.name.span) { resolve(entry.type, for: .parameter) }
    }
  }

  /// The value in force: `--set`, else the profile's, else the default.
  func parameterValue(_ index: Int) -> Value? {
    let entry = declared.parameters[index]
    return resolution.parameterValues.content(index) {
      reportCycle(.cyclicDefinition, "parameter", entry.name, at: entry.span)
    } _: {
      let value = resolving(entry.name.text, entry.span) { choose(index, entry) }
      if let value, let type = parameterType(index) {
        model.parameters[index].value = value
        model.parameters[index].type = type.type
        model.parameters[index].isChosen = chosen.byParameter[index] != nil
      }
      return value
    }
  }

  private func choose(_ index: Int, _ entry: ParameterEntry) -> Value? {
    guard let type = parameterType(index) else { return nil }
    guard let syntax = chosen.byParameter[index] ?? entry.declaredValue else {
      error(
        .parameterWithoutValue,
        "parameter '\(entry.name.text)' has no value",
        at: entry.name.span,
        help: "give it a default, or choose with --set \(entry.name.text)=..."
      )
      return nil
    }
    let use = ValueUse("parameter '\(entry.name.text)'", entry.span, isInitial: true)
    // A duration's default is kept in symbols, and a chosen value depends on nothing.
    let value = constant(
      syntax,
      as: type.type,
      use,
      mayCompareDurations: type.type == .duration || chosen.byParameter[index] != nil
    )
    return value.flatMap { notNegative($0, of: entry.name.text, at: syntax.span) }
  }

  /// The value unless it is a negative duration: the solver takes no duration for less than 0.
  private func notNegative(_ value: Value, of parameter: String, at span: Span) -> Value? {
    guard case .duration(let time) = value, time < .zero else { return value }
    error(
      .negativeDuration,
      "parameter '\(parameter)' would be \(describe(duration: time))",
      at: span,
      label: "negative"
    )
    return nil
  }

  /// Adds what the declared defaults of durations say in symbols.
  func fillParameters() {
    for (index, entry) in declared.parameters.enumerated() {
      guard parameterType(index)?.type == .duration, let declared = entry.declaredValue else {
        continue
      }
      let checker = ExpressionChecker(self, context: .global)
      model.parameters[index].definition = checker.checkValue(
        declared,
        as: .duration,
        ValueUse("parameter '\(entry.name.text)'", entry.span)
      )
    }
  }

  /// Checks assumptions; one that does not hold names the values that break it, or the other
  /// assumptions that exclude it whatever the values are.
  func buildAssumptions() {
    var failing: [(number: Int, read: [Int])] = []
    for (number, condition) in declared.assumptions.enumerated() {
      let checker = ExpressionChecker(self, context: .global)
      let use = ValueUse("an assumption", condition.span)
      guard let expression = checker.checkValue(condition, as: .bool, use) else { continue }
      switch evaluate(expression) {
      case .success(.bool(true)): model.assumptions.append(expression)
      case .success: failing.append((number, checker.effects.parametersRead))
      case .failure(let failure): report(failure, in: condition, what: "an assumption")
      }
    }
    let explained = reportConflicts(failing: failing)
    for (number, read) in failing where !explained.contains(number) {
      reportFailedAssumption(declared.assumptions[number], read)
    }
  }

  /// Reports assumptions that no values satisfy together, and says which these are.
  private func reportConflicts(failing: [(number: Int, read: [Int])]) -> [Int] {
    // One that names no parameter is false by itself: there is no more to say of it.
    let open = failing.filter { !$0.read.isEmpty }.map(\.number)
    let hopeless = failing.filter(\.read.isEmpty).map(\.number)
    guard !open.isEmpty, var conflicts = AssumptionConflicts(self) else { return [] }
    var rest = declared.assumptions.indices.filter { !hopeless.contains($0) }
    var explained: [Int] = []
    while let conflict = conflicts.smallest(among: rest, failing: open) {
      reportConflict(conflict, failing: open, needsSigns: conflicts.needsSigns(conflict))
      explained += conflict
      rest.removeAll(where: conflict.contains)
    }
    return explained
  }

  private func reportConflict(_ conflict: [Int], failing: [Int], needsSigns: Bool) {
    guard let first = conflict.first(where: failing.contains) else { return }
    let others = conflict.filter { $0 != first }
    let other = others.count == 1 ? "the other one is here" : "another one is here"
    var notes = others.map { Diagnostic.Note(other, at: declared.assumptions[$0].span) }
    if needsSigns { notes.append(Diagnostic.Note("no duration is negative")) }
    error(
      .assumptionFails,
      others.isEmpty
        ? "the assumption holds for no values of the parameters"
        : "\(conflict.count) assumptions exclude each other",
      at: declared.assumptions[first].span,
      label: others.isEmpty
        ? "always false"
        : "no values satisfy this one and the other\(others.count == 1 ? "" : "s")",
      notes: notes,
      help: "no --set and no profile can help: correct the assumption\(others.isEmpty ? "" : "s")"
    )
  }

  private func reportFailedAssumption(_ condition: ExpressionSyntax, _ read: [Int]) {
    let values = read.sorted().map { index in
      "\(model.parameters[index].name) = \(describe(model.parameters[index].value, in: model))"
    }
    let changed = read.sorted().filter { chosen.byParameter[$0] != nil }.map {
      model.parameters[$0].name
    }
    let reason =
      values.isEmpty
      ? "it names no parameter" : "the values are \(values.joined(separator: ", "))"
    error(
      .assumptionFails,
      "the assumption does not hold",
      at: condition.span,
      label: "false",
      notes: [Diagnostic.Note(reason)],
      help: changed.isEmpty
        ? nil
        : "change \(changed.map { "'\($0)'" }.joined(separator: ", ")) in --set or the profile"
    )
  }

  /// Evaluates the values of every profile.
  func buildProfiles() {
    for profile in declared.profiles {
      var values: [(parameter: Int, value: Value)] = []
      for setting in profile.values {
        guard let index = declared.parameterIndex(setting.name.text) else {
          error(
            .unknownParameter,
            "there is no parameter '\(setting.name.text)'",
            at: setting.name.span,
            fixIts: suggest(setting.name, among: declared.parameters.map(\.name.text))
          )
          continue
        }
        guard let type = parameterType(index) else { continue }
        let use = ValueUse(
          "parameter '\(setting.name.text)'",
          declared.parameters[index].span,
          isInitial: true
        )
        if let value = constant(setting.value, as: type.type, use, mayCompareDurations: true),
          let value = notNegative(value, of: setting.name.text, at: setting.value.span)
        {
          values.append((index, value))
        }
      }
      model.profiles.append(
        Profile(name: profile.name.text, documentation: profile.documentation, values: values)
      )
    }
  }
}
