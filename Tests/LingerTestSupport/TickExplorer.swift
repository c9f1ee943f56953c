package import LingerEval
package import LingerModel

/// Decides a timed invariant by counting ticks: time passes one tick at a time, and every copy of
/// a message is kept.
///
/// The plainest reading there is, to judge ``ZoneExplorer`` by. Every run it finds is a run; it
/// misses those that need finer times than a tick. A run of `n` steps with whole numbers for
/// durations needs no more than `n + 2` ticks to a second: a cycle of its constraints has at most
/// one strict bound for each step and one for the end, and a whole number of seconds to spare.
package struct TickExplorer {
  package enum Answer: Hashable, Sendable {
    case notFound
    case violated(depth: Int)
    case tooLarge
  }

  private let evaluator: Evaluator
  private let property: Property
  private let ticksPerSecond: Int
  private let limit: Int

  private struct Position: Hashable {
    var state: State
    var timers: [RunningTimer] = []
    /// Copies in flight in growing sets that can die, with the ticks each has left.
    var copies: [Copy] = []
    /// Copies in flight in other networks, in the order in which they were sent.
    var flights: [Flight] = []
  }

  private struct RunningTimer: Hashable {
    var instance: Int
    var timer: Int
    var ticksLeft: Int
    /// Since its start.
    var ticks = 0
  }

  private struct Flight: Hashable {
    var envelope: Envelope
    var age = 0
  }

  private struct Copy: Hashable {
    var envelope: Envelope
    var ticksLeft: Int
  }

  package init(
    _ evaluator: Evaluator,
    _ property: Property,
    ticksPerSecond: Int,
    limit: Int = 20_000
  ) {
    self.evaluator = evaluator
    self.property = property
    self.ticksPerSecond = ticksPerSecond
    self.limit = limit
  }

  /// Breadth first by steps; ticks cost nothing.
  package func answer(upTo depthLimit: Int = .max) -> Answer {
    var seen: Set<Position> = []
    var start = Position(state: evaluator.initialState)
    for (instance, declaration) in evaluator.model.instances.enumerated() {
      for (timer, description) in evaluator.model.roles[declaration.role].timers.enumerated() {
        guard let duration = description.initial.flatMap({ evaluator.model.duration($0) }) else {
          continue
        }
        apply(.start(instance: instance, timer: timer, duration: duration), to: &start)
      }
    }
    var layer = start.timers.contains { $0.ticksLeft < 0 } ? [] : [start]
    var depth = 0
    while !layer.isEmpty, depth <= depthLimit {
      var next: [Position] = []
      var index = 0
      while index < layer.count {
        let position = layer[index]
        index += 1
        guard seen.insert(position).inserted else { continue }
        if seen.count > limit { return .tooLarge }
        if isBad(position) { return .violated(depth: depth) }
        if let later = ticked(position) { layer.append(later) }
        next += successors(of: position)
      }
      layer = next
      depth += 1
    }
    return .notFound
  }

  private func ticked(_ position: Position) -> Position? {
    if position.timers.contains(where: { $0.ticksLeft <= 0 }) || isUrgent(position.state) {
      return nil
    }
    var result = position
    for index in result.timers.indices {
      result.timers[index].ticksLeft -= 1
      result.timers[index].ticks += 1
    }
    for index in result.copies.indices { result.copies[index].ticksLeft -= 1 }
    result.copies.removeAll { $0.ticksLeft <= 0 }
    for index in result.flights.indices {
      let network = evaluator.model.networks[result.flights[index].envelope.network]
      if network.hasTimeLimit { result.flights[index].age += 1 }
    }
    return result.flights.contains(where: isOverdue) ? nil : result
  }

  private func isUrgent(_ state: State) -> Bool {
    evaluator.model.transitions.contains(where: \.isUrgent)
      && evaluator.successors(of: state).contains { successor in
        guard case .transition(_, let number, _, _) = successor.step else { return false }
        return evaluator.model.transitions[number].isUrgent
      }
  }

  private func isOverdue(_ flight: Flight) -> Bool {
    let network = evaluator.model.networks[flight.envelope.network]
    if let longest = network.delay?.longest { return flight.age > ticks(of: longest) }
    return lifetime(of: flight.envelope).map { flight.age >= $0 } ?? false
  }

  private func successors(of position: Position) -> [Position] {
    evaluator.successors(of: position.state).flatMap { successor -> [Position] in
      guard case .success(let after) = successor.outcome, isTrue(successor.elapsed, position)
      else { return [] }
      var next = position
      next.state = after
      if let (instance, timer) = successor.step.timeout {
        let expired = next.timers.firstIndex {
          $0.instance == instance && $0.timer == timer && $0.ticksLeft == 0
        }
        guard let expired else { return [] }
        next.timers.remove(at: expired)
      }
      return flights(successor.step, position).compactMap { flights in
        var way = next
        way.flights = flights
        return completed(way, successor.effects)
      }
    }
  }

  private func completed(_ position: Position, _ effects: [Effect]) -> Position? {
    var next = position
    for effect in effects { apply(effect, to: &next) }
    if next.timers.contains(where: { $0.ticksLeft < 0 }) { return nil }
    if next.flights.contains(where: isOverdue) { return nil }
    next.timers.sort { ($0.instance, $0.timer) < ($1.instance, $1.timer) }
    next.copies.sort { ($0.envelope, $0.ticksLeft) < ($1.envelope, $1.ticksLeft) }
    return next
  }

  private func isTrue(_ condition: ElapsedCondition, _ position: Position) -> Bool {
    condition.alternatives.contains { tests in
      tests.allSatisfy { test in
        position.timers.contains { timer in
          timer.instance == test.instance && timer.timer == test.timer
            && test.isTrue(of: (Rational(timer.ticks, over: ticksPerSecond) ?? .zero))
        }
      }
    }
  }

  /// The copies in flight after a step has taken, lost or doubled one, for each that it may be.
  private func flights(_ step: Step, _ position: Position) -> [[Flight]] {
    let flights = position.flights
    let about: Envelope
    var place = 0
    switch step {
    case .transition(_, _, .receive(let envelope), _): about = envelope
    case .lose(let envelope, let position), .duplicate(let envelope, let position):
      (about, place) = (envelope, position)
    case .transition, .ignoredTimeout: return [flights]
    }
    let network = evaluator.model.networks[about.network]
    if network.discipline == .set {
      let isDead =
        lifetime(of: about) != nil && !position.copies.contains { $0.envelope == about }
      return isDead ? [] : [flights]
    }
    let behind = flights.indices.filter {
      (flights[$0].envelope.network, flights[$0].envelope.sender, flights[$0].envelope.receiver)
        == (about.network, about.sender, about.receiver)
    }
    let chosen =
      network.reordering ? behind.filter { flights[$0].envelope == about } : [behind[place]]
    return chosen.compactMap { index in
      var result = flights
      switch step {
      case .duplicate: result.insert(flights[index], at: index + 1)
      case .lose: result.remove(at: index)
      default:
        if let shortest = network.delay?.shortest, flights[index].age < ticks(of: shortest) {
          return nil
        }
        result.remove(at: index)
      }
      return result
    }
  }

  private func apply(_ effect: Effect, to position: inout Position) {
    switch effect {
    case .start(let instance, let timer, let duration):
      position.timers.removeAll { $0.instance == instance && $0.timer == timer }
      position.timers.append(
        RunningTimer(instance: instance, timer: timer, ticksLeft: ticks(duration))
      )
    case .cancel(let instance, let timer):
      position.timers.removeAll { $0.instance == instance && $0.timer == timer }
    case .send(let envelope, let isDropped)
    where evaluator.model.networks[envelope.network].discipline != .set:
      if !isDropped { position.flights.append(Flight(envelope: envelope)) }
    case .send(let envelope, _):
      guard let ticks = lifetime(of: envelope), ticks > 0 else { return }
      let copy = Copy(envelope: envelope, ticksLeft: ticks)
      if !position.copies.contains(copy) { position.copies.append(copy) }
    case .signal: break
    }
  }

  private func ticks(_ duration: Rational) -> Int {
    guard let ticks = (duration * Rational(ticksPerSecond)).integer else {
      preconditionFailure("\(duration) s is not a whole number of ticks")
    }
    return ticks
  }

  private func ticks(of duration: Expression) -> Int {
    evaluator.model.duration(duration).map(ticks) ?? 0
  }

  /// Ticks; nil for a message that lives for ever.
  private func lifetime(of envelope: Envelope) -> Int? {
    evaluator.model.networks[envelope.network].lifetime
      .flatMap { evaluator.model.duration($0) }.map(ticks)
  }

  private func isBad(_ position: Position) -> Bool {
    var state = position.state
    for network in state.networks.indices
    where evaluator.model.networks[network].discipline == .set {
      state.networks[network].messages.removeAll { message in
        lifetime(of: message.envelope) != nil
          && !position.copies.contains { $0.envelope == message.envelope }
      }
    }
    return (try? evaluator.evaluate(property, in: state)) != true
  }
}
