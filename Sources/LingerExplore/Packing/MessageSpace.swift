import LingerDiagnostics
import LingerKernel
package import LingerModel

/// The numbering of what a network can carry.
///
/// Where there are few possible messages each has a number from the start: receiver, sender, kind
/// of message and field values in mixed radix, in that order of weight. Where there are many they
/// are numbered as they first appear, so that only those cost anything that are ever sent or
/// asked for. In both cases ``isBefore(_:_:)`` is the order of ``Envelope``s.
///
/// Values of a message too wide to be numbered (two fields of 32 bits) are numbered as they first
/// appear too, in ``WideMessages``.
package final class MessageSpace {
  /// All messages of one kind from one instance to another.
  package struct Block {
    package var receiver: Int
    package var sender: Int
    package var record: Int
    /// Number of its first message, where messages are numbered from the start.
    package var first: Int
    /// Its place among the ordered pairs of instances.
    package var pair: Int
  }

  /// A message by its block and its number among the values of its type.
  private struct Key: Hashable {
    var block: Int
    var ordinal: Int
  }

  package let network: Int
  package let blocks: [Block]
  /// Messages in all, where they are numbered from the start; else nil.
  package let fixedCount: Int?
  /// Ordered pairs of instances that a route joins, with the numbers of their messages where these
  /// are fixed.
  package let pairs: [Range<Int>]
  private let model: Model
  /// The block of each message, and its receiver, where these are numbered from the start.
  private let fixedBlocks: [Int32]
  private let fixedReceivers: [Int32]
  /// The first block of each receiver and sender; -1 where there is none.
  private let firstBlocks: [Int]
  /// By record; nil for one whose values have numbers.
  private var wide: [WideMessages?]
  private var seen: [Key] = []
  private var numbers: [Key: Int] = [:]

  /// Up to this many messages are numbered from the start.
  private static let fixedLimit = 1 << 16

  package init(network: Int, model: Model) {
    self.network = network
    self.model = model
    wide = model.records.indices.map { record in
      guard model.records[record].isMessage, model.cardinality(of: .record(record)) == nil else {
        return nil
      }
      return WideMessages(record, in: model)
    }
    var blocks: [Block] = []
    var counts: [Int] = []
    var total: Int? = 0
    var pairs: [Range<Int>] = []
    var firstBlocks = [Int](repeating: -1, count: model.instances.count * model.instances.count)
    for receiver in model.instances.indices {
      for sender in model.instances.indices where sender != receiver {
        let records = Self.records(on: model.networks[network], sender, receiver, model)
        guard !records.isEmpty else { continue }
        firstBlocks[receiver * model.instances.count + sender] = blocks.count
        let start = total ?? 0
        for record in records {
          let size = model.cardinality(of: .record(record)) ?? .max
          blocks.append(
            Block(
              receiver: receiver,
              sender: sender,
              record: record,
              first: total ?? 0,
              pair: pairs.count
            )
          )
          counts.append(size)
          total = total.flatMap { size <= Self.fixedLimit - $0 ? $0 + size : nil }
        }
        pairs.append(start..<(total ?? start))
      }
    }
    self.blocks = blocks
    self.firstBlocks = firstBlocks
    fixedCount = total
    self.pairs = pairs
    let isFixed = total != nil
    let indices = isFixed ? Array(blocks.indices) : []
    fixedBlocks = indices.flatMap { repeatElement(Int32($0), count: counts[$0]) }
    fixedReceivers = fixedBlocks.map { Int32(blocks[Int($0)].receiver) }
  }

  /// The kinds of messages from one instance to another, ascending.
  private static func records(
    on network: Network,
    _ sender: Int,
    _ receiver: Int,
    _ model: Model
  ) -> [Int] {
    var records: [Int] = []
    for route in network.routes
    where route.sender == model.instances[sender].role
      && route.receiver == model.instances[receiver].role
    {
      records += route.messages.filter { !records.contains($0) }
    }
    return records.sorted()
  }

  /// Whether instances may be renamed: what one pair sends then stands for what others send.
  var hasSymmetricEnds: Bool { model.instances.contains { $0.symmetryGroup != nil } }

  /// Memory held, in bytes, roughly.
  package var byteCount: Int {
    wide.reduce(seen.capacity * 16 + numbers.capacity * 32) { $0 + ($1?.byteCount ?? 0) }
  }

  /// The number of an envelope, given out now where it has none yet; nil where no route carries
  /// it.
  package func number(of envelope: Envelope) -> Int? {
    guard case .record(let record, _) = envelope.message,
      let ordinal = ordinal(of: envelope.message, record)
    else { return nil }
    return number(of: (record, ordinal), from: envelope.sender, to: envelope.receiver)
  }

  private func ordinal(of message: Value, _ record: Int) -> Int? {
    if wide[record] == nil { return model.ordinal(of: message, in: .record(record)) }
    return wide[record]?.number(of: message)
  }

  /// The number of a message too wide for one of its own, by its fields as the kernel has them.
  func ordinal(_ registers: [Int], _ record: Int) -> Int {
    guard let number = wide[record]?.number(ofRegisters: registers) else {
      preconditionFailure("a message without a number is not wide")
    }
    return number
  }

  /// The fields of a wide message as the kernel has them; nil where its record is not wide.
  func registers(of ordinal: Int, _ record: Int) -> [Int]? { wide[record]?.registers(of: ordinal) }

  /// The same for a message by its record and its number among that record's values.
  package func number(
    of message: (record: Int, ordinal: Int),
    from sender: Int,
    to receiver: Int
  ) -> Int? {
    guard let block = blockIndex(from: sender, to: receiver, message.record) else { return nil }
    if fixedCount != nil { return blocks[block].first + message.ordinal }
    let key = Key(block: block, ordinal: message.ordinal)
    if let number = numbers[key] { return number }
    numbers[key] = seen.count
    seen.append(key)
    return seen.count - 1
  }

  private func blockIndex(from sender: Int, to receiver: Int, _ record: Int) -> Int? {
    let first = firstBlocks[receiver * model.instances.count + sender]
    guard first >= 0 else { return nil }
    for index in first..<blocks.count where blocks[index].pair == blocks[first].pair {
      if blocks[index].record == record { return index }
    }
    return nil
  }

  /// The envelope with a number.
  package func envelope(_ number: Int) -> Envelope {
    let content = content(of: number)
    return Envelope(
      network: network,
      sender: content.sender,
      receiver: content.receiver,
      message: wide[content.record]?.value(content.ordinal)
        ?? model.value(at: content.ordinal, in: .record(content.record))
    )
  }

  /// What a number stands for: who sends it to whom, the record, and the number among its values.
  package func content(
    of number: Int
  ) -> (sender: Int, receiver: Int, record: Int, ordinal: Int) {
    let block = block(of: number)
    let ordinal = fixedCount == nil ? seen[number].ordinal : number - block.first
    return (block.sender, block.receiver, block.record, ordinal)
  }

  package func block(of number: Int) -> Block {
    blocks[fixedCount == nil ? seen[number].block : Int(fixedBlocks[number])]
  }

  /// The place of a message's block among ``blocks``.
  func blockIndex(of number: Int) -> Int {
    fixedCount == nil ? seen[number].block : Int(fixedBlocks[number])
  }

  @inline(__always)
  package func receiver(of number: Int) -> Int {
    number < fixedReceivers.count
      ? Int(fixedReceivers[number]) : blocks[seen[number].block].receiver
  }

  /// Whether one message comes before another in the order in which deliveries are tried.
  package func isBefore(_ left: Int, _ right: Int) -> Bool {
    if fixedCount != nil { return left < right }
    let (one, other) = (seen[left], seen[right])
    guard one.block == other.block else { return one.block < other.block }
    if let wide = wide[blocks[one.block].record] {
      return wide.value(one.ordinal) < wide.value(other.ordinal)
    }
    return one.ordinal < other.ordinal
  }

  /// The messages for one receiver, as a range of numbers; nil where numbers are not fixed.
  package func fixedRange(for receiver: Int) -> Range<Int>? {
    guard fixedCount != nil else { return nil }
    guard let first = fixedReceivers.firstIndex(of: Int32(receiver)),
      let last = fixedReceivers.lastIndex(of: Int32(receiver))
    else { return 0..<0 }
    return first..<(last + 1)
  }
}
