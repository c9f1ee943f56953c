import CPrefetch

/// The set of packed states found so far, each with a number in the order of its discovery.
///
/// The states themselves stand one behind the other in chunks, so that a layer of the
/// breadth-first search is a range of numbers and no state is ever copied again; ``StoreIndex``
/// finds them. Its table grows by half, not by two (``TableGrowth``), which keeps it between 8/15
/// and 4/5 full: 8 bytes a state for one-word states plus at most 7.5.
///
/// A probe is a cache miss. ``SuccessorBatch`` hides it: hashes are computed when successors are
/// generated, and looked up a block later.
@safe
package struct StateStore: ~Copyable {
  private(set) var index: StoreIndex
  /// What the chunks lie in, where many share one.
  private var slabs: [UnsafeMutableRawPointer]
  private var chunkCount = 0
  private var growAt: Int
  /// Those who may look up in tables that were grown out of, which are kept as long; they help to
  /// make larger ones.
  private var team: ThreadTeam?
  private var keptTables: [UnsafeMutablePointer<UInt32>]
  private var keptBytes = 0
  /// Where wide states are compressed: their pairs, and room for one of them.
  private let tables: StateTreeTables?
  private let scratch: StateScratch

  private static let firstCapacity = 1 << 12
  /// The most chunks that are taken at once, and how small a part of all they are.
  private static let chunksInSlab = 64
  private static let slabPart = 16
  /// Lines of a table that are asked for ahead of their use.
  private static let ahead = 32

  /// What no state's number is.
  package static let none = UInt32.max
  /// The most states that a table of 2^32 entries can hold, four fifths full.
  private static let stateLimit = Int(UInt32.max) / 5 * 4 - 1

  /// The most states that may be stored.
  package let limit: Int
  /// Whether a state was turned away because of the limit.
  package private(set) var isFull = false

  /// With `compresses` states of more than two words are stored as trees (``StateTree``).
  package init(wordCount: Int, limit: Int? = nil, compresses: Bool = false) {
    self.limit = min(limit ?? .max, Self.stateLimit)
    unsafe slabs = []
    unsafe keptTables = []
    growAt = Self.firstCapacity / 5 * 4
    let masks = Self.masks(for: growAt)
    let isTree = compresses && wordCount >= StateTree.fewestWords
    tables = isTree ? StateTreeTables(wordCount: wordCount) : nil
    scratch = StateScratch(wordCount: max(1, wordCount), states: 1)
    index = unsafe StoreIndex(
      wordCount: max(1, wordCount),
      storedWords: isTree ? 1 : max(1, wordCount),
      tree: tables?.tree,
      // Room for all that there can be, so that it never moves; the system gives what is used.
      chunks: .allocate(
        capacity: self.limit >> StoreIndex.chunkShift + 1 + Self.chunksInSlab
      ),
      table: TableGrowth.table(Self.firstCapacity),
      lineCount: Self.firstCapacity / StoreIndex.lineRows,
      numberMask: masks.number,
      tagMask: masks.tag
    )
  }

  deinit {
    unsafe TableGrowth.release(index.table)
    unsafe keptTables.forEach { table in unsafe TableGrowth.release(table) }
    unsafe index.chunks.deallocate()
    unsafe slabs.forEach { slab in unsafe slab.deallocate() }
  }

  /// How many states are stored.
  package var count: Int { index.count }

  /// Memory held, in bytes.
  package var byteCount: Int {
    chunkCount * StoreIndex.chunkSize * index.storedWords * 8 + tableBytes
      + (tables?.byteCount ?? 0) + keptBytes
  }

  /// Memory of the table, which grows by half at once, in bytes.
  package var tableBytes: Int { index.tableCapacity * 4 }

  /// Memory of the largest part that grows at once, in bytes.
  package var growingBytes: Int { max(tableBytes, tables?.largestByteCount ?? 0) }

  /// Copies a state's words into a buffer of as many.
  @inline(__always)
  package func load(_ state: Int, into words: inout some PackedWords) {
    index.load(state, into: &words)
  }

  /// The number of a state; nil where it is not stored.
  package func find(_ words: [UInt64]) -> Int? {
    precondition(words.count >= index.wordCount, "a packed state is too short")
    return unsafe words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return unsafe index.probe(base, hash: StoreIndex.hash(base, index.wordCount)).number
    }
  }

  /// The same for a state in a worker's memory.
  func find(_ words: StateWords) -> Int? {
    precondition(words.count == index.wordCount, "a packed state is too short")
    let hash = unsafe StoreIndex.hash(words.pointer, index.wordCount)
    return unsafe index.probe(words.pointer, hash: hash).number
  }

  /// The number of a state, added when it is new; nil where there is no room for it.
  package mutating func insert(_ words: [UInt64]) -> (number: Int?, isNew: Bool) {
    precondition(words.count >= index.wordCount, "a packed state is too short")
    return unsafe words.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return (nil, false) }
      return unsafe insert(base, hash: StoreIndex.hash(base, index.wordCount))
    }
  }

  @inline(__always)
  mutating func insert(
    _ words: UnsafePointer<UInt64>,
    hash: UInt64
  ) -> (number: Int?, isNew: Bool) {
    let found = unsafe index.probe(words, hash: hash)
    if let number = found.number { return (number, false) }
    let number = count
    guard number < limit else {
      isFull = true
      return (nil, false)
    }
    if number >> StoreIndex.chunkShift == chunkCount { addChunks() }
    index.count += 1
    let target = unsafe index.address(of: number)
    if let tables {
      unsafe target[0] = unsafe tables.entry(of: words)
    } else {
      for word in 0..<index.wordCount { unsafe target[word] = unsafe words[word] }
    }
    index.enter(number, hash: hash, at: found.slot)
    if count >= growAt { grow() }
    return (number, true)
  }

  /// Takes states in, in order; notes the number of each, ``none`` where there is no room.
  mutating func insert(_ states: borrowing PackedStates, _ numbers: inout Column<UInt32>) {
    numbers.removeAll()
    for place in 0..<min(Self.ahead, states.count) { index.prefetch(hash: states.hash(place)) }
    var place = 0
    while place < states.count {
      // So many fit in without another look at whether they do.
      let fitting = min(growAt, chunkCount << StoreIndex.chunkShift, limit) - count
      let end = min(place + max(fitting, 0), states.count)
      if tables == nil, place < end {
        insertFitting(states, place..<end, &numbers)
        place = end
        if count >= growAt { grow() }
      } else {
        let result = unsafe insert(states.pointer(to: place), hash: states.hash(place))
        numbers.append(result.number.map { UInt32(truncatingIfNeeded: $0) } ?? Self.none)
        place += 1
      }
    }
  }

  private mutating func insertFitting(
    _ states: borrowing PackedStates,
    _ places: Range<Int>,
    _ numbers: inout Column<UInt32>
  ) {
    // By itself: a store that is asked for it is read anew each time.
    let index = index
    let wordCount = index.wordCount
    var count = count
    for place in places {
      if place + Self.ahead < states.count { index.prefetch(hash: states.hash(place + Self.ahead)) }
      let hash = states.hash(place)
      let words = unsafe states.pointer(to: place)
      let found = unsafe index.probe(words, hash: hash)
      if let number = found.number {
        numbers.append(UInt32(truncatingIfNeeded: number))
        continue
      }
      let target = unsafe index.address(of: count)
      for word in 0..<wordCount { unsafe target[word] = unsafe words[word] }
      index.enter(count, hash: hash, at: found.slot)
      numbers.append(UInt32(truncatingIfNeeded: count))
      count += 1
    }
    self.index.count = count
  }

  private static func masks(for growAt: Int) -> (number: UInt32, tag: UInt32) {
    let bits = Int.bitWidth - (growAt + 1).leadingZeroBitCount
    let number = bits >= 32 ? UInt32.max : (UInt32(1) << UInt32(bits)) - 1
    return (number, ~number)
  }

  /// Whether copies of the index may be looked up in by other threads while states are added.
  var canBeReadMeanwhile: Bool { tables == nil }

  /// From now on copies of the index stay good while states are added, for these to look up in.
  package mutating func keepTables(for team: ThreadTeam) { self.team = team }

  /// Nobody looks up in a copy of the index any more.
  package mutating func releaseTables() {
    unsafe keptTables.forEach { table in unsafe TableGrowth.release(table) }
    unsafe keptTables.removeAll()
    keptBytes = 0
    team = nil
  }

  private mutating func grow() {
    let old = index
    let capacity = min(index.tableCapacity + index.tableCapacity / 2, Int(UInt32.max))
    index.lineCount = capacity / StoreIndex.lineRows
    growAt = index.tableCapacity / 5 * 4
    (index.numberMask, index.tagMask) = Self.masks(for: growAt)
    unsafe index.table = TableGrowth.table(index.tableCapacity)
    TableGrowth(from: old, to: index, scratch).run(team)
    if team != nil {
      unsafe keptTables.append(old.table)
      keptBytes += old.tableCapacity * 4
    } else {
      unsafe TableGrowth.release(old.table)
    }
  }

  /// Makes room for more states: a chunk at first, then more at once, many in large pages.
  private mutating func addChunks() {
    let number = max(1, min(chunkCount / Self.slabPart, Self.chunksInSlab))
    let words = StoreIndex.chunkSize * index.storedWords
    let slab = unsafe Self.memory(byteCount: number * words * 8)
    unsafe slabs.append(slab)
    let states = unsafe slab.bindMemory(to: UInt64.self, capacity: number * words)
    for chunk in 0..<number {
      unsafe (index.chunks + chunkCount + chunk).initialize(to: states + chunk * words)
    }
    chunkCount += number
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
}
