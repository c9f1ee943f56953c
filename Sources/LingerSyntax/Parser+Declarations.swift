import LingerDiagnostics

/// The file and its declarations.
extension Parser {
  mutating func parseFile() -> SyntaxFile {
    var header: SyntaxFile.Header?
    var documentation: String?
    if at(.protocol) || at(.variant) {
      documentation = self.documentation()
      header = parseHeader()
    }
    var declarations: [Declaration] = []
    var hasReportedClosing = false
    while !at(.endOfFile) {
      let start = current
      let before = position
      if at(.rightBrace) {
        // One block closed too often leaves a '}' at the end of the file too.
        if !hasReportedClosing, !hasReportedUnclosed { reportUnmatchedBrace() }
        hasReportedClosing = true
        advance()
        isRecovering = false
        continue
      }
      layout[position].insert(.startsItem)
      if let declaration = parseDeclaration() { declarations.append(declaration) }
      if position == before {
        failExpected("a declaration")
        advance()
      }
      endItem(from: start)
    }
    return SyntaxFile(
      header: header,
      documentation: documentation,
      declarations: declarations,
      span: Span(file: file, start: 0, end: source.bytes.count)
    )
  }

  private mutating func reportUnmatchedBrace() {
    report(
      .unmatchedBracket,
      "'}' closes nothing",
      at: span(current),
      fixIts: [replacing(span(current), with: "", "delete it")]
    )
  }

  /// `protocol NAME` or `variant NAME of "PATH"`.
  private mutating func parseHeader() -> SyntaxFile.Header {
    layout[position].insert(.startsItem)
    let keyword = advance()
    let name = parseName("the protocol's name")
    var result = SyntaxFile.Header.protocolName(name)
    if keyword.word == .variant {
      expect(.of)
      result = .variant(name, base: parseString("the path of the base file in quotes"))
    }
    endItem(from: keyword)
    return result
  }

  private mutating func parseDeclaration() -> Declaration? {
    let documentation = documentation()
    let header = position
    let start = current.start
    let isReplacement = take(.replace)
    if isReplacement, !at(.word) { failExpected("a declaration after 'replace'") }
    correctWord(among: Parser.declarationWords)
    guard let kind = parseDeclarationKind(header: header) else { return nil }
    return Declaration(
      kind: kind,
      documentation: documentation,
      isReplacement: isReplacement,
      span: span(from: start)
    )
  }

  private mutating func parseDeclarationKind(header: Int) -> Declaration.Kind? {
    guard at(.word), let word = current.word else { return rejectDeclaration() }
    switch word {
    case .import:
      advance()
      return .importFile(parseString("a path in quotes"))
    case .parameter: return parseParameter()
    case .assume:
      advance()
      return .assume(parseCondition())
    case .type: return parseTypeAlias()
    case .enum: return parseEnumeration(header: header)
    case .struct, .message: return parseRecord(header: header)
    case .let: return .function(parseFunction())
    case .network: return parseNetwork(header: header)
    case .role, .extend: return parseRole(header: header)
    case .instances, .symmetric: return parseInstances()
    case .final, .invariant, .possible, .eventually, .cover, .timed:
      return parseProperty(header: header)
    case .initially: return parseInitially(header: header)
    case .audit: return parseAudit(header: header)
    case .profile: return parseProfile(header: header)
    case .set:
      advance()
      return .set(parseParameterValue())
    case .remove:
      advance()
      return .remove(parseName("the name of what to remove"))
    default: return rejectDeclaration()
    }
  }

  /// Words that begin a declaration at the top of a file.
  private static let declarationWords: [Word] = [
    .import, .parameter, .assume, .type, .enum, .struct, .message, .let, .network, .role, .extend,
    .instances, .symmetric, .initially, .final, .invariant, .possible, .eventually, .cover, .timed,
    .audit,
    .profile, .set, .remove,
  ]

  /// Words that begin a member of a role only.
  private static let memberOnlyWords: [Word] = [
    .var, .ghost, .timer, .signal, .transition, .fair, .strongly, .urgent,
    .otherwise,
  ]

  /// What stands here is not a declaration: says why, and skips it.
  private mutating func rejectDeclaration() -> Declaration.Kind? {
    guard let word = current.word else {
      if at(.word) {
        fail(
          .unknownKeyword,
          "no declaration begins with \(currentDescription)",
          at: span(current),
          help: adviceForDeclaration(text(current)) ?? adviceForDefinition
            ?? "declarations begin with \(Parser.listed(Parser.declarationWords))"
        )
        advance()
      }
      return nil
    }
    if word == .protocol || word == .variant {
      fail(
        .misplacedHeader,
        "'\(word.rawValue)' stands once, before every declaration",
        at: span(current)
      )
      advance()
    } else if Parser.memberOnlyWords.contains(word) {
      report(
        .misplacedDeclaration,
        "'\(word.rawValue)' belongs in a role",
        at: span(current),
        help: "move it into a role, or look for a '}' too many before it"
      )
      skipMembers()
    } else {
      fail(
        .misplacedDeclaration,
        "no declaration begins with '\(word.rawValue)'",
        at: span(current),
        help: adviceForDeclaration(word.rawValue)
          ?? "declarations begin with \(Parser.listed(Parser.declarationWords))"
      )
      advance()
    }
    return nil
  }

  /// `Name == value` and `name = value` at the top of a file.
  private var adviceForDefinition: String? {
    guard peek().kind == .equalEqual || peek().kind == .equals, !peek().startsLine else {
      return nil
    }
    return "a constant is 'let \(text(current).clipped) = value'"
  }

  /// Parses members that stand outside of a role, for the errors in them only.
  private mutating func skipMembers() {
    while at(.word), let word = current.word, Parser.memberOnlyWords.contains(word) {
      let start = current
      _ = parseMember()
      endItem(from: start)
    }
    // A '}' that closed the role too early has left its partner here.
    if at(.rightBrace) { advance() }
  }

  static func listed(_ words: [Word]) -> String {
    words.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }

  /// Mends a misspelt or foreign keyword in place, so that the declaration is read all the same.
  mutating func correctWord(among words: [Word]) {
    guard at(.word), current.word == nil else { return }
    let written = text(current)
    let near = Suggestion.nearest(to: written, among: words.map(\.rawValue))
    guard let word = Parser.foreignWords[written] ?? near.flatMap({ Word.named[$0] }),
      words.contains(word)
    else { return }
    // A misspelt word has something after it; a variable that is used wrongly has an operator.
    guard [.word, .leftBrace, .string].contains(peek().kind), peek().word != .in else { return }
    let isForeign = Parser.foreignWords[written] != nil
    report(
      isForeign ? .wrongWord : .unknownKeyword,
      isForeign
        ? "'\(written)' is written '\(word.rawValue)' here"
        : "there is no '\(written)'; did you mean '\(word.rawValue)'?",
      at: span(current),
      fixIts: [replacing(span(current), with: word.rawValue)]
    )
    tokens[position].word = word
  }

  /// Words of other languages, and what stands for them here.
  private static let foreignWords: [String: Word] = [
    "func": .let, "fn": .let, "def": .let, "const": .let, "record": .struct, "include": .import,
    "process": .role, "event": .message, "typealias": .type,
  ]

  mutating func parseString(_ what: String) -> StringLiteral {
    guard at(.string), !current.startsLine else {
      failExpected(what)
      return StringLiteral("", spanAfterPrevious)
    }
    let token = advance()
    return StringLiteral(unescaped(token), span(token))
  }

  /// The value of a string token: without quotes, escapes resolved.
  private func unescaped(_ token: Token) -> String {
    var bytes = source.bytes[token.start..<token.end].dropFirst()
    if bytes.count > 0, bytes.last == source.bytes[token.start] { bytes = bytes.dropLast() }
    var result: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        default: result.append(byte)
        }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `parameter name: Type = value`
  private mutating func parseParameter() -> Declaration.Kind {
    advance()
    let name = parseName("the parameter's name")
    expect(.colon, "':' and the parameter's type", .tightBefore)
    let type = parseType()
    return .parameter(name, type: type, value: parseInitialValue())
  }

  /// `= value`, if there is one.
  mutating func parseInitialValue() -> ExpressionSyntax? {
    guard !isRecovering, take(.equals) else { return nil }
    return parseExpression()
  }

  /// `type Name = Type`
  private mutating func parseTypeAlias() -> Declaration.Kind {
    advance()
    let name = parseName("the type's name")
    expect(.equals, "'=' and the type")
    return .typeAlias(name, parseType())
  }

  /// `let name = value`, `let name(parameters) -> Type = value`
  mutating func parseFunction() -> FunctionSyntax {
    advance()
    let name = parseName("the name of a constant or helper")
    var parameters: [FieldSyntax]?
    if at(.leftParenthesis), !current.startsLine { parameters = parseParameters() }
    var type: TypeSyntax?
    if take(.arrow) {
      type = parseType()
    } else if take(.colon, .tightBefore) {
      if parameters != nil {
        report(
          .foreignSpelling,
          "the type of a result stands after '->'",
          at: span(previous),
          fixIts: [replacing(span(previous), with: " ->", "write '->'")]
        )
      }
      type = parseType()
    }
    expect(.equals, "'=' and the value")
    return FunctionSyntax(
      name: name,
      parameters: parameters,
      resultType: type,
      value: parseExpression()
    )
  }

  /// `(name: Type = value, ...)`; the current token is `(`.
  mutating func parseParameters() -> [FieldSyntax] {
    let opening = advance(.tight)
    var fields: [FieldSyntax] = []
    while !at(.rightParenthesis), !at(.endOfFile), !isRecovering {
      fields.append(parseField(name: parseName("a parameter's name", acrossLines: true)))
      if !take(.comma) { break }
    }
    expectClosing(.rightParenthesis, ")", of: opening, .tightBefore)
    return fields
  }

  /// `: Type = value` after the name of a field or parameter.
  mutating func parseField(name: Identifier, documentation: String? = nil) -> FieldSyntax {
    expect(.colon, "':' and a type", .tightBefore)
    let type = isRecovering ? TypeSyntax(.missing, spanAfterPrevious) : parseType()
    return FieldSyntax(
      name: name,
      type: type,
      value: parseInitialValue(),
      documentation: documentation
    )
  }
}
