/// Numbers triples of integers in the order in which they are first met.
///
/// A triple stands where it is found, so that to look one up mostly touches one line of the cache.
struct TripleTable {
  private struct Entry {
    var one = 0
    var two = 0
    var three = 0
    /// Plus one; 0 for a free place.
    var number = 0
  }

  /// Their count is a power of two.
  private var entries = [Entry](repeating: Entry(), count: 64)
  private(set) var count = 0

  /// Words that it takes, about.
  var wordCount: Int { 12 * count }

  mutating func number(of one: Int, _ two: Int, _ three: Int) -> Int {
    var place = Self.hash(one, two, three) & (entries.count &- 1)
    while true {
      let entry = entries[place]
      if entry.number == 0 { break }
      if entry.one == one, entry.two == two, entry.three == three { return entry.number &- 1 }
      place = (place &+ 1) & (entries.count &- 1)
    }
    count += 1
    entries[place] = Entry(one: one, two: two, three: three, number: count)
    if count * 2 > entries.count { grow() }
    return count - 1
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.number > 0 {
      var place = Self.hash(entry.one, entry.two, entry.three) & (entries.count - 1)
      while entries[place].number > 0 { place = (place + 1) & (entries.count - 1) }
      entries[place] = entry
    }
  }

  /// Odd constants of SplitMix64 and MurmurHash3: the products do not wait for each other.
  @inline(__always)
  private static func hash(_ one: Int, _ two: Int, _ three: Int) -> Int {
    var bits = UInt(bitPattern: one) &* 0x9E37_79B9_7F4A_7C15
    bits ^= (UInt(bitPattern: two) &* 0xBF58_476D_1CE4_E5B9) >> 7
    bits &+= UInt(bitPattern: three) &* 0xFF51_AFD7_ED55_8CCD
    bits = (bits ^ bits >> 32) &* 0x94D0_49BB_1331_11EB
    return Int(bitPattern: bits ^ bits >> 29)
  }
}
