import LingerConform
import LingerKernel
import LingerModel

/// The other parties of a spec and the networks, as they are in the middle of a run.
package struct Surroundings {
  let world: World
  /// By instance; nil for the subject.
  private(set) var parties: [Party?]
  /// Messages on their way, in the order in which they were sent.
  private(set) var flying: [Flying] = []
  private(set) var time: Int64 = 0
  /// Whether something was sent for which a network had no place and that it may not lose.
  private(set) var isOverfull = false
  /// Losses and duplications so far, by network.
  private var losses: [Int]
  private var copies: [Int]
  /// When each timer that runs is due, and when it was started; those of all parties in a row.
  private var due: [Int64]
  private var started: [Int64?]

  /// In the place of a time: the timer does not run.
  static let never = Int64.max

  struct Party {
    /// The number of its state: variables, then a flag for each timer.
    var state: Int
    /// The number of the latest message that it took in: where it chooses from more values than can
    /// be tried, it answers in kind.
    var heard: Int?
  }

  /// A message on its way.
  struct Flying: Hashable {
    /// Its number.
    var message: Int
    var network: Int
    var sender: Int
    var receiver: Int
    var sentAt: Int64
  }

  init(_ world: World) {
    self.world = world
    losses = world.noFaults
    copies = losses
    due = world.firstDue
    started = world.firstStarted
    parties = world.firstParties
  }

  /// Everything forgets its numbers and gets new ones.
  mutating func forgetNumbers() {
    let states = parties.map { $0.map { world.registers($0.state) } }
    let heard = parties.map { $0?.heard.map(world.message) }
    let messages = flying.map { world.message($0.message) }
    world.forget()
    for place in parties.indices {
      guard let state = states[place] else { continue }
      parties[place] = Party(
        state: world.number(of: state),
        heard: heard[place].map(world.number)
      )
    }
    for place in flying.indices { flying[place].message = world.number(of: messages[place]) }
  }

  // Messages.

  /// Where the messages are that the network may hand to somebody now, the oldest first.
  func deliverable(to receiver: Int) -> [Int] {
    flying.indices.filter { isDeliverable($0, to: receiver) }
  }

  /// The first and the last of these; nil where there are none.
  func ends(to receiver: Int) -> (oldest: Int, newest: Int)? {
    var ends: (oldest: Int, newest: Int)?
    for place in flying.indices where isDeliverable(place, to: receiver) {
      ends = (ends?.oldest ?? place, place)
    }
    return ends
  }

  /// Of a queue only the first of each sender can be.
  private func isDeliverable(_ place: Int, to receiver: Int) -> Bool {
    let message = flying[place]
    guard message.receiver == receiver else { return false }
    let rules = world.networks[message.network]
    guard time - message.sentAt >= rules.shortest else { return false }
    if !rules.isQueue { return true }
    for earlier in 0..<place where flying[earlier].isAlong(message) { return false }
    return true
  }

  private func oldest(to receiver: Int) -> Int? {
    flying.indices.first { isDeliverable($0, to: receiver) }
  }

  /// Where the message is that a pick means; nil where there is none.
  func place(of pick: Move.Pick, to receiver: Int) -> Int? {
    switch pick {
    case .oldest: return oldest(to: receiver)
    case .newest: return flying.indices.last { isDeliverable($0, to: receiver) }
    case .message(let message):
      let number = world.number(of: message)
      return deliverable(to: receiver).first { flying[$0].message == number }
    case .like(let message):
      let places = deliverable(to: receiver)
      let number = world.number(of: message)
      return places.first { flying[$0].message == number }
        ?? places.first { world.isLike(self.message(at: $0), message) }
    }
  }

  /// A message on its way.
  func message(at place: Int) -> SeenMessage { world.message(flying[place].message) }

  func mayLose(_ place: Int) -> Bool {
    let network = flying[place].network
    return losses[network] < world.networks[network].mostLosses
  }

  func mayCopy(_ place: Int) -> Bool {
    let network = flying[place].network
    return copies[network] < world.networks[network].mostCopies
  }

  mutating func lose(_ place: Int) {
    losses[flying[place].network] += 1
    flying.remove(at: place)
  }

  /// Takes a message off the network, or a copy of it.
  mutating func take(_ place: Int, keepingCopy: Bool) -> Flying {
    let message = flying[place]
    if keepingCopy {
      copies[message.network] += 1
    } else {
      flying.remove(at: place)
    }
    return message
  }

  /// A message sets out; where the network is full, it is lost, or the spec says nothing more.
  mutating func send(_ sent: Flying) {
    let rules = world.networks[sent.network]
    switch rules.discipline {
    case .set:
      // A set has each message once; what is sent again lives on.
      flying.removeAll { $0.isAlong(sent) && $0.message == sent.message }
    case .queue, .multiset:
      var before = 0
      for other in flying
      where other.isAlong(sent)
        && (rules.isQueue || other.message == sent.message)
      { before += 1 }
      if before >= rules.capacity {
        if !rules.dropsWhenFull { isOverfull = true }
        return
      }
    }
    flying.append(sent)
  }

  // Parties.

  /// Another party takes in a message; false where its spec has no transition for it.
  ///
  /// - Parameters:
  ///   - arrived: the message.
  ///   - answer: what it does with it; where it cannot, and for nil, the first that it can do.
  /// - Returns: whether it has a transition.
  mutating func receive(_ arrived: Flying, answer: Move.PartyChoice?) -> Bool {
    let receiver = arrived.receiver
    guard let party = parties[receiver], world.isPlayed[receiver] else { return true }
    parties[receiver]?.heard = arrived.message
    if let answer,
      let step = receptions(of: arrived, hints: answer.hints.map(World.Hints.message))
        .named(answer)
    {
      take(step, by: receiver)
      return true
    }
    let step =
      world.hasHints
      ? first(hearing: arrived.message, party.state) { hints in
        receptions(of: arrived, hints: hints)
      } : receptions(of: arrived, hints: nil).first
    guard let step else { return false }
    take(step, by: receiver)
    return true
  }

  /// What another party can do with a message that arrives.
  func receptions(of arrived: Flying, hints: World.Hints?) -> [PartyStep] {
    guard let party = parties[arrived.receiver] else { return [] }
    let steps = world.receptions(
      by: arrived.receiver,
      in: party.state,
      of: arrived.message,
      from: arrived.sender,
      hints: hints
    ).steps
    return possible(steps, by: arrived.receiver)
  }

  /// What another party can do by itself.
  func ownSteps(of instance: Int, hints: World.Hints?) -> [PartyStep] {
    guard let party = parties[instance] else { return [] }
    return possible(world.steps(of: instance, in: party.state, hints: hints), by: instance)
  }

  /// What another party can do when a timer of its expires.
  private func expiries(of timer: Int, by instance: Int, hints: World.Hints?) -> [PartyStep] {
    guard let party = parties[instance] else { return [] }
    return possible(
      world.expiries(of: timer, by: instance, in: party.state, hints: hints),
      by: instance
    )
  }

  /// The steps that are possible now as far as guards ask for elapsed time.
  private func possible(_ steps: [PartyStep], by instance: Int) -> [PartyStep] {
    if !world.asksElapsedTime || steps.allSatisfy({ $0.ways == nil }) { return steps }
    return steps.filter { step in
      guard let ways = step.ways else { return true }
      return ways.contains { way in
        zip(way.questions, way.answers).allSatisfy { question, answer in
          answer
            == world.subject.relation(to: question) { timer in
              started[world.firstTimers[instance] + timer].map { start in time - start }
            }
        }
      }
    }
  }

  /// Where values are read off messages: the first of the steps that a party can take whose choices
  /// are those of the message that it heard; where none can be, of few that are near.
  private func first(
    hearing heard: Int?,
    _ state: Int,
    of steps: (World.Hints?) -> [PartyStep]
  ) -> PartyStep? {
    let message = heard.map(world.message)
    if let step = steps(message.map(World.Hints.message)).first { return step }
    let near = ((message?.values ?? []) + world.registers(state)).flatMap { [$0, $0 + 1] }
    return steps(.values(World.few(near))).first
  }

  /// The step of another party that a name means; where it cannot choose those values, the first of
  /// that transition with values near them.
  func ownStep(_ instance: Int, _ name: Move.PartyChoice) -> PartyStep? {
    guard let party = parties[instance] else { return nil }
    guard let hints = name.hints else { return ownSteps(of: instance, hints: nil).named(name) }
    let near = World.few(
      (hints.values + world.registers(party.state)).flatMap { [$0, $0 + 1] }
    )
    return ownSteps(of: instance, hints: .message(hints)).named(name)
      ?? ownSteps(of: instance, hints: .values(near)).first { $0.transition == name.transition }
  }

  /// Another party takes a step by itself.
  mutating func step(_ instance: Int, _ name: Move.PartyChoice) {
    if let step = ownStep(instance, name) { take(step, by: instance) }
  }

  private mutating func take(_ step: PartyStep, by instance: Int) {
    let numbers = step.numbers(in: world)
    parties[instance]?.state = numbers.state
    let timerCount = world.timerCounts[instance]
    let flags = step.registers.count - timerCount
    for timer in 0..<timerCount {
      let place = world.firstTimers[instance] + timer
      if step.registers[flags + timer] == 0 {
        due[place] = Self.never
        started[place] = nil
      } else if step.served >> timer & 1 == 1,
        let duration = step.timers.last(where: { $0.timer == timer })?.duration
      {
        let (moment, overflow) = time.addingReportingOverflow(world.duration(duration))
        due[place] = overflow ? Self.never : moment
        started[place] = time
      }
    }
    for (send, message) in zip(step.sends, numbers.messages) {
      self.send(
        Flying(
          message: message,
          network: send.network,
          sender: instance,
          receiver: send.receiver,
          sentAt: time
        )
      )
    }
  }

  // Time.

  /// When the next timer of another party is due; `Int64.max` for never.
  var nextDue: Int64 {
    var least = Self.never
    for moment in due where moment < least { least = moment }
    return least
  }

  /// The last moment to which time may pass with these messages on their way: one that the network
  /// does not lose must have arrived by then.
  var latest: Int64 {
    var latest = Int64.max
    for message in flying {
      let rules = world.networks[message.network]
      guard rules.isLossless, let longest = rules.longest else { continue }
      latest = min(latest, message.sentAt + longest)
    }
    return latest
  }

  /// Time passes until a moment no later than ``nextDue``; timers that are due then expire, and
  /// messages that have lived too long are gone.
  ///
  /// - Returns: false where timers go off for ever at one moment.
  @discardableResult
  mutating func pass(to moment: Int64) -> Bool {
    time = max(time, moment)
    var expiries = 0
    flying.removeAll { message in
      let rules = world.networks[message.network]
      let age = time - message.sentAt
      return rules.lifetime.map { age >= $0 } ?? false || rules.longest.map { age > $0 } ?? false
    }
    for instance in parties.indices {
      // By number, so that the order is always the same.
      while let timer = timerDue(of: instance), let party = parties[instance] {
        expiries += 1
        if expiries > Self.mostExpiries { return false }
        due[world.firstTimers[instance] + timer] = Self.never
        let step =
          world.hasHints
          ? first(hearing: party.heard, party.state) { hints in
            self.expiries(of: timer, by: instance, hints: hints)
          } : self.expiries(of: timer, by: instance, hints: nil).first
        if let step { take(step, by: instance) }
      }
    }
    return true
  }

  /// The first timer of a party that is due by now.
  private func timerDue(of instance: Int) -> Int? {
    let first = world.firstTimers[instance]
    return (0..<world.timerCounts[instance]).first { timer in
      due[first + timer] <= time && due[first + timer] < Self.never
    }
  }

  private static let mostExpiries = 1000
}

extension Surroundings.Flying {
  /// Whether both are on the same way.
  fileprivate func isAlong(_ other: Surroundings.Flying) -> Bool {
    network == other.network && sender == other.sender && receiver == other.receiver
  }
}
