import LingerModel

/// A run that may go round as often as it likes, in the place of one with a number of rounds.
///
/// Runs that differ in their number of rounds each violate a property for values of their own: a
/// timer that is started again by every copy bridges `rto`, `2 * rto`, `3 * rto` and so on. Cutting
/// these off one by one has no end; see ``Round`` for all of them at once.
struct RunWithRounds {
  private(set) var parts: [Projection.Part]

  init(_ path: [Int]) { parts = path.map { .edge($0) } }

  /// Edges of the longest round that is looked for.
  private static let longestRound = 6

  /// The same with one more piece of it repeated at will, short pieces first. `isSame` tells
  /// whether two locations are one, so that what leads from the first to the second can be
  /// repeated.
  func candidates(
    _ problem: TimedProblem,
    isSame: (Int, Int) -> Bool
  ) -> [RunWithRounds] {
    let locations = locations(problem)
    var result: [RunWithRounds] = []
    for length in 1...Self.longestRound {
      for start in parts.indices where start + length <= parts.count {
        let edges = parts[start..<start + length].compactMap(\.edge)
        guard edges.count == length, isSame(locations[start], locations[start + length]),
          let round = Round(problem, edges)
        else { continue }
        var copy = self
        if round.duration == nil {
          // A round may take no time, so that there always are some.
          copy.parts.replaceSubrange(start..<start + length, with: [.rounds(round)])
          result.append(copy)
          copy = self
        }
        copy.parts.insert(.rounds(round), at: start + length)
        result.append(copy)
      }
    }
    return result
  }

  /// The location before each part, and the last one.
  private func locations(_ problem: TimedProblem) -> [Int] {
    var result = [problem.initial ?? 0]
    for part in parts {
      result.append(part.edge.map { problem.edges[$0].target } ?? result[result.count - 1])
    }
    return result
  }

  /// The path with so many of each of its rounds.
  func path(rounds count: Int) -> [Int] {
    parts.flatMap { part in
      switch part {
      case .edge(let edge): [edge]
      case .rounds(let round): (0..<count).flatMap { _ in round.edges }
      }
    }
  }
}

extension Projection.Part {
  fileprivate var edge: Int? {
    if case .edge(let number) = self { number } else { nil }
  }
}
