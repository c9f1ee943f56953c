package import LingerConform
import LingerEval
import LingerKernel
package import LingerModel

/// What a spec says of the parties around a subject, ready to be played; one for each thread.
///
/// What a party can do in a state is worked out once: around most subjects few states come again
/// and again.
package final class World {
  package let model: Model
  /// The instance that is driven.
  package let subject: Subject
  /// By instance; nil where its steps depend on what only the whole system knows, so that it only
  /// takes messages in.
  let parties: [Subject?]
  /// By instance: whether it is played, and how many timers it has.
  let isPlayed: [Bool]
  let timerCounts: [Int]
  let networks: [NetworkTimes]
  /// Calls with arguments that are tried.
  let possibleCalls: [(name: String, arguments: [[Int]])]
  /// The kinds of message that may come to the subject.
  let recordsToSubject: [Int]
  /// By record: where a message of the subject's goes.
  private let addresses: [(network: Int, receiver: Int)?]
  private let kernel: StepKernel
  private var worker: KernelWorker
  private var known: [PartyState: [PartyStep]] = [:]
  private var received: [Reception: PartyReceptions] = [:]
  private var allowed: [Call: Bool] = [:]
  private var callsByState: [[Int]: [Int]] = [:]

  /// Entries that are remembered before all are forgotten.
  private static let mostRemembered = 100_000

  struct NetworkTimes {
    /// How long a message lives, and the least and most that it is on its way, in nanoseconds.
    var lifetime: Int64?
    var shortest: Int64 = 0
    var longest: Int64?
  }

  private struct PartyState: Hashable {
    var instance: Int
    var state: [Int]
    var hints: SeenMessage?
  }

  private struct Reception: Hashable {
    var instance: Int
    var state: [Int]
    var message: SeenMessage
    var sender: Int
  }

  private struct PartyReceptions {
    var steps: [PartyStep]
    /// Whether a transition takes the message, with whatever values.
    var isTaken: Bool
  }

  private struct Call: Hashable {
    var name: String
    var arguments: [[Int]]
    var state: [Int]
  }

  package init(_ subject: Subject) {
    self.subject = subject
    model = subject.model
    kernel = subject.kernel
    worker = KernelWorker(kernel)
    parties = model.instances.indices.map { instance in
      instance == subject.instance
        ? subject : try? Subject(instance, of: subject.model, sharing: subject.kernel)
    }
    isPlayed = parties.map { $0 != nil }
    timerCounts = parties.map { $0?.timerCount ?? 0 }
    networks = model.networks.map { NetworkTimes($0, subject.model) }
    possibleCalls = subject.fewCalls
    recordsToSubject = model.recordsReceived(by: subject.role)
    addresses = model.addresses(from: subject.instance)
  }

  /// What an instance does by itself in a state, calls of its application included.
  func steps(of instance: Int, in state: [Int], hints: SeenMessage? = nil) -> [PartyStep] {
    let key = PartyState(instance: instance, state: state, hints: hints)
    if let steps = known[key] { return steps }
    guard let party = parties[instance] else { return [] }
    var steps: [PartyStep] = []
    var ways: [Int: Int] = [:]
    worker.setState(state, of: instance)
    party.forEachOwnStep(in: &worker, seeing: hints) { worker, step in
      guard step.error == nil, let number = step.transition else { return }
      steps.append(PartyStep(worker, step, of: instance, way: ways[number, default: 0]))
      ways[number, default: 0] += 1
    }
    if known.count >= Self.mostRemembered { known.removeAll(keepingCapacity: true) }
    known[key] = steps
    return steps
  }

  /// Which of the ways of a transition leads from one state to another; nil for none.
  package func way(of transition: Int, by instance: Int, from: [Int], to: [Int]) -> Int? {
    steps(of: instance, in: from).first { $0.transition == transition && $0.state == to }?.way
  }

  /// What an instance may do with a message, errors of the spec left out.
  func receptions(
    by instance: Int,
    in state: [Int],
    of message: SeenMessage,
    from sender: Int
  ) -> [PartyStep] {
    work(Reception(instance: instance, state: state, message: message, sender: sender)).steps
  }

  /// Whether the spec says what the subject does with a message.
  func takes(_ message: SeenMessage, in state: [Int]) -> Bool {
    work(
      Reception(
        instance: subject.instance,
        state: state,
        message: message,
        sender: subject.sender(of: message)
      )
    ).isTaken
  }

  private func work(_ reception: Reception) -> PartyReceptions {
    if let known = received[reception] { return known }
    var steps: [PartyStep] = []
    let instance = reception.instance
    worker.setState(reception.state, of: instance)
    let isTaken = worker.forEachReception(
      by: instance,
      of: reception.message,
      from: reception.sender,
      seeing: nil
    ) { worker, step in
      guard step.error == nil else { return }
      steps.append(PartyStep(worker, step, of: instance, way: steps.count))
    }
    if received.count >= Self.mostRemembered { received.removeAll(keepingCapacity: true) }
    let result = PartyReceptions(steps: steps, isTaken: isTaken)
    received[reception] = result
    return result
  }

  /// Whether the subject's application may call in a state.
  func allows(_ name: String, _ arguments: [[Int]], in state: [Int]) -> Bool {
    let key = Call(name: name, arguments: arguments, state: state)
    if let known = allowed[key] { return known }
    worker.setState(state, of: subject.instance)
    let result = subject.allows(name, arguments, in: &worker)
    if allowed.count >= Self.mostRemembered { allowed.removeAll(keepingCapacity: true) }
    allowed[key] = result
    return result
  }

  /// What an instance does when a timer of its expires.
  func expiries(of timer: Int, by instance: Int, in state: [Int]) -> [PartyStep] {
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.forEachExpiry(of: timer, by: instance, seeing: nil) { worker, step in
      guard step.error == nil else { return }
      steps.append(PartyStep(worker, step, of: instance, way: steps.count))
    }
    return steps
  }

  /// The calls that are possible in a state.
  func calls(in state: [Int]) -> [Int] {
    if let known = callsByState[state] { return known }
    let result = possibleCalls.indices.filter {
      allows(possibleCalls[$0].name, possibleCalls[$0].arguments, in: state)
    }
    if callsByState.count >= Self.mostRemembered { callsByState.removeAll(keepingCapacity: true) }
    callsByState[state] = result
    return result
  }

  /// An instance's initial state as registers.
  func initialState(of instance: Int) -> [Int] { worker.initialState(of: instance) }

  /// How long a timer that was started runs, in nanoseconds.
  func duration(_ number: Int) -> Int64 { subject.duration(number) }

  /// The network and the receiver of a message that the subject sends: the first instance of the
  /// role that such messages go to.
  func address(of message: SeenMessage) -> (network: Int, receiver: Int)? {
    addresses[message.record]
  }
}

/// A step that a party can take.
struct PartyStep {
  var transition: Int?
  /// Its number among the steps of this transition in this state.
  var way: Int
  var state: [Int]
  var starts: [KernelEffects.Start]
  var sends: [(network: Int, receiver: Int, message: SeenMessage)] = []
  /// Timers that it let expire, started or cancelled; a bit for each.
  var served: Int

  init(_ worker: KernelWorker, _ step: KernelStep, of instance: Int, way: Int) {
    transition = step.transition
    self.way = way
    state = Array(worker.state(of: instance))
    starts = worker.effects.starts
    served = worker.servedTimers(of: instance)
    for (number, send) in worker.sends.enumerated() {
      let values = Array(worker.effects.values[worker.effects.sends[number]])
      sends.append(
        (send.network, send.receiver, SeenMessage(record: send.record, values: values))
      )
    }
  }
}

extension World.NetworkTimes {
  fileprivate init(_ network: Network, _ model: Model) {
    func nanoseconds(_ expression: Expression?) -> Int64? {
      guard let time = expression.flatMap(model.duration) else { return nil }
      let exact = time * Rational(1_000_000_000)
      return Int64(clamping: exact.roundedDown.integer ?? .max)
    }
    lifetime = nanoseconds(network.lifetime)
    shortest = nanoseconds(network.delay?.shortest) ?? 0
    longest = nanoseconds(network.delay?.longest)
  }
}

extension Model {
  /// The kinds of message that a role may get.
  fileprivate func recordsReceived(by role: Int) -> [Int] {
    var result: [Int] = []
    for network in networks {
      for route in network.routes where route.receiver == role {
        for record in route.messages where !result.contains(record) { result.append(record) }
      }
    }
    return result
  }

  /// By record: the network, and the first other instance of the role that it goes to.
  fileprivate func addresses(from instance: Int) -> [(network: Int, receiver: Int)?] {
    var result: [(network: Int, receiver: Int)?] = Array(repeating: nil, count: records.count)
    for (number, network) in networks.enumerated() {
      for route in network.routes where route.sender == instances[instance].role {
        guard let receiver = instances(of: route.receiver).first(where: { $0 != instance }) else {
          continue
        }
        for record in route.messages where result[record] == nil {
          result[record] = (number, receiver)
        }
      }
    }
    return result
  }
}
