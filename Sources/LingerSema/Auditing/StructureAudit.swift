import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What can be said about the whole: pieces that nothing uses, and domains that are too large.
extension Program {
  func auditStructure() {
    auditInstances()
    guard !log.diagnostics.hasErrors else { return }
    auditRoutes()
    auditTimers()
    auditOtherwise()
    auditElapsed()
  }

  private func auditInstances() {
    let place = declared.name.span
    guard !declared.roles.isEmpty else {
      error(
        .nothingToCheck,
        "protocol '\(model.name)' has no roles",
        at: place,
        help: "declare one: 'role Name { ... }'"
      )
      return
    }
    guard !declared.instanceGroups.isEmpty else {
      error(
        .nothingToCheck,
        "protocol '\(model.name)' has no instances",
        at: place,
        help: "declare them: 'instances a, b: \(declared.roles[0].name.text)'"
      )
      return
    }
    guard hasSoundInstances else { return }
    for (number, role) in declared.roles.enumerated() where model.instances(of: number).isEmpty {
      warn(
        .roleWithoutInstances,
        "role '\(role.name.text)' has no instances",
        at: role.name.span,
        label: "never runs"
      )
    }
  }

  private func auditRoutes() {
    for route in routes.all {
      let hasSender = !model.instances(of: route.sender).isEmpty
      let hasReceiver = !model.instances(of: route.receiver).isEmpty
      guard hasSender, hasReceiver else { continue }
      let message = declared.records[route.message].name.text
      let sender = declared.roles[route.sender].name.text
      let receiver = declared.roles[route.receiver].name.text
      if !usage.isSent(route.message, from: route.sender, to: route.receiver) {
        warn(
          .neverSent,
          "no transition of '\(sender)' sends '\(message)' to '\(receiver)'",
          at: route.span,
          label: "never sent"
        )
      } else if !usage.isReceived(route.message, by: route.receiver) {
        warn(
          .neverReceived,
          "no transition of '\(receiver)' receives '\(message)'",
          at: route.span,
          label: "never received",
          help: "every arrival will be an unspecified reception"
        )
      }
    }
  }

  private func auditTimers() {
    for (number, role) in declared.roles.enumerated() {
      for (timer, entry) in role.timers.enumerated() where entry.name.span.isSomewhere {
        let declaration = (name: entry.name.text, span: entry.name.span)
        let isStarted = usage.isStarted(timer, role: number)
        let isTaken = usage.isAwaited(timer, role: number)
        // A property that looks at such a timer says less than it seems to.
        let notes = isStarted ? [] : readers(of: timer, role: number)
        if isStarted && !isTaken {
          warn(
            .timerWithoutTimeout,
            "no transition takes the timeout of '\(declaration.name)'",
            at: declaration.span,
            label: "started, but never awaited"
          )
        } else if isTaken && !isStarted {
          warn(
            .timerNeverStarted,
            "nothing starts timer '\(declaration.name)'",
            at: declaration.span,
            label: "awaited, but never started",
            notes: notes
          )
        } else if !isTaken && !notes.isEmpty {
          warn(
            .timerNeverStarted,
            "nothing starts timer '\(declaration.name)'",
            at: declaration.span,
            label: "never armed",
            notes: notes
          )
        } else if !isTaken {
          warn(
            .timerNeverStarted,
            "nothing uses timer '\(declaration.name)'",
            at: declaration.span
          )
        }
      }
    }
  }

  /// The properties that ask whether a timer is armed, a note for each.
  private func readers(of timer: Int, role: Int) -> [Diagnostic.Note] {
    guard let family = timerFamilies(of: role)[timer] else { return [] }
    return model.properties.compactMap { property in
      let places = family.numbers.lazy.compactMap {
        property.body.placeReading(timer: $0, ofRole: role)
      }
      guard let place = places.first else { return nil }
      return Diagnostic.Note("'\(property.name)' looks at it", at: place)
    }
  }

  private func auditOtherwise() {
    for role in declared.roles.indices {
      var first: [String: Span] = [:]
      for member in declared.roles[role].others {
        guard case .otherwise(let trigger, _) = member.kind else { continue }
        let name = trigger.otherwiseName
        if let span = first[name] {
          error(
            .unreachableOtherwise,
            "a second '\(name)' is never reached",
            at: trigger.span,
            notes: [Diagnostic.Note("the first one is here", at: span)]
          )
        } else {
          first[name] = trigger.span
        }
      }
      auditCatchAll(role)
    }
  }

  /// An `otherwise` for everything is in vain where special ones cover everything.
  private func auditCatchAll(_ role: Int) {
    let special = declared.roles[role].others.compactMap { member -> Int? in
      guard case .otherwise(let trigger, _) = member.kind,
        case .receive(_, let message?, _) = trigger.kind,
        case .record(let number) = declared.symbols[message.text]
      else { return nil }
      return number
    }
    let named = Set(special)
    let arriving = routes.messagesArriving(at: role)
    guard arriving.allSatisfy({ named.contains($0) }) else { return }
    let general = declared.roles[role].others.first { member in
      guard case .otherwise(let trigger, _) = member.kind,
        case .receive(_, nil, _) = trigger.kind
      else { return false }
      return true
    }
    guard case .otherwise(let trigger, _)? = general?.kind else { return }
    let reason =
      arriving.isEmpty
      ? "no route brings a message here" : "every message has an 'otherwise' of its own"
    warn(
      .unreachableOtherwise,
      "'otherwise' is never reached",
      at: trigger.span,
      notes: [Diagnostic.Note(reason)]
    )
  }

  /// A reception that depends on elapsed time leaves its message to an `otherwise` at other times.
  private func auditElapsed() {
    for transition in model.transitions {
      guard case .receive(let record, _, _) = transition.trigger,
        let condition = transition.guardCondition, condition.readsElapsed
      else { continue }
      let isCovered = model.roles[transition.role].transitions.contains { number in
        guard model.transitions[number].isOtherwise,
          case .receive(let other, _, _) = model.transitions[number].trigger
        else { return false }
        return other == nil || other == record
      }
      if isCovered { continue }
      error(
        .elapsedMisplaced,
        "'\(transition.name)' takes the message only at certain times, and nothing takes it else",
        at: condition.placeOfElapsed ?? condition.span,
        help: "say what happens to it at other times: 'otherwise receive { }'"
      )
    }
  }

  // Domains.

  /// Reports types that no engine can number.
  func checkDomains() {
    if options.allowsWideValues { return }
    var domains = usage.domains
    for (index, entry) in declared.records.enumerated() where entry.isMessage {
      // Of a message only those values are numbered that are ever sent.
      guard recordTypes(index) != nil, !model.hasNumberedParts(.record(index)) else { continue }
      domains.append((.record(index), entry.name.span, "message '\(entry.name.text)'"))
    }
    for role in declared.roles.indices {
      for (number, variable) in declared.roles[role].variables.enumerated() {
        guard let type = variableType(number, of: role) else { continue }
        domains.append((type.type, variable.name.span, "variable '\(variable.name.text)'"))
      }
    }
    for (type, span, what) in domains where model.cardinality(of: type) == nil {
      error(
        .domainTooLarge,
        "\(what) has too many values",
        at: span,
        notes: [Diagnostic.Note("there are more than 2^62")],
        help: "make its range smaller, or split it"
      )
    }
  }
}

extension Expression {
  /// Where the time since a timer's start is compared first.
  fileprivate var placeOfElapsed: Span? {
    if case .elapsed = kind { return span }
    return children.lazy.compactMap(\.placeOfElapsed).first
  }

  /// Where a timer of some instance of a role is looked at.
  fileprivate func placeReading(timer: Int, ofRole role: Int) -> Span? {
    if case .timerIsArmed(let owner?, timer) = kind, owner.type == .instance(role) {
      return span
    }
    for child in children {
      if let place = child.placeReading(timer: timer, ofRole: role) { return place }
    }
    return nil
  }
}
