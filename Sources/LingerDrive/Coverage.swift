/// How often the runs so far took each of the subject's transitions.
package struct Coverage: Sendable {
  /// By transition of the model.
  package private(set) var counts: [Int: Int] = [:]
  /// Transitions that were taken one after the other.
  package private(set) var pairs: Set<Pair> = []

  package struct Pair: Hashable, Sendable {
    package var first: Int
    package var second: Int
  }

  package init() {}

  package func count(_ transition: Int) -> Int { counts[transition, default: 0] }

  package mutating func add(_ taken: [Int]) {
    for transition in taken { counts[transition, default: 0] += 1 }
    for (first, second) in zip(taken, taken.dropFirst()) {
      pairs.insert(Pair(first: first, second: second))
    }
  }
}
