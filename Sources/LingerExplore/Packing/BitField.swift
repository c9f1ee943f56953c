/// Some bits of one word of a packed state.
package struct BitField: Hashable, Sendable {
  package var word: Int
  package var shift: Int
  package var width: Int

  /// The field's bits in place.
  package var mask: UInt64 { lowMask &<< UInt64(shift) }

  @inline(__always)
  var lowMask: UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }

  @inline(__always)
  package func get(_ words: some PackedWords) -> UInt64 {
    (words[word] &>> UInt64(shift)) & lowMask
  }

  /// Whether the field is wide enough for a value.
  func holds(_ value: UInt64) -> Bool { value <= lowMask }

  @inline(__always)
  package func set(_ value: UInt64, in words: inout some PackedWords) {
    words[word] = words[word] & ~mask | value &<< UInt64(shift)
  }

  /// Bits that tell `count` values apart.
  package static func width(for count: Int) -> Int {
    count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
}

/// Hands out bit fields, none of which crosses a word's border.
package struct BitAllocator {
  package private(set) var wordCount = 1
  private var used = 0

  package init() {}

  /// Bits of the state in use, padding included.
  package var bitCount: Int { (wordCount - 1) * 64 + used }

  /// Bits left in the current word.
  package var remaining: Int { 64 - used }

  package mutating func allocate(_ width: Int) -> BitField {
    if width > remaining { startWord() }
    let field = BitField(word: wordCount - 1, shift: width == 0 ? 0 : used, width: width)
    used += width
    return field
  }

  /// Makes the next field start a word, unless the current one is untouched.
  package mutating func startWord() {
    guard used > 0 else { return }
    wordCount += 1
    used = 0
  }
}
