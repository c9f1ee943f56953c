/// The sleep sets of the states that are not expanded yet, by their numbers.
struct SleepSets: ~Copyable {
  /// The state whose set comes first.
  private var first = 0
  private var sets = Column<UInt64>()

  /// Memory held, in bytes.
  var byteCount: Int { sets.byteCount }

  /// The state that the next set will be of.
  var next: Int { first + sets.count }

  mutating func append(_ set: UInt64) { sets.append(set) }

  /// Lets every state before this one that has no set yet have an empty one.
  mutating func pad(to state: Int) { while next < state { sets.append(0) } }

  /// Forgets those of states before this one.
  mutating func removeAll(before state: Int) {
    if state >= next { sets.removeAll() } else { sets.removeFirst(max(state - first, 0)) }
    first = max(state, first)
  }

  /// A copy that stays good until a set is added or removed.
  var view: SleepView { SleepView(first: first, sets: sets) }
}

/// The sleep sets as they were when a block of states began.
@safe
struct SleepView {
  private let first: Int
  private let count: Int
  private let base: UnsafePointer<UInt64>?

  fileprivate init(first: Int, sets: borrowing Column<UInt64>) {
    self.first = first
    count = sets.count
    unsafe base = sets.count == 0 ? nil : unsafe sets.pointer(to: 0)
  }

  /// Where native code finds the sets.
  func describe(_ put: (NativeSlot, Int) -> Void) {
    put(.sleeps, unsafe Int(bitPattern: base))
    put(.firstSleep, first)
    put(.sleepCount, count)
  }

  /// Empty where nothing is known of a state.
  @inline(__always)
  subscript(state: Int) -> UInt64 {
    guard let base = unsafe base, state >= first, state < first + count else { return 0 }
    return unsafe base[state - first]
  }
}
