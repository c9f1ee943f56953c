import LingerEval
import LingerExplore
import LingerModel
import LingerReport

extension ReplayFinding {
  /// Judges a run state by state.
  init(_ trace: Trace, for question: Question?, on evaluator: Evaluator, options: ExploreOptions) {
    let model = evaluator.model
    guard let question else {
      self =
        model.questions.lazy.compactMap { ReplayFinding(violationOf: $0, in: trace, on: evaluator) }
        .first ?? ReplayFinding(.notViolated, "every step is possible, and nothing is violated")
      return
    }
    if let violation = ReplayFinding(violationOf: question, in: trace, on: evaluator) {
      self = violation
      return
    }
    self =
      question == .leftOpen
      ? ReplayFinding(openEnd: trace, on: evaluator)
      : question.isEventually(in: model)
        ? ReplayFinding(endless: trace, for: question, on: evaluator)
        : ReplayFinding(end: trace, for: question, on: evaluator, options: options)
    // An error of the spec is a violation, whatever the run was saved for.
    guard verdict != .internalError, trace.entries.last?.error != nil,
      let error = ReplayFinding(violationOf: .specErrors, in: trace, on: evaluator)
    else { return }
    self = ReplayFinding(.violated, "\(text); but \(error.text)", step: error.step)
  }

  /// What a run without end says of an `eventually`.
  private init(endless trace: Trace, for question: Question, on evaluator: Evaluator) {
    let title = question.title(in: evaluator.model)
    guard trace.loopStart != nil, case .property(let number) = question else {
      self.init(.unknown, "every step is possible; only a run without end decides \(title)")
      return
    }
    let promises: [Promise]
    do {
      promises = try evaluator.model.promises(of: evaluator.model.properties[number])
    } catch {
      self.init(.unknown, "\(title) is unknown: \(error.reason)")
      return
    }
    var reasons: [String] = []
    for promise in promises {
      switch evaluator.judge(promise, on: trace) {
      case .broken(let explanation):
        self.init(
          .violated,
          "\(title) is violated: \(explanation)",
          step: trace.entries.count
        )
        return
      case .notBroken(let reason): if !reasons.contains(reason) { reasons.append(reason) }
      case .stopped(let reason):
        self.init(.unknown, "\(title) is unknown: \(reason)")
        return
      }
    }
    self.init(
      .notViolated,
      "\(title) is not violated by this run: \(reasons.joined(separator: "; "))"
    )
  }

  /// What a run without end leaves open.
  private init(openEnd trace: Trace, on evaluator: Evaluator) {
    let title = Question.leftOpen.title(in: evaluator.model)
    guard trace.loopStart != nil else {
      self.init(.unknown, "every step is possible; only a run without end decides \(title)")
      return
    }
    var note: String?
    for callsAct in [true, false] {
      for part in evaluator.model.finalParts.indices {
        switch evaluator.judge(part: part, on: trace, callsAct: callsAct) {
        case .open(_, let explanation) where callsAct:
          self.init(.violated, "\(title) is violated: \(explanation)", step: trace.entries.count)
          return
        case .open(_, let explanation): note = note ?? explanation
        case .notOpen: break
        case .stopped(let reason):
          self.init(.unknown, "\(title) is unknown: \(reason)")
          return
        }
      }
    }
    self.init(
      .notViolated,
      "\(title) is not violated by this run" + (note.map { "; noted: \($0)" } ?? "")
    )
  }

  /// The first state of a run that violates the question by itself; nil for none.
  private init?(violationOf question: Question, in trace: Trace, on evaluator: Evaluator) {
    let count = trace.entries.count
    var state = trace.initial
    for length in 0...count {
      let entry = length == 0 ? nil : trace.entries[length - 1]
      if let next = entry?.state { state = next }
      guard
        case .violation(let explanation, let envelope) =
          evaluator.evidence(on: question, in: state, error: entry?.error)
      else { continue }
      let name = question.title(in: evaluator.model)
      let place =
        length == count ? "" : length == 0 ? " at the start" : " after step \(length)"
      self.init(
        .violated,
        "\(name) is violated\(place): \(explanation)",
        step: length,
        envelope: length == count ? envelope : nil
      )
      return
    }
    return nil
  }

  /// What the last state says of a question that no state of the run violates by itself.
  private init(
    end trace: Trace,
    for question: Question,
    on evaluator: Evaluator,
    options: ExploreOptions
  ) {
    let model = evaluator.model
    let title = question.title(in: model)
    let isCover = question.kind(in: model) == .cover
    let isReached = trace.states.contains {
      evaluator.evidence(on: question, in: $0) == .witness
    }
    switch evaluator.evidence(on: question, in: trace.last) {
    case .witness: self.init(.notViolated, "\(title) is reached")
    case .nothing where isReached: self.init(.notViolated, "\(title) is reached on the way")
    case .nothing where isCover:
      self.init(.unknown, "\(title) is not reached by this run; another one may reach it")
    case .nothing, .violation: self.init(.notViolated, "\(title) is not violated")
    case .undecidable: self.init(.unknown, "every step is possible; no run decides \(title)")
    case .violationUnlessReachable(let explanation):
      guard let goal = question.goal(in: model) else {
        self.init(.internalError, "\(title) has nothing that could be reached")
        return
      }
      switch reachability(of: goal, from: trace.last, in: model, options: options) {
      case .reachable:
        self.init(.notViolated, "\(title) is not violated: a run leads on to what it asks for")
      case .unreachable:
        self.init(
          .violated,
          "\(title) is violated: \(explanation)",
          step: trace.entries.count
        )
      case .unknown(let reason):
        self.init(.unknown, "\(title) is unknown: whether a run leads on to it: \(reason)")
      case .internalError(let message): self.init(.internalError, message)
      }
    }
  }
}

extension Trace {
  fileprivate var states: [State] { [initial] + entries.compactMap(\.state) }
}

extension Question {
  /// As a sentence names it: `invariant 'inOrder'`.
  fileprivate func title(in model: Model) -> String {
    let name = "'\(name(in: model))'"
    return kind(in: model).map { "\($0.rawValue) \(name)" } ?? name
  }

  /// What kind of property it is; nil for a check of the audit.
  fileprivate func kind(in model: Model) -> Property.Kind? {
    if case .property(let number) = self { model.properties[number].kind } else { nil }
  }
}
