/// One `p ~> q`: after each state with `p` there is that state or a later one with `q`.
package struct Promise: Sendable {
  /// `p`, and the filters of the quantifiers above it.
  package var cause: Property
  /// `q`.
  package var effect: Property
  /// What the quantified names stand for, such as `p = a`; nil where nothing is quantified.
  package var place: String?

  package init(cause: Property, effect: Property, place: String? = nil) {
    self.cause = cause
    self.effect = effect
    self.place = place
  }
}

extension Model {
  /// Why a property cannot be taken apart.
  package struct UnsupportedPromise: Error {
    package var reason: String
  }

  private static let mostPromises = 10_000

  /// What an `eventually` promises: one thing for each value of the names above its `~>`.
  package func promises(of property: Property) throws(UnsupportedPromise) -> [Promise] {
    var result: [Promise] = []
    try add(property, property.body, filters: [], places: [], to: &result)
    return result
  }

  private func add(
    _ property: Property,
    _ body: Expression,
    filters: [Expression],
    places: [String],
    to result: inout [Promise]
  ) throws(UnsupportedPromise) {
    func part(_ body: Expression) -> Property {
      var part = property
      part.body = body
      return part
    }
    switch body.kind {
    case .leadsTo(let cause, let effect):
      guard result.count < Self.mostPromises else {
        throw UnsupportedPromise(reason: "it promises more than \(Self.mostPromises) things")
      }
      let condition = filters.reversed().reduce(cause) { inner, filter in
        Expression(.binary(.and, filter, inner), .bool, inner.span)
      }
      result.append(
        Promise(
          cause: part(condition),
          effect: part(effect),
          place: places.isEmpty ? nil : places.joined(separator: ", ")
        )
      )
    case .quantifier(.all, let slot, let domain, let filter, let inner):
      for value in try values(of: domain) {
        let name = property.localNames.indices.contains(slot) ? property.localNames[slot] : ""
        try add(
          property,
          inner.substituting(local: slot, with: value),
          filters: filters + (filter.map { [$0.substituting(local: slot, with: value)] } ?? []),
          places: places + ["\(name) = \(describe(value, in: self))"],
          to: &result
        )
      }
    default: preconditionFailure("an 'eventually' promises nothing")
    }
  }

  /// The values of a domain that no state has a say in.
  private func values(of domain: Domain) throws(UnsupportedPromise) -> [Value] {
    func constant(_ expression: Expression) throws(UnsupportedPromise) -> Value {
      guard expression.firstOpenPart() == nil, let value = try? value(ofConstant: expression) else {
        throw UnsupportedPromise(
          reason: "what it is promised for depends on the state: "
            + "'\(describe(expression, in: self))'"
        )
      }
      return value
    }
    let values: DomainValues
    switch domain {
    case .type(let type): values = DomainValues(ofNumbered: type, in: self)
    case .range(let low, let high):
      guard case .integer(let first) = try constant(low),
        case .integer(let last) = try constant(high),
        let range = try? DomainValues(from: first, to: last, at: low.span)
      else { throw UnsupportedPromise(reason: "the bounds of a range are not integers") }
      values = range
    case .elements(let collection):
      switch try constant(collection) {
      case .set(let elements), .array(let elements), .queue(let elements): return elements
      default: preconditionFailure("a value without elements was taken apart")
      }
    }
    guard values.count <= Self.mostPromises else {
      throw UnsupportedPromise(reason: "it promises more than \(Self.mostPromises) things")
    }
    return (0..<values.count).map { values[$0] }
  }
}
