package import LingerDiagnostics

/// The values that a binder takes, in order, each made when it is asked for.
package struct DomainValues {
  private enum Source {
    case listed([Value])
    case integers(from: Int)
    case type(ModelType, Model)
  }

  private let source: Source
  package let count: Int

  init(_ values: [Value]) {
    source = .listed(values)
    count = values.count
  }

  /// The integers of a range, none if `high` is below `low`.
  init(from low: Int, to high: Int, at span: Span) throws(SpecError) {
    let (difference, overflow) = high.subtractingReportingOverflow(low)
    guard high < low || (!overflow && difference < .max) else {
      throw SpecError(.overflow, "the range \(low)...\(high) has too many values", at: span)
    }
    source = .integers(from: low)
    count = high < low ? 0 : difference + 1
  }

  init(of type: ModelType, in model: Model, at span: Span) throws(SpecError) {
    if case .instance(let role) = type {
      self.init(model.instances(of: role).map { .instance($0) })
      return
    }
    guard let count = model.cardinality(of: type) else {
      let name = describe(type, in: model)
      throw SpecError(.overflow, "the type \(name) has too many values", at: span)
    }
    self.init(.type(type, model), count: count)
  }

  /// The values of a type that is known to be numbered, as that of a call's parameter is.
  package init(ofNumbered type: ModelType, in model: Model) {
    if case .instance(let role) = type {
      self.init(model.instances(of: role).map { .instance($0) })
    } else {
      self.init(.type(type, model), count: model.cardinality(of: type) ?? 0)
    }
  }

  private init(_ source: Source, count: Int) {
    self.source = source
    self.count = count
  }

  package subscript(position: Int) -> Value {
    switch source {
    case .listed(let values): values[position]
    case .integers(let low): .integer(low + position)
    case .type(let type, let model): model.value(at: position, in: type)
    }
  }

  /// Whether the value at a place stands at an earlier one too.
  package func hasEarlier(_ place: Int) -> Bool {
    let value = self[place]
    return (0..<place).contains { self[$0] == value }
  }
}

extension Environment {
  /// What a binder ranges over: types, ranges and sets ascending, arrays and queues by place.
  package mutating func values(of domain: Domain, at span: Span) throws(SpecError) -> DomainValues {
    switch domain {
    case .type(let type): return try DomainValues(of: type, in: model, at: span)
    case .range(let low, let high):
      return try DomainValues(
        from: try integer(low),
        to: try integer(high),
        at: low.span.union(high.span)
      )
    case .elements(let collection): return DomainValues(try elements(of: collection))
    }
  }

  /// The elements of a set, array or queue.
  mutating func elements(of collection: Expression) throws(SpecError) -> [Value] {
    switch try value(of: collection) {
    case .set(let elements), .array(let elements), .queue(let elements): return elements
    default: preconditionFailure("a value without elements was taken apart")
    }
  }
}
