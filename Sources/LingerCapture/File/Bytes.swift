/// Numbers in network byte order, each read as one.
extension Span<UInt8> {
  @inline(__always)
  func word16(_ place: Int) -> UInt16 { word(place) }

  @inline(__always)
  func word32(_ place: Int) -> UInt32 { word(place) }

  @inline(__always)
  func word64(_ place: Int) -> UInt64 { word(place) }

  /// Byte by byte, with a check for each, sums over whole packets take three times as long.
  @inline(__always)
  private func word<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int) -> Word {
    precondition(place >= 0 && place <= count - MemoryLayout<Word>.size, "beyond the bytes")
    return unsafe withUnsafeBytes { bytes in
      unsafe Word(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Word.self))
    }
  }

  /// Hands out the whole 64-bit words of a range, one behind the other, and says where they end:
  /// with one check for all of them.
  @inline(__always)
  func forEachWord64(_ range: Range<Int>, _ body: (UInt64) -> Void) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "beyond the bytes")
    var place = range.lowerBound
    unsafe withUnsafeBytes { bytes in
      while place + 8 <= range.upperBound {
        body(UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        place += 8
      }
    }
    return place
  }
}
