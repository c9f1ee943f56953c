package import LingerConform
import LingerEval
package import LingerKernel
package import LingerModel

/// What a spec says of the parties around a subject, ready to be played; one for each thread.
///
/// What a party can do in a state is worked out once: around most subjects few states come again
/// and again. They and the messages have numbers, so that what was worked out is looked up without
/// a look at their registers.
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
  /// By instance: the place of its first timer among those of all.
  let firstTimers: [Int]
  /// By instance: the state that it begins with, as registers.
  let beginnings: [[Int]]
  /// When the timers of all instances are due first; ``Surroundings/never`` for one that does not
  /// run.
  let firstDue: [Int64]
  /// When they were started.
  let firstStarted: [Int64?]
  let networks: [NetworkRules]
  /// By network: none.
  let noFaults: [Int]
  /// Calls with arguments that are tried.
  let possibleCalls: [(name: String, arguments: [[Int]])]
  /// The kinds of message that may come to the subject.
  let recordsToSubject: [Int]
  /// Whether some value that a party chooses is read off what it sends.
  let hasHints: Bool
  /// Whether guards ask how much time has passed.
  let asksElapsedTime: Bool
  /// By record: where a message of the subject's goes.
  private let addresses: [(network: Int, receiver: Int)?]
  private var worker: KernelWorker
  var memory = WorldMemory()
  private let mostWords: Int
  /// How often everything was forgotten.
  private(set) var generation = 0

  /// What values are taken from that a step chooses from more than can be tried.
  enum Hints {
    /// They are read off it.
    case message(SeenMessage)
    /// Each of these is tried.
    case values([Int])

    fileprivate var message: SeenMessage? {
      if case .message(let message) = self { message } else { nil }
    }

    fileprivate var values: [Int] {
      if case .values(let values) = self { values } else { [] }
    }
  }

  /// What a party may do with a message.
  struct Receptions {
    var steps: [PartyStep]
    /// Whether a transition takes the message, with whatever values, and none fails at it.
    var isSpecified: Bool
  }

  /// - Parameters:
  ///   - subject: the instance that is driven.
  ///   - mostWords: of memory for what was worked out, about; with more all of it is forgotten.
  package init(_ subject: Subject, mostWords: Int = World.mostWords) {
    self.subject = subject
    self.mostWords = mostWords
    let model = subject.model
    self.model = model
    let worker = KernelWorker(subject.kernel)
    let parties: [Subject?] = model.instances.indices.map { instance in
      instance == subject.instance
        ? subject : try? Subject(instance, of: subject.model, sharing: subject.kernel)
    }
    self.parties = parties
    isPlayed = parties.map { $0 != nil }
    timerCounts = parties.map { $0?.timerCount ?? 0 }
    let counts = timerCounts
    firstTimers = counts.indices.map { counts[..<$0].reduce(0, +) }
    beginnings = parties.indices.map { parties[$0] == nil ? [] : worker.initialState(of: $0) }
    firstDue = parties.enumerated().flatMap { instance, party in
      var due = [Int64](repeating: Surroundings.never, count: counts[instance])
      guard let party, instance != subject.instance else { return due }
      for start in party.initialTimers { due[start.timer] = subject.duration(start.duration) }
      return due
    }
    firstStarted = firstDue.map { $0 == Surroundings.never ? nil : 0 }
    networks = model.networks.map { NetworkRules($0, subject.model) }
    noFaults = Array(repeating: 0, count: networks.count)
    possibleCalls = subject.fewCalls
    recordsToSubject = model.recordsReceived(by: subject.role)
    addresses = model.addresses(from: subject.instance)
    hasHints = subject.kernel.hasHints
    asksElapsedTime = !subject.kernel.elapsedQuestions.isEmpty
    self.worker = worker
  }

  // Numbers.

  /// The number of a state of a party.
  func number(of state: [Int]) -> Int { memory.states.number(of: state) }

  /// By instance: how a run begins.
  var firstParties: [Surroundings.Party?] {
    if let known = memory.firstParties { return known }
    let result = beginnings.enumerated().map { instance, state in
      instance == subject.instance ? nil : Surroundings.Party(state: number(of: state))
    }
    memory.firstParties = result
    return result
  }

  func registers(_ state: Int) -> [Int] { Array(memory.states[state]) }

  func number(of message: SeenMessage) -> Int {
    let number = memory.messageRows.number(of: message.record, before: message.values)
    if number == memory.messages.count { memory.messages.append(message) }
    return number
  }

  func message(_ number: Int) -> SeenMessage { memory.messages[number] }

  package static let mostWords = 8_000_000

  /// Whether it is time to forget.
  var isFull: Bool { memory.takes(moreThan: mostWords) }

  /// Throws all numbers away where there are many. Nobody may have one.
  func forgetIfFull() {
    if isFull { forget() }
  }

  /// Throws all numbers away.
  func forget() {
    memory = WorldMemory()
    generation += 1
  }

  /// Nil for hints that lead to many steps, seldom the same: they are not remembered.
  private func number(of hints: Hints?) -> Int? {
    switch hints {
    case nil: 0
    case .message(let message): number(of: message) + 1
    case .values: nil
    }
  }

  // Steps.

  /// What an instance does by itself in a state, calls of its application included.
  func steps(of instance: Int, in state: Int, hints: Hints? = nil) -> [PartyStep] {
    let hints = hasHints ? hints : nil
    guard let hint = number(of: hints) else {
      return steps(of: instance, in: registers(state), hints)
    }
    let place = memory.ownSteps.place(of: instance, state, hint)
    if let known = memory.ownSteps[place] { return known }
    let steps = steps(of: instance, in: registers(state), hints)
    memory.ownSteps[place] = steps
    memory.stepWords += steps.wordCount
    return steps
  }

  private func steps(of instance: Int, in state: [Int], _ hints: Hints?) -> [PartyStep] {
    guard let party = parties[instance] else { return [] }
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.guesses = hints?.values ?? []
    party.forEachOwnStep(in: &worker, seeing: hints?.message) { worker, step in
      guard step.error == nil, step.transition != nil else { return }
      steps.append(PartyStep(worker, step, of: instance))
    }
    steps.numberWays()
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
    steps(of: instance, in: number(of: from), hints: hints.map(Hints.message))
      .first { $0.transition == transition && $0.registers == to }?.way
  }

  /// What an instance may do with a message, errors of the spec left out.
  func receptions(
    by instance: Int,
    in state: Int,
    of message: Int,
    from sender: Int,
    hints: Hints? = nil
  ) -> Receptions {
    let hints = hasHints ? hints : nil
    guard let hint = number(of: hints) else {
      return receptions(
        by: instance,
        in: registers(state),
        of: self.message(message),
        sender,
        hints
      )
    }
    let place = memory.receptions.place(of: instance << 32 | sender, state, message << 32 | hint)
    if let known = memory.receptions[place] { return known }
    let result = receptions(
      by: instance,
      in: registers(state),
      of: self.message(message),
      sender,
      hints
    )
    memory.receptions[place] = result
    memory.stepWords += result.steps.wordCount
    return result
  }

  private func receptions(
    by instance: Int,
    in state: [Int],
    of message: SeenMessage,
    _ sender: Int,
    _ hints: Hints?
  ) -> Receptions {
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.guesses = hints?.values ?? []
    var isError = false
    let isTaken = worker.forEachReception(
      by: instance,
      of: message,
      from: sender,
      seeing: hints?.message
    ) { worker, step in
      guard step.error == nil else {
        isError = true
        return
      }
      steps.append(PartyStep(worker, step, of: instance))
    }
    steps.numberWays()
    return Receptions(steps: steps, isSpecified: isTaken && !isError)
  }

  /// What an instance does when a timer of its expires.
  func expiries(
    of timer: Int,
    by instance: Int,
    in state: Int,
    hints: Hints? = nil
  ) -> [PartyStep] {
    let hints = hasHints ? hints : nil
    guard let hint = number(of: hints) else {
      return expiries(of: timer, by: instance, in: registers(state), hints)
    }
    let place = memory.expiries.place(of: instance << 32 | timer, state, hint)
    if let known = memory.expiries[place] { return known }
    let steps = expiries(of: timer, by: instance, in: registers(state), hints)
    memory.expiries[place] = steps
    memory.stepWords += steps.wordCount
    return steps
  }

  private func expiries(
    of timer: Int,
    by instance: Int,
    in state: [Int],
    _ hints: Hints?
  ) -> [PartyStep] {
    var steps: [PartyStep] = []
    worker.setState(state, of: instance)
    worker.guesses = hints?.values ?? []
    worker.forEachExpiry(of: timer, by: instance, seeing: hints?.message) { worker, step in
      guard step.error == nil else { return }
      steps.append(PartyStep(worker, step, of: instance))
    }
    return steps
  }

  /// Whether the subject's application may call in a state, as it is worked out.
  func allows(_ name: String, _ arguments: [[Int]], in state: [Int]) -> Bool {
    worker.setState(state, of: subject.instance)
    return subject.allows(name, arguments, in: &worker)
  }

  /// How long a timer that was started runs, in nanoseconds.
  func duration(_ number: Int) -> Int64 { subject.duration(number) }

  /// The network and the receiver of a message that the subject sends: the first instance of the
  /// role that such messages go to.
  func address(of message: SeenMessage) -> (network: Int, receiver: Int)? {
    addresses[message.record]
  }
}

extension [PartyStep] {
  fileprivate var wordCount: Int { reduce(0) { $0 + $1.wordCount } }
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
