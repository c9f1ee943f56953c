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
    /// Copies in flight that can die, with the ticks each has left.
    var copies: [Copy] = []
  }

  private struct RunningTimer: Hashable {
    var instance: Int
    var timer: Int
    var ticksLeft: Int
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
    var layer = [Position(state: evaluator.initialState)]
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
    if position.timers.contains(where: { $0.ticksLeft <= 0 }) { return nil }
    var result = position
    for index in result.timers.indices { result.timers[index].ticksLeft -= 1 }
    for index in result.copies.indices { result.copies[index].ticksLeft -= 1 }
    result.copies.removeAll { $0.ticksLeft <= 0 }
    return result
  }

  private func successors(of position: Position) -> [Position] {
    evaluator.successors(of: position.state).compactMap { successor in
      guard case .success(let after) = successor.outcome else { return nil }
      var next = position
      next.state = after
      if let (instance, timer) = successor.step.timeout {
        let expired = RunningTimer(instance: instance, timer: timer, ticksLeft: 0)
        guard let index = next.timers.firstIndex(of: expired) else { return nil }
        next.timers.remove(at: index)
      }
      if case .transition(_, _, .receive(let envelope), _) = successor.step,
        lifetime(of: envelope) != nil,
        !position.copies.contains(where: { $0.envelope == envelope })
      {
        return nil
      }
      for effect in successor.effects { apply(effect, to: &next) }
      if next.timers.contains(where: { $0.ticksLeft < 0 }) { return nil }
      next.timers.sort { ($0.instance, $0.timer) < ($1.instance, $1.timer) }
      next.copies.sort { ($0.envelope, $0.ticksLeft) < ($1.envelope, $1.ticksLeft) }
      return next
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
    case .send(let envelope, _):
      guard let ticks = lifetime(of: envelope), ticks > 0 else { return }
      let copy = Copy(envelope: envelope, ticksLeft: ticks)
      if !position.copies.contains(copy) { position.copies.append(copy) }
    case .signal: break
    }
  }

  private func ticks(_ duration: Rational) -> Int {
    guard let ticks = (duration * Rational(ticksPerSecond)).integer else {
      preconditionFailure("\(duration) s is no whole number of ticks")
    }
    return ticks
  }

  /// Ticks; nil for a message that lives for ever.
  private func lifetime(of envelope: Envelope) -> Int? {
    evaluator.model.networks[envelope.network].lifetime
      .flatMap { evaluator.model.duration($0) }.map(ticks)
  }

  private func isBad(_ position: Position) -> Bool {
    var state = position.state
    for network in state.networks.indices {
      state.networks[network].messages.removeAll { message in
        lifetime(of: message.envelope) != nil
          && !position.copies.contains { $0.envelope == message.envelope }
      }
    }
    return (try? evaluator.evaluate(property, in: state)) != true
  }
}
