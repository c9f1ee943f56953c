import LingerEval
import LingerModel

/// The breadth-first search: every reachable state once, layer by layer.
///
/// One loop for all modes. Layers are ordered by steps, or, where some network has a fault
/// budget, by faults and then steps, so that the first state found to violate something is
/// reached by a least-fault, shortest run.
struct Search: ~Copyable {
  let model: Model
  let layout: StateLayout
  let options: ExploreOptions
  var expander: Expander
  var frontier: Frontier
  private(set) var layers: [Layer] = []
  private(set) var limit: String?

  private let stateLimit: Int
  private var sinceLastPoll = 0
  private static let pollInterval = 4096

  init(_ layout: StateLayout, evaluator: Evaluator, options: ExploreOptions) {
    model = layout.model
    self.layout = layout
    self.options = options
    stateLimit = min(
      options.stateLimit ?? .max,
      StateStore.stateLimit - SuccessorBatch.capacity
    )
    expander = Expander(layout, evaluator: evaluator)
    frontier = Frontier(
      layout,
      observations: Observations(layout, evaluator: evaluator, options: options)
    )
  }

  /// Explores from the initial state until everything is visited or a limit is reached.
  mutating func run(from initial: [UInt64]) throws(LayoutOverflow) {
    frontier.start(at: initial)
    var layer = Layer(faults: 0, depth: 0, states: 0..<1)
    while true {
      layers.append(layer)
      try expand(layer)
      if limit != nil {
        noteUnexpanded(after: layer)
        return
      }
      guard let next = frontier.nextLayer(after: layer) else { return }
      layer = next
    }
  }

  /// What a stopped run found last is a layer too: something may have been found there.
  private mutating func noteUnexpanded(after layer: Layer) {
    let first = layer.states.upperBound
    if frontier.store.count > first {
      layers.append(
        Layer(
          faults: layer.faults,
          depth: layer.depth + 1,
          states: first..<frontier.store.count
        )
      )
    }
  }

  private mutating func expand(_ layer: Layer) throws(LayoutOverflow) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    for state in layer.states {
      frontier.beginState(state, depth: layer.depth, into: &words)
      let isProgress = expander.expand(words, into: &frontier)
      if expander.hasOverflowed { throw LayoutOverflow() }
      if !isProgress, frontier.observations.wantsStuck, !frontier.observations.isFinal(words),
        expander.isStuck(words)
      {
        frontier.observations.noteStuck(state)
      }
      sinceLastPoll += 1
      if sinceLastPoll >= Self.pollInterval {
        sinceLastPoll = 0
        poll(layer, state)
      }
      if frontier.store.count > stateLimit { noteStateLimit() }
      if limit != nil { break }
    }
    frontier.flush()
    if limit == nil, frontier.store.count > stateLimit { noteStateLimit() }
  }

  private mutating func poll(_ layer: Layer, _ state: Int) {
    let memory = byteCount
    options.progress?(
      Progress(
        states: frontier.store.count,
        transitions: frontier.transitions,
        depth: layer.depth,
        queued: frontier.store.count - state - 1,
        memoryBytes: memory
      )
    )
    if let reason = options.shouldStop() { limit = reason }
    if let most = options.memoryLimitBytes, memory > most {
      limit = "memory limit of \(most) bytes reached"
    }
  }

  private mutating func noteStateLimit() {
    if limit == nil { limit = "state limit of \(stateLimit) states reached" }
  }

  /// Memory held, in bytes.
  private var byteCount: Int {
    frontier.byteCount + expander.cache.byteCount
  }
}

/// Where successors go: the batch, the store, the observations, the edges.
struct Frontier: ~Copyable, SuccessorSink {
  private(set) var store: StateStore
  var observations: Observations
  private(set) var edges: EdgeList?
  /// Steps taken from all expanded states.
  private(set) var transitions = 0

  private let layout: StateLayout
  private let hasBudgets: Bool
  private var batch: SuccessorBatch
  /// What waits at the current number of faults, and at one fault more.
  private var waiting: Pending
  private var pending: Pending
  private var checked = 0
  private var current = 0
  private var depth = 0

  init(_ layout: StateLayout, observations: Observations) {
    self.layout = layout
    self.observations = observations
    store = StateStore(wordCount: layout.wordCount)
    batch = SuccessorBatch(wordCount: layout.wordCount)
    edges = observations.needsEdges ? EdgeList() : nil
    waiting = Pending(wordCount: layout.wordCount)
    pending = Pending(wordCount: layout.wordCount)
    hasBudgets = layout.model.hasFaultBudgets
  }

  var byteCount: Int {
    store.byteCount + (edges?.byteCount ?? 0) + waiting.byteCount + pending.byteCount
      + observations.byteCount
  }

  mutating func start(at initial: [UInt64]) {
    _ = store.insert(initial)
    observeNewStates()
  }

  /// Makes `state` the source of what comes next and loads it.
  @inline(__always)
  mutating func beginState(_ state: Int, depth: Int, into words: inout [UInt64]) {
    current = state
    self.depth = depth
    store.load(state, into: &words)
  }

  @inline(__always)
  mutating func successor(_ words: [UInt64], _ token: StepToken) {
    transitions &+= 1
    if hasBudgets, token.isFault {
      pending.add(words, source: current, depth: depth + 1)
      return
    }
    batch.push(words, note: UInt32(truncatingIfNeeded: current), prefetching: store)
    if batch.isFull { flush() }
  }

  mutating func failure(_ error: SpecError, _ token: StepToken) {
    transitions &+= 1
    observations.noteError(error, in: current, token)
  }

  mutating func unspecified(_ network: Int, _ number: Int) {
    observations.noteUnspecified(network, number, in: current)
  }

  /// Looks up what the batch holds and observes the states that are new.
  mutating func flush() {
    batch.resolve(into: &store)
    if edges != nil {
      for index in 0..<batch.count {
        let (number, source) = batch.resolved(index)
        edges?.add(from: Int(source), to: number)
      }
    }
    batch.removeAll()
    observeNewStates()
  }

  /// The next layer in the order of faults and steps; nil when everything is visited.
  mutating func nextLayer(after layer: Layer) -> Layer? {
    let first = layer.states.upperBound
    admit(depth: layer.depth + 1)
    if store.count > first {
      return Layer(
        faults: layer.faults,
        depth: layer.depth + 1,
        states: first..<store.count
      )
    }
    var faults = layer.faults
    var from = layer.depth + 1
    while true {
      while let depth = waiting.nextDepth(from: from) {
        admit(depth: depth)
        if store.count > first {
          return Layer(faults: faults, depth: depth, states: first..<store.count)
        }
        from = depth + 1
      }
      guard !pending.isEmpty else { return nil }
      swap(&waiting, &pending)
      faults += 1
      from = 0
    }
  }

  /// Lets in the states that one fault more leads to at this depth.
  private mutating func admit(depth: Int) {
    for (words, source) in waiting.take(depth: depth) {
      let (number, _) = store.insert(words)
      edges?.addLate(from: source, to: number)
    }
    observeNewStates()
  }

  private mutating func observeNewStates() {
    guard observations.looksAtStates else {
      checked = store.count
      return
    }
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    while checked < store.count {
      store.load(checked, into: &words)
      observations.observe(checked, words)
      checked += 1
    }
  }
}

extension Model {
  /// Whether some network counts its faults.
  var hasFaultBudgets: Bool {
    networks.contains { network in
      if case .budget = network.loss { return true }
      if case .budget = network.duplication { return true }
      return false
    }
  }
}
