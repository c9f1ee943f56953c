import LingerModel

/// One way to read a spec: with the values of a profile.
package struct Lane {
  /// Nil for the values that were asked for.
  package var profile: String?
  package var engine: BeliefEngine

  package init(profile: String?, engine: BeliefEngine) {
    self.profile = profile
    self.engine = engine
  }
}

/// Follows one trace under every profile at once.
package struct TraceJudge {
  /// One event as it was seen.
  package struct Event: Sendable {
    package var observation: Observation
    /// In nanoseconds, of whatever beginning.
    package var time: Int64
    /// Where it stands: the number of a frame or a line, from 1.
    package var place: Int

    package init(_ observation: Observation, time: Int64, place: Int) {
      self.observation = observation
      self.time = time
      self.place = place
    }
  }

  package private(set) var lanes: [(lane: Lane, follower: Follower)]
  /// The latest events, for what is shown.
  package private(set) var events: [Event] = []
  package private(set) var eventCount = 0
  private var latest: Int64
  /// What every trace is followed from: see ``Follower``.
  package let opening: [Observation]
  private let keepsEvents: Bool

  /// So many events are kept to be shown and judged again.
  private static let mostKept = 4096

  /// - Parameters:
  ///   - lanes: what the trace is held against.
  ///   - time: when it begins, in nanoseconds.
  ///   - opening: what happened before the first event, unseen.
  ///   - count: how many events are known to come.
  ///   - keepsEvents: whether what is found can be shown, and not only counted.
  package init(
    _ lanes: [Lane],
    beginningAt time: Int64,
    after opening: [Observation] = [],
    expecting count: Int = 0,
    keepsEvents: Bool = true
  ) {
    self.lanes = lanes.map { ($0, Follower($0.engine, beginningAt: time, after: opening)) }
    self.opening = opening
    self.keepsEvents = keepsEvents
    latest = time
    if keepsEvents { events.reserveCapacity(min(count, Self.mostKept)) }
  }

  /// Takes an event; false once it is decided under every profile.
  @discardableResult
  package mutating func observe(_ event: Event) -> Bool {
    eventCount += 1
    latest = max(latest, event.time)
    if keepsEvents, events.count < Self.mostKept { events.append(event) }
    var isOpen = false
    for place in lanes.indices
    where lanes[place].follower.observe(event.observation, at: event.time) {
      isOpen = true
    }
    return isOpen
  }

  /// Whether it is known to violate the spec under every profile.
  package var violates: Bool {
    // By place: followers that are handed out are copied.
    for place in lanes.indices where lanes[place].follower.verdict != .violates { return false }
    return true
  }

  /// Whether a trace that has ended conforms, under one of the profiles.
  package var conforms: Bool {
    for place in lanes.indices
    where lanes[place].follower.verdict == .conforms && !lanes[place].follower.owes {
      return true
    }
    return false
  }

  /// The trace ends: what came is taken, and what was due by then must have been seen.
  package mutating func finish() {
    for place in lanes.indices {
      let lag = lanes[place].lane.engine.visibility.lag
      lanes[place].follower.end(at: latest + lag + 2)
    }
  }

  /// Whether the first lanes' events are all there, so that the trace can be judged again.
  package var isWhole: Bool { events.count == eventCount }
}
