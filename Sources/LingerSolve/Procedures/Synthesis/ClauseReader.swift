import LingerModel

/// Rewrites a condition so that it reads well: the same meaning in fewer clauses, and without
/// upper bounds on the parameter that was asked for where another way of saying it is known.
///
/// A region's sides come from one run each, so that two of them may say together what one clause
/// says alone, and `timeWait < rto` may stand where `msl <= rto` is meant. Every rewriting is
/// asked of Z3 in both directions before it is taken.
struct ClauseReader: ~Copyable {
  private let simplifier: RegionSimplifier
  /// Position of the parameter that was asked for.
  private let subject: Int?

  init(_ simplifier: consuming RegionSimplifier, subject: Int?) {
    self.simplifier = simplifier
    self.subject = subject
  }

  /// Conditions with more clauses stay as they are: the work grows with their pairs.
  private static let clauseLimit = 8
  /// Literals of two clauses together, above which they are not joined.
  private static let literalLimit = 8

  /// The same condition, for a reader.
  func rewritten(_ clauses: [[LinearConstraint]]) throws(Z3Error) -> [[LinearConstraint]] {
    guard clauses.count > 1, clauses.count <= Self.clauseLimit else { return clauses }
    var result = clauses
    for index in result.indices where result[index].count > 1 {
      for place in result[index].indices {
        result = try withPlainer(result, index, place)
      }
    }
    while let joined = try joined(result) { result = joined }
    return RegionSimplifier.sorted(result)
  }

  /// One literal replaced by what it comes to together with a clause of one literal.
  private func withPlainer(
    _ clauses: [[LinearConstraint]],
    _ index: Int,
    _ place: Int
  ) throws(Z3Error) -> [[LinearConstraint]] {
    let literal = clauses[index][place]
    guard let subject, literal.term.coefficients[subject] > .zero else { return clauses }
    for unit in clauses where unit.count == 1 && unit[0].term.coefficients[subject] < .zero {
      guard let plain = literal.combined(with: unit[0], without: subject) else { continue }
      for candidate in [LinearConstraint(plain.term, .lessOrEqual), plain] {
        var changed = clauses
        changed[index][place] = candidate
        if try simplifier.implies(changed, clauses[index]),
          try simplifier.implies(clauses, changed[index])
        {
          return changed
        }
      }
    }
    return clauses
  }

  /// Two clauses replaced by one that says the same beside the others; nil where there are none.
  private func joined(
    _ clauses: [[LinearConstraint]]
  ) throws(Z3Error) -> [[LinearConstraint]]? {
    for first in clauses.indices {
      for second in clauses.indices where second > first {
        let others = clauses.indices.filter { $0 != first && $0 != second }.map { clauses[$0] }
        var literals = clauses[first]
        for literal in clauses[second] where !literals.contains(literal) {
          literals.append(literal)
        }
        let longest = max(clauses[first].count, clauses[second].count)
        guard literals.count <= Self.literalLimit, longest > 1 else { continue }
        for candidate in Self.choices(of: literals, upTo: longest) {
          let changed = others + [candidate]
          if try simplifier.implies(clauses, candidate),
            try simplifier.implies(changed, clauses[first]),
            try simplifier.implies(changed, clauses[second])
          {
            return changed
          }
        }
      }
    }
    return nil
  }

  /// The subsets of up to `size` literals, small ones first, in order.
  private static func choices(
    of literals: [LinearConstraint],
    upTo size: Int
  ) -> [[LinearConstraint]] {
    let subsets = (1..<(1 << literals.count)).filter { $0.nonzeroBitCount <= size }
    return subsets.sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }.map { subset in
      literals.indices.filter { subset >> $0 & 1 == 1 }.map { literals[$0] }
    }
  }
}

extension LinearConstraint {
  /// What follows from both without one parameter, an upper bound on which is here and a lower
  /// one there (Fourier and Motzkin).
  fileprivate func combined(
    with lower: LinearConstraint,
    without parameter: Int
  ) -> LinearConstraint? {
    let above = term.coefficients[parameter]
    let below = -lower.term.coefficients[parameter]
    let sum = below * term + above * lower.term
    guard relation != .equal, lower.relation != .equal, !sum.isConstant else { return nil }
    let isStrict = relation == .less || lower.relation == .less
    return LinearConstraint(sum, isStrict ? .less : .lessOrEqual)
  }
}
