import LingerDiagnostics

/// Roles and their members.
extension Parser {
  /// `role Name { ... }`, `extend role Name { ... }`
  mutating func parseRole(header: Int) -> Declaration.Kind {
    let isExtension = take(.extend)
    expect(.role)
    let name = parseName("the role's name")
    var members: [RoleMember] = []
    parseBlock(.members, header: header) { parser in
      if let member = parser.parseMember() { members.append(member) }
    }
    return .role(name, members: members, isExtension: isExtension)
  }

  mutating func parseMember() -> RoleMember? {
    let documentation = documentation()
    let header = position
    let start = current.start
    let isReplacement = take(.replace)
    if isReplacement, !at(.word) { failExpected("a member after 'replace'") }
    correctLetMut()
    correctWord(among: Parser.memberWords)
    guard let kind = parseMemberKind(header: header) else { return nil }
    return RoleMember(
      kind: kind,
      documentation: documentation,
      isReplacement: isReplacement,
      span: span(from: start)
    )
  }

  private static let memberWords: [Word] = [
    .var, .ghost, .timer, .signal, .let, .transition, .fair, .strongly, .urgent, .otherwise,
    .remove,
  ]

  private mutating func parseMemberKind(header: Int) -> RoleMember.Kind? {
    switch current.word {
    case .var, .ghost: return parseVariable()
    case .timer: return parseTimer()
    case .signal:
      advance()
      let name = parseName("the signal's name")
      let hasList = at(.leftParenthesis) && !current.startsLine && !isRecovering
      return .signal(name, parameters: hasList ? parseParameters() : [])
    case .let: return .function(parseFunction())
    case .transition, .fair, .strongly, .urgent: return parseTransition(header: header)
    case .otherwise: return parseOtherwise(header: header)
    case .remove:
      advance()
      return .remove(parseName("the name of what to remove"))
    default:
      if let variable = parseForeignVariable() { return variable }
      rejectMember()
      return nil
    }
  }

  /// `timer name`, `timer name[count or type]`, `timer name armed for duration`
  private mutating func parseTimer() -> RoleMember.Kind {
    advance()
    let name = parseName("the timer's name")
    let index = parseTimerIndex { $0.parseRangeExpression() }
    var duration: ExpressionSyntax?
    if !isRecovering, at(.equals), !current.startsLine {
      report(
        .foreignSpelling,
        "a timer that runs from the start is written 'armed for'",
        at: span(current),
        help: "a timer that runs later is started in a transition: 'start name for duration'",
        fixIts: [replacing(span(current), with: "armed for")]
      )
      advance()
      duration = parseExpression()
    } else if !isRecovering, !current.startsLine, take(.armed) {
      expect(.for)
      duration = isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseExpression()
    }
    return .timer(name, index: index, duration: duration)
  }

  /// `[...]` behind the name of a timer, on its line; nil where there is none.
  mutating func parseTimerIndex<Index>(_ content: (inout Parser) -> Index) -> Index? {
    guard !isRecovering, at(.leftBracket), !current.startsLine else { return nil }
    let opening = advance(.tight)
    let index = content(&self)
    expectClosing(.rightBracket, "]", of: opening, .tightBefore)
    return index
  }

  private mutating func rejectMember() {
    guard at(.word) else {
      failExpected("a member of the role")
      return
    }
    let isKnown = current.word != nil
    fail(
      isKnown ? .misplacedDeclaration : .unknownKeyword,
      isKnown
        ? "\(currentDescription) cannot stand in a role"
        : "no member of a role begins with \(currentDescription)",
      at: span(current),
      help: adviceForMember(text(current))
        ?? "members begin with \(Parser.listed(Parser.memberWords))"
    )
    advance()
  }

  /// `[ghost] var name: Type = value`
  private mutating func parseVariable() -> RoleMember.Kind {
    let isGhost = take(.ghost)
    expect(.var)
    let name = parseName("the variable's name")
    if !isRecovering, at(.equals) { return parseUntypedVariable(name, isGhost: isGhost) }
    expect(.colon, "':' and the variable's type", .tightBefore)
    let type = isRecovering ? TypeSyntax(.missing, spanAfterPrevious) : parseType()
    return .variable(name, type: type, value: parseInitialValue(), isGhost: isGhost)
  }

  /// `var name = false`: a Bool speaks for itself, everything else needs a type.
  private mutating func parseUntypedVariable(
    _ name: Identifier,
    isGhost: Bool
  ) -> RoleMember.Kind {
    let place = spanAfterPrevious
    reportColonEquals()
    advance()
    let value = parseExpression()
    if case .bool = value.kind {
      let type = TypeSyntax(.named(Identifier("Bool", value.span)), value.span)
      return .variable(name, type: type, value: value, isGhost: isGhost)
    }
    report(
      .missingVariableType,
      "variable '\(name.text.clipped)' needs a type",
      at: name.span,
      help: "write ': ' and the type after the name; it fixes which values are possible"
    )
    return .variable(name, type: TypeSyntax(.missing, place), value: value, isGhost: isGhost)
  }

  /// `[fair | strongly fair] [urgent] transition name on trigger [when condition] { ... }`
  private mutating func parseTransition(header: Int) -> RoleMember.Kind {
    var fairness = TransitionSyntax.Fairness.none
    if take(.strongly) { fairness = .strong }
    if at(.fair) {
      advance()
      if fairness == .none { fairness = .weak }
    } else if fairness == .strong {
      failExpected("'fair'")
    }
    let urgency = at(.urgent) ? span(current) : nil
    if urgency != nil { advance() }
    expect(.transition)
    let name = parseName("the transition's name")
    expect(.on)
    let trigger = parseTrigger()
    let condition = parseGuard()
    recoverToBlock(header: header)
    let body = parseStatements(header: header)
    return .transition(
      TransitionSyntax(
        name: name,
        fairness: fairness,
        urgency: urgency,
        trigger: trigger,
        guardCondition: condition,
        body: body
      )
    )
  }

  /// `when condition`, or what other languages write there.
  private mutating func parseGuard() -> ExpressionSyntax? {
    guard !isRecovering else { return nil }
    if at(.if) || at(.where) || (at(.word) && current.word == nil && text(current) == "guard") {
      report(
        .wrongWord,
        "the condition of a transition follows 'when'",
        at: span(current),
        fixIts: [replacing(span(current), with: "when")]
      )
    } else if !at(.when) {
      return nil
    }
    advance()
    let condition = parseCondition()
    if !isRecovering, at(.arrow) {
      report(
        .foreignSpelling,
        "the body follows the condition without '->'",
        at: span(current),
        fixIts: [replacing(span(current), with: "", "delete it")]
      )
      advance()
    }
    return condition
  }

  /// `call name(...)`, `receive ...`, `timeout timer`, `internal`
  private mutating func parseTrigger() -> TriggerSyntax {
    let start = current.start
    let words: [Word] = [.call, .receive, .timeout, .internal]
    if !isRecovering { correctTrigger(words) }
    var kind = TriggerSyntax.Kind.internal
    switch current.word {
    case .call where !isRecovering:
      advance()
      let name = parseName("the call's name")
      let hasList = at(.leftParenthesis) && !current.startsLine && !isRecovering
      kind = .call(name, parameters: hasList ? parseParameters() : [])
    case .receive where !isRecovering: kind = parseReceive()
    case .timeout where !isRecovering:
      advance()
      let name = parseName("the timer's name")
      kind = .timeout(name, index: parseTimerIndex { $0.parseName("a name for the index") })
    case .internal where !isRecovering: advance()
    default: failExpected("one of \(Parser.listed(words))")
    }
    return TriggerSyntax(kind: kind, span: span(from: start))
  }

  private mutating func correctTrigger(_ words: [Word]) {
    guard at(.word), current.word == nil,
      let near = Suggestion.nearest(to: text(current), among: words.map(\.rawValue))
    else { return }
    report(
      .unknownKeyword,
      "there is no '\(text(current))'; did you mean '\(near)'?",
      at: span(current),
      fixIts: [replacing(span(current), with: near)]
    )
    tokens[position].word = Word.named[near]
  }

  /// `receive [binder][: Message] [from sender]`; the current token is `receive`.
  private mutating func parseReceive() -> TriggerSyntax.Kind {
    advance()
    var binder: Identifier?
    var message: Identifier?
    var sender: Identifier?
    let isBinder = !at(.from) && !at(.when) && current.word?.isReserved != true
    if at(.word), !current.startsLine, isBinder || peek().kind == .colon {
      let name = parseName("a name for the message")
      if name.text != "_" { binder = name }
      if take(.colon, .tightBefore) { message = parseName("the type of the message") }
      if at(.leftParenthesis), !current.startsLine {
        fail(
          .expectedToken,
          "a message is not matched in the trigger",
          help: "write 'receive name: \(name.text.clipped)' and test 'name.field' after 'when'"
        )
      }
    }
    if !isRecovering, take(.from) { sender = parseName("a name for the sender") }
    return .receive(binder: binder, message: message, sender: sender)
  }

  /// `otherwise receive [binder][: Message] [from sender] { ... }`
  private mutating func parseOtherwise(header: Int) -> RoleMember.Kind {
    advance()
    let start = current.start
    var kind = TriggerSyntax.Kind.receive(binder: nil, message: nil, sender: nil)
    if at(.receive) { kind = parseReceive() } else { failExpected("'receive'") }
    let trigger = TriggerSyntax(kind: kind, span: span(from: start))
    if at(.when) {
      fail(
        .expectedToken,
        "'otherwise' takes what is left and has no condition",
        at: span(current),
        help: "write a transition for messages that need one"
      )
    }
    recoverToBlock(header: header)
    return .otherwise(trigger, body: parseStatements(header: header))
  }
}
