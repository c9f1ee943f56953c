import CPrefetch

/// Where the states of a store stand and how they are found: all that looking up needs.
///
/// A table of 32-bit rows finds a state by its hash: the low bits of a row are the state's number
/// plus one, the bits above are a tag of the hash, so that a look-up reads a state only when it
/// most likely is the one. The rows are looked at a cache line at a time, all of a line at once. A
/// state has its row in the line that its hash falls on, in the first place that is free, or,
/// where that line is full, in the next one that is not.
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
  var lineCount: Int
  var numberMask: UInt32
  var tagMask: UInt32

  static let chunkShift = 12
  static let chunkSize = 1 << chunkShift
  /// Rows in a cache line.
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

  /// How many rows the table has.
  var tableCapacity: Int { lineCount * Self.lineRows }

  /// Asks for the table's line that a hash falls on.
  @inline(__always)
  func prefetch(hash: UInt64) {
    unsafe linger_prefetch(rows(ofLine: line(hash)))
  }

  /// What is seen in one line of the table of a state that is looked for.
  struct Look: BitwiseCopyable {
    fileprivate var line: Int
    fileprivate var bits: UInt32

    /// The places of rows that have its tag, and of those that are free; a bit for each.
    fileprivate var matches: UInt32 { bits & 0xFFFF }
    fileprivate var free: UInt32 { bits >> 16 }

    /// The free slot of the table that comes first.
    @inline(__always)
    fileprivate var slot: Int { line * StoreIndex.lineRows + free.trailingZeroBitCount }
  }

  /// What is seen in the line that a hash falls on.
  @inline(__always)
  func look(hash: UInt64) -> Look { look(at: line(hash), hash) }

  @inline(__always)
  private func look(at line: Int, _ hash: UInt64) -> Look {
    Look(line: line, bits: unsafe linger_look(rows(ofLine: line), tagMask, tag(hash)))
  }

  /// Asks for what has to be read next after a look: the state that it most likely is, or the next
  /// line.
  @inline(__always)
  func prefetchState(after look: Look) {
    if look.matches != 0 {
      unsafe linger_prefetch(address(of: number(look.matches, ofLine: look.line)))
    } else if look.free == 0 {
      unsafe linger_prefetch(rows(ofLine: next(look.line)))
    }
  }

  /// The number of a state, or the slot that is free for it.
  @inline(__always)
  func probe(_ words: UnsafePointer<UInt64>, hash: UInt64) -> (number: Int?, slot: Int) {
    unsafe probe(words, hash: hash, after: look(hash: hash))
  }

  /// The same where the first line was looked at.
  @inline(__always)
  func probe(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64,
    after first: Look
  ) -> (number: Int?, slot: Int) {
    var look = first
    while true {
      var matches = look.matches
      while matches != 0 {
        let number = number(matches, ofLine: look.line)
        if unsafe isEqual(number, words) { return (number, look.slot) }
        matches &= matches &- 1
      }
      if look.free != 0 { return (nil, look.slot) }
      look = self.look(at: next(look.line), hash)
    }
  }

  /// The number of the state whose row is the first of these of a line.
  @inline(__always)
  private func number(_ matches: UInt32, ofLine line: Int) -> Int {
    let row = unsafe linger_read_row(rows(ofLine: line) + matches.trailingZeroBitCount)
    return Int(row & numberMask) &- 1
  }

  /// Enters a state that has no row, at a free slot.
  @inline(__always)
  func enter(_ number: Int, hash: UInt64, at slot: Int) {
    unsafe linger_write_row(table + slot, UInt32(truncatingIfNeeded: number + 1) | tag(hash))
  }

  /// Enters a state that has no row.
  func enter(_ number: Int, hash: UInt64) {
    var look = look(hash: hash)
    while look.free == 0 { look = self.look(at: next(look.line), hash) }
    enter(number, hash: hash, at: look.slot)
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

  /// The line that a hash falls on: the larger the hash, the further behind.
  @inline(__always)
  func line(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(lineCount)).high)
  }

  @inline(__always)
  private func next(_ line: Int) -> Int { line &+ 1 == lineCount ? 0 : line &+ 1 }

  @inline(__always)
  func rows(ofLine line: Int) -> UnsafeMutablePointer<UInt32> {
    unsafe table + line &* Self.lineRows
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
