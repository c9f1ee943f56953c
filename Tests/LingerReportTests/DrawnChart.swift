/// A chart as a reader finds it: rows of text, from which its parts are made out again.
///
/// Nothing here knows how a chart is laid out but that its steps are numbered, that lifelines are
/// drawn with the signs below, and that a row with lifelines alone stands above the first step.
struct DrawnChart {
  let rows: [[Character]]
  /// Where the lifelines stand; none in a chart that is a list.
  let columns: [Int]
  /// Where each step begins, then where the end begins.
  private var beginnings: [Int] = []

  private static let standing: Set<Character> = ["│", "├", "┤", "┼", "●"]
  private static let lying: Set<Character> = ["─", "▶", "◀", "┼", "├", "┤", "✗"]

  /// A lost message is a text: its sign tells so.
  private static let unread = standing.union(lying).union([" "]).subtracting(["✗"])

  init(_ text: String, stepCount: Int) {
    rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(Array.init)
    columns =
      rows.lazy.map { row in (row.indices.filter { row[$0] == "│" }, row) }
      .first { !$0.0.isEmpty && $0.1.allSatisfy { $0 == "│" || $0 == " " } }?.0 ?? []
    var from = 0
    for step in 1...max(stepCount, 1) where stepCount > 0 {
      let number = "\(step)"
      let prefix = String(repeating: " ", count: max(0, 3 - number.count)) + number + " "
      guard let row = firstRow(from, beginning: prefix) else { return }
      beginnings.append(row)
      from = row + 1
    }
    let words = stepCount == 0 ? "At the start" : "After step \(stepCount)"
    guard let row = firstRow(from, beginning: words) else { return }
    beginnings.append(row)
  }

  private func firstRow(_ from: Int, beginning prefix: String) -> Int? {
    rows.indices.first { $0 >= from && rows[$0].starts(with: prefix) }
  }

  /// How many steps have a number and a place; one more for the end.
  var partCount: Int { beginnings.count }

  var widest: Int { rows.map(\.count).max() ?? 0 }

  /// A text without its blanks and without the signs of lifelines and arrows: breaking a text into
  /// rows changes nothing about it.
  static func squeeze(_ text: some Sequence<Character>) -> String {
    String(text.filter { !unread.contains($0) })
  }

  /// A step, by its index, or the end; squeezed.
  func part(_ index: Int) -> String {
    guard beginnings.indices.contains(index) else { return "" }
    let last = index + 1 < beginnings.count ? beginnings[index + 1] : rows.count
    return Self.squeeze(rows[beginnings[index]..<last].joined())
  }

  /// What stands above the first step: one text for each lifeline, squeezed; the rest is the first.
  var opening: [String] {
    let top = rows[..<(beginnings.first ?? rows.count)]
    guard !columns.isEmpty else { return [Self.squeeze(top.joined())] }
    return columns.indices.map { index in
      let end = index + 1 < columns.count ? columns[index + 1] : Int.max
      return Self.squeeze(
        top.map { row in
          row.indices.filter { (columns[index]..<end).contains($0) }.map { row[$0] }
        }.joined()
      )
    }
  }

  /// Rows between steps in which something stands where a lifeline has to, and is not an arrow.
  var broken: [String] {
    guard let first = beginnings.first, let last = beginnings.last else { return [] }
    return rows[first..<last].filter { !isSound($0) }.map { String($0) }
  }

  private func isSound(_ row: [Character]) -> Bool {
    let signs = columns.map { row.indices.contains($0) ? row[$0] : " " }
    // A row without any lifeline is the name of a step or an empty row.
    guard signs.contains(where: Self.standing.contains) else { return true }
    return zip(columns, signs).allSatisfy { column, sign in
      if Self.standing.contains(sign) { return true }
      // An arrow's label may stand over a lifeline that the arrow crosses.
      let isLeft = row[..<min(column, row.count)].contains(where: Self.lying.contains)
      let isRight = row[min(column, row.count)...].contains(where: Self.lying.contains)
      return isLeft && isRight
    }
  }
}

extension [Character] {
  fileprivate func starts(with text: String) -> Bool { self.starts(with: Array(text)) }
}
