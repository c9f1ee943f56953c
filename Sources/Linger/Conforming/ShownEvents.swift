import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// Events of a trace with what was believed after each.
extension Conformance {
  /// The last of the events up to and including one, under one profile. What is believed is worked
  /// out anew: it is not kept while a trace is followed.
  func shownEvents(
    of judge: TraceJudge,
    upTo last: Int,
    most: Int,
    under lane: Lane
  ) -> [ConformedEvent] {
    guard let first = judge.events.first else { return [] }
    var follower = Follower(lane.engine, beginningAt: first.time, after: judge.opening)
    var result: [ConformedEvent] = []
    for (number, event) in judge.events.prefix(last + 1).enumerated() {
      if options.budget.isExhausted { break }
      follower.observe(event.observation, at: event.time)
      if last - number >= most { continue }
      var shown = ConformedEvent(
        place: event.place,
        time: Rational(Int(event.time - first.time), over: 1_000_000_000) ?? .zero,
        way: event.observation.way,
        text: text(of: event.observation)
      )
      let states = follower.believed(at: event.time)
      shown.watched = watched(states)
      shown.beliefs = states.prefix(Self.mostBeliefsOfEvent).map { text(of: $0) }
      shown.moreBeliefs = states.count - shown.beliefs.count
      result.append(shown)
    }
    return result
  }

  private static let mostBeliefsOfEvent = 4

  /// What the watched variable may be, each value once.
  private func watched(_ states: [Follower.BelievedState]) -> [String] {
    guard let variable = subject.watchedVariable else { return [] }
    var values: [Value] = []
    for state in states {
      let value = variable.codec.value(in: state.state, at: variable.register)
      if !values.contains(value) { values.append(value) }
    }
    return values.sorted().map { context.text.value($0) }
  }
}

extension Observation {
  fileprivate var way: ConformedEvent.Way {
    switch self {
    case .input: .came
    case .output: .sent
    case .signal, .call, .state, .unseenOutput, .unseenInput, .nothing, .quiet: .neither
    }
  }
}
