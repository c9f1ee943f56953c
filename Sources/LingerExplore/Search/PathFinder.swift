import LingerModel

/// Finds the runs to given states after a search, without having stored where states came from.
///
/// A state of one layer has a predecessor in the layer before (same faults, one step less) or,
/// through a fault, in the one with a fault less; the first such state in order is taken. All
/// wanted states share one sweep from the last layer to the first, so the price is at most one
/// more expansion of the states up to the deepest find, paid only when there is one, instead of
/// four bytes for every state always.
struct PathFinder {
  private var predecessors: [Int: (state: Int, step: Step)] = [:]

  /// Works out the runs to `wanted` (numbers of states).
  init(to wanted: [Int], in search: inout Search) {
    var open = Set(wanted.filter { $0 != 0 })
    let layers = search.layers
    for layer in layers.reversed() {
      var targets = open.filter { layer.states.contains($0) }
      if targets.isEmpty { continue }
      for earlier in layers
      where earlier.depth == layer.depth - 1
        && (earlier.faults == layer.faults
          || (search.model.hasFaultBudgets && earlier.faults == layer.faults - 1))
      {
        let isOverBorder = earlier.faults != layer.faults
        for state in earlier.states where !targets.isEmpty {
          var finder = PredecessorSink(
            targets: targets,
            ofFaults: search.model.hasFaultBudgets ? isOverBorder : nil
          )
          search.find(&finder, from: state)
          for (target, token) in finder.found {
            predecessors[target] = (state, search.expander.step(token))
            targets.remove(target)
            open.remove(target)
            if state != 0 { open.insert(state) }
          }
        }
      }
    }
  }

  /// The steps from the initial state to a state; nil where none were found, which is an error
  /// of the search.
  func path(to state: Int) -> [Step]? {
    var steps: [Step] = []
    var current = state
    while current != 0 {
      guard let (previous, step) = predecessors[current] else { return nil }
      steps.append(step)
      current = previous
    }
    return steps.reversed()
  }
}

/// Collects which of the wanted states a state leads to, and by which step first.
struct PredecessorSink: SuccessorSink {
  let targets: Set<Int>
  /// Only faults (true), only other steps (false), or both (nil).
  let ofFaults: Bool?
  var found: [(target: Int, token: StepToken)] = []
  var successors: [(words: [UInt64], token: StepToken)] = []

  init(targets: Set<Int>, ofFaults: Bool?) {
    self.targets = targets
    self.ofFaults = ofFaults
  }

  mutating func successor(_ words: [UInt64], _ token: StepToken) {
    if let ofFaults, token.isFault != ofFaults { return }
    successors.append((words, token))
  }

  mutating func failure(_ error: SpecError, _ token: StepToken) {}

  mutating func unspecified(_ network: Int, _ number: Int) {}
}

extension Search {
  /// Fills a sink with the wanted states that `state` leads to.
  fileprivate mutating func find(_ sink: inout PredecessorSink, from state: Int) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    frontier.store.load(state, into: &words)
    _ = expander.expand(words, into: &sink)
    for (words, token) in sink.successors {
      guard let target = frontier.store.find(words), sink.targets.contains(target) else {
        continue
      }
      if !sink.found.contains(where: { $0.target == target }) {
        sink.found.append((target, token))
      }
    }
  }
}
