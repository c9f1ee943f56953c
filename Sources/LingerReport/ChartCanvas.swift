/// Rows of text over vertical lifelines.
struct ChartCanvas {
  /// Where each lifeline stands, left to right.
  let columns: [Int]
  let width: Int
  let glyphs: Glyphs
  private(set) var rows: [String] = []

  /// Columns that an arrow keeps free for its two ends.
  private static let arrowEnds = 6

  init(columns: [Int], width: Int, glyphs: Glyphs) {
    self.columns = columns
    self.width = width
    self.glyphs = glyphs
  }

  /// One row with nothing but lifelines.
  private var emptyRow: [Character] {
    var row = [Character](repeating: " ", count: max(width, (columns.last ?? 0) + 1))
    for column in columns { row[column] = glyphs.lifeline }
    return row
  }

  private mutating func append(_ row: [Character]) {
    var end = row.count
    while end > 0, row[end - 1] == " " { end -= 1 }
    rows.append(String(row[..<end]))
  }

  private func write(_ text: String, at column: Int, in row: inout [Character]) {
    for (offset, character) in text.enumerated() {
      let place = column + offset
      if place < row.count { row[place] = character } else { row.append(character) }
    }
  }

  mutating func addLifelines() { append(emptyRow) }

  /// A line of text that belongs to no lifeline.
  mutating func addText(_ text: String) { rows.append(text) }

  /// The names above the lifelines.
  mutating func addHeadings(_ names: [String]) {
    var row = [Character](repeating: " ", count: width)
    for (column, name) in zip(columns, names) { write(name, at: column, in: &row) }
    append(row)
  }

  /// How many characters fit beside a lifeline before the next one, or before the edge.
  func room(beside index: Int) -> Int {
    let end = index + 1 < columns.count ? columns[index + 1] : width + 1
    return max(end - columns[index] - 3, 10)
  }

  /// Texts beside lifelines, row by row; a list may be longer than another.
  mutating func addNotes(_ notes: [[String]]) {
    for line in 0..<(notes.map(\.count).max() ?? 0) {
      var row = emptyRow
      for (index, lines) in notes.enumerated() where line < lines.count {
        write(lines[line], at: columns[index] + 2, in: &row)
      }
      append(row)
    }
  }

  /// A text beside one lifeline; `isAct` marks that the instance acts here.
  mutating func addNote(_ text: String, at index: Int, isAct: Bool = false) {
    for (number, line) in wrap(text, width: room(beside: index)).enumerated() {
      var row = emptyRow
      if isAct, number == 0 { row[columns[index]] = glyphs.act }
      write(line, at: columns[index] + 2, in: &row)
      append(row)
    }
  }

  /// Which end of an arrow stands at its lifeline: a sending leaves one, an arrival reaches one.
  enum ArrowKind {
    case sending
    case arrival
  }

  /// An arrow from one lifeline to another. A sending stops short of the receiver and an arrival
  /// starts off the sender, since between the two the message is in the network's hands.
  ///
  /// The first of `labels` that fits stands on the arrow; if none does, the last stands above it
  /// and `shortLabel` on it.
  mutating func addArrow(
    from start: Int,
    to end: Int,
    _ kind: ArrowKind,
    labels: [String],
    shortLabel: String,
    head: Character? = nil
  ) {
    let isRight = start < end
    let low = columns[min(start, end)]
    let high = columns[max(start, end)]
    let inset = 3
    // What is on the line: the lifeline where it touches one, a gap where it does not.
    let touchesLow = (kind == .sending) == isRight
    let first = touchesLow ? low + 1 : low + inset
    let last = touchesLow ? high - inset : high - 1
    let fitting = labels.first { $0.count + Self.arrowEnds <= last - first + 1 }
    if fitting == nil, let label = labels.last { addLongLabel(label, at: low + 2) }
    let text = fitting ?? shortLabel
    var row = emptyRow
    for place in first...max(first, last) {
      row[place] = row[place] == glyphs.lifeline ? glyphs.crossing : glyphs.line
    }
    write(" \(text) ", at: first + max(1, (last - first - text.count - 1) / 2), in: &row)
    row[isRight ? last : first] = head ?? (isRight ? glyphs.headRight : glyphs.headLeft)
    let touched = kind == .sending ? columns[start] : columns[end]
    row[touched] =
      kind == .arrival ? glyphs.act : isRight ? glyphs.teeRight : glyphs.teeLeft
    append(row)
  }

  /// A label that needs rows of its own above its arrow; it may run over other lifelines.
  private mutating func addLongLabel(_ label: String, at column: Int) {
    for line in wrap(label, width: max(width - column, 20)) {
      var row = emptyRow
      write(line, at: column, in: &row)
      append(row)
    }
  }

  /// A mark halfway between two lifelines: an act of the network.
  mutating func addNetworkNote(_ text: String, from start: Int, to end: Int) {
    let low = columns[min(start, end)]
    let high = columns[max(start, end)]
    guard text.count + 4 <= high - low else { return addLongLabel(text, at: low + 2) }
    var row = emptyRow
    write(text, at: low + (high - low - text.count + 1) / 2, in: &row)
    append(row)
  }
}
