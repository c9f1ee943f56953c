import LingerDiagnostics
import LingerModel

extension Frame {
  /// Runs a body on the frame; effects stay in it up to an error.
  mutating func outcome(of body: [Statement]) -> Result<LocalOutcome, SpecError> {
    do throws(SpecError) {
      try run(body)
      try checkDurations()
      return .success(LocalOutcome(state: environment.own, sends: sends, sendSpans: sendSpans))
    } catch {
      return .failure(error)
    }
  }

  /// A timer that the body leaves running was started for no less than no time.
  private func checkDurations() throws(SpecError) {
    if takesNegativeDurations { return }
    var spans = startSpans[...]
    var overdue: [(instance: Int, timer: Int, duration: Rational, span: Span)] = []
    for effect in effects {
      switch effect {
      case .start(let instance, let timer, let duration):
        let span = spans.popFirst() ?? .none
        overdue.removeAll { $0.timer == timer }
        if duration < .zero { overdue.append((instance, timer, duration, span)) }
      case .cancel(_, let timer): overdue.removeAll { $0.timer == timer }
      case .send, .signal: break
      }
    }
    guard let first = overdue.first else { return }
    let model = environment.model
    let instance = model.instances[first.instance]
    let timer = model.roles[instance.role].timers[first.timer]
    throw SpecError(
      .negativeDuration,
      "'\(instance.name).\(timer.name)' is started for \(describe(duration: first.duration))",
      at: first.span
    )
  }

  private mutating func run(_ body: [Statement]) throws(SpecError) {
    for statement in body { try run(statement) }
  }

  private mutating func run(_ statement: Statement) throws(SpecError) {
    switch statement.kind {
    case .assign(let place, let new):
      let value = try environment.value(of: new)
      try store(value, in: try resolve(place), at: statement.span)
    case .insert(let place, let element): try insert(element, into: place)
    case .remove(let place, let element):
      let value = try environment.value(of: element)
      let target = try resolve(place)
      put(.set(elements(in: target).filter { $0 != value }), in: target)
    case .append(let place, let element): try append(element, to: place, at: statement.span)
    case .removeFirst(let place):
      let target = try resolve(place)
      let elements = elements(in: target)
      guard !elements.isEmpty else {
        throw SpecError(
          .queueEmpty,
          "'\(target.name)' is empty, it has no first element",
          at: statement.span
        )
      }
      put(.queue(Array(elements.dropFirst())), in: target)
    case .send(let network, let message, let receiver):
      try send(message, over: network, to: receiver, at: statement.span)
    case .start(let timer, let duration):
      guard case .duration(let seconds) = try environment.value(of: duration) else {
        preconditionFailure("a timer runs for a value that is not a duration")
      }
      environment.own.armed[timer] = true
      effects.append(.start(instance: actingInstance, timer: timer, duration: seconds))
      startSpans.append(statement.span)
    case .cancel(let timer):
      environment.own.armed[timer] = false
      effects.append(.cancel(instance: actingInstance, timer: timer))
    case .signal(let signal, let arguments): try emit(signal, arguments)
    case .conditional(let condition, let then, let otherwise):
      try run(try environment.truth(of: condition) ? then : otherwise)
    case .conditionalBinding(let slot, let optional, let then, let otherwise):
      guard case .some(let wrapped) = try environment.value(of: optional) else {
        return try run(otherwise)
      }
      environment.locals[slot] = wrapped
      try run(then)
    case .forEach(let slot, let domain, let filter, let body):
      let values = try environment.values(of: domain, at: statement.span)
      for position in 0..<values.count {
        try environment.spendRound()
        environment.locals[slot] = values[position]
        if let filter, try !environment.truth(of: filter) { continue }
        try run(body)
      }
    case .choose(let slot, let domain, let filter):
      try choose(slot, from: domain, where: filter, at: statement.span)
    case .assert(let condition, let message):
      guard try !environment.truth(of: condition) else { return }
      let reason = message.map { ": \($0)" } ?? ""
      let text = environment.text(condition)
      throw SpecError(
        .assertion,
        (text == "false" ? "'assert false' is reached" : "'\(text)' is false") + reason,
        at: statement.span
      )
    case .bind(let slot, let bound): environment.locals[slot] = try environment.value(of: bound)
    }
  }

  private var model: Model { environment.model }

  private var actingInstance: Int {
    guard let actor = environment.actor else {
      preconditionFailure("a property runs no statements")
    }
    return actor
  }

  private mutating func insert(_ element: Expression, into place: Place) throws(SpecError) {
    let value = try environment.value(of: element)
    let target = try resolve(place)
    if let type = target.type.element {
      try environment.check(value, in: type, at: element.span) { "an element of \(target.name)" }
    }
    put(.set(canonical: elements(in: target) + [value]), in: target)
  }

  private mutating func append(
    _ element: Expression,
    to place: Place,
    at span: Span
  ) throws(SpecError) {
    let value = try environment.value(of: element)
    let target = try resolve(place)
    guard case .queue(let capacity, let type) = target.type else {
      preconditionFailure("an append to a value that is not a queue")
    }
    try environment.check(value, in: type, at: element.span) { "an element of \(target.name)" }
    let elements = elements(in: target)
    guard elements.count < capacity else {
      throw SpecError(
        .queueFull,
        "'\(target.name)' is full with \(capacity), there is no place for"
          + " \(environment.text(value))",
        at: span
      )
    }
    put(.queue(elements + [value]), in: target)
  }

  private mutating func send(
    _ message: Expression,
    over network: Int,
    to receiver: Expression,
    at span: Span
  ) throws(SpecError) {
    let message = try environment.value(of: message)
    let receiver = try environment.instance(receiver)
    guard receiver != actingInstance else {
      throw SpecError(
        .assertion,
        "\(model.instances[receiver].name) sends \(environment.text(message)) to itself",
        at: span
      )
    }
    let envelope = Envelope(
      network: network,
      sender: actingInstance,
      receiver: receiver,
      message: message
    )
    sends.append(envelope)
    sendSpans.append(span)
    effects.append(.send(envelope, isDropped: false))
  }

  private mutating func emit(_ signal: Int, _ arguments: [Expression]) throws(SpecError) {
    let declaration = model.roles[model.instances[actingInstance].role].signals[signal]
    var values: [Value] = []
    for (parameter, argument) in zip(declaration.parameters, arguments) {
      let value = try environment.value(of: argument)
      try environment.check(value, in: parameter.type, at: argument.span) {
        "\(declaration.name).\(parameter.name)"
      }
      values.append(value)
    }
    effects.append(.signal(instance: actingInstance, signal: signal, arguments: values))
  }

  /// Takes one of the values that pass the filter; equal elements of a queue are one choice.
  ///
  /// Looks for the next one only, so that a choice among very many needs no room for them.
  private mutating func choose(
    _ slot: Int,
    from domain: Domain,
    where filter: Expression?,
    at span: Span
  ) throws(SpecError) {
    let values = try environment.values(of: domain, at: span)
    let mayRepeat = if case .elements = domain { true } else { false }

    /// The first choice from a place on.
    func choice(from start: Int) throws(SpecError) -> Int? {
      for place in start..<max(start, values.count) {
        if filter == nil && !mayRepeat { return place }
        try environment.spendRound()
        environment.locals[slot] = values[place]
        if let filter, try !environment.truth(of: filter) { continue }
        if mayRepeat && values.hasEarlier(place) { continue }
        return place
      }
      return nil
    }

    var place: Int
    var next = ChoiceWay.Next.unknown
    if let planned = way.planned {
      (place, next) = planned
    } else {
      guard let first = try choice(from: 0) else {
        throw SpecError(
          .emptyChoice,
          "there is no value that '\(name(ofLocal: slot))' can be",
          at: span
        )
      }
      place = first
      // A filter that fails for any value makes the whole choice fail.
      if filter != nil {
        var other: Int? = first
        while let known = other { other = try choice(from: known + 1) }
      }
    }
    if case .unknown = next {
      next = try choice(from: place + 1).map { .at($0) } ?? .none
    }
    way.take(place, next: next)
    environment.locals[slot] = values[place]
    chosen.append(values[place])
  }

  private func name(ofLocal slot: Int) -> String {
    environment.localNames.indices.contains(slot) ? environment.localNames[slot] : "_\(slot)"
  }
}

/// A place with its indices worked out.
private struct Target {
  let variable: Int
  let offsets: [Int]
  let type: ModelType
  /// As shown in messages: `a.window[2]`.
  let name: String
}

extension Frame {
  private mutating func resolve(_ place: Place) throws(SpecError) -> Target {
    let instance = model.instances[actingInstance]
    let variable = model.roles[instance.role].variables[place.variable]
    var type = variable.type
    var name = "\(instance.name).\(variable.name)"
    var offsets: [Int] = []
    for part in place.path {
      switch (part, type) {
      case (.field(let number), .record(let record)):
        offsets.append(number)
        name += ".\(model.records[record].fields[number].name)"
        type = model.records[record].fields[number].type
      case (.element(let index), .array(let indexType, let element)):
        let offset = try environment.offset(of: index, in: type, named: name)
        offsets.append(offset)
        name += "[\(environment.text(model.value(at: offset, in: indexType)))]"
        type = element
      default: preconditionFailure("a place leads into a value that has no such part")
      }
    }
    return Target(variable: place.variable, offsets: offsets, type: type, name: name)
  }

  /// Writes a value that must be one of the place's type.
  private mutating func store(
    _ value: Value,
    in target: Target,
    at span: Span
  ) throws(SpecError) {
    try environment.check(value, in: target.type, at: span) { target.name }
    put(value, in: target)
  }

  private mutating func put(_ value: Value, in target: Target) {
    environment.own.variables[target.variable].replacePart(at: target.offsets[...], with: value)
  }

  private func elements(in target: Target) -> [Value] {
    let value = target.offsets.reduce(environment.own.variables[target.variable]) { $0.part($1) }
    switch value {
    case .set(let elements), .queue(let elements): return elements
    default: preconditionFailure("elements were changed in a value that has none")
    }
  }
}

extension Value {
  fileprivate func part(_ offset: Int) -> Value {
    switch self {
    case .record(_, let parts), .array(let parts): parts[offset]
    default: preconditionFailure("a value without parts was taken apart")
    }
  }

  fileprivate mutating func replacePart(at path: ArraySlice<Int>, with new: Value) {
    guard let first = path.first else {
      self = new
      return
    }
    switch self {
    case .record(let number, var parts):
      parts[first].replacePart(at: path.dropFirst(), with: new)
      self = .record(number, parts)
    case .array(var parts):
      parts[first].replacePart(at: path.dropFirst(), with: new)
      self = .array(parts)
    default: preconditionFailure("a value without parts was changed in part")
    }
  }
}
