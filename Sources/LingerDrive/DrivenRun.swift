package import LingerConform
import LingerKernel
import LingerModel

/// One run of a subject among parties that are played: moves are made until one shows something
/// that the spec does not allow.
package struct DrivenRun {
  let world: World
  private(set) var surroundings: Surroundings
  package private(set) var follower: Follower
  /// The states that are believed now, and their number.
  private(set) var states: [[Int]]
  private(set) var believed: Int
  /// After how much forgetting of the world the numbers mean something.
  private var generation: Int
  /// The number of what the follower knows, where it has one and somebody has asked.
  private var standing: Int?
  private let subject: any DrivenSubject
  /// What the subject is told through; nil where it is waited for.
  private let pipeline: Pipeline?
  /// The moves that applied.
  package private(set) var moves: [Move] = []
  /// What went to the subject and came back, in order.
  package private(set) var exchanges: [Exchange] = []
  /// The reply to the reset; nil where none came.
  package private(set) var resetReply: SubjectReply?
  /// What is wrong, once something is.
  package private(set) var failure: Failure?
  /// Why the run cannot go on although nothing is wrong: the spec says nothing about what happened.
  package private(set) var end: String?
  /// When the subject's next timer is due, if it says so.
  private(set) var subjectNext: Int64?
  /// Why the subject cannot be driven at all.
  package private(set) var problem: String?
  package let seed: UInt64
  /// Whether what does not come out is known at once.
  package var judgesSilence: Bool { subject.hasVirtualTime }
  /// Inputs that the subject refused.
  package private(set) var refusedCount = 0
  /// Those since something else happened.
  private(set) var refusals: [SubjectInput] = []
  /// What was believed before the latest input.
  package private(set) var lastStates: [[Int]] = []
  /// The subject's transitions that explain what it did, in order.
  package private(set) var taken: [Int] = []

  /// One input and the reply to it.
  package struct Exchange: Sendable {
    package var input: SubjectInput
    package var time: Int64
    /// Nil where none came.
    package var reply: SubjectReply?
  }

  /// Why a run fails.
  package struct Failure: Sendable {
    package var kind: Kind
    /// In words, where the subject failed; what the follower found says the rest itself.
    package var text: String?

    package enum Kind: String, Hashable, Sendable {
      case unexpected = "unexpected output"
      case missing = "missing output"
      case state = "wrong state"
      case time = "wrong time"
      case crash
      case hang
      case garbage
    }
  }

  /// Waits that are longer are not made, in nanoseconds.
  private let longestWait: Int64
  /// On the wall clock nothing is told to the subject so near to the end of a timer that nobody
  /// could say which came first, in nanoseconds.
  private let margin: Int64

  init(
    _ world: World,
    _ engine: BeliefEngine,
    _ subject: any DrivenSubject,
    through pipeline: Pipeline? = nil,
    seed: UInt64,
    longestWait: Int64 = .max,
    margin: Int64 = 0
  ) {
    self.world = world
    self.margin = margin
    self.longestWait = longestWait
    self.subject = subject
    self.pipeline = pipeline
    self.seed = seed
    world.forgetIfFull()
    generation = world.generation
    moves.reserveCapacity(Self.usualCount)
    exchanges.reserveCapacity(Self.usualCount)
    surroundings = Surroundings(world)
    follower = Follower(engine, beginningAt: 0)
    states = follower.states
    believed = world.number(ofBelieved: states)
    do throws(SubjectFailure) {
      let reply: SubjectReply
      if let pipeline {
        reply = try pipeline.tell(.reset(seed: seed), guessing: nil)
      } else {
        reply = try subject.reset(seed: seed)
      }
      resetReply = reply
      world.forgetsOutcomes(for: follower)
      if reply.clock == nil {
        take(reply, to: nil, at: 0, in: world.beginning)
      } else {
        judge(reply, to: nil, at: 0)
      }
    } catch {
      note(error)
    }
    serveTimersDue()
  }

  /// Most runs have no more moves, and no more exchanges.
  private static let usualCount = 24

  /// Whether the reset is told as a step: where something came of it, or nothing followed.
  package var tellsReset: Bool {
    exchanges.isEmpty || resetReply.map { !$0.outputs.isEmpty } ?? false
  }

  package var isOver: Bool { failure != nil || end != nil }
  var time: Int64 { surroundings.time }

  /// Makes a move; false where it does not apply, and then nothing has happened.
  @discardableResult
  package mutating func make(_ move: Move) -> Bool {
    precondition(generation == world.generation, "another run has changed the numbers")
    // To look takes longer than most moves.
    if moves.count & 15 == 15, world.isFull { forgetNumbers() }
    guard !isOver, applies(move) else { return false }
    moves.append(move)
    if margin > 0 { keepClear() }
    if isOver { return true }
    switch move {
    case .call(let name, let arguments): tell(.call(name: name, arguments: arguments))
    case .forge(let message): tell(.receive(message))
    case .deliver(let pick, let receiver, let keepsCopy, let answer):
      guard let place = surroundings.place(of: pick, to: receiver) else { return true }
      let arrived = surroundings.take(place, keepingCopy: keepsCopy)
      if receiver == world.subject.instance {
        tell(.receive(world.message(arrived.message)))
      } else if !surroundings.receive(arrived, answer: answer) {
        end = "another party has no transition for a message of the subject's"
      }
    case .lose(let pick, let receiver):
      guard let place = surroundings.place(of: pick, to: receiver) else { return true }
      surroundings.lose(place)
    case .party(let instance, let step):
      surroundings.step(instance, step)
    case .wait(let wait):
      if let moment = moment(of: wait) { pass(to: moment) }
    }
    if surroundings.isOverfull, !isOver {
      end = "a network has no place for what was sent, and may not lose it"
    }
    serveTimersDue()
    return true
  }

  private mutating func forgetNumbers() {
    surroundings.forgetNumbers()
    generation = world.generation
    believed = world.number(ofBelieved: states)
    standing = nil
  }

  /// Timers of other parties that run for no time at all.
  private mutating func serveTimersDue() {
    if !isOver, surroundings.nextDue <= time, !surroundings.pass(to: time) {
      end = Self.endlessTimers
    }
  }

  private static let endlessTimers = "another party's timers go off for ever at one moment"

  /// Lets a timer that is about to expire, or has just expired, do so undisturbed.
  private mutating func keepClear() {
    guard let due = follower.nextExpiry, due - time < margin, due + margin > time else { return }
    pass(to: due + margin)
  }

  /// Tells the subject something at a time, whatever its surroundings.
  mutating func replay(_ input: SubjectInput, at moment: Int64) {
    guard !isOver else { return }
    tell(input, at: max(moment, time))
    surroundings.pass(to: max(moment, time))
  }

  /// Whether a move means something here.
  private func applies(_ move: Move) -> Bool {
    switch move {
    case .call(let name, let arguments): return allows(name, arguments)
    case .forge: return true
    case .deliver(let pick, let receiver, let keepsCopy, _):
      guard let place = surroundings.place(of: pick, to: receiver) else { return false }
      return !keepsCopy || surroundings.mayCopy(place)
    case .lose(let pick, let receiver):
      guard let place = surroundings.place(of: pick, to: receiver) else { return false }
      return surroundings.mayLose(place)
    case .party(let instance, let step):
      return surroundings.ownStep(instance, step) != nil
    case .wait(let wait): return moment(of: wait) != nil
    }
  }

  /// Whether the application may call in every state that is believed.
  func allows(_ name: String, _ arguments: [[Int]]) -> Bool {
    world.allows(name, arguments, believing: believed)
  }

  // Time.

  /// The moment at which a wait ends; nil where nothing is due.
  func moment(of wait: Move.Wait) -> Int64? {
    let due = min(follower.nextExpiry ?? .max, surroundings.nextDue, subjectNext ?? .max)
    guard due < .max, due > time, due - time <= longestWait else { return nil }
    let moment: Int64
    switch wait {
    case .untilDue: moment = due
    case .halfway: moment = time + (due - time) / 2
    case .justBefore: moment = due - 1_000_000
    }
    let end = min(moment, surroundings.latest)
    return end > time ? end : nil
  }

  /// Time passes for the subject and, timer by timer, for the others.
  private mutating func pass(to moment: Int64) {
    while !isOver, time < moment {
      let next = min(moment, max(surroundings.nextDue, time))
      tell(.advance, at: next)
      if !surroundings.pass(to: next), !isOver { end = Self.endlessTimers }
    }
  }

  // The subject.

  private mutating func tell(_ input: SubjectInput) { tell(input, at: time) }

  private mutating func tell(_ input: SubjectInput, at moment: Int64) {
    exchanges.append(Exchange(input: input, time: moment))
    let situation = situation(of: input, at: moment)
    lastStates = states
    do throws(SubjectFailure) {
      let reply = try answer(to: input, at: moment, in: situation)
      exchanges[exchanges.count - 1].reply = reply
      refusals.removeAll()
      if let situation, reply.clock == nil {
        take(reply, to: input, at: moment, in: situation)
      } else {
        explain(reply, to: input, at: moment)
      }
      if let end = reply.clock?.upperBound, end > time { surroundings.pass(to: end) }
    } catch {
      if case .refused = error { refusals.append(input) }
      note(error)
    }
  }

  /// What the subject answers, or may answer if it is the one that it was.
  private func answer(
    to input: SubjectInput,
    at moment: Int64,
    in situation: Situation?
  ) throws(SubjectFailure) -> SubjectReply {
    guard let pipeline else { return try subject.take(input, at: moment) }
    do throws(SubjectFailure) {
      return try pipeline.tell(
        .take(input, at: moment),
        guessing: situation?.answer(at: moment)
      )
    } catch {
      if case .refused = error { situation?.note(.failure(error), nil, at: moment) }
      throw error
    }
  }

  /// What is known and what the subject is told then; nil where it can hardly come again.
  private mutating func situation(of input: SubjectInput, at moment: Int64) -> Situation? {
    if world.forgetsOutcomes(for: follower) { standing = nil }
    standing = standing ?? world.known(by: follower)?.number
    return standing.flatMap { standing in
      world.situation(at: standing, after: moment - follower.latest, input)
    }
  }

  /// Judges a reply as it was judged before, or for the first time.
  private mutating func take(
    _ reply: SubjectReply,
    to input: SubjectInput?,
    at moment: Int64,
    in situation: Situation
  ) {
    if let outcome = world.outcome(of: reply, in: situation, at: moment) {
      follower.go(to: outcome.known, after: outcome.events, at: moment)
      (standing, states) = (outcome.known.number, outcome.states)
      believed = outcome.believed
      taken += outcome.transitions
      subjectNext = reply.next
      for output in reply.outputs {
        if case .output(let message) = output.observation { send(message, at: output.time) }
      }
      return
    }
    let (events, count) = (follower.eventCount, taken.count)
    explain(reply, to: input, at: moment)
    guard !isOver, let known = world.known(by: follower) else { return }
    let outcome = ExchangeMemo.Outcome(
      known: known,
      states: states,
      believed: believed,
      transitions: Array(taken[count...]),
      events: follower.eventCount - events
    )
    world.remember(outcome, of: reply, in: situation, at: moment)
    standing = known.number
  }

  /// Judges a reply, and finds the transitions that explain it.
  private mutating func explain(
    _ reply: SubjectReply,
    to input: SubjectInput?,
    at moment: Int64
  ) {
    let before = believed
    let due = follower.expired(by: moment)
    judge(reply, to: input, at: moment)
    guard failure == nil, let input else { return }
    taken += world.transitions(
      taking: input,
      in: before,
      due: due,
      to: believed,
      replying: reply
    )
  }

  /// Holds what came out, and what did not, against the spec.
  private mutating func judge(_ reply: SubjectReply, to input: SubjectInput?, at told: Int64) {
    subjectNext = reply.next
    standing = nil
    reply.forEachObservation(of: input, at: told, judgesSilence: judgesSilence) { seen, time in
      follower.observe(seen, at: time)
      if case .output(let message) = seen { send(message, at: time) }
    }
    conclude()
  }

  /// What the subject sent is on its way.
  private mutating func send(_ message: SeenMessage, at time: Int64) {
    guard let address = world.address(of: message) else { return }
    surroundings.send(
      Surroundings.Flying(
        message: world.number(of: message),
        network: address.network,
        sender: world.subject.instance,
        receiver: address.receiver,
        sentAt: time
      )
    )
  }

  private mutating func conclude() {
    states = follower.states
    believed = world.number(ofBelieved: states)
    switch follower.verdict {
    case .conforms: return
    case .inconclusive, .unknown: end = follower.reason
    case .violates:
      // What the clock on the wall says of times is not sure enough to fail for.
      let sure = subject.hasVirtualTime ? follower.firstDeviation : follower.orderDeviation
      guard let finding = sure else { return }
      let kind: Failure.Kind
      switch finding.cause {
      case .missing(let timers)
      where finding.isTime && timers.isEmpty && finding.observation != .quiet:
        kind = .time
      case .unexpected: kind = .unexpected
      case .missing, .silence: kind = .missing
      case .state: kind = .state
      }
      failure = Failure(kind: kind)
    }
  }

  private mutating func note(_ failed: SubjectFailure) {
    switch failed {
    case .crash(let text): failure = Failure(kind: .crash, text: text)
    case .hang(let text): failure = Failure(kind: .hang, text: text)
    case .garbage(let text): failure = Failure(kind: .garbage, text: text)
    case .refused: refusedCount += 1
    case .superseded: end = failed.text
    case .uncertain(let text): end = "the subject does not know what it did: \(text)"
    case .unusable(let text):
      end = text
      problem = text
    }
  }
}
