/// Numbers in network byte order. Callers have looked that the bytes are there.
extension Span<UInt8> {
  @inline(__always)
  func word16(_ place: Int) -> UInt16 {
    UInt16(self[place]) << 8 | UInt16(self[place + 1])
  }

  @inline(__always)
  func word32(_ place: Int) -> UInt32 {
    UInt32(word16(place)) << 16 | UInt32(word16(place + 2))
  }

  @inline(__always)
  func word64(_ place: Int) -> UInt64 {
    UInt64(word32(place)) << 32 | UInt64(word32(place + 4))
  }
}
