/// Where the copies of one message are counted in a packed state: what ``PackedNetwork`` says of it
/// once, so that it need not be asked for each step.
struct MessageCounter: BitwiseCopyable {
  /// -1 where the network has no counters.
  let word: Int
  let shift: UInt64
  let mask: UInt64
  let capacity: UInt64
  /// Whether one copy too many is an error of the spec; else it is lost.
  let failsWhenFull: Bool

  static let none = MessageCounter(word: -1, shift: 0, mask: 0, capacity: 0, failsWhenFull: false)

  @inline(__always)
  var isThere: Bool { word >= 0 }

  @inline(__always)
  func copies(in words: StateWords) -> Int { Int((words[word] &>> shift) & mask) }

  /// Adds a copy; false where that is an error of the spec.
  @inline(__always)
  func send(in words: StateWords) -> Bool {
    let content = words[word]
    if (content &>> shift) & mask >= capacity { return !failsWhenFull }
    words[word] = content &+ 1 &<< shift
    return true
  }

  /// Takes one of the copies out.
  @inline(__always)
  func remove(from words: StateWords) { words[word] = words[word] &- 1 &<< shift }
}
