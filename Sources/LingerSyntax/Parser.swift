package import LingerDiagnostics

/// Parses a whole spec file. `number` is the file's number in the source map, for the spans.
///
/// There is always a tree: what could not be read is `missing` in it and has a diagnostic. The
/// diagnostics are in order of position.
package func parse(
  _ file: SourceFile,
  number: Int
) -> (syntax: SyntaxFile, diagnostics: [Diagnostic]) {
  var parser = Parser(file, number: number)
  let syntax = parser.parseFile()
  return (syntax, parser.diagnostics.sortedByPosition())
}

/// Parses a text that is one expression, such as the value of `--set name=value`.
package func parseExpression(
  _ file: SourceFile,
  number: Int
) -> (ExpressionSyntax, [Diagnostic]) {
  var parser = Parser(file, number: number)
  let expression = parser.parseExpression()
  if parser.current.kind != .endOfFile {
    parser.fail(
      .expectedToken,
      "expected the end of the value, found \(parser.currentDescription)"
    )
  }
  return (expression, parser.diagnostics.sortedByPosition())
}

/// A recursive-descent parser over the tokens of one file; one extension per area of the grammar.
///
/// Errors: the first slip in a statement or declaration is reported and sets `isRecovering`, which
/// silences everything until the loop that owns the statement has skipped to the next one. So one
/// slip is one diagnostic, and no function needs to look at what its callees returned.
///
/// Progress: each loop either consumes a token or leaves, and ``SyntaxLimits`` bounds the
/// recursion.
struct Parser {
  let source: SourceFile
  let file: Int
  var tokens: [Token]
  let comments: [Comment]
  /// From this offset on the file is nested too deeply, which the lexer has reported.
  let truncation: Int
  var position = 0
  var diagnostics: [Diagnostic]
  /// Set by an error, cleared at the next statement or declaration.
  var isRecovering = false
  /// Set when the rest of the file is not read; nothing is reported any more.
  var isStopped = false
  /// Set once a block without its `}` was reported: a `}` too many then has the same cause.
  var hasReportedUnclosed = false
  /// Where and what was reported last.
  var lastReport: (position: Int, code: DiagnosticCode)?
  /// Recursion in force; see ``SyntaxLimits/nesting``.
  private var nesting = 0
  /// Levels of the expression that was parsed last; see ``SyntaxLimits/height``.
  var height = 0
  /// What the formatter wants to know of each token.
  var layout: [TokenLayout]
  var blocks: [BlockLayout] = []
  /// Blocks around the current token, outermost first.
  var openBlocks: [OpenBlock] = []

  init(_ source: SourceFile, number: Int) {
    self.source = source
    file = number
    guard source.bytes.count <= SyntaxLimits.fileBytes else {
      tokens = [
        Token(kind: .endOfFile, startsLine: true, commentCount: 0, start: 0, end: 0)
      ]
      comments = []
      layout = [[]]
      truncation = 0
      diagnostics = [
        Diagnostic(
          .sourceTooLarge,
          "the file has \(source.bytes.count) bytes, which no spec has",
          at: Span(file: number, start: 0, end: 0)
        )
      ]
      return
    }
    var lexer = Lexer(bytes: source.bytes, file: number)
    lexer.run()
    tokens = lexer.tokens
    comments = lexer.comments
    diagnostics = lexer.diagnostics
    truncation = lexer.truncation ?? Int.max
    layout = Array(repeating: [], count: tokens.count)
  }

  var current: Token { tokens[position] }

  /// The token some places further on; the end of the file stays the end.
  func peek(_ distance: Int = 1) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  /// The token before the current one; the current one at the very start.
  var previous: Token { tokens[max(position - 1, 0)] }

  func span(_ token: Token) -> Span { Span(file: file, start: token.start, end: token.end) }

  /// From a token's start to the end of the last one consumed.
  func span(from start: Int) -> Span {
    Span(file: file, start: start, end: max(start, previous.end))
  }

  /// The empty place right after the last token consumed.
  var spanAfterPrevious: Span {
    let end = position == 0 ? current.start : previous.end
    return Span(file: file, start: end, end: end)
  }

  func text(_ token: Token) -> String {
    String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
  }

  func at(_ kind: TokenKind) -> Bool { current.kind == kind }

  func at(_ word: Word) -> Bool { current.word == word }

  /// Consumes the current token; the last one is never consumed.
  @discardableResult
  mutating func advance(_ flags: TokenLayout = []) -> Token {
    let token = tokens[position]
    layout[position].formUnion(flags)
    if position + 1 < tokens.count { position += 1 }
    return token
  }

  /// Consumes the current token if it is of the kind.
  mutating func take(_ kind: TokenKind, _ flags: TokenLayout = []) -> Bool {
    guard at(kind) else { return false }
    if kind == .equals { reportColonEquals() }
    if kind == .arrow { reportSpelling(of: current, as: "->") }
    advance(flags)
    return true
  }

  /// Reports `:=` where `=` assigns or gives a value.
  mutating func reportColonEquals() {
    guard current.end - current.start == 2 else { return }
    report(
      .foreignSpelling,
      "':=' is written '=' here",
      at: span(current),
      fixIts: [replacing(span(current), with: "=")]
    )
  }

  mutating func take(_ word: Word) -> Bool {
    guard at(word) else { return false }
    // A misspelt word was reported; a sign such as '∈' was not yet.
    if !source.bytes[current.start].isASCIILetter {
      reportSpelling(of: current, as: word.rawValue)
    }
    advance()
    return true
  }

  /// Runs one level deeper; past the limit reports once and gives the file up.
  mutating func nested<Result>(_ body: (inout Parser) -> Result, orElse: Result) -> Result {
    guard nesting < SyntaxLimits.recursion else {
      giveUp("this is nested too deeply")
      return orElse
    }
    nesting += 1
    defer { nesting -= 1 }
    return body(&self)
  }

  /// Records that the expression just built has `levels` levels.
  mutating func setHeight(_ levels: Int) {
    height = levels
    if levels > SyntaxLimits.height {
      giveUp("an expression of more than \(SyntaxLimits.height) operators is too deep")
    }
  }

  /// Reports a limit and moves to the end of the file; nothing after it is reported.
  mutating func giveUp(_ message: String) {
    fail(.nestingTooDeep, message, label: "the rest of the file is not read")
    stop()
  }

  /// Moves to the end of the file and stays silent.
  mutating func stop() {
    isStopped = true
    isRecovering = true
    position = tokens.count - 1
    height = 0
  }

  /// The current token in words, for "expected ..., found ...".
  var currentDescription: String { describe(current) }

  func describe(_ token: Token) -> String {
    switch token.kind {
    case .endOfFile: "the end of the file"
    case .string: "a string"
    default: "'\(text(token).clipped)'"
    }
  }
}
