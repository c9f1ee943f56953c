import LingerEval
import LingerModel

/// Gives each question its verdict. Every run is replayed by the evaluator, and its end checked
/// by it, before it is told.
struct Judge {
  let model: Model
  let evaluator: Evaluator
  let limit: String?
  let finds: [(question: Question, find: Find)]
  let paths: PathFinder
  private(set) var internalErrors: [String] = []

  init(
    model: Model,
    evaluator: Evaluator,
    limit: String?,
    finds: [(question: Question, find: Find)],
    paths: PathFinder
  ) {
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
    guard let find = find(question) else {
      return limit.map { unknown(question, $0) }
        ?? PropertyResult(question: question, verdict: .holds)
    }
    guard let trace = replay(find, question) else {
      return unknown(question, "the counterexample does not replay")
    }
    return PropertyResult(
      question: question,
      verdict: .violated(
        Violation(
          explanation: explanation(question, find, trace),
          trace: trace,
          envelope: find.envelope
        )
      )
    )
  }

  private mutating func cover(_ question: Question) -> PropertyResult {
    guard let find = find(question) else {
      if let limit { return unknown(question, limit) }
      return PropertyResult(
        question: question,
        verdict: .violated(
          Violation(explanation: "no reachable state makes it true", trace: nil)
        )
      )
    }
    guard let trace = replay(find, question) else {
      return unknown(question, "the witness does not replay")
    }
    return PropertyResult(question: question, verdict: .holds, witness: trace)
  }

  private func unknown(_ question: Question, _ reason: String) -> PropertyResult {
    PropertyResult(question: question, verdict: .unknown(reason: reason))
  }

  private func find(_ question: Question) -> Find? {
    finds.first { $0.question == question }?.find
  }

  /// The run to a find, re-run by the evaluator; nil, with an internal error noted, where the
  /// evaluator does not agree with it.
  private mutating func replay(_ find: Find, _ question: Question) -> Trace? {
    let name = question.name(in: model)
    guard var steps = paths.path(to: find.state) else {
      internalErrors.append("\(name): no run to the state that was found")
      return nil
    }
    if let last = find.lastStep { steps.append(last) }
    switch Replay.run(steps, on: evaluator) {
    case .failure(let failure):
      internalErrors.append("\(name): the run does not replay: \(failure)")
      return nil
    case .success(let trace):
      if !isConfirmed(question, find, trace) {
        internalErrors.append("\(name): the evaluator does not confirm the end of the run")
        return nil
      }
      return trace
    }
  }

  private func isConfirmed(_ question: Question, _ find: Find, _ trace: Trace) -> Bool {
    do throws(SpecError) {
      switch question {
      case .deadlock: return evaluator.isStuck(trace.last)
      case .unspecifiedReception:
        return find.envelope.map(evaluator.unspecifiedReceptions(in: trace.last).contains)
          ?? false
      case .specErrors: return trace.entries.last?.error != nil
      case .finalReachable: return !evaluator.isFinal(trace.last)
      case .orphanTimer:
        return evaluator.isFinal(trace.last)
          && trace.last.instances.contains { $0.armed.contains(true) }
      case .property(let number):
        let property = model.properties[number]
        return try evaluator.evaluate(property, in: trace.last) == (property.kind == .cover)
      }
    } catch {
      return question != .deadlock
    }
  }

  private func explanation(_ question: Question, _ find: Find, _ trace: Trace) -> String {
    switch question {
    case .deadlock:
      return "with everything in flight lost, no call, timeout or internal step leads on, "
        + "and the state is not final"
    case .unspecifiedReception:
      guard let envelope = find.envelope else { return "a message arrives that nobody takes" }
      let receiver = model.instances[envelope.receiver].name
      let sender = model.instances[envelope.sender].name
      return "\(describe(envelope.message, in: model)) from '\(sender)' can arrive at "
        + "'\(receiver)', which has no transition for it here and no 'otherwise receive'"
    case .specErrors:
      return trace.entries.last?.error?.message ?? "a step fails"
    case .finalReachable:
      return "no run from here reaches a final state"
    case .orphanTimer:
      return "\(armedTimers(in: trace.last)) in a final state"
    case .property(let number):
      let property = model.properties[number]
      let why = evaluator.whyFalse(property, in: trace.last)
      return property.kind == .possible ? "no run from here makes it true: here \(why)" : why
    }
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
