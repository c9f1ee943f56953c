/// The Internet checksum: RFC 1071.
enum Checksum {
  /// The sum of 16-bit words in ones' complement, not yet folded; a last odd byte is a high one.
  static func sum(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let part = bytes.extracting(range)
    var sum: UInt64 = 0
    var place = 0
    while place + 8 <= part.count {
      let word = part.word64(place)
      sum &+= word >> 32
      sum &+= word & 0xFFFF_FFFF
      place += 8
    }
    while place + 2 <= part.count {
      sum &+= UInt64(part.word16(place))
      place += 2
    }
    if place < part.count { sum &+= UInt64(part[place]) << 8 }
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
    var sum = UInt64(6) + UInt64(length)
    for word in [source.high, source.low, destination.high, destination.low] {
      sum += (word >> 32) + (word & 0xFFFF_FFFF)
    }
    return sum
  }
}
