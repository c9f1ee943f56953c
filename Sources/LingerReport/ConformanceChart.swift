import LingerModel

/// The last events before a violation as a sequence chart: the subject on the left, what it
/// exchanges messages with on the right, and between two events what is believed.
struct ConformanceChart {
  let events: [ConformedEvent]
  let subject: String
  let style: TextStyle

  /// Columns that the right lifeline's name needs.
  private static let partner = "the network"

  /// The rows, each with the number of its frame or line where one begins.
  func rows() -> [String] {
    let numbers = events.map { "\($0.place)" }
    let margin = (numbers.map(\.count).max() ?? 0) + 2
    let width = max(style.width - Self.indentation - margin, SequenceChart.leastWidth)
    var canvas = ChartCanvas(
      columns: [0, spacing(within: width)],
      width: width,
      glyphs: style.glyphs
    )
    canvas.add(.opening([(subject, []), (Self.partner, [])]))
    var leads: [Int: String] = [:]
    for (event, number) in zip(events, numbers) {
      canvas.add(.gap)
      leads[canvas.drawing.rows.count] = number
      canvas.add(item(event))
      canvas.add(.note([note(on: event)], at: 0, isAct: false))
    }
    return canvas.drawing.rows.enumerated().map { place, row in
      let lead = leads[place] ?? ""
      let blanks = String(repeating: " ", count: margin - 2 - lead.count)
      return (String(repeating: " ", count: Self.indentation) + blanks + lead + "  " + row).trimmed
    }
  }

  private static let indentation = 4

  private func note(on event: ConformedEvent) -> String {
    "\(seconds(event.time)): \(event.believed)"
  }

  /// Wide enough for the labels, if there is room.
  private func spacing(within width: Int) -> Int {
    let longest = events.map { ($0.way == .neither ? $0.text : label(of: $0)).count }.max() ?? 0
    let wanted = max(
      longest + ChartCanvas.arrowEnds + ChartCanvas.arrowInset + 2,
      (events.map { note(on: $0).count }.max() ?? 0) + 4
    )
    return max(min(wanted, width - Self.partner.count), SequenceChart.leastWidth / 2)
  }

  /// The message without the verb, which the arrow tells.
  private func label(of event: ConformedEvent) -> String {
    let words = event.text.split(separator: " ", maxSplits: 1)
    return words.count == 2 ? String(words[1]) : event.text
  }

  private func item(_ event: ConformedEvent) -> ChartItem {
    if event.way == .neither { return .note([event.text], at: 0, isAct: true) }
    let isSent = event.way == .sent
    let message = ChartMessage(
      number: "",
      words: label(of: event),
      route: "",
      sender: isSent ? 0 : 1,
      receiver: isSent ? 1 : 0
    )
    return .arrow(ChartArrow(kind: isSent ? .sending : .arrival, message: message))
  }
}
