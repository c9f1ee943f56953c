/// The words of one packed state in memory that a ``StateScratch`` holds.
///
/// What an array would be without its price: a successor is written some ten million times a
/// second, and each write to an array asks first whether it is shared.
@safe
package struct StateWords: PackedWords {
  package let count: Int
  fileprivate let base: UnsafeMutablePointer<UInt64>

  fileprivate init(_ base: UnsafeMutablePointer<UInt64>, count: Int) {
    self.count = count
    unsafe self.base = unsafe base
  }

  @inline(__always)
  package subscript(index: Int) -> UInt64 {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such word of a state")
      return unsafe base[index]
    }
    nonmutating set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such word of a state")
      unsafe base[index] = newValue
    }
  }

  @inline(__always)
  package func copy(_ words: some PackedWords) {
    for index in 0..<count { unsafe base[index] = words[index] }
  }

  @inline(__always)
  package func copy(_ words: StateWords) {
    precondition(words.count == count, "states of different layouts")
    for index in 0..<count { unsafe base[index] = unsafe words.base[index] }
  }

  @inline(__always)
  package func equals(_ words: some PackedWords) -> Bool {
    for index in 0..<count where unsafe base[index] != words[index] { return false }
    return true
  }

  package var array: [UInt64] { (0..<count).map { self[$0] } }

  /// For the store, which takes it no further.
  @inline(__always)
  @unsafe var pointer: UnsafePointer<UInt64> { unsafe UnsafePointer(base) }
}

/// Room for some states that are being made; it lives as long as whoever uses them.
@safe
final class StateScratch {
  private let base: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private let stateCount: Int

  init(wordCount: Int, states: Int) {
    self.wordCount = wordCount
    stateCount = states
    unsafe base = .allocate(capacity: wordCount * states)
    unsafe base.initialize(repeating: 0, count: wordCount * states)
  }

  deinit { unsafe base.deallocate() }

  subscript(state: Int) -> StateWords {
    precondition((0..<stateCount).contains(state), "no such state")
    return unsafe StateWords(base + state * wordCount, count: wordCount)
  }
}
