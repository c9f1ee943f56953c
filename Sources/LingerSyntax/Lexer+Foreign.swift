import LingerDiagnostics

/// Spellings of other languages that show themselves in the characters alone. What depends on the
/// place, such as '&' or ':=', is left to the parser.
extension Lexer {
  /// The operator that begins here in another spelling, and its length. The parser reports it
  /// where it takes it for an operator: elsewhere the spelling is not what is wrong.
  func foreignOperatorHere() -> (kind: TokenKind, word: Word?, length: Int)? {
    let second = byte(1)
    switch bytes[offset] {
    case UInt8(ascii: "=") where second == UInt8(ascii: "=") && byte(2) == second:
      return (.equalEqual, nil, 3)
    case UInt8(ascii: "!") where second == UInt8(ascii: "=") && byte(2) == UInt8(ascii: "="):
      return (.notEqual, nil, 3)
    case UInt8(ascii: "=") where second == UInt8(ascii: "<"): return (.lessOrEqual, nil, 2)
    case UInt8(ascii: "=") where second == UInt8(ascii: ">"): return (.word, .implies, 2)
    case UInt8(ascii: ".") where second == UInt8(ascii: "."):
      if byte(2) == UInt8(ascii: "=") { return (.ellipsis, nil, 3) }
      let isOwn = byte(2) == UInt8(ascii: ".") || byte(2) == UInt8(ascii: "<")
      return isOwn ? nil : (.ellipsis, nil, 2)
    case UInt8(ascii: "<") where second == UInt8(ascii: ">") && !followsGeneric:
      return (.notEqual, nil, 2)
    case UInt8(ascii: "#") where !startsLine:
      return (.notEqual, nil, second == UInt8(ascii: "=") ? 2 : 1)
    case UInt8(ascii: "~") where second == UInt8(ascii: "="):
      return (.notEqual, nil, byte(2) == UInt8(ascii: "=") ? 3 : 2)
    case UInt8(ascii: "~") where second != UInt8(ascii: ">"): return (.exclamation, nil, 1)
    default: return nil
    }
  }

  /// Signs of mathematics and word processors, and what stands for them here.
  static let foreignSigns: [Unicode.Scalar: (kind: TokenKind, word: Word?)] = [
    "≤": (.lessOrEqual, nil), "≥": (.greaterOrEqual, nil), "≠": (.notEqual, nil),
    "→": (.arrow, nil), "∧": (.and, nil), "∨": (.or, nil), "¬": (.exclamation, nil),
    "…": (.ellipsis, nil), "×": (.star, nil), "−": (.minus, nil), "–": (.minus, nil),
    "∈": (.word, .in), "∀": (.word, .for), "∃": (.word, .exists), "⇒": (.word, .implies),
  ]

  /// What TLA+ writes with a backslash.
  private static let backslashWords: [String: (kind: TokenKind, word: Word?)] = [
    "A": (.word, .for), "E": (.word, .exists), "in": (.word, .in), "land": (.and, nil),
    "lor": (.or, nil), "lnot": (.exclamation, nil), "neg": (.exclamation, nil),
    "leq": (.lessOrEqual, nil), "le": (.lessOrEqual, nil), "geq": (.greaterOrEqual, nil),
    "ge": (.greaterOrEqual, nil), "neq": (.notEqual, nil),
  ]

  /// Whether `Set` or `Queue` stands before.
  private var followsGeneric: Bool {
    guard let last = tokens.last else { return false }
    let text = String(decoding: bytes[last.start..<last.end], as: UTF8.self)
    return text == "Set" || text == "Queue"
  }

  /// Reads a `'` behind a name, which TLA+ writes for the value after the step.
  mutating func lexPrime() -> Bool {
    guard let last = tokens.last, last.end == offset else { return false }
    switch last.kind {
    case .word where last.word != .import && last.word != .of: break
    case .rightBracket, .rightParenthesis: break
    default: return false
    }
    take(.prime, length: 1)
    return true
  }

  /// Reads what begins with a backslash; false where nothing is known of it.
  mutating func lexBackslash() -> Bool {
    switch byte(1) {
    case UInt8(ascii: "/"):
      take(.or, length: 2)
      return true
    case UInt8(ascii: "*"):
      lexForeignComment(length: 2)
      return true
    default: break
    }
    var end = offset + 1
    while end < bytes.count, end < offset + 8, bytes[end].isWordCharacter { end += 1 }
    let name = String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
    guard let known = Lexer.backslashWords[name] else { return false }
    take(known.kind, word: known.word, length: end - offset)
    return true
  }

  /// Reads a comment to the end of its line that another mark begins.
  mutating func lexForeignComment(length: Int) {
    let text = String(decoding: bytes[offset..<(offset + length)], as: UTF8.self)
    report(
      .foreignSpelling,
      "a comment begins with '//', not with '\(text)'",
      from: offset,
      to: offset + length,
      fixIts: [
        .init(
          "write '//'",
          [.init(Span(file: file, start: offset, end: offset + length), "//")]
        )
      ]
    )
    lexLineComment()
  }

  /// Whether a comment of Ada, Lua or Murphi begins here: `--` and a blank, alone on its line.
  var isDashComment: Bool {
    bytes[offset] == UInt8(ascii: "-") && byte(1) == UInt8(ascii: "-") && startsLine
      && (byte(2) == UInt8(ascii: " ") || byte(2) == UInt8(ascii: "-"))
  }
}
