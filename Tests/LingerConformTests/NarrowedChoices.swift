import LingerModel

extension Model {
  /// The same with every choice from a range that is not small narrowed to these values.
  func choosing(_ values: [Int]) -> Model {
    var model = self
    for number in model.transitions.indices {
      model.transitions[number].body = model.transitions[number].body.map { $0.choosing(values) }
    }
    return model
  }
}

extension Statement {
  fileprivate func choosing(_ values: [Int]) -> Statement {
    var statement = self
    switch kind {
    case .choose(let slot, .range(let low, let high), let filter):
      // Wide enough for all: the values need not be among those of the range.
      let integer = ModelType.integer(-(1 << 60)...(1 << 60))
      func make(_ kind: Expression.Kind, _ type: ModelType) -> Expression {
        Expression(kind, type, span)
      }
      let chosen = make(.local(slot), integer)
      let elements = make(
        .setOf(values.map { make(.constant(.integer($0)), integer) }),
        .set(integer)
      )
      var condition = make(
        .binary(
          .and,
          make(.binary(.lessOrEqual, low, chosen), .bool),
          make(.binary(.lessOrEqual, chosen, high), .bool)
        ),
        .bool
      )
      if let filter { condition = make(.binary(.and, condition, filter), .bool) }
      statement.kind = .choose(slot, .elements(elements), filter: condition)
    case .conditional(let test, let then, let otherwise):
      statement.kind = .conditional(
        test,
        then: then.map { $0.choosing(values) },
        otherwise: otherwise.map { $0.choosing(values) }
      )
    default: break
    }
    return statement
  }
}
