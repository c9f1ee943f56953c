internal import CZ3

/// The answer of a quantifier elimination.
package enum Elimination {
  /// A formula without quantifiers that says the same.
  case formula(BoolTerm)
  case unknown(UnknownReason)
}

extension SolverContext {
  /// Projects a formula on the unknowns that are left when `variables` are taken out.
  ///
  /// By Z3's tactic `qe_rec`: on one path of a timed system its answer is a conjunction. When its
  /// time is over the tactic does not fail but gives back a formula that still has quantifiers.
  /// Tactics ignore Z3's work limit, so time is the only one here.
  package func eliminate(
    _ variables: [any Term],
    from body: BoolTerm,
    timeoutMilliseconds: Int? = nil
  ) throws(Z3Error) -> Elimination {
    let formula = try exists(variables, body)
    let goal = unsafe try Z3Object(.goal, in: self, "make a goal") {
      unsafe Z3_mk_goal($0, false, false, false)
    }
    unsafe try call("make a goal") {
      unsafe Z3_goal_assert($0, goal.pointer, formula.reference.pointer)
    }
    let limits = SolverLimits(timeoutMilliseconds: timeoutMilliseconds)
    let tactic = try eliminationTactic(limits)
    let attempt = unsafe run("eliminate") {
      unsafe Z3_tactic_apply($0, tactic.pointer, goal.pointer)
    }
    guard let (pointer, outcome) = unsafe attempt else { return .unknown(.interrupted) }
    guard let pointer = unsafe pointer else {
      if let failure = outcome.failure, !outcome.isCanceled { throw failure }
      return .unknown(outcome.reason("canceled", under: limits))
    }
    let result = unsafe try Z3Object(.tacticResult, pointer, in: self)
    let projected = try disjunction(subgoals(of: result))
    guard try projected.hasQuantifier() else { return .formula(projected) }
    return .unknown(outcome.reason("canceled", under: limits))
  }

  private func eliminationTactic(_ limits: SolverLimits) throws(Z3Error) -> Z3Object {
    let tactic = unsafe try Z3Object(.tactic, in: self, "make a tactic") {
      unsafe Z3_mk_tactic($0, "qe_rec")
    }
    guard limits.timeoutMilliseconds != nil else { return tactic }
    return unsafe try Z3Object(.tactic, in: self, "limit a tactic") {
      unsafe Z3_tactic_try_for($0, tactic.pointer, limits.timeoutOption)
    }
  }

  /// The conjunctions that a tactic leaves, one per case.
  private func subgoals(of result: borrowing Z3Object) throws(Z3Error) -> [BoolTerm] {
    let pointer = unsafe result.pointer
    let operation = "read a projection"
    var cases: [BoolTerm] = []
    for index
      in 0..<(unsafe try call(operation) {
        unsafe Z3_apply_result_get_num_subgoals($0, pointer)
      })
    {
      let goal = unsafe try Z3Object(.goal, in: self, operation) {
        unsafe Z3_apply_result_get_subgoal($0, pointer, index)
      }
      let goalPointer = unsafe goal.pointer
      var parts: [BoolTerm] = []
      for part in 0..<(unsafe try call(operation) { unsafe Z3_goal_size($0, goalPointer) }) {
        parts.append(
          unsafe try term(operation) { unsafe Z3_goal_formula($0, goalPointer, part) }
        )
      }
      cases.append(try conjunction(parts))
    }
    return cases
  }
}

extension BoolTerm {
  /// Whether a quantifier stands anywhere in the formula.
  package func hasQuantifier() throws(Z3Error) -> Bool {
    var pending = [erased]
    var seen: Set<TermReference> = [reference]
    while let term = pending.popLast() {
      switch try term.shape() {
      case .quantified: return true
      case .truth, .number, .constant, .boundVariable: continue
      case .operation(_, let arguments), .application(_, let arguments):
        for argument in arguments where seen.insert(argument.reference).inserted {
          pending.append(argument)
        }
      }
    }
    return false
  }
}
