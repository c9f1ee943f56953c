import LingerConform
import LingerEval
import LingerKernel
package import LingerModel

/// Every control state that plans lead to, times every kind of message, times the edges of the
/// numbers that matter there: for each a run that goes there and delivers the message.
///
/// A control state is what the subject's variables of enum types are. A kind of message is what is
/// the same in messages that differ in numbers only. The edges are one below, at, and one above
/// each number that is believed; one field at a time has them, the others are as in the latest
/// message.
package struct Matrix {
  /// The moves that lead to a cell, and try it.
  package private(set) var plans: [[Move]] = []

  /// Of one control state: how it is reached soonest, and what is believed there.
  private struct Place {
    var moves: [Move]
    var states: [[Int]]
    /// The latest message that came to the subject.
    var latest: SeenMessage?
  }

  private struct Control: Hashable {
    var registers: [Int]
    /// What differs in numbers only from what is on its way, where nothing is made up.
    var kind: SeenMessage?
  }

  private let world: World
  private let forges: Bool
  private var places: [Control: Place] = [:]
  /// In the order in which they were found.
  private var order: [Control] = []
  private let controlRegisters: [Int]

  /// Combinations of values that are no numbers, tried for one kind of message.
  private static let mostKinds = 64

  init(_ world: World, forges: Bool) {
    self.world = world
    self.forges = forges
    controlRegisters = world.subject.kernel.variables(ofRole: world.subject.role)
      .compactMap { variable in
        if case .enumeration = variable.codec { variable.register } else { nil }
      }
  }

  /// Takes in where a run is.
  mutating func look(at run: DrivenRun) {
    guard !run.isOver, let first = run.states.first else { return }
    let registers = controlRegisters.map { first[$0] }
    guard run.states.allSatisfy({ state in controlRegisters.map { state[$0] } == registers }) else {
      return
    }
    var latest: SeenMessage?
    for exchange in run.exchanges {
      if case .receive(let message) = exchange.input { latest = message }
    }
    let place = Place(moves: run.moves, states: run.states, latest: latest)
    if forges {
      add(place, at: Control(registers: registers))
      return
    }
    for flying in run.surroundings.deliverable(to: world.subject.instance) {
      let number = run.surroundings.flying[flying].message
      guard world.takes(number, believing: run.believed) else { continue }
      let message = world.message(number)
      var arrival = place
      arrival.latest = message
      add(arrival, at: Control(registers: registers, kind: world.kind(of: message)))
    }
  }

  private mutating func add(_ place: Place, at control: Control) {
    if let known = places[control] {
      if place.moves.count < known.moves.count { places[control] = place }
    } else {
      places[control] = place
      order.append(control)
    }
  }

  /// Makes the plans of all cells, in an order that follows from a seed.
  mutating func finish(seed: UInt64) {
    for control in order {
      guard let place = places[control] else { continue }
      if forges {
        for message in messages(in: place) { plans.append(place.moves + [.forge(message)]) }
      } else if let message = place.latest {
        let delivery = Move.deliver(
          .message(message),
          to: world.subject.instance,
          keepsCopy: false
        )
        plans.append(place.moves + [delivery])
      }
    }
    // Where there are more than can be tried, those that are tried lie anywhere among them.
    var random = RandomNumbers(seed: seed)
    for place in plans.indices.reversed() { plans.swapAt(place, random.below(place + 1)) }
  }

  /// What may come at a place.
  private func messages(in place: Place) -> [SeenMessage] {
    var result: [SeenMessage] = []
    var known: Set<SeenMessage> = []
    world.forgetIfFull()
    let believed = world.number(ofBelieved: place.states)
    let numbers = World.distinct(place.states.joined()).flatMap { [$0 - 1, $0, $0 + 1] }
    for record in world.recordsToSubject {
      guard let codec = world.codec(ofRecord: record) else { continue }
      let base = place.latest.flatMap { $0.record == record ? $0.values : nil }
      for kind in codec.kinds(numbersOf: base, most: Self.mostKinds) {
        let message = SeenMessage(record: record, values: kind)
        for variant in codec.edges(of: kind, numbers).map({
          SeenMessage(record: record, values: $0)
        })
          + [message]
        where known.insert(variant).inserted {
          if world.takes(world.number(of: variant), believing: believed) { result.append(variant) }
        }
      }
    }
    return result
  }
}

extension Driver {
  /// The cells along some plans, which are run for it.
  ///
  /// - Parameters:
  ///   - plans: runs that lead to many states.
  ///   - budget: asked before each move.
  /// - Returns: those of the states that were reached by then.
  package func matrix(along plans: [[Move]], _ budget: Budget) -> Matrix {
    var matrix = Matrix(world, forges: options.faults.contains(.forgery))
    for plan in [[]] + plans {
      if budget.isExhausted { break }
      var run = begin()
      matrix.look(at: run)
      for move in plan where !run.isOver && !budget.isExhausted {
        run.make(move)
        matrix.look(at: run)
      }
    }
    matrix.finish(seed: options.seed)
    return matrix
  }
}

extension ValueCodec {
  /// Values that differ in what is no number, their numbers those of some registers.
  ///
  /// - Parameters:
  ///   - numbers: nil for the numbers nearest to 0.
  ///   - most: no more than so many.
  /// - Returns: the registers of each.
  fileprivate func kinds(numbersOf numbers: [Int]?, most: Int) -> [[Int]] {
    var result: [[Int]] = [[]]
    var place = 0
    for part in scalars {
      let values: [[Int]]
      if let range = part.numbers {
        values = [[numbers?[place] ?? min(max(0, range.lowerBound), range.upperBound)]]
      } else {
        values = (0..<min(part.valueCount ?? 1, most)).map { number in
          var registers = [Int](repeating: 0, count: part.width)
          part.write(number, to: &registers, at: 0)
          return registers
        }
      }
      result = result.prefix(max(1, most / values.count)).flatMap { before in
        values.map { before + $0 }
      }
      place += part.width
    }
    return result
  }

  /// A value with one number after the other replaced by some that it may be.
  fileprivate func edges(of value: [Int], _ numbers: [Int]) -> [[Int]] {
    var result: [[Int]] = []
    var place = 0
    for part in scalars {
      if let range = part.numbers {
        for number in numbers where range.contains(number) && number != value[place] {
          var other = value
          other[place] = number
          result.append(other)
        }
      }
      place += part.width
    }
    return result
  }

  /// The parts of a record, in the order of their registers.
  private var scalars: [ValueCodec] {
    switch self {
    case .record(_, let fields): fields.flatMap(\.scalars)
    case .array(let elements): elements.flatMap(\.scalars)
    default: [self]
    }
  }

  private var numbers: ClosedRange<Int>? {
    if case .integer(let low, let count) = self { low...(low + (count - 1)) } else { nil }
  }
}
