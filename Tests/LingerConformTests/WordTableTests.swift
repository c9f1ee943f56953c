import LingerConform
import LingerEval
import LingerTestSupport
import Testing

@Suite("rows of words") struct WordTableTests {
  static let seeds = Seeds(for: "rows of words")

  @Test("equal rows have one number, in the order in which they are first met")
  func numbers() {
    var random = RandomNumbers(seed: Self.seeds.seed(0))
    var table = WordTable()
    var known: [[Int]: Int] = [:]
    var rows: [[Int]] = []
    for _ in 0..<20_000 {
      // Few values, so that rows come again, and short ones begin longer ones.
      let width = random.below(5)
      let row = (0..<width).map { _ in random.below(12) * (random.below(2) == 0 ? 1 : .min >> 4) }
      let number = known[row] ?? rows.count
      if number == rows.count {
        known[row] = number
        rows.append(row)
      }
      #expect(table.number(of: row) == number)
      if let first = row.first {
        #expect(table.number(of: first, before: Array(row.dropFirst())) == number)
      }
    }
    #expect(table.count == rows.count && rows.count > 2_000)
    #expect(table.wordCount == rows.map(\.count).reduce(0, +))
    for (number, row) in rows.enumerated() { #expect(Array(table[number]) == row) }
  }

  @Test("equal triples have one number, in the order in which they are first met")
  func triples() {
    var random = RandomNumbers(seed: Self.seeds.seed(1))
    var table = TripleTable()
    var known: [[Int]: Int] = [:]
    for _ in 0..<20_000 {
      // Zeros among them: that is what free places hold.
      let row = (0..<3).map { _ in random.below(14) * (random.below(2) == 0 ? 1 : .min >> 4) }
      #expect(table.known(row[0], row[1], row[2]) == known[row])
      let number = known[row] ?? known.count
      known[row] = number
      #expect(table.number(of: row[0], row[1], row[2]) == number)
    }
    #expect(table.count == known.count && known.count > 2_000)
  }
}
