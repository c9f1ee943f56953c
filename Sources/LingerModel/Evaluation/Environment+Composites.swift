package import LingerDiagnostics

/// Records, optionals and collections. What they are made of is checked as it is put in.
extension Environment {
  mutating func compositeValue(of expression: Expression) throws(SpecError) -> Value {
    switch expression.kind {
    case .field(let base, let number):
      guard case .record(_, let fields) = try value(of: base) else {
        preconditionFailure("a field of a value that is not a record")
      }
      return fields[number]
    case .element(let base, let index):
      let elements = try elements(of: base)
      return elements[try offset(of: index, in: base.type, named: text(base))]
    case .record(let number, let fields): return try record(number, fields)
    case .some(let operand): return .some(try value(of: operand))
    case .unwrap(let optional):
      guard case .some(let wrapped) = try value(of: optional) else {
        let text = text(optional)
        throw SpecError(
          .unwrappedNil,
          text == "nil" ? "'nil' has no value that '!' could take" : "'\(text)' is nil",
          at: expression.span
        )
      }
      return wrapped
    case .coalesce(let optional, let substitute):
      if case .some(let wrapped) = try value(of: optional) { return wrapped }
      return try value(of: substitute)
    case .setOf(let elements):
      return .set(canonical: try values(elements, in: expression))
    case .arrayOf(let elements): return .array(try values(elements, in: expression))
    case .queueOf(let elements): return try queue(elements, in: expression)
    case .repeating(let element):
      guard case .array(let index, _) = expression.type,
        let count = model.cardinality(of: index)
      else { preconditionFailure("an array has no size") }
      let values = try values([element], in: expression)
      return .array(Array(repeating: values[0], count: count))
    case .elementCount(let base): return .integer(try elements(of: base).count)
    case .isFull(let base):
      guard case .queue(let capacity, _) = base.type else {
        preconditionFailure("'isFull' of a value that is not a queue")
      }
      return .bool(try elements(of: base).count >= capacity)
    case .first(let base): return try elements(of: base).first.map { .some($0) } ?? .none
    case .contains(let base, let element):
      let elements = try elements(of: base)
      return .bool(elements.contains(try value(of: element)))
    default: preconditionFailure("an operator or binder is not a composite")
    }
  }

  /// The same value, which must be one of the expression's type.
  func checked(_ value: Value, as expression: Expression) throws(SpecError) -> Value {
    try check(value, in: expression.type, at: expression.span) { text(expression) }
    return value
  }

  /// Fails unless the type has the value; the message says what cannot hold it.
  package func check(
    _ value: Value,
    in type: ModelType,
    at span: Span,
    what: () -> String
  ) throws(SpecError) {
    guard !model.contains(value, in: type) else { return }
    let (what, value, type) = (what(), text(value), describe(type, in: model))
    throw SpecError(
      .range,
      what == value
        ? "\(value) stands where the type is \(type)"
        : "'\(what)' cannot be \(value), its type is \(type)",
      at: span
    )
  }

  /// The place of an array's element.
  package mutating func offset(
    of index: Expression,
    in type: ModelType,
    named name: String
  ) throws(SpecError) -> Int {
    guard case .array(let indexType, _) = type else {
      preconditionFailure("an element of a value that is not an array")
    }
    let value = try value(of: index)
    guard let offset = model.ordinal(of: value, in: indexType) else {
      throw SpecError(
        .indexOutside,
        "'\(name)' has no element \(text(value)), its indices are"
          + " \(describe(indexType, in: model))",
        at: index.span
      )
    }
    return offset
  }

  private mutating func record(
    _ number: Int,
    _ fields: [Expression]
  ) throws(SpecError) -> Value {
    let declaration = model.records[number]
    var values: [Value] = []
    for (field, expression) in zip(declaration.fields, fields) {
      let value = try value(of: expression)
      try check(value, in: field.type, at: expression.span) {
        "\(declaration.name).\(field.name)"
      }
      values.append(value)
    }
    return .record(number, values)
  }

  private mutating func queue(
    _ elements: [Expression],
    in whole: Expression
  ) throws(SpecError) -> Value {
    let values = try values(elements, in: whole)
    if case .queue(let capacity, _) = whole.type, values.count > capacity {
      throw SpecError(
        .queueFull,
        "a queue of \(capacity) cannot hold \(values.count) elements",
        at: whole.span
      )
    }
    return .queue(values)
  }

  /// The values of a literal's elements, each one of the element type.
  private mutating func values(
    _ elements: [Expression],
    in whole: Expression
  ) throws(SpecError) -> [Value] {
    var values: [Value] = []
    for element in elements {
      let value = try value(of: element)
      if let type = whole.type.element {
        try check(value, in: type, at: element.span) { text(element) }
      }
      values.append(value)
    }
    return values
  }
}

extension ModelType {
  /// What a collection holds.
  package var element: ModelType? {
    switch self {
    case .set(let element), .array(_, let element), .queue(_, let element): element
    default: nil
    }
  }
}

extension Value {
  /// A set of these values: sorted, each once.
  package static func set(canonical values: [Value]) -> Value {
    var elements: [Value] = []
    for value in values.sorted() where elements.last != value { elements.append(value) }
    return .set(elements)
  }
}
