extension Lexer {
  /// The operator or mark that begins here, longest first, and its length.
  ///
  /// A switch rather than a table: a hostile file may have an operator per byte, and a debug build
  /// walks a table a hundred times slower.
  func operatorHere() -> (kind: TokenKind, length: Int)? {
    let second = byte(1)
    switch bytes[offset] {
    case UInt8(ascii: "."):
      guard second == UInt8(ascii: ".") else { return (.dot, 1) }
      if byte(2) == UInt8(ascii: ".") { return (.ellipsis, 3) }
      return byte(2) == UInt8(ascii: "<") ? (.halfOpen, 3) : (.dot, 1)
    case UInt8(ascii: "-"):
      if second == UInt8(ascii: ">") { return (.arrow, 2) }
      return second == UInt8(ascii: "=") ? (.minusEquals, 2) : (.minus, 1)
    case UInt8(ascii: "+"): return second == UInt8(ascii: "=") ? (.plusEquals, 2) : (.plus, 1)
    case UInt8(ascii: "?"):
      return second == UInt8(ascii: "?") ? (.doubleQuestion, 2) : (.question, 1)
    case UInt8(ascii: "~"): return second == UInt8(ascii: ">") ? (.leadsTo, 2) : nil
    // A single one is of another language: the parser says what stands for it.
    case UInt8(ascii: "|"): return (.or, second == UInt8(ascii: "|") ? 2 : 1)
    case UInt8(ascii: "&"): return (.and, second == UInt8(ascii: "&") ? 2 : 1)
    case UInt8(ascii: "="): return second == UInt8(ascii: "=") ? (.equalEqual, 2) : (.equals, 1)
    case UInt8(ascii: "!"): return second == UInt8(ascii: "=") ? (.notEqual, 2) : (.exclamation, 1)
    case UInt8(ascii: "<"): return second == UInt8(ascii: "=") ? (.lessOrEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"):
      return second == UInt8(ascii: "=") ? (.greaterOrEqual, 2) : (.greater, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ":"): return second == UInt8(ascii: "=") ? (.equals, 2) : (.colon, 1)
    case UInt8(ascii: ";"): return (.semicolon, 1)
    case UInt8(ascii: "*"): return second == UInt8(ascii: "=") ? (.compoundEquals, 2) : (.star, 1)
    case UInt8(ascii: "%"):
      return second == UInt8(ascii: "=") ? (.compoundEquals, 2) : (.percent, 1)
    default: return nil
    }
  }

  /// ASCII characters that begin no token.
  static func isUnknown(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "): false
    case 0..<0x20, 0x7F, UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"),
      UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "\\"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  var isASCIILetter: Bool {
    (UInt8(ascii: "a") <= self && self <= UInt8(ascii: "z"))
      || (UInt8(ascii: "A") <= self && self <= UInt8(ascii: "Z"))
  }

  var isHexadecimalDigit: Bool {
    isDigit || (UInt8(ascii: "a") <= self && self <= UInt8(ascii: "f"))
      || (UInt8(ascii: "A") <= self && self <= UInt8(ascii: "F"))
  }

  var isWordCharacter: Bool {
    isDigit || self == UInt8(ascii: "_") || self >= 0x80
      || (UInt8(ascii: "a") <= self && self <= UInt8(ascii: "z"))
      || (UInt8(ascii: "A") <= self && self <= UInt8(ascii: "Z"))
  }
}
