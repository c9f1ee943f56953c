/// The states of one step of the breadth-first search: those whose least-fault, then shortest
/// path has this many faults and steps. Their numbers are consecutive.
struct Layer {
  var faults: Int
  var depth: Int
  var states: Range<Int>
}

/// Successors that take one fault more than the current level; they enter the store when the
/// search reaches their level and depth, and so at their least number of faults.
struct Pending {
  /// What waits at one depth: states one behind the other, and where each came from.
  struct Entries {
    var words: [UInt64] = []
    var sources: [UInt32] = []

    func load(_ index: Int, into state: inout [UInt64]) {
      let start = index * state.count
      for word in state.indices { state[word] = words[start + word] }
    }
  }

  private let wordCount: Int
  private var byDepth: [Entries] = []
  /// Entries in all.
  private var count = 0

  init(wordCount: Int) { self.wordCount = wordCount }

  var isEmpty: Bool { count == 0 }

  /// Memory held, in bytes; an array that grows has up to twice its content.
  var byteCount: Int { count * (wordCount * 16 + 8) + byDepth.capacity * 16 }

  mutating func add(_ words: some PackedWords, source: Int, depth: Int) {
    while byDepth.count <= depth { byDepth.append(Entries()) }
    for index in 0..<wordCount { byDepth[depth].words.append(words[index]) }
    byDepth[depth].sources.append(UInt32(truncatingIfNeeded: source))
    count += 1
  }

  /// The smallest depth from `depth` on at which something waits.
  func nextDepth(from depth: Int) -> Int? {
    guard depth < byDepth.count else { return nil }
    return byDepth[depth...].firstIndex { !$0.sources.isEmpty }
  }

  /// Takes what waits at a depth.
  mutating func take(depth: Int) -> Entries {
    guard depth < byDepth.count else { return Entries() }
    let taken = byDepth[depth]
    byDepth[depth] = Entries()
    count -= taken.sources.count
    return taken
  }
}
