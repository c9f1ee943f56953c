/// A chart without lifelines, for more instances than there is room for: a numbered list of steps.
struct ChartList {
  let width: Int
  /// Where the names of the steps begin.
  let margin: Int

  func draw(_ items: [ChartItem]) -> ChartDrawing {
    ChartDrawing(rows: items.flatMap(rows))
  }

  private func rows(of item: ChartItem) -> [String] {
    switch item {
    case .gap: [""]
    case .text(let lead, let items): block(lead: lead, items, width: width)
    case .opening(let states):
      table(
        indent: margin,
        states.map { ($0.name, $0.items.isEmpty ? [""] : $0.items) },
        width: width
      )
    case .states(let indent, let states): table(indent: indent, states, width: width)
    case .note(let items, _, _): below(items)
    case .arrow(let arrow):
      below([
        (arrow.kind == .sending ? "sends " : "receives ") + arrow.message.sentence + end(of: arrow)
      ])
    case .network(let message, let before, let after): below([before + message.sentence + after])
    case .networkNote(let words, _): below([words])
    case .legend: []
    }
  }

  /// What becomes of a message that does not arrive; there is no arrow to show it.
  private func end(of arrow: ChartArrow) -> String {
    if let remark = arrow.remark { return ": \(remark)" }
    return arrow.isLost ? ": lost, or late beyond this run" : ""
  }

  /// What belongs to a step, below its name. What goes on in a further row is indented once more.
  private func below(_ items: [String]) -> [String] {
    let indent = margin + 2
    let room = width - indent
    return pack(items, width: room).flatMap { line in
      if line.columns <= room { return [String.blanks(indent) + line] }
      return breakLines(line, width: room - 2).enumerated().map { row, part in
        String.blanks(row == 0 ? indent : indent + 2) + part
      }
    }
  }
}
