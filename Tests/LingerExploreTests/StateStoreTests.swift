import LingerExplore
import Testing

@Suite("The store of packed states")
struct StateStoreTests {
  @Test(
    "numbers states in the order they are found",
    arguments: [1, 2, 3, 4, 5, 7, 16, 33],
    [false, true]
  )
  func numbersInOrder(wordCount: Int, compresses: Bool) {
    var store = StateStore(wordCount: wordCount, compresses: compresses)
    var reference: [[UInt64]: Int] = [:]
    var seed: UInt64 = 42
    for _ in 0..<20_000 {
      var words: [UInt64] = []
      for _ in 0..<wordCount {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        words.append((seed >> 40) % (wordCount == 1 ? 9_000 : 97))
      }
      let expected = reference[words]
      let result = store.insert(words)
      #expect(result.isNew == (expected == nil))
      #expect(result.number == expected ?? reference.count)
      reference[words] = result.number
    }
    let count = store.count
    #expect(count == reference.count)
    var loaded = [UInt64](repeating: 0, count: wordCount)
    for (words, number) in reference {
      store.load(number, into: &loaded)
      #expect(loaded == words)
      let found = store.find(words)
      #expect(found == number)
    }
    let absent = store.find([UInt64](repeating: .max, count: wordCount))
    #expect(absent == nil)
  }

  @Test("takes at most 16 bytes a one-word state once it is large")
  func staysSmall() {
    var store = StateStore(wordCount: 1)
    var most = 0.0
    for value in 0..<400_000 {
      _ = store.insert([UInt64(value) &* 0x9E37_79B9_7F4A_7C15])
      if value > 100_000 { most = max(most, Double(store.byteCount) / Double(value + 1)) }
    }
    #expect(most <= 16)
  }

  @Test("a tree takes at most 24 bytes a state of many words that have much in common")
  func wideStaysSmall() {
    var store = StateStore(wordCount: 16, compresses: true)
    for value in 0..<200_000 {
      let parts = [value % 60, value / 60 % 60, value / 3_600].map { UInt64($0) }
      _ = store.insert((0..<16).map { parts[$0 / 6] &* UInt64($0 + 1) })
    }
    let bytes = store.byteCount
    #expect(store.count == 200_000 && bytes <= 24 * 200_000)
  }

  @Test("a team makes the same larger tables", arguments: [1, 2, 4], [1, 3])
  func growsTogether(threads: Int, wordCount: Int) {
    func words(_ value: Int) -> [UInt64] {
      (0..<wordCount).map { UInt64(value + $0) &* 0x9E37_79B9_7F4A_7C15 }
    }
    let count = 700_000
    var alone = StateStore(wordCount: wordCount)
    var store = StateStore(wordCount: wordCount)
    store.keepTables(for: ThreadTeam(threads: threads))
    for value in 0..<count {
      _ = alone.insert(words(value))
      _ = store.insert(words(value))
    }
    let bytes = (store.byteCount, alone.byteCount)
    #expect(bytes.0 > bytes.1)
    store.releaseTables()
    let left = store.byteCount
    #expect(left == bytes.1)
    let isWhole = (0..<count).allSatisfy { store.find(words($0)) == $0 }
    let absent = store.find(words(count + wordCount))
    #expect(isWhole && absent == nil)
  }

  @Test("a batch finds what a store finds one by one")
  func batchAgrees() {
    var store = StateStore(wordCount: 2)
    var single = StateStore(wordCount: 2)
    var batch = SuccessorBatch(wordCount: 2)
    for round in 0..<200 {
      var pushed: [[UInt64]] = []
      for index in 0..<SuccessorBatch.capacity {
        let value = UInt64((round * 131 + index * index) % 5_003)
        let words = [value, value % 7]
        pushed.append(words)
        batch.push(words, note: UInt32(index))
      }
      let isFull = batch.isFull
      #expect(isFull)
      batch.resolve(into: &store)
      for (index, words) in pushed.enumerated() {
        let resolved = batch.resolved(index)
        #expect(resolved.note == UInt32(index))
        let number = single.insert(words).number
        #expect(Int(resolved.number) == number)
      }
      batch.removeAll()
    }
    let counts = (store.count, single.count)
    #expect(counts.0 == counts.1)
  }
}

@Suite("Numbers for parts of states")
struct MaskedIndexTests {
  @Test("equal parts have one number, whatever the rest says")
  func ignoresTheRest() {
    var index = MaskedIndex([(word: 0, mask: 0xFF00), (word: 2, mask: 0xF)])
    var reference: [[UInt64]: Int] = [:]
    var seed: UInt64 = 7
    for _ in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let words = [seed >> 32, seed, seed >> 20]
      let part = [words[0] & 0xFF00, words[2] & 0xF]
      let result = index.number(of: words)
      #expect(result.isNew == (reference[part] == nil))
      #expect(result.number == reference[part] ?? reference.count)
      reference[part] = result.number
      #expect(index.key(result.number, wordCount: 3) == [part[0], 0, part[1]])
    }
    #expect(index.count == reference.count)
  }

  @Test("no bits at all make a single key")
  func emptyKey() {
    var index = MaskedIndex([])
    #expect(index.number(of: [1]).isNew)
    #expect(!index.number(of: [2]).isNew)
  }
}
