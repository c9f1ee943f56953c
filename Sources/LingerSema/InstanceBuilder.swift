import LingerDiagnostics
import LingerModel
import LingerSyntax

/// One `instances` declaration.
struct InstanceGroup {
  var syntax: InstancesSyntax
  var role: Int?
  /// The instances of each of its names.
  var numbers: [String: Range<Int>] = [:]
  /// Initial values that differ from the role's, by variable.
  var overrides: [Int: InitialValue] = [:]
  /// Families whose size depends on parameters.
  var parametricNames: Set<String> = []

  /// Whether the name is followed by a count.
  func isFamily(_ name: String) -> Bool {
    syntax.names.contains { $0.name.text == name && $0.count != nil }
  }
}

/// What a variable begins with.
enum InitialValue {
  /// One value for each member of a family, or a single one for all.
  case values([Value])
  /// Any value of its type.
  case any
}

/// Instances and the values that their variables start with.
extension Program {
  /// Instances of one spec; a state holds the variables of all of them.
  static let instanceLimit = 256

  /// Whether every instance that was declared is in the model.
  var hasSoundInstances: Bool {
    instanceGroups.allSatisfy { group in
      group.role != nil && group.syntax.names.allSatisfy { group.numbers[$0.name.text] != nil }
    }
  }

  /// Numbers the instances, in order of declaration.
  func resolveInstances() {
    switch areInstancesResolved {
    case .done: return
    case .inProgress:
      reportCycle(
        .cyclicDefinition,
        "the number of instances of",
        syntax.name,
        at: syntax.name.span
      )
      return
    case .pending: areInstancesResolved = .inProgress
    }
    var symmetryGroups = 0
    for index in instanceGroups.indices {
      let syntax = instanceGroups[index].syntax
      let role = self.role(syntax.role)
      instanceGroups[index].role = role
      for name in syntax.names {
        var count = 1
        if let size = name.count {
          guard
            let (constant, isParametric) = constantInteger(size, "the count of a family")
          else { continue }
          if isParametric { instanceGroups[index].parametricNames.insert(name.name.text) }
          guard constant >= 1 else {
            error(
              .emptyDomain,
              "family '\(name.name.text)' has \(constant) instances",
              at: size.span,
              label: "must be at least 1"
            )
            continue
          }
          count = constant
        }
        guard let role, instanceGroups[index].numbers[name.name.text] == nil else { continue }
        let first = model.instances.count
        guard count <= Self.instanceLimit, first + count <= Self.instanceLimit else {
          error(
            .tooManyInstances,
            "there are more than \(Self.instanceLimit) instances",
            at: name.name.span
          )
          continue
        }
        instanceGroups[index].numbers[name.name.text] = first..<first + count
        for member in 0..<count {
          model.instances.append(
            Instance(
              name: name.count == nil ? name.name.text : "\(name.name.text)[\(member)]",
              role: role,
              initial: [],
              symmetryGroup: syntax.isSymmetric ? symmetryGroups : nil,
              span: name.name.span
            )
          )
        }
      }
      if syntax.isSymmetric { symmetryGroups += 1 }
    }
    areInstancesResolved = .done(())
  }

  /// Evaluates what the variables of every role and of every instance start with.
  func buildInitialValues() {
    for index in instanceGroups.indices { readOverrides(ofGroup: index) }
    for role in roles.indices {
      let values = roles[role].variables.indices.map { initialValue(of: $0, role) }
      for (number, value) in values.enumerated() {
        if let value { model.roles[role].variables[number].initial = value }
      }
    }
    for group in instanceGroups {
      guard let role = group.role else { continue }
      for name in group.syntax.names {
        for (member, instance) in (group.numbers[name.name.text] ?? 0..<0).enumerated() {
          setInitialValues(of: instance, role, member: member, group.overrides)
        }
      }
    }
    checkInitialStates()
  }

  private func setInitialValues(
    of instance: Int,
    _ role: Int,
    member: Int,
    _ overrides: [Int: InitialValue]
  ) {
    model.instances[instance].initial = []
    for (number, variable) in model.roles[role].variables.enumerated() {
      let inherited = roles[role].variables[number].isOpen ? InitialValue.any : nil
      switch overrides[number] ?? inherited {
      case .values(let values):
        model.instances[instance].initial.append(values.count == 1 ? values[0] : values[member])
      case .any:
        model.instances[instance].initial.append(firstValue(of: variable.type) ?? variable.initial)
        model.instances[instance].open.append(number)
      case nil: model.instances[instance].initial.append(variable.initial)
      }
    }
  }

  /// Initial states that a spec may have: each is gone through, whether `initially` allows it or
  /// not.
  static let initialStateLimit = 1 << 16

  private func checkInitialStates() {
    var count = 1
    for instance in model.instances {
      for number in instance.open {
        let variable = model.roles[instance.role].variables[number]
        let values = model.cardinality(of: variable.type) ?? .max
        let product = count.multipliedReportingOverflow(by: values)
        count = product.partialValue
        guard product.overflow || count > Self.initialStateLimit else { continue }
        error(
          .domainTooLarge,
          "there are too many initial states",
          at: variable.span,
          notes: [
            Diagnostic.Note("the variables that begin with any value multiply")
          ],
          help: "at most \(Self.initialStateLimit) are possible, 'initially' not yet considered"
        )
        return
      }
    }
  }

  /// Whether an initial value is `any`, which a name of the spec's may hide.
  private func isAny(_ syntax: ExpressionSyntax) -> Bool {
    syntax.nameText == "any" && symbols["any"] == nil
  }

  /// The first of the values that `any` stands for; nil where they cannot be counted, or where
  /// there are none.
  private func firstValue(of type: ModelType) -> Value? {
    guard let count = model.cardinality(of: type), count > 0 else { return nil }
    return model.value(at: 0, in: type)
  }

  /// Says where `any` has no value to stand for: a reference to a role without instances.
  private func requireValues(of type: ModelType, at span: Span) {
    guard model.cardinality(of: type) == 0 else { return }
    error(
      .emptyDomain,
      "\(describe(type, in: model)) has no values to begin with",
      at: span,
      help: "give the role an instance under 'instances'"
    )
  }

  /// Checks the conditions on initial states.
  func buildInitialConditions() {
    for condition in initialConditions {
      let checker = ExpressionChecker(self, context: .global)
      guard let body = checker.checkCondition(condition, "'initially'") else { continue }
      var property = Property(
        kind: .invariant,
        name: "initially",
        documentation: nil,
        body: body,
        localCount: checker.frame.names.count,
        span: condition.span
      )
      property.localNames = checker.frame.names
      model.initially.append(property)
    }
  }

  private func readOverrides(ofGroup index: Int) {
    let group = instanceGroups[index]
    guard let role = group.role else { return }
    var seen: [String: Span] = [:]
    for argument in group.syntax.initialValues {
      guard let label = argument.label else {
        error(
          .labelMissing,
          "an initial value needs the name of its variable",
          at: argument.value.span,
          help: "write 'variable: value'"
        )
        continue
      }
      guard case .variable(let number) = roles[role].members[label.text] else {
        let variables = roles[role].variables.map(\.name.text)
        error(
          .unknownLabel,
          "role '\(roles[role].name.text)' has no variable '\(label.text)'",
          at: label.span,
          fixIts: suggest(label, among: variables)
        )
        continue
      }
      if let first = seen[label.text] {
        reportDuplicate(label, first: first, what: "initial value of")
        continue
      }
      seen[label.text] = label.span
      guard let type = variableType(number, of: role) else { continue }
      let use = ValueUse(
        "variable '\(label.text)'",
        roles[role].variables[number].name.span,
        isInitial: true
      )
      if isAny(argument.value) {
        requireValues(of: type.type, at: argument.value.span)
        instanceGroups[index].overrides[number] = .any
        continue
      }
      let values = values(argument.value, as: type.type, use, for: group)
      instanceGroups[index].overrides[number] = values.map { .values($0) }
    }
  }

  /// The value that an argument has for each member of a family, by its `index`; a single one
  /// where it does not read that.
  private func values(
    _ syntax: ExpressionSyntax,
    as type: ModelType,
    _ use: ValueUse,
    for group: InstanceGroup
  ) -> [Value]? {
    let checker = ExpressionChecker(self, context: .global)
    let size = group.numbers.values.map(\.count).max() ?? 1
    var slot: Int?
    // A spec's own 'index' counts more than this one.
    if symbols[Self.indexName] == nil {
      slot = checker.bind(
        Identifier(Self.indexName, .none),
        .integer(0...size - 1),
        isParametric: !group.parametricNames.isEmpty,
        what: "the index of a member"
      )
    }
    guard let expression = checker.checkValue(syntax, as: type, use) else { return nil }
    noteComparison(in: expression)
    guard let slot, expression.reads(local: slot) else {
      return value(of: expression, as: type, use, in: syntax).map { [$0] }
    }
    if let single = group.syntax.names.first(where: { $0.count == nil }) {
      error(
        .wrongKind,
        "'index' counts the members of a family, and '\(single.name.text)' is a single instance",
        at: syntax.span,
        notes: [Diagnostic.Note("it is declared here", at: single.name.span)],
        help: "write '\(single.name.text)[1]', or give it a declaration of its own"
      )
      return nil
    }
    var values: [Value] = []
    for member in 0..<size {
      let own = expression.substituting(local: slot, with: .integer(member))
      guard let value = value(of: own, as: type, use, in: syntax) else { return nil }
      values.append(value)
    }
    return values
  }

  /// What the position of an instance in its family is called in its initial values.
  private static let indexName = "index"

  private func initialValue(of number: Int, _ role: Int) -> Value? {
    let entry = roles[role].variables[number]
    guard let type = variableType(number, of: role) else { return nil }
    if let syntax = entry.value, isAny(syntax) {
      roles[role].variables[number].isOpen = true
      requireValues(of: type.type, at: syntax.span)
      return firstValue(of: type.type)
    }
    if let syntax = entry.value {
      let use = ValueUse("variable '\(entry.name.text)'", entry.name.span, isInitial: true)
      return constant(syntax, as: type.type, use)
    }
    if let value = defaultValue(of: type.type) { return value }
    // Every instance may say it for itself.
    let groups = instanceGroups.filter { $0.role == role }
    let isCovered =
      !groups.isEmpty
      && groups.allSatisfy { group in
        group.syntax.initialValues.contains { $0.label?.text == entry.name.text }
      }
    if isCovered {
      switch groups[0].overrides[number] {
      case .values(let values)?: return values.first
      case .any?: return firstValue(of: type.type)
      // What was written there is an error of its own.
      case nil: return nil
      }
    }
    error(
      .noDefaultValue,
      "variable '\(entry.name.text)' needs an initial value",
      at: entry.name.span,
      notes: [Diagnostic.Note("a reference to an instance has no value to start with")],
      help: "give it at the instances: '\(roles[role].name.text)(\(entry.name.text): ...)', "
        + "or make it optional"
    )
    return nil
  }

  /// The value of a variable that is given none; nil where an instance would be needed.
  func defaultValue(of type: ModelType) -> Value? {
    switch type {
    case .bool: return .bool(false)
    case .integer(let range):
      return .integer(range.contains(0) ? 0 : range.lowerBound)
    case .enumeration(let number): return .enumCase(number, 0)
    case .record(let number):
      let defaults = recordDefaults(number) ?? []
      var fields: [Value] = []
      for (index, field) in model.records[number].fields.enumerated() {
        let declared = defaults.indices.contains(index) ? defaults[index] : nil
        guard let value = declared ?? defaultValue(of: field.type) else { return nil }
        fields.append(value)
      }
      return .record(number, fields)
    case .optional: return Value.none
    case .set: return .set([])
    case .queue: return .queue([])
    case .array(let index, let element):
      guard let value = defaultValue(of: element) else { return nil }
      return .array(Array(repeating: value, count: model.cardinality(of: index) ?? 0))
    case .instance: return nil
    case .duration: return .duration(.zero)
    case .unboundedInteger: return .integer(0)
    }
  }
}
