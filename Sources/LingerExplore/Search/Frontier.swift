import LingerEval
import LingerModel

/// Where successors go: the batch, the store, the observations, the edges.
struct Frontier: ~Copyable, SuccessorSink {
  var store: StateStore
  private(set) var sleeps = SleepSets()
  var observations: Observations
  private(set) var edges: EdgeList?
  var symmetry: Symmetry?
  /// What tells the states of an orbit apart, once that is found.
  private(set) var asymmetry: String?
  /// Memory of the tables of local steps, as last looked at.
  var cacheBytes = 0

  private let layout: StateLayout
  private let stop: StopCheck
  private let budget: Budget
  private let hasBudgets: Bool
  private var batch: SuccessorBatch
  /// The first state, and whether what was met a moment ago is dropped: not while states are few.
  private var known: [UInt64]?
  private var dropsRecent = false
  private static let fewStates = 1 << 12
  /// What waits at the current number of faults, and at one fault more.
  private var waiting: Pending
  private var pending: Pending
  private var checked = 0
  /// Scratch: the numbers of what a worker found.
  private var numbers = Column<UInt32>()
  private var current = 0
  private var depth = 0
  /// Parts of states that show nothing.
  private var quietParts: QuietParts
  private let scratch: StateScratch

  init(
    _ layout: StateLayout,
    _ symmetry: Symmetry?,
    observations: Observations,
    stop: StopCheck,
    options: ExploreOptions
  ) {
    self.layout = layout
    self.symmetry = symmetry
    self.observations = observations
    self.stop = stop
    budget = options.budget
    store = StateStore(
      wordCount: layout.wordCount,
      limit: options.budget.states,
      compresses: options.compressesStates
    )
    batch = SuccessorBatch(wordCount: layout.wordCount)
    edges = observations.needsEdges ? EdgeList() : nil
    waiting = Pending(wordCount: layout.wordCount)
    pending = Pending(wordCount: layout.wordCount)
    hasBudgets = layout.model.hasFaultBudgets
    quietParts = QuietParts(symmetry == nil ? observations.parts : nil)
    scratch = StateScratch(wordCount: layout.wordCount, states: 1)
  }

  /// Memory held, in bytes.
  var byteCount: Int {
    store.byteCount + (edges?.byteCount ?? 0) + waiting.byteCount + pending.byteCount
      + observations.byteCount + cacheBytes + sleeps.byteCount
  }

  /// Memory that a part which grows by half or by two may take at once, in bytes: the old one is
  /// given back only when the new one stands.
  var growth: Int {
    let parts = [
      store.growingBytes, edges?.byteCount ?? 0, waiting.byteCount, pending.byteCount,
      observations.byteCount, cacheBytes, sleeps.byteCount,
    ]
    return 2 * (parts.max() ?? 0)
  }

  /// How symmetric instances are made use of.
  var symmetryNote: String? {
    guard let count = symmetry?.renamings.count else { return nil }
    return "states that differ in the names of symmetric instances alone count once "
      + "(\(count + 1) renamings)"
  }

  /// The edges by one end; nil where there is a reason against the memory for them, or to stop.
  func edges(by end: EdgeList.End) -> GroupedEdges? {
    guard let edges else { return nil }
    if let reason = budget.objection(edges.groupingBytes) {
      stop.end(reason)
      return nil
    }
    return edges.grouped(by: end, stateCount: store.count, stop)
  }

  mutating func start(at initial: [[UInt64]]) {
    for words in initial { _ = store.insert(words) }
    known = initial.first
    var isSymmetric = true
    for words in initial where isSymmetric {
      symmetry?.forEachImage(of: words) { image in
        isSymmetric = image == words
        return isSymmetric
      }
    }
    if !isSymmetric { note(asymmetry: "the symmetric instances begin differently") }
    observeNewStates()
  }

  /// Makes `state` the source of what comes next and loads it.
  @inline(__always)
  mutating func beginState(_ state: Int, depth: Int, into words: inout StateWords) {
    current = state
    self.depth = depth
    store.load(state, into: &words)
  }

  @inline(__always)
  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if symmetry == nil {
      take(words, isFault: isFault)
    } else if let representative = symmetry?.representative(of: words) {
      take(representative, isFault: isFault)
    }
  }

  @inline(__always)
  private mutating func take(_ words: some PackedWords, isFault: Bool) {
    if hasBudgets, isFault {
      pending.add(words, source: current, depth: depth + 1)
      return
    }
    batch.push(words, note: UInt32(truncatingIfNeeded: current))
    if batch.isFull { flush() }
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    observations.noteError(in: current, times: times, step())
  }

  mutating func unspecified(_ network: Int, _ number: Int) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    store.load(current, into: &words)
    observations.noteUnspecified(network, number, in: current, words)
  }

  /// Looks up what the batch holds and observes the states that are new.
  mutating func flush() {
    batch.resolve(into: &store)
    if edges != nil {
      for index in 0..<batch.count {
        let (number, source) = batch.resolved(index)
        if number != StateStore.none { edges?.add(from: Int(source), to: number) }
      }
    }
    batch.removeAll()
    observeNewStates()
    checkLimits()
  }

  /// Lets a team look up in copies of the store's index while states are added, until the end of
  /// that is told.
  mutating func beginSharing(with team: ThreadTeam) { store.keepTables(for: team) }
  mutating func endSharing() { store.releaseTables() }

  /// Takes in what a worker found in a part of a layer; false where a limit may come before all of
  /// it is in, and nothing was taken.
  mutating func take(_ part: ScannedPart) -> Bool {
    let bytes = 2 * part.found.byteCount + part.targets.count * 16
    guard part.found.count <= store.limit - store.count,
      budget.exhaustion(bytes: byteCount + growth + bytes) == nil
    else { return false }
    let known = store.count
    store.insert(part.found, &numbers)
    if edges == nil { addSleepSets(of: part, from: known) }
    if edges != nil { addEdges(of: part) }
    observations.note(part, store)
    observeNewStates()
    checkLimits()
    return true
  }

  /// A state has the sleep set with which it was found first.
  private mutating func addSleepSets(of part: ScannedPart, from first: Int) {
    sleeps.pad(to: first)
    for place in 0..<part.found.count where Int(numbers[place]) == sleeps.next {
      sleeps.append(part.found.sleep(place))
    }
  }

  private mutating func addEdges(of part: ScannedPart) {
    for place in 0..<part.targets.count {
      let target = part.targets[place]
      edges?.add(
        from: Int(part.sources[place]),
        to: target < ScannedPart.firstFound
          ? target : numbers[Int(target - ScannedPart.firstFound)]
      )
    }
  }

  private func checkLimits() {
    if store.isFull {
      stop.end(Budget.exhaustion(states: store.limit))
    } else if let reason = budget.exhaustion(bytes: byteCount) {
      stop.end(reason)
    }
  }

  /// The next layer in the order of faults and steps; nil when everything is visited.
  mutating func nextLayer(after layer: Layer) -> Layer? {
    let first = layer.states.upperBound
    sleeps.beginLayer(at: first)
    if !dropsRecent, edges == nil, let known, store.count > Self.fewStates {
      batch = SuccessorBatch(wordCount: layout.wordCount, dropping: known)
      dropsRecent = true
    }
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
      guard !pending.isEmpty, stop.reason == nil else { return nil }
      swap(&waiting, &pending)
      faults += 1
      from = 0
    }
  }

  private mutating func note(asymmetry reason: String) {
    asymmetry = reason
    stop.end(UndecidedReason(reason))
  }

  /// Lets in the states that one fault more leads to at this depth.
  private mutating func admit(depth: Int) {
    let taken = waiting.take(depth: depth)
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    for index in taken.sources.indices {
      taken.load(index, into: &words)
      guard let number = store.insert(words).number else { break }
      edges?.addLate(from: Int(taken.sources[index]), to: number)
      if index & 1023 == 1023, stop.spend(1024) { break }
    }
    observeNewStates()
    checkLimits()
  }

  private mutating func observeNewStates() {
    guard observations.looksAtStates || symmetry != nil else {
      checked = store.count
      return
    }
    var words = scratch[0]
    while checked < store.count {
      store.load(checked, into: &words)
      if quietParts.contains(words) {
        checked += 1
      } else {
        observe(words)
        checked += 1
        if stop.reason != nil { return }
      }
    }
  }

  private mutating func observe(_ words: StateWords) {
    observations.observe(checked, words)
    if symmetry != nil, let reason = observations.asymmetry(&symmetry, words.array) {
      note(asymmetry: reason)
    }
    if quietParts.isUsed, stop.reason == nil, observations.isQuiet { quietParts.insert(words) }
  }
}
