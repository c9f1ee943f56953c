import LingerEval
import LingerModel

/// Gives each question its verdict. Every run is replayed by the evaluator, and its end checked
/// by it, before it is told.
struct Judge {
  let model: Model
  let evaluator: Evaluator
  let limit: String?
  let finds: Finds
  let paths: PathFinder
  private(set) var internalErrors: [String] = []

  /// What the evaluator says of a find.
  private enum Evidence {
    case run(Trace)
    /// A limit came before the run was there; the evaluator confirms the state.
    case state(reason: String)
    /// The evaluator does not agree; an internal error is noted.
    case contradiction
    /// A limit came before anything was confirmed.
    case none(reason: String)
  }

  /// Work that the evaluator may do for a find whose run is missing.
  private static let workOnState = 20_000

  init(model: Model, evaluator: Evaluator, limit: String?, finds: Finds, paths: PathFinder) {
    self.model = model
    self.evaluator = evaluator
    self.limit = limit
    self.finds = finds
    self.paths = paths
  }

  mutating func result(_ question: Question) -> PropertyResult {
    if case .property(let number) = question {
      switch model.properties[number].kind {
      case .cover: return cover(question)
      case .final, .eventually, .timedInvariant:
        let kind = model.properties[number].kind.rawValue
        return unknown(
          question,
          "not decided by this engine: the explorer does not decide '\(kind)' properties"
        )
      case .invariant, .possible: break
      }
    }
    if let open = finds.limits.first(where: { $0.question == question }) {
      return unknown(question, open.reason)
    }
    let found = finds[question]
    guard !found.isEmpty else {
      return limit.map { unknown(question, $0) }
        ?? PropertyResult(question: question, verdict: .holds)
    }
    var violations: [Violation] = []
    var reason = "the counterexample does not replay"
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
    return PropertyResult(question: question, verdict: .violated(first))
  }

  private mutating func cover(_ question: Question) -> PropertyResult {
    guard let find = finds[question].first else {
      if let limit { return unknown(question, limit) }
      return PropertyResult(
        question: question,
        verdict: .violated(
          Violation(explanation: "no reachable state makes it true", trace: nil)
        )
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

  private func unknown(_ question: Question, _ reason: String) -> PropertyResult {
    PropertyResult(question: question, verdict: .unknown(reason: reason))
  }

  /// The run to a find, re-run by the evaluator; without a run what it says of the state.
  private mutating func evidence(for find: Find, _ question: Question) -> Evidence {
    let name = question.name(in: model)
    guard var steps = paths.path(to: find.number) else {
      guard let limit = paths.limit else {
        internalErrors.append("\(name): no run to the state that was found")
        return .contradiction
      }
      return evidence(without: limit, find, question)
    }
    if let last = find.lastStep { steps.append(last) }
    switch Replay.run(steps, on: evaluator) {
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
    without limit: String,
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
    do throws(SpecError) {
      switch question {
      case .deadlock: return evaluator.isStuck(state)
      case .unspecifiedReception:
        return find.envelope.map(evaluator.unspecifiedReceptions(in: state).contains) ?? false
      case .specErrors: return error != nil
      case .finalReachable: return !evaluator.isFinal(state)
      case .orphanTimer:
        return evaluator.isFinal(state) && state.instances.contains { $0.armed.contains(true) }
      case .property(let number):
        let property = model.properties[number]
        return try evaluator.evaluate(property, in: state) == (property.kind == .cover)
      }
    } catch {
      return error.kind != .tooLong && question != .deadlock
    }
  }

  private func explanation(
    _ question: Question,
    _ find: Find,
    _ state: State,
    _ error: SpecError?
  ) -> String {
    switch question {
    case .deadlock: return stuckness
    case .unspecifiedReception:
      guard let envelope = find.envelope else { return "a message arrives that nobody takes" }
      let receiver = model.instances[envelope.receiver].name
      let sender = model.instances[envelope.sender].name
      return "\(describe(envelope.message, in: model)) from '\(sender)' can arrive at "
        + "'\(receiver)', which has no transition for it here and no 'otherwise receive'"
    case .specErrors:
      return error?.message ?? "a step fails"
    case .finalReachable:
      return "no run from here reaches a final state"
    case .orphanTimer:
      return "\(armedTimers(in: state)) in a final state"
    case .property(let number):
      let property = model.properties[number]
      let why = evaluator.whyFalse(property, in: state)
      return property.kind == .possible ? "no run from here makes it true: here \(why)" : why
    }
  }

  /// What a stuck state lacks, in the words that fit the networks: only what may be lost without
  /// limit counts as lost.
  private var stuckness: String {
    let steps = "call, timeout or internal step"
    let areLossy = model.networks.map { $0.loss == .unlimited }
    if areLossy.isEmpty { return "no \(steps) leads on, and the state is not final" }
    if areLossy.allSatisfy(\.self) {
      return "with everything in flight lost, no \(steps) leads on, and the state is not final"
    }
    let lost = areLossy.contains(true) ? "with everything lost that may be, " : ""
    return "\(lost)no \(steps) and no message in flight leads on, and the state is not final"
  }

  private func armedTimers(in state: State) -> String {
    var names: [String] = []
    for (number, instance) in model.instances.enumerated() {
      for (timer, description) in model.roles[instance.role].timers.enumerated()
      where state.instances[number].armed[timer] {
        names.append("'\(instance.name).\(description.name)'")
      }
    }
    return names.joined(separator: ", ") + (names.count == 1 ? " is" : " are") + " still armed"
  }
}
