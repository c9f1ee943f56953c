package import LingerModel

/// A run as a sequence chart in text: time runs down, one lifeline for each instance.
///
/// A message has a number. The arrow that leaves its sender and the arrow that reaches its
/// receiver are rows of different steps, because between them lies the network. Beside the
/// lifelines stands what changed, and nothing else.
package struct SequenceChart: Sendable {
  let trace: Trace
  let text: BriefText
  let style: TextStyle
  let ledger: MessageLedger
  /// When the steps happen, for a run of the timed reading.
  let timing: TimedRun?
  /// Instances that get a lifeline, ascending.
  private let shown: [Int]
  /// Variables of each role whose values open and close the chart.
  private let relevant: [Set<Int>]
  private let envelope: Envelope?

  /// Width of what stands at the left edge: step numbers, and times where there are any.
  let margin: Int
  /// Width of the step numbers alone.
  static let numberWidth = 5
  /// More lifelines than this, and those that do nothing are left out.
  private static let comfortableCount = 4
  private static let leastSpacing = 16

  /// Prepares a chart of a run. The variables that `property` reads are shown at both ends;
  /// `envelope` is a message that reaches its receiver at the end and that nothing takes.
  package init(
    _ trace: Trace,
    in text: BriefText,
    property: Property? = nil,
    envelope: Envelope? = nil,
    timing: TimedRun? = nil,
    style: TextStyle = TextStyle()
  ) {
    self.trace = trace
    self.timing = timing
    margin = Self.numberWidth + SequenceChart.timeWidth(timing)
    self.text = text
    self.style = style
    self.envelope = envelope
    ledger = MessageLedger(trace, in: text.model, isTimed: timing != nil)
    relevant = RelevantVariables.find(in: trace, property: property, text: text)
    let all = Array(text.model.instances.indices)
    if all.count > Self.comfortableCount {
      let busy = SequenceChart.participants(of: trace, envelope: envelope)
      let kept = all.filter(busy.contains)
      shown = kept.isEmpty ? Array(all.prefix(Self.comfortableCount)) : kept
    } else {
      shown = all
    }
  }

  private static func participants(of trace: Trace, envelope: Envelope?) -> Set<Int> {
    var found: Set<Int> = []
    if let envelope { found.formUnion([envelope.sender, envelope.receiver]) }
    for entry in trace.entries {
      switch entry.step {
      case .transition(let instance, _, let cause, _):
        found.insert(instance)
        if case .receive(let envelope) = cause { found.insert(envelope.sender) }
      case .ignoredTimeout(let instance, _): found.insert(instance)
      case .lose(let envelope, _), .duplicate(let envelope, _):
        found.formUnion([envelope.sender, envelope.receiver])
      }
      for case .send(let envelope, _) in entry.effects {
        found.formUnion([envelope.sender, envelope.receiver])
      }
    }
    return found
  }

  /// The chart, one row per line, with a line break after each.
  package func render() -> String {
    var canvas = ChartCanvas(columns: columns(), width: style.width, glyphs: style.glyphs)
    addSettings(to: &canvas)
    canvas.addHeadings(shown.map { "\(text.instance($0)): \(text.role(of: $0).name)" })
    canvas.addNotes(
      shown.enumerated().map { index, instance in
        pack(
          stateItems(trace.initial.instances[instance], of: instance),
          width: canvas.room(beside: index)
        ).flatMap { wrap($0, width: canvas.room(beside: index)) }
      }
    )
    var state = trace.initial
    for (index, entry) in trace.entries.enumerated() {
      canvas.addLifelines()
      addHeader(index, entry, to: &canvas)
      addStep(entry, ledger.entries[index], bound(of: index), from: state, to: &canvas)
      if let next = entry.state { state = next }
    }
    canvas.addLifelines()
    addEnd(state, to: &canvas)
    return canvas.rows.map { $0 + "\n" }.joined()
  }

  // What stands above, at and below the lifelines.

  private func addHeader(_ index: Int, _ entry: Trace.Entry, to canvas: inout ChartCanvas) {
    let number = "\(index + 1)"
    var parts = [text.name(of: entry.step)]
    if case .transition(_, let transition, _, _) = entry.step {
      let declaration = text.model.transitions[transition]
      if let place = text.location(declaration.span) { parts.append("(\(place))") }
      if let sentence = BriefText.firstSentence(declaration.documentation) {
        parts.append(sentence)
      }
    }
    let lines = wrap(parts.joined(separator: " "), width: style.width - margin)
    let aligned = String(repeating: " ", count: max(0, 3 - number.count)) + number
    let prefix = aligned.padding(to: Self.numberWidth) + timeLabel(of: index)
    for (row, line) in lines.enumerated() {
      canvas.addText((row == 0 ? prefix : "").padding(to: margin) + line)
    }
  }

  private func addStep(
    _ entry: Trace.Entry,
    _ messages: MessageLedger.Entry,
    _ bound: String?,
    from state: State,
    to canvas: inout ChartCanvas
  ) {
    switch entry.step {
    case .transition(let instance, _, let cause, _):
      if case .receive(let envelope) = cause {
        addArrival(envelope, messages, to: &canvas)
      } else {
        addNote(text.cause(of: entry.step), instance, isAct: true, to: &canvas)
      }
      if let bound { addNote(bound, instance, to: &canvas) }
      let chosen = text.chosen(in: entry.step).map(text.value)
      if !chosen.isEmpty {
        addNote("chooses \(chosen.joined(separator: ", "))", instance, to: &canvas)
      }
      addEffects(entry.effects, messages, of: instance, to: &canvas)
      addChanges(entry, of: instance, from: state, to: &canvas)
    case .ignoredTimeout(let instance, let timer):
      let name = text.timer(timer, of: instance)
      addNote("timer \(name) fires, nothing takes it", instance, isAct: true, to: &canvas)
      if let bound { addNote(bound, instance, to: &canvas) }
    case .lose(let envelope, _):
      addNetworkAct("\(style.glyphs.lost)", envelope, messages, to: &canvas)
    case .duplicate(let envelope, _):
      addNetworkAct(
        style.glyphs.duplicate,
        envelope,
        messages,
        copies: copies(of: envelope, in: entry.state),
        to: &canvas
      )
    }
    if let error = entry.error {
      let instance: Int? =
        if case .transition(let instance, _, _, _) = entry.step { instance } else { nil }
      let place = text.location(error.span).map { " (\($0))" } ?? ""
      let words = "\(style.glyphs.lost) \(error.kind.rawValue): \(error.message)\(place)"
      if let instance { addNote(words, instance, to: &canvas) } else { canvas.addText(words) }
    }
  }

  private func addNote(
    _ words: String,
    _ instance: Int,
    isAct: Bool = false,
    to canvas: inout ChartCanvas
  ) {
    guard let column = shown.firstIndex(of: instance) else { return }
    canvas.addNote(words, at: column, isAct: isAct)
  }

  private func addArrival(
    _ envelope: Envelope,
    _ messages: MessageLedger.Entry,
    to canvas: inout ChartCanvas
  ) {
    guard let sender = shown.firstIndex(of: envelope.sender),
      let receiver = shown.firstIndex(of: envelope.receiver)
    else { return }
    let number = "#\(messages.number ?? 0)" + (messages.isAgain ? " again" : "")
    canvas.addArrow(
      from: sender,
      to: receiver,
      .arrival,
      labels: ["\(number) \(text.value(envelope.message))"],
      shortLabel: number
    )
  }

  private func addEffects(
    _ effects: [Effect],
    _ messages: MessageLedger.Entry,
    of instance: Int,
    to canvas: inout ChartCanvas
  ) {
    var sent = 0
    for effect in effects {
      switch effect {
      case .send:
        if sent < messages.sendings.count { addSending(messages.sendings[sent], to: &canvas) }
        sent += 1
      case .signal(let instance, let number, let arguments):
        let signal = text.role(of: instance).signals[number]
        let list = zip(signal.parameters, arguments).map { "\($0.name): \(text.value($1))" }
        let words = "\(signal.name)(\(list.joined(separator: ", ")))"
        addNote("signals \(words)", instance, to: &canvas)
      case .start(let instance, let timer, let duration):
        let name = text.timer(timer, of: instance)
        let time = timing == nil ? describe(duration: duration) : seconds(duration)
        addNote("starts timer \(name) for \(time)", instance, to: &canvas)
      case .cancel(let instance, let timer):
        addNote("cancels timer \(text.timer(timer, of: instance))", instance, to: &canvas)
      }
    }
  }

  private func addSending(_ sending: MessageLedger.Sending, to canvas: inout ChartCanvas) {
    let envelope = sending.envelope
    guard let sender = shown.firstIndex(of: envelope.sender),
      let receiver = shown.firstIndex(of: envelope.receiver)
    else { return }
    // The message that nothing takes does arrive, just below the last step.
    let isUntaken = sending.fate == .neverArrives && envelope == self.envelope
    let (remark, isLost) = isUntaken ? (nil, false) : remark(on: sending)
    let number = "#\(sending.number)"
    let label = "\(number) \(text.value(envelope.message))"
    canvas.addArrow(
      from: sender,
      to: receiver,
      .sending,
      labels: (remark.map { ["\(label) \($0)"] } ?? []) + [label],
      shortLabel: remark.map { "\(number) \($0)" } ?? number,
      head: isLost ? style.glyphs.lost : nil
    )
  }

  /// Whether an arrow ends in nothing without a word beside it.
  private var hasLostArrow: Bool {
    ledger.entries.contains { entry in
      entry.sendings.contains {
        let (words, isLost) = remark(on: $0)
        return words == nil && isLost && $0.envelope != envelope
      }
    }
  }

  /// What is said of a message that does not arrive, and whether its arrow ends in nothing.
  private func remark(on sending: MessageLedger.Sending) -> (words: String?, isLost: Bool) {
    switch sending.fate {
    case .arrives, .isLost: (nil, false)
    case .dropped: ("dropped, no place", true)
    case .neverArrives where isAliveAtEnd(sending): ("alive at the end", false)
    case .neverArrives where text.model.networks[sending.envelope.network].loss == .never:
      ("still under way", false)
    case .neverArrives: (nil, true)
    }
  }

  private func addNetworkAct(
    _ mark: String,
    _ envelope: Envelope,
    _ messages: MessageLedger.Entry,
    copies: Int? = nil,
    to canvas: inout ChartCanvas
  ) {
    guard let sender = shown.firstIndex(of: envelope.sender),
      let receiver = shown.firstIndex(of: envelope.receiver)
    else { return }
    let times = copies.map { " (\(style.glyphs.times)\($0))" } ?? ""
    let words = "\(mark) #\(messages.number ?? 0) \(text.value(envelope.message))\(times)"
    canvas.addNetworkNote(words, from: sender, to: receiver)
  }

  private func copies(of envelope: Envelope, in state: State?) -> Int? {
    state?.networks[envelope.network].messages.filter { $0.envelope == envelope }
      .reduce(0) { $0 + $1.copies }
  }

  private func addChanges(
    _ entry: Trace.Entry,
    of instance: Int,
    from state: State,
    to canvas: inout ChartCanvas
  ) {
    guard let next = entry.state, let column = shown.firstIndex(of: instance) else { return }
    let items = StateChange.between(
      state.instances[instance],
      next.instances[instance],
      instance: instance,
      in: text
    ).map {
      "\($0.path) \(text.value($0.before)) \(style.glyphs.becomes) \(text.value($0.after))"
    }
    for line in pack(items, width: canvas.room(beside: column)) {
      canvas.addNote(line, at: column)
    }
  }

  private func addEnd(_ state: State, to canvas: inout ChartCanvas) {
    if let envelope { addUntaken(envelope, to: &canvas) }
    let count = trace.entries.count
    let moment = count == 0 ? "At the start" : "After step \(count)"
    canvas.addText(timing.map { "\(moment), at t=\(seconds($0.end)):" } ?? "\(moment):")
    let indent = String(repeating: " ", count: Self.numberWidth)
    let names = shown.map { text.instance($0).count }.max() ?? 0
    for instance in shown {
      let items = stateItems(state.instances[instance], of: instance)
      let room = style.width - Self.numberWidth - names - 2
      for (row, line) in pack(items, width: room).enumerated() {
        let name = row == 0 ? text.instance(instance) : ""
        canvas.addText(indent + name.padding(to: names + 2) + line)
      }
    }
    let arrow = "\(style.glyphs.line)\(style.glyphs.headRight)"
    if timing == nil, ledger.remaining.isEmpty { canvas.addText(indent + "nothing in flight") }
    if hasLostArrow {
      canvas.addText("\(indent)\(style.glyphs.lost) at an arrow: lost, or late beyond this run")
    }
    addAlive(indent: indent, arrow: arrow, to: &canvas)
    for message in ledger.remaining where timing == nil {
      let again = message.hasArrived ? " (may arrive again)" : ""
      let words = text.envelope(message.envelope, arrow: arrow)
      let line = "in flight: #\(message.number) \(words)\(again)"
      for part in wrap(line, width: style.width - indent.count) { canvas.addText(indent + part) }
    }
    for network in state.networks {
      if let left = network.lossLeft { canvas.addText(indent + "losses left: \(left)") }
      if let left = network.duplicationLeft {
        canvas.addText(indent + "duplications left: \(left)")
      }
    }
    let hidden = text.model.instances.count - shown.count
    if hidden > 0 {
      canvas.addText("\(indent)\(hidden) instance\(hidden == 1 ? "" : "s") took no part")
    }
  }

  private func addUntaken(_ envelope: Envelope, to canvas: inout ChartCanvas) {
    guard let sender = shown.firstIndex(of: envelope.sender),
      let receiver = shown.firstIndex(of: envelope.receiver)
    else { return }
    let number = ledger.remaining.first { $0.envelope == envelope }.map { "#\($0.number) " } ?? ""
    canvas.addArrow(
      from: sender,
      to: receiver,
      .arrival,
      labels: ["\(number)\(text.value(envelope.message))"],
      shortLabel: number.isEmpty ? "!" : String(number.dropLast()),
      head: nil
    )
    canvas.addNote("\(style.glyphs.lost) nothing takes it", at: receiver)
    canvas.addLifelines()
  }

  /// What an instance's state says: the variables that matter and the timers that are armed.
  private func stateItems(_ state: State.InstanceState, of instance: Int) -> [String] {
    let role = text.role(of: instance)
    var items: [String] = []
    for (number, variable) in role.variables.enumerated()
    where relevant[text.model.instances[instance].role].contains(number) {
      items.append("\(variable.name) \(text.value(state.variables[number]))")
    }
    for (number, timer) in role.timers.enumerated() where state.armed[number] {
      items.append("timer \(timer.name) armed")
    }
    return items
  }

  /// Places the lifelines so that labels fit where the width allows, and no wider.
  private func columns() -> [Int] {
    let available = (style.width - margin) / max(shown.count, 1)
    var wanted = Self.leastSpacing
    for instance in shown {
      wanted = max(wanted, text.instance(instance).count + text.role(of: instance).name.count + 5)
      for item in stateItems(trace.initial.instances[instance], of: instance) {
        wanted = max(wanted, item.count + 4)
      }
    }
    for (entry, messages) in zip(trace.entries, ledger.entries) {
      for sending in messages.sendings {
        // The number, blanks and both ends of the arrow.
        let remark = isAliveAtEnd(sending) ? remark(on: sending).words?.count ?? 0 : 0
        wanted = max(wanted, text.value(sending.envelope.message).count + 18 + remark)
      }
      if case .transition = entry.step {
        wanted = max(wanted, text.cause(of: entry.step).count + 4)
      }
    }
    let spacing = max(Self.leastSpacing, min(available, wanted))
    return shown.indices.map { margin + $0 * spacing }
  }
}

/// Fills lines with items, two blanks apart.
func pack(_ items: [String], width: Int) -> [String] {
  var lines: [String] = []
  for item in items {
    if let last = lines.last, last.count + 2 + item.count <= width {
      lines[lines.count - 1] = last + "  " + item
    } else {
      lines.append(item)
    }
  }
  return lines
}

extension String {
  /// The text with blanks behind it up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
