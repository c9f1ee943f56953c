import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What a variable begins with.
enum InitialValue {
  /// One value for each member of a family, or a single one for all.
  case values([Value])
  /// Any value of its type.
  case any
}

/// Evaluates what the variables of every role and of every instance start with.
struct InitialValueBuilder: DiagnosticReporting {
  private let program: Program
  /// By declaration of instances and variable, initial values that differ from the role's.
  private var overrides: [[Int: InitialValue]]
  /// By role, the variables that begin with any value of their type.
  private var open: [Set<Int>]

  var log: DiagnosticLog { program.log }
  private var declared: Declarations { program.declared }
  /// By declaration of instances, which they are.
  private var groups: [InstanceNumbers.Group] { program.resolution.instances.groups }

  init(_ program: Program) {
    self.program = program
    overrides = program.declared.instanceGroups.map { _ in [:] }
    open = program.declared.roles.map { _ in [] }
  }

  /// Evaluates what the variables of every role and of every instance start with.
  mutating func build() {
    for index in declared.instanceGroups.indices { readOverrides(ofGroup: index) }
    for role in declared.roles.indices {
      let values = declared.roles[role].variables.indices.map { initialValue(of: $0, role) }
      for (number, value) in values.enumerated() {
        if let value { program.model.roles[role].variables[number].initial = value }
      }
    }
    for (index, group) in groups.enumerated() {
      guard let role = group.role else { continue }
      for name in declared.instanceGroups[index].syntax.names {
        for (member, instance) in (group.numbers[name.name.text] ?? 0..<0).enumerated() {
          setInitialValues(of: instance, role, member: member, overrides[index])
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
    program.model.instances[instance].initial = []
    for (number, variable) in program.model.roles[role].variables.enumerated() {
      let inherited = open[role].contains(number) ? InitialValue.any : nil
      switch overrides[number] ?? inherited {
      case .values(let values):
        program.model.instances[instance].initial.append(
          values.count == 1 ? values[0] : values[member]
        )
      case .any:
        program.model.instances[instance].initial.append(
          firstValue(of: variable.type) ?? variable.initial
        )
        program.model.instances[instance].open.append(number)
      case nil: program.model.instances[instance].initial.append(variable.initial)
      }
    }
  }

  /// Initial states that a spec may have: each is gone through, whether `initially` allows it or
  /// not.
  static let initialStateLimit = 1 << 16

  private func checkInitialStates() {
    var count = 1
    for instance in program.model.instances {
      for number in instance.open {
        let variable = program.model.roles[instance.role].variables[number]
        let values = program.model.cardinality(of: variable.type) ?? .max
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
    syntax.nameText == "any" && declared.symbols["any"] == nil
  }

  /// The first of the values that `any` stands for; nil where they cannot be counted, or where
  /// there are none.
  private func firstValue(of type: ModelType) -> Value? {
    guard let count = program.model.cardinality(of: type), count > 0 else { return nil }
    return program.model.value(at: 0, in: type)
  }

  /// Says where `any` has no value to stand for: a reference to a role without instances.
  private func requireValues(of type: ModelType, at span: Span) {
    guard program.model.cardinality(of: type) == 0 else { return }
    error(
      .emptyDomain,
      "\(describe(type, in: program.model)) has no values to begin with",
      at: span,
      help: "give the role an instance under 'instances'"
    )
  }

  private mutating func readOverrides(ofGroup index: Int) {
    guard let role = groups[index].role else { return }
    var seen: [String: Span] = [:]
    for argument in declared.instanceGroups[index].syntax.initialValues {
      guard let label = argument.label else {
        error(
          .labelMissing,
          "an initial value needs the name of its variable",
          at: argument.value.span,
          help: "write 'variable: value'"
        )
        continue
      }
      guard case .variable(let number) = declared.roles[role].members[label.text] else {
        let variables = declared.roles[role].variables.map(\.name.text)
        error(
          .unknownLabel,
          "role '\(declared.roles[role].name.text)' has no variable '\(label.text)'",
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
      guard let type = program.variableType(number, of: role) else { continue }
      let use = ValueUse(
        "variable '\(label.text)'",
        declared.roles[role].variables[number].name.span,
        isInitial: true
      )
      if isAny(argument.value) {
        requireValues(of: type.type, at: argument.value.span)
        overrides[index][number] = .any
        continue
      }
      let values = values(argument.value, as: type.type, use, forGroup: index)
      overrides[index][number] = values.map { .values($0) }
    }
  }

  /// The value that an argument has for each member of a family, by its `index`; a single one
  /// where it does not read that.
  private func values(
    _ syntax: ExpressionSyntax,
    as type: ModelType,
    _ use: ValueUse,
    forGroup index: Int
  ) -> [Value]? {
    let checker = ExpressionChecker(program, context: .global)
    let group = groups[index]
    let size = group.numbers.values.map(\.count).max() ?? 1
    var slot: Int?
    // A spec's own 'index' counts more than this one.
    if declared.symbols[Self.indexName] == nil {
      slot = checker.bind(
        Identifier(Self.indexName, .none),
        .integer(0...size - 1),
        isParametric: !group.parametricNames.isEmpty,
        what: "the index of a member"
      )
    }
    guard let expression = checker.checkValue(syntax, as: type, use) else { return nil }
    program.noteComparison(in: expression)
    guard let slot, expression.reads(local: slot) else {
      return program.value(of: expression, as: type, use, in: syntax).map { [$0] }
    }
    if let single = declared.instanceGroups[index].syntax.names.first(where: { $0.count == nil }) {
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
      guard let value = program.value(of: own, as: type, use, in: syntax) else { return nil }
      values.append(value)
    }
    return values
  }

  /// What the position of an instance in its family is called in its initial values.
  private static let indexName = "index"

  private mutating func initialValue(of number: Int, _ role: Int) -> Value? {
    let entry = declared.roles[role].variables[number]
    guard let type = program.variableType(number, of: role) else { return nil }
    if let syntax = entry.value, isAny(syntax) {
      open[role].insert(number)
      requireValues(of: type.type, at: syntax.span)
      return firstValue(of: type.type)
    }
    if let syntax = entry.value {
      let use = ValueUse("variable '\(entry.name.text)'", entry.name.span, isInitial: true)
      return program.constant(syntax, as: type.type, use)
    }
    if let value = program.defaultValue(of: type.type) { return value }
    // Every instance may say it for itself.
    let own = groups.indices.filter { groups[$0].role == role }
    let isCovered = own.allSatisfy { group in
      declared.instanceGroups[group].syntax.initialValues.contains {
        $0.label?.text == entry.name.text
      }
    }
    if let first = own.first, isCovered {
      switch overrides[first][number] {
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
      help:
        "give it at the instances: '\(declared.roles[role].name.text)(\(entry.name.text): ...)', "
        + "or make it optional"
    )
    return nil
  }
}
