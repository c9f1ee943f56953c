import LingerEval
import LingerModel

/// What a network does with messages, in integers only.
struct NetworkRules {
  let discipline: Network.Discipline
  /// Whether messages arrive in the order in which they were sent.
  let isQueue: Bool
  let capacity: Int
  let dropsWhenFull: Bool
  /// How often it may lose and copy a message; `Int.max` for any number of times.
  let mostLosses: Int
  let mostCopies: Int
  /// How long a message lives, and the least and most that it is on its way, in nanoseconds.
  let lifetime: Int64?
  let shortest: Int64
  let longest: Int64?
  /// Whether every message must arrive.
  let isLossless: Bool

  init(_ network: Network, _ model: Model) {
    func nanoseconds(_ expression: Expression?) -> Int64? {
      guard let time = expression.flatMap(model.duration) else { return nil }
      let exact = time * Rational(1_000_000_000)
      return Int64(clamping: exact.roundedDown.integer ?? .max)
    }
    discipline = network.discipline
    isQueue = network.discipline == .queue
    capacity = network.effectiveCapacity
    dropsWhenFull = network.dropsWhenFull
    mostLosses = network.loss.most
    mostCopies = network.duplication.most
    lifetime = nanoseconds(network.lifetime)
    shortest = nanoseconds(network.delay?.shortest) ?? 0
    longest = nanoseconds(network.delay?.longest)
    isLossless = network.loss == .never
  }
}

extension Network.Fault {
  fileprivate var most: Int {
    switch self {
    case .never: 0
    case .unlimited: .max
    case .budget(let most): most
    }
  }
}
