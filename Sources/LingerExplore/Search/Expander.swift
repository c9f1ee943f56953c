import LingerEval
import LingerModel

/// How a successor came about, small enough to be passed on for every one.
struct StepToken: Sendable {
  enum Kind: UInt8, Sendable {
    /// An outcome of the step cache.
    case outcome
    case lose
    case duplicate
  }

  var kind: Kind
  /// Outcome, or number of the message.
  var number: Int32
  var network: Int32 = -1
  var position: Int32 = 0

  var isFault: Bool { kind != .outcome }
}

/// What takes in the successors of a state.
protocol SuccessorSink: ~Copyable {
  mutating func successor(_ words: [UInt64], _ token: StepToken)
  /// A step that ends in an error of the spec: it leads nowhere.
  mutating func failure(_ error: SpecError, _ token: StepToken)
  /// A message that can arrive and that nobody takes.
  mutating func unspecified(_ network: Int, _ number: Int)
}

/// The layout has too few slots; the run starts again with more.
struct LayoutOverflow: Error {}

/// Computes the successors of packed states.
struct Expander {
  var cache: StepCache
  let layout: StateLayout
  /// Set when a message found no slot.
  private(set) var hasOverflowed = false

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

  init(_ layout: StateLayout, evaluator: Evaluator) {
    self.layout = layout
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

  /// Hands every successor of `words` to the sink, in a fixed order.
  ///
  /// - Returns: Whether some instance can lead on by itself even when everything in flight is
  ///   lost; false means "not known yet", see ``isStuck(_:)``.
  mutating func expand<Sink: SuccessorSink & ~Copyable>(
    _ words: [UInt64],
    into sink: inout Sink
  ) -> Bool {
    var isProgress = false
    for instance in 0..<instanceCount {
      let local = cache.local(instance, words)
      locals[instance] = local
      let leaf = cache.spontaneousSteps(instance, local: local, words)
      isProgress = isProgress || leaf.isProgress
      for outcome in leaf.outcomes { apply(outcome, to: words, &sink) }
    }
    for network in 0..<networkCount {
      layout.networks[network].entries(in: words, into: &entries)
      for index in entries.indices where entries[index].isDeliverable {
        deliver(entries[index], network, words, &sink)
      }
      if lossSteps[network] { lose(network, words, &sink) }
      if duplicationSteps[network] { duplicate(network, words, &sink) }
    }
    return isProgress
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
    let leaf = cache.receptionSteps(
      receiver,
      local: locals[receiver],
      network: network,
      number: entry.number,
      delivered
    )
    if leaf.outcomes.isEmpty { sink.unspecified(network, entry.number) }
    for outcome in leaf.outcomes { apply(outcome, to: delivered, &sink) }
  }

  @inline(__always)
  private mutating func apply<Sink: SuccessorSink & ~Copyable>(
    _ number: Int,
    to words: [UInt64],
    _ sink: inout Sink
  ) {
    cache.firings[number] &+= 1
    let token = StepToken(kind: .outcome, number: Int32(number))
    let outcome = cache.outcomes[number]
    if outcome.error >= 0 {
      sink.failure(cache.errors[Int(outcome.error)], token)
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
        sink.failure(networkFull(Int(target.network), Int(target.number), step: number), token)
        return
      case .overflow: hasOverflowed = true
      }
      send &+= 1
    }
    sink.successor(next, token)
  }

  private func networkFull(_ network: Int, _ number: Int, step: Int) -> SpecError {
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
      sink.successor(
        next,
        StepToken(
          kind: .lose,
          number: Int32(entry.number),
          network: Int32(network),
          position: Int32(entry.position)
        )
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
      if case .overflow = packed.duplicate(entry, in: &next) { hasOverflowed = true }
      if let left { packed.duplicationLeft?.set(left - 1, in: &next) }
      sink.successor(
        next,
        StepToken(
          kind: .duplicate,
          number: Int32(entry.number),
          network: Int32(network),
          position: Int32(entry.position)
        )
      )
    }
  }

  /// Whether no instance can lead on once everything in flight is lost, where it can be lost at
  /// all (docs/semantics.md, "Stuck"). Exact.
  mutating func isStuck(_ words: [UInt64]) -> Bool {
    var emptied = words
    for (network, packed) in layout.networks.enumerated()
    where model.networks[network].loss == .unlimited {
      for (word, mask) in packed.flightMask { emptied[word] &= ~mask }
    }
    var witness = ProgressWitness(from: emptied)
    for instance in 0..<instanceCount {
      locals[instance] = cache.local(instance, emptied)
      let leaf = cache.spontaneousSteps(instance, local: locals[instance], emptied)
      for outcome in leaf.outcomes {
        cache.firings[outcome] &-= 1
        apply(outcome, to: emptied, &witness)
      }
    }
    for network in 0..<networkCount where model.networks[network].loss != .unlimited {
      layout.networks[network].entries(in: emptied, into: &entries)
      for entry in entries where entry.isDeliverable {
        var after = emptied
        if !keepsDelivered[network] { layout.networks[network].remove(entry, in: &after) }
        let receiver = layout.networks[network].space.receiver(of: entry.number)
        let leaf = cache.receptionSteps(
          receiver,
          local: locals[receiver],
          network: network,
          number: entry.number,
          after
        )
        for outcome in leaf.outcomes {
          cache.firings[outcome] &-= 1
          apply(outcome, to: after, &witness)
        }
      }
    }
    return !witness.hasProgress
  }

  /// The step that a token stands for.
  func step(_ token: StepToken) -> Step {
    switch token.kind {
    case .outcome: cache.steps[Int(token.number)]
    case .lose:
      .lose(envelope(token), position: Int(token.position))
    case .duplicate:
      .duplicate(envelope(token), position: Int(token.position))
    }
  }

  private func envelope(_ token: StepToken) -> Envelope {
    layout.networks[Int(token.network)].space.envelope(Int(token.number))
  }
}

/// Notes whether any successor differs from where it came from.
private struct ProgressWitness: SuccessorSink {
  let from: [UInt64]
  var hasProgress = false

  init(from: [UInt64]) { self.from = from }

  mutating func successor(_ words: [UInt64], _ token: StepToken) {
    if words != from { hasProgress = true }
  }

  mutating func failure(_ error: SpecError, _ token: StepToken) { hasProgress = true }

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
