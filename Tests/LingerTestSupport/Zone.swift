/// A convex set of clock values: a bound on every difference of two clocks.
///
/// A difference bound matrix (Dill, CAV 1989), kept in canonical form. Row and column 0 stand for
/// the constant 0; clock `n` has row and column `n + 1`. A set that is empty is not a `Zone`:
/// operations that may empty it return nil.
package struct Zone: Hashable, Sendable {
  /// `x - y <= c` or `x - y < c`, ordered by strength.
  package struct Bound: Hashable, Comparable, Sendable {
    /// Twice the constant, plus one where the constant itself is allowed.
    private let code: Int

    private init(code: Int) { self.code = code }

    static let none = Bound(code: .max)
    static let zero = atMost(0)

    package static func atMost(_ constant: Int) -> Bound { Bound(code: 2 * constant + 1) }
    package static func below(_ constant: Int) -> Bound { Bound(code: 2 * constant) }

    /// Of the opposite difference: true where this is false.
    var opposite: Bound { Bound(code: 1 - code) }

    package static func < (left: Bound, right: Bound) -> Bool { left.code < right.code }

    static func + (left: Bound, right: Bound) -> Bound {
      if left == .none || right == .none { return .none }
      let isWeak = left.code & right.code & 1
      return Bound(code: (left.code & ~1) + (right.code & ~1) + isWeak)
    }
  }

  private let size: Int
  private var bounds: [Bound]

  private subscript(_ row: Int, _ column: Int) -> Bound {
    get { bounds[row * size + column] }
    set { bounds[row * size + column] = newValue }
  }

  /// No clocks at all.
  package init() {
    size = 1
    bounds = [.zero]
  }

  private init(size: Int) {
    self.size = size
    bounds = Array(repeating: .none, count: size * size)
  }

  /// The zone after a step: each clock keeps the value of an old clock, or starts at 0 (nil).
  package func moved(to origins: [Int?]) -> Zone {
    let rows = [0] + origins.map { $0.map { $0 + 1 } ?? 0 }
    var result = Zone(size: rows.count)
    for row in rows.indices {
      for column in rows.indices { result[row, column] = self[rows[row], rows[column]] }
    }
    return result
  }

  /// Everything that it becomes as time passes.
  package func passing() -> Zone {
    var result = self
    for row in 1..<size { result[row, 0] = .none }
    return result
  }

  /// Only where the clock is at most (or below) a constant.
  package func with(clock: Int, _ bound: Bound) -> Zone? {
    tightened(clock + 1, 0, bound)
  }

  /// Only where the clock is at least a constant.
  package func with(clock: Int, atLeast constant: Int) -> Zone? {
    tightened(0, clock + 1, .atMost(-constant))
  }

  /// Only where the clock is more than a constant.
  package func with(clock: Int, above constant: Int) -> Zone? {
    tightened(0, clock + 1, .below(-constant))
  }

  private func tightened(_ row: Int, _ column: Int, _ bound: Bound) -> Zone? {
    if bound >= self[row, column] { return self }
    if bound + self[column, row] < .zero { return nil }
    var result = self
    result[row, column] = bound
    for a in 0..<size {
      for b in 0..<size {
        result[a, b] = min(result[a, b], result[a, row] + bound + result[column, b])
      }
    }
    return result
  }

  /// What is left without another zone, in parts.
  package func subtracting(_ other: Zone) -> [Zone] {
    var parts: [Zone] = []
    var rest = self
    for row in 0..<size {
      for column in 0..<size where row != column && other[row, column] != .none {
        if let outside = rest.tightened(column, row, other[row, column].opposite) {
          parts.append(outside)
        }
        guard let inside = rest.tightened(row, column, other[row, column]) else { return parts }
        rest = inside
      }
    }
    return parts
  }

  /// Forgets how far each clock is beyond a constant that nothing tells values beyond apart from:
  /// there are finitely many zones then (Daws and Tripakis, TACAS 1998).
  package func extrapolated(beyond constants: [Int]) -> Zone {
    var result = self
    let limits = [0] + constants
    for row in 0..<size {
      for column in 0..<size where row != column && self[row, column] != .none {
        if row > 0, self[row, column] > .atMost(limits[row]) {
          result[row, column] = .none
        } else if self[row, column] < .below(-limits[column]) {
          result[row, column] = .below(-limits[column])
        }
      }
    }
    result.close()
    return result
  }

  private mutating func close() {
    for middle in 0..<size {
      for row in 0..<size {
        for column in 0..<size {
          self[row, column] = min(self[row, column], self[row, middle] + self[middle, column])
        }
      }
    }
  }

  package func contains(_ other: Zone) -> Bool {
    zip(bounds, other.bounds).allSatisfy { $0 >= $1 }
  }
}
