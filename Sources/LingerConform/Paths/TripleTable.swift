/// Numbers triples of integers in the order in which they are first met.
///
/// A triple stands where it is found, so that to look one up mostly touches one line of the cache.
package struct TripleTable {
  private struct Entry {
    var one = 0
    var two = 0
    var three = 0
    /// Plus one; 0 for a free place.
    var number = 0
  }

  /// Their count is a power of two.
  private var entries = [Entry](repeating: Entry(), count: 64)
  package private(set) var count = 0

  package init() {}

  /// Words that it takes, about.
  package var wordCount: Int { 12 * count }

  package mutating func number(of one: Int, _ two: Int, _ three: Int) -> Int {
    let place = place(one, two, three)
    if entries[place].number > 0 { return entries[place].number &- 1 }
    count += 1
    entries[place] = Entry(one: one, two: two, three: three, number: count)
    if count * 2 > entries.count { grow() }
    return count - 1
  }

  /// The number of a triple that was met before; nil for another.
  @inline(__always)
  package func known(_ one: Int, _ two: Int, _ three: Int) -> Int? {
    let number = entries[place(one, two, three)].number
    return number == 0 ? nil : number &- 1
  }

  /// Where a triple stands, or is to stand.
  @inline(__always)
  private func place(_ one: Int, _ two: Int, _ three: Int) -> Int {
    let entries = entries.span
    let mask = entries.count &- 1
    var place = Self.hash(one, two, three) & mask
    while true {
      let entry = entries[place]
      if entry.one == one && entry.two == two && entry.three == three || entry.number == 0 {
        return place
      }
      place = (place &+ 1) & mask
    }
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.number > 0 {
      entries[place(entry.one, entry.two, entry.three)] = entry
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
