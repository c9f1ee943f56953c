/// A formula over what is alive, case by case.
extension AliveFormula {
  /// A clock that it mentions.
  var firstClock: Int? {
    switch self {
    case .constant: nil
    case .alive(let clock): clock
    case .not(let inner): inner.firstClock
    case .and(let parts), .or(let parts): parts.lazy.compactMap(\.firstClock).first
    }
  }

  /// What is left of it where one message is known to be alive or dead.
  func knowing(_ clock: Int, isAlive: Bool) -> AliveFormula {
    switch self {
    case .constant: self
    case .alive(let own): own == clock ? .constant(isAlive) : self
    case .not(let inner): inner.knowing(clock, isAlive: isAlive).negated
    case .and(let parts): .conjunction(parts.map { $0.knowing(clock, isAlive: isAlive) })
    case .or(let parts): .disjunction(parts.map { $0.knowing(clock, isAlive: isAlive) })
    }
  }

  typealias Literals = [(clock: Int, isAlive: Bool)]

  /// The ways in which it can be true (or false): its disjunctive form where that is small, else
  /// a case for each combination that matters, which are at most two for each message.
  func alternatives(_ isTrue: Bool) -> [Literals] {
    count(isTrue) <= Self.smallCount ? disjuncts(isTrue) : cases(isTrue)
  }

  private static let smallCount = 64

  /// Disjuncts of the disjunctive form, or a number above ``smallCount``.
  private func count(_ isTrue: Bool) -> Int {
    switch self {
    case .constant(let value): return value == isTrue ? 1 : 0
    case .alive: return 1
    case .not(let inner): return inner.count(!isTrue)
    case .and(let parts), .or(let parts):
      let counts = parts.map { $0.count(isTrue) }
      let result =
        isConjunction(isTrue)
        ? counts.reduce(1) { min($0 * $1, Self.smallCount + 1) } : counts.reduce(0, +)
      return min(result, Self.smallCount + 1)
    }
  }

  private func isConjunction(_ isTrue: Bool) -> Bool {
    if case .and = self { isTrue } else { !isTrue }
  }

  private func disjuncts(_ isTrue: Bool) -> [Literals] {
    switch self {
    case .constant(let value): return value == isTrue ? [[]] : []
    case .alive(let clock): return [[(clock, isTrue)]]
    case .not(let inner): return inner.disjuncts(!isTrue)
    case .and(let parts), .or(let parts):
      let each = parts.map { $0.disjuncts(isTrue) }
      guard isConjunction(isTrue) else { return each.flatMap(\.self) }
      return each.reduce([[]]) { all, more in all.flatMap { one in more.map { one + $0 } } }
    }
  }

  private func cases(_ isTrue: Bool) -> [Literals] {
    guard let clock = firstClock else { return self == .constant(isTrue) ? [[]] : [] }
    return [true, false].flatMap { isAlive in
      knowing(clock, isAlive: isAlive).cases(isTrue).map { [(clock, isAlive)] + $0 }
    }
  }
}
