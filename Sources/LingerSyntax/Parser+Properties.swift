import LingerDiagnostics

/// What is asked: properties, and what the spec wishes of the audit.
extension Parser {
  /// `invariant name { condition }` and its kin, with `for each` before the brace if wished.
  mutating func parseProperty(header: Int) -> Declaration.Kind {
    let word = advance().word
    var kind = PropertySyntax.Kind.invariant
    switch word {
    case .timed:
      expect(.invariant)
      kind = .timedInvariant
    default: kind = word.flatMap { PropertySyntax.Kind(rawValue: $0.rawValue) } ?? .invariant
    }
    var name: Identifier?
    if kind != .final || !(at(.leftBrace) || at(.colon)), !isRecovering {
      name = parseName("the property's name")
    }
    let (binders, filter) = parseBinders(of: kind)
    let isUnbraced = (at(.colon) || at(.equals)) && !isRecovering
    let body =
      isUnbraced
      ? parseUnbracedCondition()
      : parseBracedCondition(
        of: "property",
        header: header,
        isInvariant: kind == .invariant
      )
    return .property(
      PropertySyntax(
        kind: kind,
        name: name,
        binders: binders,
        filter: filter,
        body: body
      )
    )
  }

  /// `invariant x: condition` and `invariant x = condition`, which lack the braces.
  private mutating func parseUnbracedCondition() -> ExpressionSyntax {
    let mark = advance()
    let body = parseCondition()
    let end = Span(file: file, start: body.span.end, end: body.span.end)
    report(
      .expectedToken,
      "the condition of a property stands in braces",
      at: span(mark),
      fixIts: [
        .init(
          "write '{ ... }'",
          [.init(span(mark), mark.kind == .colon ? " {" : "{"), .init(end, " }")]
        )
      ]
    )
    return body
  }

  /// `initially { condition }`
  mutating func parseInitially(header: Int) -> Declaration.Kind {
    advance()
    return .initially(parseBracedCondition(of: "condition on initial states", header: header))
  }

  /// `{ condition }`
  private mutating func parseBracedCondition(
    of owner: String,
    header: Int,
    isInvariant: Bool = false
  ) -> ExpressionSyntax {
    var body: ExpressionSyntax?
    let place = spanAfterPrevious
    parseBlock(.entries, header: header) { parser in
      if body == nil {
        if isInvariant { parser.skipAlways() }
        body = parser.parseCondition()
      }
      guard !parser.isRecovering, !parser.at(.rightBrace), !parser.at(.endOfFile),
        !parser.startsTopLevelForCertain
      else { return }
      parser.fail(
        .severalExpressions,
        "a \(owner) holds one condition, found another one at "
          + parser.currentDescription,
        at: parser.span(parser.current),
        help: "join conditions with '&&', or write one \(owner) for each"
      )
      parser.skip { _ in false }
    }
    if body == nil, !isRecovering {
      let braces = blocks.last.map { span(tokens[$0.open]).union(span(tokens[$0.close])) }
      report(
        .expectedExpression,
        "expected a condition in the \(owner)",
        at: braces ?? place
      )
    }
    return body ?? ExpressionSyntax(.missing, place)
  }

  /// `for each p in D, q in E where filter`; nothing where it does not stand here.
  private mutating func parseBinders(
    of kind: PropertySyntax.Kind
  ) -> ([BinderSyntax], ExpressionSyntax?) {
    guard !isRecovering, at(.for) else { return ([], nil) }
    let start = advance()
    if kind == .final {
      fail(
        .severalExpressions,
        "'final' is one condition and has no 'for each'",
        at: span(start),
        help: "write 'for all' in the condition"
      )
      return ([], nil)
    }
    if at(.all) {
      report(
        .wrongWord,
        "a property for each of several is written 'for each'",
        at: span(current),
        help: "one property about all of them has its 'for all' inside the braces",
        fixIts: [replacing(span(current), with: "each")]
      )
      advance()
    } else {
      expect(.each)
    }
    var binders: [BinderSyntax] = []
    repeat {
      let name = parseName("a name", acrossLines: true)
      expect(.in)
      guard !isRecovering else { return ([], nil) }
      binders.append(BinderSyntax(name: name, domain: parseRangeExpression()))
    } while !isRecovering && take(.comma)
    guard !isRecovering, take(.where) else { return (binders, nil) }
    return (binders, parseCondition())
  }

  /// `audit { without CHECK [for OWNER.MEMBER] }`, the same with `with` and `expect`
  mutating func parseAudit(header: Int) -> Declaration.Kind {
    advance()
    var entries: [AuditEntrySyntax] = []
    parseBlock(.entries, header: header) { parser in
      let wish = parser.current.word.flatMap { AuditEntrySyntax.Wish(rawValue: $0.rawValue) }
      guard let wish else { return parser.failExpected("'without', 'with' or 'expect'") }
      parser.advance()
      let check = parser.parseCheckName()
      var subject: (owner: Identifier, member: Identifier)?
      if !parser.isRecovering, parser.take(.for) {
        let owner = parser.parseName("a role or an enum")
        parser.expect(.dot, "'.' and the transition, timer, variable or case", .tight)
        subject = (owner, parser.parseName("the transition, timer, variable or case"))
      }
      if !parser.isRecovering {
        entries.append(AuditEntrySyntax(wish: wish, check: check, subject: subject))
      }
    }
    return .audit(entries)
  }

  /// `never-has-case`: words with hyphens between them; here every word may be one of them.
  private mutating func parseCheckName() -> Identifier {
    guard at(.word), !current.startsLine else {
      failExpected("the name of a check")
      return Identifier("", spanAfterPrevious)
    }
    let first = advance()
    var text = self.text(first)
    while at(.minus), peek().kind == .word, !peek().startsLine {
      advance(.tight)
      text += "-" + self.text(advance())
    }
    return Identifier(text, span(from: first.start))
  }
}
