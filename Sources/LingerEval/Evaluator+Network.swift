import LingerDiagnostics
package import LingerModel

extension Evaluator {
  /// Takes a message into its network; false where a named capacity makes the network lose it.
  func send(
    _ envelope: Envelope,
    in state: inout State,
    at span: Span
  ) throws(SpecError) -> Bool {
    let network = model.networks[envelope.network]
    if state.networks[envelope.network].add(envelope, in: network) { return true }
    if network.dropsWhenFull { return false }
    let names = [envelope.sender, envelope.receiver].map { model.instances[$0].name }
    let size = network.effectiveCapacity
    let what = network.discipline == .queue ? "messages of this direction" : "copies of it"
    throw SpecError(
      .networkFull,
      "no place for \(describe(envelope.message, in: model)) from \(names[0]) to \(names[1]):"
        + " the network holds \(size) \(what) already; \(network.cureOfFullness)",
      at: span
    )
  }

  /// What a network may do by itself: every loss, then every duplication.
  package func acts(ofNetwork number: Int, in state: State) -> [Successor] {
    let network = model.networks[number]
    let current = state.networks[number]
    var acts: [(step: Step, result: State.NetworkState)] = []
    if network.hasLossSteps && current.lossLeft != 0 {
      for index in current.messages.indices {
        let position = current.position(ofMessage: index, in: network)
        acts.append(
          (.lose(current.messages[index].envelope, position: position), current.losing(index))
        )
      }
    }
    if network.hasDuplicationSteps && current.duplicationLeft != 0 {
      for index in current.messages.indices {
        guard let result = current.duplicating(index, in: network) else { continue }
        let position = current.position(ofMessage: index, in: network)
        acts.append((.duplicate(current.messages[index].envelope, position: position), result))
      }
    }
    return acts.map { act in
      var next = state
      next.networks[number] = act.result
      return Successor(step: act.step, effects: [], outcome: .success(next))
    }
  }
}

extension Network {
  /// What the author may write so that a full network is no error.
  fileprivate var cureOfFullness: String {
    let dropping =
      switch (loss, capacity) {
      case (.never, nil): "'loss' with a 'capacity' drops what has no place"
      case (.never, _): "'loss' drops what has no place"
      default: "a 'capacity' of its own drops what has no place"
      }
    return discipline == .multiset
      ? "\(dropping), 'duplication' without a number keeps each message once" : dropping
  }
}

/// What a network's contents are and become; the table of docs/semantics.md, "Network".
extension State.NetworkState {
  /// Nothing in flight, budgets whole.
  init(empty network: Network) {
    self.init(
      messages: [],
      lossLeft: State.NetworkState.budget(of: network.loss),
      duplicationLeft: State.NetworkState.budget(of: network.duplication)
    )
  }

  private static func budget(of fault: Network.Fault) -> Int? {
    if case .budget(let count) = fault { count } else { nil }
  }

  /// What may arrive, in order.
  package func deliverable(in network: Network) -> [Envelope] {
    switch network.discipline {
    case .set, .multiset: messages.map(\.envelope)
    case .queue:
      messages.indices.filter { position(ofMessage: $0, in: network) == 0 }
        .map { messages[$0].envelope }
    }
  }

  /// Removes what is delivered: nothing from a set, a copy from a multiset, the head of a queue.
  package mutating func take(_ envelope: Envelope, in network: Network) {
    guard network.discipline != .set,
      let index = messages.firstIndex(where: { $0.envelope == envelope })
    else { return }
    // The head of a direction is the first equal message of it, if this is deliverable at all.
    removeCopy(at: index)
  }

  /// Adds one copy; false where there is no place.
  package mutating func add(_ envelope: Envelope, in network: Network) -> Bool {
    switch network.discipline {
    case .set, .multiset:
      guard let index = messages.firstIndex(where: { $0.envelope >= envelope }) else {
        messages.append(State.InFlight(envelope: envelope, copies: 1))
        return true
      }
      guard messages[index].envelope == envelope else {
        messages.insert(State.InFlight(envelope: envelope, copies: 1), at: index)
        return true
      }
      if network.discipline == .set { return true }
      guard messages[index].copies < network.effectiveCapacity else { return false }
      messages[index].copies += 1
      return true
    case .queue:
      guard length(ofDirection: envelope) < network.effectiveCapacity else { return false }
      let direction = (envelope.receiver, envelope.sender)
      let index =
        messages.firstIndex { ($0.envelope.receiver, $0.envelope.sender) > direction }
        ?? messages.endIndex
      messages.insert(State.InFlight(envelope: envelope, copies: 1), at: index)
      return true
    }
  }

  /// The place of a message in its queue, counted from the head; 0 outside of queues.
  func position(ofMessage index: Int, in network: Network) -> Int {
    guard network.discipline == .queue else { return 0 }
    let envelope = messages[index].envelope
    return messages[..<index].count { $0.envelope.isSameDirection(as: envelope) }
  }

  /// The contents after one copy is lost.
  func losing(_ index: Int) -> State.NetworkState {
    var result = self
    result.removeCopy(at: index)
    result.lossLeft = lossLeft.map { $0 - 1 }
    return result
  }

  /// The contents after a copy is added, in a queue right behind its original; nil if full.
  func duplicating(_ index: Int, in network: Network) -> State.NetworkState? {
    var result = self
    result.duplicationLeft = duplicationLeft.map { $0 - 1 }
    let original = messages[index]
    switch network.discipline {
    case .set: return nil
    case .multiset:
      guard original.copies < network.effectiveCapacity else { return nil }
      result.messages[index].copies += 1
    case .queue:
      guard length(ofDirection: original.envelope) < network.effectiveCapacity else {
        return nil
      }
      result.messages.insert(original, at: index + 1)
    }
    return result
  }

  private mutating func removeCopy(at index: Int) {
    if messages[index].copies > 1 {
      messages[index].copies -= 1
    } else {
      messages.remove(at: index)
    }
  }

  private func length(ofDirection envelope: Envelope) -> Int {
    messages.count { $0.envelope.isSameDirection(as: envelope) }
  }
}

extension Envelope {
  fileprivate func isSameDirection(as other: Envelope) -> Bool {
    sender == other.sender && receiver == other.receiver
  }
}
