/// Solves linear constraints for what is left when some unknowns may be anything.
///
/// Gauss for equations, Fourier and Motzkin for the rest: exact, and doubly exponential at worst,
/// so it is given up where the rows become too many.
package enum LinearElimination {
  /// Why an elimination was given up.
  package struct TooLarge: Error {
    package init() {}
  }

  /// What the constraints say of the unknowns from `count` on; the ones before are gone, their
  /// coefficients 0. Constraints that are always true are left out, and there may be `rowLimit` at
  /// a time. A reason to stop gives it up too.
  package static func eliminate(
    first count: Int,
    from constraints: [LinearConstraint],
    rowLimit: Int,
    budget: Budget = .unlimited
  ) throws(TooLarge) -> [LinearConstraint] {
    var rows = normalized(constraints)
    while let unknown = cheapest(rows, count) {
      if budget.isExhausted { throw TooLarge() }
      rows = try eliminate(unknown, from: rows, budget)
      if rows.count > rowLimit { throw TooLarge() }
    }
    return rows
  }

  /// The unknown whose elimination makes the fewest rows; nil where no row has any.
  private static func cheapest(_ rows: [LinearConstraint], _ count: Int) -> Int? {
    var best: (unknown: Int, cost: Int)?
    for unknown in 0..<count {
      let used = rows.filter { $0.term.coefficients[unknown] != .zero }
      if used.isEmpty { continue }
      if used.contains(where: { $0.relation == .equal }) { return unknown }
      let upper = used.count { $0.term.coefficients[unknown] > .zero }
      let cost = upper * (used.count - upper)
      if cost < best?.cost ?? .max { best = (unknown, cost) }
    }
    return best?.unknown
  }

  private static func eliminate(
    _ unknown: Int,
    from rows: [LinearConstraint],
    _ budget: Budget
  ) throws(TooLarge) -> [LinearConstraint] {
    var result = rows.filter { $0.term.coefficients[unknown] == .zero }
    let used = rows.filter { $0.term.coefficients[unknown] != .zero }
    if let pivot = used.first(where: { $0.relation == .equal }) {
      for row in used where row != pivot {
        result.append(row.without(unknown, by: pivot, row.relation))
      }
    } else {
      for upper in used where upper.term.coefficients[unknown] > .zero {
        if budget.isExhausted { throw TooLarge() }
        for lower in used where lower.term.coefficients[unknown] < .zero {
          let isStrict = upper.relation == .less || lower.relation == .less
          result.append(upper.without(unknown, by: lower, isStrict ? .less : .lessOrEqual))
        }
      }
    }
    return normalized(result)
  }

  /// Scales rows so that equal ones are equal, drops repeats, what is always true, and of rows
  /// that differ in the constant or strictness only all but the tightest.
  private static func normalized(_ rows: [LinearConstraint]) -> [LinearConstraint] {
    struct Direction: Hashable {
      var coefficients: [Rational]
      var isEquation: Bool
    }
    var positions: [Direction: Int] = [:]
    var equations: Set<LinearConstraint> = []
    var result: [LinearConstraint] = []
    for row in rows {
      let scaled = row.scaled
      if scaled.isTriviallyTrue { continue }
      let direction = Direction(
        coefficients: scaled.term.coefficients,
        isEquation: scaled.relation == .equal
      )
      guard !direction.isEquation, let position = positions[direction] else {
        if direction.isEquation, !equations.insert(scaled).inserted { continue }
        positions[direction] = result.count
        result.append(scaled)
        continue
      }
      let old = result[position]
      let isTighter =
        scaled.term.constant > old.term.constant
        || (scaled.term.constant == old.term.constant && scaled.relation == .less)
      if isTighter { result[position] = scaled }
    }
    return result
  }
}

extension LinearConstraint {
  /// The sum of this one and the multiple of another one in which an unknown cancels out.
  fileprivate func without(
    _ unknown: Int,
    by other: LinearConstraint,
    _ relation: Relation
  ) -> LinearConstraint {
    let factor = term.coefficients[unknown] / other.term.coefficients[unknown]
    return LinearConstraint(term.subtracting(factor, times: other.term), relation)
  }

  /// Divided by its first coefficient, or by the size of it.
  fileprivate var scaled: LinearConstraint {
    guard let first = term.coefficients.first(where: { $0 != .zero }) else { return self }
    let size = relation == .equal ? first : first.magnitude
    return size == Rational(1)
      ? self : LinearConstraint((Rational(1) / size) * term, relation)
  }

  fileprivate var isTriviallyTrue: Bool {
    guard term.isConstant else { return false }
    return switch relation {
    case .less: term.constant < .zero
    case .lessOrEqual: term.constant <= .zero
    case .equal: term.constant == .zero
    }
  }
}
