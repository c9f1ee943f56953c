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
  /// What the chunks lie in, where many share one.
  private var slabs: [UnsafeMutableRawPointer]
  private var table: UnsafeMutablePointer<UInt32>
  private var tableCapacity: Int
  private var growAt: Int
  private var numberMask: UInt32
  private var tagMask: UInt32

  private static let chunkShift = 12
  private static let chunkSize = 1 << chunkShift
  private static let firstCapacity = 1 << 12
  /// Chunks that are taken at once when there are that many already.
  private static let chunksInSlab = 64
  /// Rows of a table that are asked for ahead of their use while it is filled.
  private static let ahead = 32

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
    unsafe slabs = []
    tableCapacity = Self.firstCapacity
    unsafe table = Self.table(Self.firstCapacity)
    growAt = Self.firstCapacity / 5 * 4
    (numberMask, tagMask) = Self.masks(for: growAt)
  }

  deinit {
    unsafe table.deallocate()
    unsafe slabs.forEach { slab in unsafe slab.deallocate() }
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
  package func load(_ state: Int, into words: inout some PackedWords) {
    precondition(state < count, "state number out of range")
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

  /// The same for a state in a worker's memory.
  func find(_ words: StateWords) -> Int? {
    precondition(words.count == wordCount, "a packed state is too short")
    return unsafe probe(words.pointer, hash: Self.hash(words.pointer, wordCount)).number
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
    if unsafe number >> Self.chunkShift == chunks.count { addChunks() }
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
    unsafe table = Self.table(tableCapacity)
    // The states come in order and their rows do not: those are asked for ahead.
    let next = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.ahead)
    defer { unsafe next.deallocate() }
    for first in stride(from: 0, to: count, by: Self.ahead) {
      let states = first..<min(first + Self.ahead, count)
      for number in states {
        let hash = unsafe Self.hash(address(of: number), wordCount)
        unsafe next[number - first] = hash
        prefetch(hash: hash)
      }
      for number in states { unsafe enter(number, hash: next[number - first]) }
    }
  }

  private func enter(_ number: Int, hash: UInt64) {
    var slot = slot(hash)
    while unsafe table[slot] != 0 {
      slot += 1
      if slot == tableCapacity { slot = 0 }
    }
    unsafe table[slot] = UInt32(truncatingIfNeeded: number + 1) | tag(hash)
  }

  /// Makes room for more states: a chunk at first, then many at once in large pages.
  private mutating func addChunks() {
    let number = unsafe chunks.count < Self.chunksInSlab ? 1 : Self.chunksInSlab
    let words = Self.chunkSize * wordCount
    let slab = unsafe Self.memory(byteCount: number * words * 8)
    unsafe slabs.append(slab)
    let states = unsafe slab.bindMemory(to: UInt64.self, capacity: number * words)
    for chunk in 0..<number { unsafe chunks.append(states + chunk * words) }
  }

  /// A table without entries.
  private static func table(_ capacity: Int) -> UnsafeMutablePointer<UInt32> {
    let table = unsafe memory(byteCount: capacity * 4)
      .bindMemory(to: UInt32.self, capacity: capacity)
    unsafe table.initialize(repeating: 0, count: capacity)
    return unsafe table
  }

  /// Much memory is asked for in large pages: a random access then has its translation at hand.
  private static func memory(byteCount: Int) -> UnsafeMutableRawPointer {
    let isLarge = byteCount >= 1 << 21
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount,
      alignment: isLarge ? 1 << 21 : 64
    )
    if isLarge { unsafe linger_prefer_large_pages(memory, byteCount) }
    return unsafe memory
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
