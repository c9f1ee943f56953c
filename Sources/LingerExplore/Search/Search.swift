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
  let stop: StopCheck
  var expander: Expander
  var frontier: Frontier
  private(set) var layers: [Layer] = []
  /// Why not every reachable state was visited, if so.
  private(set) var limit: String?
  /// Why one state cannot stand for its orbit, once that is found.
  var asymmetry: String? { expander.asymmetry ?? frontier.asymmetry }
  /// Why symmetric instances are told apart from the start, if so.
  private(set) var reasonAgainstSymmetry: String?
  /// Whether it ended because everything that was asked is decided.
  private(set) var endedEarly = false

  private var sinceLastReport = 0
  /// States between two looks at the progress and at the memory in use.
  private static let reportInterval = 4096

  init(_ layout: StateLayout, evaluator: Evaluator, stop: StopCheck, options: ExploreOptions) {
    model = layout.model
    self.layout = layout
    self.options = options
    self.stop = stop
    var symmetry = options.usesSymmetry ? Symmetry(layout) : nil
    let isFair = (options.questions ?? layout.model.questions).contains {
      $0.isAboutEndlessRuns(in: layout.model)
    }
    if isFair, symmetry != nil {
      // A run of orbits that is fair need not be a run of states that is.
      symmetry = nil
      reasonAgainstSymmetry = "runs without end are asked for, and fairness tells instances apart"
    }
    expander = Expander(
      layout,
      evaluator: evaluator,
      symmetry,
      stop: stop,
      remembersSteps: options.remembersSteps
    )
    frontier = Frontier(
      layout,
      symmetry,
      observations: Observations(layout, evaluator: evaluator, stop: stop, options: options),
      stop: stop,
      options: options
    )
  }

  /// Explores from the initial states until everything is visited or a limit is reached.
  mutating func run(from initial: [[UInt64]]) throws(LayoutOverflow) {
    frontier.start(at: initial)
    var layer = Layer(faults: 0, depth: 0, states: 0..<frontier.store.count)
    while true {
      layers.append(layer)
      expand(layer)
      if let overflow = expander.overflow { throw overflow }
      if let reason = stop.reason { limit = reason }
      if limit != nil {
        noteUnexpanded(after: layer)
        return
      }
      guard let next = frontier.nextLayer(after: layer) else { break }
      layer = next
      if options.stopsWhenDecided && frontier.observations.isAllDecided {
        endedEarly = true
        layers.append(layer)
        return
      }
    }
    limit = stop.reason
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

  private mutating func expand(_ layer: Layer) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    for state in layer.states {
      frontier.beginState(state, depth: layer.depth, into: &words)
      let isProgress = expander.expand(words, into: &frontier)
      if !isProgress, frontier.observations.wantsStuck, !frontier.observations.isFinal(words),
        expander.isStuck(words)
      {
        frontier.observations.noteStuck(state)
      }
      sinceLastReport += 1
      if sinceLastReport >= Self.reportInterval { report(layer, state) }
      if stop.reason != nil { break }
    }
    frontier.flush()
  }

  private mutating func report(_ layer: Layer, _ state: Int) {
    sinceLastReport = 0
    frontier.cacheBytes =
      expander.cache.byteCount + layout.networks.reduce(0) { $0 + $1.space.byteCount }
    if let reason = options.reasonAgainstMemory(frontier.growth) { stop.end(reason) }
    if expander.cache.isFull { stop.end("more local steps than can be numbered") }
    options.progress?(
      Progress(
        states: frontier.store.count,
        transitions: expander.transitions,
        depth: layer.depth,
        queued: frontier.store.count - state - 1,
        memoryBytes: frontier.byteCount
      )
    )
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
