import LingerDiagnostics
import LingerModel
import LingerSyntax

/// The instances, numbered, and the conditions on initial states.
extension Program {
  /// Instances of one spec; a state holds the variables of all of them.
  static let instanceLimit = 256

  /// Whether every instance that was declared is in the model.
  var hasSoundInstances: Bool {
    zip(declared.instanceGroups, resolution.instances.groups).allSatisfy { entry, group in
      group.role != nil && entry.syntax.names.allSatisfy { group.numbers[$0.name.text] != nil }
    }
  }

  /// Numbers the instances, in order of declaration.
  func resolveInstances() {
    let place = declared.name
    resolution.instances.progress.content(0) {
      reportCycle(.cyclicDefinition, "the number of instances of", place, at: place.span)
    } _: {
      var symmetryGroups = 0
      for (index, group) in declared.instanceGroups.enumerated() {
        number(group.syntax, index, symmetryGroup: group.syntax.isSymmetric ? symmetryGroups : nil)
        if group.syntax.isSymmetric { symmetryGroups += 1 }
      }
      return ()
    }
  }

  private func number(_ syntax: InstancesSyntax, _ index: Int, symmetryGroup: Int?) {
    let instances = resolution.instances
    let role = self.role(syntax.role)
    instances.enter(role: role, of: index)
    for name in syntax.names {
      var count = 1
      if let size = name.count {
        guard let (constant, isParametric) = constantInteger(size, "the count of a family")
        else { continue }
        if isParametric { instances.markParametric(name.name.text, in: index) }
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
      guard let role, instances.groups[index].numbers[name.name.text] == nil else { continue }
      let first = model.instances.count
      guard count <= Self.instanceLimit, first + count <= Self.instanceLimit else {
        error(
          .tooManyInstances,
          "there are more than \(Self.instanceLimit) instances",
          at: name.name.span
        )
        continue
      }
      instances.enter(name.name.text, first..<first + count, in: index)
      for member in 0..<count {
        model.instances.append(
          Instance(
            name: name.count == nil ? name.name.text : "\(name.name.text)[\(member)]",
            role: role,
            initial: [],
            symmetryGroup: symmetryGroup,
            span: name.name.span
          )
        )
      }
    }
  }

  /// Checks the conditions on initial states.
  func buildInitialConditions() {
    for condition in declared.initialConditions {
      let checker = ExpressionChecker(self, context: .global)
      guard let body = checker.checkCondition(condition, "'initially'") else { continue }
      var property = Property(
        kind: .invariant,
        name: "initially",
        documentation: nil,
        body: body,
        localCount: checker.locals.names.count,
        span: condition.span
      )
      property.localNames = checker.locals.names
      model.initially.append(property)
    }
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
