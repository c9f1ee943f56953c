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
  private let wordCount: Int
  private var byDepth: [[UInt64]] = []
  private var sources: [[UInt32]] = []

  init(wordCount: Int) { self.wordCount = wordCount }

  var isEmpty: Bool { sources.allSatisfy(\.isEmpty) }

  var byteCount: Int {
    byDepth.reduce(0) { $0 + $1.count * 8 } + sources.reduce(0) { $0 + $1.count * 4 }
  }

  mutating func add(_ words: [UInt64], source: Int, depth: Int) {
    while byDepth.count <= depth {
      byDepth.append([])
      sources.append([])
    }
    byDepth[depth].append(contentsOf: words)
    sources[depth].append(UInt32(truncatingIfNeeded: source))
  }

  /// The smallest depth from `depth` on at which something waits.
  func nextDepth(from depth: Int) -> Int? {
    sources.indices.first { $0 >= depth && !sources[$0].isEmpty }
  }

  /// Takes what waits at a depth: states and where they came from.
  mutating func take(depth: Int) -> [(words: [UInt64], source: Int)] {
    guard depth < sources.count else { return [] }
    let words = byDepth[depth]
    let from = sources[depth]
    byDepth[depth] = []
    sources[depth] = []
    return from.indices.map { index in
      (Array(words[index * wordCount..<(index + 1) * wordCount]), Int(from[index]))
    }
  }
}
