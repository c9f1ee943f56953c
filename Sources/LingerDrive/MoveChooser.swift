import LingerEval
import LingerConform
import LingerKernel
import LingerModel

/// Chooses the moves of a run at random: each run with some of the faults and tricks only, and
/// what leads to transitions that were seldom taken more often.
///
/// Runs that try everything at once rarely get far. Groce et al., "Swarm testing", 2012.
package struct MoveChooser {
  private let habits: Habits
  private var random: RandomNumbers
  private let coverage: Coverage
  /// What the next move may be; kept for its room.
  private var candidates: [Candidate] = []
  /// What candidates that are steps are picked from.
  private var steps: [[PartyStep]] = []
  /// The candidate that nobody sent.
  private var forgery: SeenMessage?
  /// Numbers near which others are tried, once somebody has asked in this state.
  private var near: [Int]?

  /// What this run does beside the plain course of things.
  private struct Habits {
    var loses = false
    var copies = false
    var reorders = false
    var jumps = false
    var forges = false
    /// Applications act often.
    var isBusy = false
  }

  /// What may be next. It becomes a move, with names, when it is picked; until then it is numbers
  /// only, since most are not picked.
  private struct Candidate {
    var choice: Choice
    var weight: Int
  }

  private enum Choice {
    /// Its number among those of the world.
    case call(Int)
    case deliver(Delivery, keepsCopy: Bool, answer: StepPlace?)
    case lose(Delivery)
    case forge
    case party(Int, StepPlace)
    case wait(Move.Wait)
  }

  /// Which of ``steps``.
  private struct StepPlace {
    var row: Int
    var place: Int
  }

  /// Which of the messages on their way to somebody.
  private struct Delivery {
    var order: Order
    var place: Int
    var receiver: Int

    enum Order { case oldest, newest, any }
  }

  /// - Parameters:
  ///   - faults: what the network and strangers may do.
  ///   - seed: everything follows from it.
  ///   - coverage: what earlier runs took.
  package init(_ faults: Faults, seed: UInt64, coverage: Coverage) {
    var random = RandomNumbers(seed: seed)
    var habits = Habits()
    habits.loses = faults.contains(.loss) && random.happens(50)
    habits.copies = faults.contains(.duplication) && random.happens(50)
    habits.reorders = faults.contains(.reordering) && random.happens(50)
    habits.jumps = random.happens(50)
    habits.forges = faults.contains(.forgery) && random.happens(60)
    habits.isBusy = random.happens(50)
    self.habits = habits
    self.random = random
    self.coverage = coverage
  }

  /// The next move; nil where nothing can happen any more.
  package mutating func next(in run: DrivenRun) -> Move? {
    candidates.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    near = nil
    addCalls(run)
    addMessages(run)
    addParties(run)
    if habits.forges {
      forgery = forged(run)
      if forgery != nil { add(.forge, 12) }
    }
    let isQuiet = candidates.isEmpty
    if run.moment(of: .untilDue) != nil {
      add(.wait(.untilDue), isQuiet ? 8 : 3)
      if habits.jumps {
        add(.wait(.halfway), 2)
        add(.wait(.justBefore), 2)
      }
    }
    var total = 0
    for candidate in candidates { total += candidate.weight }
    guard total > 0 else { return nil }
    var rest = random.below(total)
    for candidate in candidates {
      rest -= candidate.weight
      if rest < 0 { return move(candidate.choice, run) }
    }
    return nil
  }

  private mutating func add(_ choice: Choice, _ weight: Int) {
    candidates.append(Candidate(choice: choice, weight: weight))
  }

  private func move(_ choice: Choice, _ run: DrivenRun) -> Move? {
    switch choice {
    case .call(let number):
      let (name, arguments) = run.world.possibleCalls[number]
      return .call(name: name, arguments: arguments)
    case .deliver(let delivery, let keepsCopy, let answer):
      let pick = pick(delivery, run)
      return .deliver(
        pick,
        to: delivery.receiver,
        keepsCopy: keepsCopy,
        answer: answer.flatMap {
          name(of: steps[$0.row][$0.place], answering: pick, to: delivery.receiver, run)
        }
      )
    case .lose(let delivery): return .lose(pick(delivery, run), to: delivery.receiver)
    case .forge: return forgery.map(Move.forge)
    case .party(let instance, let place):
      let step = steps[place.row][place.place]
      if let name = run.world.plainName(of: step) { return .party(instance, name) }
      let exact = run.world.name(of: step) { hints in
        run.surroundings.ownSteps(of: instance, hints: hints)
      }
      let near = Move.PartyChoice(
        step.transition ?? 0,
        way: step.way,
        hints: step.sends.first?.message
      )
      return .party(instance, exact ?? near)
    case .wait(let wait): return .wait(wait)
    }
  }

  private func pick(_ delivery: Delivery, _ run: DrivenRun) -> Move.Pick {
    switch delivery.order {
    case .oldest: .oldest
    case .newest: .newest
    case .any: .message(run.surroundings.message(at: delivery.place))
    }
  }

  private func name(
    of step: PartyStep,
    answering pick: Move.Pick,
    to receiver: Int,
    _ run: DrivenRun
  ) -> Move.PartyChoice? {
    if let name = run.world.plainName(of: step) { return name }
    guard let place = run.surroundings.place(of: pick, to: receiver) else { return nil }
    return run.world.name(of: step) { hints in
      run.surroundings.receptions(of: run.surroundings.flying[place], hints: hints)
    }
  }

  /// How much more often something is done that leads where few runs were.
  private func novelty(_ transitions: [Int], _ run: DrivenRun) -> Int {
    let last = run.taken.last
    var least = Int.max
    for transition in transitions { least = min(least, coverage.count(transition, after: last)) }
    return least == 0 ? 8 : least < 8 ? 3 : 1
  }

  private mutating func addCalls(_ run: DrivenRun) {
    for call in run.world.calls(believing: run.believed) {
      if !run.refusals.isEmpty {
        let (name, arguments) = run.world.possibleCalls[call.number]
        if run.refusals.contains(.call(name: name, arguments: arguments)) { continue }
      }
      add(.call(call.number), novelty(call.transitions, run) * (habits.isBusy ? 6 : 2))
    }
  }

  private mutating func addMessages(_ run: DrivenRun) {
    if run.surroundings.flying.isEmpty { return }
    for receiver in run.surroundings.parties.indices {
      guard let (oldest, newest) = run.surroundings.ends(to: receiver) else { continue }
      let isMixed = habits.reorders && oldest < newest
      let any = isMixed ? random.pick(run.surroundings.deliverable(to: receiver)) : oldest
      addMessage(Delivery(order: .oldest, place: oldest, receiver: receiver), run)
      if isMixed {
        addMessage(Delivery(order: .newest, place: newest, receiver: receiver), run)
        addMessage(Delivery(order: .any, place: any, receiver: receiver), run)
      }
    }
  }

  private mutating func addMessage(_ delivery: Delivery, _ run: DrivenRun) {
    let flying = run.surroundings.flying[delivery.place]
    var weight = 8
    if delivery.receiver == run.world.subject.instance {
      let transitions = run.world.arrival(of: flying.message, believing: run.believed)
      guard let transitions else { return }
      weight *= novelty(transitions, run)
    }
    let answer = self.answer(to: flying, run)
    add(.deliver(delivery, keepsCopy: false, answer: answer), weight)
    if habits.copies, run.surroundings.mayCopy(delivery.place) {
      add(.deliver(delivery, keepsCopy: true, answer: answer), max(2, weight / 4))
    }
    if habits.loses, run.surroundings.mayLose(delivery.place) { add(.lose(delivery), 3) }
  }

  /// What another party does with a message, where it can do several things.
  private mutating func answer(to arrived: Surroundings.Flying, _ run: DrivenRun) -> StepPlace? {
    guard run.world.isPlayed[arrived.receiver], arrived.receiver != run.world.subject.instance
    else { return nil }
    let hints = run.world.hasHints ? guesses(run) : nil
    let steps = run.surroundings.receptions(of: arrived, hints: hints)
    guard steps.count > 1 else { return nil }
    self.steps.append(steps)
    return StepPlace(row: self.steps.count - 1, place: random.below(steps.count))
  }

  /// What other parties may do by themselves: all of it, or with values of each transition one way.
  private mutating func addParties(_ run: DrivenRun) {
    let world = run.world
    for instance in run.surroundings.parties.indices where world.isPlayed[instance] {
      let hints = world.hasHints ? guesses(run) : nil
      var steps = run.surroundings.ownSteps(of: instance, hints: hints)
      if world.hasHints { steps = oneOfEachTransition(steps) }
      if steps.isEmpty { continue }
      self.steps.append(steps)
      for place in steps.indices where steps[place].transition != nil {
        let step = StepPlace(row: self.steps.count - 1, place: place)
        add(.party(instance, step), habits.isBusy ? 6 : 3)
      }
    }
  }

  private mutating func oneOfEachTransition(_ steps: [PartyStep]) -> [PartyStep] {
    var result: [PartyStep] = []
    var rest = steps[...]
    while let first = rest.first {
      // Those of a transition stand together.
      let end = rest.firstIndex { $0.transition != first.transition } ?? rest.endIndex
      result.append(random.pick(Array(rest[..<end])))
      rest = rest[end...]
    }
    return result
  }

  // Numbers near those in play.

  /// What a party chooses from more than can be tried: few numbers that are near.
  private mutating func guesses(_ run: DrivenRun) -> World.Hints {
    let near = numbersInPlay(run)
    return .values(World.few((0..<2).map { _ in nearly(random.pick(near)) }))
  }

  private mutating func nearly(_ number: Int) -> Int {
    number + (random.happens(30) ? random.below(3) - 1 : 0)
  }

  /// 0, 1, what is believed, what the other parties know, and what is on its way; each once.
  private mutating func numbersInPlay(_ run: DrivenRun) -> [Int] {
    if let near { return near }
    var numbers = run.states.flatMap(\.self)
    for case let party? in run.surroundings.parties {
      numbers += run.world.registers(party.state)
    }
    for message in run.surroundings.flying.suffix(4) {
      numbers += run.world.message(message.message).values
    }
    let result = World.distinct(numbers)
    near = result
    return result
  }

  // Messages that nobody sent.

  /// A message that the spec has an answer to, of values that lie near those in play.
  private mutating func forged(_ run: DrivenRun) -> SeenMessage? {
    for _ in 0..<4 {
      guard let message = message(run) else { return nil }
      if run.world.takes(run.world.number(of: message), believing: run.believed) { return message }
    }
    return nil
  }

  private mutating func message(_ run: DrivenRun) -> SeenMessage? {
    let records = run.world.recordsToSubject
    guard !records.isEmpty else { return nil }
    let record = random.pick(records)
    guard let codec = run.world.codec(ofRecord: record) else { return nil }
    let near = numbersInPlay(run)
    var values: [Int] = []
    codec.append(to: &values, near: near, &random)
    return SeenMessage(record: record, values: values)
  }
}

/// What may go wrong around a subject.
package struct Faults: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let loss = Faults(rawValue: 1)
  package static let duplication = Faults(rawValue: 2)
  package static let reordering = Faults(rawValue: 4)
  /// Messages come that no party sent.
  package static let forgery = Faults(rawValue: 8)

  package static let network: Faults = [.loss, .duplication, .reordering]
}

extension ValueCodec {
  /// Appends the registers of a value: numbers equal or next to some that are in play.
  fileprivate func append(
    to values: inout [Int],
    near: [Int],
    _ random: inout RandomNumbers
  ) {
    switch self {
    case .record(_, let fields):
      for field in fields { field.append(to: &values, near: near, &random) }
    case .array(let elements):
      for element in elements { element.append(to: &values, near: near, &random) }
    case .integer(let low, let count):
      let wanted = random.pick(near) + (random.happens(30) ? random.below(3) - 1 : 0)
      values.append(min(max(wanted, low), low + (count - 1)))
    default:
      var registers = [Int](repeating: 0, count: width)
      if let count = valueCount, count > 0 { write(random.below(count), to: &registers, at: 0) }
      values += registers
    }
  }
}
