import LingerModel

/// A bound on a difference of clocks: its value at a sample of the parameters, and the linear term
/// that has this value there.
struct SampledBound: Hashable {
  /// Twice the value, plus one where the bound is not strict; as in ``DifferenceBounds``.
  var value: Int
  var term: LinearTerm

  var isStrict: Bool { value & 1 == 0 }

  static func + (left: SampledBound, right: SampledBound) -> SampledBound {
    SampledBound(
      value: DifferenceBounds.sum(left.value, right.value),
      term: left.term + right.term
    )
  }

  /// The condition on the parameters under which this bound makes another one true.
  func implies(_ other: SampledBound) -> LinearConstraint {
    LinearConstraint(term - other.term, other.isStrict && !isStrict ? .less : .lessOrEqual)
  }

  /// The condition on the parameters under which a bound on nothing, `0 <= bound`, is false.
  var isImpossible: LinearConstraint {
    LinearConstraint(term, isStrict ? .lessOrEqual : .less)
  }
}

/// A known bound: `row - column` is at most, or below it. Row and column 0 stand for 0.
struct BoundArc {
  var row: Int
  var column: Int
  var bound: SampledBound
  /// Whether it is one of the inductive bounds, which are to be proved themselves.
  var isInductive = false
}

/// What arcs imply together: the shortest way between any two rows (Floyd and Warshall).
struct BoundPaths {
  private let size: Int
  let arcs: [BoundArc]
  /// The shortest arc between two rows, by position in `arcs`.
  private var shortest: [Int?]
  private var values: [Int]
  /// The row that the shortest way visits next.
  private var next: [Int]
  /// Arcs whose bounds add up to less than nothing: no clock values satisfy all of them.
  private(set) var contradiction: [BoundArc]?

  init(_ arcs: [BoundArc], size: Int) {
    self.arcs = arcs
    self.size = size
    shortest = Array(repeating: nil, count: size * size)
    values = Array(repeating: DifferenceBounds.none, count: size * size)
    next = Array(repeating: 0, count: size * size)
    for row in 0..<size { values[row * size + row] = DifferenceBounds.atMost(0) }
    for (number, arc) in arcs.enumerated() {
      let index = arc.row * size + arc.column
      guard arc.bound.value < values[index] else { continue }
      if arc.row == arc.column {
        contradiction = [arc]
        return
      }
      values[index] = arc.bound.value
      shortest[index] = number
      next[index] = arc.column
    }
    close()
  }

  private mutating func close() {
    for middle in 0..<size {
      for row in 0..<size where row != middle {
        let first = values[row * size + middle]
        if first == DifferenceBounds.none { continue }
        for column in 0..<size where column != middle {
          let sum = DifferenceBounds.sum(first, values[middle * size + column])
          guard sum < values[row * size + column] else { continue }
          if row == column {
            contradiction = path(row, middle) + path(middle, row)
            return
          }
          values[row * size + column] = sum
          next[row * size + column] = next[row * size + middle]
        }
      }
    }
  }

  /// The strongest bound on a difference, as its value.
  func value(_ row: Int, _ column: Int) -> Int { values[row * size + column] }

  /// The arcs that add up to it.
  func path(_ row: Int, _ column: Int) -> [BoundArc] {
    var result: [BoundArc] = []
    var current = row
    while current != column {
      let following = next[current * size + column]
      guard let arc = shortest[current * size + following] else { return [] }
      result.append(arcs[arc])
      current = following
    }
    return result
  }
}

extension Array where Element == BoundArc {
  /// The sum of the bounds; zero for none.
  func total(parameters: Int) -> SampledBound {
    let zero = SampledBound(value: DifferenceBounds.atMost(0), term: .zero(parameters))
    return reduce(zero) { $0 + $1.bound }
  }
}
