import LingerEval
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
  mutating func failure(_ error: SpecError, step: @autoclosure () -> Step)
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

  init(_ layout: StateLayout, evaluator: Evaluator, _ symmetry: Symmetry?, stop: StopCheck) {
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
      let local = cache.local(instance, words)
      locals[instance] = local
      acting = instance
      let occasion = StepCache.Occasion(instance: instance, local: local)
      let answer =
        if let leaf = cache.spontaneousSteps(instance, local: local, words) {
          take(leaf, words, &sink)
        } else {
          workOut(occasion, words, counts: true, &sink)
        }
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
    acting = receiver
    arriving = (network, entry.number)
    for index in delivered.indices { delivered[index] = words[index] }
    if !keepsDelivered[network] { layout.networks[network].remove(entry, in: &delivered) }
    let leaf = cache.receptionSteps(
      receiver,
      local: locals[receiver],
      network: network,
      number: entry.number,
      delivered
    )
    let answer =
      if let leaf {
        take(leaf, delivered, &sink)
      } else {
        workOut(
          StepCache.Occasion(
            instance: receiver,
            local: locals[receiver],
            message: (network, entry.number)
          ),
          delivered,
          counts: true,
          &sink
        )
      }
    if !answer.isAny { sink.unspecified(network, entry.number) }
  }

  /// Whether an instance did anything, and whether that leads to another state in any case.
  private typealias Answer = (isAny: Bool, isProgress: Bool)

  /// Takes the steps of a leaf and counts them.
  @inline(__always)
  private mutating func take<Sink: SuccessorSink & ~Copyable>(
    _ leaf: StepCache.Leaf,
    _ words: [UInt64],
    _ sink: inout Sink
  ) -> Answer {
    transitions &+= leaf.steps
    for outcome in leaf.outcomes {
      cache.firings[outcome] &+= 1
      apply(outcome, to: words, &sink)
    }
    return (!leaf.outcomes.isEmpty, leaf.isProgress)
  }

  /// Has the evaluator run what the cache does not have, and takes the steps, a batch at a time
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
    let cause = occasion.message.map { message in
      LocalCause.receive(layout.networks[message.network].space.envelope(message.number))
    }
    func copiesInFlight(_ envelope: Envelope) -> Int {
      let network = layout.networks[envelope.network]
      guard let number = network.space.number(of: envelope) else { return 0 }
      let copies = network.copies(of: number, in: words)
      if !reads.contains(where: { $0.network == envelope.network && $0.number == number }) {
        reads.append((envelope.network, number, copies))
      }
      return copies
    }
    let local = layout.instances[occasion.instance].unpack(words, model: model)
    var localSteps: [LocalStep] = []
    cache.evaluator.forEachLocalStep(
      of: occasion.instance,
      local: local,
      cause: cause ?? .spontaneous,
      copiesInFlight: copiesInFlight,
      { step in
        answer.isAny = true
        if symmetry != nil, isKept { localSteps.append(step) }
        if cache.add(step, of: occasion.instance, words) { answer.isProgress = true }
        guard cache.isBatchFull else { return }
        isKept = false
        takeBatch(words, counts: counts, &sink)
      }
    )
    if let symmetry, stop.reason == nil {
      let reason =
        isKept
        ? symmetry.asymmetry(
          of: localSteps,
          by: occasion.instance,
          local,
          cause ?? .spontaneous,
          cache.evaluator,
          copiesInFlight: copiesInFlight
        ) : "a state has too many steps to be compared"
      if let reason {
        asymmetry = reason
        stop.end(reason)
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
    if counts { return take(leaf, words, &sink) }
    for outcome in leaf.outcomes { apply(outcome, to: words, &sink) }
    return (answer.isAny, leaf.isProgress)
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
      sink.failure(cache.errors[Int(outcome.error)], step: cache.steps[number])
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
        sink.failure(networkFull(Int(target.network)), step: cache.steps[number])
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

  private func networkFull(_ network: Int) -> SpecError {
    let description = model.networks[network]
    return SpecError(
      .networkFull,
      "more than \(description.effectiveCapacity) messages in flight where the network "
        + "names no smaller capacity",
      at: description.span
    )
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
      let local = cache.local(instance, emptied)
      locals[instance] = local
      if let leaf = cache.spontaneousSteps(instance, local: local, emptied) {
        for outcome in leaf.outcomes { apply(outcome, to: emptied, &witness) }
      } else {
        let occasion = StepCache.Occasion(instance: instance, local: local)
        _ = workOut(occasion, emptied, counts: false, &witness)
      }
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
    let local = cache.local(receiver, words)
    let leaf = cache.receptionSteps(
      receiver,
      local: local,
      network: network,
      number: number,
      words
    )
    if let leaf { return !leaf.outcomes.isEmpty }
    var witness = ProgressWitness(from: words)
    let occasion = StepCache.Occasion(instance: receiver, local: local, message: (network, number))
    return workOut(occasion, words, counts: false, &witness).isAny
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
    let local = locals[receiver]
    if let leaf = cache.receptionSteps(
      receiver,
      local: local,
      network: network,
      number: entry.number,
      after
    ) {
      for outcome in leaf.outcomes { apply(outcome, to: after, &witness) }
    } else {
      let message = (network: network, number: entry.number)
      let occasion = StepCache.Occasion(instance: receiver, local: local, message: message)
      _ = workOut(occasion, after, counts: false, &witness)
    }
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

  mutating func failure(_ error: SpecError, step: @autoclosure () -> Step) { hasProgress = true }

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
