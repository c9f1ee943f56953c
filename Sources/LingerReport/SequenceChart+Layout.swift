import LingerModel

/// Where a chart's items stand: at lifelines, or in a list where the width allows no lifelines.
extension SequenceChart {
  /// A chart is drawn no narrower; `--width` asks for as much.
  static let leastWidth = 40
  static let leastNumberWidth = 5

  /// Columns from one lifeline to the next that are enough for short words, that are taken even if
  /// nothing needs them, and that are enough although some word has to be broken.
  private static let leastSpacing = 12
  private static let usualSpacing = 16
  private static let endurableSpacing = 20

  /// The rows, and whether their layout is sound.
  package func draw() -> ChartDrawing {
    let items = items()
    let available = (style.width - margin) / max(shown.count, 1)
    guard available >= needed(by: items) else {
      return ChartList(width: style.width, margin: margin).draw(items)
    }
    let spacing = min(available, wanted(by: items))
    var canvas = ChartCanvas(
      columns: shown.indices.map { margin + $0 * spacing },
      width: style.width,
      glyphs: style.glyphs
    )
    for item in items { canvas.add(item) }
    return canvas.drawing
  }

  /// The least distance of two lifelines at which most words stay whole.
  private func needed(by items: [ChartItem]) -> Int {
    var longest = 0
    for item in items {
      switch item {
      case .opening(let columns):
        for (name, items) in columns {
          longest = max(longest, longestWord(of: name))
          for item in items { longest = max(longest, longestWord(of: item)) }
        }
      case .note(let items, _, _):
        for item in items { longest = max(longest, longestWord(of: item)) }
      case .arrow(let arrow): longest = max(longest, longestWord(of: arrow.message.label))
      case .gap, .text, .network, .networkNote, .states, .legend: break
      }
    }
    return min(max(longest + 3, Self.leastSpacing), Self.endurableSpacing)
  }

  /// The distance of two lifelines at which labels fit beside them and on arrows between them.
  private func wanted(by items: [ChartItem]) -> Int {
    var wanted = Self.usualSpacing
    for item in items {
      switch item {
      case .opening(let columns):
        for (name, items) in columns {
          wanted = max(wanted, name.count + 3)
          for item in items { wanted = max(wanted, item.count + 4) }
        }
      case .arrow(let arrow):
        let least = arrow.fullLabel.count + ChartCanvas.arrowEnds + ChartCanvas.arrowInset
        // An arrow should be seen to be one, beside a number of one digit and a short remark too.
        let sending = arrow.message.words.count + (arrow.remark?.count ?? 0) + 18
        wanted = max(wanted, least, arrow.kind == .sending ? sending : 0)
      case .gap, .text, .note, .network, .networkNote, .states, .legend: break
      }
    }
    for entry in trace.entries {
      if case .transition = entry.step {
        wanted = max(wanted, text.cause(of: entry.step).count + 4)
      }
    }
    return wanted
  }
}
