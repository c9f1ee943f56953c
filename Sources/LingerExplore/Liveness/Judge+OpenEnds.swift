import LingerEval
import LingerModel

/// What stays open for ever, as the evaluator confirms it.
extension Judge {
  mutating func leftOpen() -> PropertyResult {
    var violations: [Violation] = []
    var notes: [Aside] = []
    var reason: UndecidedReason?
    for find in finds.openEnds {
      switch confirmed(find) {
      case .success(let violation) where find.callsAct: violations.append(violation)
      case .success(let violation): notes.append(Aside(.note, violation))
      case .failure(let unconfirmed): reason = unconfirmed.reason
      }
    }
    var result: PropertyResult
    if violations.isEmpty {
      result = reason.map { unknown(.leftOpen, $0) } ?? ofAllRuns(.leftOpen, .holds)
    } else {
      var first = violations.removeFirst()
      first.others = violations
      result = PropertyResult(question: .leftOpen, verdict: .violated(first))
    }
    result.asides = notes
    return result
  }

  private struct Unconfirmed: Error {
    var reason: UndecidedReason
  }

  /// The run, run again and judged by the evaluator.
  private mutating func confirmed(_ find: OpenFind) -> Result<Violation, Unconfirmed> {
    func contradiction(_ error: String) -> Result<Violation, Unconfirmed> {
      internalErrors.append("left-open: \(error)")
      return .failure(Unconfirmed(reason: "the counterexample does not replay"))
    }
    guard let (initial, way) = paths.run(to: find.lasso.start) else {
      if let limit = paths.limit { return .failure(Unconfirmed(reason: limit)) }
      return contradiction("no run to the state that was found")
    }
    switch Replay.run(way + find.lasso.steps, from: initial, on: evaluator) {
    case .failure(let failure):
      if let limit = evaluator.stop?.reason { return .failure(Unconfirmed(reason: limit)) }
      return contradiction("the run does not replay: \(failure)")
    case .success(var trace):
      trace.loopStart = way.count
      switch evaluator.judge(part: find.part, on: trace, callsAct: find.callsAct) {
      case .open(var end, let explanation):
        end.likewise = find.likewise.compactMap { model.finalParts[$0].instance }
        var violation = Violation(explanation: explanation, trace: trace)
        violation.openEnd = end
        return .success(violation)
      case .stopped(let limit): return .failure(Unconfirmed(reason: limit))
      case .notOpen(let reason): return contradiction("the run is not confirmed: \(reason)")
      }
    }
  }
}
