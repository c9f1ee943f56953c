import LingerModel

extension Prover {
  /// What an exploration of zones proves, as an inductive invariant: in each location the clocks
  /// are in one of its zones.
  func certificate(
    _ zones: [[DifferenceBounds]],
    unitsPerSecond: Int
  ) throws(Z3Error) -> InductiveInvariant {
    let context = encoder.context
    var invariants: [BoolTerm] = []
    for (location, zones) in zip(encoder.problem.locations, zones) {
      let rows = [try context.real(0)] + location.live.map { clocks[$0] }
      var ways: [BoolTerm] = []
      for zone in zones { ways.append(try self.zone(zone, rows, unitsPerSecond)) }
      invariants.append(try context.disjunction(ways))
    }
    return InductiveInvariant(clocks: clocks, invariants: invariants)
  }

  private func zone(
    _ zone: DifferenceBounds,
    _ rows: [RealTerm],
    _ unitsPerSecond: Int
  ) throws(Z3Error) -> BoolTerm {
    var parts: [BoolTerm] = []
    for row in rows.indices {
      for column in rows.indices where row != column && zone[row, column] != DifferenceBounds.none {
        if zone.isImplied(row, column) { continue }
        let bound = zone[row, column]
        guard let seconds = Rational((bound - (bound & 1)) / 2, over: unitsPerSecond) else {
          preconditionFailure("a zone's unit is not a fraction of a second")
        }
        let limit = try context.real(seconds)
        let difference = try self.difference(rows, row, column)
        parts.append(bound & 1 == 1 ? try difference <= limit : try difference < limit)
      }
    }
    return try context.conjunction(parts)
  }

  private var context: SolverContext { encoder.context }

  private func difference(
    _ rows: [RealTerm],
    _ row: Int,
    _ column: Int
  ) throws(Z3Error) -> RealTerm {
    column == 0 ? rows[row] : row == 0 ? try -rows[column] : try rows[row] - rows[column]
  }
}

extension DifferenceBounds {
  /// Whether a bound on two clocks follows from the bounds on each, which are always written.
  fileprivate func isImplied(_ row: Int, _ column: Int) -> Bool {
    guard row > 0, column > 0, self[row, 0] != Self.none else { return false }
    return Self.sum(self[row, 0], self[0, column]) <= self[row, column]
  }
}
