/// Rows of text over vertical lifelines.
struct ChartCanvas {
  /// Where each lifeline stands, left to right.
  let columns: [Int]
  let width: Int
  let glyphs: Glyphs
  private(set) var drawing = ChartDrawing()

  /// Columns that an arrow keeps free for its two ends.
  static let arrowEnds = 6
  /// How far off the other lifeline an arrow ends, or begins.
  static let arrowInset = 3
  /// Columns between a lifeline and the text beside it, with the lifeline.
  private static let noteInset = 2

  init(columns: [Int], width: Int, glyphs: Glyphs) {
    self.columns = columns
    self.width = width
    self.glyphs = glyphs
  }

  mutating func add(_ item: ChartItem) {
    switch item {
    case .gap: append(lifelines)
    case .text(let lead, let items):
      drawing.rows += block(lead: lead, items, width: width)
    case .opening(let columns): addOpening(columns)
    case .note(let items, let index, let isAct): addNote(items, at: index, isAct: isAct)
    case .arrow(let arrow): addArrow(arrow)
    case .network(let message, let before, let after):
      addNetworkNote(before + message.label + after, message)
    case .networkNote(let words, let message): addNetworkNote(words, message)
    case .states(let indent, let states):
      drawing.rows += table(indent: indent, states, width: width)
    case .legend(let indent, let words):
      drawing.rows += block(lead: .blanks(indent), [words], width: width)
    }
  }

  /// A row with nothing but lifelines.
  private var lifelines: ChartRow { ChartRow(width: width, lifelines: columns, glyphs: glyphs) }

  private mutating func append(_ row: ChartRow) {
    drawing.rows.append(row.text)
    drawing.clashes += row.clashes.map { "\($0) in '\(row.text)'" }
  }

  /// How many characters fit beside a lifeline before the next one, or before the edge.
  private func room(beside index: Int) -> Int {
    let end = index + 1 < columns.count ? columns[index + 1] - 1 : width
    return end - columns[index] - Self.noteInset
  }

  /// The names above the lifelines, then rows of texts beside them; a list may be longer than
  /// another.
  private mutating func addOpening(_ states: [(name: String, items: [String])]) {
    let names = states.enumerated().map { index, state in
      breakLines(state.name, width: room(beside: index) + Self.noteInset)
    }
    let notes = states.enumerated().map { fill($1.items, width: room(beside: $0)) }
    let bare = ChartRow(width: width, lifelines: [], glyphs: glyphs)
    addSideBySide(names, inset: 0, on: bare)
    addSideBySide(notes, inset: Self.noteInset, on: lifelines)
  }

  private mutating func addSideBySide(_ texts: [[String]], inset: Int, on empty: ChartRow) {
    for line in 0..<(texts.map(\.count).max() ?? 0) {
      var row = empty
      for (index, lines) in texts.enumerated() where line < lines.count {
        row.write(lines[line], at: columns[index] + inset)
      }
      append(row)
    }
  }

  private mutating func addNote(_ items: [String], at index: Int, isAct: Bool = false) {
    for (number, line) in fill(items, width: room(beside: index)).enumerated() {
      var row = lifelines
      if isAct, number == 0 { row.mark(glyphs.act, at: columns[index]) }
      row.write(line, at: columns[index] + Self.noteInset)
      append(row)
    }
  }

  /// An arrow from one lifeline to another. A sending stops short of the receiver and an arrival
  /// starts off the sender, since between the two the message is in the network's hands.
  ///
  /// What does not fit on the arrow stands beside the lifeline where it is: the label above it, a
  /// remark below it.
  private mutating func addArrow(_ arrow: ChartArrow) {
    let span = ArrowSpan(arrow, columns: columns, room: room(beside: arrow.message.receiver))
    let message = arrow.message
    func fits(_ label: String) -> Bool { label.count + Self.arrowEnds <= span.cells.count }

    var label = arrow.fullLabel
    var isRemarkBelow = false
    if !fits(label) {
      if fits(message.label) {
        label = message.label
        isRemarkBelow = true
      } else {
        addNote([message.label], at: span.gap)
        label = [message.number, arrow.remark ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        if !fits(label) {
          isRemarkBelow = true
          label = fits(message.number) ? message.number : ""
        }
      }
    }
    var row = lifelines
    row.drawLine(over: span.cells)
    let end = span.isRight ? glyphs.headRight : glyphs.headLeft
    row.mark(arrow.isLost ? glyphs.lost : end, at: span.isRight ? span.last : span.first)
    let tee = span.leavesRight ? glyphs.teeRight : glyphs.teeLeft
    row.mark(arrow.kind == .arrival ? glyphs.act : tee, at: span.touched)
    if !label.isEmpty {
      let place = span.first + max(1, (span.last - span.first - label.count - 1) / 2)
      row.write(" \(label) ", at: place, onLine: true)
    }
    append(row)
    if isRemarkBelow, let remark = arrow.remark { addNote([remark], at: span.gap) }
  }

  /// A mark halfway between two lifelines: an act of the network.
  private mutating func addNetworkNote(_ text: String, _ message: ChartMessage) {
    let (low, high) = (
      min(message.sender, message.receiver), max(message.sender, message.receiver)
    )
    let gap = max(low, (low + high - 1) / 2)
    guard low < high, text.count + 4 <= columns[gap + 1] - columns[gap] else {
      return addNote([text], at: gap)
    }
    var row = lifelines
    row.write(text, at: columns[gap] + (columns[gap + 1] - columns[gap] - text.count + 1) / 2)
    append(row)
  }
}

/// Where an arrow lies.
private struct ArrowSpan {
  let first: Int
  let last: Int
  /// Whether its head points to the right.
  let isRight: Bool
  /// Whether it lies right of the lifeline where it begins, or would.
  let leavesRight: Bool
  /// The lifeline that it leaves or reaches.
  let touched: Int
  /// The lifeline left of the place where its label stands if the arrow has no room for it.
  let gap: Int

  var cells: ClosedRange<Int> { first...last }

  init(_ arrow: ChartArrow, columns: [Int], room: Int) {
    let (start, end) = (arrow.message.sender, arrow.message.receiver)
    let isSending = arrow.kind == .sending
    touched = columns[isSending ? start : end]
    guard start != end else {
      // A message to oneself: a short arrow away from the lifeline, or back to it.
      isRight = isSending
      leavesRight = true
      gap = start
      first = columns[start] + 1
      last = columns[start] + min(room, arrow.fullLabel.count + ChartCanvas.arrowEnds)
      return
    }
    isRight = start < end
    leavesRight = isRight
    let touchesLow = isSending == isRight
    let (low, high) = (columns[min(start, end)], columns[max(start, end)])
    first = low + (touchesLow ? 1 : ChartCanvas.arrowInset)
    last = high - (touchesLow ? ChartCanvas.arrowInset : 1)
    gap = touchesLow ? min(start, end) : max(start, end) - 1
  }
}

/// One row of a chart, which knows what stands in each of its cells.
private struct ChartRow {
  private enum Content {
    case nothing
    case lifeline
    case line
    /// A text, or a sign that nothing may cover.
    case text
  }

  private var cells: [(character: Character, content: Content)]
  private let glyphs: Glyphs
  private(set) var clashes: [String] = []

  init(width: Int, lifelines: [Int], glyphs: Glyphs) {
    self.glyphs = glyphs
    cells = Array(repeating: (" ", .nothing), count: width)
    for column in lifelines where column < width { cells[column] = (glyphs.lifeline, .lifeline) }
  }

  var text: String { String(cells.map(\.character)).trimmed }

  private mutating func set(_ character: Character, at column: Int, over allowed: Content) {
    guard cells.indices.contains(column) else {
      clashes.append("'\(character)' beyond the edge at \(column)")
      return
    }
    if cells[column].content != allowed {
      clashes.append("'\(character)' over '\(cells[column].character)' at \(column)")
    }
    cells[column] = (character, .text)
  }

  /// A text where nothing is; on a line only the line gives way to it.
  mutating func write(_ text: String, at column: Int, onLine: Bool = false) {
    for (offset, character) in text.enumerated() {
      set(character, at: column + offset, over: onLine ? .line : .nothing)
    }
  }

  /// The line of an arrow. It crosses lifelines, nothing else.
  mutating func drawLine(over columns: ClosedRange<Int>) {
    for column in columns where cells.indices.contains(column) {
      if cells[column].content == .text { clashes.append("a line over a text at \(column)") }
      let crosses = cells[column].content == .lifeline
      cells[column] = (crosses ? glyphs.crossing : glyphs.line, .line)
    }
  }

  /// A sign at a lifeline or at the end of a line.
  mutating func mark(_ sign: Character, at column: Int) {
    let isLine = cells.indices.contains(column) && cells[column].content == .line
    set(sign, at: column, over: isLine ? .line : .lifeline)
  }
}
