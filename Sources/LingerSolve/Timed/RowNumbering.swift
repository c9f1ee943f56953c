/// Numbers for rows of numbers, all of one width, in the order in which they first appear.
///
/// The rows stand one after the other in one array, so that neither a new row nor a look-up takes
/// memory of its own.
struct RowNumbering {
  let width: Int
  private(set) var count = 0
  private var values: [Int] = []
  /// The number of the row at each place; -1 where there is none. A power of two, half full at
  /// most.
  private var places: [Int32]

  /// Places of an empty table.
  private static let firstPlaces = 64

  init(width: Int) {
    self.width = width
    places = Array(repeating: -1, count: Self.firstPlaces)
  }

  /// The number of a row of that width.
  mutating func number(of row: [Int]) -> Int {
    precondition(row.count == width)
    var place = hash(row, 0) & (places.count - 1)
    while true {
      let known = Int(places[place])
      if known < 0 { break }
      if isEqual(row, known) { return known }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = Int32(count)
    values += row
    count += 1
    if count * 2 > places.count { grow() }
    return count - 1
  }

  /// One number of a row.
  subscript(_ number: Int, _ column: Int) -> Int { values[number * width + column] }

  /// Writes a row where another one stood.
  func copy(_ number: Int, to row: inout [Int]) {
    for column in row.indices { row[column] = values[number * width + column] }
  }

  private func isEqual(_ row: [Int], _ number: Int) -> Bool {
    let start = number * width
    for column in 0..<width where row[column] != values[start + column] { return false }
    return true
  }

  /// Of the numbers from `start` on.
  private func hash(_ numbers: [Int], _ start: Int) -> Int {
    var hash: UInt64 = 0
    for column in 0..<width {
      hash = (hash ^ UInt64(bitPattern: Int64(numbers[start + column]))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash >> 1)
  }

  private mutating func grow() {
    places = Array(repeating: -1, count: places.count * 2)
    for number in 0..<count {
      var place = hash(values, number * width) & (places.count - 1)
      while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(number)
    }
  }
}
