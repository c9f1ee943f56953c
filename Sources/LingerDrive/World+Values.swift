import LingerConform
package import LingerKernel

/// Numbers that are tried where there are more than can be, and what messages are made of.
extension World {
  package func codec(ofRecord record: Int) -> ValueCodec? {
    subject.kernel.codec(ofRecord: record)
  }

  /// Whether two messages are the same but for numbers.
  func isLike(_ first: SeenMessage, _ second: SeenMessage) -> Bool {
    kind(of: first) == kind(of: second)
  }

  /// By register of a message's fields: whether it is a number.
  private func numberPlaces(ofRecord record: Int) -> [Bool] {
    codec(ofRecord: record)?.numberPlaces ?? []
  }

  /// A message with its numbers left out: the same for all of its kind.
  func kind(of message: SeenMessage) -> SeenMessage {
    let isNumber = numberPlaces(ofRecord: message.record)
    var kind = message
    for place in kind.values.indices where isNumber[place] { kind.values[place] = 0 }
    return kind
  }

  /// 0, 1, and some numbers, each once.
  static func distinct(_ numbers: some Sequence<Int>) -> [Int] {
    var result = [0, 1]
    for number in numbers where !result.contains(number) { result.append(number) }
    return result
  }

  /// 0, 1, and the first others of some numbers: as many as can be tried in each combination.
  static func few(_ numbers: some Sequence<Int>) -> [Int] {
    Array(distinct(numbers).prefix(mostGuesses))
  }

  private static let mostGuesses = 8

  /// The name of a step where no values are read off what is sent; nil where some are.
  func plainName(of step: PartyStep) -> Move.PartyChoice? {
    guard !hasHints, let transition = step.transition else { return nil }
    return Move.PartyChoice(transition, way: step.way)
  }

  /// The name of one of the steps that a party can take, where some are.
  ///
  /// - Parameters:
  ///   - step: the step.
  ///   - steps: those that can be taken with these hints.
  /// - Returns: nil where its choices cannot be read off what it sends.
  func name(of step: PartyStep, among steps: (Hints?) -> [PartyStep]) -> Move.PartyChoice? {
    guard let transition = step.transition else { return nil }
    let hints = step.sends.first?.message
    let same = steps(hints.map(Hints.message)).first { other in
      other.transition == transition && other.registers == step.registers
        && other.sends.map(\.message) == step.sends.map(\.message)
    }
    return same.map { Move.PartyChoice(transition, way: $0.way, hints: hints) }
  }
}

extension ValueCodec {
  /// By register: whether it is a number.
  fileprivate var numberPlaces: [Bool] {
    switch self {
    case .integer, .anyInteger: [true]
    case .record(_, let fields): fields.flatMap(\.numberPlaces)
    case .array(let elements): elements.flatMap(\.numberPlaces)
    default: Array(repeating: false, count: width)
    }
  }
}
