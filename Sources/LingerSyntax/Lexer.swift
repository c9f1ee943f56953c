import LingerDiagnostics

/// Cuts a file into tokens in one pass over its bytes.
///
/// It never fails: what it does not know becomes an `invalid` token with a diagnostic. Open
/// brackets are counted here, so that a file of ten million of them ends after a few hundred
/// tokens instead of reaching the recursive parser.
struct Lexer {
  let bytes: [UInt8]
  let file: Int
  private(set) var tokens: [Token] = []
  private(set) var comments: [Comment] = []
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var offset = 0
  private(set) var startsLine = true
  /// Open brackets less closed ones.
  private var depth = 0
  /// Where the bracket opened in which all now open ones lie.
  private var outermostOpening = 0
  /// Where reading ended early because of too many open brackets: the outermost of them. What
  /// the parser finds from there on is a consequence.
  private(set) var truncation: Int?
  private var reportedNames: Set<String> = []

  init(bytes: [UInt8], file: Int) {
    self.bytes = bytes
    self.file = file
  }

  /// Lexes the whole file; the last token is always `endOfFile`.
  mutating func run() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    while offset < bytes.count {
      let before = offset
      lexNext()
      precondition(offset > before, "the lexer did not advance")
      if diagnostics.count >= Diagnostic.mostKept { break }
    }
    startsLine = true
    append(.endOfFile, from: min(offset, bytes.count))
  }

  /// The byte some places further on; 0 beyond the end.
  func byte(_ distance: Int) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  private mutating func append(_ kind: TokenKind, word: Word? = nil, from start: Int) {
    tokens.append(
      Token(
        kind: kind,
        word: word,
        startsLine: startsLine,
        commentCount: comments.count,
        start: start,
        end: offset
      )
    )
    // What follows a ';' at the start of a line is all there is on it.
    startsLine = startsLine && kind == .semicolon
  }

  mutating func take(_ kind: TokenKind, word: Word? = nil, length: Int) {
    let start = offset
    offset += length
    append(kind, word: word, from: start)
  }

  mutating func report(
    _ code: DiagnosticCode,
    _ message: String,
    from start: Int,
    to end: Int,
    label: String? = nil,
    help: String? = nil,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    diagnostics.append(
      Diagnostic(
        code,
        message,
        at: Span(file: file, start: start, end: end),
        label: label,
        help: help,
        fixIts: fixIts
      )
    )
  }

  private mutating func lexNext() {
    switch bytes[offset] {
    case UInt8(ascii: "\n"):
      offset += 1
      startsLine = true
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      offset += 1
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      lexWord()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
    case UInt8(ascii: "\""): lexString(quote: UInt8(ascii: "\""))
    case UInt8(ascii: "'"): if !lexPrime() { lexString(quote: UInt8(ascii: "'")) }
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): lexOpening()
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): lexClosing()
    case UInt8(ascii: "/"): lexSlash()
    case 0x80...: lexForeign()
    default: lexOperator()
    }
  }

  private mutating func lexOpening() {
    depth += 1
    if depth == 1 { outermostOpening = offset }
    if depth > SyntaxLimits.nesting {
      report(
        .nestingTooDeep,
        "brackets are nested more than \(SyntaxLimits.nesting) deep",
        from: offset,
        to: offset + 1,
        label: "the rest of the file is not read"
      )
      truncation = outermostOpening
      offset = bytes.count
      return
    }
    switch bytes[offset] {
    case UInt8(ascii: "("): take(.leftParenthesis, length: 1)
    case UInt8(ascii: "["): take(.leftBracket, length: 1)
    default: take(.leftBrace, length: 1)
    }
  }

  private mutating func lexClosing() {
    depth -= 1
    // So many closing brackets too many: the parser has reported the first of them, and the
    // rest of such a file says nothing.
    if depth < -SyntaxLimits.nesting {
      offset = bytes.count
      return
    }
    switch bytes[offset] {
    case UInt8(ascii: ")"): take(.rightParenthesis, length: 1)
    case UInt8(ascii: "]"): take(.rightBracket, length: 1)
    default: take(.rightBrace, length: 1)
    }
  }

  private mutating func lexSlash() {
    switch byte(1) {
    case UInt8(ascii: "/"): lexLineComment()
    case UInt8(ascii: "*"): lexBlockComment()
    case UInt8(ascii: "\\"): take(.and, length: 2)
    case UInt8(ascii: "="): take(.compoundEquals, length: 2)
    default: take(.slash, length: 1)
    }
  }

  mutating func lexLineComment() {
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    var end = offset
    while end > start,
      bytes[end - 1] == UInt8(ascii: "\r") || bytes[end - 1] == UInt8(ascii: " ")
        || bytes[end - 1] == UInt8(ascii: "\t")
    {
      end -= 1
    }
    let isDocumentation =
      end - start >= 3 && bytes[start + 2] == UInt8(ascii: "/")
      && !(end - start >= 4 && bytes[start + 3] == UInt8(ascii: "/"))
    comments.append(
      Comment(
        kind: isDocumentation ? .documentation : .line,
        start: start,
        end: end,
        startsLine: startsLine
      )
    )
  }

  private mutating func lexBlockComment() {
    let start = offset
    let startedLine = startsLine
    var open = 1
    offset += 2
    while offset < bytes.count, open > 0 {
      if bytes[offset] == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        open -= 1
        offset += 2
      } else if bytes[offset] == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        open += 1
        offset += 2
      } else {
        if bytes[offset] == UInt8(ascii: "\n") { startsLine = true }
        offset += 1
      }
    }
    if open > 0 {
      report(
        .unterminatedComment,
        "comment is not closed",
        from: start,
        to: start + 2,
        label: "opened here",
        help: "write '*/' where the comment ends"
      )
    }
    comments.append(
      Comment(kind: .block, start: start, end: offset, startsLine: startedLine)
    )
  }

  private mutating func lexWord() {
    let start = offset
    let isASCII = skipWordCharacters()
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if !isASCII, reportedNames.insert(text).inserted {
      report(
        .unexpectedCharacter,
        "'\(text.clipped)' is not a name",
        from: start,
        to: offset,
        help: "a name is made of the letters a-z and A-Z, digits and '_'"
      )
    }
    append(.word, word: Word.named[text], from: start)
  }

  /// Skips letters and digits of any script, so that a name in another one is one token; returns
  /// whether all were ASCII.
  private mutating func skipWordCharacters() -> Bool {
    var isASCII = true
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        offset += 1
      case 0x80...:
        let (scalar, length) = scalar(at: offset)
        guard isLetter(scalar) else { return isASCII }
        isASCII = false
        offset += length
      default: return isASCII
      }
    }
    return isASCII
  }

  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
  }

  private mutating func lexNumber() {
    let start = offset
    let isHexadecimal =
      bytes[offset] == UInt8(ascii: "0")
      && (byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X"))
    if isHexadecimal {
      offset += 2
      skipDigits { $0.isHexadecimalDigit }
    } else {
      skipDigits { $0.isDigit }
    }
    var kind = TokenKind.integer
    if !isHexadecimal, byte(0) == UInt8(ascii: "."), byte(1).isDigit {
      kind = .decimal
      offset += 1
      skipDigits { $0.isDigit }
    }
    let digitsEnd = offset
    if isHexadecimal || !startsUnit() {
      _ = skipWordCharacters()
    }
    if offset > digitsEnd || (isHexadecimal && offset == start + 2) {
      let text = String(decoding: bytes[start..<offset], as: UTF8.self)
      report(
        .malformedNumber,
        "'\(text.clipped)' is not a number",
        from: start,
        to: offset,
        help: "a number is decimal ('120', '1_000') or hexadecimal ('0xFF'); "
          + "a duration ends in ns, us, ms, s, min or h"
      )
      kind = .invalid
    }
    append(kind, from: start)
  }

  private mutating func skipDigits(_ isDigit: (UInt8) -> Bool) {
    while offset < bytes.count, isDigit(bytes[offset]) || bytes[offset] == UInt8(ascii: "_") {
      offset += 1
    }
  }

  /// Whether the letters right here are a unit of time: `60s` is two tokens, `60x` is an error.
  private func startsUnit() -> Bool {
    var end = offset
    while end < bytes.count, end < offset + 12, bytes[end].isWordCharacter { end += 1 }
    let isWhole = end >= bytes.count || !bytes[end].isWordCharacter
    let unit = String(decoding: bytes[offset..<end], as: UTF8.self)
    return isWhole && (SyntaxLimits.units.contains(unit) || SyntaxLimits.foreignUnits[unit] != nil)
  }

  private mutating func lexString(quote: UInt8) {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != quote, bytes[offset] != UInt8(ascii: "\n") {
      let isEscape = bytes[offset] == UInt8(ascii: "\\") && byte(1) != UInt8(ascii: "\n")
      if isEscape { checkEscape() }
      offset += isEscape && offset + 1 < bytes.count ? 2 : 1
    }
    let isClosed = offset < bytes.count && bytes[offset] == quote
    if !isClosed, quote == UInt8(ascii: "'") {
      offset = start + 1
      reportUnknown(from: start)
      return
    }
    var end = offset
    if isClosed {
      offset += 1
      end = offset
    } else if end > start + 1, bytes[end - 1] == UInt8(ascii: "\r") {
      end -= 1
    }
    if !isClosed {
      // Where no string can stand, nobody knows what was to be in it.
      let last = tokens.last
      var isWanted = last?.word == .import || last?.word == .of || last?.kind == .comma
      // Behind a backslash a quote would not close it.
      if bytes[end - 1] == UInt8(ascii: "\\") { isWanted = false }
      let place = Span(file: file, start: end, end: end)
      report(
        .unterminatedString,
        "string is not closed on its line",
        from: start,
        to: end,
        fixIts: isWanted ? [.init("add the closing quote", [.init(place, "\"")])] : []
      )
    } else if quote == UInt8(ascii: "'") {
      let inner = String(decoding: bytes[(start + 1)..<(end - 1)], as: UTF8.self)
      report(
        .foreignSpelling,
        "a string stands in double quotes",
        from: start,
        to: end,
        fixIts: [
          .init(
            "use double quotes",
            [.init(Span(file: file, start: start, end: end), "\"\(inner)\"")]
          )
        ]
      )
    }
    append(.string, from: start)
  }

  private mutating func checkEscape() {
    let known = [UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "n"), UInt8(ascii: "t")]
    guard !known.contains(byte(1)) else { return }
    let length = byte(1) < 0x80 ? 1 : scalar(at: offset + 1).length
    let end = min(offset + 1 + length, bytes.count)
    report(
      .invalidEscape,
      "unknown escape in a string",
      from: offset,
      to: end,
      help: "the escapes are \\\\, \\\", \\n and \\t"
    )
  }

  private mutating func lexOperator() {
    if isConflictMarker {
      lexConflictMarker()
      return
    }
    if isDashComment {
      lexForeignComment(length: 2)
      return
    }
    if bytes[offset] == UInt8(ascii: "\\"), lexBackslash() { return }
    if let foreign = foreignOperatorHere() {
      take(foreign.kind, word: foreign.word, length: foreign.length)
      return
    }
    if let known = operatorHere() {
      take(known.kind, length: known.length)
      return
    }
    let start = offset
    // A run of unknown characters, NUL bytes for example, is one error.
    while offset < bytes.count, Lexer.isUnknown(bytes[offset]) { offset += 1 }
    let isComment = bytes[start] == UInt8(ascii: "#") && startsLine
    reportUnknown(from: start, help: isComment ? "a comment begins with '//'" : nil)
  }

  /// Whether seven or more of the same of '<', '=', '>' begin a line, as version control leaves
  /// them where it could not merge.
  private var isConflictMarker: Bool {
    let first = bytes[offset]
    guard startsLine, UInt8(ascii: "<") <= first, first <= UInt8(ascii: ">"), byte(1) == first
    else { return false }
    return (2..<7).allSatisfy { byte($0) == first }
  }

  private mutating func lexConflictMarker() {
    let start = offset
    let first = bytes[offset]
    while offset < bytes.count, bytes[offset] == first { offset += 1 }
    reportUnknown(from: start, help: "a merge seems to be unfinished")
  }

  private mutating func reportUnknown(from start: Int, help: String? = nil) {
    let text = String(decoding: bytes[start..<offset].prefix(16), as: UTF8.self)
    let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    let first = UInt32(bytes[start])
    let name = isPlain ? "'\(text)'" : "U+00" + (first < 16 ? "0" : "") + String(first, radix: 16)
    report(
      .unexpectedCharacter,
      "unexpected character \(name)",
      from: start,
      to: offset,
      help: help
    )
    append(.invalid, from: start)
  }

  /// A character beyond ASCII: a letter of a name, a mathematical sign, or an error.
  private mutating func lexForeign() {
    let (scalar, length) = scalar(at: offset)
    if let (kind, word) = Lexer.foreignSigns[scalar] {
      take(kind, word: word, length: length)
    } else if isLetter(scalar) {
      lexWord()
    } else if scalar.properties.isWhitespace {
      report(
        .unexpectedCharacter,
        "a blank that is not an ASCII blank",
        from: offset,
        to: offset + length,
        fixIts: [
          .init(
            "use an ordinary blank",
            [.init(Span(file: file, start: offset, end: offset + length), " ")]
          )
        ]
      )
      offset += length
    } else {
      let start = offset
      offset += length
      reportUnknown(from: start)
    }
  }

  /// The character at an offset and its length in bytes; lone bytes count as U+FFFD.
  private func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
    var decoder = UTF8()
    var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) {
      return (scalar, UTF8.width(scalar))
    }
    return ("\u{FFFD}", 1)
  }
}
