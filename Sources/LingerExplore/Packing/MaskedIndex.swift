/// Numbers the different contents of some bits of packed states, densely from 0.
///
/// The key of everything the explorer remembers about a *part* of a state: what one instance can
/// do in its local state, whether a predicate over a few variables is true. Parts repeat far more
/// often than states, so such an answer is worked out once and then read off.
package struct MaskedIndex: Sendable {
  /// The words and bits that make the key.
  package let segments: [(word: Int, mask: UInt64)]
  /// Different keys seen.
  package private(set) var count = 0

  private var keys: [UInt64] = []
  private var table: [Int32]
  private var slotMask: Int

  package init(_ segments: [(word: Int, mask: UInt64)]) {
    self.segments = segments
    table = [Int32](repeating: -1, count: 64)
    slotMask = 63
  }

  /// Memory held, in bytes.
  package var byteCount: Int { keys.capacity * 8 + table.capacity * 4 }

  /// The number of the key in `words`, and whether it was met for the first time.
  @inline(__always)
  package mutating func number(of words: some PackedWords) -> (number: Int, isNew: Bool) {
    var slot = Int(truncatingIfNeeded: hash(words)) & slotMask
    while true {
      let entry = Int(table[slot])
      if entry < 0 { return (add(words, at: slot), true) }
      if matches(entry, words) { return (entry, false) }
      slot = (slot &+ 1) & slotMask
    }
  }

  /// The words of a key, zero outside its bits.
  package func key(_ number: Int, wordCount: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: wordCount)
    for (index, segment) in segments.enumerated() {
      words[segment.word] |= keys[number * segments.count + index]
    }
    return words
  }

  @inline(__always)
  private func matches(_ number: Int, _ words: some PackedWords) -> Bool {
    let width = segments.count
    var index = 0
    while index < width {
      let segment = segments[index]
      if keys[number &* width &+ index] != words[segment.word] & segment.mask { return false }
      index &+= 1
    }
    return true
  }

  @inline(__always)
  private func hash(_ words: some PackedWords) -> UInt64 {
    var state: UInt64 = 0
    for segment in segments {
      state = (state ^ words[segment.word] & segment.mask) &* 0x9E37_79B9_7F4A_7C15
      state ^= state &>> 29
    }
    return state ^ state &>> 32
  }

  private mutating func add(_ words: some PackedWords, at slot: Int) -> Int {
    for segment in segments { keys.append(words[segment.word] & segment.mask) }
    let number = count
    table[slot] = Int32(number)
    count += 1
    if count * 2 > table.count { grow() }
    return number
  }

  private mutating func grow() {
    slotMask = table.count * 2 - 1
    table = [Int32](repeating: -1, count: slotMask + 1)
    var words = [UInt64](repeating: 0, count: (segments.map(\.word).max() ?? 0) + 1)
    for number in 0..<count {
      for segment in segments { words[segment.word] = 0 }
      for (index, segment) in segments.enumerated() {
        words[segment.word] |= keys[number * segments.count + index]
      }
      var slot = Int(truncatingIfNeeded: hash(words)) & slotMask
      while table[slot] >= 0 { slot = (slot + 1) & slotMask }
      table[slot] = Int32(number)
    }
  }
}
