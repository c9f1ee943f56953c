import LingerEval
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
  /// The states in which runs begin have the first numbers.
  private let initialCount: Int
  /// Those of them in which a run to a wanted state begins.
  private var beginnings: [Int: State] = [:]
  /// Where one state stands for its orbit: runs of the states themselves.
  private var concrete: [Int: (steps: [Step], last: State)] = [:]
  /// Why some runs are missing, if they are.
  private(set) var limit: UndecidedReason?

  /// Works out the runs to `wanted` (numbers of states).
  init(to wanted: [Int], in search: inout Search) {
    let layers = search.layers
    initialCount = layers.first?.states.upperBound ?? 0
    findSteps(to: wanted, in: &search, layers)
    var words = [UInt64](repeating: 0, count: search.layout.wordCount)
    for state in wanted {
      guard let first = path(to: state)?.first, beginnings[first] == nil else { continue }
      search.frontier.store.load(first, into: &words)
      beginnings[first] = search.layout.unpack(words)
    }
    if search.frontier.symmetry != nil, limit == nil {
      for state in Set(wanted).sorted() { makeConcrete(state, in: &search) }
      limit = search.stop.reason
    }
  }

  private mutating func findSteps(to wanted: [Int], in search: inout Search, _ layers: [Layer]) {
    var open = Set(wanted.filter { $0 >= initialCount }).sorted()
    guard !open.isEmpty else { return }
    var sink = PredecessorSink(wordCount: search.layout.wordCount, search.frontier.symmetry)
    swap(&sink.store, &search.frontier.store)
    for (index, layer) in layers.enumerated().reversed() {
      // The largest numbers are in the last layer that has any.
      guard let last = open.last, layer.states.contains(last) else { continue }
      let targets = Set(open[(open.firstIndex { layer.states.contains($0) } ?? 0)...])
      open.removeLast(targets.count)
      sink.targets = targets
      for (place, isOverBorder) in Self.predecessors(of: index, in: layers) {
        sink.ofFaults = search.model.hasFaultBudgets ? isOverBorder : nil
        expand(layers[place].states, in: &search, &sink)
        if sink.targets.isEmpty || search.stop.reason != nil { break }
      }
      limit = search.stop.reason
      if limit != nil { break }
      for target in targets {
        if let state = predecessors[target]?.state, state >= initialCount {
          open.append(state)
        }
      }
      open = Set(open).sorted()
    }
    swap(&sink.store, &search.frontier.store)
  }

  /// Follows a run from one representative to the next with the states themselves: of each, a
  /// step that leads into the orbit of the next representative.
  private mutating func makeConcrete(_ state: Int, in search: inout Search) {
    guard let first = path(to: state)?.first, var last = beginnings[first] else { return }
    var numbers: [Int] = []
    var number = state
    while let previous = predecessors[number] {
      numbers.append(number)
      number = previous.state
    }
    let evaluator = search.expander.cache.evaluator
    var steps: [Step] = []
    var wanted = [UInt64](repeating: 0, count: search.layout.wordCount)
    for number in numbers.reversed() {
      search.frontier.store.load(number, into: &wanted)
      var found: (step: Step, state: State)?
      for successor in evaluator.successors(of: last) {
        guard case .success(let next) = successor.outcome,
          let words = try? search.layout.pack(next),
          search.frontier.symmetry?.representative(of: words) == wanted
        else { continue }
        found = (successor.step, next)
        break
      }
      guard let found else { return }
      steps.append(found.step)
      last = found.state
    }
    concrete[state] = (steps, last)
  }

  /// Puts what was found in a representative in terms of the state that its run ends in.
  func adapt(_ find: inout Find, _ symmetry: Symmetry?, _ evaluator: Evaluator) {
    guard let symmetry, let last = concrete[find.number]?.last else { return }
    find.state = last
    if find.lastStep != nil {
      find.lastStep =
        evaluator.successors(of: last).first { successor in
          if case .failure = successor.outcome { true } else { false }
        }?.step
    }
    if let envelope = find.envelope {
      let images = [envelope] + symmetry.renamings.map { evaluator.model.renamed(envelope, by: $0) }
      find.envelope = evaluator.unspecifiedReceptions(in: last).first { images.contains($0) }
    }
  }

  /// The layers that may hold a predecessor, and whether a fault leads on from them. Layers are
  /// in the order of faults, then steps.
  private static func predecessors(
    of index: Int,
    in layers: [Layer]
  ) -> [(place: Int, isOverBorder: Bool)] {
    let layer = layers[index]
    var result: [(place: Int, isOverBorder: Bool)] = []
    for faults in [layer.faults - 1, layer.faults] {
      var low = 0
      var high = index
      while low < high {
        let middle = (low + high) / 2
        if (layers[middle].faults, layers[middle].depth) < (faults, layer.depth - 1) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      if low < index, layers[low].faults == faults, layers[low].depth == layer.depth - 1 {
        result.append((low, faults != layer.faults))
      }
    }
    return result
  }

  /// Looks for predecessors among these states, in order, until all targets have one.
  private mutating func expand(
    _ states: Range<Int>,
    in search: inout Search,
    _ sink: inout PredecessorSink
  ) {
    var words = [UInt64](repeating: 0, count: search.layout.wordCount)
    for state in states {
      sink.store.load(state, into: &words)
      _ = search.expander.expand(words, into: &sink)
      for (target, step) in sink.found { predecessors[target] = (state, step) }
      sink.found.removeAll(keepingCapacity: true)
      if sink.targets.isEmpty || search.stop.reason != nil { return }
    }
  }

  /// The steps from an initial state to a state, and that initial state; nil where some are
  /// missing.
  func run(to state: Int) -> (initial: State, steps: [Step])? {
    guard let (first, steps) = path(to: state), let initial = beginnings[first] else { return nil }
    return (initial, concrete[state]?.steps ?? steps)
  }

  private func path(to state: Int) -> (first: Int, steps: [Step])? {
    var steps: [Step] = []
    var current = state
    while current >= initialCount {
      guard let (previous, step) = predecessors[current] else { return nil }
      steps.append(step)
      current = previous
    }
    return (current, steps.reversed())
  }
}

/// Notes which of the wanted states a state leads to, and by which step first.
struct PredecessorSink: ~Copyable, SuccessorSink {
  var store: StateStore
  var targets: Set<Int> = []
  /// Only faults (true), only other steps (false), or both (nil).
  var ofFaults: Bool?
  var found: [(target: Int, step: Step)] = []
  private var symmetry: Symmetry?

  init(wordCount: Int, _ symmetry: Symmetry?) {
    store = StateStore(wordCount: wordCount)
    self.symmetry = symmetry
  }

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if let ofFaults, isFault != ofFaults { return }
    let number =
      if let representative = symmetry?.representative(of: words) {
        store.find(representative)
      } else {
        store.find(words)
      }
    guard let target = number, targets.remove(target) != nil else { return }
    found.append((target, step()))
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {}

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
