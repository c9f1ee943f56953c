package import LingerModel

/// One network inside a packed state.
///
/// Three forms. *Counts*: a bit (growing set) or a small counter (multiset) for each message
/// number, while those are few. *Slots*: the numbers in flight, sorted, for large message spaces.
/// *Queues*: for each ordered pair of instances the numbers in order. Slots and the places of a
/// queue start few, a queue that nobody uses has none, and a run that needs more starts again
/// (``LayoutSize``).
///
/// A class of constants, so that passing it around costs one reference count at most; counters,
/// the form of nearly every spec, have their constants beside the form for the same reason.
package final class PackedNetwork {
  /// Something in flight: its number, how many copies, and its place in its queue.
  package struct Entry: Sendable {
    package var number: Int
    package var copies: Int
    package var position: Int
    package var isDeliverable: Bool
  }

  /// What became of a message that was sent.
  package enum Admission: Sendable {
    case sent
    /// The network's named capacity is used up: the message is lost at once.
    case dropped
    /// The capacity nobody named is used up: an error of the spec.
    case full
    /// The layout is too small, not the network.
    case overflow(LayoutOverflow)
  }

  private enum Form: Sendable {
    case counts
    case slots([BitField])
    case queues([PackedQueue])
  }

  struct PackedQueue: Sendable {
    /// What is stored for a message is its number less this, plus one.
    var first: Int
    var slots: [BitField]
  }

  package let space: MessageSpace
  package let description: Network
  package let lossLeft: BitField?
  package let duplicationLeft: BitField?
  /// Bits of what is in flight, per word: what total loss clears.
  package let flightMask: [(word: Int, mask: UInt64)]
  private let form: Form
  /// Counters in use where the form is `counts`, else empty.
  let segments: [CountSegment]
  let widthShift: Int
  let countMask: UInt64
  let capacity: Int
  private let isSet: Bool

  /// Above this many bits a message space is kept in slots.
  private static let countBitsLimit = 512

  package init(
    _ description: Network,
    space: MessageSpace,
    size: LayoutSize,
    allocator: inout BitAllocator
  ) {
    self.description = description
    self.space = space
    capacity = description.effectiveCapacity
    lossLeft = Self.budgetField(description.loss, &allocator)
    duplicationLeft = Self.budgetField(description.duplication, &allocator)
    isSet = description.discipline == .set
    var widthShift = 0
    while (1 << (1 << widthShift)) - 1 < capacity, widthShift < 5 { widthShift += 1 }
    self.widthShift = widthShift
    countMask = (1 << UInt64(1 << widthShift)) - 1
    var segments: [CountSegment] = []
    if description.discipline == .queue {
      let most = min(capacity, size.slotCount)
      let isFixed = space.fixedCount != nil
      form = .queues(
        space.pairs.enumerated().map { pair, numbers in
          let width = isFixed ? BitField.width(for: numbers.count + 1) : size.numberBits
          let isUsed =
            space.hasSymmetricEnds
            || size.hasPlaces(pair, of: space.network, queues: space.pairs.count)
          let places = isUsed ? most : 0
          return PackedQueue(
            first: isFixed ? numbers.lowerBound : 0,
            slots: (0..<places).map { _ in allocator.allocate(width) }
          )
        }
      )
    } else if let count = space.fixedCount, count << widthShift <= Self.countBitsLimit {
      segments = Self.segments(count: count, widthShift: widthShift, &allocator)
      form = .counts
    } else {
      let width = space.fixedCount.map { BitField.width(for: $0 + 1) } ?? size.numberBits
      form = .slots((0..<size.slotCount).map { _ in allocator.allocate(width) })
    }
    self.segments = segments
    flightMask = Self.flightMask(of: form, segments)
  }

  /// Its queues, one for each pair of ``MessageSpace/pairs``; nil in another form.
  var queues: [PackedQueue]? {
    if case .queues(let queues) = form { queues } else { nil }
  }

  /// Whether it has counters.
  var isCounted: Bool { !segments.isEmpty }

  private static func budgetField(
    _ fault: Network.Fault,
    _ allocator: inout BitAllocator
  ) -> BitField? {
    guard case .budget(let limit) = fault else { return nil }
    return allocator.allocate(BitField.width(for: limit + 1))
  }

  private static func segments(
    count: Int,
    widthShift: Int,
    _ allocator: inout BitAllocator
  ) -> [CountSegment] {
    var result: [CountSegment] = []
    var first = 0
    while first < count {
      if (count - first) << widthShift > allocator.remaining,
        allocator.remaining < 1 << widthShift || (count - first) << widthShift <= 64
      {
        allocator.startWord()
      }
      let here = min(count - first, allocator.remaining >> widthShift)
      let field = allocator.allocate(here << widthShift)
      result.append(
        CountSegment(
          word: field.word,
          shift: field.shift,
          first: first,
          count: here,
          widthShift: widthShift,
          mask: field.mask
        )
      )
      first += here
    }
    return result
  }

  private static func flightMask(
    of form: Form,
    _ segments: [CountSegment]
  ) -> [(word: Int, mask: UInt64)] {
    let fields: [(word: Int, mask: UInt64)] =
      switch form {
      case .counts: segments.map { ($0.word, $0.mask) }
      case .slots(let fields): fields.map { ($0.word, $0.mask) }
      case .queues(let queues): queues.flatMap { $0.slots.map { ($0.word, $0.mask) } }
      }
    var result: [(word: Int, mask: UInt64)] = []
    for field in fields where field.mask != 0 {
      if let index = result.firstIndex(where: { $0.word == field.word }) {
        result[index].mask |= field.mask
      } else {
        result.append(field)
      }
    }
    return result
  }

  /// Lists everything in flight in ascending order (queues: pair by pair, head first).
  package func entries(in words: some PackedWords, into result: inout [Entry]) {
    result.removeAll(keepingCapacity: true)
    switch form {
    case .counts:
      for segment in segments {
        var present = PresentCounts(segment, words)
        while let entry = present.next() { result.append(entry) }
      }
    case .slots(let fields):
      for field in fields {
        let stored = Int(field.get(words))
        if stored == 0 { break }
        if let last = result.last, last.number == stored - 1 {
          result[result.count - 1].copies += 1
        } else {
          result.append(
            Entry(number: stored - 1, copies: 1, position: 0, isDeliverable: true)
          )
        }
      }
      if space.fixedCount == nil { result.sort { space.isBefore($0.number, $1.number) } }
    case .queues(let queues):
      for queue in queues {
        for (position, field) in queue.slots.enumerated() {
          let stored = Int(field.get(words))
          if stored == 0 { break }
          result.append(
            Entry(
              number: queue.first + stored - 1,
              copies: 1,
              position: position,
              isDeliverable: position == 0
            )
          )
        }
      }
    }
  }

  /// Where a message's copies are counted, where they are.
  func counter(of number: Int) -> MessageCounter {
    for segment in segments where number < segment.first + segment.count {
      return MessageCounter(
        word: segment.word,
        shift: UInt64(segment.shift + (number - segment.first) << widthShift),
        mask: countMask,
        capacity: UInt64(capacity),
        failsWhenFull: failsWhenFull
      )
    }
    return .none
  }

  /// Copies in flight of one message.
  package func copies(of number: Int, in words: some PackedWords) -> Int {
    switch form {
    case .counts:
      for segment in segments where number < segment.first + segment.count {
        let shift = UInt64(segment.shift + (number - segment.first) << widthShift)
        return Int((words[segment.word] &>> shift) & countMask)
      }
      return 0
    case .slots(let fields):
      return fields.count { Int($0.get(words)) == number + 1 }
    case .queues(let queues):
      let queue = queues[space.block(of: number).pair]
      let stored = UInt64(number - queue.first + 1)
      return queue.slots.count { $0.get(words) == stored }
    }
  }

  /// Puts a message into the network, as a send or a duplication does.
  @inline(__always)
  package func send(_ number: Int, in words: inout some PackedWords) -> Admission {
    if segments.isEmpty { return sendElsewhere(number, in: &words) }
    var index = 0
    while number >= segments[index].first &+ segments[index].count { index &+= 1 }
    let shift = UInt64(segments[index].shift &+ (number &- segments[index].first) << widthShift)
    let word = segments[index].word
    let copies = (words[word] &>> shift) & countMask
    if copies >= UInt64(capacity) {
      return isSet ? .sent : atCapacity
    }
    words[word] += 1 &<< shift
    return .sent
  }

  private func sendElsewhere(_ number: Int, in words: inout some PackedWords) -> Admission {
    switch form {
    case .counts: return .sent
    case .slots(let fields):
      let present = copies(of: number, in: words)
      if present >= capacity { return isSet ? .sent : atCapacity }
      guard let last = fields.last, last.get(words) == 0 else { return .overflow(.slots) }
      var carried = UInt64(number + 1)
      guard last.holds(carried) else { return .overflow(.numbers) }
      for field in fields {
        let stored = field.get(words)
        if stored == 0 {
          field.set(carried, in: &words)
          return .sent
        }
        if stored > carried {
          field.set(carried, in: &words)
          carried = stored
        }
      }
      return .overflow(.slots)
    case .queues(let queues):
      let queue = queues[space.block(of: number).pair]
      let stored = UInt64(number - queue.first + 1)
      for field in queue.slots where field.get(words) == 0 {
        guard field.holds(stored) else { return .overflow(.numbers) }
        field.set(stored, in: &words)
        return .sent
      }
      if queue.slots.isEmpty, capacity > 0 {
        let pair = space.block(of: number).pair
        return .overflow(.queue(network: space.network, pair: pair))
      }
      return queue.slots.count < capacity ? .overflow(.slots) : atCapacity
    }
  }

  private var atCapacity: Admission { failsWhenFull ? .full : .dropped }

  /// Whether one copy too many is an error of the spec.
  var failsWhenFull: Bool {
    !isSet && (description.capacity == nil || description.loss == .never)
  }

  /// Takes one copy out.
  @inline(__always)
  package func remove(_ entry: Entry, in words: inout some PackedWords) {
    switch form {
    case .counts:
      var index = 0
      while entry.number >= segments[index].first &+ segments[index].count { index &+= 1 }
      let shift = UInt64(
        segments[index].shift &+ (entry.number &- segments[index].first) << widthShift
      )
      words[segments[index].word] -= 1 &<< shift
    case .slots(let fields):
      guard
        let start = fields.firstIndex(where: { Int($0.get(words)) == entry.number + 1 })
      else { return }
      Self.closeGap(at: start, fields, &words)
    case .queues(let queues):
      let slots = queues[space.block(of: entry.number).pair].slots
      Self.closeGap(at: entry.position, slots, &words)
    }
  }

  private static func closeGap(at start: Int, _ fields: [BitField], _ words: inout some PackedWords)
  {
    for index in start..<fields.count {
      let next = index + 1 < fields.count ? fields[index + 1].get(words) : 0
      fields[index].set(next, in: &words)
      if next == 0 { return }
    }
  }

  /// Whether a copy may be added to an entry: it is below the capacity.
  package func canDuplicate(_ entry: Entry, in words: some PackedWords) -> Bool {
    switch form {
    case .counts, .slots: return entry.copies < capacity
    case .queues(let queues):
      let slots = queues[space.block(of: entry.number).pair].slots
      return slots.count { $0.get(words) != 0 } < capacity
    }
  }

  /// Adds a copy of an entry: behind the original in a queue.
  package func duplicate(_ entry: Entry, in words: inout some PackedWords) -> Admission {
    guard case .queues(let queues) = form else { return send(entry.number, in: &words) }
    let slots = queues[space.block(of: entry.number).pair].slots
    guard let last = slots.last, last.get(words) == 0 else { return .overflow(.slots) }
    for index in stride(from: slots.count - 1, to: entry.position, by: -1) {
      slots[index].set(slots[index - 1].get(words), in: &words)
    }
    return .sent
  }
}
