import LingerCapture
import LingerTestSupport
import Testing

@Suite("tables of places") struct PlaceTableTests {
  static let seeds = Seeds(for: "tables of places")

  @Test("what was put in is found until it is taken out", arguments: [1, 7, 1 << 20])
  func agreement(hashes: Int) {
    var random = Mutator(seed: Self.seeds.seed(hashes))
    var table = PlaceTable()
    // By place: its hash. Few hashes, so that many places have one.
    var known: [Int: UInt32] = [:]
    for _ in 0..<4000 {
      let place = random.below(300)
      if let hash = known[place] {
        table.remove(place, hash)
        known[place] = nil
      } else {
        let hash = UInt32(random.below(hashes)) &* 0x9E37_79B9
        table.insert(place, hash)
        known[place] = hash
      }
      #expect(table.count == known.count)
      let asked = random.below(300)
      let hash = known[asked] ?? UInt32(random.below(hashes)) &* 0x9E37_79B9
      #expect(table.place(hash) { $0 == asked } == (known[asked] == nil ? nil : asked))
    }
    for (place, hash) in known { #expect(table.place(hash) { $0 == place } == place) }
    #expect(known.count > 50)
  }
}
