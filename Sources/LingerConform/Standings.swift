/// Numbers what followers know at an event, with times counted back from it: from two that have one
/// number the same events, as long after it, lead to the same.
///
/// Where values of a trace's own are believed, hardly anything is ever known twice: it has no
/// number.
package struct Standings {
  private var rows = WordTable()
  private var row: [Int] = []

  package init() {}

  /// Words that it takes, about.
  package var wordCount: Int { 2 * rows.wordCount }

  /// What a follower knows, and its number; nil where it has found something, or lost a belief.
  package mutating func known(by follower: Follower) -> Known? {
    guard let standing = follower.plainStanding, standing.set.number >= 0 else { return nil }
    row.removeAll(keepingCapacity: true)
    row.append(standing.set.number)
    let latest = standing.marks[standing.marks.count - 1]
    let ages = standing.marks.map { latest - $0 }
    for age in ages { row.append(Int(age)) }
    return Known(number: rows.number(of: row), set: standing.set, ages: ages)
  }

  /// What a follower knows at an event.
  package struct Known {
    package let number: Int
    fileprivate let set: BeliefSet
    /// How long before the event the marks of the set are.
    fileprivate let ages: [Int64]
  }
}

extension Follower {
  /// Goes on from what is known after some more events, the last of them at a time.
  package mutating func go(to known: Standings.Known, after events: Int, at time: Int64) {
    go(to: known.set, ages: known.ages, after: events, at: time)
  }
}
