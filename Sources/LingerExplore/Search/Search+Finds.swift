import LingerEval
import LingerModel

/// What a search found for one question, in terms that outlive the search.
struct Find {
  /// The state that shows it; the run to it is the counterexample (or the witness of a cover).
  var number: Int
  var state: State
  /// The step from there that fails.
  var lastStep: Step?
  /// The message that nobody takes.
  var envelope: Envelope?
}

/// Everything that was found, by question; several finds where each is worth a run.
struct Finds {
  var byQuestion: [(question: Question, find: Find)] = []
  /// Runs without end that break an `eventually`.
  var lassos: [(question: Question, lasso: Lasso)] = []
  /// Runs without end that leave something open.
  var openEnds: [OpenFind] = []
  /// Why questions about what can be reached are open although every state was visited.
  var limits: [(question: Question, reason: UndecidedReason)] = []

  subscript(question: Question) -> [Find] {
    byQuestion.filter { $0.question == question }.map(\.find)
  }
}

/// All of these are `mutating` for the compiler's sake: a borrowed `Search` is taken apart field by
/// field, its models included, which takes a minute.
extension Search {
  /// What was found. Turning the edges round takes as long as the stop allows.
  mutating func finds() -> Finds {
    let observations = frontier.observations
    var finds = Finds()
    func add(_ question: Question, _ find: Observations.Witness?) {
      guard let find else { return }
      var words = [UInt64](repeating: 0, count: layout.wordCount)
      frontier.store.load(find.state, into: &words)
      let envelope = find.message.map { message in
        layout.networks[message.network].space.envelope(message.number)
      }
      finds.byQuestion.append(
        (
          question,
          Find(
            number: find.state,
            state: layout.unpack(words),
            lastStep: find.step,
            envelope: envelope
          )
        )
      )
    }
    add(.deadlock, observations.stuck)
    for find in observations.unspecified { add(.unspecifiedReception, find) }
    add(.specErrors, observations.error)
    add(.orphanTimer, observations.orphan)
    add(.notRestored, observations.unrestored)
    for watched in observations.watched where watched.kind != .possible {
      add(.property(watched.number), watched.find)
    }
    let questions = limit == nil ? reachabilityQuestions() : []
    let needsEdges = questions.contains { $0.marked.contains(false) }
    let edges = needsEdges ? frontier.edges(by: .target) : nil
    for (question, marked) in questions {
      var closed = marked
      if closed.contains(false), edges?.closeBackward(&closed, stop) != true {
        finds.limits.append((question, stop.reason ?? "the search was stopped"))
      } else {
        add(question, closed.firstIndex(of: false).map { Observations.Witness(state: $0) })
      }
    }
    addLassos(to: &finds)
    return finds
  }

  /// Looks for the runs that break what is promised.
  private mutating func addLassos(to finds: inout Finds) {
    let asked = (options.questions ?? model.questions).filter {
      $0.isAboutEndlessRuns(in: model)
    }
    guard limit == nil, !asked.isEmpty else { return }
    if let reason = options.budget.objection(LassoSearch.bytesPerState * frontier.store.count) {
      stop.end(reason)
    }
    guard stop.reason == nil, let edges = frontier.edges(by: .source)
    else {
      finds.limits += asked.map { ($0, stop.reason ?? "the search was stopped") }
      return
    }
    var lassos = LassoSearch(layout, edges, layers, stop)
    for question in asked {
      guard case .property(let number) = question else { continue }
      switch lassos.answer(model.properties[number], in: &self) {
      case .holds: break
      case .broken(let lasso): finds.lassos.append((question, lasso))
      case .stopped(let reason), .unsupported(let reason): finds.limits.append((question, reason))
      }
    }
    guard asked.contains(.leftOpen) else { return }
    var ends = OpenEndSearch(
      layout,
      edges,
      layers,
      expander.cache.evaluator,
      mayStay: lassos.mayStay
    )
    if let found = ends.finds(in: &self) {
      finds.openEnds = found
    } else {
      finds.limits.append((.leftOpen, stop.reason ?? "the search was stopped"))
    }
  }

  /// What has to be reachable from every state, and the states where it is.
  private mutating func reachabilityQuestions() -> [(question: Question, marked: [Bool])] {
    let observations = frontier.observations
    let final: [(Question, [Bool])] =
      observations.wantsFinalReachable ? [(.finalReachable, observations.finals)] : []
    return final
      + observations.watched.filter { $0.kind == .possible }.map {
        (.property($0.number), $0.marked)
      }
  }

  /// How far the search got.
  mutating func statistics() -> ExplorationStatistics {
    var statistics = ExplorationStatistics()
    statistics.states = frontier.store.count
    statistics.initialStates = layers.first?.states.count ?? 0
    statistics.transitions = counts.transitions
    statistics.depth = layers.map(\.depth).max() ?? 0
    statistics.symmetryNote = frontier.symmetryNote
    statistics.isComplete = limit == nil && !endedEarly
    statistics.cutOffSteps = frontier.observations.cutOffSteps
    statistics.limit =
      endedEarly ? "what was asked is decided; --all goes on to visit the rest" : limit
    statistics.storeBytes = frontier.store.byteCount
    statistics.stateBits = layout.bitCount
    return statistics
  }

  /// What was never seen in a complete exploration: transitions and cases of enum variables.
  mutating func vacuity(firings: [Int]) -> [VacuityFinding] {
    var result: [VacuityFinding] = []
    for (number, transition) in model.transitions.enumerated() where firings[number] == 0 {
      if transition.isOtherwise || model.instances(of: transition.role).isEmpty { continue }
      result.append(
        VacuityFinding(kind: .transitionNeverFires(number), span: transition.span)
      )
    }
    let reached = casesReached()
    for enumeration in model.enumerationsToWatch {
      let cases = model.enumerations[enumeration]
      for enumCase in cases.cases.indices where !reached[enumeration].contains(enumCase) {
        result.append(
          VacuityFinding(
            kind: .caseNeverReached(enumeration: enumeration, enumCase: enumCase),
            span: cases.caseSpans[enumCase]
          )
        )
      }
    }
    return result
  }

  /// The ordinals that a variable had.
  private mutating func values(ofVariable variable: Int, of instance: Int) -> Set<Int> {
    workers.reduce(expander.cache.values(ofVariable: variable, of: instance)) { values, worker in
      values.union(worker.values(ofVariable: variable, of: instance))
    }
  }

  /// The cases of each enum that some variable had.
  private mutating func casesReached() -> [Set<Int>] {
    var reached = model.enumerations.map { _ in Set<Int>() }
    func note(_ value: Value) {
      value.visitCases { enumeration, enumCase in reached[enumeration].insert(enumCase) }
    }
    for (number, instance) in model.instances.enumerated() {
      for (variable, description) in model.roles[instance.role].variables.enumerated()
      where description.type.mayHoldCases {
        for ordinal in values(ofVariable: variable, of: number) {
          note(model.value(at: ordinal, in: description.type))
        }
      }
    }
    return reached
  }
}

extension ModelType {
  /// Whether a case of an enum can be in a value; asked before the values are looked through.
  var mayHoldCases: Bool {
    switch self {
    case .bool, .integer, .instance, .duration, .unboundedInteger: false
    case .enumeration, .record: true
    case .optional(let inner), .set(let inner), .queue(_, let inner), .array(_, let inner):
      inner.mayHoldCases
    }
  }
}
