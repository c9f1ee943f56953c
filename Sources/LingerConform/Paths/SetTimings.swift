/// What time decides about the sets of a memo, by their numbers, as far as it fits into one word of
/// answers: in flat rows, which are read without counting references.
struct SetTimings {
  private var entries: [Entry] = []
  /// Those of all sets, one behind the other.
  private var deadlines: [Deadline] = []
  private let timersThatSend: Set<Int>
  /// By duration: how long after the latest event a timer of it may expire.
  private let reaches: [Int64]
  /// The first of them that is above 0, and which are not: one bit for each.
  private let leastReach: Int64
  private let reachedAtOnce: UInt64

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
    /// As long as less has passed since the first mark, no deadline is over, and the answers but
    /// for durations are these.
    fileprivate var calm: Int64
    fileprivate var early: UInt64

    /// Whether every belief may stay as it is until a time, and nothing is answered otherwise than
    /// at the first mark.
    @inline(__always)
    func isCalm(until time: Int64, since first: Int64) -> Bool { time &- first < calm }
  }

  init(timersThatSend: Set<Int>, reaches: [Int64]) {
    self.timersThatSend = timersThatSend
    self.reaches = reaches
    leastReach = reaches.filter { $0 > 0 }.min() ?? .max
    reachedAtOnce = Self.bits(reaches) { $0 <= 0 }
  }

  @inline(__always)
  subscript(set: Int) -> Entry { entries[set] }

  /// Adds the set with the next number, which knows when its questions have which answer.
  mutating func append(_ set: BeliefSet) {
    let count = set.deadlines.count
    let isOneWord = 2 * count + reaches.count <= UInt64.bitWidth
    var open: UInt64 = 0
    var early: UInt64 = 0
    if isOneWord {
      for place in 0..<count {
        open |= UInt64(TimeQuestion.Answer.perhaps.rawValue) << UInt64(2 * place)
        early |= UInt64(set.deadlines[place].firstAnswer.rawValue) << UInt64(2 * place)
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
        open: open,
        calm: set.deadlines.map(\.calm).min() ?? .max,
        early: early
      )
    )
    deadlines += set.deadlines
  }

  /// The word of ``Answers`` of a plain set at a time, by the marks, of which the last is `last`.
  @inline(__always)
  func answers(of set: Int, at time: Int64, _ marks: Span<Int64>, last: Int64) -> UInt64 {
    let entries = entries.span
    let count = entries[set].count
    var word: UInt64 = 0
    if entries[set].isCalm(until: time, since: marks[0]) {
      word = entries[set].early
    } else {
      let deadlines = deadlines.span.extracting(entries[set].first..<entries[set].first + count)
      for place in deadlines.indices {
        let answer = deadlines[place].answer(at: time, marks, last: last, false)
        word |= UInt64(answer.rawValue) << UInt64(2 * place)
      }
    }
    let elapsed = time - last
    let reached =
      elapsed < leastReach ? reachedAtOnce : Self.bits(reaches) { elapsed >= $0 }
    return word | reached << UInt64(2 * count)
  }

  /// A bit for each duration.
  private static func bits(_ reaches: [Int64], _ isSet: (Int64) -> Bool) -> UInt64 {
    var bits: UInt64 = 0
    for duration in reaches.indices.prefix(UInt64.bitWidth) where isSet(reaches[duration]) {
      bits |= 1 << UInt64(duration)
    }
    return bits
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
