import LingerDiagnostics
import LingerModel
import LingerSyntax

/// `switch` becomes a chain of conditionals over a value that is computed once.
extension StatementChecker {
  private struct Branch {
    /// nil for `default`.
    var condition: Expression?
    var body: [Statement]
    var span: Span
  }

  func checkSwitch(
    _ value: ExpressionSyntax,
    _ cases: [StatementSyntax.SwitchCase],
    at span: Span
  ) -> [Statement]? {
    let scrutinee = checker.check(value)
    if let scrutinee, !isSwitchable(scrutinee.type) {
      checker.error(
        .typeMismatch,
        "'switch' cannot tell values of \(checker.text(scrutinee.type)) apart",
        at: value.span,
        help: "it takes enums, Bool, integers and optionals of them"
      )
      for branch in cases { _ = check(branch.body) }
      return nil
    }
    var setup: [Statement] = []
    var subject = scrutinee
    if let scrutinee, !scrutinee.isAtom || scrutinee.readsVariable {
      // The body of a case may change what was asked.
      let slot = checker.locals.allocate("")
      setup = [Statement(.bind(slot, scrutinee), value.span)]
      subject = Expression(.local(slot), scrutinee.type, value.span)
    }
    var covered = CoveredCases()
    var branches: [Branch] = []
    var isComplete = scrutinee != nil
    for branch in cases {
      let condition = subject.flatMap { self.condition(of: branch, $0, &covered) }
      guard let body = check(branch.body) else {
        isComplete = false
        continue
      }
      if branch.patterns.isEmpty {
        branches.append(Branch(condition: nil, body: body, span: branch.span))
      } else if let condition {
        branches.append(Branch(condition: condition, body: body, span: branch.span))
      } else {
        isComplete = false
      }
    }
    guard isComplete, let subject else { return nil }
    guard covered.hasDefault || checkExhaustive(subject.type, covered, value, span) else {
      return nil
    }
    return setup + chain(branches, at: span)
  }

  /// What patterns were seen.
  private struct CoveredCases {
    var values: Set<Value> = []
    var hasDefault = false
  }

  private func isSwitchable(_ type: ModelType) -> Bool {
    switch type {
    case .enumeration, .bool, .integer, .unboundedInteger, .instance: true
    case .optional(let wrapped): isSwitchable(wrapped)
    default: false
    }
  }

  private func condition(
    of branch: StatementSyntax.SwitchCase,
    _ subject: Expression,
    _ covered: inout CoveredCases
  ) -> Expression? {
    if branch.patterns.isEmpty {
      if covered.hasDefault {
        checker.error(.repeatedCase, "there is a second 'default'", at: branch.span)
      }
      covered.hasDefault = true
      return nil
    }
    guard !covered.hasDefault else {
      checker.error(
        .repeatedCase,
        "the case stands after 'default'",
        at: branch.patterns[0].span,
        label: "never taken"
      )
      return nil
    }
    var condition: Expression?
    var isSound = true
    for pattern in branch.patterns {
      guard let test = test(pattern, subject, &covered) else {
        isSound = false
        continue
      }
      condition =
        condition.map { checker.make(.binary(.or, $0, test), .bool, pattern.span) } ?? test
    }
    return isSound ? condition : nil
  }

  private func test(
    _ pattern: ExpressionSyntax,
    _ subject: Expression,
    _ covered: inout CoveredCases
  ) -> Expression? {
    if case .range(let low, let high) = pattern.unparenthesized.kind {
      return rangeTest(low, high, subject, pattern.span, &covered)
    }
    let use = ValueUse("a case", .none)
    let wanted = subject.type.isInteger ? ModelType.unboundedInteger : subject.type
    guard let value = checker.checkValue(pattern, as: wanted, use) else { return nil }
    if case .constant(let constant) = value.kind {
      guard covered.values.insert(constant).inserted else {
        checker.error(
          .repeatedCase,
          "'\(describe(constant, in: program.model))' has a case already",
          at: pattern.span,
          label: "never taken"
        )
        return nil
      }
    }
    return checker.make(.binary(.equal, subject, value), .bool, pattern.span)
  }

  private func rangeTest(
    _ low: ExpressionSyntax,
    _ high: ExpressionSyntax,
    _ subject: Expression,
    _ span: Span,
    _ covered: inout CoveredCases
  ) -> Expression? {
    guard subject.type.isInteger else {
      checker.error(
        .typeMismatch,
        "a range is no \(checker.text(subject.type))",
        at: span
      )
      return nil
    }
    guard let (first, last) = checker.checkBounds(low, high) else { return nil }
    if case .constant(.integer(let a)) = first.kind, case .constant(.integer(let b)) = last.kind,
      case .integer(let range) = subject.type, a <= b, range.overlaps(a...b)
    {
      let inside = (a...b).clamped(to: range)
      if program.model.cardinality(of: .integer(inside)) ?? .max <= Program.arrayCountLimit {
        for value in inside { covered.values.insert(.integer(value)) }
      }
    }
    return checker.within(subject, first, last, at: span)
  }

  /// Whether every value has a case; reported with the missing ones where not.
  private func checkExhaustive(
    _ type: ModelType,
    _ covered: CoveredCases,
    _ value: ExpressionSyntax,
    _ span: Span
  ) -> Bool {
    let count = program.model.cardinality(of: type) ?? .max
    guard count <= Program.arrayCountLimit else {
      checker.error(
        .notExhaustive,
        "the 'switch' does not have a case for every value",
        at: value.span,
        help: "add 'default:'"
      )
      return false
    }
    let missing = program.model.values(of: type).filter { !covered.values.contains($0) }
    guard !missing.isEmpty else { return true }
    let names = missing.prefix(6).map { "'\(describe($0, in: program.model))'" }
    let rest = missing.count > 6 ? " and \(missing.count - 6) more" : ""
    let list = names.joined(separator: ", ") + rest
    let labels = missing.prefix(6).map { describe($0, in: program.model) }
    let word = missing.count == 1 ? "case" : "cases"
    checker.error(
      .notExhaustive,
      "the 'switch' has no case for \(list)",
      at: value.span,
      label: "\(missing.count) \(word) missing",
      help: missing.count > 6
        ? "add 'default:'" : "add 'case \(labels.joined(separator: ", ")):' or 'default:'"
    )
    return false
  }

  private func chain(_ branches: [Branch], at span: Span) -> [Statement] {
    var result: [Statement] = []
    for (index, branch) in branches.enumerated().reversed() {
      guard let condition = branch.condition, index < branches.count - 1 else {
        // The last branch takes what is left, since the switch is exhaustive.
        result = branch.body
        continue
      }
      result = [
        Statement(.conditional(condition, then: branch.body, otherwise: result), branch.span)
      ]
    }
    return result
  }
}

extension Expression {
  /// Whether it is a variable, which a statement may change.
  fileprivate var readsVariable: Bool {
    if case .variable = kind { return true }
    return false
  }
}
