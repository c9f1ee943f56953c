/// Successors waiting to be looked up, so that their cache misses overlap.
///
/// Most successors were met a moment ago: neighbours in a layer lead to the same states. Where
/// nobody asks for their numbers those are dropped before they cost a look-up in the store.
@safe
package struct SuccessorBatch: ~Copyable {
  /// Successors held now; once they are looked up, those that were not dropped.
  package private(set) var count = 0

  private let wordCount: Int
  private let words: UnsafeMutablePointer<UInt64>
  private let hashes: UnsafeMutablePointer<UInt64>
  /// Numbers of the looked-up states after ``resolve(into:)``.
  private let numbers: UnsafeMutablePointer<UInt32>
  /// What was seen of each in the line that its hash falls on.
  private let looks: UnsafeMutablePointer<StoreIndex.Look>
  /// What the caller noted with each successor, and its sleep set.
  private let notes: UnsafeMutablePointer<UInt32>
  private let sleeps: UnsafeMutablePointer<UInt64>
  /// Direct-mapped by hash: a state that was stored or is held. Nil where none is dropped.
  private let recent: UnsafeMutablePointer<UInt64>?
  private let recentShift: UInt64
  private let places: Int

  /// Room for this many; enough to hide memory latency, small enough to stay in the L1/L2 cache.
  package static let capacity = 512

  /// Words of the recent states: a level-1 cache, which others use as well, holds most of them.
  static let recentWords = 1 << 12

  /// `known` is a state of the store; with it, states that were met a moment ago are dropped.
  package init(wordCount: Int, dropping known: [UInt64]? = nil) {
    self.wordCount = wordCount
    unsafe words = .allocate(capacity: Self.capacity * wordCount)
    unsafe hashes = .allocate(capacity: Self.capacity)
    unsafe numbers = .allocate(capacity: Self.capacity)
    unsafe looks = .allocate(capacity: Self.capacity)
    unsafe notes = .allocate(capacity: Self.capacity)
    unsafe sleeps = .allocate(capacity: Self.capacity)
    places = 1 << (Int.bitWidth - 1 - max(1, Self.recentWords / wordCount).leadingZeroBitCount)
    recentShift = UInt64(places.leadingZeroBitCount + 1)
    guard let known else {
      unsafe recent = nil
      return
    }
    let recent = UnsafeMutablePointer<UInt64>.allocate(capacity: places * wordCount)
    for place in 0..<places {
      for word in 0..<wordCount { unsafe recent[place * wordCount + word] = known[word] }
    }
    unsafe self.recent = unsafe recent
  }

  deinit {
    unsafe words.deallocate()
    unsafe hashes.deallocate()
    unsafe numbers.deallocate()
    unsafe looks.deallocate()
    unsafe notes.deallocate()
    unsafe sleeps.deallocate()
    unsafe recent?.deallocate()
  }

  /// Memory held, in bytes.
  var byteCount: Int {
    unsafe Self.capacity * (wordCount + 5) * 8 + (recent == nil ? 0 : places * wordCount * 8)
  }

  package var isFull: Bool { count == Self.capacity }

  /// Adds a successor; `note` comes back with it.
  @inline(__always)
  package mutating func push(_ state: some PackedWords, note: UInt32, sleep: UInt64 = 0) {
    precondition(count < Self.capacity, "the batch is full")
    let target = unsafe words + count * wordCount
    for index in 0..<wordCount { unsafe target[index] = state[index] }
    unsafe hashes[count] = StoreIndex.hash(target, wordCount)
    unsafe notes[count] = note
    unsafe sleeps[count] = sleep
    count += 1
  }

  /// Drops what was met a moment ago.
  private mutating func dropRecent() {
    guard let recent = unsafe recent else { return }
    var kept = 0
    for index in 0..<count {
      let state = unsafe words + index * wordCount
      let place = unsafe recent + Int(hashes[index] &>> recentShift) * wordCount
      let target = unsafe words + kept * wordCount
      var isEqual = true
      for word in 0..<wordCount {
        isEqual = unsafe isEqual && place[word] == state[word]
        unsafe place[word] = unsafe state[word]
        unsafe target[word] = unsafe state[word]
      }
      unsafe hashes[kept] = unsafe hashes[index]
      unsafe notes[kept] = unsafe notes[index]
      unsafe sleeps[kept] = unsafe sleeps[index]
      // Not a branch: whether a state was met can hardly be predicted.
      kept += isEqual ? 0 : 1
    }
    count = kept
  }

  /// Looks every successor up, adds the new ones in order, and keeps their numbers.
  package mutating func resolve(into store: inout StateStore) {
    dropRecent()
    for index in 0..<count { unsafe store.index.prefetch(hash: hashes[index]) }
    for index in 0..<count {
      let look = unsafe store.index.look(hash: hashes[index])
      store.index.prefetchState(after: look)
    }
    for index in 0..<count {
      let result = unsafe store.insert(words + index * wordCount, hash: hashes[index])
      unsafe numbers[index] =
        result.number.map { UInt32(truncatingIfNeeded: $0) } ?? StateStore.none
    }
  }

  /// Looks every successor up, and keeps the numbers of those that are there.
  mutating func lookUp(in store: StoreIndex) {
    dropRecent()
    for index in 0..<count { unsafe store.prefetch(hash: hashes[index]) }
    for index in 0..<count {
      let look = unsafe store.look(hash: hashes[index])
      unsafe looks[index] = look
      store.prefetchState(after: look)
    }
    for index in 0..<count {
      let found = unsafe store.probe(
        words + index * wordCount,
        hash: hashes[index],
        after: looks[index]
      )
      unsafe numbers[index] =
        found.number.map { UInt32(truncatingIfNeeded: $0) } ?? StateStore.none
    }
  }

  /// Adds the successors that were looked up and are not there to a list.
  func addMissing(to states: inout PackedStates) {
    for index in 0..<count where unsafe numbers[index] == StateStore.none {
      unsafe states.append(words + index * wordCount, hash: hashes[index], sleep: sleeps[index])
    }
  }

  /// Number and note of a resolved successor; ``StateStore/none`` where there was no room, or where
  /// it was looked up and is not there.
  package func resolved(_ index: Int) -> (number: UInt32, note: UInt32) {
    precondition(index < count, "no such successor")
    return unsafe (numbers[index], notes[index])
  }

  package mutating func removeAll() { count = 0 }
}
