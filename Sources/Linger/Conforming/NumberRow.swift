/// Marks with six numbers each, most of which are near 0, in few bytes.
///
/// An entry begins with 32 bits: the mark, and above it how many bytes each number takes. The
/// numbers follow, without the bytes that say nothing. Whole words are written and read, of which
/// the bytes that count are taken: that takes far fewer instructions than byte by byte.
struct NumberRow {
  typealias Numbers = InlineArray<6, Int64>

  /// With room for a word behind the last one that counts.
  private var bytes: [UInt8] = []
  private var end = 0

  /// Bits of a mark.
  private static let markBits: UInt32 = 14
  /// Bits that say how many bytes a number takes; their greatest value means all eight.
  private static let sizeBits: UInt32 = 3
  private static let sizeMask: UInt32 = 7
  private static let wholeWord = 7
  private static let headerSize = 4
  private static let wordSize = 8
  /// Enough for the segments of most connections, of which there are some ten.
  private static let usualSize = 144

  /// Adds an entry; the mark has at most 14 bits.
  mutating func append(_ mark: UInt32, _ numbers: Numbers) {
    var folded = InlineArray<6, UInt64>(repeating: 0)
    var header = mark
    var shift = Self.markBits
    var next = end + Self.headerSize
    for number in numbers.indices {
      // The sign goes to the lowest bit, so that what is near 0 is small.
      let word = UInt64(bitPattern: numbers[number] &<< 1 ^ numbers[number] &>> 63)
      let size = min((71 &- word.leadingZeroBitCount) &>> 3, Self.wholeWord)
      folded[number] = word
      header |= UInt32(truncatingIfNeeded: size) &<< shift
      shift &+= Self.sizeBits
      next &+= Self.width(size)
    }
    if next + Self.wordSize > bytes.count { grow(to: next + Self.wordSize) }
    var place = end
    end = next
    var bytes = bytes.mutableSpan
    bytes.write(header, at: place)
    place &+= Self.headerSize
    var sizes = header &>> Self.markBits
    for number in folded.indices {
      bytes.write(folded[number], at: place)
      place &+= Self.width(Int(sizes & Self.sizeMask))
      sizes &>>= Self.sizeBits
    }
  }

  private mutating func grow(to least: Int) {
    let count = max(Self.usualSize, least, bytes.count * 2)
    bytes.reserveCapacity(count)
    bytes += repeatElement(0, count: count - bytes.count)
  }

  /// Reads the entry at a place, and moves that to the next one.
  @inline(__always)
  func read(_ place: inout Int) -> (mark: UInt32, numbers: Numbers) {
    let bytes = bytes.span
    let header: UInt32 = bytes.word(place)
    place &+= Self.headerSize
    var sizes = header &>> Self.markBits
    var numbers = Numbers(repeating: 0)
    for number in numbers.indices {
      let width = Self.width(Int(sizes & Self.sizeMask))
      sizes &>>= Self.sizeBits
      let word: UInt64 = bytes.word(place)
      place &+= width
      let folded = width == 0 ? 0 : word & UInt64.max &>> UInt64(64 &- 8 &* width)
      numbers[number] = Int64(bitPattern: folded &>> 1) ^ -Int64(bitPattern: folded & 1)
    }
    return (header & (1 &<< Self.markBits &- 1), numbers)
  }

  /// How many bytes a size stands for.
  @inline(__always)
  private static func width(_ size: Int) -> Int { size &+ (size &+ 1) &>> 3 }
}

extension Span<UInt8> {
  /// A word of the machine's own byte order.
  @inline(__always)
  fileprivate func word<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int) -> Word {
    precondition(place >= 0 && place <= count - MemoryLayout<Word>.size, "beyond the bytes")
    return unsafe withUnsafeBytes { bytes in
      unsafe bytes.loadUnaligned(fromByteOffset: place, as: Word.self)
    }
  }
}

extension MutableSpan<UInt8> {
  @inline(__always)
  fileprivate mutating func write<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word,
    at place: Int
  ) {
    precondition(place >= 0 && place <= count - MemoryLayout<Word>.size, "beyond the bytes")
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: word, toByteOffset: place, as: Word.self)
    }
  }
}
