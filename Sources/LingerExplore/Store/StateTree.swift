/// Wide states in little memory: what states have in common is stored once.
///
/// Two words side by side are a pair, and a pair has a number; two numbers side by side are a pair
/// again, and the last pair is the state. So a state takes 8 bytes, besides the pairs that no state
/// before had (Laarman, van de Pol, Weber, SPIN 2011).
///
/// Reading looks nothing up, so any thread may read while no state is added; the pairs of a new
/// state are looked up in ``StateTreeTables``.
@safe
struct StateTree {
  let wordCount: Int
  /// Levels whose pairs have numbers, leaves first; the last one has two pairs.
  let levelCount: Int
  /// Of each level its pairs, and the place of the first among all.
  let widths: UnsafeMutablePointer<Int>
  let firsts: UnsafeMutablePointer<Int>
  /// Of each pair its contents by number: two words for a leaf, else one that holds two numbers.
  let rows: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>

  /// Fewer words are stored as they are.
  static let fewestWords = 3

  private static let lowHalf: UInt64 = 0xFFFF_FFFF

  /// Whether a stored state is the one with these words.
  func equals(_ state: UInt64, _ words: UnsafePointer<UInt64>) -> Bool {
    let top = levelCount - 1
    return unsafe equals(top, 0, state & Self.lowHalf, words)
      && equals(top, 1, state >> 32, words)
  }

  private func equals(
    _ level: Int,
    _ place: Int,
    _ number: UInt64,
    _ words: UnsafePointer<UInt64>
  ) -> Bool {
    if level == 0 {
      let pair = unsafe rows[place] + 2 * Int(number)
      let word = 2 * place
      if unsafe pair[0] != words[word] { return false }
      return unsafe word + 1 == wordCount || pair[1] == words[word + 1]
    }
    let pair = unsafe rows[firsts[level] + place][Int(number)]
    guard unsafe equals(level - 1, 2 * place, pair & Self.lowHalf, words) else { return false }
    let isLast = unsafe 2 * place + 1 == widths[level - 1]
    return unsafe isLast || equals(level - 1, 2 * place + 1, pair >> 32, words)
  }

  /// Copies a stored state's words into a buffer of as many.
  func load(_ state: UInt64, into words: inout some PackedWords) {
    load(levelCount - 1, 0, state & Self.lowHalf, into: &words)
    load(levelCount - 1, 1, state >> 32, into: &words)
  }

  private func load(
    _ level: Int,
    _ place: Int,
    _ number: UInt64,
    into words: inout some PackedWords
  ) {
    if level == 0 {
      let pair = unsafe rows[place] + 2 * Int(number)
      words[2 * place] = unsafe pair[0]
      if 2 * place + 1 < wordCount { words[2 * place + 1] = unsafe pair[1] }
      return
    }
    let pair = unsafe rows[firsts[level] + place][Int(number)]
    load(level - 1, 2 * place, pair & Self.lowHalf, into: &words)
    if unsafe 2 * place + 1 < widths[level - 1] {
      load(level - 1, 2 * place + 1, pair >> 32, into: &words)
    }
  }
}

/// The owner of a tree: finds the numbers of pairs, and gives new ones.
@safe
final class StateTreeTables {
  let tree: StateTree
  /// By pair.
  private var tables: [PairTable]
  /// The numbers of one level's pairs.
  private let numbers: UnsafeMutablePointer<UInt64>

  init(wordCount: Int) {
    var widths = [(wordCount + 1) / 2]
    while let last = widths.last, last > 2 { widths.append((last + 1) / 2) }
    let count = widths.reduce(0, +)
    tree = unsafe StateTree(
      wordCount: wordCount,
      levelCount: widths.count,
      widths: .allocate(capacity: widths.count),
      firsts: .allocate(capacity: widths.count),
      rows: .allocate(capacity: count)
    )
    unsafe numbers = .allocate(capacity: widths[0])
    tables = []
    var first = 0
    for (level, width) in widths.enumerated() {
      unsafe tree.widths[level] = width
      unsafe tree.firsts[level] = first
      for pair in first..<(first + width) {
        let table = PairTable(wordsInRow: level == 0 ? 2 : 1)
        unsafe (tree.rows + pair).initialize(to: table.rows)
        tables.append(table)
      }
      first += width
    }
  }

  deinit {
    for table in tables { table.deallocate() }
    unsafe tree.widths.deallocate()
    unsafe tree.firsts.deallocate()
    unsafe tree.rows.deallocate()
    unsafe numbers.deallocate()
  }

  /// Memory held, in bytes.
  var byteCount: Int { tables.reduce(0) { $0 + $1.byteCount } }

  /// Memory of the largest table, which grows by two at once, in bytes.
  var largestByteCount: Int { tables.reduce(0) { max($0, $1.byteCount) } }

  /// What a state is stored as; its new pairs are entered.
  func entry(of words: UnsafePointer<UInt64>) -> UInt64 {
    let leaves = unsafe tree.widths[0]
    for place in 0..<leaves {
      let second = unsafe 2 * place + 1 < tree.wordCount ? words[2 * place + 1] : 0
      unsafe numbers[place] = unsafe number(of: words[2 * place], second, at: place)
    }
    for level in 1..<max(1, tree.levelCount) {
      let pairs = unsafe tree.widths[level]
      for place in 0..<pairs {
        let isWhole = unsafe 2 * place + 1 < tree.widths[level - 1]
        let second = unsafe isWhole ? numbers[2 * place + 1] : 0
        let pair = unsafe numbers[2 * place] | second << 32
        unsafe numbers[place] = unsafe number(of: pair, 0, at: tree.firsts[level] + place)
      }
    }
    return unsafe numbers[0] | numbers[1] << 32
  }

  private func number(of first: UInt64, _ second: UInt64, at pair: Int) -> UInt64 {
    let number = tables[pair].number(of: first, second)
    unsafe tree.rows[pair] = unsafe tables[pair].rows
    return UInt64(number)
  }
}

/// The contents of one pair: an open-addressing table over rows of one or two words.
@safe
private struct PairTable {
  let wordsInRow: Int
  private(set) var rows: UnsafeMutablePointer<UInt64>
  private var count = 0
  private var capacity = 64
  /// Numbers plus one; twice as many as there are rows.
  private var slots: UnsafeMutablePointer<UInt32>

  init(wordsInRow: Int) {
    self.wordsInRow = wordsInRow
    unsafe rows = .allocate(capacity: 64 * wordsInRow)
    unsafe slots = .allocate(capacity: 128)
    unsafe slots.initialize(repeating: 0, count: 128)
  }

  func deallocate() {
    unsafe rows.deallocate()
    unsafe slots.deallocate()
  }

  var byteCount: Int { capacity * (wordsInRow * 8 + 8) }

  /// The number of a row, which is added when it is new.
  mutating func number(of first: UInt64, _ second: UInt64) -> Int {
    var slot = self.slot(first, second)
    while true {
      let entry = unsafe Int(slots[slot])
      if entry == 0 { break }
      let row = unsafe rows + (entry - 1) * wordsInRow
      if unsafe row[0] == first && (wordsInRow == 1 || row[1] == second) { return entry - 1 }
      slot = (slot + 1) & (2 * capacity - 1)
    }
    if count == capacity {
      grow()
      return add(first, second, at: freeSlot(first, second))
    }
    return add(first, second, at: slot)
  }

  private mutating func add(_ first: UInt64, _ second: UInt64, at slot: Int) -> Int {
    let row = unsafe rows + count * wordsInRow
    unsafe row[0] = first
    if wordsInRow == 2 { unsafe row[1] = second }
    count += 1
    unsafe slots[slot] = UInt32(count)
    return count - 1
  }

  private func freeSlot(_ first: UInt64, _ second: UInt64) -> Int {
    var slot = slot(first, second)
    while unsafe slots[slot] != 0 { slot = (slot + 1) & (2 * capacity - 1) }
    return slot
  }

  private func slot(_ first: UInt64, _ second: UInt64) -> Int {
    let mixed = StoreIndex.fold(first ^ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
    return Int(truncatingIfNeeded: mixed) & (2 * capacity - 1)
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * capacity * wordsInRow)
    unsafe larger.update(from: rows, count: count * wordsInRow)
    unsafe rows.deallocate()
    unsafe rows = unsafe larger
    unsafe slots.deallocate()
    capacity *= 2
    unsafe slots = .allocate(capacity: 2 * capacity)
    unsafe slots.initialize(repeating: 0, count: 2 * capacity)
    for number in 0..<count {
      let row = unsafe rows + number * wordsInRow
      let second = unsafe wordsInRow == 2 ? row[1] : 0
      let slot = unsafe freeSlot(row[0], second)
      unsafe slots[slot] = UInt32(number + 1)
    }
  }
}
