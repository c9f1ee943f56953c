import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Checks the statements of a body and translates them.
///
/// A nil result is an error that was reported; the other statements are checked all the same.
struct StatementChecker {
  let checker: ExpressionChecker
  let role: Int

  var program: Program { checker.program }

  init(_ checker: ExpressionChecker, role: Int) {
    self.checker = checker
    self.role = role
  }

  /// Checks a block with a scope of its own.
  func check(_ statements: [StatementSyntax]) -> [Statement]? {
    checker.scoped {
      var checked: [Statement] = []
      var isComplete = true
      for statement in statements {
        if let found = check(statement) {
          checked += found
        } else {
          isComplete = false
        }
      }
      return isComplete ? checked : nil
    }
  }

  private func check(_ statement: StatementSyntax) -> [Statement]? {
    let span = statement.span
    switch statement.kind {
    case .missing: return nil
    case .assignment(let target, let operation, let value):
      return one(checkAssignment(target, operation, value, at: span))
    case .call(let call): return one(checkMutation(call, at: span))
    case .send(let message, let receiver):
      return one(checkSend(message, to: receiver, at: span))
    case .start(let timer, let index, let duration):
      return checkStart(timer, index, duration, at: span)
    case .cancel(let timer, let index):
      return chosenTimer(timer, index).map { timer in
        checker.act(on: timer, at: span) { Statement(.cancel(timer: $0), span) }
      }
    case .signal(let name, let arguments): return one(checkSignal(name, arguments, at: span))
    case .conditional(let condition, let then, let otherwise):
      let test = checker.checkCondition(condition, "a condition")
      let first = check(then)
      let second = check(otherwise)
      guard let test, let first, let second else { return nil }
      if let flag = test.constantFlag { return flag ? first : second }
      return [Statement(.conditional(test, then: first, otherwise: second), span)]
    case .conditionalBinding(let name, let value, let then, let otherwise):
      return one(checkBinding(name, value, then, otherwise, at: span))
    case .switchOver(let value, let cases):
      return checkSwitch(value, cases, at: span)
    case .forEach(let name, let domain, let filter, let body):
      return one(checkLoop(name, domain, filter, body, at: span))
    case .choose(let name, let domain, let filter):
      return one(checkChoose(name, domain, filter, at: span))
    case .assert(let condition, let message):
      return checker.checkCondition(condition, "an assertion").map {
        [Statement(.assert($0, message: message?.text), span)]
      }
    case .binding(let name, let type, let value):
      return one(checkLet(name, type, value, at: span))
    }
  }

  private func one(_ statement: Statement?) -> [Statement]? { statement.map { [$0] } }

  // Assignments.

  private func checkAssignment(
    _ target: ExpressionSyntax,
    _ operation: StatementSyntax.AssignmentOperator,
    _ value: ExpressionSyntax,
    at span: Span
  ) -> Statement? {
    guard let place = place(target) else {
      if !value.needsContext { _ = checker.check(value) }
      return nil
    }
    let outer = checker.allowsGhosts
    checker.allowsGhosts = place.isGhost
    defer { checker.allowsGhosts = outer }
    let use = ValueUse(
      place.description,
      place.declaredAt,
      isParametric: place.isParametric
    )
    if operation == .set {
      return checker.checkValue(value, as: place.place.type, use).map {
        Statement(.assign(place.place, $0), span)
      }
    }
    guard place.place.type.isInteger else {
      checker.error(
        .typeMismatch,
        "'\(operation.rawValue)' needs an integer, but this is "
          + "\(checker.text(place.place.type))",
        at: target.span
      )
      _ = checker.check(value)
      return nil
    }
    guard let current = checker.check(target),
      let change = checker.checkValue(
        value,
        as: .unboundedInteger,
        ValueUse("'\(operation.rawValue)'", .none)
      )
    else { return nil }
    let result = checker.make(
      .binary(operation == .add ? .add : .subtract, current, change),
      .unboundedInteger,
      span
    )
    return checker.convert(
      result,
      to: place.place.type,
      use,
      isParametric: checker.effects.isParametric
    ).map { Statement(.assign(place.place, $0), span) }
  }

  /// `set.insert(x)`, `set.remove(x)`, `queue.append(x)`, `queue.removeFirst()`.
  private func checkMutation(_ call: ExpressionSyntax, at span: Span) -> Statement? {
    guard case .call(let callee, let arguments) = call.kind,
      case .member(let base, let name) = callee.kind,
      ["insert", "remove", "append", "removeFirst"].contains(name.text)
    else {
      reportNoStatement(call)
      return nil
    }
    guard let place = place(base) else {
      for argument in arguments where !argument.value.needsContext {
        _ = checker.check(argument.value)
      }
      return nil
    }
    let outer = checker.allowsGhosts
    checker.allowsGhosts = place.isGhost
    defer { checker.allowsGhosts = outer }
    let element: ModelType
    switch (place.place.type, name.text) {
    case (.set(let type), "insert"), (.set(let type), "remove"), (.queue(_, let type), "append"):
      element = type
    case (.queue, "removeFirst"):
      guard arguments.isEmpty else {
        checker.error(.wrongCount, "'removeFirst' takes no value", at: arguments[0].value.span)
        return nil
      }
      return Statement(.removeFirst(place.place), span)
    default:
      checker.error(
        .unknownMember,
        "\(checker.text(place.place.type)) has no '\(name.text)'",
        at: name.span,
        help: "sets have 'insert' and 'remove', queues 'append' and 'removeFirst'"
      )
      return nil
    }
    guard arguments.count == 1, arguments[0].label == nil else {
      checker.error(.wrongCount, "'\(name.text)' takes one value without a label", at: span)
      return nil
    }
    let isRemoval = name.text == "remove"
    let wanted = isRemoval && element.isInteger ? ModelType.unboundedInteger : element
    let use = ValueUse(
      "an element of \(place.description)",
      place.declaredAt,
      isParametric: place.isParametric
    )
    guard let value = checker.checkValue(arguments[0].value, as: wanted, use) else { return nil }
    switch name.text {
    case "insert": return Statement(.insert(place.place, value), span)
    case "remove": return Statement(.remove(place.place, value), span)
    default: return Statement(.append(place.place, value), span)
    }
  }

  private func reportNoStatement(_ call: ExpressionSyntax) {
    // What is wrong inside is worth knowing, what it would do is nothing.
    guard !call.needsContext, checker.check(call) != nil else { return }
    checker.error(
      .noEffect,
      "the value is not used",
      at: call.span,
      label: "changes nothing",
      help: "statements assign, send, start, cancel, signal, or change a set or a queue"
    )
  }

  // Timers, signals, messages.

  private func checkStart(
    _ name: Identifier,
    _ index: ExpressionSyntax?,
    _ duration: ExpressionSyntax,
    at span: Span
  ) -> [Statement]? {
    let timer = chosenTimer(name, index, isStarted: true)
    let use = ValueUse("the duration of a timer", .none)
    let time = checker.checkValue(duration, as: .duration, use)
    guard let timer, let time else { return nil }
    if case .success(let value) = program.evaluate(time) {
      guard program.isNotNegative(value, at: duration.span) else { return nil }
    }
    return checker.act(on: timer, at: span) { Statement(.start(timer: $0, duration: time), span) }
  }

  /// The timer that a statement names, with the index where there are several.
  private func chosenTimer(
    _ name: Identifier,
    _ index: ExpressionSyntax?,
    isStarted: Bool = false
  ) -> ChosenTimer? {
    guard let number = program.timer(name, of: role) else {
      if let index { _ = checker.check(index) }
      return nil
    }
    if isStarted { program.usage.noteStart(of: number, role: role) }
    guard let family = program.timerFamilies(of: role)[number] else { return nil }
    return checker.chooseTimer(name, family, index: index)
  }

  private func checkSignal(
    _ name: Identifier,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Statement? {
    guard case .signal(let number) = program.declared.roles[role].members[name.text] else {
      let signals = program.declared.roles[role].signals.map(\.name.text)
      checker.error(
        .unknownSignal,
        "role '\(program.declared.roles[role].name.text)' has no signal '\(name.text)'",
        at: name.span,
        help: "declare it in the role: 'signal \(name.text)(...)'",
        fixIts: program.suggest(name, among: signals)
      )
      for argument in arguments where !argument.value.needsContext {
        _ = checker.check(argument.value)
      }
      return nil
    }
    let parameters = program.declared.roles[role].signals[number].parameters
    guard let types = program.resolution.signals.known(role)?[number] else {
      preconditionFailure("members of roles are resolved before code is checked")
    }
    let matcher = ArgumentMatcher(
      names: parameters.map(\.name),
      isOptional: parameters.map { _ in false },
      owner: "signal '\(name.text)'",
      needsLabels: false
    )
    guard let order = checker.match(arguments, matcher, at: span) else { return nil }
    var values: [Expression] = []
    for (index, parameter) in parameters.enumerated() {
      guard let type = types[index], let argument = order[index] else { return nil }
      let use = ValueUse(
        "argument '\(parameter.name.text)'",
        parameter.name.span,
        isParametric: type.isParametric
      )
      guard let value = checker.checkValue(arguments[argument].value, as: type.type, use) else {
        return nil
      }
      values.append(value)
    }
    return Statement(.signal(number, values), span)
  }

  private func checkSend(
    _ message: ExpressionSyntax,
    to receiver: ExpressionSyntax?,
    at span: Span
  ) -> Statement? {
    let checked = checker.check(message)
    let target = receiver.map { checker.checkInstance($0) }
    guard let checked else { return nil }
    guard case .record(let record) = checked.type, program.declared.records[record].isMessage else {
      checker.error(
        .unknownMessage,
        "\(checker.text(of: checked)) is not a message and cannot be sent",
        at: checked.span,
        help: "declare it with 'message'"
      )
      return nil
    }
    let destination: Expression?
    if let target {
      destination = target
    } else {
      let own = Expression(.currentInstance, .instance(role), span)
      let end = Span(file: span.file, start: message.span.end, end: message.span.end)
      destination = checker.defaultReceiver(
        of: record,
        from: role,
        own,
        at: span,
        insertion: (end, " to ")
      )
    }
    guard let destination, case .instance(let receiverRole) = destination.type else {
      return nil
    }
    guard !destination.isCurrentInstance || receiver == nil else {
      checker.error(
        .messageToItself,
        "an instance sends a message to itself",
        at: destination.span,
        help: "networks lie between instances: change the state directly"
      )
      return nil
    }
    guard let network = program.routes.network(from: role, to: receiverRole, message: record) else {
      if program.routes.areSound {
        checker.reportNoRoute(record, from: role, to: receiverRole, at: message.span)
      }
      return nil
    }
    program.usage.noteSend(record, from: role, to: receiverRole)
    return Statement(
      .send(network: network, message: checked, receiver: destination),
      span
    )
  }

  // Binders.

  private func checkBinding(
    _ name: Identifier,
    _ value: ExpressionSyntax,
    _ then: [StatementSyntax],
    _ otherwise: [StatementSyntax],
    at span: Span
  ) -> Statement? {
    let checked = checker.check(value)
    var wrapped: ModelType?
    if let checked {
      if case .optional(let inner) = checked.type {
        wrapped = inner
      } else {
        checker.reportNotOptional(checked, after: "'if let'")
      }
    }
    let isParametric = checker.effects.isParametric
    let (slot, first) = checker.scoped {
      let slot = checker.bind(
        name,
        wrapped,
        isParametric: isParametric,
        what: "a local constant"
      )
      return (slot, check(then))
    }
    let second = check(otherwise)
    guard let checked, wrapped != nil, let first, let second else { return nil }
    return Statement(
      .conditionalBinding(slot, checked, then: first, otherwise: second),
      span
    )
  }

  private func checkLoop(
    _ name: Identifier,
    _ domain: ExpressionSyntax,
    _ filter: ExpressionSyntax?,
    _ body: [StatementSyntax],
    at span: Span
  ) -> Statement? {
    let checkedDomain = checker.checkDomain(domain)
    return checker.scoped {
      let slot = checker.bind(
        name,
        checkedDomain?.element,
        isParametric: checkedDomain?.isParametric ?? false,
        what: "a local name"
      )
      let condition = filter.map { checker.checkCondition($0, "'where'") }
      let statements = check(body)
      guard let checkedDomain, let statements else { return nil }
      if let condition, condition == nil { return nil }
      return Statement(
        .forEach(slot, checkedDomain.domain, filter: condition ?? nil, body: statements),
        span
      )
    }
  }

  private func checkChoose(
    _ name: Identifier,
    _ domain: ExpressionSyntax,
    _ filter: ExpressionSyntax?,
    at span: Span
  ) -> Statement? {
    let checkedDomain = checker.checkDomain(domain)
    let slot = checker.bind(
      name,
      checkedDomain?.element,
      isParametric: checkedDomain?.isParametric ?? false,
      what: "a local name"
    )
    let condition = filter.map { checker.checkCondition($0, "'where'") }
    guard let checkedDomain else { return nil }
    if let condition, condition == nil { return nil }
    return Statement(.choose(slot, checkedDomain.domain, filter: condition ?? nil), span)
  }

  private func checkLet(
    _ name: Identifier,
    _ type: TypeSyntax?,
    _ value: ExpressionSyntax,
    at span: Span
  ) -> Statement? {
    let outer = checker.effects.isParametric
    checker.effects.isParametric = false
    let checked: Expression?
    if let type {
      let resolved = program.resolve(type, for: .helper)
      let use = ValueUse(
        "'\(name.text)'",
        name.span,
        isStored: false,
        isParametric: resolved?.isParametric ?? false
      )
      if let resolved {
        checked = checker.checkValue(value, as: resolved.type, use).map {
          Expression($0.kind, resolved.type, $0.span)
        }
      } else {
        _ = value.needsContext ? nil : checker.check(value)
        checked = nil
      }
    } else {
      checked = checker.check(value)
    }
    let isParametric = checker.effects.isParametric
    checker.effects.isParametric = isParametric || outer
    let slot = checker.bind(
      name,
      checked?.type,
      isParametric: isParametric,
      what: "a local constant"
    )
    return checked.map { Statement(.bind(slot, $0), span) }
  }
}
