import LingerModel

/// Ways of few arcs between two rows, and ways around.
///
/// The shortest way at a sample is the strongest bound there; for other parameter values a longer
/// one, such as the one over a timer's deadline, is often the better reason.
struct ShortBoundPaths {
  private let arcs: [BoundArc]
  /// For each row the arcs from it.
  private let outgoing: [[Hop]]
  private let parameterCount: Int

  /// What is looked at of an arc, time and again: its number, where it leads, and its value.
  private struct Hop {
    var number: Int
    var column: Int
    var value: Int
  }

  private static let lengthLimit = 3

  init(_ arcs: [BoundArc], size: Int, parameterCount: Int) {
    self.arcs = arcs
    self.parameterCount = parameterCount
    var outgoing = [[Hop]](repeating: [], count: size)
    for (number, arc) in arcs.enumerated() {
      outgoing[arc.row].append(Hop(number: number, column: arc.column, value: arc.bound.value))
    }
    self.outgoing = outgoing
  }

  /// The first way from a row to another whose arcs add up to at most `limit` at the sample and
  /// whose sum is accepted; the ways with the fewest arcs come first.
  func first(
    from row: Int,
    to column: Int,
    limit: Int,
    where isAccepted: (SampledBound) throws -> Bool
  ) throws -> [BoundArc]? {
    for length in 1...Self.lengthLimit {
      let found = try way([], Self.none, row, 0, column, length, limit, isAccepted)
      if let found { return found }
    }
    return nil
  }

  /// The first way around that adds up to less than nothing.
  func firstContradiction(
    where isAccepted: (SampledBound) throws -> Bool
  ) throws -> [BoundArc]? {
    for length in 1...Self.lengthLimit {
      for row in outgoing.indices {
        let limit = DifferenceBounds.below(0)
        let found = try way([], Self.none, row, row, row, length, limit, isAccepted)
        if let found { return found }
      }
    }
    return nil
  }

  /// What no arcs add up to.
  private static let none = DifferenceBounds.atMost(0)

  /// A way of exactly `length` more arcs that visits no row below `lowest`, after some whose values
  /// add up to `value`.
  private func way(
    _ path: [Int],
    _ value: Int,
    _ row: Int,
    _ lowest: Int,
    _ column: Int,
    _ length: Int,
    _ limit: Int,
    _ isAccepted: (SampledBound) throws -> Bool
  ) throws -> [BoundArc]? {
    for hop in outgoing[row] {
      let next = hop.column
      let sum = DifferenceBounds.sum(value, hop.value)
      if length == 1 {
        guard next == column, sum <= limit else { continue }
        let way = (path + [hop.number]).map { arcs[$0] }
        if try isAccepted(way.total(parameters: parameterCount)) { return way }
        continue
      }
      if next < lowest || next == column || next == row
        || path.contains(where: { arcs[$0].row == next })
      {
        continue
      }
      let found = try self.way(
        path + [hop.number],
        sum,
        next,
        lowest,
        column,
        length - 1,
        limit,
        isAccepted
      )
      if let found { return found }
    }
    return nil
  }
}
