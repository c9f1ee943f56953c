import LingerDiagnostics
import LingerEval
import LingerModel

/// When a property is false in a location: a formula over which messages are still alive.
///
/// Everything else that the property reads is fixed by the location.
package indirect enum AliveFormula: Hashable, Sendable {
  case constant(Bool)
  /// The message with this clock can still be delivered.
  case alive(Int)
  case not(AliveFormula)
  case and([AliveFormula])
  case or([AliveFormula])

  /// The clocks it mentions, ascending.
  package var clocks: [Int] {
    switch self {
    case .constant: []
    case .alive(let clock): [clock]
    case .not(let inner): inner.clocks
    case .and(let parts), .or(let parts):
      Array(Set(parts.flatMap(\.clocks))).sorted()
    }
  }

  static func conjunction(_ parts: [AliveFormula]) -> AliveFormula {
    let kept = parts.filter { $0 != .constant(true) }
    if kept.contains(.constant(false)) { return .constant(false) }
    return kept.isEmpty ? .constant(true) : kept.count == 1 ? kept[0] : .and(kept)
  }

  static func disjunction(_ parts: [AliveFormula]) -> AliveFormula {
    let kept = parts.filter { $0 != .constant(false) }
    if kept.contains(.constant(true)) { return .constant(true) }
    return kept.isEmpty ? .constant(false) : kept.count == 1 ? kept[0] : .or(kept)
  }

  var negated: AliveFormula {
    switch self {
    case .constant(let value): .constant(!value)
    case .not(let inner): inner
    case .alive, .and, .or: .not(self)
    }
  }

  /// What follows from it where a clock that is not exact may be younger than a message, or be that
  /// of a message that was not sent: then a message may be dead whatever its clock says.
  func weakened(_ isExact: (Int) -> Bool) -> AliveFormula {
    clocks.allSatisfy(isExact) ? self : weakened(isTrue: true, isExact)
  }

  private func weakened(isTrue: Bool, _ isExact: (Int) -> Bool) -> AliveFormula {
    switch self {
    case .constant(let value): return .constant(value == isTrue)
    case .alive(let clock):
      return isTrue ? self : isExact(clock) ? .not(self) : .constant(true)
    case .not(let inner): return inner.weakened(isTrue: !isTrue, isExact)
    case .and(let parts), .or(let parts):
      let parts = parts.map { $0.weakened(isTrue: isTrue, isExact) }
      if case .and = self { return isTrue ? .conjunction(parts) : .disjunction(parts) }
      return isTrue ? .disjunction(parts) : .conjunction(parts)
    }
  }
}

/// Reads a timed property's body in a location.
struct AliveReader {
  /// The construct that a timed property cannot use.
  struct Unsupported: Error {
    var reason: UndecidedReason

    init(reason: UndecidedReason) { self.reason = reason }

    init(reason: String) { self.reason = .unsupported(reason) }
  }

  let evaluator: Evaluator
  let property: Property
  let state: State
  /// The clock of each message that was sent into a growing set; what is in flight elsewhere has
  /// none here, and is alive.
  let clock: (Envelope) -> Int?

  /// Messages whose being alive a comparison may depend on before it is cut off.
  private static let tableLimit = 12
  /// Values that a quantifier is written out over.
  private static let writtenOut = 1 << 12

  /// When the expression is true.
  func formula(_ expression: Expression) throws(Unsupported) -> AliveFormula {
    if !expression.readsNetwork { return .constant(try truth(expression, in: state)) }
    switch expression.kind {
    case .not(let inner):
      return try formula(inner).negated
    case .binary(.and, let left, let right):
      return AliveFormula.conjunction([try formula(left), try formula(right)])
    case .binary(.or, let left, let right):
      return AliveFormula.disjunction([try formula(left), try formula(right)])
    case .binary(.implies, let premise, let conclusion):
      return AliveFormula.disjunction([
        try formula(premise).negated, try formula(conclusion),
      ])
    case .binary(.equal, let left, let right)
    where left.isCount && right.kind == .constant(.integer(0)):
      return try nothingAlive(left)
    case .binary(let operation, let left, let right)
    where operation == .notEqual || operation == .greater:
      guard left.isCount, right.kind == .constant(.integer(0)) else {
        return try table(expression)
      }
      return try nothingAlive(left).negated
    case .quantifier(let kind, let slot, .type(let type), let filter, let body)
    where kind != .count
      && evaluator.model.cardinality(of: type).map { $0 <= Self.writtenOut } ?? false:
      var parts: [AliveFormula] = []
      for value in evaluator.model.values(of: type) {
        let isIn = try filter.map { filter throws(Unsupported) in
          try formula(filter.substituting(local: slot, with: value))
        }
        let inside = try formula(body.substituting(local: slot, with: value))
        if kind == .all {
          parts.append(AliveFormula.disjunction([(isIn ?? .constant(true)).negated, inside]))
        } else {
          parts.append(AliveFormula.conjunction([isIn ?? .constant(true), inside]))
        }
      }
      return kind == .all
        ? AliveFormula.conjunction(parts) : AliveFormula.disjunction(parts)
    default:
      return try table(expression)
    }
  }

  private func nothingAlive(_ count: Expression) throws(Unsupported) -> AliveFormula {
    var counted: [Envelope] = []
    let isZero = Expression(.binary(.equal, count, .zero), .bool, count.span)
    for (number, network) in state.networks.enumerated() {
      for message in network.messages.map(\.envelope) {
        if case .messagesInFlight(let only) = count.kind {
          if only ?? number == number { counted.append(message) }
          continue
        }
        // A count is about messages one by one, so that it can be asked about each alone.
        if try !truth(isZero, in: state.keeping([message])) { counted.append(message) }
      }
    }
    if counted.contains(where: { clock($0) == nil }) { return .constant(false) }
    let clocks = Set(counted.compactMap { clock($0) })
    return AliveFormula.conjunction(clocks.sorted().map { .not(.alive($0)) })
  }

  /// Tries every combination of messages being alive.
  private func table(_ expression: Expression) throws(Unsupported) -> AliveFormula {
    let all = state.networks.flatMap(\.messages).map(\.envelope)
    let messages = all.filter { clock($0) != nil }
    guard messages.count <= Self.tableLimit else {
      throw Unsupported(
        reason: "the property reads the network in a way that needs a case for each set of "
          + "messages in flight, and there are \(messages.count)"
      )
    }
    var cases: [AliveFormula] = []
    for chosen in 0..<(1 << messages.count) {
      var gone: Set<Envelope> = []
      var literals: [AliveFormula] = []
      for (bit, envelope) in messages.enumerated() {
        guard let clock = clock(envelope) else { continue }
        let isAlive = chosen >> bit & 1 == 1
        literals.append(isAlive ? .alive(clock) : .not(.alive(clock)))
        if !isAlive { gone.insert(envelope) }
      }
      let part = state.keeping(all.filter { !gone.contains($0) })
      if try truth(expression, in: part) { cases.append(AliveFormula.conjunction(literals)) }
    }
    return AliveFormula.disjunction(cases)
  }

  private func truth(_ expression: Expression, in state: State) throws(Unsupported) -> Bool {
    var part = property
    part.body = expression
    do throws(SpecError) {
      return try evaluator.evaluate(part, in: state)
    } catch {
      throw Unsupported(reason: "evaluating the property fails: \(error.message)")
    }
  }
}

extension State {
  /// The state with nothing in flight but some of its messages.
  fileprivate func keeping(_ messages: [Envelope]) -> State {
    var result = self
    for network in networks.indices {
      result.networks[network].messages.removeAll { !messages.contains($0.envelope) }
    }
    return result
  }
}

extension Expression {
  /// Whether it asks what is in flight.
  var readsNetwork: Bool {
    switch kind {
    case .messagesInFlight, .copiesInFlight: true
    default: children.contains(where: \.readsNetwork)
    }
  }

  fileprivate var isCount: Bool {
    switch kind {
    case .messagesInFlight, .copiesInFlight: true
    default: false
    }
  }

  fileprivate static var zero: Expression {
    Expression(.constant(.integer(0)), .unboundedInteger, .none)
  }
}
