/// The Internet checksum: RFC 1071.
enum Checksum {
  /// The sum of 16-bit words in ones' complement, not yet folded; a last odd byte is a high one.
  static func sum(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var sum: UInt64 = 0
    var place = bytes.forEachWord64(range) { word in
      // Ones' complement: a carry is added at the other end. 2^64 leaves the rest 1 as 2^16 does.
      let (next, carry) = sum.addingReportingOverflow(word)
      sum = next &+ (carry ? 1 : 0)
    }
    sum = sum >> 32 + sum & 0xFFFF_FFFF
    while place + 2 <= range.upperBound {
      sum &+= UInt64(bytes.word16(place))
      place += 2
    }
    if place < range.upperBound { sum &+= UInt64(bytes[place]) << 8 }
    return sum
  }

  /// Brings a sum down to 16 bits, carries added to its end.
  static func folded(_ sum: UInt64) -> UInt16 {
    var rest = sum
    while rest > 0xFFFF { rest = (rest & 0xFFFF) + rest >> 16 }
    return UInt16(rest)
  }

  /// The sum over the pseudo-header of a TCP segment of this length: RFC 9293 §3.1, RFC 8200 §8.1.
  static func pseudoHeader(from source: IPAddress, to destination: IPAddress, length: Int) -> UInt64
  {
    UInt64(6) + UInt64(length) + halves(source.high) + halves(source.low)
      + halves(destination.high) + halves(destination.low)
  }

  private static func halves(_ word: UInt64) -> UInt64 { word >> 32 + word & 0xFFFF_FFFF }
}
