import LingerDiagnostics
import LingerModel
import LingerSyntax

/// `base.name` and `base[index]`.
extension ExpressionChecker {
  func checkMember(
    _ base: ExpressionSyntax,
    _ name: Identifier,
    at span: Span
  ) -> Expression? {
    if let found = checkStaticMember(base, name, at: span) { return found.expression }
    if let armed = checkTimer(base, name, at: span) { return armed.expression }
    guard let checked = check(base) else { return nil }
    return member(name, of: checked, at: span)
  }

  /// Members of names that are not values: cases of an enum, observers of a network.
  private func checkStaticMember(
    _ base: ExpressionSyntax,
    _ name: Identifier,
    at span: Span
  ) -> (expression: Expression?, Void)? {
    guard let text = base.nameText, local(text) == nil else { return nil }
    if let role, program.declared.roles[role].members[text] != nil { return nil }
    if text == "network" { return (checkNetworkMember(nil, name, at: span), ()) }
    switch program.declared.symbols[text] {
    case .enumeration(let number): return (enumCase(name, of: number, at: span), ())
    case .network(let number): return (checkNetworkMember(number, name, at: span), ())
    default: return nil
    }
  }

  /// `timer.isArmed`, `p.timer.isArmed`, `timer[i].isArmed`, and other members asked of a timer.
  private func checkTimer(
    _ base: ExpressionSyntax,
    _ name: Identifier,
    at span: Span
  ) -> (expression: Expression?, Void)? {
    if case .index(let timers, let index) = base.kind {
      return checkTimer(timers, index: index, name, at: span)
    }
    return checkTimer(base, index: nil, name, at: span)
  }

  private func checkTimer(
    _ base: ExpressionSyntax,
    index: ExpressionSyntax?,
    _ name: Identifier,
    at span: Span
  ) -> (expression: Expression?, Void)? {
    switch base.kind {
    case .name(let text):
      guard local(text) == nil, let role,
        case .timer(let number) = program.declared.roles[role].members[text]
      else { return nil }
      return (timer(number, index, of: nil, role, name, at: span), ())
    case .member(let owner, let timerName):
      // Only a name that some role has for a timer can be one.
      let isTimer = program.declared.roles.contains {
        if case .timer = $0.members[timerName.text] { return true }
        return false
      }
      guard isTimer, let checked = check(owner) else { return isTimer ? (nil, ()) : nil }
      guard case .instance(let role) = checked.type,
        case .timer(let number) = program.declared.roles[role].members[timerName.text]
      else {
        // A field or variable of that name, with an index perhaps.
        guard index == nil else { return nil }
        let inner = member(timerName, of: checked, at: base.span)
        return (inner.flatMap { member(name, of: $0, at: span) }, ())
      }
      if self.role != nil, !checked.isCurrentInstance {
        reportPeerRead("'\(timerName.text)' is a timer of another instance", at: base.span)
        return (nil, ())
      }
      if self.role == nil { effects.peerState = effects.peerState ?? span }
      let visible = checked.isCurrentInstance ? nil : checked
      return (timer(number, index, of: visible, role, name, at: span), ())
    default: return nil
    }
  }

  /// A member of a declared timer, of the one with this index where there are several.
  private func timer(
    _ number: Int,
    _ index: ExpressionSyntax?,
    of owner: Expression?,
    _ role: Int,
    _ name: Identifier,
    at span: Span
  ) -> Expression? {
    guard let family = program.timerFamilies(of: role)[number] else { return nil }
    let declared = program.declared.roles[role].timers[number].name
    let place = Identifier(declared.text, span)
    guard let chosen = chooseTimer(place, family, index: index) else { return nil }
    guard let first = timer(family.numbers.lowerBound, of: owner, name, at: span) else {
      return nil
    }
    return ask(chosen, at: span) { number in
      number == family.numbers.lowerBound
        ? first : timer(number, of: owner, name, at: span) ?? first
    }
  }

  private func timer(
    _ number: Int,
    of owner: Expression?,
    _ name: Identifier,
    at span: Span
  ) -> Expression? {
    if name.text == "elapsed" {
      reportElapsed("the time since a timer's start is no value", at: span)
      return nil
    }
    guard name.text == "isArmed" else {
      error(
        .unknownMember,
        "a timer has no '\(name.text)'",
        at: name.span,
        fixIts: program.suggest(name, among: ["isArmed", "elapsed"])
      )
      return nil
    }
    return Expression(.timerIsArmed(of: owner, number), .bool, span)
  }

  /// A member of a value.
  func member(_ name: Identifier, of base: Expression, at span: Span) -> Expression? {
    switch base.type {
    case .record(let number): return field(name, of: number, base, at: span)
    case .instance(let role):
      guard let member = program.declared.roles[role].members[name.text] else {
        error(
          .unknownMember,
          "role '\(program.declared.roles[role].name.text)' has no '\(name.text)'",
          at: name.span,
          fixIts: program.suggest(name, among: program.declared.roles[role].memberNames)
        )
        return nil
      }
      return readMember(member, of: role, owner: base, name: name)
    case .set, .queue, .array: return collectionMember(name, of: base, at: span)
    case .optional(let wrapped):
      error(
        .unknownMember,
        "the value may be nil and has no '\(name.text)'",
        at: name.span,
        notes: [Diagnostic.Note("its type is \(text(.optional(wrapped)))", at: base.span)],
        help: "unwrap it with '!', '??' or 'if let'"
      )
      return nil
    case .bool, .integer, .enumeration, .duration, .unboundedInteger:
      error(
        .unknownMember,
        "\(text(base.type)) has no '\(name.text)'",
        at: name.span,
        label: "no members"
      )
      return nil
    }
  }

  private func field(
    _ name: Identifier,
    of number: Int,
    _ base: Expression,
    at span: Span
  ) -> Expression? {
    let entry = program.declared.records[number]
    guard let types = program.recordTypes(number) else { return nil }
    guard let index = entry.fields.firstIndex(where: { $0.name.text == name.text }) else {
      error(
        .unknownMember,
        "'\(entry.name.text)' has no field '\(name.text)'",
        at: name.span,
        notes: [Diagnostic.Note("'\(entry.name.text)' is declared here", at: entry.name.span)],
        help: entry.fields.isEmpty
          ? "it has no fields"
          : "it has \(entry.fields.map { "'\($0.name.text)'" }.joined(separator: ", "))",
        fixIts: program.suggest(name, among: entry.fields.map(\.name.text))
      )
      return nil
    }
    guard let type = types[index] else { return nil }
    effects.isParametric = effects.isParametric || type.isParametric
    return make(.field(base, index), type.type, span)
  }

  private func collectionMember(
    _ name: Identifier,
    of base: Expression,
    at span: Span
  ) -> Expression? {
    var isQueue = false
    if case .queue = base.type { isQueue = true }
    switch (name.text, base.type) {
    case ("isEmpty", .array):
      return Expression(.constant(.bool(false)), .bool, span)
    case ("count", .array(let index, _)):
      let count = program.model.cardinality(of: index) ?? 0
      return Expression(.constant(.integer(count)), .integer(count...count), span)
    case ("count", _):
      return make(.elementCount(base), .integer(0...countLimit(of: base.type)), span)
    case ("isEmpty", .set), ("isEmpty", .queue):
      let count = make(.elementCount(base), .integer(0...countLimit(of: base.type)), span)
      return make(.binary(.equal, count, integer(0, at: span)), .bool, span)
    case ("isFull", .queue): return make(.isFull(base), .bool, span)
    case ("first", .queue(_, let element)):
      return make(.first(base), .optional(element), span)
    default: break
    }
    let known =
      isQueue
      ? ["count", "isEmpty", "isFull", "first", "contains"]
      : ["count", "isEmpty", "contains"]
    if let meant = ForeignNames.members[name.text], known.contains(meant) {
      error(
        .unknownMember,
        "'\(name.text)' is written '\(meant)' here",
        at: name.span,
        fixIts: [
          Diagnostic.FixIt("write '\(meant)'", [Diagnostic.FixIt.Edit(name.span, meant)])
        ]
      )
      return nil
    }
    error(
      .unknownMember,
      "\(text(base.type)) has no '\(name.text)'",
      at: name.span,
      help: "it has \(known.map { "'\($0)'" }.joined(separator: ", "))",
      fixIts: program.suggest(name, among: known)
    )
    return nil
  }

  /// The most elements that a set or queue can have.
  private func countLimit(of type: ModelType) -> Int {
    switch type {
    case .queue(let capacity, _): capacity
    case .set(let element): min(program.model.cardinality(of: element) ?? 64, 64)
    default: 0
    }
  }

  func checkIndex(
    _ base: ExpressionSyntax,
    _ index: ExpressionSyntax,
    at span: Span
  ) -> Expression? {
    guard let checked = check(base) else {
      _ = check(index)
      return nil
    }
    guard case .array(let indexType, let element) = checked.type else {
      _ = check(index)
      error(
        .unknownMember,
        "\(text(checked.type)) has no elements by index",
        at: index.span,
        help: "only arrays and maps have elements by index"
      )
      return nil
    }
    let use = ValueUse("the index", .none)
    return checkValue(index, as: indexType, use).map {
      let result = make(.element(checked, $0), element, span)
      return checked.isConstant ? named(result) : result
    }
  }
}
