import LingerDiagnostics

extension Parser {
  /// A type: a name, a range, `T?`, `Set<T>`, `Queue<T, n>`, `[n of T]` or `[Key: T]`.
  mutating func parseType() -> TypeSyntax {
    let missing = TypeSyntax(.missing, spanAfterPrevious)
    guard !isRecovering else { return missing }
    return nested({ $0.parseTypeWithin() }, orElse: missing)
  }

  private mutating func parseTypeWithin() -> TypeSyntax {
    let start = current.start
    var type = parseBaseType()
    var levels = 0
    while !current.startsLine, at(.question) || at(.doubleQuestion), levels < SyntaxLimits.height {
      levels += at(.question) ? 1 : 2
      let isDouble = at(.doubleQuestion)
      advance(.tightBefore)
      type = TypeSyntax(.optional(type), span(from: start))
      if isDouble { type = TypeSyntax(.optional(type), span(from: start)) }
    }
    if levels >= SyntaxLimits.height {
      giveUp("an optional of more than \(SyntaxLimits.height) levels is too deep")
    }
    return type
  }

  private mutating func parseBaseType() -> TypeSyntax {
    let start = current.start
    switch current.kind {
    case .leftBracket: return parseBracketedType()
    case .word where current.word?.isReserved != true && !current.startsLine:
      let next = peek()
      if next.kind == .less, !next.startsLine { return parseGenericType() }
      if continuesRange(next) { return parseRangeType() }
      let name = Identifier(text(current), span(current))
      advance()
      return TypeSyntax(.named(name), name.span)
    case .leftParenthesis where holdsType: return parseParenthesizedType()
    case .integer, .minus, .leftParenthesis, .decimal: return parseRangeType()
    default:
      let place = current.startsLine ? spanAfterPrevious : span(current)
      fail(.expectedType, "expected a type, found \(currentDescription)")
      return TypeSyntax(.missing, Span(file: file, start: min(start, place.start), end: place.end))
    }
  }

  /// Whether a name before this token begins a range bound (`low...high`, `n - 1...n`).
  private func continuesRange(_ next: Token) -> Bool {
    guard !next.startsLine else { return false }
    switch next.kind {
    case .ellipsis, .halfOpen, .plus, .minus, .star, .slash, .percent, .leftParenthesis, .dot:
      return true
    default: return false
    }
  }

  /// Whether the parentheses here hold a type, and not the bound of a range, which would go on
  /// behind them.
  private var holdsType: Bool { endOfParentheses.map { !continuesRange(peek($0 + 1)) } ?? false }

  /// How far away the parentheses close that open here.
  private var endOfParentheses: Int? {
    var depth = 0
    for distance in 0..<Self.lookAhead {
      switch peek(distance).kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis:
        depth -= 1
        if depth == 0 { return distance }
      case .endOfFile: return nil
      default: break
      }
    }
    return nil
  }

  /// Tokens that are looked at for the end of parentheses: a type is short.
  private static let lookAhead = 200

  /// `(type)`
  private mutating func parseParenthesizedType() -> TypeSyntax {
    let opening = advance(.tightAfter)
    let inner = parseType()
    expectClosing(.rightParenthesis, ")", of: opening, .tightBefore)
    return inner
  }

  private mutating func parseRangeType() -> TypeSyntax {
    let expression = parseRangeExpression()
    return rangeType(of: expression)
  }

  private mutating func rangeType(of expression: ExpressionSyntax) -> TypeSyntax {
    switch expression.kind {
    case .range(let low, let high): return TypeSyntax(.range(low, high), expression.span)
    case .parenthesized(let inner): return rangeType(of: inner)
    case .name(let name):
      return TypeSyntax(.named(Identifier(name, expression.span)), expression.span)
    default:
      fail(
        .expectedType,
        "expected a type, found a value",
        at: expression.span,
        help: "a range of integers is written 'low...high'"
      )
      return TypeSyntax(.missing, expression.span)
    }
  }

  /// `Set<T>` and `Queue<T, n>`.
  private mutating func parseGenericType() -> TypeSyntax {
    let name = Identifier(text(current), span(current))
    advance()
    let opening = advance(.tight)
    let element = parseType()
    var capacity: ExpressionSyntax?
    if take(.comma) { capacity = parseRangeExpression() }
    closeAngle(opening)
    let whole = span(from: name.span.start)
    switch (name.text, capacity) {
    case ("Set", nil): return TypeSyntax(.set(element), whole)
    case ("Queue", let capacity?): return TypeSyntax(.queue(element, capacity: capacity), whole)
    case ("Queue", nil):
      fail(
        .expectedType,
        "a queue needs a capacity",
        at: whole,
        help: "write 'Queue<T, n>' where n is how many elements it can hold"
      )
    case ("Set", _):
      fail(.expectedType, "a set has one element type and no capacity", at: whole)
    default:
      let near = Suggestion.nearest(to: name.text, among: ["Set", "Queue"])
      fail(
        .expectedType,
        "only 'Set<T>' and 'Queue<T, n>' have types in angle brackets",
        at: name.span,
        fixIts: near.map { [replacing(name.span, with: $0)] } ?? []
      )
    }
    return TypeSyntax(.missing, whole)
  }

  private mutating func closeAngle(_ opening: Token) {
    if at(.greaterOrEqual) {
      report(
        .expectedToken,
        "expected '>', found '>='",
        at: span(current),
        fixIts: [replacing(span(current), with: "> =", "separate '>' and '='")]
      )
      // Its '=' is left for the initial value.
      tokens[position].kind = .equals
      return
    }
    expectClosing(.greater, ">", of: opening, .tightBefore)
  }

  /// `[n of T]` and `[Key: T]`.
  private mutating func parseBracketedType() -> TypeSyntax {
    let opening = advance(.tightAfter)
    var kind = TypeSyntax.Kind.missing
    if isMapType {
      let key = parseType()
      expect(.colon, "':' and the type of the elements", .tightBefore)
      kind = .map(key: key, value: parseType())
    } else {
      let count = parseRangeExpression()
      if take(.colon, .tightBefore) {
        kind = .map(key: rangeType(of: count), value: parseType())
      } else if take(.of) {
        kind = .array(count: count, parseType())
      } else {
        fail(
          .expectedType,
          "expected 'of' or ':', found \(currentDescription)",
          help: "an array is written '[count of T]', a map '[Key: T]'"
        )
      }
    }
    expectClosing(.rightBracket, "]", of: opening, .tightBefore)
    return TypeSyntax(kind, span(from: opening.start))
  }

  /// Whether a type, and not a count, stands after `[`.
  private var isMapType: Bool {
    if at(.leftParenthesis), var end = endOfParentheses {
      while [.question, .doubleQuestion].contains(peek(end + 1).kind) { end += 1 }
      return peek(end + 1).kind == .colon
    }
    guard at(.word) else { return at(.leftBracket) }
    switch peek().kind {
    case .colon, .less, .question, .doubleQuestion: return true
    default: return false
    }
  }
}
