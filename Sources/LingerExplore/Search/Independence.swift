import LingerKernel
import LingerModel

/// Which steps commute with the one that a state was found by: what sleep sets are made of.
///
/// A state that is found carries a *sleep set*: occasions (what an instance does by itself, or an
/// act of a network on one message) that lead from it only to states found before it is expanded.
/// What docs/decisions/014-sleep-sets.md proves is worked out here: static masks of occasions, and
/// what a counter's content adds. P. Godefroid, "Partial-Order Methods for the Verification of
/// Concurrent Systems", LNCS 1032, 1996.
struct Independence {
  /// The occasions that have to do with one message, a bit for each.
  struct Message: BitwiseCopyable {
    var deliver: UInt64 = 0
    var lose: UInt64 = 0
    var duplicate: UInt64 = 0
    /// Those that may send it, and that may ask how many copies of it are in flight.
    var senders: UInt64 = 0
    var readers: UInt64 = 0
    /// What is tried before it is delivered, lost and duplicated.
    var beforeDelivery: UInt64 = 0
    var beforeLoss: UInt64 = 0
    var beforeDuplication: UInt64 = 0
    /// Whether it is still there when it is delivered.
    var isKept = false
    /// Whether one step may send several copies.
    var isRepeated = false

    /// All that change its counter.
    var changers: UInt64 { deliver | lose | duplicate | senders }

    /// What does not commute with a send.
    @inline(__always)
    func dependents(ofSendAt copies: UInt64, capacity: UInt64) -> UInt64 {
      if copies == 0 { return readers | deliver | lose | duplicate }
      return copies < capacity ? readers : readers | lose | (isKept ? 0 : deliver)
    }

    /// What does not commute with a copy's delivery, its receiver's part aside.
    @inline(__always)
    func dependents(ofDeliveryAt copies: UInt64, capacity: UInt64) -> UInt64 {
      if isKept { return 0 }
      return blockedSenders(at: copies, capacity) | (copies < capacity ? 0 : duplicate)
    }

    @inline(__always)
    func dependents(ofLossAt copies: UInt64, capacity: UInt64) -> UInt64 {
      blockedSenders(at: copies, capacity)
    }

    /// Those to whom it matters whether there is one copy less.
    @inline(__always)
    private func blockedSenders(at copies: UInt64, _ capacity: UInt64) -> UInt64 {
      copies < capacity && !isRepeated ? readers : readers | senders
    }

    @inline(__always)
    func dependents(ofDuplicationAt copies: UInt64) -> UInt64 {
      copies == 1 ? readers | deliver : readers
    }
  }

  /// The occasions that have to do with one instance.
  struct Instance: BitwiseCopyable {
    /// What it does by itself.
    var spontaneous: UInt64 = 0
    /// What is tried before that.
    var before: UInt64 = 0
    /// What never commutes with that, and with a reception of its.
    var dependents: UInt64 = 0
    var receptionDependents: UInt64 = 0
  }

  private(set) var instances: [Instance]
  /// One for each message, network by network.
  private(set) var messages: [Message] = []
  /// Where a network's messages begin.
  private var firstMessages: [Int] = []
  /// Whether a step may fail because a network is full.
  let mayOverflow: Bool

  /// False where sleep sets are not worked out: only networks of counters are looked at.
  let isUsed: Bool

  init(_ layout: StateLayout, _ kernel: StepKernel) {
    let model = layout.model
    let counts = layout.networks.map { $0.space.fixedCount ?? .max }
    mayOverflow = layout.networks.contains(where: \.failsWhenFull)
    instances = Array(repeating: Instance(), count: model.instances.count)
    isUsed =
      !model.hasFaultBudgets && counts.allSatisfy { $0 <= StepCache.placesLimit }
      && layout.networks.allSatisfy { $0.space.fixedCount == 0 || $0.counter(of: 0).isThere }
    guard isUsed else { return }
    for (network, count) in zip(model.networks, counts) {
      firstMessages.append(messages.count)
      for _ in 0..<count { messages.append(Message(isKept: network.discipline == .set)) }
    }
    numberOccasions(layout)
    for instance in model.instances.indices { note(instance, layout, kernel) }
    for instance in model.instances.indices { closeReads(of: instance, layout, kernel) }
  }

  /// Hands bits out in the order in which occasions are tried, as long as there are some: an
  /// occasion without one is never asleep.
  private mutating func numberOccasions(_ layout: StateLayout) {
    var next: UInt64 = 1
    var before: UInt64 = 0
    func take() -> (bit: UInt64, before: UInt64) {
      defer {
        before |= next
        next = next &<< 1
        if before == .max { next = 0 }
      }
      return (next, before)
    }
    for instance in instances.indices {
      (instances[instance].spontaneous, instances[instance].before) = take()
      instances[instance].dependents = instances[instance].spontaneous
      instances[instance].receptionDependents = instances[instance].spontaneous
    }
    for (network, packed) in layout.networks.enumerated() {
      let range = firstMessages[network]..<(firstMessages[network] + (packed.space.fixedCount ?? 0))
      for message in range {
        (messages[message].deliver, messages[message].beforeDelivery) = take()
        let receiver = packed.space.receiver(of: message - range.lowerBound)
        instances[receiver].dependents |= messages[message].deliver
        instances[receiver].receptionDependents |= messages[message].deliver
      }
      let description = layout.model.networks[network]
      for message in range {
        if description.hasLossSteps {
          (messages[message].lose, messages[message].beforeLoss) = take()
        }
      }
      for message in range {
        if description.hasDuplicationSteps {
          (messages[message].duplicate, messages[message].beforeDuplication) = take()
        }
      }
    }
  }

  /// The bit of the first message's occasion and how many follow it, message by message: the
  /// others of the range have none.
  func run(
    of occasion: KeyPath<Message, UInt64>,
    _ range: Range<Int>
  ) -> (first: Int, count: Int) {
    let bits = messages[range].map { $0[keyPath: occasion] }
    let first = bits.first?.trailingZeroBitCount ?? 0
    let count = bits.firstIndex(of: 0) ?? bits.count
    let isRun = bits.enumerated().allSatisfy { place, bit in
      bit == (place < count ? 1 << UInt64(first + place) : 0)
    }
    precondition(isRun, "occasions that are not numbered message by message")
    return (first, count)
  }

  /// Notes an instance's occasions with the messages that they may send or ask for.
  private mutating func note(_ instance: Int, _ layout: StateLayout, _ kernel: StepKernel) {
    forEachTransition(of: instance, layout) { transition, occasions, independence in
      let use = kernel.messageUse(of: transition)
      independence.forEachMessage(layout) { kind, sender, message, independence in
        if sender == instance, use?.sends.contains(kind) != false {
          independence.messages[message].senders |= occasions
          if use?.repeatedSends.contains(kind) != false {
            independence.messages[message].isRepeated = true
          }
        }
        if Self.reads(use, kind, isOwn: sender == instance) {
          independence.messages[message].readers |= occasions
        }
      }
    }
  }

  private static func reads(_ use: MessageUse?, _ kind: MessageKind, isOwn: Bool) -> Bool {
    guard let use else { return true }
    return use.otherReads.contains(kind) || isOwn && use.ownReads.contains(kind)
  }

  /// What changes a counter that an instance asks for never commutes with that.
  private mutating func closeReads(of instance: Int, _ layout: StateLayout, _ kernel: StepKernel) {
    forEachTransition(of: instance, layout) { transition, _, independence in
      let use = kernel.messageUse(of: transition)
      var changers: UInt64 = 0
      independence.forEachMessage(layout) { kind, sender, message, independence in
        if Self.reads(use, kind, isOwn: sender == instance) {
          changers |= independence.messages[message].changers
        }
      }
      if case .receive = layout.model.transitions[transition].trigger {
        independence.instances[instance].receptionDependents |= changers
      } else {
        independence.instances[instance].dependents |= changers
      }
    }
  }

  /// Hands over each transition of an instance's role, with the occasions on which it may fire.
  private mutating func forEachTransition(
    of instance: Int,
    _ layout: StateLayout,
    _ visit: (Int, UInt64, inout Independence) -> Void
  ) {
    let model = layout.model
    for number in model.roles[model.instances[instance].role].transitions {
      guard case .receive(let record, _, _) = model.transitions[number].trigger else {
        visit(number, instances[instance].spontaneous, &self)
        continue
      }
      var receptions: UInt64 = 0
      for (network, packed) in layout.networks.enumerated() {
        for message in packed.space.fixedRange(for: instance) ?? 0..<0
        where record == nil || record == packed.space.block(of: message).record {
          receptions |= messages[firstMessages[network] + message].deliver
        }
      }
      visit(number, receptions, &self)
    }
  }

  private mutating func forEachMessage(
    _ layout: StateLayout,
    _ visit: (MessageKind, _ sender: Int, _ message: Int, inout Independence) -> Void
  ) {
    for (network, packed) in layout.networks.enumerated() {
      for number in 0..<(packed.space.fixedCount ?? 0) {
        let block = packed.space.block(of: number)
        let kind = MessageKind(network: network, record: block.record)
        visit(kind, block.sender, firstMessages[network] + number, &self)
      }
    }
  }
}
