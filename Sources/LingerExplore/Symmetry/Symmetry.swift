import LingerEval
import LingerModel

/// Takes one state of each orbit: states that differ in the names of `symmetric` instances alone.
///
/// The representative is the one with the least packed words among all renamings. Renaming a
/// packed state is looked up: each instance's part by its local state, each message by its
/// number. That the protocol is in fact symmetric is not presumed but checked: see
/// ``asymmetry(of:instance:local:cause:steps:copiesInFlight:)`` for steps and ``Observations``
/// for properties. docs/semantics.md, "Symmetric instances", says why that is enough.
struct Symmetry {
  /// All renamings but the identity.
  let renamings: [Permutation]
  private let layout: StateLayout
  private let model: Model
  private var parts: [Parts]
  /// By renaming and network: the numbers of renamed messages.
  private var messages: [[[Int: Int]]]
  private var best: [UInt64]
  private var image: [UInt64]
  private var entries: [PackedNetwork.Entry] = []

  /// The local states of one instance, and what they become.
  private struct Parts {
    var index: MaskedIndex
    /// For each local state and renaming the words to add.
    var words: [UInt64] = []
  }

  /// The most renamings that are tried; a larger group is used in part.
  private static let limit = 720

  /// Nil where no instances are symmetric.
  init?(_ layout: StateLayout) {
    let renamings = Array(layout.model.renamings(limit: Self.limit).dropFirst())
    guard !renamings.isEmpty else { return nil }
    self.renamings = renamings
    self.layout = layout
    model = layout.model
    parts = layout.instances.map { Parts(index: MaskedIndex($0.segments)) }
    messages = renamings.map { _ in layout.networks.map { _ in [:] } }
    best = [UInt64](repeating: 0, count: layout.wordCount)
    image = best
  }

  /// The representative of a state's orbit.
  mutating func representative(of words: some PackedWords) -> [UInt64] {
    for index in best.indices { best[index] = words[index] }
    for number in renamings.indices {
      rename(words, by: number)
      if image.lexicographicallyPrecedes(best) { swap(&best, &image) }
    }
    return best
  }

  /// Hands every other state of the orbit to `visit`, until it says false.
  mutating func forEachImage(of words: [UInt64], _ visit: ([UInt64]) -> Bool) {
    for number in renamings.indices {
      rename(words, by: number)
      if !visit(image) { return }
    }
  }

  /// Puts a renamed state into ``image``.
  private mutating func rename(_ words: some PackedWords, by number: Int) {
    for index in image.indices { image[index] = 0 }
    for instance in parts.indices { addPart(instance, words, number) }
    for (place, network) in layout.networks.enumerated() {
      if let left = network.lossLeft { left.set(left.get(words), in: &image) }
      if let left = network.duplicationLeft { left.set(left.get(words), in: &image) }
      network.entries(in: words, into: &entries)
      for entry in entries {
        let target = message(entry.number, in: place, number)
        for _ in 0..<entry.copies { _ = network.send(target, in: &image) }
      }
    }
  }

  private mutating func addPart(_ instance: Int, _ words: some PackedWords, _ renaming: Int) {
    let (local, isNew) = parts[instance].index.number(of: words)
    if isNew {
      let before = layout.instances[instance].unpack(words, model: model)
      let role = model.instances[instance].role
      for renaming in renamings {
        var added = [UInt64](repeating: 0, count: layout.wordCount)
        layout.instances[renaming[instance]]
          .pack(model.renamed(before, of: role, by: renaming), model: model, into: &added)
        parts[instance].words += added
      }
    }
    let start = (local * renamings.count + renaming) * layout.wordCount
    for index in image.indices { image[index] |= parts[instance].words[start + index] }
  }

  private mutating func message(_ number: Int, in network: Int, _ renaming: Int) -> Int {
    if let known = messages[renaming][network][number] { return known }
    let space = layout.networks[network].space
    let envelope = model.renamed(space.envelope(number), by: renamings[renaming])
    guard let target = space.number(of: envelope) else {
      preconditionFailure("a renamed message has no route")
    }
    messages[renaming][network][number] = target
    return target
  }

  /// Whether an instance's steps, renamed, are those of the renamed instance; if not, why not.
  ///
  /// Asked for each local state and message that comes up, for every renaming.
  func asymmetry(
    of steps: [LocalStep],
    by instance: Int,
    _ local: State.InstanceState,
    _ cause: LocalCause,
    _ evaluator: Evaluator,
    copiesInFlight: (Envelope) -> Int
  ) -> String? {
    let role = model.instances[instance].role
    for renaming in renamings {
      let inverse = renaming.inverse
      let other = evaluator.localSteps(
        of: renaming[instance],
        local: model.renamed(local, of: role, by: renaming),
        cause: cause.renamed(in: model, by: renaming),
        copiesInFlight: { copiesInFlight(model.renamed($0, by: inverse)) }
      )
      if evaluator.stop?.reason != nil { return nil }
      let identity = Permutation(Array(model.instances.indices))
      let mine = counted(steps, role, by: renaming)
      if mine != counted(other, role, by: identity) {
        let name = model.instances[instance].name
        return "a step of '\(name)' depends on which of the symmetric instances is which"
      }
    }
    return nil
  }

  /// What a step comes to, without how it came about.
  private struct Effect: Hashable {
    var transition: Int
    var error: SpecError.Kind?
    var state: State.InstanceState?
    var sends: [Envelope] = []
  }

  private func counted(
    _ steps: [LocalStep],
    _ role: Int,
    by renaming: Permutation
  ) -> [Effect: Int] {
    var result: [Effect: Int] = [:]
    for step in steps {
      var effect = Effect(transition: -1)
      if case .transition(_, let number, _, _) = step.step { effect.transition = number }
      switch step.outcome {
      case .failure(let error): effect.error = error.kind
      case .success(let outcome):
        effect.state = model.renamed(outcome.state, of: role, by: renaming)
        let sends = outcome.sends.map { model.renamed($0, by: renaming) }
        // Messages of different directions do not notice each other's order.
        effect.sends = sends.enumerated().sorted { left, right in
          let a = (left.element.network, left.element.receiver, left.element.sender)
          let b = (right.element.network, right.element.receiver, right.element.sender)
          return a != b ? a < b : left.offset < right.offset
        }.map(\.element)
      }
      result[effect, default: 0] += 1
    }
    return result
  }
}

extension LocalCause {
  fileprivate func renamed(in model: Model, by renaming: Permutation) -> LocalCause {
    if case .receive(let envelope) = self {
      .receive(model.renamed(envelope, by: renaming))
    } else {
      self
    }
  }
}
