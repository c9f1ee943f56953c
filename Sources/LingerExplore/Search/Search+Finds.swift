import LingerModel

/// What a search found for one question, in terms that outlive the search.
struct Find {
  /// The state that shows it; the run to it is the counterexample (or the witness of a cover).
  var state: Int
  /// The step from there that fails.
  var lastStep: Step?
  /// The message that nobody takes.
  var envelope: Envelope?
}

extension Search {
  /// Everything that was found, by question, in the order of the questions.
  func finds() -> [(question: Question, find: Find)] {
    let observations = frontier.observations
    var result: [(question: Question, find: Find)] = []
    func add(_ question: Question, _ find: Observations.Find?) {
      guard let find else { return }
      result.append(
        (
          question,
          Find(
            state: find.state,
            lastStep: find.token.map { expander.step($0) },
            envelope: find.message.map { message in
              layout.networks[message.network].space.envelope(message.number)
            }
          )
        )
      )
    }
    add(.deadlock, observations.stuck)
    add(.unspecifiedReception, observations.unspecified)
    add(.specErrors, observations.error)
    add(.orphanTimer, observations.orphan)
    if observations.wantsFinalReachable, limit == nil {
      add(.finalReachable, firstWithout(observations.finals))
    }
    for watched in observations.watched {
      if watched.kind != .possible {
        add(.property(watched.number), watched.find)
      } else if limit == nil {
        add(.property(watched.number), firstWithout(watched.marked))
      }
    }
    return result
  }

  /// The first state from which no marked state can be reached.
  private func firstWithout(_ marked: [Bool]) -> Observations.Find? {
    var closed = marked
    frontier.edges?.closeBackward(&closed)
    return closed.firstIndex(of: false).map { Observations.Find(state: $0) }
  }

  /// How far the search got.
  var statistics: ExplorationStatistics {
    var statistics = ExplorationStatistics()
    statistics.states = frontier.store.count
    statistics.transitions = frontier.transitions
    statistics.depth = layers.map(\.depth).max() ?? 0
    statistics.isComplete = limit == nil
    statistics.limit = limit
    statistics.storeBytes = frontier.store.byteCount
    statistics.stateBits = layout.bitCount
    return statistics
  }

  /// How often each transition of the model fired.
  var firings: [Int] {
    var result = [Int](repeating: 0, count: model.transitions.count)
    for (index, outcome) in expander.cache.outcomes.enumerated() where outcome.transition >= 0 {
      result[Int(outcome.transition)] += expander.cache.firings[index]
    }
    return result
  }

  /// What was never seen in a complete exploration: transitions and cases of enum variables.
  func vacuity(firings: [Int]) -> [VacuityFinding] {
    var result: [VacuityFinding] = []
    for (number, transition) in model.transitions.enumerated() where firings[number] == 0 {
      if transition.isOtherwise || model.instances(of: transition.role).isEmpty { continue }
      result.append(
        VacuityFinding(kind: .transitionNeverFires(number), span: transition.span)
      )
    }
    for (number, role) in model.roles.enumerated() {
      let instances = model.instances(of: number)
      if instances.isEmpty { continue }
      for (variable, description) in role.variables.enumerated() {
        guard case .enumeration(let enumeration) = description.type else { continue }
        let reached = Set(
          instances.flatMap { expander.cache.values(ofVariable: variable, of: $0) }
        )
        let cases = model.enumerations[enumeration]
        for enumCase in cases.cases.indices where !reached.contains(enumCase) {
          result.append(
            VacuityFinding(
              kind: .caseNeverReached(role: number, variable: variable, enumCase: enumCase),
              span: cases.caseSpans[enumCase]
            )
          )
        }
      }
    }
    return result
  }
}
