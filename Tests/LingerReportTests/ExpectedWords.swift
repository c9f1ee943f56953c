import LingerModel
import LingerReport

/// What a chart of a run has to say, worked out from the run and not from the chart's code.
struct ExpectedWords {
  let trace: Trace
  let text: BriefText
  let timing: TimedRun?
  let envelope: Envelope?
  private let ledger: MessageLedger

  init(of run: ChartCase) {
    trace = run.trace
    text = run.text
    timing = run.timing
    envelope = run.envelope
    ledger = MessageLedger(trace, in: text.model, isTimed: timing != nil)
  }

  /// The texts of a step in their order. Each stands in one piece, but for blanks.
  func words(of step: Int) -> [String] {
    let entry = trace.entries[step]
    let messages = ledger.entries[step]
    var words = heading(of: step)
    if let number = messages.number { words.append("#\(number)") }
    if messages.isAgain { words.append("again") }
    switch entry.step {
    case .transition(_, _, .receive(let envelope), _), .lose(let envelope, _),
      .duplicate(let envelope, _):
      words.append(text.value(envelope.message))
    case .transition: words.append(text.cause(of: entry.step))
    case .ignoredTimeout: words.append("fires, nothing takes it")
    }
    if let bound = timing?.bounds[step] { words.append(bound) }
    let chosen = text.chosen(in: entry.step).map(text.value)
    if !chosen.isEmpty { words.append("chooses \(chosen.joined(separator: ", "))") }
    words += self.words(of: entry.effects, messages)
    words += changes(of: step)
    if let error = entry.error {
      words.append("\(error.kind.rawValue): \(error.message)")
      if let place = text.location(error.span) { words.append("(\(place))") }
    }
    return words
  }

  /// When, what, where and why.
  private func heading(of step: Int) -> [String] {
    var words = timing.map { ["t=\(seconds($0.times[step]))"] } ?? []
    words.append(text.name(of: trace.entries[step].step))
    if case .transition(_, let number, _, _) = trace.entries[step].step {
      let declaration = text.model.transitions[number]
      if let place = text.location(declaration.span) { words.append("(\(place))") }
      if let sentence = BriefText.firstSentence(declaration.documentation) {
        words.append(sentence)
      }
    }
    return words
  }

  private func words(of effects: [Effect], _ messages: MessageLedger.Entry) -> [String] {
    var words: [String] = []
    var sent = 0
    for effect in effects {
      switch effect {
      case .send:
        let sending = messages.sendings[sent]
        sent += 1
        words += ["#\(sending.number)", text.value(sending.envelope.message)]
        if let remark = remark(on: sending) { words.append(remark) }
      case .signal(let instance, let number, let arguments):
        let signal = text.role(of: instance).signals[number]
        words.append("signals \(signal.name)(")
        words += zip(signal.parameters, arguments).map { "\($0.name): \(text.value($1))" }
      case .start(let instance, let timer, let duration):
        words.append("starts timer \(text.timer(timer, of: instance)) for")
        words.append(timing == nil ? describe(duration: duration) : seconds(duration))
      case .cancel(let instance, let timer):
        words.append("cancels timer \(text.timer(timer, of: instance))")
      }
    }
    return words
  }

  private func remark(on sending: MessageLedger.Sending) -> String? {
    switch sending.fate {
    case .dropped: return "dropped, no place"
    case .arrives, .isLost: return nil
    case .neverArrives:
      if sending.envelope == envelope { return nil }
      let latest = ledger.entries.flatMap(\.sendings)
        .last { $0.envelope == sending.envelope && $0.fate != .dropped }
      if timing?.alive.contains(where: { $0.envelope == sending.envelope }) == true,
        latest?.number == sending.number
      {
        return "alive at the end"
      }
      let isLossFree = text.model.networks[sending.envelope.network].loss == .never
      return isLossFree ? "still under way" : nil
    }
  }

  private func changes(of step: Int) -> [String] {
    guard let next = trace.entries[step].state else { return [] }
    let before = trace.entries[..<step].last { $0.state != nil }?.state ?? trace.initial
    return next.instances.indices.flatMap { instance in
      StateChange.between(
        before.instances[instance],
        next.instances[instance],
        instance: instance,
        in: text
      ).map { "\($0.path) \(text.value($0.before)) → \(text.value($0.after))" }
    }
  }

  /// What each instance's lifeline begins with, for those that change in the run.
  var opening: [[String]] {
    text.model.instances.indices.compactMap { instance in
      let items = items(of: instance, in: trace.initial)
      guard !items.isEmpty else { return nil }
      return ["\(text.instance(instance)): \(text.role(of: instance).name)"] + items
    }
  }

  /// What is said of the message that nothing takes, just below the last step.
  var untaken: [String] {
    envelope.map { [text.value($0.message), "nothing takes it"] } ?? []
  }

  /// What stands below that.
  var ending: [String] {
    var words = text.model.instances.indices.flatMap { instance in
      let items = items(of: instance, in: trace.last)
      return items.isEmpty ? [] : [text.instance(instance)] + items
    }
    if let timing {
      words += timing.alive.map { text.value($0.envelope.message) }
    } else {
      for message in ledger.remaining {
        words += ["in flight: #\(message.number)", text.value(message.envelope.message)]
        if message.hasArrived { words.append("(may arrive again)") }
      }
    }
    return words
  }

  /// The variables that the run changes, with their values in a state.
  private func items(of instance: Int, in state: State) -> [String] {
    let variables = text.role(of: instance).variables
    return variables.indices.filter { number in
      trace.entries.contains {
        let initial = trace.initial.instances[instance].variables[number]
        return $0.state.map { $0.instances[instance].variables[number] != initial } ?? false
      }
    }.map { "\(variables[$0].name) \(text.value(state.instances[instance].variables[$0]))" }
  }

  /// All of it, without blanks.
  struct Squeezed {
    var opening: [[String]]
    var steps: [[String]]
    var ending: [String]
  }

  var squeezed: Squeezed {
    var steps = trace.entries.indices.map { words(of: $0).map { DrawnChart.squeeze($0) } }
    if !steps.isEmpty { steps[steps.count - 1] += untaken.map { DrawnChart.squeeze($0) } }
    return Squeezed(
      opening: opening.map { $0.map { DrawnChart.squeeze($0) } },
      steps: steps,
      ending: ending.map { DrawnChart.squeeze($0) }
    )
  }

  /// The first of some texts that does not stand in a part of a chart, each behind the one before.
  static func missing(_ words: [String], in part: String) -> String? {
    var rest = Array(part.utf8)[...]
    for word in words {
      guard let range = rest.firstRange(of: Array(word.utf8)) else { return word }
      rest = rest[range.upperBound...]
    }
    return nil
  }
}
