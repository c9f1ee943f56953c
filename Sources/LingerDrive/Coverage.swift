/// How often the runs so far took each of the subject's transitions.
package struct Coverage: Sendable {
  /// By transition of the model.
  package private(set) var counts: [Int: Int] = [:]
  /// Of transitions that were taken one after the other.
  package private(set) var pairs: [Pair: Int] = [:]

  package struct Pair: Hashable, Sendable {
    package var first: Int
    package var second: Int
  }

  package init() {}

  package func count(_ transition: Int) -> Int { counts[transition, default: 0] }

  /// How often a transition was taken right after another; for nil, at all.
  package func count(_ transition: Int, after last: Int?) -> Int {
    guard let last else { return count(transition) }
    return pairs[Pair(first: last, second: transition), default: 0]
  }

  package mutating func add(_ taken: [Int]) {
    for transition in taken { counts[transition, default: 0] += 1 }
    for (first, second) in zip(taken, taken.dropFirst()) {
      pairs[Pair(first: first, second: second), default: 0] += 1
    }
  }
}
