/// The few signs that charts and reports draw with, and plain ASCII for terminals without them.
///
/// Every sign is one column wide except ``duplicate`` and ``becomes``, which stand in running
/// text only, so a chart has the same rows in both sets.
package struct Glyphs: Sendable {
  package var lifeline: Character
  /// Where an arrow leaves a lifeline to the right, and to the left.
  package var teeRight: Character
  package var teeLeft: Character
  package var crossing: Character
  package var line: Character
  package var headRight: Character
  package var headLeft: Character
  /// Where an instance acts.
  package var act: Character
  package var lost: Character
  package var duplicate: String
  package var times: String
  package var becomes: String
  package var holds: String
  package var violated: String
  package var unknown: String

  package static let unicode = Glyphs(
    lifeline: "│",
    teeRight: "├",
    teeLeft: "┤",
    crossing: "┼",
    line: "─",
    headRight: "▶",
    headLeft: "◀",
    act: "●",
    lost: "✗",
    duplicate: "⧉",
    times: "×",
    becomes: "→",
    holds: "✓",
    violated: "✗",
    unknown: "?"
  )

  package static let ascii = Glyphs(
    lifeline: "|",
    teeRight: "+",
    teeLeft: "+",
    crossing: "+",
    line: "-",
    headRight: ">",
    headLeft: "<",
    act: "*",
    lost: "X",
    duplicate: "2x",
    times: "x",
    becomes: "->",
    holds: "ok",
    violated: "X",
    unknown: "?"
  )
}

/// How a report is drawn; the same input and style give the same text.
package struct TextStyle: Sendable {
  package var glyphs = Glyphs.unicode
  /// Columns of a chart or of wrapped prose.
  package var width = 100
  /// Whether terminal colours may be used; decided where the terminal is known.
  package var hasColor = false

  package init() {}

  /// Paints a text where colours are on.
  func paint(_ text: String, _ color: Color) -> String {
    hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Color: Int {
    case bold = 1
    case red = 31
    case green = 32
    case yellow = 33
  }
}
