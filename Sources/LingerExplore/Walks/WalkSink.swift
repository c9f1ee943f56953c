import LingerEval
import LingerModel

/// Where the steps of a state lead: one of them is chosen.
///
/// States are numbered as steps first lead to them. That numbering does not depend on how the steps
/// were found: the table of local steps tells equal ones once, the kernel one by one.
struct WalkSink: ~Copyable, SuccessorSink {
  /// Where a walk goes on.
  enum Choice: Equatable {
    /// Another state, by its number.
    case state(Int)
    /// A step that fails, the first of them.
    case failure
    /// A step that changes nothing, the first of them.
    case staying
  }

  /// The first message that nobody takes.
  private(set) var unspecified: (network: Int, number: Int)?
  /// The step that is wanted.
  private(set) var found: Step?
  private var wanted: Choice?
  private let from: StateScratch
  private let wordCount: Int
  private var count = 0
  private var states = Column<UInt64>()
  private var hasFailure = false
  private var stays = false
  /// The numbers of states by what they hold, -1 where there is none, and which places are taken.
  private var slots = Column<Int32>(repeating: -1, count: 64)
  private var taken = Column<Int>()

  init(wordCount: Int) {
    self.wordCount = wordCount
    from = StateScratch(wordCount: wordCount, states: 1)
  }

  mutating func begin(at words: StateWords, wanting choice: Choice? = nil) {
    from[0].copy(words)
    wanted = choice
    unspecified = nil
    found = nil
    count = 0
    states.removeAll()
    hasFailure = false
    stays = false
    for index in 0..<taken.count { slots[taken[index]] = -1 }
    taken.removeAll()
  }

  @inline(__always)
  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if words.equals(from[0]) {
      if !stays, wanted == .staying { found = step() }
      stays = true
    } else if insert(words), wanted == .state(count - 1) {
      found = step()
    }
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    if !hasFailure, wanted == .failure { found = step() }
    hasFailure = true
  }

  mutating func unspecified(_ network: Int, _ number: Int) {
    if unspecified == nil { unspecified = (network, number) }
  }

  /// Whether some step changes something, or fails.
  var leadsOn: Bool { count > 0 || hasFailure }

  /// Any of the other states, or that a step fails; to stay where there is nothing else; nil where
  /// there are no steps.
  mutating func choose(_ numbers: inout RandomNumbers) -> Choice? {
    if !leadsOn { return stays ? .staying : nil }
    let number = numbers.below(count + (hasFailure ? 1 : 0))
    return number < count ? .state(number) : .failure
  }

  func load(_ number: Int, into words: StateWords) {
    for index in 0..<wordCount { words[index] = states[number * wordCount + index] }
  }

  /// Whether it is a new one.
  @inline(__always)
  private mutating func insert(_ words: StateWords) -> Bool {
    var slot = hash { words[$0] }
    while slots[slot] >= 0 {
      if equals(Int(slots[slot]), words) { return false }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    take(slot, for: count)
    for index in 0..<wordCount { states.append(words[index]) }
    count &+= 1
    if count &* 2 > slots.count { grow() }
    return true
  }

  @inline(__always)
  private mutating func take(_ slot: Int, for number: Int) {
    slots[slot] = Int32(truncatingIfNeeded: number)
    taken.append(slot)
  }

  @inline(__always)
  private func equals(_ number: Int, _ words: StateWords) -> Bool {
    for index in 0..<wordCount where states[number &* wordCount &+ index] != words[index] {
      return false
    }
    return true
  }

  @inline(__always)
  private func hash(_ word: (Int) -> UInt64) -> Int {
    var state: UInt64 = 0
    for index in 0..<wordCount {
      state = (state ^ word(index)) &* 0x9E37_79B9_7F4A_7C15
      state ^= state &>> 32
    }
    return Int(truncatingIfNeeded: state) & (slots.count &- 1)
  }

  private mutating func grow() {
    slots = Column(repeating: -1, count: slots.count * 2)
    taken.removeAll()
    for number in 0..<count {
      var slot = hash { states[number * wordCount + $0] }
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      take(slot, for: number)
    }
  }
}
