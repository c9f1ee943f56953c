/// One line of a source file as a terminal shows it: tabs as blanks, control characters visible,
/// a very long line cut to a window; and the column of each of its bytes.
struct DisplayLine {
  private(set) var text = ""
  /// Columns of the text.
  private(set) var width = 0
  /// Offset in the file and column of each character shown, ascending.
  private var places: [(offset: Int, column: Int)] = []
  private var end: Int

  /// Columns between tab stops.
  private static let tabStop = 4
  /// Bytes of a line that are shown whole; of a longer one, a window around the place of interest.
  private static let longestBytes = 160
  private static let windowBefore = 40
  private static let windowAfter = 80

  /// Lays out the line with the given bytes; `interest` is the offset that must be visible.
  init(_ file: SourceFile, range: Range<Int>, interest: Int) {
    var shown = range
    if range.count > DisplayLine.longestBytes {
      let low = max(range.lowerBound, min(interest, range.upperBound) - DisplayLine.windowBefore)
      let high = min(range.upperBound, low + DisplayLine.windowBefore + DisplayLine.windowAfter)
      shown = file.alignedToCharacter(low)..<file.alignedToCharacter(high)
    }
    end = shown.upperBound
    if shown.lowerBound > range.lowerBound { append("…", width: 1) }
    var offset = shown.lowerBound
    for character in file.text(shown) {
      places.append((offset, width))
      append(character)
      offset += character.utf8.count
    }
    if shown.upperBound < range.upperBound {
      places.append((end, width))
      append("…", width: 1)
    }
  }

  private mutating func append(_ piece: String, width columns: Int) {
    text += piece
    width += columns
  }

  private mutating func append(_ character: Character) {
    if character == "\t" {
      let columns = DisplayLine.tabStop - width % DisplayLine.tabStop
      append(String(repeating: " ", count: columns), width: columns)
    } else if let visible = DisplayWidth.replacement(for: character) {
      append(String(visible), width: 1)
    } else {
      append(String(character), width: DisplayWidth.columns(of: character))
    }
  }

  /// The column of the character that holds the byte; the end of the text beyond the last one.
  func column(at offset: Int) -> Int {
    guard offset < end else {
      return places.last.map { $0.offset == end ? $0.column : width } ?? width
    }
    var column = 0
    for place in places where place.offset <= offset { column = place.column }
    return column
  }

  /// The first column that is not blank.
  var indentation: Int { text.prefix { $0 == " " }.count }
}

extension SourceFile {
  /// The offset itself, or the next one below that does not split a character.
  fileprivate func alignedToCharacter(_ offset: Int) -> Int {
    var offset = min(offset, bytes.count)
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }
}
