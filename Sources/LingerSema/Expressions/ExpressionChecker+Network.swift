import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Observers of the network: `network.count`, `network.isEmpty`, `network.count(M(...))`.
extension ExpressionChecker {
  func checkNetworkMember(
    _ number: Int?,
    _ name: Identifier,
    at span: Span
  ) -> Expression? {
    guard !program.declared.networks.isEmpty else {
      reportNoNetwork(at: span)
      return nil
    }
    guard name.text == "isEmpty" || name.text == "count" else {
      reportNoObserver(name)
      return nil
    }
    if role != nil {
      reportObserver("'\(name.text)' sees the messages of others", at: span)
      return nil
    }
    effects.network = effects.network ?? span
    let only = program.declared.networks.count == 1 ? 0 : number
    let count = Expression(.messagesInFlight(network: only), .unboundedInteger, span)
    if name.text == "count" { return count }
    return make(.binary(.equal, count, integer(0, at: span)), .bool, span)
  }

  private func reportNoNetwork(at span: Span) {
    error(
      .observerMisuse,
      "the spec has no network",
      at: span,
      help: "declare one: 'network { Sender -> Receiver: Message }'"
    )
  }

  private func reportNoObserver(_ name: Identifier) {
    error(
      .unknownMember,
      "a network has no '\(name.text)'",
      at: name.span,
      fixIts: program.suggest(name, among: ["isEmpty", "count"])
    )
  }

  /// `network.count(M(...), from: p, to: q)`; in a role from itself, to the default receiver.
  func checkNetworkCall(
    _ number: Int?,
    _ name: Identifier,
    _ arguments: [ArgumentSyntax],
    at span: Span
  ) -> Expression? {
    guard !program.declared.networks.isEmpty else {
      reportNoNetwork(at: span)
      return nil
    }
    guard name.text == "count" else {
      reportNoObserver(name)
      return nil
    }
    guard let message = arguments.first, message.label == nil,
      let parties = parties(arguments.dropFirst())
    else {
      reportObserver("'count' takes a message, and 'from:' and 'to:'", at: span)
      return nil
    }
    guard let checked = check(message.value) else { return nil }
    guard case .record(let record) = checked.type, program.declared.records[record].isMessage else {
      error(
        .unknownMessage,
        "\(text(checked.type)) is not a message",
        at: checked.span,
        help: "count copies of a message: 'network.count(Message(...))'"
      )
      return nil
    }
    guard let sender = observedSender(parties.from, at: span) else { return nil }
    if role == nil { effects.network = effects.network ?? span }
    guard case .instance(let senderRole) = sender.type else { return nil }
    let receiver: Expression?
    if let to = parties.to {
      receiver = checkInstance(to)
    } else {
      let place = Span(file: span.file, start: span.end - 1, end: span.end - 1)
      receiver = defaultReceiver(
        of: record,
        from: senderRole,
        sender,
        at: span,
        insertion: (place, ", to: ")
      )
    }
    guard let receiver, case .instance(let receiverRole) = receiver.type else { return nil }
    let route = program.routes.network(from: senderRole, to: receiverRole, message: record)
    guard let route, number == nil || number == route else {
      guard program.routes.areSound else { return nil }
      reportNoRoute(record, from: senderRole, to: receiverRole, at: checked.span)
      return nil
    }
    return Expression(
      .copiesInFlight(network: route, sender: sender, receiver: receiver, checked),
      .unboundedInteger,
      span
    )
  }

  /// Whose copies are counted: the acting instance's in a role, those of `from:` elsewhere.
  private func observedSender(_ from: ExpressionSyntax?, at span: Span) -> Expression? {
    switch (from, role) {
    case (let from?, nil): return checkInstance(from)
    case (let from?, .some):
      reportObserver("'from:' sees the messages of others", at: from.span)
      return nil
    case (nil, let role?): return Expression(.currentInstance, .instance(role), span)
    case (nil, nil):
      error(
        .observerMisuse,
        "'count' of a message needs a sender here",
        at: span,
        help: "write 'from: p, to: q'"
      )
      return nil
    }
  }

  private func parties(
    _ arguments: ArraySlice<ArgumentSyntax>
  ) -> (from: ExpressionSyntax?, to: ExpressionSyntax?)? {
    var from: ExpressionSyntax?
    var to: ExpressionSyntax?
    for argument in arguments {
      switch argument.label?.text {
      case "from" where from == nil && to == nil: from = argument.value
      case "to" where to == nil: to = argument.value
      default: return nil
      }
    }
    return (from, to)
  }

  func checkInstance(_ syntax: ExpressionSyntax) -> Expression? {
    guard let checked = check(syntax) else { return nil }
    guard case .instance = checked.type else {
      error(
        .typeMismatch,
        "an instance is needed, but this is \(text(of: checked))",
        at: checked.span
      )
      return nil
    }
    return checked
  }

  func reportNoRoute(_ record: Int, from sender: Int, to receiver: Int, at span: Span) {
    let message = program.declared.records[record].name.text
    let roles = program.declared.roles
    let names = (roles[sender].name.text, roles[receiver].name.text)
    let routes = program.routes.all.filter { $0.message == record }.map {
      "\(roles[$0.sender].name.text) -> \(roles[$0.receiver].name.text)"
    }
    error(
      .noRoute,
      "no network carries '\(message)' from '\(names.0)' to '\(names.1)'",
      at: span,
      notes: routes.isEmpty
        ? [] : [Diagnostic.Note("it is carried \(routes.joined(separator: ", "))")],
      help: "declare the route: '\(names.0) -> \(names.1): \(message)'"
    )
  }

  /// The one instance that a message can go to, as an expression over the sender.
  func defaultReceiver(
    of record: Int,
    from role: Int,
    _ sender: Expression,
    at span: Span,
    insertion: (place: Span, text: String)
  ) -> Expression? {
    let message = program.declared.records[record].name.text
    let targets = program.routes.receivers(from: role, of: record)
    guard !targets.isEmpty else {
      guard program.routes.areSound else { return nil }
      let name = program.declared.roles[role].name.text
      error(
        .noRoute,
        "no network carries '\(message)' from '\(name)'",
        at: span,
        help: "declare the route: '\(name) -> Receiver: \(message)'"
      )
      return nil
    }
    program.resolveInstances()
    var receivers: [Int] = []
    let senders = program.model.instances(of: role)
    for instance in senders {
      let candidates = program.model.instances.indices.filter { other in
        other != instance && targets.contains(program.model.instances[other].role)
      }
      guard candidates.count == 1 else {
        if program.hasSoundInstances {
          reportReceiverChoice(message, instance, candidates, at: span, insertion)
        }
        return nil
      }
      receivers.append(candidates[0])
    }
    guard let last = receivers.last else {
      // A role without instances sends nothing; any receiver will do, and a warning says so.
      return Expression(.currentInstance, .instance(targets[0]), span)
    }
    let receiverRole = program.model.instances[last].role
    let type = ModelType.instance(receiverRole)
    guard receivers.allSatisfy({ program.model.instances[$0].role == receiverRole }) else {
      reportReceiverChoice(message, senders[0], receivers, at: span, insertion)
      return nil
    }
    var result = Expression(.constant(.instance(last)), type, span)
    for (instance, receiver) in zip(senders, receivers).reversed() where receiver != last {
      let own = Expression(.constant(.instance(instance)), .instance(role), span)
      let test = make(.binary(.equal, sender, own), .bool, span)
      result = make(
        .conditional(test, Expression(.constant(.instance(receiver)), type, span), result),
        type,
        span
      )
    }
    return result
  }

  private func reportReceiverChoice(
    _ message: String,
    _ instance: Int,
    _ candidates: [Int],
    at span: Span,
    _ insertion: (place: Span, text: String)
  ) {
    let names = candidates.prefix(4).map { "'\(program.model.instances[$0].name)'" }
    let sender = program.model.instances[instance].name
    let reason =
      candidates.isEmpty
      ? "'\(sender)' has nobody to send it to"
      : "'\(sender)' could send it to \(names.joined(separator: ", "))"
        + (candidates.count > 4 ? " and \(candidates.count - 4) more" : "")
    var fixIts: [Diagnostic.FixIt] = []
    if candidates.count > 1 {
      let name = program.model.instances[candidates[0]].name
      fixIts = [
        Diagnostic.FixIt(
          "say to whom",
          [Diagnostic.FixIt.Edit(insertion.place, insertion.text + name)]
        )
      ]
    }
    error(
      .receiverUnclear,
      "it is not clear to whom '\(message)' goes",
      at: span,
      notes: [Diagnostic.Note(reason)],
      fixIts: fixIts
    )
  }
}
