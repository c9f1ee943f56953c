import LingerEval
import LingerModel

/// Whether some fair run breaks a promise, by a way of its own on the reference evaluator.
///
/// For each condition of strong fairness, and for each message that is sent, it is guessed whether
/// it is served again and again, or not asked for from some point on. What is left are conditions
/// to be met again and again, and a greatest fixpoint of states from which each can be met (Emerson
/// and Lei). The explorer takes components apart instead.
struct FairCycles {
  private enum Condition: Hashable {
    case step(instance: Int, transition: Int)
    case timer(instance: Int, timer: Int)
    case passage(Envelope)
  }

  private struct Edge {
    var target: Int
    var served: Set<Condition>
    var sent: Set<Envelope>
  }

  private let evaluator: Evaluator
  private let states: [State]
  private var edges: [[Edge]] = []
  /// What weak or strong fairness sees enabled.
  private var enabled: [Set<Condition>] = []

  private var model: Model { evaluator.model }

  /// All states that can be reached.
  init(_ states: [State], on evaluator: Evaluator) {
    self.evaluator = evaluator
    self.states = states
    let numbers = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1, $0) })
    for state in states {
      var own: [Edge] = []
      var conditions: Set<Condition> = []
      for (instance, local) in state.instances.enumerated() {
        for (timer, isArmed) in local.armed.enumerated() where isArmed {
          conditions.insert(.timer(instance: instance, timer: timer))
        }
      }
      for successor in evaluator.successors(of: state) {
        let (served, sent) = Self.does(successor)
        conditions.formUnion(served.filter { if case .timer = $0 { false } else { true } })
        if case .success(let next) = successor.outcome, let target = numbers[next] {
          own.append(Edge(target: target, served: served, sent: sent))
        }
      }
      edges.append(own)
      enabled.append(conditions)
    }
  }

  private static func does(_ successor: Successor) -> (Set<Condition>, Set<Envelope>) {
    var served: Set<Condition> = []
    var sent: Set<Envelope> = []
    switch successor.step {
    case .lose, .duplicate: return ([], [])
    case .ignoredTimeout(let instance, let timer):
      served.insert(.timer(instance: instance, timer: timer))
    case .transition(let instance, let transition, let cause, _):
      served.insert(.step(instance: instance, transition: transition))
      if case .timeout(let timer) = cause {
        served.insert(.timer(instance: instance, timer: timer))
      }
      if case .receive(let envelope) = cause { served.insert(.passage(envelope)) }
    }
    for effect in successor.effects {
      switch effect {
      case .start(let instance, let timer, _), .cancel(let instance, let timer):
        served.insert(.timer(instance: instance, timer: timer))
      case .send(let envelope, _): sent.insert(envelope)
      case .signal: break
      }
    }
    return (served, sent)
  }

  /// Nil where there are too many guesses.
  func isBroken(_ promise: Promise, guesses limit: Int = 81) -> Bool? {
    func isTrue(_ property: Property, _ state: State) -> Bool {
      (try? evaluator.evaluate(property, in: state)) ?? false
    }
    let isWithout = states.map { !isTrue(promise.effect, $0) }
    var waiting = Set<Int>()
    var open = states.indices.filter { isWithout[$0] && isTrue(promise.cause, states[$0]) }
    while let state = open.popLast() {
      guard waiting.insert(state).inserted else { continue }
      open += edges[state].map(\.target).filter { isWithout[$0] }
    }
    let seen = waiting.reduce(into: Set<Condition>()) { $0.formUnion(enabled[$1]) }
    let strong = seen.filter { fairness(of: $0) == .strong }
    let sent = waiting.reduce(into: Set<Envelope>()) { result, state in
      for edge in edges[state] where waiting.contains(edge.target) { result.formUnion(edge.sent) }
    }
    var guesses = 1
    for _ in strong { guesses *= 2 }
    for _ in sent { guesses *= 3 }
    guard strong.count + sent.count <= 9, guesses <= limit else { return nil }
    let weak = seen.filter { fairness(of: $0) == .weak }
    return (0..<guesses).contains { guess in
      isBroken(waiting, weak, Array(strong), Array(sent), guess)
    }
  }

  private func fairness(of condition: Condition) -> Transition.Fairness {
    switch condition {
    case .step(_, let transition): model.transitions[transition].fairness
    case .timer: .weak
    case .passage(let envelope):
      model.networks[envelope.network].loss == .unlimited ? .none : .weak
    }
  }

  /// One guess: of each condition in turn a digit.
  private func isBroken(
    _ waiting: Set<Int>,
    _ weak: Set<Condition>,
    _ strong: [Condition],
    _ sent: [Envelope],
    _ guess: Int
  ) -> Bool {
    var rest = guess
    var nodes = waiting
    var silent: Set<Envelope> = []
    var recurring: [Condition] = []
    for condition in strong {
      if rest % 2 == 0 {
        recurring.append(condition)
      } else {
        nodes = nodes.filter { !enabled[$0].contains(condition) }
      }
      rest /= 2
    }
    for envelope in sent {
      switch rest % 3 {
      case 0: recurring.append(.passage(envelope))
      case 1: silent.insert(envelope)
      default: nodes = nodes.filter { !takes(envelope, states[$0]) }
      }
      rest /= 3
    }
    while true {
      var left = nodes
      for condition in weak {
        left.formIntersection(
          reaching(nodes, silent) { state, edge in
            !enabled[state].contains(condition) || edge?.served.contains(condition) == true
          }
        )
      }
      for condition in recurring {
        left.formIntersection(
          reaching(nodes, silent) { _, edge in edge?.served.contains(condition) == true }
        )
      }
      if left == nodes { return !nodes.isEmpty }
      nodes = left
    }
  }

  /// The states from which a good one, or a good edge, can be reached.
  private func reaching(
    _ nodes: Set<Int>,
    _ silent: Set<Envelope>,
    _ isGood: (Int, Edge?) -> Bool
  ) -> Set<Int> {
    var result = Set<Int>()
    while true {
      let more = nodes.filter { state in
        if result.contains(state) { return false }
        if isGood(state, nil) { return true }
        return edges[state].contains { edge in
          nodes.contains(edge.target) && edge.sent.isDisjoint(with: silent)
            && (result.contains(edge.target) || isGood(state, edge))
        }
      }
      if more.isEmpty { return result }
      result.formUnion(more)
    }
  }

  private func takes(_ envelope: Envelope, _ state: State) -> Bool {
    !evaluator.localSteps(
      of: envelope.receiver,
      local: state.instances[envelope.receiver],
      cause: .receive(envelope),
      copiesInFlight: { state.networks[$0.network].copies(of: $0) }
    ).isEmpty
  }
}
