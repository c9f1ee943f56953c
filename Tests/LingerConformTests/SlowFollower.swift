import LingerConform
import LingerEval
import LingerKernel
import LingerModel

/// Follows a trace on plain values with the reference evaluator, by order alone: nothing is
/// packed, remembered or shared with ``BeliefEngine``. Written to be read.
struct SlowFollower {
  private let model: Model
  private let instance: Int
  private let evaluator: Evaluator
  /// More messages than that are never waiting to be taken.
  private static let mostUntaken = 64
  private(set) var beliefs: Set<Belief>
  /// An error of the spec or a message that no transition takes was met.
  private(set) var hasLost = false

  struct Belief: Hashable {
    var state: State.InstanceState
    var timers: StartedTimers
    var inbox: [Value] = []
    var outbox: [Value] = []
  }

  enum Event {
    case input(Value)
    case output(Value)
  }

  init(_ model: Model, instance: Int) {
    self.model = model
    self.instance = instance
    evaluator = Evaluator(model)
    beliefs = [
      Belief(
        state: evaluator.declaredState.instances[instance],
        timers: StartedTimers(model, instance)
      )
    ]
  }

  /// Takes an event; false where nothing explains it, or there are too many beliefs to be slow.
  /// With `other` the steps are those of another evaluator, whose model has fewer choices: one
  /// that finds nothing to choose there is left out.
  mutating func observe(_ event: Event, most: Int, with other: Evaluator? = nil) -> Bool? {
    var all = beliefs
    var open = Array(beliefs)
    while let belief = open.popLast() {
      if !belief.outbox.isEmpty { continue }
      for (next, sent) in steps(from: belief, other) where sent.isEmpty && all.insert(next).inserted
      {
        open.append(next)
      }
      if all.count > most { return nil }
    }
    var found: Set<Belief> = []
    for belief in all where belief.inbox.count <= Self.mostUntaken {
      switch event {
      case .input(let message):
        var next = belief
        next.inbox.append(message)
        found.insert(next)
      case .output(let message):
        if let first = belief.outbox.first {
          guard first == message else { continue }
          var next = belief
          next.outbox.removeFirst()
          found.insert(next)
          continue
        }
        for (next, sent) in steps(from: belief, other) where sent.first == message {
          var next = next
          next.outbox = Array(sent.dropFirst())
          found.insert(next)
        }
      }
    }
    beliefs = found
    return !found.isEmpty
  }

  private mutating func steps(
    from belief: Belief,
    _ other: Evaluator?
  ) -> [(Belief, [Value])] {
    var result: [(Belief, [Value])] = []
    var causes: [(LocalCause, [Value])] = [(.spontaneous, belief.inbox)]
    if let first = belief.inbox.first {
      causes.append((.receive(envelope(first)), Array(belief.inbox.dropFirst())))
    }
    for (cause, inbox) in causes {
      let steps = (other ?? evaluator).localSteps(
        of: instance,
        local: belief.state,
        cause: cause,
        copiesInFlight: { _ in 0 }
      )
      if case .receive = cause, steps.isEmpty { hasLost = true }
      for step in steps where belief.timers.allow(step) {
        switch step.outcome {
        case .success(let outcome):
          let timers = belief.timers.after(step)
          result.append(
            (
              Belief(state: outcome.state, timers: timers, inbox: inbox),
              outcome.sends.map(\.message)
            )
          )
        case .failure(let error) where other != nil && error.kind == .emptyChoice: break
        case .failure: hasLost = true
        }
      }
    }
    return result
  }

  /// As the engine thinks of it: from the first other instance that may send such a message.
  private func envelope(_ message: Value) -> Envelope {
    guard case .record(let record, _) = message else { preconditionFailure("not a message") }
    let role = model.instances[instance].role
    for (number, network) in model.networks.enumerated() {
      for route in network.routes where route.receiver == role && route.messages.contains(record) {
        for other in model.instances(of: route.sender) where other != instance {
          return Envelope(network: number, sender: other, receiver: instance, message: message)
        }
      }
    }
    return Envelope(network: 0, sender: instance, receiver: instance, message: message)
  }
}

/// How long each timer of an instance was started for, in seconds: all that order alone tells of
/// the time since its start, once it expires.
struct StartedTimers: Hashable {
  private var durations: [Rational?]

  init(_ model: Model, _ instance: Int) {
    durations = model.roles[model.instances[instance].role].timers.map { timer in
      timer.initial.flatMap { model.duration($0) }
    }
  }

  /// False for the expiry of a timer after another time than that which it was started for.
  func allow(_ step: LocalStep) -> Bool {
    let timer: Int
    switch step.step {
    case .transition(_, _, .timeout(let number), _), .ignoredTimeout(_, let number): timer = number
    default: return true
    }
    guard let duration = durations[timer] else { return true }
    return step.elapsed.alternatives.contains { tests in
      tests.allSatisfy { $0.timer != timer || $0.isTrue(of: duration) }
    }
  }

  func after(_ step: LocalStep) -> StartedTimers {
    var result = self
    for case .start(_, let timer, let duration) in step.effects {
      result.durations[timer] = duration
    }
    return result
  }
}
