import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Builds one transition: trigger, guard and body over one set of slots.
struct TransitionBuilder {
  private let program: Program
  private let role: Int
  private let checker: ExpressionChecker

  init(_ program: Program, role: Int) {
    self.program = program
    self.role = role
    checker = ExpressionChecker(program, context: .role(role))
  }

  func build(_ syntax: TransitionSyntax, _ documentation: String?) -> Transition? {
    let trigger = self.trigger(syntax.trigger, isOtherwise: false)
    checker.allowsElapsed = true
    let condition = syntax.guardCondition.map { checker.checkCondition($0, "a guard") }
    checker.allowsElapsed = false
    if let urgency = syntax.urgency { checkUrgency(syntax, at: urgency) }
    let statements = StatementChecker(checker, role: role)
    let body = statements.check(syntax.body)
    guard let trigger, let body else { return nil }
    if let condition, condition == nil { return nil }
    let fairness: Transition.Fairness =
      switch syntax.fairness {
      case .none: .none
      case .weak: .weak
      case .strong: .strong
      }
    var result = transition(
      syntax.name.text,
      documentation,
      trigger,
      condition ?? nil,
      body,
      fairness: fairness,
      isOtherwise: false,
      span: syntax.name.span
    )
    result.isUrgent = syntax.urgency != nil
    return result
  }

  /// Whether a transition is enabled must not change while time passes, or there would be no first
  /// moment at which it is: only what the instance itself remembers may decide.
  private func checkUrgency(_ syntax: TransitionSyntax, at span: Span) {
    let message: String
    let help: String
    var fixIts: [Diagnostic.FixIt] = []
    switch syntax.trigger.kind {
    case .timeout:
      message = "a timeout is urgent by itself"
      help = "a timer expires exactly when it is due, never later"
      fixIts = [.init("delete 'urgent'", [.init(span, "")])]
    case .receive:
      message = "a reception cannot be urgent"
      help = "how long a message is on its way is the network's: 'delay 0 s...0 s'"
    case .call, .internal:
      guard let place = checker.effects.elapsed else { return }
      program.error(
        .urgentMisplaced,
        "an urgent transition cannot wait for elapsed time",
        at: span,
        notes: [Diagnostic.Note("its guard asks for it here", at: place)],
        help: "let the timer expire then: a timeout is urgent by itself"
      )
      return
    }
    program.error(.urgentMisplaced, message, at: span, help: help, fixIts: fixIts)
  }

  func buildOtherwise(
    _ syntax: TriggerSyntax,
    _ body: [StatementSyntax],
    _ member: RoleMember
  ) -> Transition? {
    let trigger = self.trigger(syntax, isOtherwise: true)
    let statements = StatementChecker(checker, role: role)
    let checked = statements.check(body)
    guard let trigger, let checked else { return nil }
    return transition(
      syntax.otherwiseName,
      member.documentation,
      trigger,
      nil,
      checked,
      fairness: .none,
      isOtherwise: true,
      span: syntax.span
    )
  }

  private func transition(
    _ name: String,
    _ documentation: String?,
    _ trigger: Transition.Trigger,
    _ condition: Expression?,
    _ body: [Statement],
    fairness: Transition.Fairness,
    isOtherwise: Bool,
    span: Span
  ) -> Transition {
    var transition = Transition(
      name: name,
      documentation: documentation,
      role: role,
      trigger: trigger,
      fairness: fairness,
      guardCondition: condition,
      body: body,
      localCount: checker.locals.names.count,
      isOtherwise: isOtherwise,
      span: span
    )
    transition.localNames = checker.locals.names
    return transition
  }

  private func trigger(_ syntax: TriggerSyntax, isOtherwise: Bool) -> Transition.Trigger? {
    switch syntax.kind {
    case .internal: return .internal
    case .call(let name, let parameters): return call(name, parameters)
    case .timeout(let name, let index): return timeout(name, index)
    case .receive(let binder, let message, let sender):
      return receive(binder, message, sender, isOtherwise: isOtherwise, at: syntax.span)
    }
  }

  private func timeout(_ name: Identifier, _ index: Identifier?) -> Transition.Trigger? {
    guard let (number, family) = program.timer(name, of: role, hasIndex: index != nil) else {
      if let index { checker.poison(index) }
      return nil
    }
    program.usage.noteTimeout(of: number, role: role)
    guard let index, let type = family.index else {
      return .timeout(timers: family.numbers, index: nil)
    }
    let slot = checker.bind(
      index,
      type,
      isParametric: family.isParametric,
      what: "the index of the timer"
    )
    return .timeout(timers: family.numbers, index: Transition.TimerIndex(slot: slot, type: type))
  }

  private func call(_ name: Identifier, _ parameters: [FieldSyntax]) -> Transition.Trigger? {
    var built: [Transition.CallParameter] = []
    var isComplete = true
    for parameter in parameters {
      let type = program.resolve(parameter.type, for: .state("a call's parameter"))
      let slot = checker.bind(
        parameter.name,
        type?.type,
        isParametric: type?.isParametric ?? false,
        what: "a parameter"
      )
      guard let type else {
        isComplete = false
        continue
      }
      program.usage.noteDomain(
        type.type,
        at: parameter.name.span,
        "parameter '\(parameter.name.text)'"
      )
      built.append(
        Transition.CallParameter(name: parameter.name.text, slot: slot, type: type.type)
      )
    }
    return isComplete ? .call(name: name.text, parameters: built) : nil
  }

  private func receive(
    _ binder: Identifier?,
    _ message: Identifier?,
    _ sender: Identifier?,
    isOtherwise: Bool,
    at span: Span
  ) -> Transition.Trigger? {
    let arriving = program.routes.messagesArriving(at: role)
    var record: Int?
    var isKnown = true
    if let message {
      record = program.message(message)
      isKnown = record != nil
      if let record, !program.routes.bring(record, to: role) {
        program.warn(
          .neverArrives,
          "no route brings '\(message.text)' to '\(program.declared.roles[role].name.text)'",
          at: message.span,
          label: "never arrives"
        )
      }
    } else if arriving.count == 1 {
      record = arriving[0]
    } else if !isOtherwise {
      isKnown = false
      reportOpenMessage(arriving, at: binder?.span ?? span)
    }
    let messageType = isKnown ? record.map { ModelType.record($0) } ?? .bool : nil
    let placeholder = Identifier("_", span)
    let messageSlot = checker.bind(
      binder ?? placeholder,
      messageType,
      isParametric: record.map(isParametric) ?? false,
      what: "the received message",
      isOpaque: isKnown && record == nil
    )
    let senders = program.routes.senders(to: role, of: record)
    var senderType: ModelType?
    if senders.count == 1 {
      senderType = .instance(senders[0])
    } else if let sender, senders.count > 1 {
      let names = senders.map { "'\(program.declared.roles[$0].name.text)'" }.joined(
        separator: ", "
      )
      program.error(
        .senderUnclear,
        "the role of '\(sender.text)' is open",
        at: sender.span,
        notes: [Diagnostic.Note("what arrives here is sent by \(names)")],
        help: "a message of its own for each role tells them apart"
      )
    }
    let senderSlot = checker.bind(sender ?? placeholder, senderType, what: "the sender")
    guard isKnown else { return nil }
    if isOtherwise {
      program.usage.noteReception(of: message == nil ? nil : record, by: role)
    } else if let record {
      program.usage.noteReception(of: record, by: role)
    }
    let isGeneral = isOtherwise && message == nil && (binder == nil || record == nil)
    return .receive(record: isGeneral ? nil : record, message: messageSlot, sender: senderSlot)
  }

  private func isParametric(_ record: Int) -> Bool {
    program.recordTypes(record)?.contains { $0?.isParametric ?? false } ?? false
  }

  private func reportOpenMessage(_ arriving: [Int], at span: Span) {
    let name = program.declared.roles[role].name.text
    guard program.routes.areSound || !arriving.isEmpty else { return }
    guard !arriving.isEmpty else {
      program.error(
        .receiveNeedsType,
        "no route brings a message to '\(name)'",
        at: span,
        help: "declare one: 'network { Sender -> \(name): Message }'"
      )
      return
    }
    let names = arriving.map { "'\(program.declared.records[$0].name.text)'" }.joined(
      separator: ", "
    )
    program.error(
      .receiveNeedsType,
      "several messages arrive at '\(name)': \(names)",
      at: span,
      label: "which one is meant?",
      help: "name it: 'on receive m: \(program.declared.records[arriving[0]].name.text)'"
    )
  }
}
