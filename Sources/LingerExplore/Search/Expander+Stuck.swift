import LingerEval
import LingerModel

/// What is asked of a state besides its successors.
extension Expander {
  /// Whether no instance can lead on once everything in flight is lost, where it can be lost at
  /// all (docs/semantics.md, "Stuck"). Exact; false where a stop comes in between.
  mutating func isStuck(_ words: some PackedWords) -> Bool {
    let emptied = emptied
    emptied.copy(words)
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
  mutating func takes(_ number: Int, from network: Int, _ state: some PackedWords) -> Bool {
    let words = source
    words.copy(state)
    let receiver = layout.networks[network].space.receiver(of: number)
    enter(receiver, words)
    var witness = ProgressWitness(from: words)
    let message = (network: network, number: number)
    return steps(of: receiver, receiving: message, at: nil, words, counts: false, &witness).isAny
  }

  private mutating func isStuckReceiving(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ emptied: StateWords,
    _ witness: inout ProgressWitness
  ) {
    var after = emptiedDelivered
    after.copy(emptied)
    if !keepsDelivered[network] { layout.networks[network].remove(entry, in: &after) }
    let receiver = layout.networks[network].space.receiver(of: entry.number)
    let message = (network: network, number: entry.number)
    _ = steps(of: receiver, receiving: message, at: nil, after, counts: false, &witness)
  }
}

/// Notes whether any successor differs from where it came from.
private struct ProgressWitness: SuccessorSink {
  let from: StateWords
  var hasProgress = false

  init(from: StateWords) { self.from = from }

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if !words.equals(from) { hasProgress = true }
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) { hasProgress = true }

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
