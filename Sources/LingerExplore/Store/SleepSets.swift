/// The sleep sets of the states that are not expanded yet, by their numbers: those of the layer
/// that is expanded, which stand still, and those of the states that it leads to.
struct SleepSets: ~Copyable {
  /// The state whose set comes first.
  private var first = 0
  private var sets = Column<UInt64>()
  /// The same for the states that are found meanwhile.
  private var firstFound = 0
  private var found = Column<UInt64>()

  /// Memory held, in bytes.
  var byteCount: Int { sets.byteCount + found.byteCount }

  /// The state that the next set will be of.
  var next: Int { firstFound + found.count }

  mutating func append(_ set: UInt64) { found.append(set) }

  /// Lets every state before this one that has no set yet have an empty one.
  mutating func pad(to state: Int) { while next < state { found.append(0) } }

  /// Goes over to the states from this one on, and forgets those before.
  mutating func beginLayer(at state: Int) {
    swap(&sets, &found)
    first = firstFound
    if state >= first + sets.count {
      sets.removeAll()
    } else {
      sets.removeFirst(max(state - first, 0))
    }
    first = max(state, first)
    found.removeAll()
    firstFound = first + sets.count
  }

  /// A copy of those of the layer that stays good until the next one begins.
  var view: SleepView { SleepView(first: first, sets: sets) }
}

/// The sleep sets of a layer.
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
