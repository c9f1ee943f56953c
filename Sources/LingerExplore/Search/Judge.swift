import LingerEval
import LingerModel

/// Gives each question its verdict. Every run is replayed by the evaluator, and its end checked
/// by it, before it is told.
struct Judge {
  let model: Model
  let evaluator: Evaluator
  /// How far the search got: nothing is said of all runs where some were not followed.
  let statistics: ExplorationStatistics
  let finds: Finds
  let paths: PathFinder
  let budget: Budget
  var internalErrors: [String] = []

  /// What the evaluator says of a find.
  private enum Evidence {
    case run(Trace)
    /// A limit came before the run was there; the evaluator confirms the state.
    case state(reason: UndecidedReason)
    /// The evaluator does not agree; an internal error is noted.
    case contradiction
    /// A limit came before anything was confirmed.
    case none(reason: UndecidedReason)
  }

  /// Work that the evaluator may do for a find whose run is missing.
  private static let workOnState = 20_000

  init(
    model: Model,
    evaluator: Evaluator,
    statistics: ExplorationStatistics,
    finds: Finds,
    paths: PathFinder,
    budget: Budget
  ) {
    self.model = model
    self.evaluator = evaluator
    self.statistics = statistics
    self.finds = finds
    self.paths = paths
    self.budget = budget
  }

  mutating func result(_ question: Question) -> PropertyResult {
    if case .property(let number) = question {
      switch model.properties[number].kind {
      case .cover: return cover(question)
      case .eventually: return eventually(question)
      case .final, .timedInvariant:
        let kind = model.properties[number].kind.rawValue
        return unknown(
          question,
          .unsupported(
            "not decided by this engine: the explorer does not decide '\(kind)' properties"
          )
        )
      case .invariant, .possible: break
      }
    }
    if let open = finds.limits.first(where: { $0.question == question }) {
      return unknown(question, open.reason)
    }
    if question == .leftOpen { return leftOpen() }
    let found = finds[question]
    guard !found.isEmpty else { return ofAllRuns(question, .holds) }
    var violations: [Violation] = []
    var reason: UndecidedReason = "the counterexample does not replay"
    for find in found {
      switch evidence(for: find, question) {
      case .run(let trace):
        violations.append(
          Violation(
            explanation: explanation(question, find, trace.last, trace.entries.last?.error),
            trace: trace,
            envelope: find.envelope
          )
        )
      case .state(let limit):
        let what = explanation(question, find, find.state, error(of: find))
        violations.append(
          Violation(
            explanation: "\(what) (without a run to show: \(limit))",
            trace: nil,
            envelope: find.envelope
          )
        )
      case .none(let limit): reason = limit
      case .contradiction: break
      }
    }
    guard !violations.isEmpty else { return unknown(question, reason) }
    var first = violations.removeFirst()
    first.others = violations
    let note = remark(on: first, question)
    if case .contradiction = note { return unknown(question, reason) }
    return PropertyResult(question: question, verdict: .violated(first), note: note.text)
  }

  /// What a second search says of a state from which something is out of reach.
  private enum Remark {
    case none
    case unconfirmed(String)
    case contradiction

    var text: String? {
      if case .unconfirmed(let reason) = self { reason } else { nil }
    }
  }

  /// States of the second search: some tenths of a second.
  private static let confirmedStates = 50_000

  /// What was found by going backwards from where it is true is confirmed by going forwards from
  /// where it was found. An internal error is noted where the two do not agree.
  private mutating func remark(on violation: Violation, _ question: Question) -> Remark {
    guard let goal = question.goal(in: model), let end = violation.trace?.last else { return .none }
    let options = ExploreOptions(budget: budget.nested(states: Self.confirmedStates))
    switch reachability(of: goal, from: end, in: model, options: options) {
    case .unreachable: return .none
    case .reachable:
      internalErrors.append("\(question.name(in: model)): a run leads on from the state shown")
      return .contradiction
    case .internalError(let error):
      internalErrors.append(error)
      return .contradiction
    case .unknown(let reason): return .unconfirmed("not confirmed by a second search: \(reason)")
    }
  }

  private mutating func cover(_ question: Question) -> PropertyResult {
    guard let find = finds[question].first else {
      return ofAllRuns(
        question,
        .violated(Violation(explanation: "no reachable state makes it true", trace: nil))
      )
    }
    switch evidence(for: find, question) {
    case .run(let trace):
      return PropertyResult(question: question, verdict: .holds, witness: trace)
    case .state(let reason):
      let note = "a state makes it true (without a run to show: \(reason))"
      return PropertyResult(question: question, verdict: .holds, note: note)
    case .none(let reason): return unknown(question, reason)
    case .contradiction: return unknown(question, "the witness does not replay")
    }
  }

  /// An `eventually`: a run that breaks it is run and asked by the evaluator whether it is fair.
  private mutating func eventually(_ question: Question) -> PropertyResult {
    if let open = finds.limits.first(where: { $0.question == question }) {
      return unknown(question, open.reason)
    }
    guard let lasso = finds.lassos.first(where: { $0.question == question })?.lasso else {
      return ofAllRuns(question, .holds)
    }
    let name = question.name(in: model)
    guard let (initial, way) = paths.run(to: lasso.start) else {
      if let limit = paths.limit { return unknown(question, limit) }
      internalErrors.append("\(name): no run to the state that was found")
      return unknown(question, "the counterexample does not replay")
    }
    switch Replay.run(way + lasso.steps, from: initial, on: evaluator) {
    case .failure(let failure):
      if let limit = evaluator.stop?.reason { return unknown(question, limit) }
      internalErrors.append("\(name): the run does not replay: \(failure)")
      return unknown(question, "the counterexample does not replay")
    case .success(var trace):
      trace.loopStart = way.count + lasso.loopStart
      switch evaluator.judge(lasso.promise, on: trace) {
      case .broken(let explanation):
        return PropertyResult(
          question: question,
          verdict: .violated(Violation(explanation: explanation, trace: trace)),
          note: lasso.isShortest ? nil : "there may be a shorter run: it has too many loops to try"
        )
      case .stopped(let limit): return unknown(question, limit)
      case .notBroken(let reason):
        internalErrors.append("\(name): the evaluator does not confirm the run: \(reason)")
        return unknown(question, "the counterexample does not replay")
      }
    }
  }

  /// A verdict that is about all runs, where all runs were followed to their end.
  func ofAllRuns(_ question: Question, _ verdict: Verdict) -> PropertyResult {
    guard let reason = statistics.reasonAgainstAllRuns else {
      return PropertyResult(question: question, verdict: verdict)
    }
    var result = unknown(question, reason)
    if statistics.limit == nil { result.verdictWithoutErrors = verdict }
    return result
  }

  func unknown(_ question: Question, _ reason: UndecidedReason) -> PropertyResult {
    PropertyResult(question: question, verdict: .unknown(reason: reason))
  }

  /// The run to a find, re-run by the evaluator; without a run what it says of the state.
  private mutating func evidence(for find: Find, _ question: Question) -> Evidence {
    let name = question.name(in: model)
    guard let (initial, found) = paths.run(to: find.number) else {
      guard let limit = paths.limit else {
        internalErrors.append("\(name): no run to the state that was found")
        return .contradiction
      }
      return evidence(without: limit, find, question)
    }
    let steps = found + (find.lastStep.map { [$0] } ?? [])
    switch Replay.run(steps, from: initial, on: evaluator) {
    case .failure(let failure):
      if let limit = evaluator.stop?.reason { return evidence(without: limit, find, question) }
      internalErrors.append("\(name): the run does not replay: \(failure)")
      return .contradiction
    case .success(let trace):
      let error = trace.entries.last?.error
      if isConfirmed(question, find, trace.last, error) { return .run(trace) }
      if let limit = evaluator.stop?.reason { return .none(reason: limit) }
      internalErrors.append("\(name): the evaluator does not confirm the end of the run")
      return .contradiction
    }
  }

  /// What the evaluator says of a state that a limit leaves without its run.
  private mutating func evidence(
    without limit: UndecidedReason,
    _ find: Find,
    _ question: Question
  ) -> Evidence {
    evaluator.stop?.grant(Self.workOnState)
    if isConfirmed(question, find, find.state, error(of: find)) { return .state(reason: limit) }
    if let reason = evaluator.stop?.reason { return .none(reason: reason) }
    internalErrors.append("\(question.name(in: model)): the evaluator does not confirm the state")
    return .contradiction
  }

  /// The error in which a find's last step ends.
  private func error(of find: Find) -> SpecError? {
    guard let step = find.lastStep else { return nil }
    let successor = evaluator.successors(of: find.state).first { $0.step == step }
    if case .failure(let error) = successor?.outcome { return error }
    return nil
  }

  private func isConfirmed(
    _ question: Question,
    _ find: Find,
    _ state: State,
    _ error: SpecError?
  ) -> Bool {
    switch evaluator.evidence(on: question, in: state, error: error, awaiting: find.envelope) {
    case .violation, .violationUnlessReachable, .witness: true
    case .nothing, .undecidable: false
    }
  }

  private func explanation(
    _ question: Question,
    _ find: Find,
    _ state: State,
    _ error: SpecError?
  ) -> String {
    switch evaluator.evidence(on: question, in: state, error: error, awaiting: find.envelope) {
    case .violation(let explanation, _), .violationUnlessReachable(let explanation): explanation
    case .nothing, .undecidable, .witness: "a state violates it"
    }
  }
}
