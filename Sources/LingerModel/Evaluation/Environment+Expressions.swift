import LingerDiagnostics

extension Environment {
  /// The value of an expression; binders write their slots.
  package mutating func value(of expression: Expression) throws(SpecError) -> Value {
    stepsLeft -= 1
    guard stepsLeft > 0 else {
      throw SpecError(.tooLong, "'\(text(expression))' takes too long", at: expression.span)
    }
    switch expression.kind {
    case .constant(let value): return value
    case .parameter(let number): return model.parameters[number].value
    case .local(let slot):
      guard let value = locals[slot] else {
        preconditionFailure("local \(slot) is read before it is bound")
      }
      return value
    case .variable(let owner, let number): return try state(of: owner).variables[number]
    case .timerIsArmed(let owner, let timer): return .bool(try state(of: owner).armed[timer])
    case .elapsed(let timer, let operation, let duration):
      return .bool(try isElapsed(timer, operation, duration))
    case .currentInstance:
      guard let actor else { preconditionFailure("a property has no acting instance") }
      return .instance(actor)
    case .not(let operand): return .bool(try !truth(of: operand))
    case .negate(let operand): return try negated(value(of: operand), of: expression)
    case .binary(let operation, let left, let right):
      return try value(of: operation, left, right, in: expression)
    case .conditional(let condition, let then, let otherwise):
      return try value(of: try truth(of: condition) ? then : otherwise)
    case .bind(let slot, let bound, let body):
      locals[slot] = try value(of: bound)
      return try value(of: body)
    case .checked(let operand): return try checked(value(of: operand), as: expression)
    case .quantifier(let kind, let slot, let domain, let filter, let body):
      let values = try values(of: domain, at: expression.span)
      return try value(of: kind, slot, over: values, where: filter, body)
    case .copiesInFlight(let network, let sender, let receiver, let message):
      let envelope = Envelope(
        network: network,
        sender: try instance(sender),
        receiver: try instance(receiver),
        message: try value(of: message)
      )
      return .integer(copiesInFlight(envelope))
    case .messagesInFlight(let network): return .integer(messagesInFlight(in: network))
    case .leadsTo: preconditionFailure("'~>' has no value in one state")
    case .field, .element, .record, .some, .unwrap, .coalesce, .setOf, .arrayOf, .queueOf,
      .repeating, .elementCount, .isFull, .first, .contains:
      return try compositeValue(of: expression)
    }
  }

  package mutating func truth(of expression: Expression) throws(SpecError) -> Bool {
    guard case .bool(let truth) = try value(of: expression) else {
      preconditionFailure("a condition is not Boolean")
    }
    return truth
  }

  mutating func integer(_ expression: Expression) throws(SpecError) -> Int {
    guard case .integer(let number) = try value(of: expression) else {
      preconditionFailure("a number is not an integer")
    }
    return number
  }

  package mutating func instance(_ expression: Expression) throws(SpecError) -> Int {
    guard case .instance(let number) = try value(of: expression) else {
      preconditionFailure("a value is not an instance")
    }
    return number
  }

  /// The state that `owner` names; its own for the actor and where there is no owner.
  private mutating func state(
    of owner: Expression?
  ) throws(SpecError) -> State.InstanceState {
    guard let owner else { return own }
    let number = try instance(owner)
    if number == actor { return own }
    guard let whole else { preconditionFailure("role code reads another instance") }
    return whole.instances[number]
  }

  /// Whether the time since a timer's start compares so, by the answers of this evaluation.
  private mutating func isElapsed(
    _ timer: Int,
    _ operation: BinaryOperation,
    _ duration: Expression
  ) throws(SpecError) -> Bool {
    guard own.armed[timer] else { return false }
    guard case .duration(let seconds) = try value(of: duration) else {
      preconditionFailure("a time is compared with what is no duration")
    }
    let question = ElapsedQuestion(
      timer: timer,
      expression: duration.withoutSpans,
      duration: seconds
    )
    let answer = elapsedWay.answer(question)
    return switch operation {
    case .less: answer < 0
    case .lessOrEqual: answer <= 0
    case .equal: answer == 0
    case .notEqual: answer != 0
    case .greaterOrEqual: answer >= 0
    case .greater: answer > 0
    case .add, .subtract, .multiply, .divide, .remainder, .and, .or, .implies:
      preconditionFailure("'\(operation.rawValue)' compares nothing")
    }
  }

  private func messagesInFlight(in network: Int?) -> Int {
    guard let whole else { preconditionFailure("role code counts all messages") }
    let networks = network.map { [whole.networks[$0]] } ?? whole.networks
    return networks.reduce(0) { $0 + $1.messages.reduce(0) { $0 + $1.copies } }
  }

  private mutating func value(
    of kind: QuantifierKind,
    _ slot: Int,
    over values: DomainValues,
    where filter: Expression?,
    _ body: Expression
  ) throws(SpecError) -> Value {
    var count = 0
    for position in 0..<values.count {
      try spendRound()
      locals[slot] = values[position]
      if let filter, try !truth(of: filter) { continue }
      let isTrue = try truth(of: body)
      switch kind {
      case .all: if !isTrue { return .bool(false) }
      case .exists: if isTrue { return .bool(true) }
      case .count: if isTrue { count += 1 }
      }
    }
    return switch kind {
    case .all: .bool(true)
    case .exists: .bool(false)
    case .count: .integer(count)
    }
  }
}
