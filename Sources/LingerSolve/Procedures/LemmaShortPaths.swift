import LingerModel

/// Ways of few arcs between two rows, and ways around.
///
/// The shortest way at a sample is the strongest bound there; for other parameter values a longer
/// one, such as the one over a timer's deadline, is often the better reason.
struct LemmaShortPaths {
  private let outgoing: [[LemmaArc]]
  private let parameterCount: Int

  private static let lengthLimit = 3

  init(_ arcs: [LemmaArc], size: Int, parameterCount: Int) {
    self.parameterCount = parameterCount
    var outgoing = [[LemmaArc]](repeating: [], count: size)
    for arc in arcs { outgoing[arc.row].append(arc) }
    self.outgoing = outgoing
  }

  /// The first way from a row to another whose arcs add up to at most `limit` at the sample and
  /// whose sum is accepted; the ways with the fewest arcs come first.
  func first(
    from row: Int,
    to column: Int,
    limit: Int,
    where isAccepted: (LemmaBound) throws -> Bool
  ) throws -> [LemmaArc]? {
    for length in 1...Self.lengthLimit {
      if let found = try ways([], row, 0, column, length, limit, isAccepted) { return found }
    }
    return nil
  }

  /// The first way around that adds up to less than nothing.
  func firstContradiction(
    where isAccepted: (LemmaBound) throws -> Bool
  ) throws -> [LemmaArc]? {
    for length in 1...Self.lengthLimit {
      for row in outgoing.indices {
        let limit = DifferenceBounds.below(0)
        if let found = try ways([], row, row, row, length, limit, isAccepted) { return found }
      }
    }
    return nil
  }

  /// Ways of exactly `length` more arcs that visit no row below `lowest`.
  private func ways(
    _ path: [LemmaArc],
    _ row: Int,
    _ lowest: Int,
    _ column: Int,
    _ length: Int,
    _ limit: Int,
    _ isAccepted: (LemmaBound) throws -> Bool
  ) throws -> [LemmaArc]? {
    for arc in outgoing[row] {
      if length == 1 {
        guard arc.column == column else { continue }
        let way = path + [arc]
        let value = way.reduce(DifferenceBounds.atMost(0)) {
          DifferenceBounds.sum($0, $1.bound.value)
        }
        guard value <= limit, try isAccepted(way.total(parameters: parameterCount)) else {
          continue
        }
        return way
      }
      let next = arc.column
      if next < lowest || next == column || next == row || path.contains(where: { $0.row == next })
      {
        continue
      }
      let found = try ways(path + [arc], next, lowest, column, length - 1, limit, isAccepted)
      if let found { return found }
    }
    return nil
  }
}
