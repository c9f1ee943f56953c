/// What the parser knows of a token that the formatter needs: `<` of a type or of a comparison,
/// `-` before or between values, the first token of a statement.
struct TokenLayout: OptionSet, Sendable {
  let rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// No blank before it: `(` of a call, `?` of a type, `:` of a label.
  static let tightBefore = TokenLayout(rawValue: 1)
  /// No blank after it: prefix operators, `(`, `.`.
  static let tightAfter = TokenLayout(rawValue: 2)
  static let tight: TokenLayout = [.tightBefore, .tightAfter]
  /// The first token of a declaration, member, field, statement.
  static let startsItem = TokenLayout(rawValue: 4)
  /// `case` and `default` of a switch, which stand one level further out.
  static let caseLabel = TokenLayout(rawValue: 8)
  /// A `;` between items.
  static let separator = TokenLayout(rawValue: 16)
  /// `else`, which follows the `}` on its line.
  static let joinsBrace = TokenLayout(rawValue: 32)
  /// An operator between two values; a line that begins with it goes on with the line before.
  static let infix = TokenLayout(rawValue: 64)
}

/// A `{ ... }` by the indices of its tokens.
struct BlockLayout: Sendable {
  /// Where the declaration or statement with the block begins.
  var header: Int
  var open: Int
  var close: Int
}
