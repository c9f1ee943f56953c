/// How often the runs so far took each of the subject's transitions.
package struct Coverage: Sendable {
  /// By transition of the model.
  private var counts: [Int] = []
  /// By transition: how often each other was taken right after it.
  private var pairs: [[Int]] = []
  /// How many transitions were taken right after how many.
  package private(set) var pairCount = 0

  package init() {}

  package func count(_ transition: Int) -> Int { Self.count(transition, in: counts) }

  /// How often a transition was taken right after another; for nil, at all.
  package func count(_ transition: Int, after last: Int?) -> Int {
    guard let last else { return count(transition) }
    return last < pairs.count ? Self.count(transition, in: pairs[last]) : 0
  }

  private static func count(_ number: Int, in row: [Int]) -> Int {
    number < row.count ? row[number] : 0
  }

  package mutating func add(_ taken: [Int]) {
    for transition in taken { Self.add(transition, to: &counts) }
    for place in taken.indices.dropFirst() {
      let first = taken[place - 1]
      while pairs.count <= first { pairs.append([]) }
      if Self.add(taken[place], to: &pairs[first]) == 1 { pairCount += 1 }
    }
  }

  @discardableResult
  private static func add(_ number: Int, to row: inout [Int]) -> Int {
    while row.count <= number { row.append(0) }
    row[number] += 1
    return row[number]
  }
}
