import LingerDiagnostics

/// Statements of a transition's body.
extension Parser {
  /// `{ statement ... }`
  mutating func parseStatements(header: Int) -> [StatementSyntax] {
    var statements: [StatementSyntax] = []
    parseBlock(.statements, header: header) { statements.append($0.parseStatement()) }
    return statements
  }

  private mutating func parseStatement() -> StatementSyntax {
    let start = current.start
    let kind = parseStatementKind(header: position)
    return StatementSyntax(kind, span(from: start))
  }

  private mutating func parseStatementKind(header: Int) -> StatementSyntax.Kind {
    if rejectForeignStatement() { return .missing }
    correctStatementWord()
    correctForAll(isStatement: true)
    switch current.word {
    case .if where peek().kind == .colon:
      advance()
      rejectAlternatives()
      return .missing
    case .if: return parseIf(header: header)
    case .switch: return parseSwitch(header: header)
    case .for: return parseFor(header: header)
    case .let: return parseBinding()
    case .var:
      fail(
        .misplacedDeclaration,
        "a body declares no variables of its own",
        at: span(current),
        help: "a value that does not change is 'let name = value'; a variable belongs to the role"
      )
      return .missing
    case .else, .case, .default:
      fail(
        .misplacedDeclaration,
        "\(currentDescription) has nothing before it that it continues",
        at: span(current)
      )
      return .missing
    default: break
    }
    if startsWithOwnWord, let kind = parseWordStatement() { return kind }
    return parseAssignmentOrCall()
  }

  /// Whether the word here begins a statement of its own, and is not a variable that is changed.
  private var startsWithOwnWord: Bool {
    let next = peek()
    switch next.kind {
    case .equals, .plusEquals, .minusEquals, .equalEqual, .dot, .leftBracket: return false
    case .leftParenthesis: return at(.assert)
    default: break
    }
    switch current.word {
    case .send, .start, .cancel, .choose, .signal, .assert: return true
    default: return false
    }
  }

  private mutating func parseWordStatement() -> StatementSyntax.Kind? {
    switch current.word {
    case .send:
      advance()
      let message = parsePostfix()
      var receiver: ExpressionSyntax?
      if !isRecovering, take(.to) { receiver = parseRangeExpression() }
      return .send(message, to: receiver)
    case .start:
      advance()
      let timer = parseName("the timer's name")
      let index = parseTimerIndex { $0.parseExpression() }
      expect(.for)
      let duration =
        isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseExpression()
      return .start(timer, index: index, duration: duration)
    case .cancel:
      advance()
      let timer = parseName("the timer's name")
      return .cancel(timer, index: parseTimerIndex { $0.parseExpression() })
    case .signal:
      advance()
      let name = parseName("the signal's name")
      let hasList = at(.leftParenthesis) && !current.startsLine && !isRecovering
      return .signal(name, hasList ? parseArguments() : [])
    case .choose:
      advance()
      let name = parseName("a name for the chosen value")
      expect(.in)
      let domain = parseRangeExpression()
      return .choose(name, domain: domain, filter: parseFilter())
    case .assert:
      advance()
      let condition = parseExpression()
      var message: StringLiteral?
      if !isRecovering, take(.comma) { message = parseString("a message in quotes") }
      return .assert(condition, message: message)
    default: return nil
    }
  }

  private mutating func parseFilter() -> ExpressionSyntax? {
    guard !isRecovering, take(.where) else { return nil }
    return parseCondition()
  }

  /// `target = value`, `target += value`, or a call such as `queue.append(x)`.
  private mutating func parseAssignmentOrCall() -> StatementSyntax.Kind {
    if let kind = prefixIncrement() { return kind }
    guard at(.word), current.word == nil || current.word?.isReserved == false || at(.self) else {
      failExpected("a statement")
      return .missing
    }
    let target = parsePostfix()
    takePrime()
    guard !isRecovering else { return .missing }
    if let kind = foreignAssignment(target) { return kind }
    let operation: StatementSyntax.AssignmentOperator
    switch current.kind {
    case .equals:
      reportColonEquals()
      operation = .set
    case .plusEquals: operation = .add
    case .minusEquals: operation = .subtract
    case .equalEqual where !current.startsLine:
      report(
        .assignmentInExpression,
        "'==' compares, '=' assigns",
        at: span(current),
        fixIts: [replacing(span(current), with: "=")]
      )
      operation = .set
    default: return callStatement(target)
    }
    advance()
    return .assignment(target, operation, parseExpression())
  }

  private mutating func callStatement(_ target: ExpressionSyntax) -> StatementSyntax.Kind {
    if case .call = target.kind { return .call(target) }
    if case .name(let name) = target.kind, at(.word), !current.startsLine {
      fail(
        .unknownKeyword,
        "no statement begins with '\(name.clipped)'",
        at: target.span,
        help: "statements begin with a variable or with \(Parser.listed(Parser.statementWords))"
      )
    } else {
      fail(
        .unusedExpression,
        "this value is not used",
        at: target.span,
        help: "a statement assigns, sends, signals, starts or cancels something"
      )
    }
    return .missing
  }

  private static let statementWords: [Word] = [
    .send, .start, .cancel, .signal, .if, .switch, .for, .choose, .assert, .let,
  ]

  /// Mends a misspelt word at the start of a statement where no variable can be meant.
  private mutating func correctStatementWord() {
    guard at(.word), current.word == nil, peek().kind == .word, !peek().startsLine,
      peek().word != .in, peek().word != .implies,
      let near = Suggestion.nearest(
        to: text(current),
        among: Parser.statementWords.map(\.rawValue)
      )
    else { return }
    report(
      .unknownKeyword,
      "there is no '\(text(current))'; did you mean '\(near)'?",
      at: span(current),
      fixIts: [replacing(span(current), with: near)]
    )
    tokens[position].word = Word.named[near]
  }

  /// `if condition { } else if ... else { }`, `if let name = optional { }`
  private mutating func parseIf(header: Int) -> StatementSyntax.Kind {
    advance()
    var binder: Identifier?
    if take(.let) {
      binder = parseName("a name for the value")
      expect(.equals, "'=' and an optional value")
    }
    let condition = binder == nil ? parseCondition() : parseExpression()
    if at(.word), current.word == nil, text(current) == "then", peek().kind != .leftBrace {
      rejectThen()
      return .missing
    }
    recoverToBlock(header: header)
    let consequence = parseStatements(header: header)
    var alternative: [StatementSyntax] = []
    let isElseIf = reportElseIf()
    if !isRecovering, isElseIf || at(.else) {
      let start = position
      if !isElseIf { advance(.joinsBrace) }
      if isElseIf || at(.if) {
        let place = current.start
        let kind = nested({ $0.parseIf(header: start) }, orElse: .missing)
        alternative = [StatementSyntax(kind, span(from: place))]
      } else {
        alternative = parseStatements(header: start)
      }
    }
    if let binder {
      return .conditionalBinding(
        binder,
        condition,
        then: consequence,
        otherwise: alternative
      )
    }
    return .conditional(condition, then: consequence, otherwise: alternative)
  }

  /// Reports `elif`, `elsif` or `elseif` behind a branch, which stands for `else if`.
  private mutating func reportElseIf() -> Bool {
    guard !isRecovering, at(.word), current.word == nil,
      ["elif", "elsif", "elseif", "elseIf"].contains(text(current))
    else { return false }
    report(
      .foreignSpelling,
      "'\(text(current))' is written 'else if' here",
      at: span(current),
      fixIts: [replacing(span(current), with: "else if")]
    )
    return true
  }

  /// `for x in domain [where filter] { }`
  private mutating func parseFor(header: Int) -> StatementSyntax.Kind {
    advance()
    if at(.all), peek().kind == .word, peek().word != .in {
      report(
        .wrongWord,
        "the statement is 'for x in ...'; 'for all' is a condition",
        at: span(current),
        fixIts: [
          replacing(
            Span(file: file, start: current.start, end: peek().start),
            with: "",
            "delete 'all'"
          )
        ]
      )
      advance()
    }
    let name = parseName("the variable's name")
    expect(.in)
    let domain =
      isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseRangeExpression()
    let filter = parseFilter()
    recoverToBlock(header: header)
    let body = parseStatements(header: header)
    return .forEach(name, domain: domain, filter: filter, body: body)
  }

  /// `let name[: Type] = value`
  private mutating func parseBinding() -> StatementSyntax.Kind {
    advance()
    if at(.word), text(current) == "mut", peek().kind == .word, !peek().startsLine {
      fail(
        .misplacedDeclaration,
        "a body declares no variables of its own",
        at: span(current),
        help: "a value that does not change is 'let name = value'; a variable belongs to the role"
      )
      return .missing
    }
    let name = parseName("a name for the value")
    var type: TypeSyntax?
    if !isRecovering, take(.colon, .tightBefore) { type = parseType() }
    expect(.equals, "'=' and the value")
    let value =
      isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseExpression()
    return .binding(name, type: type, value)
  }

  /// `switch value { case pattern, pattern: ... default: ... }`
  private mutating func parseSwitch(header: Int) -> StatementSyntax.Kind {
    advance()
    let value = parseExpression()
    recoverToBlock(header: header)
    var cases: [StatementSyntax.SwitchCase] = []
    parseBlock(.statements, header: header) { parser in
      if parser.at(.case) || parser.at(.default) {
        cases.append(parser.parseSwitchCase())
      } else {
        parser.failExpected("'case' or 'default'")
        parser.skip { $0.at(.case) || $0.at(.default) }
      }
    }
    return .switchOver(value, cases)
  }

  private mutating func parseSwitchCase() -> StatementSyntax.SwitchCase {
    let start = current.start
    layout[position].insert(.caseLabel)
    let isDefault = advance().word == .default
    var patterns: [ExpressionSyntax] = []
    if !isDefault {
      repeat { patterns.append(parseRangeExpression()) } while !isRecovering && take(.comma)
    }
    expect(.colon, "':'", .tightBefore)
    if isRecovering {
      skip { $0.current.startsLine || $0.at(.case) || $0.at(.default) || $0.at(.colon) }
      _ = take(.colon, .tightBefore)
      isRecovering = false
    }
    var body: [StatementSyntax] = []
    while !at(.case), !at(.default), !at(.rightBrace), !at(.endOfFile), !startsMemberForCertain,
      !startsTopLevelForCertain
    {
      let first = current
      let before = position
      layout[position].insert(.startsItem)
      body.append(parseStatement())
      if position == before {
        failExpected("a statement")
        advance()
      }
      endItem(from: first)
    }
    return StatementSyntax.SwitchCase(
      patterns: patterns,
      body: body,
      span: span(from: start)
    )
  }
}
