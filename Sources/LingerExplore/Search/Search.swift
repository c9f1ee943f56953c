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
  private(set) var limit: UndecidedReason?
  /// Why one state cannot stand for its orbit, once that is found.
  var asymmetry: String? { expander.asymmetry ?? frontier.asymmetry }
  /// Whether it ended because everything that was asked is decided.
  private(set) var endedEarly = false

  /// Steps of all states that are expanded.
  private(set) var counts: StepCounts
  /// Whether parts of a layer may be looked at by themselves, by threads or with sleep sets:
  /// symmetry, budgets of faults and messages that are numbered as they appear want one state after
  /// the other.
  private let isShared: Bool
  /// Those who expand states at the same time; none before a layer is large enough.
  private(set) var workers: [ScanWorker] = []
  private var workerBytes: [Int] = []
  /// What they find, used over and over.
  private var scanned: [ScannedPart] = []
  private var team: ThreadTeam?
  private var native: NativeSession?
  private var nativeCode: (function: NativeFunction, text: NativeText)?
  private let scratch: StateScratch
  private var sinceLastReport = 0
  /// Parts of a layer that threads may be ahead of what is taken in: they go on while the store's
  /// table grows.
  private static let partsAhead = 256
  /// Parts that are looked at before any is taken in, where the store cannot be read meanwhile.
  private static let partsInBlock = 64
  /// Fewer parts in a layer are not worth a worker, unless native code is wanted in any case.
  private static let fewestParts = 4
  /// Steps of a worker's that count as one of ours: each worker asks for itself whether to stop.
  private static let sharedWork = 64
  /// States between two looks at the progress and at the memory in use.
  private static let reportInterval = 4096

  init(_ layout: StateLayout, evaluator: Evaluator, stop: StopCheck, options: ExploreOptions) {
    model = layout.model
    self.layout = layout
    self.options = options
    self.stop = stop
    let symmetry = options.usesSymmetry ? Symmetry(layout) : nil
    expander = Expander(
      layout,
      evaluator: evaluator,
      symmetry,
      stop: stop,
      remembersSteps: options.remembersSteps
    )
    counts = StepCounts(firings: Array(repeating: 0, count: layout.model.transitions.count))
    scratch = StateScratch(wordCount: layout.wordCount, states: 1)
    let isOrdered =
      symmetry != nil || layout.model.hasFaultBudgets
      || layout.networks.contains { $0.space.fixedCount == nil }
    isShared = !isOrdered
    let observations = Observations(layout, evaluator: evaluator, stop: stop, options: options)
    // Native code reads states as they are.
    let isCompressed = options.compressesStates && layout.wordCount >= StateTree.fewestWords
    native =
      isOrdered || isCompressed
      ? nil : options.nativeCompiler.map { NativeSession($0, observations) }
    frontier = Frontier(
      layout,
      symmetry,
      observations: observations,
      stop: stop,
      options: options
    )
  }

  /// Explores from the initial states until everything is visited or a limit is reached.
  mutating func run(from initial: [[UInt64]]) throws(LayoutOverflow) {
    frontier.start(at: initial)
    defer { native?.end() }
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
    let isLarge = layer.states.count >= Self.fewestParts * options.statesAtOnce
    if isShared, isLarge || native?.isRequired == true {
      expandTogether(layer)
    } else {
      for part in 0..<partCount(of: layer) where stop.reason == nil {
        expandAlone(states(ofPart: part, in: layer), layer)
      }
    }
  }

  private func partCount(of layer: Layer) -> Int {
    (layer.states.count + options.statesAtOnce - 1) / options.statesAtOnce
  }

  private func states(ofPart part: Int, in layer: Layer) -> Range<Int> {
    let first = layer.states.lowerBound + part * options.statesAtOnce
    return first..<min(first + options.statesAtOnce, layer.states.upperBound)
  }

  /// Expands a part of a layer. What is found is looked up part by part, so that it depends on the
  /// states alone when a limit is reached.
  private mutating func expandAlone(_ part: Range<Int>, _ layer: Layer) {
    var words = scratch[0]
    expander.resetCounts()
    for state in part {
      frontier.beginState(state, depth: layer.depth, into: &words)
      let isProgress = expander.expand(words, into: &frontier)
      if !isProgress, frontier.observations.wantsStuck, !frontier.observations.isFinal(words),
        expander.isStuck(words)
      {
        frontier.observations.noteStuck(state)
      }
      if stop.reason != nil { break }
    }
    frontier.flush()
    counts += expander.counts
    report(after: part, layer)
  }

  /// Has the workers look at the parts of a layer, and takes in what they found, part by part in
  /// order: as if each part had been expanded alone. Where the store allows it that goes on at the
  /// same time.
  private mutating func expandTogether(_ layer: Layer) {
    let team = team ?? ThreadTeam(threads: options.threads)
    self.team = team
    while workers.count < team.count {
      workers.append(ScanWorker(model, layout.size, frontier.observations, options))
      workerBytes.append(0)
    }
    while scanned.count < (team.count == 1 ? 1 : Self.partsAhead) {
      scanned.append(ScannedPart(layout))
    }
    goNative()
    let count = partCount(of: layer)
    if team.count == 1 || frontier.store.canBeReadMeanwhile {
      if team.count > 1 { frontier.beginSharing(with: team) }
      expand(0..<count, of: layer, with: team, ahead: scanned.count)
      frontier.endSharing()
    } else {
      for first in stride(from: 0, to: count, by: Self.partsInBlock) where stop.reason == nil {
        let parts = first..<min(first + Self.partsInBlock, count)
        expand(parts, of: layer, with: team, ahead: nil)
      }
    }
  }

  /// Expands some parts of a layer, up to so many before one of them is taken; all if nil.
  private mutating func expand(
    _ parts: Range<Int>,
    of layer: Layer,
    with team: ThreadTeam,
    ahead: Int?
  ) {
    if stop.reason != nil { return }
    let (workers, scanned) = (workers, scanned)
    for part in parts.prefix(scanned.count) { prepare(part, of: layer) }
    let scan = { (worker: Int, job: Int) in
      workers[worker].scan(scanned[(parts.lowerBound + job) % scanned.count], as: worker)
    }
    guard let ahead else {
      team.forEach(parts.count, scan)
      for part in parts where stop.reason == nil {
        take(scanned[part % scanned.count], of: layer)
      }
      return
    }
    team.forEach(parts.count, ahead: ahead, scan) { job in
      let part = parts.lowerBound + job
      take(scanned[part % scanned.count], of: layer)
      goNative()
      if part + ahead < parts.upperBound { prepare(part + ahead, of: layer) }
      return stop.reason == nil
    }
  }

  private mutating func prepare(_ part: Int, of layer: Layer) {
    scanned[part % scanned.count].begin(
      states(ofPart: part, in: layer),
      in: frontier.store.index,
      frontier.sleeps.view,
      nativeCode
    )
  }

  private mutating func take(_ part: ScannedPart, of layer: Layer) {
    workerBytes[part.worker] = part.workerBytes
    if stop.spend(part.counts.transitions / Self.sharedWork) { return }
    if part.isWhole, frontier.take(part) {
      counts += part.counts
      report(after: part.states, layer)
    } else {
      expandAlone(part.states, layer)
    }
  }

  /// Goes over to native code once it is there.
  private mutating func goNative() {
    if nativeCode != nil { return }
    let function = native?.function(
      layout,
      expander.kernelInUse,
      states: frontier.store.count,
      options.budget,
      stop
    )
    if let function, let text = native?.text { nativeCode = (function, text) }
  }

  private mutating func report(after part: Range<Int>, _ layer: Layer) {
    sinceLastReport += part.count
    if sinceLastReport < Self.reportInterval { return }
    sinceLastReport = 0
    frontier.cacheBytes =
      expander.cache.byteCount + layout.networks.reduce(0) { $0 + $1.space.byteCount }
      + workerBytes.reduce(0, +)
    if let reason = options.budget.objection(frontier.growth) { stop.end(reason) }
    if expander.cache.isFull { stop.end("more local steps than can be numbered") }
    options.progress?(
      Progress(
        states: frontier.store.count,
        transitions: counts.transitions,
        depth: layer.depth,
        queued: frontier.store.count - part.upperBound,
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
