/// Counters of consecutive message numbers in one word.
struct CountSegment: BitwiseCopyable, Sendable {
  let word: Int
  let shift: Int
  /// The first message's number, and how many there are.
  let first: Int
  let count: Int
  /// A counter has two to the power of this bits.
  let widthShift: Int
  let mask: UInt64
  /// The lowest bit of each counter.
  let lowBits: UInt64

  init(word: Int, shift: Int, first: Int, count: Int, widthShift: Int, mask: UInt64) {
    (self.word, self.shift, self.first, self.count) = (word, shift, first, count)
    (self.widthShift, self.mask) = (widthShift, mask)
    lowBits = mask & SpacedBits.mask(1, 1 << widthShift) << UInt64(shift)
  }

  var countMask: UInt64 { (1 &<< (1 &<< UInt64(widthShift))) &- 1 }
}

/// The messages of a segment that are in flight, in ascending order.
struct PresentCounts {
  private let segment: CountSegment
  private let counts: UInt64
  /// The lowest bit of each counter that is not 0 and still to come.
  private var bits: UInt64

  @inline(__always)
  init(_ segment: CountSegment, _ words: some PackedWords) {
    self.segment = segment
    counts = words[segment.word] & segment.mask
    var folded = counts
    var shift: UInt64 = 1
    for _ in 0..<segment.widthShift {
      folded |= folded &>> shift
      shift &<<= 1
    }
    bits = folded & segment.lowBits
  }

  @inline(__always)
  mutating func next() -> PackedNetwork.Entry? {
    if bits == 0 { return nil }
    let place = bits.trailingZeroBitCount
    bits &= bits &- 1
    return PackedNetwork.Entry(
      number: segment.first &+ (place &- segment.shift) &>> segment.widthShift,
      copies: Int((counts &>> UInt64(place)) & segment.countMask),
      position: 0,
      isDeliverable: true
    )
  }
}
