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

  struct Party {
    /// Variables, then a flag for each timer, as registers.
    var state: [Int]
    /// When each timer that runs is due, and when it was started.
    var due: [Int: Int64] = [:]
    var started: [Int: Int64] = [:]
    /// The latest message that it took in: where it chooses from more values than can be tried, it
    /// answers in kind.
    var heard: SeenMessage?
  }

  /// A message on its way.
  struct Flying: Hashable {
    var message: SeenMessage
    var network: Int
    var sender: Int
    var receiver: Int
    var sentAt: Int64
  }

  init(_ world: World) {
    self.world = world
    losses = Array(repeating: 0, count: world.networks.count)
    copies = losses
    parties = world.model.instances.indices.map { instance in
      guard instance != world.subject.instance else { return nil }
      guard let subject = world.parties[instance] else { return Party(state: []) }
      var party = Party(state: world.initialState(of: instance))
      for start in subject.initialTimers {
        party.due[start.timer] = world.duration(start.duration)
        party.started[start.timer] = 0
      }
      return party
    }
  }

  // Messages.

  /// The messages that the network may hand to somebody now, the oldest first; of a queue only the
  /// first of each sender.
  func deliverable(to receiver: Int) -> [Int] {
    var places: [Int] = []
    var queues: Set<[Int]> = []
    for (place, message) in flying.enumerated() where message.receiver == receiver {
      let network = world.model.networks[message.network]
      if network.discipline == .queue,
        !queues.insert([message.network, message.sender]).inserted
      {
        continue
      }
      if time - message.sentAt >= world.networks[message.network].shortest { places.append(place) }
    }
    return places
  }

  /// Where the message is that a pick means; nil where there is none.
  func place(of pick: Move.Pick, to receiver: Int) -> Int? {
    let places = deliverable(to: receiver)
    switch pick {
    case .oldest: return places.first
    case .newest: return places.last
    case .message(let message): return places.first { flying[$0].message == message }
    case .like(let message):
      return places.first { flying[$0].message == message }
        ?? places.first { world.isLike(flying[$0].message, message) }
    }
  }

  func mayLose(_ place: Int) -> Bool {
    let network = flying[place].network
    switch world.model.networks[network].loss {
    case .never: return false
    case .unlimited: return true
    case .budget(let most): return losses[network] < most
    }
  }

  func mayCopy(_ place: Int) -> Bool {
    let network = flying[place].network
    switch world.model.networks[network].duplication {
    case .never: return false
    case .unlimited: return true
    case .budget(let most): return copies[network] < most
    }
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
  mutating func send(
    _ message: SeenMessage,
    _ network: Int,
    from sender: Int,
    to receiver: Int,
    at moment: Int64
  ) {
    let sent = Flying(
      message: message,
      network: network,
      sender: sender,
      receiver: receiver,
      sentAt: moment
    )
    let description = world.model.networks[network]
    let before = flying.reduce(0) { count, other in
      let isBefore =
        description.discipline == .queue
        ? other.network == network && other.sender == sender && other.receiver == receiver
        : other.network == network && other.sender == sender && other.receiver == receiver
          && other.message == message
      return count + (isBefore ? 1 : 0)
    }
    if description.discipline == .set {
      // A set has each message once; what is sent again lives on.
      flying.removeAll {
        $0.network == network && $0.sender == sender && $0.receiver == receiver
          && $0.message == message
      }
    } else if before >= description.effectiveCapacity {
      if !description.dropsWhenFull { isOverfull = true }
      return
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
    let step = first(hearing: arrived.message, party.state) { hints in
      receptions(of: arrived, hints: hints)
    }
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
    )
    return possible(steps, party)
  }

  /// What another party can do by itself.
  func ownSteps(of instance: Int, hints: World.Hints?) -> [PartyStep] {
    guard let party = parties[instance] else { return [] }
    return possible(world.steps(of: instance, in: party.state, hints: hints), party)
  }

  /// The steps that are possible now as far as guards ask for elapsed time.
  private func possible(_ steps: [PartyStep], _ party: Party) -> [PartyStep] {
    if steps.allSatisfy({ $0.ways == nil }) { return steps }
    return steps.filter { step in
      guard let ways = step.ways else { return true }
      return ways.contains { way in
        zip(way.questions, way.answers).allSatisfy { question, answer in
          answer
            == world.subject.relation(to: question) { timer in
              party.started[timer].map { start in time - start }
            }
        }
      }
    }
  }

  /// The first of the steps that a party can take whose choices are those of the message that it
  /// heard; where none can be, of few that are near.
  private func first(
    hearing heard: SeenMessage?,
    _ state: [Int],
    of steps: (World.Hints?) -> [PartyStep]
  ) -> PartyStep? {
    if let step = steps(heard.map(World.Hints.message)).first { return step }
    guard world.hasHints else { return nil }
    let near = ((heard?.values ?? []) + state).flatMap { [$0, $0 + 1] }
    return steps(.values(World.few(near))).first
  }

  /// The step of another party that a name means; where it cannot choose those values, the first of
  /// that transition with values near them.
  func ownStep(_ instance: Int, _ name: Move.PartyChoice) -> PartyStep? {
    guard let party = parties[instance] else { return nil }
    guard let hints = name.hints else { return ownSteps(of: instance, hints: nil).named(name) }
    let near = World.few((hints.values + party.state).flatMap { [$0, $0 + 1] })
    return ownSteps(of: instance, hints: .message(hints)).named(name)
      ?? ownSteps(of: instance, hints: .values(near)).first { $0.transition == name.transition }
  }

  /// Another party takes a step by itself.
  mutating func step(_ instance: Int, _ name: Move.PartyChoice) {
    if let step = ownStep(instance, name) { take(step, by: instance) }
  }

  private mutating func take(_ step: PartyStep, by instance: Int) {
    guard var party = parties[instance] else { return }
    party.state = step.state
    let timerCount = world.timerCounts[instance]
    let first = step.state.count - timerCount
    for timer in 0..<timerCount {
      if step.state[first + timer] == 0 {
        party.due[timer] = nil
        party.started[timer] = nil
      } else if step.served >> timer & 1 == 1,
        let duration = step.timers.last(where: { $0.timer == timer })?.duration
      {
        let (due, overflow) = time.addingReportingOverflow(world.duration(duration))
        party.due[timer] = overflow ? .max : due
        party.started[timer] = time
      }
    }
    parties[instance] = party
    for send in step.sends {
      self.send(send.message, send.network, from: instance, to: send.receiver, at: time)
    }
  }

  // Time.

  /// When the next timer of another party is due; `Int64.max` for never.
  var nextDue: Int64 {
    parties.reduce(.max) { least, party in
      party?.due.values.reduce(least, min) ?? least
    }
  }

  /// The last moment to which time may pass with these messages on their way: one that the network
  /// does not lose must have arrived by then.
  var latest: Int64 {
    flying.reduce(.max) { latest, message in
      guard let longest = world.networks[message.network].longest,
        world.model.networks[message.network].loss == .never
      else { return latest }
      return min(latest, message.sentAt + longest)
    }
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
      let times = world.networks[message.network]
      let age = time - message.sentAt
      return times.lifetime.map { age >= $0 } ?? false || times.longest.map { age > $0 } ?? false
    }
    for instance in parties.indices {
      // By number, so that the order is always the same.
      while let timer = parties[instance]?.due.filter({ $0.value <= time }).keys.min(),
        let party = parties[instance]
      {
        expiries += 1
        if expiries > Self.mostExpiries { return false }
        parties[instance]?.due[timer] = nil
        let step = first(hearing: party.heard, party.state) { hints in
          possible(
            world.expiries(of: timer, by: instance, in: party.state, hints: hints),
            party
          )
        }
        if let step { take(step, by: instance) }
      }
    }
    return true
  }

  private static let mostExpiries = 1000
}
