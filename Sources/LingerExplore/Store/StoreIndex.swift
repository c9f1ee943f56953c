import CPrefetch

/// Where the states of a store stand and how they are found: all that looking up needs.
///
/// An open-addressing table of 32-bit entries finds a state by its hash: the low bits of an entry
/// are the state's number plus one, the bits above are a tag of the hash, so that a probe reads a
/// state only when it most likely is the one. A probe goes round the cache line that it begins in
/// before it goes on to the next one: nearly all see one line, and entries do not cluster.
///
/// A copy is for any thread, also while one thread adds states to the store: a row is written once,
/// after the state that it is of, so that a copy finds a state that is added meanwhile or does not.
/// It stays good until the store lets its table go (``StateStore/releaseTables()``). Where there is
/// a tree, a copy stays good until a state is added.
@safe
package struct StoreIndex {
  /// 64-bit words of one state; at least 1.
  let wordCount: Int
  /// Words that are stored of it: all, or one where there is a tree.
  let storedWords: Int
  /// What stored states are put together with; nil where they are stored as they are.
  let tree: StateTree?
  /// How many states are stored.
  var count = 0
  /// The chunks that the states stand in, one behind the other.
  var chunks: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
  var table: UnsafeMutablePointer<UInt32>
  var tableCapacity: Int
  var numberMask: UInt32
  var tagMask: UInt32

  static let chunkShift = 12
  static let chunkSize = 1 << chunkShift
  /// Rows in a cache line; a power of two. The table's capacity is a multiple of it.
  static let lineRows = 16

  /// Copies a state's words into a buffer of ``wordCount`` words.
  @inline(__always)
  func load(_ state: Int, into words: inout some PackedWords) {
    precondition(UInt(bitPattern: state) < UInt(bitPattern: count), "state number out of range")
    let source = unsafe address(of: state)
    if let tree { return tree.load(unsafe source[0], into: &words) }
    for index in 0..<wordCount { words[index] = unsafe source[index] }
  }

  func words(of state: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: wordCount)
    load(state, into: &words)
    return words
  }

  /// Asks for the table's line that a hash falls on.
  @inline(__always)
  func prefetch(hash: UInt64) {
    unsafe linger_prefetch(table + slot(hash))
  }

  /// Asks for the state that a hash belongs to, where it most likely does to the first row.
  @inline(__always)
  func prefetchState(hash: UInt64) {
    let first = slot(hash)
    let row = unsafe linger_read_row(table + first)
    if row != 0, row & tagMask == tag(hash) { prefetchState(of: Candidate(row: row, slot: first)) }
  }

  @inline(__always)
  func prefetchState(of candidate: Candidate) {
    unsafe linger_prefetch(address(of: number(candidate.row)))
  }

  /// A slot that is free, or whose row has the tag of the hash that is looked for.
  struct Candidate: BitwiseCopyable {
    /// 0 where the slot is free.
    var row: UInt32
    var slot: Int
  }

  /// The first candidate for a hash.
  @inline(__always)
  func candidate(hash: UInt64) -> Candidate { candidate(hash: hash, at: slot(hash)) }

  /// The first candidate for a hash at a slot or behind it.
  @inline(__always)
  private func candidate(hash: UInt64, at first: Int) -> Candidate {
    let wanted = tag(hash)
    var slot = first
    while true {
      let row = unsafe linger_read_row(table + slot)
      if row == 0 || row & tagMask == wanted { return Candidate(row: row, slot: slot) }
      slot = next(slot, hash)
    }
  }

  /// The slot to be tried after another one.
  @inline(__always)
  private func next(_ slot: Int, _ hash: UInt64) -> Int {
    let line = slot & ~(Self.lineRows - 1)
    let next = line | (slot &+ 1) & (Self.lineRows - 1)
    if (next ^ self.slot(hash)) & (Self.lineRows - 1) != 0 { return next }
    let below = next &+ Self.lineRows
    return below < tableCapacity ? below : below &- tableCapacity
  }

  /// The number of a state, or the slot that is free for it.
  @inline(__always)
  func probe(_ words: UnsafePointer<UInt64>, hash: UInt64) -> (number: Int?, slot: Int) {
    unsafe probe(words, hash: hash, from: candidate(hash: hash))
  }

  /// The same where the first candidate is known.
  @inline(__always)
  func probe(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64,
    from first: Candidate
  ) -> (number: Int?, slot: Int) {
    var candidate = first
    while candidate.row != 0 {
      let number = number(candidate.row)
      if unsafe isEqual(number, words) { return (number, candidate.slot) }
      candidate = self.candidate(hash: hash, at: next(candidate.slot, hash))
    }
    return (nil, candidate.slot)
  }

  /// The number of the state that a row is of.
  @inline(__always)
  private func number(_ row: UInt32) -> Int { Int(row & numberMask) &- 1 }

  /// Enters a state that is in no entry.
  func enter(_ number: Int, hash: UInt64) {
    var slot = slot(hash)
    while unsafe table[slot] != 0 { slot = next(slot, hash) }
    enter(number, hash: hash, at: slot)
  }

  @inline(__always)
  func enter(_ number: Int, hash: UInt64, at slot: Int) {
    unsafe linger_write_row(table + slot, UInt32(truncatingIfNeeded: number + 1) | tag(hash))
  }

  @inline(__always)
  private func isEqual(_ number: Int, _ words: UnsafePointer<UInt64>) -> Bool {
    if let tree { return unsafe tree.equals(address(of: number)[0], words) }
    return unsafe equal(address(of: number), words)
  }

  @inline(__always)
  private func equal(_ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>) -> Bool {
    for index in 0..<wordCount where unsafe left[index] != right[index] { return false }
    return true
  }

  @inline(__always)
  func address(of state: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe chunks[state >> Self.chunkShift] + (state & (Self.chunkSize - 1)) * storedWords
  }

  @inline(__always)
  private func slot(_ hash: UInt64) -> Int {
    Int(hash.multipliedFullWidth(by: UInt64(tableCapacity)).high)
  }

  @inline(__always)
  private func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) & tagMask }

  /// The hash of a state; `room` is for one that has to be put together.
  @inline(__always)
  func hash(of state: Int, _ room: StateWords) -> UInt64 {
    guard let tree else { return unsafe Self.hash(address(of: state), wordCount) }
    var words = room
    tree.load(unsafe address(of: state)[0], into: &words)
    return unsafe Self.hash(words.pointer, wordCount)
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
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
