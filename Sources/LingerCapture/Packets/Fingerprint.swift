/// A hash of bytes that is the same in every run, to find two copies of one packet.
enum Fingerprint {
  /// Words go through a multiplication by an odd number and a rotation, as in FNV and its kin:
  /// fast, and good enough where nobody gains from a collision.
  static func of(_ bytes: Span<UInt8>, _ range: Range<Int>, beside word: UInt64) -> UInt64 {
    var hash = mixed(UInt64(range.count) &* multiplier, word)
    var place = bytes.forEachWord64(range) { hash = mixed(hash, $0) }
    var rest: UInt64 = 0
    while place < range.upperBound {
      rest = rest << 8 | UInt64(bytes[place])
      place += 1
    }
    hash = mixed(hash, rest)
    return hash ^ hash >> 32
  }

  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* multiplier
    return product << 27 | product >> 37
  }
}
