/// The places of four-tuples that came lately, to look fewer up: a key that is quick to make finds
/// them, and that one whom it is aimed at finds none harms nobody.
struct RecentPlaces {
  /// Half a key above, a place plus one below; 0 for none.
  private var slots = [UInt64](repeating: 0, count: 1 << bits)

  private static let bits: UInt64 = 14

  /// The same in both directions.
  @inline(__always)
  static func key(_ one: Endpoint, _ other: Endpoint) -> UInt64 {
    func word(_ end: Endpoint) -> UInt64 {
      let word = end.address.low ^ end.address.high ^ UInt64(end.port) << 32
      return (word ^ word >> 29) &* 0xBF58_476D_1CE4_E5B9
    }
    return (word(one) &+ word(other)) &* 0x9E37_79B9_7F4A_7C15
  }

  /// The latest place with a key, or with one that can hardly be told from it.
  subscript(key: UInt64) -> Int? {
    @inline(__always)
    get {
      let entry = slots[Self.slot(key)]
      return entry >> 32 == key & 0xFFFF_FFFF && entry != 0 ? Int(entry & 0xFFFF_FFFF) - 1 : nil
    }
    @inline(__always)
    set { slots[Self.slot(key)] = newValue.map { key << 32 | UInt64($0 + 1) } ?? 0 }
  }

  private static func slot(_ key: UInt64) -> Int { Int(key >> (64 - bits)) }
}
