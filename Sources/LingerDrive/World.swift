package import LingerConform
import LingerEval
package import LingerKernel
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
  private var known: Memo<PartyState, [PartyStep]>
  private var expired: Memo<Expiry, [PartyStep]>
  private var received: Memo<Reception, PartyReceptions>
  private var allowed: Memo<Call, Bool>
  private var callsByState: Memo<[Int], [Int]>
  private var nextTransitions: Memo<SubjectStep, [Int]>

  struct NetworkTimes {
    /// How long a message lives, and the least and most that it is on its way, in nanoseconds.
    var lifetime: Int64?
    var shortest: Int64 = 0
    var longest: Int64?
  }

  /// What values are taken from that a step chooses from more than can be tried.
  enum Hints: Hashable {
    /// They are read off it.
    case message(SeenMessage)
    /// Each of these is tried.
    case values([Int])

    fileprivate var message: SeenMessage? {
      if case .message(let message) = self { message } else { nil }
    }

    /// Whether it leads to many steps, seldom the same: they are not remembered.
    fileprivate var isMany: Bool {
      if case .values = self { true } else { false }
    }

    fileprivate var values: [Int] {
      if case .values(let values) = self { values } else { [] }
    }
  }

  private struct PartyState: Hashable {
    var instance: Int
    var state: [Int]
    var hints: Hints?
  }

  private struct Expiry: Hashable {
    var timer: Int
    var party: PartyState
  }

  private struct Reception: Hashable {
    var instance: Int
    var state: [Int]
    var message: SeenMessage
    var sender: Int
    var hints: Hints?
  }

  private struct PartyReceptions {
    var steps: [PartyStep]
    /// Whether a transition takes the message, with whatever values, and none fails at it.
    var isSpecified: Bool
  }

  private struct SubjectStep: Hashable {
    var input: SubjectInput
    var state: [Int]
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
    // Fewer where a state has many registers.
    let most = min(100_000, 2_000_000 / max(1, kernel.stateWidth(ofRole: subject.role)))
    known = Memo(most: most)
    expired = Memo(most: most)
    received = Memo(most: most)
    allowed = Memo(most: most)
    callsByState = Memo(most: most)
    nextTransitions = Memo(most: most)
  }

  /// What an instance does by itself in a state, calls of its application included.
  func steps(of instance: Int, in state: [Int], hints: Hints? = nil) -> [PartyStep] {
    let hints = hasHints ? hints : nil
    let key = PartyState(instance: instance, state: state, hints: hints)
    if let steps = known[key] { return steps }
    guard let party = parties[instance] else { return [] }
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.guesses = hints?.values ?? []
    party.forEachOwnStep(in: &worker, seeing: hints?.message) { worker, step in
      guard step.error == nil, step.transition != nil else { return }
      steps.append(PartyStep(worker, step, of: instance))
    }
    steps.numberWays()
    if hints?.isMany ?? false { return steps }
    known.remember(steps, for: key)
    return steps
  }

  /// Which of the ways of a transition leads from one state to another; nil for none.
  package func way(
    of transition: Int,
    by instance: Int,
    from: [Int],
    to: [Int],
    hints: SeenMessage?
  ) -> Int? {
    steps(of: instance, in: from, hints: hints.map(Hints.message))
      .first { $0.transition == transition && $0.state == to }?.way
  }

  /// What an instance may do with a message, errors of the spec left out.
  func receptions(
    by instance: Int,
    in state: [Int],
    of message: SeenMessage,
    from sender: Int,
    hints: Hints? = nil
  ) -> [PartyStep] {
    work(
      Reception(
        instance: instance,
        state: state,
        message: message,
        sender: sender,
        hints: hasHints ? hints : nil
      )
    ).steps
  }

  /// Whether the spec says what the subject does with a message: a step that is an error of the
  /// spec says nothing.
  func takes(_ message: SeenMessage, in state: [Int]) -> Bool {
    work(
      Reception(
        instance: subject.instance,
        state: state,
        message: message,
        sender: subject.sender(of: message)
      )
    ).isSpecified
  }

  private func work(_ reception: Reception) -> PartyReceptions {
    if let known = received[reception] { return known }
    var steps: [PartyStep] = []
    let instance = reception.instance
    worker.setState(reception.state, of: instance)
    worker.guesses = reception.hints?.values ?? []
    var isError = false
    let isTaken = worker.forEachReception(
      by: instance,
      of: reception.message,
      from: reception.sender,
      seeing: reception.hints?.message
    ) { worker, step in
      guard step.error == nil else {
        isError = true
        return
      }
      steps.append(PartyStep(worker, step, of: instance))
    }
    steps.numberWays()
    let result = PartyReceptions(steps: steps, isSpecified: isTaken && !isError)
    if reception.hints?.isMany ?? false { return result }
    received.remember(result, for: reception)
    return result
  }

  /// Whether the subject's application may call in a state.
  func allows(_ name: String, _ arguments: [[Int]], in state: [Int]) -> Bool {
    let key = Call(name: name, arguments: arguments, state: state)
    if let known = allowed[key] { return known }
    worker.setState(state, of: subject.instance)
    let result = subject.allows(name, arguments, in: &worker)
    allowed.remember(result, for: key)
    return result
  }

  /// What an instance does when a timer of its expires.
  func expiries(
    of timer: Int,
    by instance: Int,
    in state: [Int],
    hints: Hints? = nil
  ) -> [PartyStep] {
    let hints = hasHints ? hints : nil
    let party = PartyState(instance: instance, state: state, hints: hints)
    let key = Expiry(timer: timer, party: party)
    if let steps = expired[key] { return steps }
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.guesses = hints?.values ?? []
    worker.forEachExpiry(of: timer, by: instance, seeing: hints?.message) { worker, step in
      guard step.error == nil else { return }
      steps.append(PartyStep(worker, step, of: instance))
    }
    if hints?.isMany ?? false { return steps }
    expired.remember(steps, for: key)
    return steps
  }

  /// The calls that are possible in a state.
  func calls(in state: [Int]) -> [Int] {
    if let known = callsByState[state] { return known }
    let result = possibleCalls.indices.filter {
      allows(possibleCalls[$0].name, possibleCalls[$0].arguments, in: state)
    }
    callsByState.remember(result, for: state)
    return result
  }

  /// The transitions that an input leads to in a state of the subject, as far as few values tell.
  func transitions(taking input: SubjectInput, in state: [Int]) -> [Int] {
    let key = SubjectStep(input: input, state: state)
    if let known = nextTransitions[key] { return known }
    var result: [Int] = []
    for case let transition? in steps(taking: input, in: state).map(\.transition)
    where !result.contains(transition) {
      result.append(transition)
    }
    nextTransitions.remember(result, for: key)
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
  /// Its number among the steps of this transition.
  fileprivate(set) var way = 0
  var state: [Int]
  var timers: [KernelEffects.TimerChange]
  var sends: [(network: Int, receiver: Int, message: SeenMessage)] = []
  /// Timers that it let expire, started or cancelled; a bit for each.
  var served: Int
  /// How elapsed times compare where it is possible; nil for any.
  let ways: [KernelElapsedWay]?

  init(_ worker: KernelWorker, _ step: KernelStep, of instance: Int) {
    transition = step.transition
    state = Array(worker.state(of: instance))
    timers = worker.effects.timers
    served = worker.servedTimers(of: instance)
    ways = worker.enabledWays
    for send in worker.sends {
      let message = SeenMessage(record: send.record, values: worker.values(of: send))
      sends.append((send.network, send.receiver, message))
    }
  }
}

extension [PartyStep] {
  fileprivate mutating func numberWays() {
    var counts: [Int: Int] = [:]
    for place in indices {
      guard let transition = self[place].transition else { continue }
      self[place].way = counts[transition, default: 0]
      counts[transition, default: 0] += 1
    }
  }

  /// The step that a name means.
  func named(_ name: Move.PartyChoice) -> PartyStep? {
    first { $0.transition == name.transition && $0.way == name.way }
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
