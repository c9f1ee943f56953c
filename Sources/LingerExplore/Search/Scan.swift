import LingerEval
import LingerModel

/// What a worker finds in some consecutive states of a layer: all that taking it in afterwards
/// needs.
///
/// What it leads to once it is taken in does not depend on who found it or when. Meanwhile states
/// are added to the store, so that some that it holds may be there by then.
final class ScannedPart {
  private(set) var states = 0..<0
  /// What is looked up in, and the sleep sets of the layer.
  private(set) var index: StoreIndex?
  private(set) var sleeps: SleepView?
  /// What does the work, where it is there.
  private(set) var native: (function: NativeFunction, text: NativeText)?
  /// Whether it is whole. One that is not is expanded again by the search itself, which then says
  /// why: a limit, a layout that is too small, a state with very many successors.
  var isWhole = false
  var counts: StepCounts
  /// Successors that the store did not have, in order, some of them more than once.
  var found: PackedStates
  /// Of each successor the state it comes from and its number, or, from ``firstFound`` on, its
  /// place among those found; kept where edges are.
  var sources = Column<UInt32>()
  var targets = Column<UInt32>()
  /// The first step that ends in an error, and how many do.
  var error: (state: Int, step: Step)?
  var errorCount = 0
  var unspecified: [(network: Int, number: Int, state: Int)] = []
  var stuck: Int?
  /// Who did it, and the memory that it holds, in bytes.
  fileprivate(set) var worker = 0
  fileprivate(set) var workerBytes = 0

  /// Numbers that no state has, for those found.
  static let firstFound: UInt32 = .max - 1 << 20
  /// Up to this many states are kept for later; beyond, a part is not whole.
  static let foundLimit = 1 << 16
  static let edgeLimit = 1 << 18

  fileprivate var isTooLarge: Bool {
    found.count > Self.foundLimit || targets.count > Self.edgeLimit
  }

  func addEdge(_ source: UInt32, _ target: UInt32) {
    sources.append(source)
    targets.append(target)
  }

  /// Rows of a list that a part keeps for the next time.
  private static let keptRows = 1 << 10

  init(_ layout: StateLayout) {
    counts = StepCounts(firings: Array(repeating: 0, count: layout.model.transitions.count))
    found = PackedStates(wordCount: layout.wordCount)
  }

  /// Makes it a part of which nothing is found yet.
  func begin(
    _ states: Range<Int>,
    in index: StoreIndex,
    _ sleeps: SleepView,
    _ native: (function: NativeFunction, text: NativeText)?
  ) {
    self.states = states
    self.index = index
    self.sleeps = sleeps
    self.native = native
    isWhole = false
    counts.transitions = 0
    found.removeAll(keeping: Self.keptRows)
    sources.removeAll(keeping: Self.keptRows)
    targets.removeAll(keeping: Self.keptRows)
    error = nil
    errorCount = 0
    unspecified = []
    stuck = nil
  }
}

/// One of those who expand the states of a layer at the same time. Each has its own table of local
/// steps, so that none waits for another.
final class ScanWorker {
  private var content: ScanContent

  /// Everything that it may write to or count references of is its own.
  init(
    _ model: Model,
    _ size: LayoutSize,
    _ observations: Observations,
    _ options: ExploreOptions
  ) {
    content = ScanContent(model, size, observations, options)
  }

  /// Expands the states of a part.
  func scan(_ part: ScannedPart, as worker: Int) {
    guard let index = part.index, let sleeps = part.sleeps else { return }
    content.scan(part, in: index, sleeps)
    part.worker = worker
    part.workerBytes = content.byteCount
  }

  /// The ordinals of a variable in the states that were expanded.
  func values(ofVariable variable: Int, of instance: Int) -> Set<Int> {
    let values = content.expander.cache.values(ofVariable: variable, of: instance)
    guard let native = content.native else { return values }
    return values.union(native.values(ofVariable: variable, of: instance))
  }
}

/// What a worker works with, as one value: a member of a class is checked at each access.
private struct ScanContent: ~Copyable {
  var expander: Expander
  /// Does the work once it is there.
  var native: NativeScan?
  private var sink: ScanSink
  private var final: Predicate?
  private let wantsStuck: Bool
  private let scratch: StateScratch
  private let stop: StopCheck

  init(
    _ model: Model,
    _ size: LayoutSize,
    _ observations: Observations,
    _ options: ExploreOptions
  ) {
    let stop = StopCheck(options.budget)
    let evaluator = Evaluator(model, stop: stop)
    let layout = StateLayout(model, size: size)
    self.stop = stop
    wantsStuck = observations.wantsStuck
    final = model.final.map { Predicate($0, layout: layout, evaluator: evaluator) }
    scratch = StateScratch(wordCount: layout.wordCount, states: 1)
    sink = ScanSink(layout, stop, keepsEdges: observations.needsEdges)
    expander = Expander(
      layout,
      evaluator: evaluator,
      nil,
      stop: stop,
      remembersSteps: options.remembersSteps,
      // Whoever asks for edges wants every successor.
      hasSleepSets: !observations.needsEdges
    )
  }

  var byteCount: Int {
    expander.cache.byteCount + sink.byteCount + (native?.buffers.byteCount ?? 0)
  }

  mutating func scan(_ part: ScannedPart, in index: StoreIndex, _ sleeps: SleepView) {
    guard expander.overflow == nil else { return }
    if native == nil, let (function, text) = part.native {
      native = NativeScan(function, text, known: index.words(of: 0))
    }
    // A part that was left for its size does not end the next one.
    stop.grant(0)
    if native != nil {
      part.isWhole = !stop.spend(part.states.count) && scanNatively(part, in: index, sleeps)
      return
    }
    var words = scratch[0]
    expander.resetCounts()
    sink.begin(part, index)
    for state in part.states {
      index.load(state, into: &words)
      sink.begin(state)
      let isProgress = expander.expand(words, asleep: sleeps[state], into: &sink)
      if !isProgress, wantsStuck, part.stuck == nil, final?.answer(words) != .yes,
        expander.isStuck(words)
      {
        part.stuck = state
      }
      if stop.isStopped { return }
    }
    sink.end()
    part.counts = expander.counts
    part.isWhole = !stop.isStopped
  }

  private mutating func scanNatively(
    _ part: ScannedPart,
    in index: StoreIndex,
    _ sleeps: SleepView
  ) -> Bool {
    var words = scratch[0]
    guard var native = native.take() else { return false }
    defer { self.native = native }
    return native.scan(part, in: index, sleeps, &expander) { state, expander in
      index.load(state, into: &words)
      return final?.answer(words) != .yes && expander.isStuck(words)
    } && !stop.isStopped
  }
}

/// Where a worker's successors go.
private struct ScanSink: ~Copyable, SuccessorSink {
  private let layout: StateLayout
  private let stop: StopCheck
  private let keepsEdges: Bool
  private var batch: SuccessorBatch
  private var dropsRecent = false
  private var part: ScannedPart
  private var index: StoreIndex?
  private var current = 0
  /// Messages that this worker has found to be taken by nobody; see ``Observations``.
  private var knownUnspecified: Set<[Int]> = []

  init(_ layout: StateLayout, _ stop: StopCheck, keepsEdges: Bool) {
    self.layout = layout
    self.stop = stop
    self.keepsEdges = keepsEdges
    batch = SuccessorBatch(wordCount: layout.wordCount)
    part = ScannedPart(layout)
  }

  var byteCount: Int { batch.byteCount }

  mutating func begin(_ part: ScannedPart, _ index: StoreIndex) {
    self.part = part
    self.index = index
    if !keepsEdges, !dropsRecent {
      dropsRecent = true
      batch = SuccessorBatch(wordCount: layout.wordCount, dropping: index.words(of: 0))
    }
    batch.removeAll()
  }

  mutating func begin(_ state: Int) { current = state }

  @inline(__always)
  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    batch.push(words, note: UInt32(truncatingIfNeeded: current), sleep: sleep())
    if batch.isFull { sift() }
  }

  mutating func end() { sift() }

  /// Keeps what the store does not have.
  private mutating func sift() {
    guard let index else { return }
    batch.lookUp(in: index)
    if keepsEdges {
      var later = ScannedPart.firstFound + UInt32(truncatingIfNeeded: part.found.count)
      for place in 0..<batch.count {
        let (number, source) = batch.resolved(place)
        let isNew = number == StateStore.none
        part.sources.append(source)
        part.targets.append(isNew ? later : number)
        if isNew { later += 1 }
      }
    }
    batch.addMissing(to: &part.found)
    batch.removeAll()
    if part.isTooLarge { stop.end("a part of a layer with very many successors") }
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    if part.error == nil { part.error = (current, step()) }
    part.errorCount += times
  }

  mutating func unspecified(_ network: Int, _ number: Int) {
    guard let words = index?.words(of: current) else { return }
    let key = Observations.key(ofUnspecified: network, number, words, layout)
    guard knownUnspecified.insert(key).inserted else { return }
    part.unspecified.append((network, number, current))
  }
}
