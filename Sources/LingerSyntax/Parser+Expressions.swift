import LingerDiagnostics

/// What may stand between two operands.
private enum Infix {
  case operation(BinaryOperator)
  /// `c ? a : b`
  case conditional
  case range

  /// How tightly it binds: twice the operator's precedence, which leaves room between.
  var level: Int {
    switch self {
    case .operation(let operation): 2 * operation.precedence
    case .conditional: 2 * BinaryOperator.implies.precedence + 1
    case .range: 2 * BinaryOperator.coalesce.precedence + 1
    }
  }

  var associatesRight: Bool {
    switch self {
    case .operation(.implies), .operation(.coalesce), .conditional: true
    default: false
    }
  }

  var chains: Bool {
    switch self {
    case .operation(let operation):
      operation != .leadsTo && operation.precedence != BinaryOperator.equal.precedence
    case .conditional: true
    case .range: false
    }
  }
}

/// Operators, by precedence climbing; operands are in Parser+Operands.
extension Parser {
  /// A whole expression; `~>` binds loosest.
  mutating func parseExpression() -> ExpressionSyntax {
    parseNested(minimum: 0)
  }

  /// A value or `low...high`: what may stand after `in`, in a pattern, in a type. It ends before
  /// comparisons, so that `>` can close `Queue<T, n>`.
  mutating func parseRangeExpression() -> ExpressionSyntax {
    parseNested(minimum: Infix.range.level)
  }

  /// A condition: Swift's comma between two conditions is mended to `&&`.
  mutating func parseCondition() -> ExpressionSyntax {
    var condition = parseExpression()
    while !isRecovering, at(.comma) {
      let comma = current
      report(
        .foreignSpelling,
        "conditions are joined with '&&'",
        at: span(comma),
        fixIts: [replacing(span(comma), with: " &&", "write '&&'")]
      )
      advance()
      let right = parseExpression()
      condition = ExpressionSyntax(
        .binary(.and, Identifier("&&", span(comma)), condition, right),
        condition.span.union(right.span)
      )
    }
    return condition
  }

  private mutating func parseNested(minimum: Int) -> ExpressionSyntax {
    nested(
      { $0.parseBinary(minimum: minimum) },
      orElse: ExpressionSyntax(.missing, spanAfterPrevious)
    )
  }

  private mutating func parseBinary(minimum: Int) -> ExpressionSyntax {
    var left = parsePrefix()
    var leftHeight = height
    while !isRecovering, let infix = currentInfix, infix.level >= minimum {
      let token = current
      let name = takeOperator(infix)
      var kind: ExpressionSyntax.Kind
      let right: ExpressionSyntax
      switch infix {
      case .operation(let operation):
        right = parseNested(minimum: infix.level + (infix.associatesRight ? 0 : 1))
        kind = .binary(operation, Identifier(name, span(token)), left, right)
      case .range:
        right = parseNested(minimum: infix.level + 1)
        kind = .range(left, right)
        if token.kind == .halfOpen { reportHalfOpen(token) }
      case .conditional:
        let consequence = parseExpression()
        leftHeight = max(leftHeight, height)
        expect(.colon, "':' and the value for the other case", .infix)
        right = parseNested(minimum: infix.level)
        kind = .conditional(left, consequence, right)
      }
      left = ExpressionSyntax(kind, left.span.union(right.span))
      setHeight(max(leftHeight, height) + 1)
      leftHeight = height
      if !infix.chains { rejectChain(at: infix.level, middle: right) }
    }
    return left
  }

  /// The operator that the current token is, if any.
  private var currentInfix: Infix? {
    switch current.kind {
    case .leadsTo: .operation(.leadsTo)
    case .or: .operation(.or)
    case .and: .operation(.and)
    case .equalEqual: .operation(.equal)
    case .notEqual: .operation(.notEqual)
    case .less: .operation(.less)
    case .lessOrEqual: .operation(.lessOrEqual)
    case .greater: .operation(.greater)
    case .greaterOrEqual: .operation(.greaterOrEqual)
    case .doubleQuestion: .operation(.coalesce)
    case .plus: .operation(.add)
    case .minus: .operation(.subtract)
    case .star: .operation(.multiply)
    case .slash: .operation(.divide)
    case .percent: .operation(.remainder)
    case .ellipsis, .halfOpen: .range
    case .question: .conditional
    case .equals: current.startsLine ? nil : .operation(.equal)
    case .compoundEquals: text(current) == "/=" ? .operation(.notEqual) : nil
    // An arrow before a body is mended where the body is read.
    case .arrow: peek().kind == .leftBrace ? nil : .operation(.implies)
    case .word: wordInfix
    default: nil
    }
  }

  /// Whether a word at the start of a line joins it to the line before: an operand follows, and
  /// no statement or entry begins with two of these.
  private var continuesLine: Bool {
    guard !peek().startsLine else { return false }
    switch peek().kind {
    case .word, .leftParenthesis, .exclamation, .integer: return true
    default: return false
    }
  }

  private var wordInfix: Infix? {
    switch current.word {
    case .in: return .operation(.isIn)
    case .implies: return .operation(.implies)
    case nil where peek().kind != .endOfFile && (!current.startsLine || continuesLine):
      switch text(current) {
      case "and": return .operation(.and)
      case "or": return .operation(.or)
      case "mod" where peek().kind != .equals: return .operation(.remainder)
      case "div" where peek().kind != .equals: return .operation(.divide)
      default: return nil
      }
    default: return nil
    }
  }

  /// Consumes an operator and returns its spelling; mends `=` to `==`, `and` to `&&`.
  private mutating func takeOperator(_ infix: Infix) -> String {
    let token = current
    guard case .operation(let operation) = infix else {
      if token.kind == .ellipsis { reportSpelling(of: token, as: "...") }
      advance(token.kind == .question ? .infix : .tight)
      return ""
    }
    let spelling = operation.rawValue
    if token.kind == .equals {
      report(
        .assignmentInExpression,
        "'\(text(token))' assigns, '==' compares",
        at: span(token),
        fixIts: [replacing(span(token), with: "==")]
      )
    } else if token.isJunction(in: source.bytes) {
      reportJunction(token, spelling)
    } else {
      reportSpelling(of: token, as: spelling)
    }
    advance(.infix)
    return spelling
  }

  private mutating func reportHalfOpen(_ token: Token) {
    let end = spanAfterPrevious
    report(
      .halfOpenRange,
      "ranges include both ends; there is no '..<'",
      at: span(token),
      fixIts: [
        .init("write '...' and end one earlier", [.init(span(token), "..."), .init(end, " - 1")])
      ]
    )
  }

  /// Reports `a < b < c`; the rest is skipped with the statement.
  private mutating func rejectChain(at level: Int, middle: ExpressionSyntax) {
    guard !isRecovering, let next = currentInfix, next.level == level else { return }
    let token = current
    let middleText = source.text(middle.span.start..<middle.span.end)
    switch next {
    case .operation(.leadsTo):
      fail(
        .chainedComparison,
        "'~>' has two sides",
        at: span(token),
        help: "write one property for each step of the chain"
      )
    case .operation:
      let place = Span(file: file, start: token.start, end: token.start)
      let fixIt = Diagnostic.FixIt(
        "join two comparisons with '&&'",
        [.init(place, "&& \(middleText) ")]
      )
      // 'a == b == c' may mean many things, 'a < b < c' only one.
      let isOrder = ["<", "<=", ">", ">="].contains(text(token))
      fail(
        .chainedComparison,
        "comparisons do not chain",
        at: span(token),
        label: "the left side is already a comparison",
        fixIts: isOrder ? [fixIt] : []
      )
    case .range, .conditional:
      fail(.expectedToken, "a range has two ends", at: span(token))
    }
  }
}
