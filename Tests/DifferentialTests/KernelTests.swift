import LingerDiagnostics
import LingerEval
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// The step kernel against the reference evaluator: the same steps in the same order, with the same
/// choices, states, messages, timers and errors, in every state of random specs.
@Suite("the step kernel")
struct KernelTests {
  static let seeds = Seeds(for: "steps of the kernel")
  static let fixedSeeds = Seeds(from: 1)
  static let batchCount = 8
  static let specsPerBatch = 40
  static let stateCap = 80

  @Test("kernel and evaluator take the same steps", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    let seeds = batch == 0 ? Self.fixedSeeds : Self.seeds
    var count = StepCount()
    for round in 0..<Self.specsPerBatch {
      let spec = RandomSpec(seed: seeds.seed(round * Self.batchCount + batch))
      let model = try Model(spec: spec.text)
      let differences = StepComparison(model).differences(stateCap: Self.stateCap, &count)
      #expect(differences.isEmpty, "\(differences.prefix(5).joined(separator: "\n"))\n\(spec.text)")
    }
    print("kernel: \(count.compared) steps compared, \(count.failed) failed, \(count.left) left")
    #expect(count.compared > 1000 && count.failed > 20)
    #expect(count.left * 20 < count.compared, "left to the evaluator: \(count.reasons)")
  }

  @Test("composites, choices and collections run on the kernel")
  func composites() throws {
    let model = try Model(
      spec: """
        protocol All
        enum Phase { one, two }
        struct Pair { phase: Phase, count: 0...3 }
        message M { pair: Pair, extra: 0...2? }
        network { A -> B: M }
        role A {
          var pairs: [Phase: Pair] = [repeating: Pair(phase: .one, count: 0)]
          var queue: Queue<Pair, 2> = []
          var seen: Set<0...4> = []
          timer bell
          transition go on call go(k: 0...3) when !seen.contains(k) {
            choose p in [Phase.one, Phase.two] where pairs[p].count < 3
            pairs[p].count += 1
            seen.insert(k)
            if !queue.isFull { queue.append(pairs[p]) }
            send M(pair: pairs[p], extra: nil)
            start bell for 1 s
          }
          transition ring on timeout bell when queue.count > 0 {
            queue.removeFirst()
            for k in seen where k > 1 { seen.remove(k) }
          }
        }
        role B {
          var last: Pair? = nil
          transition take on receive m when m.pair != last ?? Pair(phase: .two, count: 3) {
            last = m.pair
          }
          otherwise receive { }
        }
        instances a: A
        instances b: B
        """
    )
    #expect(StepKernel(model).reasons == [:])
    var count = StepCount()
    #expect(StepComparison(model).differences(stateCap: 3000, &count) == [])
    #expect(count.compared > 5000)
  }
}

struct StepCount {
  var compared = 0
  var failed = 0
  /// Asked of the evaluator alone.
  var left = 0
  var reasons: Set<String> = []
}

/// One model, run by both.
private final class StepComparison {
  private let model: Model
  private let evaluator: Evaluator
  private let kernel: StepKernel
  private var worker: KernelWorker
  private var lines: [String] = []

  /// A step as both can tell it.
  private struct Told: Equatable {
    var step: Step
    var timers: [Int]
    var state: State.InstanceState?
    var sends: [Envelope] = []
    var kind: SpecError.Kind?
    var span: Span?
  }

  init(_ model: Model) {
    self.model = model
    evaluator = Evaluator(model)
    kernel = StepKernel(model)
    worker = KernelWorker(kernel)
  }

  func differences(stateCap: Int, _ count: inout StepCount) -> [String] {
    var open = Array(evaluator.initialStates.prefix(stateCap))
    var seen = Set(open)
    var next = 0
    count.reasons.formUnion(kernel.reasons.values)
    while next < open.count, lines.isEmpty {
      let state = open[next]
      next += 1
      for instance in model.instances.indices {
        compare(instance, nil, in: state, &count)
      }
      for envelope in evaluator.deliverable(in: state) {
        compare(envelope.receiver, envelope, in: state, &count)
      }
      for successor in evaluator.successors(of: state) where open.count < stateCap {
        guard case .success(let after) = successor.outcome else { continue }
        if seen.insert(after).inserted { open.append(after) }
      }
    }
    return lines
  }

  private func compare(
    _ instance: Int,
    _ envelope: Envelope?,
    in state: State,
    _ count: inout StepCount
  ) {
    let copies = { (envelope: Envelope) in state.networks[envelope.network].copies(of: envelope) }
    let expected = evaluator.localSteps(
      of: instance,
      local: state.instances[instance],
      cause: envelope.map { .receive($0) } ?? .spontaneous,
      copiesInFlight: copies
    ).map { self.told($0) }
    guard let found = steps(instance, envelope, in: state, copies) else {
      count.left += expected.count
      return
    }
    count.compared += expected.count
    count.failed += expected.count { $0.kind != nil }
    if expected != found {
      lines.append("\(model.instances[instance].name): evaluator \(expected)\nkernel \(found)")
    }
  }

  private func told(_ step: LocalStep) -> Told {
    var timers: Set<Int> = []
    switch step.step {
    case .ignoredTimeout(_, let timer), .transition(_, _, .timeout(let timer), _):
      timers.insert(timer)
    case .transition, .lose, .duplicate: break
    }
    for effect in step.effects {
      switch effect {
      case .start(_, let timer, _), .cancel(_, let timer): timers.insert(timer)
      case .send, .signal: break
      }
    }
    switch step.outcome {
    case .success(let outcome):
      return Told(
        step: step.step,
        timers: timers.sorted(),
        state: outcome.state,
        sends: outcome.sends
      )
    case .failure(let error):
      return Told(step: step.step, timers: [], kind: error.kind, span: error.span)
    }
  }

  private func steps(
    _ instance: Int,
    _ envelope: Envelope?,
    in state: State,
    _ copies: (Envelope) -> Int
  ) -> [Told]? {
    let role = model.roles[model.instances[instance].role]
    let isRun =
      if let envelope, case .record(let record, _) = envelope.message {
        kernel.runs(receptionOf: record, by: instance)
      } else {
        kernel.runs(spontaneousStepsOf: instance)
      }
    guard isRun else { return nil }
    let local = state.instances[instance]
    worker.setState(
      of: instance,
      ordinal: { model.ordinal(of: local.variables[$0], in: role.variables[$0].type) ?? -1 },
      isArmed: { local.armed[$0] }
    )
    var found: [Told] = []
    let visit = { (worker: KernelWorker, step: KernelStep) in
      found.append(self.told(worker, step, instance, envelope))
    }
    let count = { (message: KernelMessage) in
      copies(
        Envelope(
          network: message.network,
          sender: message.sender,
          receiver: message.receiver,
          message: self.model.value(at: message.ordinal ?? -1, in: .record(message.record))
        )
      )
    }
    if let envelope, case .record(let record, _) = envelope.message {
      let ordinal = model.ordinal(of: envelope.message, in: .record(record)) ?? -1
      worker.forEachReception(
        by: instance,
        of: (record, ordinal),
        from: envelope.sender,
        copies: count,
        visit
      )
    } else {
      worker.forEachSpontaneousStep(of: instance, copies: count, visit)
    }
    return found
  }

  private func told(
    _ worker: KernelWorker,
    _ step: KernelStep,
    _ instance: Int,
    _ envelope: Envelope?
  ) -> Told {
    let role = model.roles[model.instances[instance].role]
    let shown = worker.step(step, of: instance, receiving: envelope)
    if let number = step.error {
      let error = worker.error(number)
      return Told(step: shown, timers: [], kind: error.kind, span: error.span)
    }
    let served = worker.servedTimers(of: instance)
    var variables: [Value] = []
    worker.forEachVariable(of: instance) { number, ordinal in
      variables.append(model.value(at: ordinal, in: role.variables[number].type))
    }
    return Told(
      step: shown,
      timers: role.timers.indices.filter { served >> $0 & 1 == 1 },
      state: State.InstanceState(
        variables: variables,
        armed: role.timers.indices.map { worker.isArmed($0, of: instance) }
      ),
      sends: worker.sends.map { send in
        Envelope(
          network: send.network,
          sender: instance,
          receiver: send.receiver,
          message: model.value(at: send.ordinal ?? -1, in: .record(send.record))
        )
      }
    )
  }
}
