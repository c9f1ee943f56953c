/// How many columns of a terminal a character takes.
///
/// After Unicode Standard Annex #11 (East Asian Width): W and F take two. The ranges are those of
/// EastAsianWidth.txt with neighbouring blocks joined, which is exact enough to place a caret.
package enum DisplayWidth {
  package static func columns(of character: Character) -> Int {
    var columns = 0
    for scalar in character.unicodeScalars {
      columns = max(columns, self.columns(of: scalar))
      // An emoji variation selector makes its base wide.
      if scalar == "\u{FE0F}" { columns = 2 }
    }
    return columns
  }

  /// What stands for a character that a terminal would act on instead of showing it: control
  /// characters, and marks that reverse the direction of the text after them.
  static func replacement(for character: Character) -> Character? {
    guard let first = character.unicodeScalars.first else { return nil }
    switch first.value {
    case 0..<0x20: return Unicode.Scalar(0x2400 + first.value).map(Character.init)
    case 0x7F: return "\u{2421}"
    default: break
    }
    switch first.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return "\u{FFFD}"
    default: return nil
    }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
