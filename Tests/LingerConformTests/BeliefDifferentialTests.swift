import LingerConform
import LingerEval
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// Belief sets against an independent follower on plain values: traces of random specs, as they
/// are and edited, get the same verdict at the same event.
@Suite("belief sets against the evaluator")
struct BeliefDifferentialTests {
  static let seeds = Seeds(for: "belief sets")
  static let batchCount = 6
  static let specsPerBatch = 10
  static let mostBeliefs = 400

  @Test("the same traces are explained", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var traces = 0
    var violations = 0
    var specs = 0
    // Most random specs hide what cannot be followed.
    for round in 0..<400 where specs < Self.specsPerBatch {
      let seed = Self.seeds.seed(round * Self.batchCount + batch)
      let spec = RandomSpec(seed: seed)
      let model = try Model(spec: spec.text)
      guard let instance = model.instances.indices.first(where: { Self.sends($0, model) }),
        let subject = try? Subject(instance, of: model), subject.unseenCallProblem == nil
      else { continue }
      specs += 1
      var random = RandomNumbers(seed: seed)
      var visibility = Visibility.exact
      visibility.seesCalls = false
      visibility.seesSignals = false
      let most = Self.mostBeliefs
      let engines = [
        BeliefEngine(subject, visibility, mostBeliefs: most),
        BeliefEngine(subject, visibility, mostBeliefs: most, sharesPaths: false),
        // Every integer is followed by what is asked of it.
        BeliefEngine(subject, visibility, mostBeliefs: most, fewValues: 1),
      ]
      for number in 0..<16 {
        var trace = TraceMaker(model, instance).trace(length: 12, &random)
        if number > 0 { TraceMaker(model, instance).edit(&trace, &random) }
        for (place, engine) in engines.enumerated() {
          guard let (slow, fast) = compare(trace, model, engine) else { continue }
          traces += 1
          if slow != nil { violations += 1 }
          #expect(slow == fast, "seed \(seed), engine \(place), trace \(trace)\n\(spec.text)")
          // What a run of the spec let out is explained.
          if number == 0 { #expect(slow == nil) }
        }
      }
    }
    print("belief sets: \(specs) specs, \(traces) traces, \(violations) violations")
    #expect(specs == Self.specsPerBatch && traces > 40 && violations > 0)
  }

  private static func sends(_ instance: Int, _ model: Model) -> Bool {
    model.networks.contains { network in
      network.routes.contains { $0.sender == model.instances[instance].role }
    }
  }

  /// The first event that nothing explains, for each of the two; nil where a limit was reached.
  private func compare(
    _ trace: [SlowFollower.Event],
    _ model: Model,
    _ engine: BeliefEngine
  ) -> (slow: Int?, fast: Int?)? {
    var slow = SlowFollower(model, instance: engine.subject.instance)
    var fast = Follower(engine, beginningAt: 0, judgesTime: false)
    var found: (slow: Int?, fast: Int?) = (nil, nil)
    for (number, event) in trace.enumerated() {
      let isInput: Bool
      let value: Value
      switch event {
      case .input(let message): (isInput, value) = (true, message)
      case .output(let message): (isInput, value) = (false, message)
      }
      guard case .record(let record, _) = value,
        let values = engine.subject.kernel.codec(ofRecord: record)?.registers(of: value),
        let isExplained = slow.observe(event, most: Self.mostBeliefs)
      else { return nil }
      let seen = SeenMessage(record: record, values: values)
      fast.observe(isInput ? .input(seen) : .output(seen), at: 0)
      if fast.verdict == .unknown { return nil }
      if !isExplained, found.slow == nil { found.slow = number }
      if fast.orderDeviation != nil, found.fast == nil { found.fast = fast.orderDeviation?.event }
      if !isExplained || fast.orderDeviation != nil {
        #expect(slow.hasLost == (fast.verdict != .violates))
        break
      }
    }
    return found
  }
}

/// Makes traces of one instance from random runs, and spoils them.
private struct TraceMaker {
  private let model: Model
  private let instance: Int
  private let evaluator: Evaluator

  init(_ model: Model, _ instance: Int) {
    self.model = model
    self.instance = instance
    evaluator = Evaluator(model)
  }

  func trace(length: Int, _ random: inout RandomNumbers) -> [SlowFollower.Event] {
    var events: [SlowFollower.Event] = []
    var state = evaluator.declaredState.instances[instance]
    var timers = StartedTimers(model, instance)
    for _ in 0..<length {
      var cause = LocalCause.spontaneous
      if random.below(2) == 0, let envelope = anyInput(&random) {
        events.append(.input(envelope.message))
        cause = .receive(envelope)
      }
      let steps = evaluator.localSteps(
        of: instance,
        local: state,
        cause: cause,
        copiesInFlight: { _ in 0 }
      ).filter { timers.allow($0) }
      if steps.isEmpty {
        if case .receive = cause { return events }
        continue
      }
      let step = steps[random.below(steps.count)]
      guard case .success(let outcome) = step.outcome else { return events }
      state = outcome.state
      timers = timers.after(step)
      events += outcome.sends.map { .output($0.message) }
    }
    return events
  }

  private func anyInput(_ random: inout RandomNumbers) -> Envelope? {
    let role = model.instances[instance].role
    for (number, network) in model.networks.enumerated() {
      for route in network.routes where route.receiver == role {
        let senders = model.instances(of: route.sender).filter { $0 != instance }
        guard let sender = senders.first, !route.messages.isEmpty else { continue }
        let record = route.messages[random.below(route.messages.count)]
        guard let count = model.cardinality(of: .record(record)), count > 0 else { continue }
        let message = model.value(at: random.below(count), in: .record(record))
        return Envelope(network: number, sender: sender, receiver: instance, message: message)
      }
    }
    return nil
  }

  /// One change: an event dropped, repeated, swapped with the next, or with another message.
  func edit(_ trace: inout [SlowFollower.Event], _ random: inout RandomNumbers) {
    guard !trace.isEmpty else { return }
    let place = random.below(trace.count)
    switch random.below(4) {
    case 0: trace.remove(at: place)
    case 1: trace.insert(trace[place], at: place)
    case 2 where place + 1 < trace.count: trace.swapAt(place, place + 1)
    default:
      func changed(_ message: Value) -> Value {
        guard case .record(let record, _) = message,
          let count = model.cardinality(of: .record(record))
        else { return message }
        return model.value(at: random.below(count), in: .record(record))
      }
      switch trace[place] {
      case .input(let message): trace[place] = .input(changed(message))
      case .output(let message): trace[place] = .output(changed(message))
      }
    }
  }
}
