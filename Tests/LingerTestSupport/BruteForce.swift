package import LingerEval
package import LingerModel

/// A breadth-first search with nothing clever in it, on the reference evaluator alone.
///
/// The explorer must find the same numbers. States are kept in a dictionary and visited in order
/// of their cost: steps, or, where a network has a fault budget, faults and then steps.
package struct BruteForce {
  /// What it takes to get to a state.
  package struct Cost: Hashable, Comparable, Sendable {
    package var faults: Int
    package var steps: Int

    package init(faults: Int, steps: Int) {
      self.faults = faults
      self.steps = steps
    }

    package static func < (left: Cost, right: Cost) -> Bool {
      (left.faults, left.steps) < (right.faults, right.steps)
    }
  }

  /// What a question comes to, with the cost of the run that shows it.
  package enum Answer: Hashable, Sendable {
    case holds
    /// A `cover` that is reached.
    case reached(Cost)
    case violated(Cost)
    /// An `eventually` that some fair run breaks.
    case broken
    /// A `cover` that is never reached: there is no run to show.
    case neverReached
    /// It would take too long to find out.
    case unchecked
    /// Not decided in the untimed reading of single states, or runs that matter are cut off by an
    /// error.
    case undecided
  }

  package private(set) var states = 0
  package private(set) var transitions = 0
  /// Steps of the longest of the cheapest runs.
  package private(set) var depth = 0
  /// How often each transition of the model fired.
  package private(set) var firings: [Int]
  package private(set) var answers: [Question: Answer] = [:]
  /// Transitions that never fire, and cases that nothing ever has; nothing where runs are cut off.
  package private(set) var neverSeen: Set<VacuityFinding.Kind> = []

  private let evaluator: Evaluator
  private var numbers: [State: Int] = [:]
  private var byNumber: [State] = []
  private var costs: [Cost?] = []
  /// The numbers of all states in the order in which they were visited: cheapest first.
  private var byCost: [Int] = []
  /// The numbers of the states with a step to each state.
  private var predecessors: [[Int]] = []
  private var firstError: Cost?
  private var cycles: FairCycles
  private var cyclesWithCalls: FairCycles
  private let asksForCycles: Bool
  /// The parts of `final` that some fair run keeps false for ever: all of them, and those that stay
  /// false although every application acts; nil where that takes too long to find out.
  package private(set) var openParts: (all: Set<Int>, acting: Set<Int>)?
  /// What nobody takes: a kind of message in a state of a role, as far as enums tell.
  package private(set) var receptions: [Reception: Cost] = [:]

  private var model: Model { evaluator.model }

  /// Explores all of the model and answers everything; nil beyond `stateLimit`.
  package init?(_ evaluator: Evaluator, stateLimit: Int) {
    self.evaluator = evaluator
    cycles = FairCycles(on: evaluator)
    cyclesWithCalls = FairCycles(on: evaluator, marksCalls: true)
    asksForCycles = evaluator.model.properties.contains { $0.kind == .eventually }
    firings = Array(repeating: 0, count: evaluator.model.transitions.count)
    guard search(stateLimit: stateLimit) else { return nil }
    states = byNumber.count
    depth = costs.reduce(0) { max($0, $1?.steps ?? 0) }
    openParts = partsLeftOpen()
    for question in Self.questions(of: model) { answers[question] = answer(question) }
    if firstError == nil { neverSeen = unreachedCases().union(unfiredTransitions()) }
  }

  /// Everything that can be asked of a model.
  package static func questions(of model: Model) -> [Question] {
    let properties = model.properties.indices.filter { model.properties[$0].kind != .final }
    let isEverywhere = model.final?.body.kind == .constant(.bool(true))
    let audit: [Question] = [.deadlock, .unspecifiedReception, .specErrors]
    let finalAudit: [Question] =
      model.final == nil
      ? []
      : isEverywhere
        ? [.finalReachable] : [.finalReachable, .orphanTimer, .leftOpen]
    let named = model.audit.restored.filter { !model.instances(of: $0.role).isEmpty }
    let restored: [Question] =
      finalAudit.contains(.orphanTimer) && !named.isEmpty ? [.notRestored] : []
    return audit + finalAudit + restored + properties.map { .property($0) }
  }
}

/// A kind of message that nobody takes in a state of its receiver.
package struct Reception: Hashable, Sendable {
  private var role: Int
  private var values: [Value]
  private var message: Int

  /// What an envelope is that its receiver does not take; of its state the variables of enums tell.
  package init(of envelope: Envelope, in state: State, _ model: Model) {
    role = model.instances[envelope.receiver].role
    values = zip(model.roles[role].variables, state.instances[envelope.receiver].variables)
      .filter { if case .enumeration = $0.0.type { true } else { false } }.map(\.1)
    message = -1
    if case .record(let record, _) = envelope.message { message = record }
  }
}

/// The search.
extension BruteForce {
  /// Whether some network counts its faults; only then do faults come before steps.
  package var hasBudgets: Bool {
    model.networks.contains { network in
      if case .budget = network.loss { return true }
      if case .budget = network.duplication { return true }
      return false
    }
  }

  private mutating func search(stateLimit: Int) -> Bool {
    var open: [Cost: [Int]] = [:]
    open[Cost(faults: 0, steps: 0)] = evaluator.initialStates.map { number(of: $0) }
    while let cost = open.keys.min(), let states = open.removeValue(forKey: cost) {
      for state in states where costs[state] == nil {
        costs[state] = cost
        byCost.append(state)
        for (next, nextCost) in visit(state, at: cost) where costs[next] == nil {
          open[nextCost, default: []].append(next)
        }
        if byNumber.count > stateLimit { return false }
      }
    }
    return true
  }

  /// The states that a state leads to, with the cost to get there by it.
  private mutating func visit(_ number: Int, at cost: Cost) -> [(Int, Cost)] {
    let state = byNumber[number]
    for envelope in evaluator.unspecifiedReceptions(in: state) {
      let reception = Reception(of: envelope, in: state, model)
      receptions[reception] = min(receptions[reception] ?? cost, cost)
    }
    var result: [(Int, Cost)] = []
    var leadsTo: [(Successor, target: Int?)] = []
    for successor in evaluator.successors(of: state) {
      transitions += 1
      if case .transition(_, let transition, _, _) = successor.step {
        firings[transition] += 1
      }
      let isFault = hasBudgets && successor.step.isFault
      let nextCost = Cost(faults: cost.faults + (isFault ? 1 : 0), steps: cost.steps + 1)
      switch successor.outcome {
      case .failure:
        firstError = min(firstError ?? nextCost, nextCost)
        leadsTo.append((successor, nil))
      case .success(let next):
        let target = self.number(of: next)
        leadsTo.append((successor, target))
        predecessors[target].append(number)
        result.append((target, nextCost))
      }
    }
    if asksForCycles { cycles.add(state, number, leadsTo) }
    cyclesWithCalls.add(state, number, leadsTo)
    return result
  }

  private mutating func number(of state: State) -> Int {
    if let number = numbers[state] { return number }
    numbers[state] = byNumber.count
    byNumber.append(state)
    costs.append(nil)
    predecessors.append([])
    return byNumber.count - 1
  }
}

/// The answers.
extension BruteForce {
  private func answer(_ question: Question) -> Answer {
    switch question {
    case .deadlock: violation(cheapest { evaluator.isStuck($0) })
    case .unspecifiedReception: violation(receptions.values.min())
    case .specErrors: firstError.map { .violated($0) } ?? .holds
    case .finalReachable: isAlwaysReachable { isFinal($0) }
    case .orphanTimer:
      violation(
        cheapest { state in
          isFinal(state) && hasOrphan(state)
        }
      )
    case .leftOpen: leftOpen
    case .notRestored: violation(cheapest { isFinal($0) && hasChanged($0) })
    case .property(let number): answer(model.properties[number])
    }
  }

  /// Whether a variable that the spec names is not as it began.
  private func hasChanged(_ state: State) -> Bool {
    let model = evaluator.model
    return model.audit.restored.contains { restored in
      model.instances(of: restored.role).contains { instance in
        state.instances[instance].variables[restored.variable]
          != model.instances[instance].initial[restored.variable]
      }
    }
  }

  private var leftOpen: Answer {
    guard let openParts else { return .unchecked }
    return openParts.acting.isEmpty ? unlessCutOff(.holds) : .broken
  }

  private func partsLeftOpen() -> (all: Set<Int>, acting: Set<Int>)? {
    var result: (all: Set<Int>, acting: Set<Int>) = ([], [])
    var cycles = cyclesWithCalls
    for (number, part) in model.finalParts.enumerated() {
      guard let isOpen = cycles.isBroken(part.promise, in: byNumber),
        let staysOpen = cycles.isBroken(part.promise, in: byNumber, callsAct: true)
      else { return nil }
      if isOpen { result.all.insert(number) }
      if staysOpen { result.acting.insert(number) }
    }
    return result
  }

  /// Evaluating a property may fail, which makes it false.
  private func answer(_ property: Property) -> Answer {
    switch property.kind {
    case .invariant: violation(cheapest { !holds(property, in: $0) })
    case .cover:
      cheapest { holds(property, in: $0) }.map { .reached($0) } ?? unlessCutOff(.neverReached)
    case .possible: isAlwaysReachable { holds(property, in: $0) }
    case .eventually: isBroken(property)
    case .final, .timedInvariant: .undecided
    }
  }

  /// Undecided where it takes too many guesses.
  private func isBroken(_ property: Property) -> Answer {
    guard let promises = try? model.promises(of: property) else { return .undecided }
    var cycles = cycles
    let answers = promises.map { cycles.isBroken($0, in: byNumber) }
    if answers.contains(true) { return .broken }
    return answers.contains(nil) ? .unchecked : unlessCutOff(.holds)
  }

  /// Steps of the shortest fair run that breaks a property's first promise that can be broken, the
  /// loop counted once; nil where there is none, and where that takes too long to find out.
  package func shortestBreach(of property: Property) -> Int? {
    var cycles = cycles
    for promise in (try? model.promises(of: property)) ?? [] {
      guard let isBroken = cycles.isBroken(promise, in: byNumber) else { return nil }
      guard isBroken else { continue }
      let depths = costs.map { $0?.steps ?? .max }
      return cycles.shortestBreach(of: promise, in: byNumber, depths: depths)
    }
    return nil
  }

  private func holds(_ property: Property, in state: State) -> Bool {
    (try? evaluator.evaluate(property, in: state)) ?? false
  }

  /// Whether a timer is armed that the spec does not except.
  private func hasOrphan(_ state: State) -> Bool {
    zip(model.instances, state.instances).contains { instance, local in
      local.armed.enumerated().contains { timer, isArmed in
        isArmed && !model.audit.exceptions.contains(.timer(role: instance.role, timer: timer))
      }
    }
  }

  private func isFinal(_ state: State) -> Bool {
    model.final.map { holds($0, in: state) } ?? false
  }

  private func violation(_ cost: Cost?) -> Answer {
    cost.map { .violated($0) } ?? unlessCutOff(.holds)
  }

  /// What is said of all runs is said only if none ends in an error.
  private func unlessCutOff(_ answer: Answer) -> Answer {
    firstError == nil ? answer : .undecided
  }

  /// The cost of the cheapest state with a quality.
  private func cheapest(_ isWanted: (State) -> Bool) -> Cost? {
    byCost.first { isWanted(byNumber[$0]) }.flatMap { costs[$0] }
  }

  /// AG EF: from every state a wanted one can be reached.
  private func isAlwaysReachable(_ isWanted: (State) -> Bool) -> Answer {
    var reaches = byNumber.map(isWanted)
    var open = reaches.indices.filter { reaches[$0] }
    while let state = open.popLast() {
      for previous in predecessors[state] where !reaches[previous] {
        reaches[previous] = true
        open.append(previous)
      }
    }
    return violation(reaches.indices.filter { !reaches[$0] }.compactMap { costs[$0] }.min())
  }

  /// An `otherwise` that is never needed is not a mistake.
  private func unfiredTransitions() -> [VacuityFinding.Kind] {
    model.transitions.indices.filter { number in
      let transition = model.transitions[number]
      // A role without instances is told once, not for each of its transitions.
      let hasInstances = model.instances.contains { $0.role == transition.role }
      return firings[number] == 0 && !transition.isOtherwise && hasInstances
    }
    .map { .transitionNeverFires($0) }
  }

  /// Of the enums that variables alone have.
  private func unreachedCases() -> Set<VacuityFinding.Kind> {
    var unreached: Set<VacuityFinding.Kind> = []
    let values = byNumber.flatMap { $0.instances.flatMap(\.variables) }
    var reached: Set<[Int]> = []
    for value in values { value.visitCases { reached.insert([$0, $1]) } }
    for enumeration in model.enumerationsToWatch {
      for enumCase in model.enumerations[enumeration].cases.indices
      where !reached.contains([enumeration, enumCase]) {
        unreached.insert(.caseNeverReached(enumeration: enumeration, enumCase: enumCase))
      }
    }
    return unreached
  }
}
