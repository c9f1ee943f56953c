import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// From what the followers of a trace found to what reports say.
extension Conformance {
  /// What became of a trace that has ended.
  func conformed(_ judge: TraceJudge, name: String, of subjectName: String) -> ConformedTrace {
    var profiles: [ConformedTrace.ProfileVerdict] = []
    var best: (rank: Int, place: Int)?
    for (place, entry) in judge.lanes.enumerated() {
      let verdict = entry.follower.finalVerdict
      let rank = verdict.rank
      if best == nil || rank < best?.rank ?? .max { best = (rank, place) }
      profiles.append(
        ConformedTrace.ProfileVerdict(
          profile: entry.lane.profile ?? "",
          verdict: verdict,
          place: (entry.follower.firstDeviation?.event).flatMap { judge.place(ofEvent: $0) }
        )
      )
    }
    let chosen = judge.lanes[best?.place ?? 0]
    let follower = chosen.follower
    var result = ConformedTrace(
      name: name,
      subject: subjectName,
      verdict: follower.finalVerdict
    )
    result.reason = follower.reason
    if follower.verdict == .conforms, result.verdict == .inconclusive {
      result.reason = "the trace ends while something is still due"
    }
    result.eventCount = judge.eventCount
    if judge.lanes.count > 1 { result.profiles = profiles }
    result.histories = follower.histories.map { history in
      history.map { watchedName($0) }
    }
    if let finding = follower.firstDeviation {
      result.finding = shown(finding, of: judge, under: chosen.lane)
      // The first events only are kept.
      if finding.event < judge.events.count, !options.showsAllEvents {
        result.events = shownEvents(
          of: judge,
          upTo: finding.event,
          most: Self.mostEventsShown,
          under: chosen.lane
        )
      }
    }
    if options.showsAllEvents {
      let last = judge.events.count - 1
      result.events = shownEvents(of: judge, upTo: last, most: .max, under: chosen.lane)
    }
    return result
  }

  private func watchedName(_ value: Int) -> String {
    guard let variable = subject.watchedVariable else { return "\(value)" }
    let text = context.text
    return text.value(variable.codec.value(in: [value], at: 0))
  }

  private func shown(
    _ finding: Follower.Deviation,
    of judge: TraceJudge,
    under lane: Lane
  ) -> ConformanceFinding {
    let start = judge.events.first?.time ?? finding.time
    var result = ConformanceFinding(
      isTime: finding.isTime,
      placeName: placeName,
      place: judge.place(ofEvent: finding.event) ?? 0,
      time: Rational(Int(finding.time - start), over: 1_000_000_000) ?? .zero,
      seen: text(of: finding.observation),
      message: message(of: finding)
    )
    let explainer = ObstacleFinder(lane.engine.subject, context.text)
    for state in finding.before.prefix(Self.mostBeliefsShown) {
      var belief = ConformanceFinding.Belief(state: text(of: state))
      if case .output(let message) = finding.observation, case .unexpected = finding.cause {
        belief.obstacles = explainer.obstacles(to: message, in: state)
      }
      if case .silence = finding.cause { belief.expected = expected(in: state) }
      result.beliefs.append(belief)
    }
    result.moreBeliefs = max(0, finding.before.count - Self.mostBeliefsShown)
    result.explanations = explanations(of: finding, in: judge)
    return result
  }

  /// What had to come out in a believed state.
  private func expected(in state: Follower.BelievedState) -> [String] {
    if let first = state.owed.first { return [text(of: first)] }
    guard let message = state.untaken.first else { return [] }
    var worker = KernelWorker(subject.kernel)
    worker.setState(state.state, of: subject.instance)
    var result: [String] = []
    worker.forEachReception(
      by: subject.instance,
      of: message,
      from: subject.sender(of: message),
      seeing: nil
    ) { worker, step in
      guard let transition = step.transition, step.error == nil else { return }
      let name = subject.model.transitions[transition].name
      for send in worker.sends {
        let message = SeenMessage(record: send.record, values: worker.values(of: send))
        result.append("sent \(text(of: message)), by \(name)")
      }
    }
    return result
  }

  private static let mostBeliefsShown = 4
  private static let mostEventsShown = 6

  private func message(of finding: Follower.Deviation) -> String {
    switch finding.cause {
    case .unexpected: "nothing that the spec allows explains this"
    case .state: "the reported state is not one that the spec allows here"
    case .silence: "something had to come out in answer, and nothing did"
    case .missing(let timers):
      lateness(timers, finding.before)
    }
  }

  /// What is wrong with a time: these timers were overdue, or none.
  private func lateness(_ timers: [Int], _ before: [Follower.BelievedState]) -> String {
    let role = subject.model.roles[subject.role]
    if !timers.isEmpty {
      let names = timers.map { role.timers[$0].name }.joined(separator: ", ")
      return "something was due before it: \(names) had run out"
    }
    if before.allSatisfy({ !$0.untaken.isEmpty || !$0.owed.isEmpty }) {
      return "it comes too late after what it answers"
    }
    return "it comes too early: a timer would have to run out first"
  }

  /// What would explain a violation: another profile, or an event that is taken away.
  private func explanations(
    of finding: Follower.Deviation,
    in judge: TraceJudge
  ) -> [ConformanceFinding.Explanation] {
    guard judge.isWhole else { return [] }
    var result: [ConformanceFinding.Explanation] = []
    let fitting = others.filter { lane in
      Self.reaches(beyond: finding.event, judge.events, after: judge.opening, lane)
    }
    if !fitting.isEmpty {
      let names = fitting.compactMap(\.profile).joined(separator: ", ")
      let noun = fitting.count == 1 ? "profile" : "profiles"
      result.append(ConformanceFinding.Explanation("the \(noun) \(names) would allow it"))
    }
    guard let lane = lanes.first, !isAnyProfile, inputsMayBeLost else { return result }
    let inputs = judge.events[..<min(finding.event, judge.events.count)].indices.filter {
      if case .input = judge.events[$0].observation { true } else { false }
    }
    for place in inputs.suffix(4) {
      var events = judge.events
      events.remove(at: place)
      if Self.reaches(beyond: finding.event - 1, events, after: judge.opening, lane) {
        let number = judge.events[place].place
        result.append(
          ConformanceFinding.Explanation(
            "it would be allowed if \(placeName) \(number) had not reached the subject",
            place: number
          )
        )
      }
    }
    return result
  }

  /// Whether a profile allows all events up to and including a place.
  private static func reaches(
    beyond event: Int,
    _ events: [TraceJudge.Event],
    after opening: [Observation],
    _ lane: Lane
  ) -> Bool {
    guard let first = events.first else { return true }
    var follower = Follower(lane.engine, beginningAt: first.time, after: opening)
    for event in events.prefix(event + 1) {
      follower.observe(event.observation, at: event.time)
      if follower.firstDeviation != nil { return false }
    }
    return true
  }
}

/// Texts of what was seen and believed.
extension Conformance {
  func text(of observation: Observation) -> String {
    switch observation {
    case .input(let message): "came \(text(of: message))"
    case .output(let message): "sent \(text(of: message))"
    case .signal(let number, _):
      "signalled \(subject.model.roles[subject.role].signals[number].name)"
    case .call(let name, _, _): "call \(name)"
    case .state(let variables):
      "reported "
        + variables.map { variable in
          let (_, codec) = subject.kernel.variables(ofRole: subject.role)[variable.variable]
          let name = subject.model.roles[subject.role].variables[variable.variable].name
          return "\(name) \(context.text.value(codec.value(in: variable.values, at: 0)))"
        }.joined(separator: ", ")
    case .unseenOutput: "may have sent what was not captured"
    case .unseenInput: "may have got what was not captured"
    case .nothing: "nothing"
    case .quiet: "nothing more"
    }
  }

  func text(of message: SeenMessage) -> String {
    guard let codec = subject.kernel.codec(ofRecord: message.record) else { return "a message" }
    return context.text.value(codec.value(in: message.values, at: 0))
  }

  func text(of state: Follower.BelievedState) -> String {
    let role = subject.model.roles[subject.role]
    var parts: [String] = []
    for (variable, place) in zip(role.variables, subject.kernel.variables(ofRole: subject.role)) {
      let value = place.codec.value(in: state.state, at: place.register)
      if value == variable.initial, place.register != subject.watchedVariable?.register { continue }
      parts.append("\(variable.name) \(context.text.value(value))")
    }
    let first = state.state.count - role.timers.count
    for (number, timer) in role.timers.enumerated() where state.state[first + number] != 0 {
      parts.append("\(timer.name) runs")
    }
    if !state.untaken.isEmpty {
      parts.append("not taken yet: " + state.untaken.map { text(of: $0) }.joined(separator: ", "))
    }
    return parts.joined(separator: ", ")
  }
}

extension Follower {
  /// Of a trace that has ended: what is still due keeps it from conforming.
  fileprivate var finalVerdict: TraceVerdict {
    verdict == .conforms && owes ? .inconclusive : verdict
  }
}

extension TraceVerdict {
  /// The best first.
  var rank: Int {
    switch self {
    case .conforms: 0
    case .inconclusive: 1
    case .unknown: 2
    case .violates: 3
    }
  }
}

extension TraceJudge {
  /// Where an event stands in its file; nil for one that was not kept.
  func place(ofEvent number: Int) -> Int? {
    events.indices.contains(number) ? events[number].place : nil
  }
}
