package import LingerEval
package import LingerModel

/// Decides a timed invariant for fixed parameter values: zones over the reference evaluator.
///
/// The independent judge of the solver. It shares nothing with it but the evaluator's steps and
/// effects: clocks, control, slicing and arithmetic are its own (Alur and Dill, "A theory of timed
/// automata", 1994). Every duration must be a whole number of ticks.
package struct ZoneExplorer {
  package enum Answer: Hashable, Sendable {
    case holds
    /// Steps of the shortest run that makes the property false.
    case violated(depth: Int)
    /// Too many zones, or a duration that is no whole number of ticks.
    case undecided(String)
  }

  package private(set) var zones = 0

  private let evaluator: Evaluator
  private let property: Property
  private let ticksPerSecond: Int
  private let zoneLimit: Int
  private let isTimeless: Bool
  /// In ticks, by network; nil where messages live for ever.
  private var lifetimes: [Int?] = []
  private var seen: [Control: [Zone]] = [:]

  /// All but the clocks' values. The clocks are those of the armed timers, then those of the
  /// messages that were sent and can die, in this order.
  private struct Control: Hashable {
    var state: State
    var timers: [RunningTimer]
  }

  private struct RunningTimer: Hashable {
    var instance: Int
    var timer: Int
    var duration: Int
  }

  private struct Undecided: Error {
    var reason: String
  }

  /// A `timeless` one lets every step happen at any time: where it differs, time decides.
  package init(
    _ evaluator: Evaluator,
    _ property: Property,
    ticksPerSecond: Int = 1,
    zoneLimit: Int = 20_000,
    timeless: Bool = false
  ) {
    isTimeless = timeless
    self.evaluator = evaluator
    self.property = property
    self.ticksPerSecond = ticksPerSecond
    self.zoneLimit = zoneLimit
  }

  package mutating func answer() -> Answer {
    do throws(Undecided) {
      return try search()
    } catch {
      return .undecided(error.reason)
    }
  }

  /// Breadth first, so that the first violation is a shortest one.
  private mutating func search() throws(Undecided) -> Answer {
    lifetimes = []
    for network in evaluator.model.networks {
      guard network.discipline == .set else { throw Undecided(reason: "no growing set") }
      guard let lifetime = network.lifetime else {
        lifetimes.append(nil)
        continue
      }
      guard let value = evaluator.model.duration(lifetime) else {
        throw Undecided(reason: "a lifetime cannot be evaluated")
      }
      lifetimes.append(try ticks(value))
    }
    var depth = 0
    var layer: [(Control, Zone)] = []
    let start = Control(state: evaluator.initialState, timers: [])
    add(start, Zone(), to: &layer)
    while !layer.isEmpty {
      for (control, zone) in layer where isBad(control, zone) { return .violated(depth: depth) }
      var next: [(Control, Zone)] = []
      for (control, zone) in layer { try expand(control, zone, into: &next) }
      layer = next
      depth += 1
    }
    return .holds
  }

  private func ticks(_ duration: Rational) throws(Undecided) -> Int {
    guard let ticks = (duration * Rational(ticksPerSecond)).integer else {
      throw Undecided(reason: "\(duration) s is no whole number of ticks")
    }
    return ticks
  }

  /// Lets time pass in a zone just entered and keeps it unless it is nothing new.
  private mutating func add(
    _ control: Control,
    _ arrived: Zone,
    to layer: inout [(Control, Zone)]
  ) {
    guard let zone = isTimeless ? Zone() : settled(control, arrived) else { return }
    let known = seen[control, default: []]
    if known.contains(where: { $0.contains(zone) }) { return }
    seen[control] = known.filter { !zone.contains($0) } + [zone]
    zones += 1
    layer.append((control, zone))
  }

  private func settled(_ control: Control, _ arrived: Zone) -> Zone? {
    // A timer for a negative time is overdue at once: there is no such run.
    guard let here = inTime(control, arrived) else { return nil }
    return inTime(control, here.passing())?.extrapolated(beyond: constants(control))
  }

  /// Where no timer is overdue.
  private func inTime(_ control: Control, _ zone: Zone) -> Zone? {
    var result = zone
    for (clock, timer) in control.timers.enumerated() {
      guard let less = result.with(clock: clock, .atMost(timer.duration)) else { return nil }
      result = less
    }
    return result
  }

  /// What each clock is compared with.
  private func constants(_ control: Control) -> [Int] {
    control.timers.map { max($0.duration, 0) }
      + mortal(control.state).map { max(lifetimes[$0.network] ?? 0, 0) }
  }

  /// Messages that were sent and can die, in order.
  private func mortal(_ state: State) -> [Envelope] {
    state.networks.flatMap(\.messages).map(\.envelope).filter { lifetimes[$0.network] != nil }
  }

  private mutating func expand(
    _ control: Control,
    _ zone: Zone,
    into layer: inout [(Control, Zone)]
  ) throws(Undecided) {
    for successor in evaluator.successors(of: control.state) {
      guard case .success(let after) = successor.outcome,
        let enabled = enabled(successor.step, control, zone)
      else { continue }
      if zones > zoneLimit { throw Undecided(reason: "more than \(zoneLimit) zones") }
      let messages = mortal(control.state)
      var timers = control.timers
      var isKept = [Bool](repeating: true, count: timers.count)
      var sent: Set<Envelope> = []
      func drop(_ instance: Int, _ timer: Int) {
        for index in timers.indices.reversed()
        where timers[index].instance == instance && timers[index].timer == timer {
          timers.remove(at: index)
          isKept.remove(at: index)
        }
      }
      if let (instance, timer) = successor.step.timeout { drop(instance, timer) }
      // Which clock of the old zone each timer that is left still has.
      for effect in successor.effects {
        switch effect {
        case .start(let instance, let timer, let duration):
          drop(instance, timer)
          let running = RunningTimer(
            instance: instance,
            timer: timer,
            duration: try ticks(duration)
          )
          timers.append(running)
          isKept.append(false)
        case .cancel(let instance, let timer): drop(instance, timer)
        case .send(let envelope, _): sent.insert(envelope)
        case .signal: break
        }
      }
      let order = timers.indices.sorted {
        (timers[$0].instance, timers[$0].timer) < (timers[$1].instance, timers[$1].timer)
      }
      let origins =
        order.map { index in isKept[index] ? control.timers.firstIndex(of: timers[index]) : nil }
        + mortal(after).map { envelope in
          sent.contains(envelope)
            ? nil : messages.firstIndex(of: envelope).map { $0 + control.timers.count }
        }
      add(
        Control(state: after, timers: order.map { timers[$0] }),
        isTimeless ? enabled : enabled.moved(to: origins),
        to: &layer
      )
    }
  }

  /// When the step can be taken: a timer fires exactly when it is due, a message arrives while it
  /// is younger than its lifetime, anything else happens at any time.
  private func enabled(_ step: Step, _ control: Control, _ zone: Zone) -> Zone? {
    if isTimeless { return zone }
    if let (instance, timer) = step.timeout {
      guard
        let clock = control.timers.firstIndex(where: {
          $0.instance == instance && $0.timer == timer
        })
      else { preconditionFailure("a timer that does not run expires") }
      return zone.with(clock: clock, atLeast: control.timers[clock].duration)
    }
    guard case .transition(_, _, .receive(let envelope), _) = step,
      let lifetime = lifetimes[envelope.network],
      let clock = mortal(control.state).firstIndex(of: envelope)
    else { return zone }
    return zone.with(clock: control.timers.count + clock, .below(lifetime))
  }

  /// Whether the property is false for some clock values of the zone: tries every set of messages
  /// that can be alive at once.
  private func isBad(_ control: Control, _ zone: Zone) -> Bool {
    isBad(control.state, zone, mortal(control.state)[...], firstClock: control.timers.count)
  }

  private func isBad(
    _ state: State,
    _ zone: Zone,
    _ messages: ArraySlice<Envelope>,
    firstClock: Int
  ) -> Bool {
    guard let envelope = messages.first, let lifetime = lifetimes[envelope.network] else {
      return (try? evaluator.evaluate(property, in: state)) != true
    }
    let clock = firstClock + messages.startIndex
    let rest = messages.dropFirst()
    if let alive = isTimeless ? zone : zone.with(clock: clock, .below(lifetime)),
      isBad(state, alive, rest, firstClock: firstClock)
    {
      return true
    }
    guard let dead = isTimeless ? zone : zone.with(clock: clock, atLeast: lifetime) else {
      return false
    }
    var without = state
    without.networks[envelope.network].messages.removeAll { $0.envelope == envelope }
    return isBad(without, dead, rest, firstClock: firstClock)
  }
}
