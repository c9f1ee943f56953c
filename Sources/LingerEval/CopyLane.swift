package import LingerModel

/// The copies in flight that stand in one order, the one sent first in front: those of one message
/// value in a multiset, those of one direction in a queue.
package enum CopyLane: Hashable, Sendable {
  case value(Envelope)
  case direction(network: Int, sender: Int, receiver: Int)

  /// Where a message is kept; nil in a growing set, which has no copies.
  package init?(_ envelope: Envelope, in model: Model) {
    switch model.networks[envelope.network].discipline {
    case .set: return nil
    case .multiset: self = .value(envelope)
    case .queue:
      self = .direction(
        network: envelope.network,
        sender: envelope.sender,
        receiver: envelope.receiver
      )
    }
  }

  package var network: Int {
    switch self {
    case .value(let envelope): envelope.network
    case .direction(let network, _, _): network
    }
  }
}

/// The networks' copies, lane by lane, each with a mark: when it was sent, or which clock it has.
package struct CopyLanes<Mark: Hashable & Sendable>: Hashable, Sendable {
  package private(set) var marks: [CopyLane: [Mark]] = [:]

  package init() {}

  package subscript(_ lane: CopyLane) -> [Mark] { marks[lane] ?? [] }

  /// A copy that was sent: the youngest.
  package mutating func append(_ mark: Mark, to lane: CopyLane) {
    marks[lane, default: []].append(mark)
  }

  package mutating func remove(_ index: Int, from lane: CopyLane) {
    marks[lane]?.remove(at: index)
    if marks[lane]?.isEmpty == true { marks[lane] = nil }
  }

  /// A duplicate is as old as its original and stands right behind it.
  package mutating func duplicate(_ index: Int, in lane: CopyLane) {
    let original = self[lane][index]
    marks[lane]?.insert(original, at: index + 1)
  }

  /// The places in its lane of the copies that a step may take, lose or duplicate: any copy of a
  /// value, the one at its position in a queue.
  package func candidates(_ lane: CopyLane, position: Int) -> [Int] {
    switch lane {
    case .value: Array(self[lane].indices)
    case .direction: self[lane].indices.contains(position) ? [position] : []
    }
  }
}
