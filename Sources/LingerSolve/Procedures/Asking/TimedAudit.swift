import LingerEval
package import LingerModel

/// What the timed reading says of a finding of the untimed one, for the parameter values in force.
package enum TimedFinding: Sendable {
  /// Time allows it: a run with exact times that shows it.
  case allowed(Violation)
  /// No timed run shows it.
  case excluded
  case undecided(UndecidedReason)
  /// A run that was found does not replay: a bug of Linger.
  case contradiction(String)
}

/// Asks the timed reading what the untimed one found: the untimed run may need times that the
/// durations exclude.
///
/// First the run itself is given times; where it has none, zones are searched for any run that
/// shows the same. Where something is out of reach that is first one to the same state: what can be
/// reached from others only the exact graph says, which may be large.
package struct TimedAudit {
  private let model: Model
  private let evaluator: Evaluator
  private let options: TimedOptions
  private let graphs: ControlGraphs

  /// `graphs` are those of the model.
  package init(_ model: Model, options: TimedOptions, graphs: ControlGraphs = ControlGraphs()) {
    self.model = model
    self.options = options
    self.graphs = graphs
    evaluator = Evaluator(model)
  }

  /// What time says of a violation of the untimed reading.
  package func finding(_ question: Question, _ violation: Violation) -> TimedFinding {
    if question == .leftOpen { return openEnd(violation, callsAct: true) }
    if question.isEventually(in: model) { return lasso(question, violation) }
    if let timed = timed(question, violation) { return .allowed(timed) }
    if question.goal(in: model) != nil, let state = violation.trace?.last {
      let answer = answerInTime(model, question, in: state, options, graphs)
      if case .violated(let found) = answer.result.verdict { return .allowed(found) }
      if let error = answer.internalError { return .contradiction(error) }
    }
    return search(question)
  }

  /// A run without end has times for ever if the clocks come back to what they were.
  private func lasso(_ question: Question, _ violation: Violation) -> TimedFinding {
    guard case .property(let number) = question, let trace = violation.trace,
      let timed = TimedReplay.lasso(trace, on: evaluator),
      let promises = try? model.promises(of: model.properties[number])
    else { return .undecided("whether time lets this run go on for ever was not decided") }
    for promise in promises {
      guard case .broken(let explanation) = evaluator.judge(promise, on: timed.trace) else {
        continue
      }
      return .allowed(Violation(explanation: explanation, trace: timed.trace, timing: timed.timing))
    }
    return .contradiction("\(question.name(in: model)): the run in time does not show it")
  }

  /// Whether time lets what stays open do so for ever; with `callsAct` every application acts.
  ///
  /// A run that comes to a state and stays there is looked for among all timed runs where the one
  /// that was found has no times.
  package func openEnd(_ violation: Violation, callsAct: Bool) -> TimedFinding {
    let undecided = TimedFinding.undecided(
      "whether time lets this run go on for ever was not decided"
    )
    guard let end = violation.openEnd, let trace = violation.trace else { return undecided }
    if let timed = TimedReplay.lasso(trace, on: evaluator) {
      return openEnd(end, timed.trace, timed.timing, callsAct)
    }
    guard trace.loopStart == trace.entries.count else { return undecided }
    var goal = end
    func ask() -> TimedAnswer {
      answerInTime(model, .openEnd(goal, callsAct: callsAct), .leftOpen, options, graphs)
    }
    var answer = ask()
    if case .holds = answer.result.verdict, !goal.idleCalls.isEmpty {
      // Another call may be the one that is missing.
      goal.idleCalls = []
      answer = ask()
    }
    if let error = answer.internalError { return .contradiction(error) }
    switch answer.result.verdict {
    case .holds: return .excluded
    case .unknown(let reason): return .undecided(reason)
    case .violated(let found):
      guard var run = found.trace, let timing = found.timing else { return undecided }
      run.loopStart = run.entries.count
      return openEnd(end, run, timing, callsAct)
    }
  }

  private func openEnd(
    _ end: OpenEnd,
    _ trace: Trace,
    _ timing: TimedRun,
    _ callsAct: Bool
  ) -> TimedFinding {
    guard
      case .open(var found, let explanation) =
        evaluator.judge(part: end.part, on: trace, callsAct: callsAct)
    else { return .contradiction("left-open: the run in time does not show it") }
    found.likewise = end.likewise
    var result = Violation(explanation: explanation, trace: trace, timing: timing)
    result.openEnd = found
    return .allowed(result)
  }

  /// Where time stands still, in a model no step of which ends in an error.
  package func standstill() -> TimedFinding { search(.specErrors) }

  private func search(_ question: Question) -> TimedFinding {
    let answer = answerInTime(model, question, options, graphs)
    if let error = answer.internalError { return .contradiction(error) }
    return switch answer.result.verdict {
    case .violated(let found): .allowed(found)
    case .holds: .excluded
    case .unknown(let reason): .undecided(reason)
    }
  }

  /// The first way in which the question is violated whose run has times, with them; nil where none
  /// has. Of the others it is said that they depend on time, unless they have times too.
  private func timed(_ question: Question, _ violation: Violation) -> Violation? {
    var first: Violation?
    var others: [Violation] = []
    for way in [violation] + violation.others {
      let timed = timed(way, question)
      if first == nil, let timed {
        first = timed
        first?.others = []
      } else {
        var other = timed ?? way
        other.others = []
        if timed == nil { other.explanation = "only if time allows: \(way.explanation)" }
        others.append(other)
      }
    }
    first?.others = others
    return first
  }

  /// A run with times; nil where time does not allow it.
  private func timed(_ violation: Violation, _ question: Question) -> Violation? {
    guard let trace = violation.trace,
      let schedule = RunSchedule(of: trace, awaiting: violation.envelope, on: evaluator)
    else { return nil }
    let end = schedule.times.last ?? .zero
    let replayed = TimedReplay.run(
      trace.entries.map(\.step),
      from: trace.initial,
      at: schedule.times,
      until: end,
      showing: .answer(to: question, about: violation.envelope),
      on: evaluator
    )
    guard case .success(let run) = replayed else { return nil }
    var result = violation
    result.trace = run.trace
    result.timing = TimedRun(
      settings: model.durationSettings,
      times: schedule.times,
      end: end,
      bounds: run.bounds,
      alive: run.alive
    )
    return result
  }
}
