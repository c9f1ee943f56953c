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
  let shown: [Int]
  /// Variables of each role whose values open and close the chart.
  private let relevant: [Set<Int>]
  private let envelope: Envelope?

  /// Width of what stands at the left edge: step numbers, and times where there are any.
  let margin: Int
  /// Width of the step numbers alone.
  let numberWidth: Int
  /// More lifelines than this, and those that do nothing are left out.
  private static let comfortableCount = 4

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
    self.text = text
    var style = style
    style.width = max(style.width, Self.leastWidth)
    self.style = style
    numberWidth = max(Self.leastNumberWidth, "\(trace.entries.count)".count + 1)
    let marginWithTimes = numberWidth + SequenceChart.timeWidth(timing)
    // Where times would leave too little for the rest, they stand before the names of the steps.
    margin = marginWithTimes <= style.width / 3 ? marginWithTimes : numberWidth
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
  package func render() -> String { draw().text }

  /// All that the chart shows, from top to bottom.
  func items() -> [ChartItem] {
    var items = settings()
    items.append(
      .opening(
        shown.map {
          let name = "\(text.instance($0)): \(text.role(of: $0).name)"
          return (name, stateItems(trace.initial.instances[$0], of: $0))
        }
      )
    )
    var state = trace.initial
    for (index, entry) in trace.entries.enumerated() {
      if index == trace.loopStart { items += [.gap, .text(lead: "", ["From here on for ever:"])] }
      items += [.gap, header(index, entry)]
      addStep(index, from: state, to: &items)
      if let next = entry.state { state = next }
    }
    items.append(.gap)
    addEnd(state, to: &items)
    return items
  }

  // What stands above, at and below the lifelines.

  private func header(_ index: Int, _ entry: Trace.Entry) -> ChartItem {
    let number = "\(index + 1)"
    var parts = [text.name(of: entry.step)]
    if case .transition(_, let transition, _, _) = entry.step {
      let declaration = text.model.transitions[transition]
      if let place = text.location(declaration.span) { parts.append("(\(place))") }
      if let sentence = BriefText.firstSentence(declaration.documentation) {
        parts.append(sentence)
      }
    }
    var lead = (String.blanks(3 - number.count) + number).padding(to: numberWidth)
    if margin > numberWidth {
      lead += timeLabel(of: index)
    } else if timing != nil {
      parts[0] = "\(timeLabel(of: index))  \(parts[0])"
    }
    return .text(lead: lead.padding(to: margin), [parts.joined(separator: " ")])
  }

  private func addStep(_ index: Int, from state: State, to items: inout [ChartItem]) {
    let entry = trace.entries[index]
    let messages = ledger.entries[index]
    let bound = bound(of: index)
    switch entry.step {
    case .transition(let instance, _, let cause, _):
      if case .receive(let envelope) = cause {
        addArrival(envelope, messages, to: &items)
      } else {
        addNote(text.cause(of: entry.step), instance, isAct: true, to: &items)
      }
      if let bound { addNote(bound, instance, to: &items) }
      let chosen = text.chosen(in: entry.step).map(text.value)
      if !chosen.isEmpty {
        addNote("chooses \(chosen.joined(separator: ", "))", instance, to: &items)
      }
      addEffects(entry.effects, messages, of: instance, to: &items)
      addChanges(entry, of: instance, from: state, to: &items)
    case .ignoredTimeout(let instance, let timer):
      let name = text.timer(timer, of: instance)
      addNote("timer \(name) fires, nothing takes it", instance, isAct: true, to: &items)
      if let bound { addNote(bound, instance, to: &items) }
    case .lose(let envelope, _):
      addNetworkAct("\(style.glyphs.lost)", envelope, messages, bound, to: &items)
    case .duplicate(let envelope, _):
      addNetworkAct(
        style.glyphs.duplicate,
        envelope,
        messages,
        bound,
        copies: copies(of: envelope, in: entry.state),
        to: &items
      )
    }
    if let error = entry.error {
      let instance: Int? =
        if case .transition(let instance, _, _, _) = entry.step { instance } else { nil }
      let place = text.location(error.span).map { " (\($0))" } ?? ""
      let words = "\(style.glyphs.lost) \(error.kind.rawValue): \(error.message)\(place)"
      if let instance {
        addNote(words, instance, to: &items)
      } else {
        items.append(.text(lead: "", [words]))
      }
    }
  }

  private func addNote(
    _ words: String,
    _ instance: Int,
    isAct: Bool = false,
    to items: inout [ChartItem]
  ) {
    guard let column = shown.firstIndex(of: instance) else { return }
    items.append(.note([words], at: column, isAct: isAct))
  }

  /// A message with the lifelines of its sender and its receiver.
  private func message(_ envelope: Envelope, number: String) -> ChartMessage? {
    guard let sender = shown.firstIndex(of: envelope.sender),
      let receiver = shown.firstIndex(of: envelope.receiver)
    else { return nil }
    return ChartMessage(
      number: number,
      words: text.value(envelope.message),
      route: "\(text.instance(envelope.sender)) \(arrow) \(text.instance(envelope.receiver))",
      sender: sender,
      receiver: receiver
    )
  }

  /// A small arrow in running text.
  private var arrow: String { "\(style.glyphs.line)\(style.glyphs.headRight)" }

  private func addArrival(
    _ envelope: Envelope,
    _ messages: MessageLedger.Entry,
    to items: inout [ChartItem]
  ) {
    let number = "#\(messages.number ?? 0)" + (messages.isAgain ? " again" : "")
    guard let message = message(envelope, number: number) else { return }
    items.append(.arrow(ChartArrow(kind: .arrival, message: message)))
  }

  private func addEffects(
    _ effects: [Effect],
    _ messages: MessageLedger.Entry,
    of instance: Int,
    to items: inout [ChartItem]
  ) {
    var sent = 0
    for effect in effects {
      switch effect {
      case .send:
        if sent < messages.sendings.count { addSending(messages.sendings[sent], to: &items) }
        sent += 1
      case .signal(let instance, let number, let arguments):
        let signal = text.role(of: instance).signals[number]
        let list = zip(signal.parameters, arguments).map { "\($0.name): \(text.value($1))" }
        let words = "\(signal.name)(\(list.joined(separator: ", ")))"
        addNote("signals \(words)", instance, to: &items)
      case .start(let instance, let timer, let duration):
        let name = text.timer(timer, of: instance)
        let time = timing == nil ? describe(duration: duration) : seconds(duration)
        addNote("starts timer \(name) for \(time)", instance, to: &items)
      case .cancel(let instance, let timer):
        addNote("cancels timer \(text.timer(timer, of: instance))", instance, to: &items)
      }
    }
  }

  private func addSending(_ sending: MessageLedger.Sending, to items: inout [ChartItem]) {
    guard let message = message(sending.envelope, number: "#\(sending.number)") else { return }
    // The message that nothing takes does arrive, just below the last step.
    let isUntaken = sending.fate == .neverArrives && sending.envelope == envelope
    let (remark, isLost) = isUntaken ? (nil, false) : remark(on: sending)
    items.append(
      .arrow(ChartArrow(kind: .sending, message: message, remark: remark, isLost: isLost))
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
    _ bound: String?,
    copies: Int? = nil,
    to items: inout [ChartItem]
  ) {
    guard let message = message(envelope, number: "#\(messages.number ?? 0)") else { return }
    let times = copies.map { " (\(style.glyphs.times)\($0))" } ?? ""
    items.append(.network(message, before: "\(mark) ", after: times))
    if let bound { items.append(.networkNote(bound, message)) }
  }

  private func copies(of envelope: Envelope, in state: State?) -> Int? {
    state?.networks[envelope.network].messages.filter { $0.envelope == envelope }
      .reduce(0) { $0 + $1.copies }
  }

  private func addChanges(
    _ entry: Trace.Entry,
    of instance: Int,
    from state: State,
    to items: inout [ChartItem]
  ) {
    guard let next = entry.state, let column = shown.firstIndex(of: instance) else { return }
    let changes = StateChange.between(
      state.instances[instance],
      next.instances[instance],
      instance: instance,
      in: text
    ).map {
      "\($0.path) \(text.value($0.before)) \(style.glyphs.becomes) \(text.value($0.after))"
    }
    items.append(.note(changes, at: column, isAct: false))
  }

  private func addEnd(_ state: State, to items: inout [ChartItem]) {
    if let envelope { addUntaken(envelope, to: &items) }
    let count = trace.entries.count
    let moment = count == 0 ? "At the start" : "After step \(count)"
    let time = timing.map { ", at t=\(seconds($0.end))" } ?? ""
    if let start = trace.loopStart {
      let words =
        start < count
        ? "Then step \(start + 1) again, and so on for ever."
        : "Nothing has to happen any more: it may stay like this for ever."
      items += [.text(lead: "", [words]), .gap]
    }
    items.append(.text(lead: "", ["\(moment)\(time):"]))
    let indent = String.blanks(numberWidth)
    items.append(
      .states(
        indent: numberWidth,
        shown.map { (text.instance($0), stateItems(state.instances[$0], of: $0)) }
      )
    )
    var lines: [String] = []
    if timing == nil, ledger.remaining.isEmpty { lines.append("nothing in flight") }
    if hasLostArrow {
      items += lines.map { .text(lead: indent, [$0]) }
      lines = []
      let words = "\(style.glyphs.lost) at an arrow: lost, or late beyond this run"
      items.append(.legend(indent: numberWidth, words))
    }
    lines += alive(arrow: arrow)
    for message in ledger.remaining where timing == nil {
      let again = message.hasArrived ? " (may arrive again)" : ""
      let words = text.envelope(message.envelope, arrow: arrow)
      lines.append("in flight: #\(message.number) \(words)\(again)")
    }
    for network in state.networks {
      if let left = network.lossLeft { lines.append("losses left: \(left)") }
      if let left = network.duplicationLeft { lines.append("duplications left: \(left)") }
    }
    let hidden = text.model.instances.count - shown.count
    if hidden > 0 { lines.append("\(hidden) instance\(hidden == 1 ? "" : "s") took no part") }
    items += lines.map { .text(lead: indent, [$0]) }
  }

  private func addUntaken(_ envelope: Envelope, to items: inout [ChartItem]) {
    let number = ledger.remaining.first { $0.envelope == envelope }.map { "#\($0.number)" } ?? ""
    guard let message = message(envelope, number: number) else { return }
    items.append(.arrow(ChartArrow(kind: .arrival, message: message)))
    items.append(
      .note(["\(style.glyphs.lost) nothing takes it"], at: message.receiver, isAct: false)
    )
    items.append(.gap)
  }

  /// What an instance's state says: the variables that matter and the timers that are armed.
  func stateItems(_ state: State.InstanceState, of instance: Int) -> [String] {
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
}
