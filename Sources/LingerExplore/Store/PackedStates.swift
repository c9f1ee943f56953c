/// Packed states one behind the other, each with its hash.
@safe
struct PackedStates: ~Copyable {
  private let wordCount: Int
  private var words = Column<UInt64>()
  private var hashes = Column<UInt64>()

  init(wordCount: Int) { self.wordCount = wordCount }

  var count: Int { hashes.count }

  /// Memory held, in bytes.
  var byteCount: Int { words.byteCount + hashes.byteCount }

  func hash(_ place: Int) -> UInt64 { hashes[place] }

  @unsafe
  func pointer(to place: Int) -> UnsafePointer<UInt64> {
    unsafe words.pointer(to: place * wordCount)
  }

  @unsafe
  mutating func append(_ state: UnsafePointer<UInt64>, hash: UInt64) {
    for word in 0..<wordCount { words.append(unsafe state[word]) }
    hashes.append(hash)
  }
}
