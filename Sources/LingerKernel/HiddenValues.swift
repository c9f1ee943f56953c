package import LingerModel

/// Values that nobody sees being chosen, but that stand in a field of what is then sent: the
/// parameters of a call, and what `choose` takes. Who follows an implementation reads them off the
/// message (how many bytes a segment carries) and does not try every one.
package struct HiddenValues {
  /// Where each local stands in messages that the transition sends.
  private var places: [Int: [HintSite.Place]] = [:]
  /// Locals that are another name for one.
  private var aliases: [Int: Int] = [:]
  /// What locals were bound to, for a message that is built before it is sent.
  private var bound: [Int: Expression] = [:]

  init() {}

  package init(of transition: Transition, in model: Model) {
    collect(transition.body, in: model)
  }

  /// Where a value is read off; nil where it has to be tried: few values, or none in a message.
  func hint(for slot: Int, of domain: Domain, in model: Model) -> HintSite? {
    guard let places = places[slot] else { return nil }
    switch domain {
    case .type(let type):
      guard case .integer = type, (model.cardinality(of: type) ?? .max) > Self.fewValues else {
        return nil
      }
    case .range(let low, let high):
      if case .constant(.integer(let a)) = low.kind, case .constant(.integer(let b)) = high.kind,
        a > b || b - a < Self.fewValues
      {
        return nil
      }
    case .elements: return nil
    }
    return HintSite(places: places)
  }

  /// Where a call's parameter is read off; nil for one that stands in no message.
  package func hint(for parameter: Transition.CallParameter) -> HintSite? {
    places[parameter.slot].map(HintSite.init)
  }

  /// What a message says that a local was.
  package func values(of slot: Int, in message: SeenMessage) -> [Int] {
    places[slot].map { HintSite(places: $0).values(in: message) } ?? []
  }

  /// So many are tried one by one.
  package static let fewValues = 64

  private mutating func collect(_ body: [Statement], in model: Model) {
    for statement in body {
      switch statement.kind {
      case .send(_, let message, _): collect(message, at: 0, in: model)
      case .bind(let slot, let value):
        bound[slot] = value
        alias(slot, value)
      case .conditional(_, let then, let otherwise),
        .conditionalBinding(_, _, let then, let otherwise):
        collect(then, in: model)
        collect(otherwise, in: model)
      case .forEach(_, _, _, let body): collect(body, in: model)
      case .assign, .insert, .remove, .append, .removeFirst, .start, .cancel, .signal, .choose,
        .assert:
        continue
      }
    }
  }

  private mutating func alias(_ slot: Int, _ value: Expression) {
    if case .local(let other) = value.unchecked.kind { aliases[slot] = aliases[other] ?? other }
  }

  /// Notes the locals that stand as they are in a message, or in a part of it.
  private mutating func collect(_ message: Expression, at offset: Int, in model: Model) {
    let message = message.unchecked
    switch message.kind {
    case .record(let record, let fields):
      var place = offset
      for (number, field) in fields.enumerated() {
        let type = model.records[record].fields[number].type
        let width = (try? ValueCodec(type, in: model))?.width ?? 0
        if case .local(let slot) = field.unchecked.kind, width == 1 {
          places[aliases[slot] ?? slot, default: []]
            .append(HintSite.Place(record: record, register: place))
        }
        place += width
      }
    case .bind(let slot, let value, in: let body):
      alias(slot, value)
      bound[slot] = value
      collect(body, at: offset, in: model)
    case .conditional(_, let then, let otherwise):
      collect(then, at: offset, in: model)
      collect(otherwise, at: offset, in: model)
    case .local(let slot):
      if let value = bound.removeValue(forKey: slot) { collect(value, at: offset, in: model) }
    default: return
    }
  }
}

/// Where a value is read off the messages that were seen.
package struct HintSite: Sendable {
  struct Place: Sendable {
    var record: Int
    /// The field's register in the message.
    var register: Int
  }

  let places: [Place]

  /// What a message says that the value is; several where it stands in several fields.
  package func values(
    in message: SeenMessage,
    _ areEqual: (Int, Int) -> Bool = { $0 == $1 }
  ) -> [Int] {
    var result: [Int] = []
    for place in places where place.record == message.record {
      let value = message.values[place.register]
      if !result.contains(where: { areEqual($0, value) }) { result.append(value) }
    }
    return result
  }
}

extension Expression {
  /// Without the checks around it.
  fileprivate var unchecked: Expression {
    if case .checked(let inner) = kind { return inner.unchecked }
    return self
  }
}
