import LingerEval
import LingerModel

extension ControlExploration {
  /// What a move makes of a key.
  struct Effect {
    /// The number of the key to which it leads.
    var target: Int
    var fires: ControlGraph.Deadline?
    var resets: [Int] = []
    /// What is sent into growing sets, and into networks that keep copies.
    var sends: [Int] = []
    var sentCopies: [Envelope] = []
    /// Of what is sent into growing sets what locations do not say.
    var untracked = NumberSet()
  }

  /// What a move does, whatever the key.
  struct Plan {
    /// The number of its changes of timers.
    var timers = 0
    var resets: [Int] = []
    var sends: [Int] = []
    var untracked = NumberSet()
    /// Messages that contents take in, in order.
    var additions: [Int] = []
    /// What is armed afterwards, of what it started.
    var started: [ControlGraph.Deadline] = []
    /// The clocks that tell whether a started timer is overdue at once; nil before it is asked.
    var shortfalls: [Int]?
  }

  /// What a move makes of a key: where it leads, or to what end, and to what end besides for
  /// parameter values for which a timer's duration is below zero.
  mutating func effects(
    of move: LocalMoves.Move,
    _ instance: Int,
    receiving envelope: Int?,
    _ key: Int
  ) -> [Effect] {
    let plan = plan(of: move)
    let (deadlines, fires) = keys.deadlines(keys.deadlines(of: key), after: plan.timers)
    guard let local = move.target else { return [failure(fires)] }
    var contents = keys.contents(of: key)
    if let envelope { contents = self.contents(contents, taking: envelope) }
    var sentCopies: [Envelope] = []
    for number in plan.additions {
      let message = moves.envelopes[number]
      let isCopied = moves.isCopied(message)
      if let after = keys.contents(contents, adding: number, message) {
        contents = after
        if isCopied { sentCopies.append(message) }
      } else if isCopied, !model.networks[message.network].dropsWhenFull {
        return [failure(fires)]
      }
    }
    let target = keys.number(of: key, instance, in: local, contents: contents, deadlines: deadlines)
    let effect = Effect(
      target: target,
      fires: fires,
      resets: plan.resets,
      sends: plan.sends,
      sentCopies: sentCopies,
      untracked: plan.untracked
    )
    let shortfalls = plan.started.isEmpty ? [] : shortfalls(of: move, plan)
    if shortfalls.isEmpty { return [effect] }
    return [effect]
      + shortfalls.map { clock in
        Effect(target: keys.number(of: .overdue(clock)), fires: fires, resets: [clock])
      }
  }

  private mutating func failure(_ fires: ControlGraph.Deadline?) -> Effect {
    Effect(target: keys.number(of: .failure), fires: fires)
  }

  /// The contents after a message has arrived.
  mutating func contents(_ number: Int, taking envelope: Int) -> Int {
    let message = moves.envelopes[envelope]
    guard moves.isCopied(message) else { return number }
    return keys.contents(number, taking: envelope, message)
  }

  private mutating func plan(of move: LocalMoves.Move) -> Plan {
    guard let number = move.number else { return newPlan(of: move) }
    while plans.count < moves.moveCount { plans.append(nil) }
    if let known = plans[number] { return known }
    let plan = newPlan(of: move)
    plans[number] = plan
    return plan
  }

  private mutating func newPlan(of move: LocalMoves.Move) -> Plan {
    var plan = Plan()
    var timers = TimerChanges()
    if let (instance, timer) = move.step.timeout {
      timers.fires = moves.clock(ofTimer: timer, of: instance)
    }
    for change in move.changes {
      switch change {
      case .arm(let deadline):
        timers.changes.append(.arm(deadline))
        plan.started.removeAll { $0.clock == deadline.clock }
        plan.started.append(deadline)
        plan.resets.append(deadline.clock)
      case .disarm(let clock):
        timers.changes.append(.disarm(clock))
        plan.started.removeAll { $0.clock == clock }
        plan.resets.removeAll { $0 == clock }
      case .send(let envelope, let clock?):
        plan.resets.append(clock)
        plan.sends.append(envelope)
        if moves.tracks(moves.envelopes[envelope]) {
          plan.additions.append(envelope)
        } else {
          plan.untracked.insert(envelope)
        }
      case .send(let envelope, nil): plan.additions.append(envelope)
      }
    }
    plan.resets = plan.resets.ascending
    plan.timers = keys.number(of: timers)
    return plan
  }

  private mutating func shortfalls(of move: LocalMoves.Move, _ plan: Plan) -> [Int] {
    if let known = plan.shortfalls { return known }
    let found = plan.started.compactMap { moves.clock(ofShortfall: $0.bound) }
    if let number = move.number { plans[number]?.shortfalls = found }
    return found
  }
}
