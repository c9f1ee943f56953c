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
}
