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

  private struct Candidate {
    var move: Move
    /// What another party does in it, which gets its name when it is picked.
    var step: PartyStep?
    var weight: Int
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
    var candidates: [Candidate] = []
    addCalls(run, to: &candidates)
    addMessages(run, to: &candidates)
    addParties(run, to: &candidates)
    if habits.forges, let message = forged(run) {
      candidates.append(Candidate(move: .forge(message), weight: 12))
    }
    let isQuiet = candidates.isEmpty
    if run.moment(of: .untilDue) != nil {
      candidates.append(Candidate(move: .wait(.untilDue), weight: isQuiet ? 8 : 3))
      if habits.jumps {
        candidates.append(Candidate(move: .wait(.halfway), weight: 2))
        candidates.append(Candidate(move: .wait(.justBefore), weight: 2))
      }
    }
    let total = candidates.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    var rest = random.below(total)
    for candidate in candidates {
      rest -= candidate.weight
      if rest < 0 { return named(candidate, run) }
    }
    return nil
  }

  private func named(_ candidate: Candidate, _ run: DrivenRun) -> Move {
    guard let step = candidate.step else { return candidate.move }
    switch candidate.move {
    case .party(let instance, let name):
      let exact = run.world.name(of: step) { hints in
        run.surroundings.ownSteps(of: instance, hints: hints)
      }
      return .party(instance, exact ?? name)
    case .deliver(let pick, let receiver, let keepsCopy, _):
      guard let place = run.surroundings.place(of: pick, to: receiver) else {
        return candidate.move
      }
      let answer = run.world.name(of: step) { hints in
        run.surroundings.receptions(of: run.surroundings.flying[place], hints: hints)
      }
      return .deliver(pick, to: receiver, keepsCopy: keepsCopy, answer: answer)
    default: return candidate.move
    }
  }

  /// How much more often something is done that leads where few runs were.
  private func novelty(_ input: SubjectInput, _ run: DrivenRun) -> Int {
    var least = Int.max
    for state in run.states {
      for transition in run.world.transitions(taking: input, in: state) {
        least = min(least, coverage.count(transition, after: run.taken.last))
      }
    }
    return least == 0 ? 8 : least < 8 ? 3 : 1
  }

  private func addCalls(_ run: DrivenRun, to candidates: inout [Candidate]) {
    var known: Set<Int> = []
    for state in run.states {
      for number in run.world.calls(in: state) where known.insert(number).inserted {
        let (name, arguments) = run.world.possibleCalls[number]
        let input = SubjectInput.call(name: name, arguments: arguments)
        guard run.allows(name, arguments), !run.refusals.contains(input) else { continue }
        let weight = novelty(input, run)
        candidates.append(
          Candidate(
            move: .call(name: name, arguments: arguments),
            weight: weight * (habits.isBusy ? 6 : 2)
          )
        )
      }
    }
  }

  private mutating func addMessages(_ run: DrivenRun, to candidates: inout [Candidate]) {
    let surroundings = run.surroundings
    for receiver in run.world.model.instances.indices {
      let places = surroundings.deliverable(to: receiver)
      guard let oldest = places.first, let newest = places.last else { continue }
      var picks: [(pick: Move.Pick, place: Int)] = [(.oldest, oldest)]
      if habits.reorders, places.count > 1 {
        picks.append((.newest, newest))
        let some = random.pick(places)
        picks.append((.message(surroundings.flying[some].message), some))
      }
      for (pick, place) in picks {
        let message = surroundings.flying[place].message
        var weight = 8
        if receiver == run.world.subject.instance {
          guard run.states.allSatisfy({ run.world.takes(message, in: $0) }) else {
            continue
          }
          weight *= novelty(.receive(message), run)
        }
        let answer = self.answer(to: surroundings.flying[place], run)
        func add(_ move: Move, _ weight: Int, _ step: PartyStep? = nil) {
          candidates.append(Candidate(move: move, step: step, weight: weight))
        }
        add(.deliver(pick, to: receiver, keepsCopy: false), weight, answer)
        if habits.copies, surroundings.mayCopy(place) {
          add(.deliver(pick, to: receiver, keepsCopy: true), max(2, weight / 4), answer)
        }
        if habits.loses, surroundings.mayLose(place) {
          add(.lose(pick, to: receiver), 3)
        }
      }
    }
  }

  /// What another party does with a message, where it can do several things.
  private mutating func answer(to arrived: Surroundings.Flying, _ run: DrivenRun) -> PartyStep? {
    guard run.world.isPlayed[arrived.receiver], arrived.receiver != run.world.subject.instance
    else { return nil }
    let hints = run.world.hasHints ? guesses(run) : nil
    let steps = run.surroundings.receptions(of: arrived, hints: hints)
    return steps.count > 1 ? random.pick(steps) : nil
  }

  /// What other parties may do by themselves: all of it, or with values of each transition one way.
  private mutating func addParties(_ run: DrivenRun, to candidates: inout [Candidate]) {
    let world = run.world
    for instance in run.surroundings.parties.indices where world.isPlayed[instance] {
      let hints = world.hasHints ? guesses(run) : nil
      var steps = run.surroundings.ownSteps(of: instance, hints: hints)
      if world.hasHints { steps = oneOfEachTransition(steps) }
      for step in steps {
        guard let transition = step.transition else { continue }
        let name = Move.PartyChoice(transition, way: step.way, hints: step.sends.first?.message)
        candidates.append(
          Candidate(move: .party(instance, name), step: step, weight: habits.isBusy ? 6 : 3)
        )
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
  private func numbersInPlay(_ run: DrivenRun) -> [Int] {
    var numbers = run.states.flatMap(\.self)
    for party in run.surroundings.parties { numbers += party?.state ?? [] }
    for message in run.surroundings.flying.suffix(4) { numbers += message.message.values }
    return World.distinct(numbers)
  }

  // Messages that nobody sent.

  /// A message that the spec has an answer to, of values that lie near those in play.
  private mutating func forged(_ run: DrivenRun) -> SeenMessage? {
    for _ in 0..<4 {
      guard let message = message(run) else { return nil }
      if run.states.allSatisfy({ run.world.takes(message, in: $0) }) { return message }
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
