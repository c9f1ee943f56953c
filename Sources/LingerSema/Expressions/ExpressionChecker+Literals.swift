import LingerDiagnostics
import LingerModel
import LingerSyntax

extension ExpressionChecker {
  func integer(_ value: Int, at span: Span) -> Expression {
    Expression(.constant(.integer(value)), .integer(value...value), span)
  }

  func duration(_ number: String, _ unit: String, at span: Span) -> Expression? {
    guard let time = Rational(decimal: number), let factor = secondsPerUnit(unit) else {
      preconditionFailure("the lexer takes no other number and no other unit")
    }
    return Expression(.constant(.duration(time * factor)), .duration, span)
  }

  private func secondsPerUnit(_ unit: String) -> Rational? {
    switch unit {
    case "ns": Rational(1, over: 1_000_000_000)
    case "us": Rational(1, over: 1_000_000)
    case "ms": Rational(1, over: 1000)
    case "s": Rational(1)
    case "min": Rational(60)
    case "h": Rational(3600)
    default: nil
    }
  }

  func nilLiteral(expecting expected: ModelType?, at span: Span) -> Expression? {
    switch expected {
    case .some(.optional): return Expression(.constant(.none), expected ?? .bool, span)
    case .some(let type):
      error(
        .typeMismatch,
        "'nil' cannot be \(text(type))",
        at: span,
        help: "only an optional, such as \(text(type))?, can be nil"
      )
    case nil:
      error(
        .needsContext,
        "nothing here says which type 'nil' has",
        at: span,
        help: "compare it with an optional, or give a type"
      )
    }
    return nil
  }

  func implicitCase(
    _ name: Identifier,
    expecting expected: ModelType?,
    at span: Span
  ) -> Expression? {
    var type = expected
    if case .optional(let wrapped) = expected { type = wrapped }
    guard case .enumeration(let number) = type else {
      reportHomelessCase(name, expecting: expected, at: span)
      return nil
    }
    return enumCase(name, of: number, at: span)
  }

  func enumCase(_ name: Identifier, of number: Int, at span: Span) -> Expression? {
    let enumeration = program.model.enumerations[number]
    guard let index = program.declared.caseNumbers[number][name.text] else {
      error(
        .unknownCase,
        "'\(enumeration.name)' has no case '\(name.text)'",
        at: name.span,
        notes: [Diagnostic.Note("'\(enumeration.name)' is declared here", at: enumeration.span)],
        fixIts: program.suggest(name, among: enumeration.cases)
      )
      return nil
    }
    return Expression(.constant(.enumCase(number, index)), .enumeration(number), span)
  }

  private func reportHomelessCase(
    _ name: Identifier,
    expecting expected: ModelType?,
    at span: Span
  ) {
    if let expected {
      error(
        .typeMismatch,
        "'.\(name.text)' cannot be \(text(expected))",
        at: span
      )
      return
    }
    let owners = program.declared.enumerations(withCase: name.text)
    var fixIts: [Diagnostic.FixIt] = []
    if owners.count == 1 {
      let full = "\(program.model.enumerations[owners[0]].name).\(name.text)"
      fixIts = [
        Diagnostic.FixIt("write '\(full)'", [Diagnostic.FixIt.Edit(span, full)])
      ]
    }
    error(
      .needsContext,
      "nothing here says which enum '.\(name.text)' is of",
      at: span,
      help: fixIts.isEmpty ? "write the enum's name before the point" : nil,
      fixIts: fixIts
    )
  }

  func selfReference(at span: Span) -> Expression? {
    guard let role else {
      error(
        .selfOutsideRole,
        "'self' is the instance that takes a step, and there is none here",
        at: span,
        help: "name an instance, or range over a role with 'for all p in Role'"
      )
      return nil
    }
    return Expression(.currentInstance, .instance(role), span)
  }

  // Collections.

  func checkList(
    _ elements: [ExpressionSyntax],
    expecting expected: ModelType?,
    at span: Span
  ) -> Expression? {
    var type = expected
    if case .optional(let wrapped) = expected { type = wrapped }
    switch type {
    case .set(let element)?:
      let checked = checkElements(elements, as: element, of: "a set")
      return checked.map { make(.setOf($0), .set(element), span) }
    case .queue(let capacity, let element)?:
      let checked = checkElements(elements, as: element, of: "a queue")
      guard elements.count <= capacity else {
        error(
          .wrongCount,
          "\(elements.count) elements in a queue for \(capacity)",
          at: span
        )
        return nil
      }
      let queue = ModelType.queue(capacity: capacity, element: element)
      return checked.map { make(.queueOf($0), queue, span) }
    case .array(let index, let element)?:
      let checked = checkElements(elements, as: element, of: "an array")
      let count = program.model.cardinality(of: index) ?? 0
      guard elements.count == count else {
        error(
          .wrongCount,
          "\(elements.count) elements for an array of \(count)",
          at: span,
          help: elements.count == 1 ? "[repeating: value] has the value everywhere" : nil
        )
        return nil
      }
      return checked.map { make(.arrayOf($0), .array(index: index, element: element), span) }
    case nil: return untypedList(elements, at: span)
    case .some(let other):
      error(
        .typeMismatch,
        "a list cannot be \(text(other))",
        at: span
      )
      return nil
    }
  }

  private func checkElements(
    _ elements: [ExpressionSyntax],
    as type: ModelType,
    of collection: String
  ) -> [Expression]? {
    let use = ValueUse("an element of \(collection)", .none, isStored: false)
    let checked = elements.map { checkValue($0, as: type, use) }
    return checked.contains { $0 == nil } ? nil : checked.compactMap(\.self)
  }

  /// A list where no type is expected is an array of its elements.
  private func untypedList(_ elements: [ExpressionSyntax], at span: Span) -> Expression? {
    guard let lead = elements.firstIndex(where: { !$0.needsContext }) ?? elements.indices.first
    else {
      error(
        .needsContext,
        "nothing here says what the list is of",
        at: span,
        help: "give the type of the variable or the parameter"
      )
      return nil
    }
    guard let first = check(elements[lead]) else { return nil }
    var type = first.type
    var checked: [Expression] = []
    for (index, element) in elements.enumerated() {
      let value = index == lead ? first : check(element, expecting: type)
      guard let value else { return nil }
      guard let joined = join(type, value.type) else {
        reportMismatch(value, expected: type, ValueUse("the list", first.span))
        return nil
      }
      type = joined
      checked.append(value)
    }
    let use = ValueUse("an element", .none, isStored: false)
    let converted = checked.compactMap { convert($0, to: type, use, isParametric: true) }
    guard converted.count == elements.count else { return nil }
    let array = ModelType.array(index: .integer(0...elements.count - 1), element: type)
    return make(.arrayOf(converted), array, span)
  }

  func checkRepeating(
    _ element: ExpressionSyntax,
    expecting expected: ModelType?,
    at span: Span
  ) -> Expression? {
    var type = expected
    if case .optional(let wrapped) = expected { type = wrapped }
    guard case .array(let index, let elementType)? = type else {
      if let type {
        error(
          .typeMismatch,
          "a repetition cannot be \(text(type))",
          at: span,
          help: "only arrays and maps have a value everywhere"
        )
      } else {
        error(
          .needsContext,
          "nothing here says how often the value is repeated",
          at: span,
          help: "give the type of the variable or the parameter"
        )
      }
      return nil
    }
    let use = ValueUse("an element", .none, isStored: false)
    return checkValue(element, as: elementType, use).map {
      make(.repeating($0), .array(index: index, element: elementType), span)
    }
  }

  func checkUnwrap(
    _ operand: ExpressionSyntax,
    expecting expected: ModelType?,
    at span: Span
  ) -> Expression? {
    guard let checked = check(operand, expecting: expected.map { .optional($0) }) else {
      return nil
    }
    guard case .optional(let wrapped) = checked.type else {
      reportNotOptional(checked, after: "'!'")
      return nil
    }
    return make(.unwrap(checked), wrapped, span)
  }

  func reportNotOptional(_ checked: Expression, after word: String) {
    error(
      .notOptional,
      "\(word) needs an optional",
      at: checked.span,
      label: "\(text(of: checked)) is never nil"
    )
  }
}
