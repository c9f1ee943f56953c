import LingerDiagnostics

/// Reporting an error, and finding the place where reading can go on.
extension Parser {
  /// Reports an error after which the rest of the statement cannot be trusted.
  mutating func fail(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span? = nil,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    report(
      code,
      message,
      at: span ?? errorSpan,
      label: label,
      notes: notes,
      help: help,
      fixIts: fixIts
    )
    isRecovering = true
  }

  /// Reports an error whose meaning is clear, so that reading goes on as if it were mended.
  mutating func report(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    // What the lexer could not read has its diagnostic already.
    guard !isRecovering, !isStopped, current.kind != .invalid, current.start < truncation else {
      return
    }
    if diagnostics.count + 1 >= Diagnostic.mostKept { stop() }
    // A second look at the same place says nothing new.
    guard lastReport?.position != position || lastReport?.code != code else { return }
    lastReport = (position, code)
    diagnostics.append(
      Diagnostic(
        code,
        message,
        at: span,
        label: label,
        notes: notes,
        help: help,
        fixIts: fixIts
      )
    )
  }

  /// Reports that something else was expected at the current token.
  mutating func failExpected(_ what: String, help: String? = nil) {
    fail(.expectedToken, "expected \(what), found \(currentDescription)", help: help)
  }

  /// Where an error about the current token is shown: at the token, but after the last one of the
  /// line before where the current token begins another line.
  private var errorSpan: Span {
    current.startsLine || at(.endOfFile) ? spanAfterPrevious : span(current)
  }

  /// A fix-it that replaces what a span holds.
  func replacing(_ span: Span, with text: String, _ message: String? = nil) -> Diagnostic.FixIt {
    .init(message ?? "write '\(text)'", [.init(span, text)])
  }

  /// Consumes a token of the kind, or reports that it was expected.
  @discardableResult
  mutating func expect(_ kind: TokenKind, _ what: String, _ flags: TokenLayout = []) -> Bool {
    if take(kind, flags) { return true }
    failExpected(what)
    return false
  }

  @discardableResult
  mutating func expect(_ word: Word) -> Bool {
    if take(word) { return true }
    failExpected("'\(word.rawValue)'")
    return false
  }

  /// Consumes the bracket that closes one, or reports which one stayed open.
  mutating func expectClosing(
    _ kind: TokenKind,
    _ text: String,
    of opening: Token,
    _ flags: TokenLayout = []
  ) {
    if take(kind, flags) { return }
    fail(
      .unclosedBracket,
      "expected '\(text)', found \(currentDescription)",
      notes: [.init("'\(self.text(opening))' opened here", at: span(opening))]
    )
    // Inside a line the rest up to the bracket is skipped, so that what follows it is read.
    skip { $0.current.startsLine || $0.at(kind) || $0.at(.leftBrace) }
    if at(kind), !current.startsLine {
      advance(flags)
    }
  }

  /// Skips tokens until the condition holds, over whole bracketed groups, and never past the `}`
  /// of the block in force or the end of the file.
  mutating func skip(until isDone: (Parser) -> Bool) {
    while !at(.endOfFile), !at(.rightBrace), !isDone(self) {
      skipGroup()
    }
  }

  /// Skips one token, or a bracketed group up to its end. A group that is never closed ends
  /// before the next declaration.
  private mutating func skipGroup() {
    guard at(.leftParenthesis) || at(.leftBracket) || at(.leftBrace) else {
      advance()
      return
    }
    var open: [TokenKind] = []
    repeat {
      switch current.kind {
      case .leftParenthesis: open.append(.rightParenthesis)
      case .leftBracket: open.append(.rightBracket)
      case .leftBrace: open.append(.rightBrace)
      case .rightParenthesis, .rightBracket:
        if open.last == current.kind { open.removeLast() }
      case .rightBrace:
        while let last = open.last, last != .rightBrace { open.removeLast() }
        if open.isEmpty { return }
        open.removeLast()
      case .endOfFile: return
      default:
        if startsTopLevelForCertain { return }
      }
      advance()
    } while !open.isEmpty
  }

  /// After an error in an item: skips to where the next one can begin. That is a `;`, or a line
  /// that begins with a word and is not indented deeper than the item.
  private mutating func recover(from start: Token) {
    guard isRecovering else { return }
    let column = column(of: start)
    skip { parser in
      if parser.at(.semicolon) { return true }
      guard parser.current.startsLine, parser.at(.word) else { return false }
      return parser.column(of: parser.current) <= column || parser.startsMemberForCertain
        || parser.startsTopLevelForCertain
    }
    isRecovering = false
  }

  /// Bytes between the start of the line and the token.
  private func column(of token: Token) -> Int {
    token.start - source.lineStarts[source.line(at: token.start)]
  }

  /// Ends a declaration, member or statement: a line break, a `;`, a `}` or the end.
  mutating func endItem(from start: Token) {
    if !isRecovering, !current.startsLine {
      switch current.kind {
      case .semicolon, .rightBrace, .endOfFile: break
      case .word where current.word == .case || current.word == .default: break
      case .rightParenthesis, .rightBracket:
        fail(.unmatchedBracket, "\(currentDescription) closes nothing")
      case .word where startsItemWord:
        report(
          .missingSeparator,
          "expected a line break or ';' before \(currentDescription)",
          at: span(current),
          fixIts: [.init("separate them", [.init(spanAfterPrevious, ";")])]
        )
      default: fail(.expectedToken, "unexpected \(at(.string) ? "string" : currentDescription)")
      }
    }
    recover(from: start)
    while take(.semicolon, .separator) {}
  }

  /// Ends an entry of an enum, record, network or profile: additionally a `,`.
  mutating func endEntry(from start: Token) {
    if !isRecovering, take(.comma) { return }
    if !isRecovering, at(.word), !current.startsLine {
      report(
        .missingSeparator,
        "expected ',' or a line break before \(currentDescription)",
        at: span(current),
        fixIts: [.init("separate them", [.init(spanAfterPrevious, ",")])]
      )
      return
    }
    if isRecovering {
      skip { $0.at(.comma) || $0.at(.semicolon) || $0.current.startsLine && $0.at(.word) }
      isRecovering = false
      if take(.comma) { return }
    }
    endItem(from: start)
  }

  /// Skips to the `{` of a body after an error in what stands before it; not beyond a line that
  /// is indented no deeper than the header's, which is something else.
  mutating func recoverToBlock(header: Int) {
    guard isRecovering else { return }
    let column = column(of: tokens[header])
    skip { parser in
      if parser.at(.leftBrace) { return true }
      return parser.startsMemberForCertain || parser.startsTopLevelForCertain
        || (parser.current.startsLine && parser.at(.word)
          && parser.column(of: parser.current) <= column)
    }
    if at(.leftBrace) { isRecovering = false }
  }

  /// Whether the word here can begin an item, judged by what follows it.
  private var startsItemWord: Bool {
    let next = peek()
    switch next.kind {
    case .word, .equals, .plusEquals, .minusEquals, .dot, .leftParenthesis, .colon, .leftBrace,
      .string:
      return !next.startsLine
    default: return false
    }
  }

  /// Whether the current token certainly begins a declaration at the top of a file: a line of its
  /// own, the word, and what must follow it. Ends the search for a missing `}`.
  var startsTopLevelForCertain: Bool {
    guard current.startsLine, let word = current.word else { return false }
    let next = peek()
    guard !next.startsLine else { return false }
    switch word {
    case .role, .message, .enum, .struct, .profile:
      return next.kind == .word && peek(2).kind == .leftBrace
    case .invariant, .possible, .eventually, .cover:
      return next.kind == .word && (peek(2).kind == .leftBrace || peek(2).word == .for)
    case .audit, .initially: return next.kind == .leftBrace
    case .network, .final:
      return next.kind == .leftBrace || (next.kind == .word && peek(2).kind == .leftBrace)
    case .protocol, .parameter, .instances, .extend, .variant:
      return next.kind == .word && next.word != .in
    case .symmetric: return next.word == .instances
    case .timed: return next.word == .invariant
    case .type: return next.kind == .word && peek(2).kind == .equals
    case .import: return next.kind == .string
    default: return false
    }
  }

  /// Whether the current token certainly begins a member of a role.
  var startsMemberForCertain: Bool {
    guard current.startsLine, let word = current.word else { return false }
    let next = peek()
    guard !next.startsLine else { return false }
    switch word {
    case .transition: return next.kind == .word && peek(2).word == .on
    case .timer:
      let after = peek(2)
      return next.kind == .word
        && (after.startsLine || after.kind == .leftBracket || after.word == .armed)
    case .ghost: return next.word == .var
    case .otherwise: return next.word == .receive
    case .fair: return next.word == .transition || next.word == .urgent
    case .urgent: return next.word == .transition
    case .strongly: return next.word == .fair
    default: return false
    }
  }
}
