/// Packed states one behind the other, each with its hash and its sleep set.
@safe
struct PackedStates: ~Copyable {
  private let wordCount: Int
  private var words = Column<UInt64>()
  private var hashes = Column<UInt64>()
  private var sleeps = Column<UInt64>()

  init(wordCount: Int) { self.wordCount = wordCount }

  var count: Int { hashes.count }

  /// Memory held, in bytes.
  var byteCount: Int { words.byteCount + hashes.byteCount + sleeps.byteCount }

  /// Forgets all, and gives back the memory of more states than these.
  mutating func removeAll(keeping kept: Int) {
    words.removeAll(keeping: kept * wordCount)
    hashes.removeAll(keeping: kept)
    sleeps.removeAll(keeping: kept)
  }

  func hash(_ place: Int) -> UInt64 { hashes[place] }

  func sleep(_ place: Int) -> UInt64 { sleeps[place] }

  @unsafe
  func pointer(to place: Int) -> UnsafePointer<UInt64> {
    unsafe words.pointer(to: place * wordCount)
  }

  @unsafe
  mutating func append(_ state: UnsafePointer<UInt64>, hash: UInt64, sleep: UInt64) {
    for word in 0..<wordCount { words.append(unsafe state[word]) }
    hashes.append(hash)
    sleeps.append(sleep)
  }

  /// Adds some states that stand one behind the other.
  @unsafe
  mutating func append(
    _ states: UnsafePointer<UInt64>,
    _ hashes: UnsafePointer<UInt64>,
    _ sleeps: UnsafePointer<UInt64>,
    count: Int
  ) {
    unsafe words.append(states, count: count * wordCount)
    unsafe self.hashes.append(hashes, count: count)
    unsafe self.sleeps.append(sleeps, count: count)
  }
}
