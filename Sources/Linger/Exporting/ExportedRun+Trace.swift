import LingerModel
import LingerReport

/// A run of a spec as one of its instances saw it.
extension ExportedRun {
  /// What an instance, by default the first, saw of a run that was run again. Throws where the
  /// messages are not segments, or there is no such instance.
  init(_ run: ReplayedTrace.Run, subject name: String?) throws(UnusableSpec) {
    let model = run.context.model
    let fields = try SegmentFields(model)
    let subject = try Self.instance(name, in: model)
    let text = run.context.text
    var purpose = "a run of \(model.name)"
    if let property = run.property { purpose += " for '\(property)'" }
    title = [purpose + ", as \(text.instance(subject)) saw it", run.finding.text]
    self.subject = subject
    hasOpening = fields.hasOpening
    if run.timing == nil {
      title.append("the times are made up: 1 ms a step, timers at their durations")
    }
    let times = run.timing?.times.map(\.nanoseconds) ?? run.trace.madeUpTimes
    var previous = run.trace.initial
    for (index, entry) in run.trace.entries.enumerated() {
      let state = entry.state ?? previous
      var head = "step \(index + 1), \(text.description(of: entry.step))"
      if let error = entry.error { head += "; \(error.kind.rawValue): \(error.message)" }
      let remarks = [head] + model.instances.indices.map { text.stateLine(state, of: $0) }
      let event = { (act: Act) in Event(time: times[index], act: act, remarks: remarks) }
      switch entry.step {
      case .transition(let instance, let number, let cause, _) where instance == subject:
        if case .receive(let envelope) = cause, let segment = fields.segment(envelope.message) {
          events.append(event(.received(segment, partner: envelope.sender)))
        }
        if case .call(let call, _) = model.transitions[number].trigger {
          events.append(event(.called(call)))
        }
        for case .send(let envelope, let isDropped) in entry.effects {
          guard let segment = fields.segment(envelope.message) else { continue }
          var sent = event(.sent(segment, partner: envelope.receiver))
          if isDropped { sent.remarks.append("the network had no room for it") }
          events.append(sent)
        }
      case .lose(let envelope, _), .duplicate(let envelope, _):
        // What the network does to a segment of the subject is said where it was sent.
        guard envelope.sender == subject, let segment = fields.segment(envelope.message) else {
          continue
        }
        let place = events.lastIndex {
          if case .sent(segment, envelope.receiver) = $0.act { true } else { false }
        }
        if let place { events[place].remarks.append(head) }
      case .transition, .ignoredTimeout: break
      }
      previous = state
    }
  }

  private static func instance(_ name: String?, in model: Model) throws(UnusableSpec) -> Int {
    guard let name else { return 0 }
    if let place = model.instances.firstIndex(where: { $0.name == name }) { return place }
    let known = model.instances.map { "'\($0.name)'" }.joined(separator: ", ")
    throw .unfit("the spec has no instance '\(name)'; there are \(known)")
  }
}

extension BriefText {
  /// `a: state FIN_WAIT_1, sndNxt 1, retransmission armed`: what is not as it began, and the state.
  fileprivate func stateLine(_ state: State, of instance: Int) -> String {
    let role = role(of: instance)
    let local = state.instances[instance]
    let watched = role.variables.firstIndex {
      if case .enumeration = $0.type { true } else { false }
    }
    var parts: [String] = []
    for (number, variable) in role.variables.enumerated() {
      let content = local.variables[number]
      if content == variable.initial, number != watched { continue }
      parts.append("\(variable.name) \(value(content))")
    }
    for (number, timer) in role.timers.enumerated() where local.armed[number] {
      parts.append("\(timer.name) armed")
    }
    return "\(self.instance(instance)): \(parts.joined(separator: ", "))"
  }
}

extension Trace {
  /// Times for a run that has none: a millisecond a step, and a timer's end when it is due.
  fileprivate var madeUpTimes: [Int64] {
    var now: Int64 = 0
    var due: [[Int]: Int64] = [:]
    return entries.map { entry in
      now += 1_000_000
      switch entry.step {
      case .transition(let instance, _, .timeout(let timer), _),
        .ignoredTimeout(let instance, let timer):
        now = max(now, due[[instance, timer]] ?? now)
      default: break
      }
      for case .start(let instance, let timer, let duration) in entry.effects {
        due[[instance, timer]] = now + duration.nanoseconds
      }
      return now
    }
  }
}

extension Rational {
  /// Cut off to whole nanoseconds, and at a century.
  fileprivate var nanoseconds: Int64 {
    let century = 3_155_760_000 * 1_000_000_000
    let number = (self * Rational(1_000_000_000)).roundedDown
    return Int64(min(number.integer ?? century, century))
  }
}
