import LingerModel

/// Makes conditions on parameters small and readable, by asking Z3 what follows from what.
struct RegionSimplifier: ~Copyable {
  private let encoder: Encoder
  private let assumptions: [BoolTerm]

  init(_ encoder: Encoder, assuming assumptions: [BoolTerm]) {
    self.encoder = encoder
    self.assumptions = assumptions
  }

  /// A conjunction without the constraints that the others imply.
  func reduced(_ region: [LinearConstraint]) throws(Z3Error) -> [LinearConstraint] {
    var kept = region
    var index = kept.count - 1
    while index >= 0 {
      var others = kept
      let candidate = others.remove(at: index)
      var terms: [BoolTerm] = []
      for other in others { terms.append(try encoder.constraint(other)) }
      terms.append(try !encoder.constraint(candidate))
      if try isImpossible(terms) { kept = others }
      index -= 1
    }
    return kept
  }

  /// The complement of some regions as a conjunction of clauses, none of which follows from the
  /// others and none of which has a part too many.
  func complement(of regions: [[LinearConstraint]]) throws(Z3Error) -> [[LinearConstraint]] {
    var clauses = try withoutImplied(regions.map(Self.negation))
    if try isImpossible(try terms(clauses)) { return [[]] }
    for index in clauses.indices {
      var part = clauses[index].count - 1
      while part >= 0, clauses[index].count > 1 {
        var shorter = clauses[index]
        shorter.remove(at: part)
        // The shorter clause is stronger; it is right when the whole already implies it.
        if try implies(clauses, shorter) { clauses[index] = shorter }
        part -= 1
      }
    }
    // Shortened clauses may have become equal, or implied.
    return Self.sorted(try withoutImplied(clauses))
  }

  /// The complement of some regions as it comes, each clause once.
  static func negations(of regions: [[LinearConstraint]]) -> [[LinearConstraint]] {
    var known: Set<[LinearConstraint]> = []
    return sorted(regions.map(negation).filter { known.insert($0).inserted })
  }

  private static func negation(of region: [LinearConstraint]) -> [LinearConstraint] {
    region.flatMap(\.negations)
  }

  /// Short clauses first, in an order that depends on the clauses only.
  static func sorted(_ clauses: [[LinearConstraint]]) -> [[LinearConstraint]] {
    clauses.sorted { left, right in (left.count, "\(left)") < (right.count, "\(right)") }
  }

  /// Whether a clause follows from others.
  func implies(
    _ clauses: [[LinearConstraint]],
    _ clause: [LinearConstraint]
  ) throws(Z3Error) -> Bool {
    var terms = try terms(clauses)
    for literal in clause { terms.append(try !encoder.constraint(literal)) }
    return try isImpossible(terms)
  }

  private func withoutImplied(
    _ clauses: [[LinearConstraint]]
  ) throws(Z3Error) -> [[LinearConstraint]] {
    var kept = clauses
    var index = kept.count - 1
    while index >= 0 {
      var others = kept
      let clause = others.remove(at: index)
      if try implies(others, clause) { kept = others }
      index -= 1
    }
    return kept
  }

  private func terms(_ clauses: [[LinearConstraint]]) throws(Z3Error) -> [BoolTerm] {
    var result: [BoolTerm] = []
    for clause in clauses {
      var parts: [BoolTerm] = []
      for part in clause { parts.append(try encoder.constraint(part)) }
      result.append(try encoder.context.disjunction(parts))
    }
    return result
  }

  private func isImpossible(_ terms: [BoolTerm]) throws(Z3Error) -> Bool {
    var solver = try Solver(in: encoder.context)
    for term in assumptions + terms { try solver.assert(term) }
    return try solver.check() == .unsatisfiable
  }
}
