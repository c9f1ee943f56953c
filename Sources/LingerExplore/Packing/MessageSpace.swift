import LingerDiagnostics
package import LingerModel

/// The numbering of everything a network can carry.
///
/// A message in flight is a number: receiver, sender, kind of message and field values in mixed
/// radix, in that order of weight, so that the messages for one receiver stand together and
/// ascending numbers are ascending ``Envelope``s.
package struct MessageSpace: Sendable {
  package struct Block: Sendable {
    package var receiver: Int
    package var sender: Int
    package var record: Int
    package var first: Int
    package var count: Int
  }

  package let network: Int
  package private(set) var blocks: [Block] = []
  /// Messages in all.
  package private(set) var count = 0
  private let model: Model
  /// The receiver of each message while there are few, so that a delivery need not search.
  private var receivers: [Int32] = []
  private static let receiverLimit = 1 << 16

  package init(network: Int, model: Model) {
    self.network = network
    self.model = model
    for receiver in model.instances.indices {
      for sender in model.instances.indices where sender != receiver {
        var records: [Int] = []
        for route in model.networks[network].routes
        where route.sender == model.instances[sender].role
          && route.receiver == model.instances[receiver].role
        {
          records += route.messages.filter { !records.contains($0) }
        }
        for record in records.sorted() {
          let size = model.cardinality(of: .record(record)) ?? 0
          blocks.append(
            Block(receiver: receiver, sender: sender, record: record, first: count, count: size)
          )
          count += size
        }
      }
    }
    if count <= Self.receiverLimit {
      for block in blocks {
        receivers.append(contentsOf: repeatElement(Int32(block.receiver), count: block.count))
      }
    }
  }

  /// The number of an envelope; nil where no route carries it.
  package func number(of envelope: Envelope) -> Int? {
    guard case .record(let record, _) = envelope.message,
      let block = blocks.first(where: {
        $0.receiver == envelope.receiver && $0.sender == envelope.sender && $0.record == record
      }),
      let ordinal = model.ordinal(of: envelope.message, in: .record(record))
    else { return nil }
    return block.first + ordinal
  }

  /// The envelope with a number below ``count``.
  package func envelope(_ number: Int) -> Envelope {
    let block = blocks[blockIndex(of: number)]
    return Envelope(
      network: network,
      sender: block.sender,
      receiver: block.receiver,
      message: model.value(at: number - block.first, in: .record(block.record))
    )
  }

  @inline(__always)
  package func receiver(of number: Int) -> Int {
    number < receivers.count
      ? Int(receivers[number]) : blocks[blockIndex(of: number)].receiver
  }

  private func blockIndex(of number: Int) -> Int {
    var low = 0
    var high = blocks.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if blocks[middle].first <= number { low = middle } else { high = middle }
    }
    return low
  }

  /// The messages for one receiver, as a range of numbers.
  package func range(for receiver: Int) -> Range<Int> {
    let own = blocks.filter { $0.receiver == receiver }
    guard let first = own.first, let last = own.last else { return 0..<0 }
    return first.first..<(last.first + last.count)
  }

  /// Ordered pairs (sender, receiver) that a route joins, with the numbers of their messages.
  package var pairs: [(sender: Int, receiver: Int, range: Range<Int>)] {
    var result: [(sender: Int, receiver: Int, range: Range<Int>)] = []
    for block in blocks {
      let end = block.first + block.count
      if let last = result.last, last.sender == block.sender, last.receiver == block.receiver {
        result[result.count - 1].range = last.range.lowerBound..<end
      } else {
        result.append((block.sender, block.receiver, block.first..<end))
      }
    }
    return result
  }
}
