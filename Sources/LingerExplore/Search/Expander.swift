import LingerEval
import LingerKernel
import LingerModel

/// What takes in the successors of a state.
///
/// The step and its effects are worked out only where somebody wants to know them.
protocol SuccessorSink: ~Copyable {
  mutating func successor(
    _ words: [UInt64],
    isFault: Bool,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  )
  /// A step that ends in an error of the spec: it leads nowhere.
  mutating func failure(step: @autoclosure () -> Step)
  /// A message that can arrive and that nobody takes.
  mutating func unspecified(_ network: Int, _ number: Int)
}

/// Computes the successors of packed states.
struct Expander {
  var cache: StepCache
  let layout: StateLayout
  let stop: StopCheck
  /// Steps taken by ``expand(_:into:)``, those that end in an error and acts of networks included.
  private(set) var transitions = 0
  /// Why the protocol is not symmetric in its `symmetric` instances, once that is found.
  private(set) var asymmetry: String?
  /// Set when the layout was too small for a successor.
  private(set) var overflow: LayoutOverflow?

  private let symmetry: Symmetry?
  private let model: Model
  private let instanceCount: Int
  private let networkCount: Int
  private let lossSteps: [Bool]
  private let duplicationSteps: [Bool]
  private let keepsDelivered: [Bool]
  private var locals: [Int]
  /// How often each instance's local state was looked up.
  private var visits: [Int]
  /// Instances whose local states hardly ever repeat: the kernel runs each step, nothing is kept.
  private var isDirect: [Bool]
  /// Taken out while it runs.
  private var kernel: KernelSteps?
  /// Scratch: the state without the message that is being delivered.
  private var delivered: [UInt64]
  /// Scratch: the successor that is being made.
  private var next: [UInt64]
  private var entries: [PackedNetwork.Entry] = []
  /// Who acts, and on which message.
  private var acting = 0
  private var arriving: (network: Int, number: Int)?

  /// Steps of one state after which is asked whether to stop.
  private static let askInterval = 4096
  /// A power of two.
  private static let visitsBetweenChecks = 1 << 12

  init(
    _ layout: StateLayout,
    evaluator: Evaluator,
    _ symmetry: Symmetry?,
    stop: StopCheck,
    remembersSteps: Bool
  ) {
    self.layout = layout
    self.symmetry = symmetry
    self.stop = stop
    model = layout.model
    cache = StepCache(layout, evaluator: evaluator)
    instanceCount = layout.instances.count
    networkCount = layout.networks.count
    lossSteps = model.networks.map(\.hasLossSteps)
    duplicationSteps = model.networks.map(\.hasDuplicationSteps)
    keepsDelivered = model.networks.map { $0.discipline == .set }
    locals = [Int](repeating: 0, count: layout.instances.count)
    visits = locals
    let kernel = KernelSteps(layout, stop: stop)
    isDirect = layout.instances.indices.map { instance in
      !remembersSteps && symmetry == nil && kernel.runsAll(of: instance)
    }
    self.kernel = kernel
    delivered = [UInt64](repeating: 0, count: layout.wordCount)
    next = delivered
  }

  /// Hands every successor of `words` to the sink, in a fixed order; not all of them where a stop
  /// comes in between.
  ///
  /// - Returns: Whether some instance can lead on by itself even when everything in flight is
  ///   lost; false means "not known yet", see ``isStuck(_:)``.
  mutating func expand<Sink: SuccessorSink & ~Copyable>(
    _ words: [UInt64],
    into sink: inout Sink
  ) -> Bool {
    var isProgress = false
    let before = transitions
    var askAt = before &+ Self.askInterval
    arriving = nil
    for instance in 0..<instanceCount {
      enter(instance, words)
      let answer = steps(of: instance, words, counts: true, &sink)
      isProgress = isProgress || answer.isProgress
      if transitions >= askAt {
        if stop.spend(transitions &- askAt &+ Self.askInterval) { return true }
        askAt = transitions &+ Self.askInterval
      }
    }
    for network in 0..<networkCount {
      layout.networks[network].entries(in: words, into: &entries)
      for index in entries.indices where entries[index].isDeliverable {
        deliver(entries[index], network, words, &sink)
        if transitions >= askAt {
          if stop.spend(transitions &- askAt &+ Self.askInterval) { return true }
          askAt = transitions &+ Self.askInterval
        }
      }
      if lossSteps[network] { lose(network, words, &sink) }
      if duplicationSteps[network] { duplicate(network, words, &sink) }
    }
    // Asked whatever the answer is: most states lead on, and a limit holds for them too.
    let isStopped = stop.spend(transitions &- before &+ 1)
    return isProgress || isStopped
  }

  @inline(__always)
  private mutating func deliver<Sink: SuccessorSink & ~Copyable>(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ words: [UInt64],
    _ sink: inout Sink
  ) {
    let receiver = layout.networks[network].space.receiver(of: entry.number)
    for index in delivered.indices { delivered[index] = words[index] }
    if !keepsDelivered[network] { layout.networks[network].remove(entry, in: &delivered) }
    let message = (network: network, number: entry.number)
    let answer = steps(of: receiver, receiving: message, delivered, counts: true, &sink)
    if !answer.isAny { sink.unspecified(network, entry.number) }
  }

  /// Whether an instance did anything, and whether that leads to another state in any case.
  private typealias Answer = (isAny: Bool, isProgress: Bool)

  /// Looks an instance's local state up, for the steps that follow.
  @inline(__always)
  private mutating func enter(_ instance: Int, _ words: [UInt64]) {
    if isDirect[instance] {
      cache.noteValues(of: instance, words)
      return
    }
    locals[instance] = cache.local(instance, words)
    visits[instance] &+= 1
    if visits[instance] & (Self.visitsBetweenChecks &- 1) == 0 { checkUse(of: instance) }
  }

  /// Takes what an instance does by itself, or with a message, in the state that it was entered in.
  @inline(__always)
  private mutating func steps<Sink: SuccessorSink & ~Copyable>(
    of instance: Int,
    receiving message: (network: Int, number: Int)? = nil,
    _ words: [UInt64],
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    acting = instance
    arriving = message
    let local = locals[instance]
    if isDirect[instance] {
      let occasion = StepCache.Occasion(instance: instance, local: local, message: message)
      return runKernel(occasion, words, counts: counts, &sink)
    }
    let leaf =
      if let message {
        cache.receptionSteps(
          instance,
          local: local,
          network: message.network,
          number: message.number,
          words
        )
      } else {
        cache.spontaneousSteps(instance, local: local, words)
      }
    if let leaf { return take(leaf, words, counts: counts, &sink) }
    let occasion = StepCache.Occasion(instance: instance, local: local, message: message)
    return workOut(occasion, words, counts: counts, &sink)
  }

  /// Takes the steps of a leaf.
  @inline(__always)
  private mutating func take<Sink: SuccessorSink & ~Copyable>(
    _ leaf: StepCache.Leaf,
    _ words: [UInt64],
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    if counts { transitions &+= leaf.steps }
    for outcome in leaf.outcomes {
      if counts { cache.firings[outcome] &+= 1 }
      apply(outcome, to: words, &sink)
    }
    return (!leaf.outcomes.isEmpty, leaf.isProgress)
  }

  /// Has the kernel run what the cache does not have, and takes the steps, a batch at a time
  /// where they are too many to be kept.
  private mutating func workOut<Sink: SuccessorSink & ~Copyable>(
    _ occasion: StepCache.Occasion,
    _ words: [UInt64],
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    var reads: [StepCache.Read] = []
    var isKept = true
    var answer = Answer(false, false)
    let layout = layout
    func read(_ network: Int, _ number: Int) -> Int {
      let copies = layout.networks[network].copies(of: number, in: words)
      if !reads.contains(where: { $0.network == network && $0.number == number }) {
        reads.append((network, number, copies))
      }
      return copies
    }
    func copiesInFlight(_ envelope: Envelope) -> Int {
      let space = layout.networks[envelope.network].space
      return space.number(of: envelope).map { read(envelope.network, $0) } ?? 0
    }
    func note(_ isProgress: Bool) {
      answer.isAny = true
      if isProgress { answer.isProgress = true }
      guard cache.isBatchFull else { return }
      isKept = false
      takeBatch(words, counts: counts, &sink)
    }
    if symmetry == nil, kernel?.runs(occasion) == true, var kernel = kernel.take() {
      let (instance, message) = (occasion.instance, occasion.message)
      kernel.forEach(occasion, in: words, copies: read) { worker, step in
        let found = worker.found(step, by: instance, from: words, layout)
        let shown = { worker.step(step, of: instance, receiving: layout.envelope(message)) }
        note(cache.add(found, of: instance, words, shown()))
      }
      self.kernel = consume kernel
    } else {
      let local = layout.instances[occasion.instance].unpack(words, model: model)
      let cause = layout.envelope(occasion.message).map { LocalCause.receive($0) } ?? .spontaneous
      var localSteps: [LocalStep] = []
      cache.evaluator.forEachLocalStep(
        of: occasion.instance,
        local: local,
        cause: cause,
        copiesInFlight: copiesInFlight,
        { step in
          if symmetry != nil, isKept { localSteps.append(step) }
          note(cache.add(step, of: occasion.instance, words))
        }
      )
      if let symmetry, stop.reason == nil {
        let reason =
          isKept
          ? symmetry.asymmetry(
            of: localSteps,
            by: occasion.instance,
            local,
            cause,
            cache.evaluator,
            copiesInFlight: copiesInFlight
          ) : "a state has too many steps to be compared"
        if let reason {
          asymmetry = reason
          stop.end(reason)
        }
      }
    }
    // What a stop leaves half done counts for nothing, but is no reason to call the state stuck.
    if stop.reason != nil {
      cache.dropBatch(times: 0)
      return (true, true)
    }
    guard isKept else {
      takeBatch(words, counts: counts, &sink)
      cache.noteUnkept(for: occasion, reads: reads)
      return (true, answer.isProgress && reads.isEmpty)
    }
    let leaf = cache.keepBatch(for: occasion, reads: reads, isProgress: answer.isProgress)
    let taken = take(leaf, words, counts: counts, &sink)
    return (answer.isAny, taken.isProgress)
  }

  /// Goes over to running an instance's steps where remembering them does not pay: where more than
  /// half of its local states were new.
  private mutating func checkUse(of instance: Int) {
    guard symmetry == nil, cache.locals[instance].count > visits[instance] / 2,
      kernel?.runsAll(of: instance) == true
    else { return }
    isDirect[instance] = true
  }

  /// Takes the steps as the kernel finds them.
  private mutating func runKernel<Sink: SuccessorSink & ~Copyable>(
    _ occasion: StepCache.Occasion,
    _ words: [UInt64],
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    guard var kernel = kernel.take() else { preconditionFailure("the kernel runs already") }
    var answer = Answer(false, false)
    var isReading = false
    let layout = layout
    func read(_ network: Int, _ number: Int) -> Int {
      isReading = true
      return layout.networks[network].copies(of: number, in: words)
    }
    kernel.forEach(occasion, in: words, copies: read) { worker, step in
      answer.isAny = true
      if counts {
        transitions &+= 1
        cache.count(step.transition)
      }
      if apply(worker, step, occasion, to: words, &sink) { answer.isProgress = true }
    }
    self.kernel = consume kernel
    return stop.reason == nil ? (answer.isAny, answer.isProgress && !isReading) : (true, true)
  }

  /// Makes the successor that a step of the kernel's leads to; says whether it is another state in
  /// any case.
  private mutating func apply<Sink: SuccessorSink & ~Copyable>(
    _ worker: KernelWorker,
    _ step: KernelStep,
    _ occasion: StepCache.Occasion,
    to words: [UInt64],
    _ sink: inout Sink
  ) -> Bool {
    let (instance, message, layout) = (occasion.instance, occasion.message, layout)
    func shown() -> Step {
      worker.step(step, of: instance, receiving: layout.envelope(message))
    }
    if step.error != nil {
      sink.failure(step: shown())
      return true
    }
    for index in next.indices { next[index] = words[index] }
    worker.pack(instance, layout, into: &next)
    var isProgress = next != words
    for send in worker.sends {
      if model.networks[send.network].loss == .unlimited { isProgress = true }
      let number = worker.number(of: send, by: instance, layout)
      switch layout.networks[send.network].send(number, in: &next) {
      case .sent, .dropped: break
      case .full:
        sink.failure(step: shown())
        return isProgress
      case .overflow(let overflow):
        note(overflow)
        return isProgress
      }
    }
    sink.successor(
      next,
      isFault: false,
      step: shown(),
      effects: StepEffects(
        instance: instance,
        transition: step.transition,
        arriving: message,
        timers: worker.served(by: instance),
        sends: worker.sends.map { ($0.network, worker.number(of: $0, by: instance, layout)) }
      )
    )
    return isProgress
  }

  private mutating func takeBatch<Sink: SuccessorSink & ~Copyable>(
    _ words: [UInt64],
    counts: Bool,
    _ sink: inout Sink
  ) {
    for outcome in cache.batch {
      if counts { transitions &+= cache.outcomes[outcome].steps }
      apply(outcome, to: words, &sink)
    }
    cache.dropBatch(times: counts ? 1 : 0)
  }

  @inline(__always)
  private mutating func apply<Sink: SuccessorSink & ~Copyable>(
    _ number: Int,
    to words: [UInt64],
    _ sink: inout Sink
  ) {
    let outcome = cache.outcomes[number]
    if outcome.error >= 0 {
      sink.failure(step: cache.steps[number])
      return
    }
    for index in next.indices { next[index] = words[index] }
    var change = Int(outcome.changes.lowerBound)
    while change < Int(outcome.changes.upperBound) {
      next[Int(cache.changes[change].word)] ^= cache.changes[change].flip
      change &+= 1
    }
    var send = Int(outcome.sends.lowerBound)
    while send < Int(outcome.sends.upperBound) {
      let target = cache.sends[send]
      switch layout.networks[Int(target.network)].send(Int(target.number), in: &next) {
      case .sent, .dropped: break
      case .full:
        sink.failure(step: cache.steps[number])
        return
      case .overflow(let overflow):
        note(overflow)
        return
      }
      send &+= 1
    }
    sink.successor(
      next,
      isFault: false,
      step: cache.steps[number],
      effects: cache.effects(of: outcome, by: acting, on: arriving)
    )
  }

  /// Ends the run: it starts again with a larger layout, where there is one.
  private mutating func note(_ overflow: LayoutOverflow) {
    if layout.size.enlarged(after: overflow) != nil { self.overflow = overflow }
    stop.end("more different messages than can be numbered")
  }

  private mutating func lose<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: [UInt64],
    _ sink: inout Sink
  ) {
    let packed = layout.networks[network]
    let left = packed.lossLeft.map { $0.get(words) }
    if left == 0 { return }
    for entry in entries {
      for index in next.indices { next[index] = words[index] }
      packed.remove(entry, in: &next)
      if let left { packed.lossLeft?.set(left - 1, in: &next) }
      transitions &+= 1
      sink.successor(
        next,
        isFault: true,
        step: .lose(packed.space.envelope(entry.number), position: entry.position),
        effects: StepEffects()
      )
    }
  }

  private mutating func duplicate<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: [UInt64],
    _ sink: inout Sink
  ) {
    let packed = layout.networks[network]
    let left = packed.duplicationLeft.map { $0.get(words) }
    if left == 0 { return }
    for entry in entries where packed.canDuplicate(entry, in: words) {
      for index in next.indices { next[index] = words[index] }
      if case .overflow(let overflow) = packed.duplicate(entry, in: &next) {
        note(overflow)
        return
      }
      if let left { packed.duplicationLeft?.set(left - 1, in: &next) }
      transitions &+= 1
      sink.successor(
        next,
        isFault: true,
        step: .duplicate(packed.space.envelope(entry.number), position: entry.position),
        effects: StepEffects()
      )
    }
  }

  /// Whether no instance can lead on once everything in flight is lost, where it can be lost at
  /// all (docs/semantics.md, "Stuck"). Exact; false where a stop comes in between.
  mutating func isStuck(_ words: [UInt64]) -> Bool {
    var emptied = words
    for (network, packed) in layout.networks.enumerated()
    where model.networks[network].loss == .unlimited {
      for (word, mask) in packed.flightMask { emptied[word] &= ~mask }
    }
    var witness = ProgressWitness(from: emptied)
    for instance in 0..<instanceCount {
      enter(instance, emptied)
      _ = steps(of: instance, emptied, counts: false, &witness)
    }
    for network in 0..<networkCount where model.networks[network].loss != .unlimited {
      layout.networks[network].entries(in: emptied, into: &entries)
      for entry in entries where entry.isDeliverable {
        isStuckReceiving(entry, network, emptied, &witness)
      }
    }
    return !witness.hasProgress && stop.reason == nil
  }

  /// Whether a message's receiver has a transition for it, should it arrive.
  mutating func takes(_ number: Int, from network: Int, _ words: [UInt64]) -> Bool {
    let receiver = layout.networks[network].space.receiver(of: number)
    enter(receiver, words)
    var witness = ProgressWitness(from: words)
    return steps(of: receiver, receiving: (network, number), words, counts: false, &witness).isAny
  }

  private mutating func isStuckReceiving(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ emptied: [UInt64],
    _ witness: inout ProgressWitness
  ) {
    var after = emptied
    if !keepsDelivered[network] { layout.networks[network].remove(entry, in: &after) }
    let receiver = layout.networks[network].space.receiver(of: entry.number)
    let message = (network: network, number: entry.number)
    _ = steps(of: receiver, receiving: message, after, counts: false, &witness)
  }
}

/// Notes whether any successor differs from where it came from.
private struct ProgressWitness: SuccessorSink {
  let from: [UInt64]
  var hasProgress = false

  init(from: [UInt64]) { self.from = from }

  mutating func successor(
    _ words: [UInt64],
    isFault: Bool,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if words != from { hasProgress = true }
  }

  mutating func failure(step: @autoclosure () -> Step) { hasProgress = true }

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
