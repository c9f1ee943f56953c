/// What time decides about the sets of a memo, by their numbers, as far as it fits into one word of
/// answers: in flat rows, which are read without counting references.
struct SetTimings {
  private var entries: [Entry] = []
  /// Those of all sets, one behind the other.
  private var deadlines: [Deadline] = []
  private let timersThatSend: Set<Int>
  /// By duration: how long after the latest event a timer of it may expire.
  private let reaches: [Int64]
  private let leastReach: Int64

  struct Entry {
    fileprivate var first: Int
    fileprivate var count: Int
    /// Whether all beliefs owe something.
    fileprivate(set) var owes: Bool
    fileprivate(set) var isEmpty: Bool
    /// Whether changes can be looked up: symbols can stand beside its plain values, and its answers
    /// are one word.
    fileprivate(set) var isPlain: Bool
    /// The answers where time decides nothing.
    fileprivate(set) var open: UInt64
  }

  init(timersThatSend: Set<Int>, reaches: [Int64]) {
    self.timersThatSend = timersThatSend
    self.reaches = reaches
    leastReach = reaches.min() ?? .max
  }

  subscript(set: Int) -> Entry { entries[set] }

  /// Adds the set with the next number, which knows when its questions have which answer.
  mutating func append(_ set: BeliefSet) {
    let count = set.deadlines.count
    let isOneWord = 2 * count + reaches.count <= UInt64.bitWidth
    var open: UInt64 = 0
    if isOneWord {
      for place in 0..<count {
        open |= UInt64(TimeQuestion.Answer.perhaps.rawValue) << UInt64(2 * place)
      }
      for duration in reaches.indices { open |= 1 << UInt64(2 * count + duration) }
    }
    entries.append(
      Entry(
        first: deadlines.count,
        count: count,
        owes: set.owes(timersThatSend),
        isEmpty: set.isEmpty,
        isPlain: isOneWord && set.isTraceable,
        open: open
      )
    )
    deadlines += set.deadlines
  }

  /// The word of ``Answers`` of a plain set at a time, the last mark being `last`.
  @inline(__always)
  func answers(of set: Int, at time: Int64, _ marks: Span<Int64>, last: Int64) -> UInt64 {
    let entry = entries[set]
    var word: UInt64 = 0
    for place in 0..<entry.count {
      let answer = deadlines[entry.first &+ place].answer(at: time, marks, last: last, false)
      word |= UInt64(answer.rawValue) << UInt64(2 * place)
    }
    let elapsed = time - last
    if elapsed < leastReach { return word }
    for duration in reaches.indices where elapsed >= reaches[duration] {
      word |= 1 << UInt64(2 * entry.count + duration)
    }
    return word
  }

  /// The last moment at which every belief of a set may stay as it is.
  @inline(__always)
  func end(of set: Int, _ marks: Span<Int64>) -> Int64 {
    let entry = entries[set]
    var first = Deadline.never
    for place in 0..<entry.count {
      first = min(first, deadlines[entry.first &+ place].end(marks))
    }
    return first
  }
}
