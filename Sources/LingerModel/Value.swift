/// A plain value. Equality is meaning: sets are kept sorted and free of repeats.
package indirect enum Value: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  /// A case of an enum: the enum's number, the case's number.
  case enumCase(Int, Int)
  /// A struct or message: the record's number and its fields in order.
  case record(Int, [Value])
  case none
  case some(Value)
  /// Sorted by ``<``, without repeats.
  case set([Value])
  case array([Value])
  case queue([Value])
  /// An instance, by its number in ``Model/instances``.
  case instance(Int)
  case duration(Rational)
}

extension Value: Comparable {
  /// A total order; within a type it is the order of ``Model/ordinal(of:in:)``.
  ///
  /// So a set compares by its greatest elements first, as the number whose bits are its elements,
  /// and queues by length first.
  package static func < (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.bool(let a), .bool(let b)): !a && b
    case (.integer(let a), .integer(let b)): a < b
    case (.enumCase(let e, let a), .enumCase(let f, let b)): (e, a) < (f, b)
    case (.record(let r, let a), .record(let s, let b)):
      r != s ? r < s : a.lexicographicallyPrecedes(b)
    case (.some(let a), .some(let b)): a < b
    case (.set(let a), .set(let b)):
      a.reversed().lexicographicallyPrecedes(b.reversed())
    case (.array(let a), .array(let b)): a.lexicographicallyPrecedes(b)
    case (.queue(let a), .queue(let b)):
      a.count != b.count ? a.count < b.count : a.lexicographicallyPrecedes(b)
    case (.instance(let a), .instance(let b)): a < b
    case (.duration(let a), .duration(let b)): a < b
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .integer: 1
    case .enumCase: 2
    case .record: 3
    case .none: 4
    case .some: 5
    case .set: 6
    case .array: 7
    case .queue: 8
    case .instance: 9
    case .duration: 10
    }
  }
}
