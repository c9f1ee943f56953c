import LingerKernel
import LingerModel

/// Runs the step kernel on packed states: one instance's part of the words in, its steps out.
struct KernelSteps {
  private let layout: StateLayout
  private var worker: KernelWorker
  var kernel: StepKernel { worker.kernel }
  private let runsSpontaneous: [Bool]
  /// By instance, then by record.
  private let runsReceptions: [[Bool]]

  init(_ layout: StateLayout, stop: StopCheck) {
    self.layout = layout
    let model = layout.model
    let kernel = StepKernel(model)
    worker = KernelWorker(kernel, stop: stop)
    runsSpontaneous = model.instances.indices.map { kernel.runs(spontaneousStepsOf: $0) }
    runsReceptions = model.instances.indices.map { instance in
      model.records.indices.map { kernel.runs(receptionOf: $0, by: instance) }
    }
  }

  /// Whether the kernel runs this; else it is the evaluator's.
  func runs(_ occasion: StepCache.Occasion) -> Bool {
    guard let message = occasion.message else { return runsSpontaneous[occasion.instance] }
    let record = layout.networks[message.network].space.block(of: message.number).record
    return runsReceptions[occasion.instance][record]
  }

  /// Whether the kernel runs all that an instance does.
  func runsAll(of instance: Int) -> Bool {
    let messages = layout.model.records.indices.filter { layout.model.records[$0].isMessage }
    return runsSpontaneous[instance] && messages.allSatisfy { runsReceptions[instance][$0] }
  }

  /// Hands over the steps of an occasion, in the order of docs/semantics.md. `copies` says how many
  /// copies of a network's message are in flight, by its number.
  mutating func forEach(
    _ occasion: StepCache.Occasion,
    in words: some PackedWords,
    copies: (Int, Int) -> Int,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    let instance = occasion.instance
    let local = layout.instances[instance]
    worker.setState(
      of: instance,
      ordinal: { Int(truncatingIfNeeded: local.variables[$0].get(words)) },
      isArmed: { local.timers[$0].get(words) != 0 }
    )
    let layout = layout
    let counted: KernelWorker.CopyCount = { message in
      let space = layout.networks[message.network].space
      guard
        let number = space.number(
          of: (message.record, message.ordinal ?? space.ordinal(message.values, message.record)),
          from: message.sender,
          to: message.receiver
        )
      else { return 0 }
      return copies(message.network, number)
    }
    guard let message = occasion.message else {
      worker.forEachSpontaneousStep(of: instance, copies: counted, visit)
      return
    }
    let space = layout.networks[message.network].space
    let content = space.content(of: message.number)
    if let values = space.registers(of: content.ordinal, content.record) {
      worker.forEachReception(
        by: instance,
        of: SeenMessage(record: content.record, values: values),
        from: content.sender,
        copies: counted,
        visit
      )
      return
    }
    worker.forEachReception(
      by: instance,
      of: (content.record, content.ordinal),
      from: content.sender,
      copies: counted,
      visit
    )
  }
}

/// What a step of the kernel's did, on packed states.
extension KernelWorker {
  /// Writes the instance's state.
  func pack(_ instance: Int, _ layout: StateLayout, into words: inout some PackedWords) {
    let local = layout.instances[instance]
    forEachVariable(of: instance) { number, ordinal in
      local.variables[number].set(UInt64(truncatingIfNeeded: ordinal), in: &words)
    }
    for (number, field) in local.timers.enumerated() {
      field.set(isArmed(number, of: instance) ? 1 : 0, in: &words)
    }
  }

  /// The number of a message that the instance sends.
  func number(of send: KernelSend, by instance: Int, _ layout: StateLayout) -> Int {
    let space = layout.networks[send.network].space
    let ordinal = send.ordinal ?? space.ordinal(values(of: send), send.record)
    let message = (send.record, ordinal)
    guard let number = space.number(of: message, from: instance, to: send.receiver) else {
      preconditionFailure("the kernel sent what no route carries")
    }
    return number
  }

  func served(by instance: Int) -> [Int] {
    let bits = servedTimers(of: instance)
    return bits == 0 ? [] : (0..<Int.bitWidth).filter { bits >> $0 & 1 == 1 }
  }

  func found(
    _ step: KernelStep,
    by instance: Int,
    from words: StateWords,
    _ layout: StateLayout
  ) -> FoundOutcome {
    var outcome = FoundOutcome(transition: step.transition, served: served(by: instance))
    if let number = step.error {
      outcome.error = error(number)
      return outcome
    }
    outcome.words = words.array
    pack(instance, layout, into: &outcome.words)
    outcome.sends = sends.map { ($0.network, number(of: $0, by: instance, layout)) }
    return outcome
  }
}
