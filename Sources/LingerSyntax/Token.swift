import LingerDiagnostics

/// What a run of characters is, before the grammar looks at it.
enum TokenKind: UInt8, Sendable {
  /// A name or a word of the language; ``Token/word`` tells them apart.
  case word
  case integer
  /// A number with a decimal point; only a duration may have one.
  case decimal
  case string
  case leftParenthesis
  case rightParenthesis
  case leftBracket
  case rightBracket
  case leftBrace
  case rightBrace
  case comma
  case colon
  case semicolon
  case dot
  /// `...`
  case ellipsis
  /// `..<`, which the language does not have; kept apart to say so.
  case halfOpen
  case equals
  case plusEquals
  case minusEquals
  /// `*=`, `/=` and `%=`, which the language does not have.
  case compoundEquals
  /// `'` behind a name, which the language does not have.
  case prime
  case arrow
  case question
  case doubleQuestion
  case exclamation
  case leadsTo
  case or
  case and
  case equalEqual
  case notEqual
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  case plus
  case minus
  case star
  case slash
  case percent
  /// Characters that begin no token; already diagnosed.
  case invalid
  case endOfFile
}

/// The words that mean something in some place. Only ``isReserved`` ones cannot be names.
enum Word: String, CaseIterable, Sendable {
  case `protocol`, variant, `import`, parameter, assume, type, `enum`, `struct`, message, `let`
  case `var`, network, role, extend, instances, symmetric, timer, signal, transition, on, when
  case call, receive, timeout, `internal`, otherwise, send, to, start, `for`, cancel, `if`, `else`
  case `switch`, `case`, `default`, choose, `in`, `where`, assert, `true`, `false`, `nil`, `self`
  case exists, all, count, final, invariant, possible, eventually, cover, timed, profile, set
  case remove, replace, ghost, fair, strongly, urgent, implies, from, of, repeating
  case audit, without, with, expect, each, armed, initially

  /// Whether the word can never be a name, since an expression or a statement needs it.
  var isReserved: Bool {
    switch self {
    case .let, .var, .for, .if, .else, .switch, .case, .default, .in, .where, .true, .false, .nil,
      .self, .implies:
      true
    default: false
    }
  }

  /// Looked up once per name in the text, so a table rather than comparisons.
  static let named: [String: Word] = .init(
    uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, $0) }
  )
}

/// One token: a kind and a place. 16 bytes, since a hostile file has one per byte.
struct Token: Sendable {
  var kind: TokenKind
  var word: Word?
  /// Whether only blanks and comments stand before it on its line.
  var startsLine: Bool
  /// How many comments of the file stand before it.
  var commentCount: Int32
  private var low: Int32
  private var high: Int32

  init(
    kind: TokenKind,
    word: Word? = nil,
    startsLine: Bool,
    commentCount: Int,
    start: Int,
    end: Int
  ) {
    self.kind = kind
    self.word = word
    self.startsLine = startsLine
    self.commentCount = Int32(commentCount)
    low = Int32(start)
    high = Int32(end)
  }

  var start: Int {
    get { Int(low) }
    set { low = Int32(newValue) }
  }
  var end: Int {
    get { Int(high) }
    set { high = Int32(newValue) }
  }
}

/// A comment; the formatter puts it back, the parser reads the `///` ones.
struct Comment: Sendable {
  enum Kind: Sendable {
    case line
    case documentation
    case block
  }

  var kind: Kind
  var start: Int
  var end: Int
  /// Whether only blanks and comments stand before it on its line.
  var startsLine: Bool
}
