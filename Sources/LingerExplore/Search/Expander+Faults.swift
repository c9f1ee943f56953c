import LingerEval
import LingerModel

/// Acts of networks: loss and duplication where they are steps of their own.
extension Expander {
  /// Where the copies of an entry are counted, if that was worked out beforehand.
  @inline(__always)
  private func counter(of entry: PackedNetwork.Entry, _ network: Int) -> MessageCounter? {
    guard let first = cache.firstPlaces[network] else { return nil }
    let counter = cache.places[first &+ entry.number].counter
    return counter.isThere ? counter : nil
  }

  mutating func lose<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    let packed = layout.networks[network]
    let left = packed.lossLeft.map { $0.get(words) }
    if left == 0 { return }
    for entry in entries {
      if hasSleepSets, let first = cache.firstPlaces[network] {
        beginLoss(of: first &+ entry.number, entry)
        if turn.isAsleep {
          transitions &+= 1
          continue
        }
      }
      next.copy(words)
      if let counter = counter(of: entry, network) {
        counter.remove(from: next)
      } else {
        packed.remove(entry, in: &next)
      }
      if let left { packed.lossLeft?.set(left - 1, in: &next) }
      transitions &+= 1
      sink.successor(
        next,
        isFault: true,
        sleep: turn.sleep(without: turn.dependents),
        step: .lose(packed.space.envelope(entry.number), position: entry.position),
        effects: StepEffects()
      )
    }
  }

  mutating func duplicate<Sink: SuccessorSink & ~Copyable>(
    _ network: Int,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    let packed = layout.networks[network]
    let left = packed.duplicationLeft.map { $0.get(words) }
    if left == 0 { return }
    for entry in entries {
      if let counter = counter(of: entry, network) {
        if UInt64(entry.copies) >= counter.capacity { continue }
        if hasSleepSets, let first = cache.firstPlaces[network] {
          beginDuplication(of: first &+ entry.number, entry)
          if turn.isAsleep {
            transitions &+= 1
            continue
          }
        }
        next.copy(words)
        _ = counter.send(in: next)
      } else {
        guard packed.canDuplicate(entry, in: words) else { continue }
        next.copy(words)
        if case .overflow(let overflow) = packed.duplicate(entry, in: &next) {
          note(overflow)
          return
        }
      }
      if let left { packed.duplicationLeft?.set(left - 1, in: &next) }
      transitions &+= 1
      sink.successor(
        next,
        isFault: true,
        sleep: turn.sleep(without: turn.dependents),
        step: .duplicate(packed.space.envelope(entry.number), position: entry.position),
        effects: StepEffects()
      )
    }
  }
}
