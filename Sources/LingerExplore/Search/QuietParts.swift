/// Parts of states, some bits of one word each, with contents that are known to show nothing.
///
/// Where only invariants are asked for, each of their conjuncts reads such a part as a rule, and
/// has few different contents: nearly every state is known to hold without asking any of them.
struct QuietParts: ~Copyable {
  struct Part {
    var word: Int
    var mask: UInt64
    var shift: UInt64
    /// Where its row of flags begins.
    var first: Int
  }

  private var parts = Column<Part>()
  private var isKnown = Column<Bool>()
  /// Whether there is anything to know.
  let isUsed: Bool

  /// Bits from the first one that is read to the last.
  private static let mostBits = 16

  /// With these parts, which say all of a state that is asked; nil where they do not.
  init(_ bits: [(word: Int, mask: UInt64)]?) {
    let bits = bits ?? []
    func width(_ mask: UInt64) -> Int {
      UInt64.bitWidth - mask.leadingZeroBitCount - mask.trailingZeroBitCount
    }
    isUsed = !bits.isEmpty && bits.allSatisfy { $0.mask != 0 && width($0.mask) <= Self.mostBits }
    guard isUsed else { return }
    for (word, mask) in bits {
      let shift = UInt64(mask.trailingZeroBitCount)
      parts.append(Part(word: word, mask: mask, shift: shift, first: isKnown.count))
      for _ in 0..<(1 << width(mask)) { isKnown.append(false) }
    }
  }

  @inline(__always)
  private func place(of part: Int, _ words: StateWords) -> Int {
    let part = parts[part]
    return part.first + Int(truncatingIfNeeded: (words[part.word] & part.mask) &>> part.shift)
  }

  /// Whether all parts of a state are known to show nothing.
  @inline(__always)
  func contains(_ words: StateWords) -> Bool {
    guard isUsed else { return false }
    for part in 0..<parts.count where !isKnown[place(of: part, words)] { return false }
    return true
  }

  /// Notes that nothing is to be seen in a state.
  mutating func insert(_ words: StateWords) {
    for part in 0..<parts.count { isKnown[place(of: part, words)] = true }
  }
}
