/// A convex set of clock values with whole-number bounds on clocks and on their differences.
///
/// A difference bound matrix (Dill, CAV 1989), always in canonical form and never empty. Row and
/// column 0 stand for 0, the others for clocks. A bound is kept as twice its constant, plus one
/// where it is not strict: then numbers order bounds by strength.
struct DifferenceBounds: Hashable {
  private(set) var size: Int
  private(set) var bounds: [Int]

  /// No bound at all; half the range, so that sums do not overflow.
  static let none = Int.max / 2

  static func atMost(_ constant: Int) -> Int { 2 * constant + 1 }
  static func below(_ constant: Int) -> Int { 2 * constant }

  static func sum(_ left: Int, _ right: Int) -> Int {
    if left == none || right == none { return none }
    return (left & ~1) + (right & ~1) + (left & right & 1)
  }

  /// Clocks that show these values.
  init(clocks values: [Int]) {
    let rows = [0] + values
    size = rows.count
    bounds = rows.flatMap { row in rows.map { Self.atMost(row - $0) } }
  }

  /// The bound on `row - column`.
  subscript(_ row: Int, _ column: Int) -> Int { bounds[row * size + column] }

  /// The clocks of another location: each comes from a row of this matrix, a reset one from row 0.
  func moved(to origins: [Int]) -> DifferenceBounds {
    let rows = [0] + origins
    var result = self
    result.size = rows.count
    result.bounds = []
    result.bounds.reserveCapacity(rows.count * rows.count)
    for row in rows {
      for column in rows { result.bounds.append(self[row, column]) }
    }
    return result
  }

  /// Lets any time pass.
  mutating func pass() {
    for row in 1..<size { bounds[row * size] = Self.none }
  }

  /// Adds `row - column` below a bound; false where nothing is left, and then it is of no use.
  mutating func tighten(_ row: Int, _ column: Int, _ bound: Int) -> Bool {
    if bound >= self[row, column] { return true }
    if Self.sum(bound, self[column, row]) < Self.atMost(0) { return false }
    for a in 0..<size {
      let first = Self.sum(self[a, row], bound)
      if first == Self.none { continue }
      for b in 0..<size {
        let path = Self.sum(first, self[column, b])
        if path < self[a, b] { bounds[a * size + b] = path }
      }
    }
    return true
  }

  /// Forgets what no later test can tell apart, given for each clock the largest constants of
  /// tests from below and from above (Behrmann, Bouyer, Larsen, Pelánek, TACAS 2004).
  mutating func extrapolate(lower: [Int?], upper: [Int?]) {
    let old = self
    for row in 0..<size {
      for column in 0..<size where row != column {
        let bound = old[row, column]
        if row > 0 {
          let limit = lower[row - 1]
          let isBeyondLower =
            limit.map { bound > Self.atMost($0) || old[0, row] < Self.atMost(-$0) } ?? true
          let isBeyondUpper =
            column > 0 && (upper[column - 1].map { old[0, column] < Self.atMost(-$0) } ?? true)
          if isBeyondLower || isBeyondUpper { bounds[row * size + column] = Self.none }
        } else {
          let limit = upper[column - 1] ?? 0
          if bound < Self.atMost(-limit) { bounds[column] = Self.below(-limit) }
        }
      }
    }
    close()
  }

  private mutating func close() {
    for middle in 0..<size {
      for row in 0..<size {
        let first = self[row, middle]
        if first == Self.none { continue }
        for column in 0..<size {
          let path = Self.sum(first, self[middle, column])
          if path < self[row, column] { bounds[row * size + column] = path }
        }
      }
    }
  }

  func contains(_ other: DifferenceBounds) -> Bool {
    for (mine, its) in zip(bounds, other.bounds) where mine < its { return false }
    return true
  }
}
