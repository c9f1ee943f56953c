import CPrefetch

/// Where the states of a store stand and how they are found: all that looking up needs.
///
/// An open-addressing table of 32-bit entries finds a state by its hash: the low bits of an entry
/// are the state's number plus one, the bits above are a tag of the hash, so that a probe reads a
/// state only when it most likely is the one.
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

  /// Asks for the state that a hash most likely belongs to.
  @inline(__always)
  func prefetchState(hash: UInt64) {
    let entry = unsafe linger_read_row(table + slot(hash))
    if entry != 0, entry & tagMask == tag(hash) {
      unsafe linger_prefetch(address(of: Int(entry & numberMask) - 1))
    }
  }

  /// The number of a state, or the slot that is free for it.
  @inline(__always)
  func probe(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64
  ) -> (number: Int?, slot: Int) {
    let wanted = tag(hash)
    var slot = slot(hash)
    while true {
      let entry = unsafe linger_read_row(table + slot)
      if entry == 0 { return (nil, slot) }
      if entry & tagMask == wanted {
        let number = Int(entry & numberMask) - 1
        if unsafe isEqual(number, words) { return (number, slot) }
      }
      slot += 1
      if slot == tableCapacity { slot = 0 }
    }
  }

  /// Enters a state that is in no entry.
  func enter(_ number: Int, hash: UInt64) {
    var slot = slot(hash)
    while unsafe table[slot] != 0 {
      slot += 1
      if slot == tableCapacity { slot = 0 }
    }
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
