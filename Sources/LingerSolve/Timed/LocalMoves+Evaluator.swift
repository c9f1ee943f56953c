import LingerEval
import LingerModel

/// What the step kernel leaves to the evaluator: it runs the model once for each parameter, and
/// durations are read off the differences.
extension LocalMoves {
  /// The steps of an instance, and whether they are the same wherever its local state is this one:
  /// a step may count messages.
  mutating func runEvaluator(
    _ cause: LocalCause,
    _ instance: Int,
    _ local: Int,
    _ copies: (Envelope) -> Int
  ) throws(ControlGraph.Unsupported) -> (answer: Answer, isConstant: Bool) {
    let state = locals[instance][local]
    var read: Set<Envelope> = []
    func steps(_ evaluator: Evaluator) throws(ControlGraph.Unsupported) -> [LocalStep] {
      var result: [LocalStep] = []
      evaluator.forEachLocalStep(
        of: instance,
        local: state,
        cause: cause,
        copiesInFlight: { envelope in
          read.insert(envelope)
          return copies(envelope)
        }
      ) { step in
        result.append(step)
        if result.count > stepLimit {
          stop.end(
            .limit(.steps, stepLimit, "more than \(stepLimit) steps lead on from one state")
          )
        }
      }
      if let reason = stop.reason { throw ControlGraph.Unsupported(reason: reason) }
      return result
    }
    let found = try steps(evaluator)
    // Parameter values matter to durations only; see `durationComparison`.
    let readsDurations = found.contains { step in
      !step.elapsed.isAlways
        || step.effects.contains { if case .start = $0 { true } else { false } }
    }
    var probed: [[LocalStep]] = []
    for probe in probes where readsDurations { probed.append(try steps(probe)) }
    for probe in probed where probe.map(\.step) != found.map(\.step) {
      throw ControlGraph.Unsupported(reason: "a duration decides which steps are possible")
    }
    counted.formUnion(read.filter { !tracks($0) })
    var moves: [Move] = []
    for (index, step) in found.enumerated() {
      var move = Move(
        step: step.step,
        target: nil,
        changes: [],
        tests: try tests(step.elapsed, probed.map { $0[index].elapsed })
      )
      guard case .success(let outcome) = step.outcome else {
        moves.append(move)
        continue
      }
      move.target = number(ofLocal: outcome.state, of: instance)
      for (position, effect) in step.effects.enumerated() {
        switch effect {
        case .start(_, let timer, _):
          let clock = clock(ofTimer: timer, of: instance)
          let bound = try bound(position, in: probed.map { $0[index].effects })
          move.changes.append(.arm(ControlGraph.Deadline(clock: clock, bound: bound)))
        case .cancel(_, let timer):
          move.changes.append(.disarm(clock(ofTimer: timer, of: instance)))
        case .send(let envelope, _):
          move.changes.append(send(envelope))
        case .signal: break
        }
      }
      moves.append(move)
    }
    return (Answer(moves: moves, isUrgent: isUrgent(moves)), read.isEmpty)
  }

  /// What a guard demands of clocks, from what it is in each probe.
  private mutating func tests(
    _ condition: ElapsedCondition,
    _ probes: [ElapsedCondition]
  ) throws(ControlGraph.Unsupported) -> [[ControlGraph.ClockTest]] {
    for probe in probes where !probe.hasShape(of: condition) {
      throw ControlGraph.Unsupported(reason: "a duration decides which steps are possible")
    }
    var result: [[ControlGraph.ClockTest]] = []
    for (row, tests) in condition.alternatives.enumerated() {
      var way: [ControlGraph.ClockTest] = []
      for (column, test) in tests.enumerated() {
        let bound = parameters.term(
          fromProbes: probes.map { $0.alternatives[row][column].duration }
        )
        let clock = clock(ofTimer: test.timer, of: test.instance)
        way.append(.init(clock: clock, relation: .init(test.relation), bound: bound))
      }
      result.append(way)
    }
    return result
  }

  /// The linear term of a timer's duration, from what it is in each probe.
  private func bound(
    _ effect: Int,
    in probes: [[Effect]]
  ) throws(ControlGraph.Unsupported) -> LinearTerm {
    var values: [Rational] = []
    for probe in probes {
      guard probe.indices.contains(effect), case .start(_, _, let duration) = probe[effect] else {
        throw ControlGraph.Unsupported(reason: "a duration decides what a step does")
      }
      values.append(duration)
    }
    return parameters.term(fromProbes: values)
  }
}
