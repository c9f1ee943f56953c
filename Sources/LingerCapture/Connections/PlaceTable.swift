/// Finds places by what stands there: a hash table of nothing but places and a part of their
/// hashes, eight bytes for a slot.
package struct PlaceTable {
  package private(set) var count = 0
  /// Half a hash above, a place plus one below; 0 for a free slot. Their count is a power of two.
  private var slots: [UInt64] = Array(repeating: 0, count: 64)

  package init() {}

  /// The place with a hash at which stands what is looked for.
  @inline(__always)
  package func place(_ hash: UInt32, _ isSame: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      if Self.hash(slots[slot]) == hash, isSame(Self.place(slots[slot])) {
        return Self.place(slots[slot])
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds a place that is not there.
  package mutating func insert(_ place: Int, _ hash: UInt32) {
    count += 1
    if count * 2 > slots.count { grow() }
    put(UInt64(hash) << 32 | UInt64(place + 1))
  }

  /// Takes a place out that is there, and closes the gap that it leaves.
  package mutating func remove(_ place: Int, _ hash: UInt32) {
    count -= 1
    let mask = slots.count - 1
    let entry = UInt64(hash) << 32 | UInt64(place + 1)
    var gap = Int(hash) & mask
    while slots[gap] != entry { gap = (gap + 1) & mask }
    var slot = (gap + 1) & mask
    while slots[slot] != 0 {
      // One whose way from its home passes the gap goes there.
      let home = Int(Self.hash(slots[slot])) & mask
      if (slot - home) & mask >= (slot - gap) & mask {
        slots[gap] = slots[slot]
        gap = slot
      }
      slot = (slot + 1) & mask
    }
    slots[gap] = 0
  }

  private mutating func put(_ entry: UInt64) {
    let mask = slots.count - 1
    var slot = Int(Self.hash(entry)) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { put(entry) }
  }

  private static func hash(_ entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry >> 32) }

  private static func place(_ entry: UInt64) -> Int { Int(entry & 0xFFFF_FFFF) - 1 }
}
