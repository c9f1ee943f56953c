/// Numbers rows of integers in the order in which they are first met.
///
/// Open addressing over flat rows: to look one up allocates nothing.
package struct WordTable {
  /// The rows, one behind the other, and where each ends.
  private var words: [Int] = []
  private var ends: [Int] = []
  /// Numbers plus one; 0 for a free place. Their count is a power of two.
  private var places: [Int] = Array(repeating: 0, count: 64)

  package init() {}

  package var count: Int { ends.count }

  /// The words of all rows.
  package var wordCount: Int { words.count }

  /// A row by its number.
  package subscript(number: Int) -> ArraySlice<Int> {
    words[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
  }

  package mutating func number(of row: [Int]) -> Int { number(row.count) { row[$0] } }

  /// The number of a row with another word before it.
  package mutating func number(of first: Int, before row: [Int]) -> Int {
    number(row.count + 1) { $0 == 0 ? first : row[$0 - 1] }
  }

  /// Where the number of a row stands, or is to stand.
  @inline(__always)
  private func place(_ width: Int, _ word: (Int) -> Int) -> Int {
    var hash = 0
    for place in 0..<width { hash = Self.mixed(hash &+ word(place)) }
    var place = hash & (places.count - 1)
    while places[place] != 0, !isRow(places[place] - 1, width, word) {
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  @inline(__always)
  private mutating func number(_ width: Int, _ word: (Int) -> Int) -> Int {
    let place = place(width, word)
    if places[place] != 0 { return places[place] - 1 }
    for place in 0..<width { words.append(word(place)) }
    ends.append(words.count)
    places[place] = ends.count
    if ends.count * 2 > places.count { grow() }
    return ends.count - 1
  }

  @inline(__always)
  private func isRow(_ number: Int, _ width: Int, _ word: (Int) -> Int) -> Bool {
    let start = number == 0 ? 0 : ends[number &- 1]
    if ends[number] &- start != width { return false }
    for place in 0..<width where words[start &+ place] != word(place) { return false }
    return true
  }

  private mutating func grow() {
    places = Array(repeating: 0, count: places.count * 2)
    var start = 0
    for (number, end) in ends.enumerated() {
      var hash = 0
      for place in start..<end { hash = Self.mixed(hash &+ words[place]) }
      start = end
      var place = hash & (places.count - 1)
      while places[place] != 0 { place = (place + 1) & (places.count - 1) }
      places[place] = number + 1
    }
  }

  /// The finaliser of MurmurHash3, by Austin Appleby, cut short.
  @inline(__always)
  private static func mixed(_ word: Int) -> Int {
    var bits = UInt(bitPattern: word)
    bits = (bits ^ bits >> 33) &* 0xFF51_AFD7_ED55_8CCD
    return Int(bitPattern: bits ^ bits >> 29)
  }
}
