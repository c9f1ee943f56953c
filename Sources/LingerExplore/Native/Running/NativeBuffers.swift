/// The memory that one worker shares with native code.
@safe
final class NativeBuffers {
  private let slots: UnsafeMutablePointer<UInt64>
  private let recent: UnsafeMutablePointer<UInt64>
  private let firings: UnsafeMutablePointer<Int>
  private let seen: UnsafeMutablePointer<UInt64>
  private let foundWords: UnsafeMutablePointer<UInt64>
  private let foundHashes: UnsafeMutablePointer<UInt64>
  private let foundSleeps: UnsafeMutablePointer<UInt64>
  private let sources: UnsafeMutablePointer<UInt32>
  private let targets: UnsafeMutablePointer<UInt32>
  private let events: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private let recentPlaces: Int
  private let firingCount: Int
  private let seenWords: Int
  private let edgeRoom: Int

  private static let eventRoom = 1 << 14
  /// Tries and rounds of loops in one call: a fraction of a second.
  private static let work = 1 << 24

  /// `known` is a state of the store.
  init(wordCount: Int, known: [UInt64], transitions: Int, seenWords: Int, hasEdges: Bool) {
    self.wordCount = wordCount
    self.seenWords = seenWords
    firingCount = transitions + 1
    edgeRoom = hasEdges ? ScannedPart.edgeLimit : 1
    recentPlaces =
      1 << (Int.bitWidth - 1 - max(1, SuccessorBatch.recentWords / wordCount).leadingZeroBitCount)
    unsafe slots = .allocate(capacity: NativeSlot.allCases.count)
    unsafe slots.initialize(repeating: 0, count: NativeSlot.allCases.count)
    unsafe recent = .allocate(capacity: recentPlaces * wordCount)
    for place in 0..<(recentPlaces * wordCount) { unsafe recent[place] = known[place % wordCount] }
    unsafe firings = .allocate(capacity: firingCount)
    unsafe firings.initialize(repeating: 0, count: firingCount)
    unsafe seen = .allocate(capacity: max(1, seenWords))
    unsafe seen.initialize(repeating: 0, count: max(1, seenWords))
    unsafe foundWords = .allocate(capacity: ScannedPart.foundLimit * wordCount)
    unsafe foundHashes = .allocate(capacity: ScannedPart.foundLimit)
    unsafe foundSleeps = .allocate(capacity: ScannedPart.foundLimit)
    unsafe sources = .allocate(capacity: edgeRoom)
    unsafe targets = .allocate(capacity: edgeRoom)
    unsafe events = .allocate(capacity: Self.eventRoom * NativeEvent.words)
    setUp()
  }

  deinit {
    unsafe slots.deallocate()
    unsafe recent.deallocate()
    unsafe firings.deallocate()
    unsafe seen.deallocate()
    unsafe foundWords.deallocate()
    unsafe foundHashes.deallocate()
    unsafe foundSleeps.deallocate()
    unsafe sources.deallocate()
    unsafe targets.deallocate()
    unsafe events.deallocate()
  }

  /// Memory held, in bytes.
  var byteCount: Int {
    (recentPlaces * wordCount + seenWords + firingCount) * 8
      + ScannedPart.foundLimit * (wordCount + 2) * 8 + edgeRoom * 8
      + Self.eventRoom * NativeEvent.words * 8
  }

  private func put(_ slot: NativeSlot, _ value: Int) {
    unsafe slots[slot.rawValue] = UInt64(bitPattern: Int64(value))
  }

  private func put<Element>(_ slot: NativeSlot, _ address: UnsafePointer<Element>?) {
    unsafe slots[slot.rawValue] = UInt64(UInt(bitPattern: address))
  }

  private func get(_ slot: NativeSlot) -> Int {
    unsafe Int(truncatingIfNeeded: slots[slot.rawValue])
  }

  private func setUp() {
    unsafe put(.recent, recent)
    put(.recentShift, recentPlaces.leadingZeroBitCount + 1)
    put(.work, Self.work)
    unsafe put(.firings, firings)
    unsafe put(.seen, seen)
    unsafe put(.foundWords, foundWords)
    unsafe put(.foundHashes, foundHashes)
    unsafe put(.foundSleeps, foundSleeps)
    put(.foundRoom, ScannedPart.foundLimit)
    unsafe put(.sources, sources)
    unsafe put(.targets, targets)
    put(.edgeRoom, edgeRoom)
    unsafe put(.events, events)
    put(.eventRoom, Self.eventRoom)
  }

  /// What a call tells besides successors.
  struct Summary {
    var transitions: Int
    var firings: [Int]
    /// Steps that end in an error, and the first state with one.
    var errors: Int
    var firstError: Int
    var events: [(event: NativeEvent, state: Int, network: Int, number: Int)]
  }

  /// Expands some states and adds what the store does not have; nil where that has no end in sight,
  /// or more successors than there is room for.
  func run(
    _ function: NativeFunction,
    _ states: Range<Int>,
    in index: StoreIndex,
    _ sleeps: SleepView,
    into part: ScannedPart
  ) -> Summary? {
    index.describe { slot, value in put(slot, value) }
    sleeps.describe { slot, value in put(slot, value) }
    put(.firstState, states.lowerBound)
    put(.endState, states.upperBound)
    for number in 0..<firingCount { unsafe firings[number] = 0 }
    guard unsafe function.run(slots) else { return nil }
    let found = get(.found)
    unsafe part.found.append(foundWords, foundHashes, foundSleeps, count: found)
    for edge in 0..<get(.edges) { unsafe part.addEdge(sources[edge], targets[edge]) }
    let list = (0..<get(.eventCount)).compactMap { place in
      let words = unsafe UnsafeBufferPointer(
        start: events + place * NativeEvent.words,
        count: NativeEvent.words
      )
      return unsafe NativeEvent(rawValue: words[0]).map {
        unsafe (event: $0, state: Int(words[1]), network: Int(words[2]), number: Int(words[3]))
      }
    }
    return Summary(
      transitions: get(.transitions),
      firings: (1..<firingCount).map { unsafe firings[$0] },
      errors: get(.errors),
      firstError: get(.firstError),
      events: list
    )
  }

  /// The places of the bits that are set in a range of what was seen.
  func seen(in range: Range<Int>) -> Set<Int> {
    precondition(range.upperBound <= seenWords, "nothing is noted there")
    var places: Set<Int> = []
    for word in range {
      for bit in 0..<64 where unsafe seen[word] >> UInt64(bit) & 1 == 1 {
        places.insert((word - range.lowerBound) * 64 + bit)
      }
    }
    return places
  }
}

extension StoreIndex {
  /// Where native code finds what is stored.
  fileprivate func describe(_ put: (NativeSlot, Int) -> Void) {
    put(.chunks, unsafe Int(bitPattern: chunks))
    put(.table, unsafe Int(bitPattern: table))
    put(.lineCount, lineCount)
    put(.numberMask, Int(numberMask))
    put(.tagMask, Int(tagMask))
  }
}
