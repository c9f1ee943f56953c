import LingerKernel
import LingerModel

/// Which registers hold integers of which there are many.
struct WideRegisters: Sendable {
  /// Of a state, by register: what it may be; nil for one that is told apart value by value.
  let state: [ClosedRange<Int>?]
  /// The same of the messages of each record.
  let fields: [[ClosedRange<Int>?]]

  /// `few` are told apart one by one.
  init(_ subject: Subject, few: Int) {
    let kernel = subject.kernel
    let width = kernel.stateWidth(ofRole: subject.role)
    let variables = kernel.variables(ofRole: subject.role)
      .flatMap { $0.codec.wideRanges(few: few) }
    state = variables + Array(repeating: nil, count: width - variables.count)
    fields = kernel.model.records.indices.map {
      kernel.codec(ofRecord: $0)?.wideRanges(few: few) ?? []
    }
  }
}

/// Beliefs in the order in which they were found, each once.
///
/// Where a trace is made, whether two that differ in wide values only are the same is a question to
/// it.
struct FoundBeliefs {
  private let trace: PathTrace?
  private let wide: WideRegisters
  private(set) var order: [Belief] = []
  private var known: Set<Belief> = []
  /// By a belief without its wide values: the places of those like it.
  private var alike: [Belief: [Int]] = [:]

  init(_ trace: PathTrace?, _ wide: WideRegisters) {
    self.trace = trace
    self.wide = wide
  }

  /// False for one that was there before.
  @discardableResult
  mutating func insert(_ belief: Belief) -> Bool {
    guard let trace else {
      guard known.insert(belief).inserted else { return false }
      order.append(belief)
      return true
    }
    let outline = belief.outline(wide)
    let others = alike[outline, default: []]
    if others.contains(where: { trace.areEqual(order[$0].values, belief.values) }) { return false }
    alike[outline, default: []].append(order.count)
    order.append(belief)
    return true
  }
}

extension Belief {
  /// Without its wide values.
  func outline(_ wide: WideRegisters) -> Belief {
    var result = self
    for place in wide.state.indices where wide.state[place] != nil { result.state[place] = 0 }
    func clear(_ message: inout SeenMessage) {
      let ranges = wide.fields[message.record]
      for place in ranges.indices where ranges[place] != nil { message.values[place] = 0 }
    }
    for place in inbox.indices { clear(&result.inbox[place].message) }
    for place in outbox.indices {
      guard case .message(var message) = outbox[place].output else { continue }
      clear(&message)
      result.outbox[place].output = .message(message)
    }
    return result
  }

  /// With another value for each; those of its marks and timers stay.
  func mapped(_ change: (Int) -> Int) -> Belief {
    var result = self
    for place in state.indices { result.state[place] = change(state[place]) }
    for place in inbox.indices {
      result.inbox[place].message.values = inbox[place].message.values.map(change)
    }
    for place in outbox.indices {
      switch outbox[place].output {
      case .message(var message):
        message.values = message.values.map(change)
        result.outbox[place].output = .message(message)
      case .signal(let number, let values):
        result.outbox[place].output = .signal(number, values.map(change))
      }
    }
    return result
  }

  /// Its values, one behind the other.
  var values: [Int] {
    var result = state
    for arrived in inbox { result += arrived.message.values }
    for owed in outbox {
      switch owed.output {
      case .message(let message): result += message.values
      case .signal(_, let values): result += values
      }
    }
    return result
  }
}

extension PathTrace {
  /// Whether two rows are the same, with as few questions as possible.
  func areEqual(_ one: [Int], _ other: [Int]) -> Bool {
    guard one.count == other.count else { return false }
    for place in one.indices where areKnownToDiffer(one[place], other[place]) { return false }
    return one.indices.allSatisfy { isEqual(one[$0], other[$0]) }
  }
}
