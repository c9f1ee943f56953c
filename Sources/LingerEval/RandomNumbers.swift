/// Random numbers that are the same for a seed on every machine and in every release.
///
/// Xoshiro256**, seeded by SplitMix64 as its authors advise (Blackman and Vigna, "Scrambled
/// linear pseudorandom number generators", 2021). The standard library's generator takes no seed.
package struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var word = mixer
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    words = (next(), next(), next(), next())
  }

  package mutating func next() -> UInt64 {
    let result = rotated(words.1 &* 5, by: 7) &* 9
    let shifted = words.1 << 17
    words.2 ^= words.0
    words.3 ^= words.1
    words.1 ^= words.2
    words.0 ^= words.3
    words.2 ^= shifted
    words.3 = rotated(words.3, by: 45)
    return result
  }

  /// A number from 0 up to `count`, which must be positive; every one as likely as another.
  package mutating func below(_ count: Int) -> Int {
    precondition(count > 0, "a random number was asked for out of none")
    // Numbers above the last whole multiple would favour the small remainders.
    let bound = UInt64(count)
    let limit = UInt64.max - UInt64.max % bound
    while true {
      let word = next()
      if word < limit { return Int(word % bound) }
    }
  }

  /// Whether something with this chance in a hundred happens.
  package mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

  /// One of the elements, of which there must be some.
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  private func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
