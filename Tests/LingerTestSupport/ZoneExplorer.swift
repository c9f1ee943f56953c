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
    /// No run makes it false, but some end in an error of the spec, or where time stands still: the
    /// shortest after so many steps, one more where time stands still.
    case cutOff(depth: Int)
    /// Too many zones, or a duration that is not a whole number of ticks.
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
  private var delays: [(shortest: Int, longest: Int)?] = []
  private var seen: [Control: [Zone]] = [:]
  private var errorDepth: Int?
  private var depth = 0

  /// All but the clocks' values. The clocks are those of the armed timers, then those of the
  /// messages that were sent and can die, then those of the copies whose time is limited, in this
  /// order.
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
    delays = []
    for network in evaluator.model.networks {
      lifetimes.append(
        try network.lifetime.map { lifetime throws(Undecided) in try ticks(lifetime) }
      )
      guard let delay = network.delay else {
        delays.append(nil)
        continue
      }
      delays.append((try ticks(delay.shortest), try ticks(delay.longest)))
    }
    depth = 0
    errorDepth = nil
    var layer: [(Control, Zone)] = []
    for state in evaluator.initialStates {
      let start = Control(state: state, timers: try initialTimers())
      add(start, Zone().moved(to: start.timers.map { _ in nil }), to: &layer)
    }
    while !layer.isEmpty {
      for (control, zone) in layer where isBad(control, zone) { return .violated(depth: depth) }
      var next: [(Control, Zone)] = []
      for (control, zone) in layer { try expand(control, zone, into: &next) }
      layer = next
      depth += 1
    }
    return errorDepth.map { .cutOff(depth: $0) } ?? .holds
  }

  /// What runs from the start.
  private func initialTimers() throws(Undecided) -> [RunningTimer] {
    var timers: [RunningTimer] = []
    for (instance, declaration) in evaluator.model.instances.enumerated() {
      for (timer, description) in evaluator.model.roles[declaration.role].timers.enumerated() {
        guard let initial = description.initial else { continue }
        guard let duration = evaluator.model.duration(initial) else {
          throw Undecided(reason: "a duration cannot be evaluated")
        }
        timers.append(
          RunningTimer(instance: instance, timer: timer, duration: try ticks(duration))
        )
      }
    }
    return timers
  }

  private func ticks(_ duration: Rational) throws(Undecided) -> Int {
    guard let ticks = (duration * Rational(ticksPerSecond)).integer else {
      throw Undecided(reason: "\(duration) s is not a whole number of ticks")
    }
    return ticks
  }

  private func ticks(_ expression: Expression) throws(Undecided) -> Int {
    guard let value = evaluator.model.duration(expression) else {
      throw Undecided(reason: "a duration cannot be evaluated")
    }
    return try ticks(value)
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
    let later = isUrgent(control.state) ? here : here.passing()
    return inTime(control, later)?.extrapolated(beyond: constants(control))
  }

  private func isUrgent(_ state: State) -> Bool {
    let transitions = evaluator.model.transitions
    if !transitions.contains(where: \.isUrgent) { return false }
    return evaluator.successors(of: state).contains { successor in
      guard case .transition(_, let number, _, _) = successor.step else { return false }
      return transitions[number].isUrgent
    }
  }

  /// Where no timer is overdue, and no copy of a message.
  private func inTime(_ control: Control, _ zone: Zone) -> Zone? {
    var result = zone
    for (clock, timer) in control.timers.enumerated() {
      guard let less = result.with(clock: clock, .atMost(timer.duration)) else { return nil }
      result = less
    }
    let first = firstCopy(control)
    for (index, envelope) in copies(control.state).enumerated() {
      let network = envelope.network
      let limit =
        delays[network].map { Zone.Bound.atMost($0.longest) }
        ?? lifetimes[network].map { Zone.Bound.below($0) }
      guard let limit else { continue }
      guard let less = result.with(clock: first + index, limit) else { return nil }
      result = less
    }
    return result
  }

  /// What each clock is compared with.
  private func constants(_ control: Control) -> [Int] {
    control.timers.map { max($0.duration, 0) }
      + (mortal(control.state) + copies(control.state)).map { envelope in
        max(delays[envelope.network]?.longest ?? 0, lifetimes[envelope.network] ?? 0, 0)
      }
  }

  /// Messages that were sent and can die, in order.
  private func mortal(_ state: State) -> [Envelope] {
    state.networks.flatMap(\.messages).map(\.envelope).filter {
      lifetimes[$0.network] != nil && evaluator.model.networks[$0.network].discipline == .set
    }
  }

  /// Copies whose time is limited: equal messages in the order in which they were sent.
  private func copies(_ state: State) -> [Envelope] {
    state.networks.flatMap(\.messages).flatMap { Array(repeating: $0.envelope, count: $0.copies) }
      .filter {
        (lifetimes[$0.network] != nil || delays[$0.network] != nil)
          && evaluator.model.networks[$0.network].discipline != .set
      }
  }

  private func firstCopy(_ control: Control) -> Int {
    control.timers.count + mortal(control.state).count
  }

  private mutating func expand(
    _ control: Control,
    _ zone: Zone,
    into layer: inout [(Control, Zone)]
  ) throws(Undecided) {
    var stuck = due(control, zone)
    for successor in evaluator.successors(of: control.state) {
      let ways = ways(successor, control, zone)
      if changes(successor, control.state) {
        for way in ways { stuck = stuck.flatMap { $0.subtracting(way.zone) } }
      }
      guard case .success(let after) = successor.outcome else {
        if !ways.isEmpty { errorDepth = errorDepth ?? depth + 1 }
        continue
      }
      for (enabled, copies) in ways {
        try take(successor, to: after, enabled, copies, control, into: &layer)
      }
    }
    if !stuck.isEmpty { errorDepth = errorDepth ?? depth + 1 }
  }

  /// Where no time can pass, timers aside, which can always expire.
  private func due(_ control: Control, _ zone: Zone) -> [Zone] {
    if isTimeless { return [] }
    if isUrgent(control.state) { return [zone] }
    let first = firstCopy(control)
    return copies(control.state).enumerated().compactMap { index, envelope in
      delays[envelope.network].flatMap { zone.with(clock: first + index, atLeast: $0.longest) }
    }
  }

  /// Whether anything is another way after a step.
  private func changes(_ successor: Successor, _ before: State) -> Bool {
    guard case .success(let after) = successor.outcome, after == before else { return true }
    var started: [[Int]] = []
    for effect in successor.effects {
      switch effect {
      case .start(let instance, let timer, _): started.append([instance, timer])
      case .cancel(let instance, let timer): started.removeAll { $0 == [instance, timer] }
      case .send(_, let isDropped): if !isDropped { return true }
      case .signal: break
      }
    }
    return !started.isEmpty
  }

  /// A step at given times, about a given copy.
  private mutating func take(
    _ successor: Successor,
    to after: State,
    _ enabled: Zone,
    _ old: [(envelope: Envelope, clock: Int?)],
    _ control: Control,
    into layer: inout [(Control, Zone)]
  ) throws(Undecided) {
    if zones > zoneLimit { throw Undecided(reason: "more than \(zoneLimit) zones") }
    var copies = old
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
      case .send(let envelope, let isDropped):
        sent.insert(envelope)
        if !isDropped { copies.append((envelope, nil)) }
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
      + self.copies(after).map { envelope in
        guard let index = copies.firstIndex(where: { $0.envelope == envelope }) else {
          preconditionFailure("a copy comes from nowhere")
        }
        return copies.remove(at: index).clock
      }
    add(
      Control(state: after, timers: order.map { timers[$0] }),
      isTimeless ? enabled : enabled.moved(to: origins),
      to: &layer
    )
  }

  /// When the step can be taken, and the copies in flight then, with their clocks: for each copy
  /// that it may be about, and each way in which its guard can be true.
  private func ways(
    _ successor: Successor,
    _ control: Control,
    _ zone: Zone
  ) -> [(zone: Zone, copies: [(envelope: Envelope, clock: Int?)])] {
    guard let enabled = enabled(successor.step, control, zone) else { return [] }
    let times = isTimeless ? [enabled] : elapsed(successor.elapsed, control, enabled)
    let first = firstCopy(control)
    let copies = copies(control.state).enumerated().map { (envelope: $1, clock: first + $0) }
    var result: [(zone: Zone, copies: [(envelope: Envelope, clock: Int?)])] = []
    for zone in times {
      for (index, isNew) in candidates(successor.step, copies.map(\.envelope)) {
        var rest: [(envelope: Envelope, clock: Int?)] = copies
        var part = zone
        if let index {
          if isNew {
            rest.insert(copies[index], at: index + 1)
          } else {
            rest.remove(at: index)
          }
          if case .transition = successor.step, !isTimeless,
            let delay = delays[copies[index].envelope.network]
          {
            guard let old = part.with(clock: copies[index].clock, atLeast: delay.shortest) else {
              continue
            }
            part = old
          }
        }
        result.append((part, rest))
      }
    }
    return result
  }

  /// The copies that a step may be about, and whether it makes another one; nil for none.
  private func candidates(_ step: Step, _ copies: [Envelope]) -> [(index: Int?, isNew: Bool)] {
    let about: Envelope
    var position = 0
    var isNew = false
    switch step {
    case .transition(_, _, .receive(let envelope), _): about = envelope
    case .lose(let envelope, let place): (about, position) = (envelope, place)
    case .duplicate(let envelope, let place): (about, position, isNew) = (envelope, place, true)
    case .transition, .ignoredTimeout: return [(nil, false)]
    }
    let network = evaluator.model.networks[about.network]
    if network.discipline == .set || (network.lifetime == nil && network.delay == nil) {
      return [(nil, false)]
    }
    if network.reordering {
      return copies.indices.filter { copies[$0] == about }.map { ($0, isNew) }
    }
    let direction = copies.indices.filter {
      (copies[$0].network, copies[$0].sender, copies[$0].receiver)
        == (about.network, about.sender, about.receiver)
    }
    return [(direction[position], isNew)]
  }

  /// The parts of a zone in which what a guard asks about elapsed time is true.
  private func elapsed(_ condition: ElapsedCondition, _ control: Control, _ zone: Zone) -> [Zone] {
    condition.alternatives.compactMap { tests in
      var part: Zone? = zone
      for test in tests {
        guard
          let clock = control.timers.firstIndex(where: {
            $0.instance == test.instance && $0.timer == test.timer
          }), let ticks = try? ticks(test.duration)
        else { preconditionFailure("a guard asks for a timer that does not run") }
        switch test.relation {
        case .less: part = part?.with(clock: clock, .below(ticks))
        case .lessOrEqual: part = part?.with(clock: clock, .atMost(ticks))
        case .greaterOrEqual: part = part?.with(clock: clock, atLeast: ticks)
        case .greater: part = part?.with(clock: clock, above: ticks)
        default:
          part = part?.with(clock: clock, .atMost(ticks))?.with(clock: clock, atLeast: ticks)
        }
      }
      return part
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
      evaluator.model.networks[envelope.network].discipline == .set,
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
