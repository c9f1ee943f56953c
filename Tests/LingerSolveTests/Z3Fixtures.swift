import LingerSolve

/// More pigeons than holes: a formula that takes the solver very long to refute.
func pigeonhole(_ context: SolverContext, pigeons: Int) throws -> BoolTerm {
  var parts: [BoolTerm] = []
  var holes: [IntTerm] = []
  for number in 0..<pigeons {
    let hole = try context.intConstant("hole\(number)")
    parts.append(try context.int(1) <= hole)
    parts.append(try hole < context.int(pigeons))
    holes.append(hole)
  }
  parts.append(try context.distinct(holes))
  return try context.conjunction(parts)
}

extension SolverContext {
  /// Whether a formula holds for all values of its unknowns.
  func isValid(_ formula: BoolTerm) throws -> Bool {
    var solver = try Solver(in: self)
    try solver.assert(!formula)
    return try solver.check() == .unsatisfiable
  }

  /// Whether two formulas mean the same.
  func areEquivalent(_ left: BoolTerm, _ right: BoolTerm) throws -> Bool {
    try isValid(left.isEqual(to: right))
  }
}
