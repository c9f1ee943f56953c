import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport

extension BruteForce {
  /// Everything in which a report of the explorer differs, one line each.
  func differences(from report: CheckReport, on evaluator: Evaluator) -> [String] {
    let model = evaluator.model
    var lines: [String] = []
    func compare<Quantity: Equatable>(_ what: String, _ mine: Quantity, _ its: Quantity) {
      if mine != its { lines.append("\(what): brute force \(mine), explorer \(its)") }
    }
    compare("complete", true, report.statistics.isComplete)
    compare("states", states, report.statistics.states)
    compare("transitions", transitions, report.statistics.transitions)
    compare("depth", depth, report.statistics.depth)
    compare("firings", firings, report.firings)
    compare("vacuity", neverSeen, Set(report.vacuity.map(\.kind)))
    let questions = BruteForce.questions(of: model).filter { question in
      !model.audit.switchedOff.contains { $0.rawValue == question.name(in: model) }
    }
    compare("questions", Set(questions), Set(report.results.map(\.question)))
    return lines + differences(from: report.results, report.internalErrors, on: evaluator)
  }

  /// Everything in which the explorer's answer to one question alone differs. An error of the spec
  /// is told besides.
  func differences(asking question: Question, on evaluator: Evaluator) -> [String] {
    let report = explore(evaluator.model, options: ExploreOptions(questions: [question]))
    var wanted = [question]
    if case .violated = answers[.specErrors], question != .specErrors {
      wanted.insert(.specErrors, at: 0)
    }
    let told = report.results.map(\.question)
    let lines = told == wanted ? [] : ["asked \(question), told \(told)"]
    return lines + differences(from: report.results, report.internalErrors, on: evaluator)
  }

  private func differences(
    from results: [PropertyResult],
    _ internalErrors: [String],
    on evaluator: Evaluator
  ) -> [String] {
    let model = evaluator.model
    var lines = internalErrors
    for result in results {
      let name = result.question.name(in: model)
      if result.question == .unspecifiedReception {
        let found = receptionsFound(by: result, in: model)
        if found != receptions {
          lines.append("receptions: brute force \(receptions), explorer \(found)")
        }
      }
      guard let mine = answers[result.question], mine != .unchecked else { continue }
      let its = answer(of: result)
      if mine != its { lines.append("\(name): brute force \(mine), explorer \(its)") }
      for trace in [result.witness, result.verdict.trace].compactMap(\.self) {
        let replayed = Replay.run(
          trace.entries.map(\.step),
          from: trace.initial,
          on: evaluator
        )
        if case .success(let run) = replayed, run.entries == trace.entries { continue }
        lines.append("\(name): the trace cannot be replayed")
      }
    }
    return lines
  }

  /// Each kind of message that nobody takes, with the cost of its run.
  private func receptionsFound(by result: PropertyResult, in model: Model) -> [Reception: Cost] {
    guard case .violated(let violation) = result.verdict else { return [:] }
    var found: [Reception: Cost] = [:]
    for violation in [violation] + violation.others {
      guard let trace = violation.trace, let envelope = violation.envelope else { continue }
      found[Reception(of: envelope, in: trace.last, model)] = cost(of: trace)
    }
    return found
  }

  /// What the explorer says, in the terms of the brute force.
  private func answer(of result: PropertyResult) -> Answer {
    switch result.verdict {
    case .holds: result.witness.map { .reached(cost(of: $0)) } ?? .holds
    case .unknown: .undecided
    case .violated(let violation) where violation.trace?.loopStart != nil: .broken
    case .violated(let violation): violation.trace.map { .violated(cost(of: $0)) } ?? .neverReached
    }
  }

  /// Faults count only where some network has a budget for them.
  private func cost(of trace: Trace) -> Cost {
    Cost(
      faults: hasBudgets ? trace.entries.count { $0.step.isFault } : 0,
      steps: trace.entries.count
    )
  }
}

extension Verdict {
  fileprivate var trace: Trace? {
    if case .violated(let violation) = self { violation.trace } else { nil }
  }
}
