import LingerModel

extension Prover {
  /// Proofs on larger graphs are not looked for again with less.
  private static let repeatedLocations = 2_000

  /// A proof that rests on as few conditions as are found to be enough, and which these are: none
  /// of them can be left out of it, and for none of them was a proof without it found.
  ///
  /// A first proof takes what is there. Conditions that the property does not need, but that made
  /// it easier, are found by asking for a proof again without each.
  func sparing(
    _ first: InductiveInvariant,
    of conditions: [BoolTerm],
    optional: [Int],
    limits: SolverLimits,
    budget: Budget
  ) throws(Z3Error) -> (certificate: InductiveInvariant, needed: [Int]) {
    var certificate = first
    var needed = try needed(certificate, of: conditions, limits: limits)
    guard encoder.problem.locations.count <= Self.repeatedLocations else {
      return (certificate, needed)
    }
    var left = Array(conditions.indices)
    for index in optional.reversed() where needed.contains(index) {
      if budget.isExhausted { break }
      let fewer = left.filter { $0 != index }
      let answer = try prove(
        by: .induction,
        assuming: fewer.map { conditions[$0] },
        limits: limits,
        budget: budget
      )
      guard case .proved(let better) = answer else { continue }
      left = fewer
      certificate = better
      let places = try self.needed(better, of: left.map { conditions[$0] }, limits: limits)
      needed = places.map { left[$0] }
    }
    return (certificate, needed)
  }
}
