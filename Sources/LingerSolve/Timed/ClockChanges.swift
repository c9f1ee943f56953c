package import LingerModel

/// What a step does to clocks: some are set to 0, some take over what others show, all at once.
protocol ClockChanges {
  var resets: [Int] { get }
  var transfers: [ControlGraph.Transfer] { get }
}

extension ClockChanges {
  /// The clock whose value a clock has after the step; nil for one that stands at 0.
  func origin(of clock: Int) -> Int? {
    if resets.contains(clock) { return nil }
    return transfers.first { $0.to == clock }?.from ?? clock
  }
}

extension ControlGraph.Edge: ClockChanges {}
extension TimedProblem.Edge: ClockChanges {}

extension ControlGraph {
  /// A clock that takes over the value that another one had before the step: copies move up when
  /// one before them is gone.
  package struct Transfer: Hashable, Sendable {
    package var to: Int
    package var from: Int
  }

  /// A comparison of a clock with a bound, which an edge demands.
  package struct ClockTest: Hashable, Sendable {
    package enum Relation: Sendable {
      case less
      case lessOrEqual
      case equal
      case greaterOrEqual
      case greater
    }

    package var clock: Int
    package var relation: Relation
    package var bound: LinearTerm
  }

  /// The shortest and the longest time that a message of a network is on its way.
  package struct Delay: Sendable {
    package var shortest: LinearTerm
    package var longest: LinearTerm
  }
}

extension ControlGraph.ClockTest {
  /// The bound from above, and whether it is strict.
  var upper: Bool? {
    switch relation {
    case .less: true
    case .lessOrEqual, .equal: false
    case .greaterOrEqual, .greater: nil
    }
  }

  /// Whether the bound from below is strict; nil where there is none.
  var lower: Bool? {
    switch relation {
    case .greater: true
    case .greaterOrEqual, .equal: false
    case .less, .lessOrEqual: nil
    }
  }
}

extension ControlGraph.ClockTest.Relation {
  /// An order in which a guard compares; differences are told apart into less and more.
  init(_ operation: BinaryOperation) {
    switch operation {
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greaterOrEqual: self = .greaterOrEqual
    case .greater: self = .greater
    default: self = .equal
    }
  }
}

extension ControlGraph.Edge {
  /// The clocks that it tests.
  var clocksRead: [Int] {
    [fires?.clock, receives?.clock].compactMap(\.self) + tests.map(\.clock)
  }

  /// The clocks that have to be known before it, where some have to be after it.
  func needed(for clocks: NumberSet) -> NumberSet {
    if transfers.isEmpty { return clocks.subtracting(NumberSet(resets)) }
    return NumberSet(clocks.elements.compactMap { origin(of: $0) })
  }
}

extension TimedProblem.Edge {
  /// Whether no clock is another one after it, and no timer has expired.
  var changesNothing: Bool { resets.isEmpty && transfers.isEmpty && fires == nil }
}
