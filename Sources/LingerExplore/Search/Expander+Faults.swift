import LingerEval
import LingerModel

/// Acts of networks: loss and duplication where they are steps of their own.
extension Expander {
  /// Where the copies of an entry are counted, if that was worked out beforehand.
  @inline(__always)
  private func counter(of entry: PackedNetwork.Entry, from first: Int?) -> MessageCounter? {
    guard let first else { return nil }
    let counter = cache.places[first &+ entry.number].counter
    return counter.isThere ? counter : nil
  }

  mutating func lose<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    let left = left(of: \.lossLeft, network, words)
    if left == 0 { return }
    let first = cache.firstPlaces[network]
    forEachEntry(of: network, words) { expander, entry in
      expander.transitions &+= 1
      if expander.hasSleepSets, let first {
        // Most are asleep: nothing is worked out for them.
        let occasions = expander.occasionsOfMessages[first &+ entry.number]
        if expander.turn.isAsleep(occasions.lose) { return true }
        expander.beginLoss(of: first &+ entry.number, entry)
      }
      expander.lose(entry, network, first, left, words, &sink)
      return true
    }
  }

  @inline(__always)
  private mutating func lose<Sink: SuccessorSink & ~Copyable>(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ first: Int?,
    _ left: UInt64?,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    next.copy(words)
    if let counter = counter(of: entry, from: first) {
      counter.remove(from: next)
    } else {
      layout.networks[network].remove(entry, in: &next)
    }
    if let left { layout.networks[network].lossLeft?.set(left - 1, in: &next) }
    let layout = layout
    sink.successor(
      next,
      isFault: true,
      sleep: turn.sleep(without: turn.dependents),
      step: .lose(
        layout.networks[network].space.envelope(entry.number),
        position: entry.position
      ),
      effects: StepEffects()
    )
  }

  mutating func duplicate<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    let left = left(of: \.duplicationLeft, network, words)
    if left == 0 { return }
    let first = cache.firstPlaces[network]
    forEachEntry(of: network, words) { expander, entry in
      if let counter = expander.counter(of: entry, from: first) {
        if UInt64(entry.copies) >= counter.capacity { return true }
      } else if !expander.layout.networks[network].canDuplicate(entry, in: words) {
        return true
      }
      expander.transitions &+= 1
      if expander.hasSleepSets, let first {
        let occasions = expander.occasionsOfMessages[first &+ entry.number]
        if expander.turn.isAsleep(occasions.duplicate) { return true }
        expander.beginDuplication(of: first &+ entry.number, entry)
      }
      return expander.duplicate(entry, network, first, left, words, &sink)
    }
  }

  /// False where the layout has no room for it.
  @inline(__always)
  private mutating func duplicate<Sink: SuccessorSink & ~Copyable>(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ first: Int?,
    _ left: UInt64?,
    _ words: StateWords,
    _ sink: inout Sink
  ) -> Bool {
    next.copy(words)
    if let counter = counter(of: entry, from: first) {
      _ = counter.send(in: next)
    } else if case .overflow(let overflow) = layout.networks[network]
      .duplicate(entry, in: &next)
    {
      // It is not a step then: the run starts again.
      transitions &-= 1
      note(overflow)
      return false
    }
    if let left { layout.networks[network].duplicationLeft?.set(left - 1, in: &next) }
    let layout = layout
    sink.successor(
      next,
      isFault: true,
      sleep: turn.sleep(without: turn.dependents),
      step: .duplicate(
        layout.networks[network].space.envelope(entry.number),
        position: entry.position
      ),
      effects: StepEffects()
    )
    return true
  }

  /// How many faults are left, where they may run out.
  @inline(__always)
  private func left(
    of budget: KeyPath<PackedNetwork, BitField?>,
    _ network: Int,
    _ words: StateWords
  ) -> UInt64? {
    hasFaultBudgets ? layout.networks[network][keyPath: budget].map { $0.get(words) } : nil
  }
}
