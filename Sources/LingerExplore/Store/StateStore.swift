import CPrefetch

/// The set of packed states found so far, each with a number in the order of its discovery.
///
/// Two parts. The states themselves stand one behind the other in chunks, so that a layer of the
/// breadth-first search is a range of numbers and no state is ever copied again. An
/// open-addressing table of 32-bit entries finds a state by its hash: the low bits of an entry
/// are the state's number plus one, the bits above are a tag of the hash, so that a probe reads
/// a state only when it most likely is the one. The table grows by half, not by two, which keeps
/// it between 8/15 and 4/5 full: 8 bytes a state for one-word states plus at most 7.5.
///
/// A probe is a cache miss. ``SuccessorBatch`` hides it: hashes are computed and prefetched when
/// successors are generated, and looked up a block later.
@safe
package struct StateStore: ~Copyable {
  /// 64-bit words of one state; at least 1.
  package let wordCount: Int
  /// How many states are stored.
  package private(set) var count = 0

  private var chunks: [UnsafeMutablePointer<UInt64>]
  private var table: UnsafeMutablePointer<UInt32>
  private var tableCapacity: Int
  private var growAt: Int
  private var numberMask: UInt32
  private var tagMask: UInt32

  private static let chunkShift = 12
  private static let chunkSize = 1 << chunkShift
  private static let firstCapacity = 1 << 12

  /// What no state's number is.
  package static let none = UInt32.max
  /// The most states that a table of 2^32 entries can hold, four fifths full.
  private static let stateLimit = Int(UInt32.max) / 5 * 4 - 1

  /// The most states that may be stored.
  package let limit: Int
  /// Whether a state was turned away because of the limit.
  package private(set) var isFull = false

  package init(wordCount: Int, limit: Int? = nil) {
    self.wordCount = max(1, wordCount)
    self.limit = min(limit ?? .max, Self.stateLimit)
    unsafe chunks = []
    tableCapacity = Self.firstCapacity
    unsafe table = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.firstCapacity)
    unsafe table.initialize(repeating: 0, count: Self.firstCapacity)
    growAt = Self.firstCapacity / 5 * 4
    (numberMask, tagMask) = Self.masks(for: growAt)
  }

  deinit {
    unsafe table.deallocate()
    unsafe chunks.forEach { chunk in unsafe chunk.deallocate() }
  }

  /// Memory held, in bytes.
  package var byteCount: Int {
    unsafe chunks.count * Self.chunkSize * wordCount * 8 + tableCapacity * 4
  }

  /// Memory of the table, which grows by half at once, in bytes.
  package var tableBytes: Int { tableCapacity * 4 }

  /// One word of a state.
  @inline(__always)
  package func word(_ index: Int, of state: Int) -> UInt64 {
    precondition(state < count && index < wordCount, "state number out of range")
    return unsafe address(of: state)[index]
  }

  /// Copies a state's words into a buffer of ``wordCount`` words.
  @inline(__always)
  package func load(_ state: Int, into words: inout [UInt64]) {
    precondition(state < count && words.count >= wordCount, "state number out of range")
    let source = unsafe address(of: state)
    for index in 0..<wordCount { words[index] = unsafe source[index] }
  }

  /// The number of a state; nil where it is not stored.
  package func find(_ words: [UInt64]) -> Int? {
    precondition(words.count >= wordCount, "a packed state is too short")
    return unsafe words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let found = unsafe probe(base, hash: Self.hash(base, wordCount))
      return found.number
    }
  }

  /// The number of a state, added when it is new; nil where there is no room for it.
  package mutating func insert(_ words: [UInt64]) -> (number: Int?, isNew: Bool) {
    precondition(words.count >= wordCount, "a packed state is too short")
    return unsafe words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return (nil, false) }
      return unsafe insert(base, hash: Self.hash(base, wordCount))
    }
  }

  @inline(__always)
  mutating func insert(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64
  ) -> (number: Int?, isNew: Bool) {
    let found = unsafe probe(words, hash: hash)
    if let number = found.number { return (number, false) }
    let number = count
    guard number < limit else {
      isFull = true
      return (nil, false)
    }
    if unsafe number >> Self.chunkShift == chunks.count {
      unsafe chunks.append(.allocate(capacity: Self.chunkSize * wordCount))
    }
    count += 1
    let target = unsafe address(of: number)
    for index in 0..<wordCount { unsafe target[index] = unsafe words[index] }
    unsafe table[found.slot] = UInt32(truncatingIfNeeded: number + 1) | tag(hash)
    if count >= growAt { grow() }
    return (number, true)
  }

  /// Asks for the table's line that a hash falls on.
  @inline(__always)
  func prefetch(hash: UInt64) {
    unsafe linger_prefetch(table + slot(hash))
  }

  /// Asks for the state that a hash most likely belongs to.
  @inline(__always)
  func prefetchState(hash: UInt64) {
    let entry = unsafe table[slot(hash)]
    if entry != 0, entry & tagMask == tag(hash) {
      unsafe linger_prefetch(address(of: Int(entry & numberMask) - 1))
    }
  }

  @inline(__always)
  private func probe(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64
  ) -> (number: Int?, slot: Int) {
    let wanted = tag(hash)
    var slot = slot(hash)
    while true {
      let entry = unsafe table[slot]
      if entry == 0 { return (nil, slot) }
      if entry & tagMask == wanted {
        let number = Int(entry & numberMask) - 1
        if unsafe equal(address(of: number), words) { return (number, slot) }
      }
      slot += 1
      if slot == tableCapacity { slot = 0 }
    }
  }

  @inline(__always)
  private func equal(_ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>) -> Bool {
    for index in 0..<wordCount where unsafe left[index] != right[index] { return false }
    return true
  }

  @inline(__always)
  private func address(of state: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe chunks[state >> Self.chunkShift] + (state & (Self.chunkSize - 1)) * wordCount
  }

  @inline(__always)
  private func slot(_ hash: UInt64) -> Int {
    Int(hash.multipliedFullWidth(by: UInt64(tableCapacity)).high)
  }

  @inline(__always)
  private func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) & tagMask }

  private static func masks(for growAt: Int) -> (number: UInt32, tag: UInt32) {
    let bits = Int.bitWidth - (growAt + 1).leadingZeroBitCount
    let number = bits >= 32 ? UInt32.max : (UInt32(1) << UInt32(bits)) - 1
    return (number, ~number)
  }

  private mutating func grow() {
    unsafe table.deallocate()
    tableCapacity = min(tableCapacity + tableCapacity / 2, Int(UInt32.max))
    growAt = tableCapacity / 5 * 4
    (numberMask, tagMask) = Self.masks(for: growAt)
    unsafe table = UnsafeMutablePointer<UInt32>.allocate(capacity: tableCapacity)
    unsafe table.initialize(repeating: 0, count: tableCapacity)
    for number in 0..<count {
      let hash = unsafe Self.hash(address(of: number), wordCount)
      var slot = slot(hash)
      while unsafe table[slot] != 0 {
        slot += 1
        if slot == tableCapacity { slot = 0 }
      }
      unsafe table[slot] = UInt32(truncatingIfNeeded: number + 1) | tag(hash)
    }
  }

  /// A 64-bit hash by folded multiplication (the mixing step of wyhash); fixed keys, so that a
  /// run is the same every time.
  @inline(__always)
  static func hash(_ words: UnsafePointer<UInt64>, _ count: Int) -> UInt64 {
    var state: UInt64 = 0xA076_1D64_78BD_642F
    for index in 0..<count {
      state = unsafe fold(words[index] ^ state, 0xE703_7ED1_A0B4_28DB)
    }
    return fold(state ^ 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3)
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// Successors waiting to be looked up, so that their cache misses overlap.
@safe
package struct SuccessorBatch: ~Copyable {
  /// Successors held now.
  package private(set) var count = 0

  private let wordCount: Int
  private let words: UnsafeMutablePointer<UInt64>
  private let hashes: UnsafeMutablePointer<UInt64>
  /// Numbers of the looked-up states after ``resolve(into:)``.
  private let numbers: UnsafeMutablePointer<UInt32>
  /// What the caller noted with each successor.
  private let notes: UnsafeMutablePointer<UInt32>

  /// Room for this many; enough to hide memory latency, small enough to stay in the L1/L2 cache.
  package static let capacity = 512

  package init(wordCount: Int) {
    self.wordCount = wordCount
    unsafe words = .allocate(capacity: Self.capacity * wordCount)
    unsafe hashes = .allocate(capacity: Self.capacity)
    unsafe numbers = .allocate(capacity: Self.capacity)
    unsafe notes = .allocate(capacity: Self.capacity)
  }

  deinit {
    unsafe words.deallocate()
    unsafe hashes.deallocate()
    unsafe numbers.deallocate()
    unsafe notes.deallocate()
  }

  package var isFull: Bool { count == Self.capacity }

  /// Adds a successor; `note` comes back with it.
  @inline(__always)
  package mutating func push(
    _ state: [UInt64],
    note: UInt32,
    prefetching store: borrowing StateStore
  ) {
    precondition(count < Self.capacity && state.count >= wordCount, "the batch is full")
    let target = unsafe words + count * wordCount
    for index in 0..<wordCount { unsafe target[index] = state[index] }
    let hash = unsafe StateStore.hash(target, wordCount)
    unsafe hashes[count] = hash
    unsafe notes[count] = note
    store.prefetch(hash: hash)
    count += 1
  }

  /// Looks every successor up, adds the new ones in order, and keeps their numbers.
  package mutating func resolve(into store: inout StateStore) {
    for index in 0..<count { unsafe store.prefetchState(hash: hashes[index]) }
    for index in 0..<count {
      let result = unsafe store.insert(words + index * wordCount, hash: hashes[index])
      unsafe numbers[index] =
        result.number.map { UInt32(truncatingIfNeeded: $0) } ?? StateStore.none
    }
  }

  /// Number and note of a resolved successor; ``StateStore/none`` where there was no room.
  package func resolved(_ index: Int) -> (number: UInt32, note: UInt32) {
    precondition(index < count, "no such successor")
    return unsafe (numbers[index], notes[index])
  }

  package mutating func removeAll() { count = 0 }
}
