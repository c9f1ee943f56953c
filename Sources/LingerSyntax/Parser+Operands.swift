import LingerDiagnostics

/// Operands: literals, names, calls, members, quantifiers.
extension Parser {
  /// `!x`, `-x`, or an operand without a prefix.
  mutating func parsePrefix() -> ExpressionSyntax {
    // What comes after an error is not looked at before the next item.
    guard !isRecovering else { return ExpressionSyntax(.missing, spanAfterPrevious) }
    let operation: UnaryOperator
    let token = current
    switch token.kind {
    case .exclamation:
      operation = .not
      reportSpelling(of: token, as: "!")
    case .minus:
      operation = .negate
      reportSpelling(of: token, as: "-")
    case .and where token.isJunction(in: source.bytes),
      .or where token.isJunction(in: source.bytes):
      reportLeadingJunction()
      return nested(
        { $0.parsePrefix() },
        orElse: ExpressionSyntax(.missing, spanAfterPrevious)
      )
    case .word where token.word == nil && isForeignNot:
      operation = .not
      reportForeignNot()
    default:
      let operand = parsePostfix()
      if at(.prime), !isRecovering {
        rejectPrime()
        advance()
      }
      return operand
    }
    advance(.tightAfter)
    let operand = nested(
      { $0.parsePrefix() },
      orElse: ExpressionSyntax(.missing, spanAfterPrevious)
    )
    setHeight(height + 1)
    return ExpressionSyntax(.unary(operation, operand), span(token).union(operand.span))
  }

  private mutating func reportForeignNot() {
    let place = Span(file: file, start: current.start, end: peek().start)
    report(
      .foreignSpelling,
      "'not' is written '!' here",
      at: span(current),
      fixIts: [replacing(place, with: "!")]
    )
  }

  /// Whether `not` is a prefix here: another name follows it on the line.
  private var isForeignNot: Bool {
    let next = peek()
    guard !next.startsLine, text(current) == "not" else { return false }
    switch next.kind {
    case .word: return next.word != .in && next.word != .implies
    // 'not(x)' may call a helper.
    case .leftParenthesis: return next.start > current.end
    default: return false
    }
  }

  /// An operand with its `.member`, `[index]`, `(arguments)` and `!`.
  mutating func parsePostfix() -> ExpressionSyntax {
    let start = current.start
    var base = parsePrimary()
    var levels = height
    while !isRecovering {
      switch current.kind {
      case .dot:
        advance(.tight)
        base = ExpressionSyntax(.member(base, parseMemberName()), span(from: start))
        height = 0
      case .leftParenthesis where !current.startsLine && isCallable(base):
        base = ExpressionSyntax(.call(base, parseArguments()), span(from: start))
      case .leftBracket where !current.startsLine:
        let opening = advance(.tight)
        let index = parseExpression()
        expectClosing(.rightBracket, "]", of: opening, .tightBefore)
        base = ExpressionSyntax(.index(base, index), span(from: start))
      case .exclamation where previous.end == current.start:
        advance(.tightBefore)
        base = ExpressionSyntax(.forceUnwrap(base), span(from: start))
        height = 0
      default:
        height = levels
        return base
      }
      levels = max(levels, height) + 1
      setHeight(levels)
    }
    return base
  }

  private func isCallable(_ base: ExpressionSyntax) -> Bool {
    switch base.kind {
    case .name, .member: true
    default: false
    }
  }

  /// A name after `.`: any word, also a reserved one.
  private mutating func parseMemberName() -> Identifier {
    guard at(.word), !current.startsLine else {
      failExpected("a name after '.'")
      return Identifier("", spanAfterPrevious)
    }
    let token = advance()
    return Identifier(text(token), span(token))
  }

  /// `(label: value, value)`; the current token is `(`.
  mutating func parseArguments() -> [ArgumentSyntax] {
    let opening = advance(.tight)
    var arguments: [ArgumentSyntax] = []
    var levels = 0
    while !at(.rightParenthesis), !at(.endOfFile), !isRecovering {
      var label: Identifier?
      if at(.word), peek().kind == .colon {
        label = Identifier(text(current), span(current))
        advance()
        advance(.tightBefore)
      }
      arguments.append(ArgumentSyntax(label: label, value: parseExpression()))
      levels = max(levels, height)
      if !take(.comma) { break }
    }
    height = levels
    expectClosing(.rightParenthesis, ")", of: opening, .tightBefore)
    return arguments
  }

  private mutating func parsePrimary() -> ExpressionSyntax {
    let token = current
    height = 1
    switch token.kind {
    case .integer, .decimal: return parseNumber()
    case .word: return parseWordOperand()
    case .dot:
      advance(.tightAfter)
      let name = parseMemberName()
      return ExpressionSyntax(.implicitCase(name), span(from: token.start))
    case .leftParenthesis:
      advance(.tightAfter)
      let inner = parseExpression()
      expectClosing(.rightParenthesis, ")", of: token, .tightBefore)
      setHeight(height + 1)
      return ExpressionSyntax(.parenthesized(inner), span(from: token.start))
    case .leftBracket: return parseList()
    case .invalid:
      advance()
      return ExpressionSyntax(.missing, span(token))
    case .string: return rejectString()
    default: return missingExpression()
    }
  }

  private mutating func rejectString() -> ExpressionSyntax {
    let token = current
    // One in single quotes has its diagnostic.
    if source.bytes[token.start] == UInt8(ascii: "'") {
      isRecovering = true
    }
    fail(
      .expectedExpression,
      "a string is not a value",
      at: span(token),
      help: "name the possible values in an enum"
    )
    return ExpressionSyntax(.missing, span(token))
  }

  private mutating func missingExpression() -> ExpressionSyntax {
    let place = spanAfterPrevious
    fail(.expectedExpression, "expected a value, found \(currentDescription)")
    return ExpressionSyntax(.missing, place)
  }

  /// `12`, `0xFF`, `1_000`, `120 s`, `0.5 ms`.
  private mutating func parseNumber() -> ExpressionSyntax {
    let token = advance()
    if at(.word), !current.startsLine, current.word == nil, let unit = takeUnit() {
      let number = text(token).filter { $0 != "_" }
      if number.hasPrefix("0x") || number.hasPrefix("0X") {
        report(
          .malformedNumber,
          "'\(text(token).clipped)' is hexadecimal, and a duration is not",
          at: span(token),
          help: "write its number in decimal"
        )
        return ExpressionSyntax(.missing, span(from: token.start))
      }
      return ExpressionSyntax(.duration(number: number, unit: unit), span(from: token.start))
    }
    if token.kind == .decimal {
      report(
        .malformedNumber,
        "'\(text(token).clipped)' has a decimal point but no unit of time",
        at: span(token),
        help: "integers have no fraction; a duration is written '0.5 s'"
      )
      return ExpressionSyntax(.missing, span(token))
    }
    guard let value = integer(token) else {
      report(.numberTooLarge, "number is larger than 9223372036854775807", at: span(token))
      return ExpressionSyntax(.missing, span(token))
    }
    return ExpressionSyntax(.integer(value), span(token))
  }

  /// Consumes a unit of time, also in another spelling.
  private mutating func takeUnit() -> String? {
    let written = text(current)
    guard !SyntaxLimits.units.contains(written) else {
      advance()
      return written
    }
    guard let unit = SyntaxLimits.foreignUnits[written] else { return nil }
    let isTight = previous.end == current.start
    report(
      .foreignSpelling,
      "'\(written)' is written '\(unit)' here",
      at: span(current),
      fixIts: [replacing(span(current), with: isTight ? " \(unit)" : unit, "write '\(unit)'")]
    )
    advance()
    return unit
  }

  private func integer(_ token: Token) -> Int? {
    let digits = text(token).filter { $0 != "_" }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      return Int(digits.dropFirst(2), radix: 16)
    }
    return Int(digits)
  }

  private mutating func parseWordOperand() -> ExpressionSyntax {
    correctForAll()
    if isRecovering { return ExpressionSyntax(.missing, spanAfterPrevious) }
    let token = current
    let place = span(token)
    switch token.word {
    case .true, .false:
      advance()
      return ExpressionSyntax(.bool(token.word == .true), place)
    case .nil:
      advance()
      return ExpressionSyntax(.nilLiteral, place)
    case .self:
      advance()
      return ExpressionSyntax(.selfReference, place)
    case .for: return parseQuantifier(.all)
    case .exists where bindsVariable: return parseQuantifier(.exists)
    case .count where bindsVariable: return parseQuantifier(.count)
    case let word? where word.isReserved: return missingExpression()
    default:
      // An operand is missing where the next line is a statement of its own.
      if token.startsLine, !layout[position].contains(.startsItem),
        startsStatementForCertain || startsMemberForCertain || startsTopLevelForCertain
      {
        return missingExpression()
      }
      advance()
      return ExpressionSyntax(.name(text(token)), place)
    }
  }

  private var startsStatementForCertain: Bool {
    let next = peek()
    guard !next.startsLine else { return false }
    switch next.kind {
    case .equals, .plusEquals, .minusEquals: return true
    case .word:
      let isOwnWord = [Word.send, .start, .cancel, .signal, .choose, .assert].contains(current.word)
      return isOwnWord && next.word?.isReserved != true
    default: return false
    }
  }

  /// Whether `exists` or `count` introduces a variable: `count p in`.
  private var bindsVariable: Bool {
    peek().kind == .word && peek().word?.isReserved != true
      && (peek(2).word == .in || (peek(2).kind == .colon && at(.exists)))
  }

  /// `for all x in domain [where filter]: body`, `exists ...`, `count ...`.
  private mutating func parseQuantifier(_ quantifier: Quantifier) -> ExpressionSyntax {
    let word = current
    let start = word.start
    if !source.bytes[word.start].isASCIILetter {
      reportSpelling(of: word, as: quantifier.rawValue)
    }
    advance()
    // A spelling of another language stands for both words.
    if quantifier == .all, text(word) == "for", !take(.all) { correctAll() }
    let name = parseName("the variable's name")
    expectIn()
    let domain = parseRangeExpression()
    var levels = height
    var filter: ExpressionSyntax?
    if take(.where) {
      filter = parseExpression()
      levels = max(levels, height)
    }
    expectQuantifierColon()
    let body =
      isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseExpression()
    setHeight(max(levels, height) + 1)
    return ExpressionSyntax(
      .quantifier(quantifier, name, domain: domain, filter: filter, body: body),
      span(from: start)
    )
  }

  /// `for every x` and `for each x`.
  private mutating func correctAll() {
    if at(.word), text(current) == "every" || text(current) == "each" {
      report(
        .wrongWord,
        "the quantifier is written 'for all'",
        at: span(current),
        fixIts: [replacing(span(current), with: "all")]
      )
      advance()
    } else if at(.word), peek().word == .in {
      report(
        .wrongWord,
        "the quantifier is written 'for all'",
        at: span(previous),
        fixIts: [replacing(span(previous), with: "for all")]
      )
    } else {
      failExpected("'all'", help: "'for all x in D: condition' holds when it does for each x")
    }
  }

  /// `[a, b, c]`, `[]`, `[repeating: value]`.
  private mutating func parseList() -> ExpressionSyntax {
    let opening = advance(.tightAfter)
    if at(.repeating), peek().kind == .colon {
      advance()
      advance(.tightBefore)
      let value = parseExpression()
      expectClosing(.rightBracket, "]", of: opening, .tightBefore)
      setHeight(height + 1)
      return ExpressionSyntax(.repeating(value), span(from: opening.start))
    }
    var elements: [ExpressionSyntax] = []
    var levels = 0
    while !at(.rightBracket), !at(.endOfFile), !isRecovering {
      elements.append(parseExpression())
      levels = max(levels, height)
      if !take(.comma) { break }
    }
    expectClosing(.rightBracket, "]", of: opening, .tightBefore)
    setHeight(levels + 1)
    return ExpressionSyntax(.list(elements), span(from: opening.start))
  }

  /// A name that is declared or referred to; a reserved word is reported and taken for one.
  mutating func parseName(_ what: String, acrossLines: Bool = false) -> Identifier {
    guard !isRecovering else { return Identifier("", spanAfterPrevious) }
    // A reserved word on another line begins what comes next.
    guard at(.word),
      !current.startsLine || (acrossLines && current.word?.isReserved != true)
    else {
      failExpected(what)
      return Identifier("", spanAfterPrevious)
    }
    let token = current
    if token.word?.isReserved == true {
      // 'var = 3' has no name; 'let in: T' has a bad one.
      report(
        .reservedWord,
        "'\(text(token))' is a word of the language and cannot be a name",
        at: span(token),
        help: "choose another name"
      )
    }
    advance()
    return Identifier(text(token), span(token))
  }
}
