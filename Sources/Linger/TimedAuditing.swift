import LingerModel
import LingerSolve

/// Asks the timed reading about what the untimed one found: only what time allows is a violation.
extension CheckReport {
  mutating func askTime(_ audit: TimedAudit, _ model: Model) {
    guard model.isTimed else { return }
    askAboutViolations(audit, model)
    askStandstill(audit, model)
  }

  private mutating func askAboutViolations(_ audit: TimedAudit, _ model: Model) {
    var excluded: [Int] = []
    for index in results.indices {
      if results[index].question == .leftOpen { askWhatStaysOpen(at: index, audit) }
      guard case .violated(let violation) = results[index].verdict, violation.trace != nil,
        results[index].question != .leftOpen
      else { continue }
      let finding = audit.finding(results[index].question, violation)
      if case .contradiction(let reason) = finding { internalErrors.append(reason) }
      if results[index].question.isUntimed(in: model) {
        results[index].remark(on: finding, violation)
      } else {
        results[index].take(finding, violation, in: model)
        if case .excluded = finding { excluded.append(index) }
      }
    }
    guard statistics.cutOffSteps > 0 else { return }
    if excluded.contains(where: { results[$0].question == .specErrors }) {
      followAllRuns()
    } else {
      for index in excluded { results[index].takeBack(statistics.reasonAgainstAllRuns ?? "") }
    }
  }

  /// Each finding is asked for by itself: one that has times for ever counts.
  private mutating func askWhatStaysOpen(at index: Int, _ audit: TimedAudit) {
    var result = results[index]
    var allowed: [Violation] = []
    var conditional: [Violation] = []
    func ask(_ finding: Violation, callsAct: Bool) {
      switch audit.openEnd(finding, callsAct: callsAct) {
      case .allowed(let timed): allowed.append(timed)
      case .excluded, .undecided:
        // Excluded is a run that stays in a state; one that goes round was not asked for.
        var open = finding
        open.others = []
        conditional.append(open)
      case .contradiction(let reason): internalErrors.append(reason)
      }
    }
    for aside in result.asides { ask(aside.finding, callsAct: false) }
    result.asides =
      allowed.map { Aside(.note, $0) } + conditional.map { Aside(.note, $0, isConditional: true) }
    guard case .violated(let first) = result.verdict else {
      results[index] = result
      return
    }
    (allowed, conditional) = ([], [])
    for finding in [first] + first.others { ask(finding, callsAct: true) }
    let isUndecided = allowed.isEmpty
    var main = isUndecided ? conditional.removeFirst() : allowed.removeFirst()
    main.others =
      allowed
      + conditional.map { finding in
        var open = finding
        open.explanation = "only if time allows: \(finding.explanation)"
        return open
      }
    if isUndecided {
      result.conditional = main
      result.verdict = .unknown(reason: "only if time allows: \(main.explanation)")
    } else {
      result.verdict = .violated(main)
    }
    results[index] = result
  }

  /// Time can stand still where no step ends in an error.
  private mutating func askStandstill(_ audit: TimedAudit, _ model: Model) {
    guard model.mayStandStill,
      let index = results.firstIndex(where: { $0.question == .specErrors }),
      case .holds = results[index].verdict
    else { return }
    switch audit.standstill() {
    case .allowed(let violation): results[index].verdict = .violated(violation)
    case .excluded: break
    case .undecided(let reason):
      results[index].note = "whether time can stand still was not decided: \(reason)"
    case .contradiction(let reason): internalErrors.append(reason)
    }
  }

  /// No run in time takes one of the steps that end in an error, so none is cut off.
  private mutating func followAllRuns() {
    let count = statistics.cutOffSteps
    let steps = count == 1 ? "1 step ends" : "\(count) steps end"
    for index in results.indices {
      guard let verdict = results[index].verdictWithoutErrors else { continue }
      results[index].verdict = verdict
      results[index].verdictWithoutErrors = nil
      results[index].note =
        "untimed \(steps) in an error of the spec; time excludes that for the parameter values in "
        + "force"
    }
  }
}

extension PropertyResult {
  /// Says nothing of all runs where time allows errors that cut some off.
  fileprivate mutating func takeBack(_ reason: UndecidedReason) {
    guard case .holds = verdict else { return }
    verdict = .unknown(reason: reason)
    note = nil
  }

  /// What becomes of an audit's finding.
  fileprivate mutating func take(
    _ finding: TimedFinding,
    _ violation: Violation,
    in model: Model
  ) {
    let steps = violation.trace?.entries.count ?? 0
    let untimed = "untimed it fails after \(steps) \(steps == 1 ? "step" : "steps")"
    switch finding {
    case .allowed(let timed): verdict = .violated(timed)
    case .excluded where question.goal(in: model) != nil:
      conditional = violation
      verdict = .unknown(
        reason: UndecidedReason(
          "\(untimed), where for the parameter values in force no run in time leads; "
            + "whether time leaves a way from everywhere was not asked"
        )
      )
    case .excluded:
      verdict = .holds
      note = "holds for the parameter values in force: \(untimed), and no run in time does that"
    case .undecided(let reason):
      conditional = violation
      let words = "only if time allows: \(violation.explanation) (\(reason))"
      verdict = .unknown(reason: reason.worded(words))
    case .contradiction: verdict = .unknown(reason: "the counterexample does not replay in time")
    }
  }

  /// An `invariant` is about the untimed reading: what is violated stays violated, and it is said
  /// where time may be against it.
  fileprivate mutating func remark(on finding: TimedFinding, _ violation: Violation) {
    switch finding {
    case .allowed(let timed):
      guard let trace = timed.trace, trace.entries.map(\.step) != violation.steps else { return }
      let steps = trace.entries.count
      note =
        "untimed: this run has no times with the parameter values in force, another one of "
        + "\(steps) \(steps == 1 ? "step" : "steps") has"
    case .excluded:
      note = "untimed: for the parameter values in force no run in time violates it"
    case .undecided(let reason):
      note =
        "untimed: this run has no times with the parameter values in force; whether another one "
        + "has was not decided: \(reason)"
    case .contradiction: break
    }
  }
}

extension Violation {
  fileprivate var steps: [Step]? { trace?.entries.map(\.step) }
}

extension Question {
  /// Whether it is about the untimed reading by what it says.
  fileprivate func isUntimed(in model: Model) -> Bool {
    guard case .property(let number) = self else { return false }
    return model.properties[number].kind == .invariant
  }
}

/// What a check asks the solver.
extension CheckReport {
  /// A report before anything was asked.
  init(unanswered questions: [Question], of model: Model) {
    self.init(
      results: questions.map {
        PropertyResult(question: $0, verdict: .unknown(reason: "not asked"))
      },
      statistics: ExplorationStatistics(),
      vacuity: [],
      firings: []
    )
    isExplored = false
  }

  /// Tells an error of the spec that a run in time reaches, unless one is told already.
  mutating func tell(error: Violation) {
    let result = PropertyResult(question: .specErrors, verdict: .violated(error))
    guard let index = results.firstIndex(where: { $0.question == .specErrors }) else {
      results.insert(result, at: 0)
      return
    }
    if case .violated = results[index].verdict { return }
    results[index] = result
  }
}
