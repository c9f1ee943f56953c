import LingerEval
import LingerKernel
import LingerModel

/// Computes the successors of packed states.
struct Expander: ~Copyable {
  var cache: StepCache
  let layout: StateLayout
  let stop: StopCheck
  /// Steps taken by ``expand(_:into:)`` since they were last counted anew.
  var transitions = 0
  /// By transition, ignored timeouts before all.
  private var firings: Column<Int>
  /// Why the protocol is not symmetric in its `symmetric` instances, once that is found.
  private(set) var asymmetry: String?
  /// Set when the layout was too small for a successor.
  private(set) var overflow: LayoutOverflow?

  private let symmetry: Symmetry?
  let model: Model
  let instanceCount: Int
  let networkCount: Int
  private let lossSteps: [Bool]
  private let duplicationSteps: [Bool]
  let keepsDelivered: [Bool]
  /// The counters of all networks, and where those of each begin; it has none in another form.
  private let segments: Column<CountSegment>
  private let firstSegments: Column<Int>
  /// Whether losses or duplications may run out.
  let hasFaultBudgets: Bool
  /// What sleep sets are made of, whether they are, and whose turn it is.
  let hasSleepSets: Bool
  let occasionsOfInstances: Column<Independence.Instance>
  let occasionsOfMessages: Column<Independence.Message>
  let mayOverflow: Bool
  var turn = Turn()
  /// The number and the row of each instance's local state.
  private var locals: Column<Int>
  private var rows: Column<Int>
  /// How often each instance's local state was looked up.
  private var visits: Column<Int>
  /// Instances whose local states hardly ever repeat: the kernel runs each step, nothing is kept.
  private var isDirect: [Bool]
  /// Taken out while it runs.
  var kernel: KernelSteps?
  private let scratch: StateScratch
  /// Scratch: the state whose successors are being made.
  let source: StateWords
  /// Scratch: the state without the message that is being delivered.
  private let delivered: StateWords
  /// Scratch: the successor that is being made.
  var next: StateWords
  /// Scratch: a state with everything in flight lost, and the same without a message.
  let emptied: StateWords
  let emptiedDelivered: StateWords
  var entries: [PackedNetwork.Entry] = []
  /// Who acts, and on which message.
  private var acting = 0
  private var arriving: (network: Int, number: Int)?

  /// Steps of one state after which is asked whether to stop.
  private static let askInterval = 4096
  /// A power of two.
  private static let visitsBetweenChecks = 1 << 12

  init(
    _ layout: StateLayout,
    evaluator: Evaluator,
    _ symmetry: Symmetry?,
    stop: StopCheck,
    remembersSteps: Bool,
    hasSleepSets: Bool = false
  ) {
    self.layout = layout
    self.symmetry = symmetry
    self.stop = stop
    model = layout.model
    cache = StepCache(layout, evaluator: evaluator)
    instanceCount = layout.instances.count
    networkCount = layout.networks.count
    lossSteps = model.networks.map(\.hasLossSteps)
    duplicationSteps = model.networks.map(\.hasDuplicationSteps)
    keepsDelivered = model.networks.map { $0.discipline == .set }
    hasFaultBudgets = model.hasFaultBudgets
    segments = Column(layout.networks.flatMap(\.segments))
    var firstSegments = Column<Int>()
    firstSegments.append(0)
    for network in layout.networks {
      firstSegments.append(firstSegments[firstSegments.count - 1] + network.segments.count)
    }
    self.firstSegments = firstSegments
    locals = Column(repeating: 0, count: layout.instances.count)
    rows = Column(repeating: 0, count: layout.instances.count)
    visits = Column(repeating: 0, count: layout.instances.count)
    firings = Column(repeating: 0, count: layout.model.transitions.count + 1)
    let kernel = KernelSteps(layout, stop: stop)
    isDirect = layout.instances.indices.map { instance in
      !remembersSteps && symmetry == nil && kernel.runsAll(of: instance)
    }
    let independence = Independence(layout, kernel.kernel)
    occasionsOfInstances = Column(independence.instances)
    occasionsOfMessages = Column(independence.messages)
    mayOverflow = independence.mayOverflow
    self.hasSleepSets = hasSleepSets && independence.isUsed && symmetry == nil
    self.kernel = kernel
    scratch = StateScratch(wordCount: layout.wordCount, states: 5)
    (source, delivered, next) = (scratch[0], scratch[1], scratch[2])
    (emptied, emptiedDelivered) = (scratch[3], scratch[4])
  }

  /// The kernel, for native code to be made of.
  var kernelInUse: StepKernel { kernel?.kernel ?? StepKernel(model) }

  /// The steps taken since they were last counted anew.
  var counts: StepCounts {
    StepCounts(transitions: transitions, firings: (1..<firings.count).map { firings[$0] })
  }

  /// Counts anew.
  mutating func resetCounts() {
    transitions = 0
    for number in 0..<firings.count { firings[number] = 0 }
  }

  @inline(__always)
  mutating func count(_ transition: Int, times: Int) { firings[transition &+ 1] &+= times }

  /// Hands every successor of `words` to the sink, in a fixed order; not all of them where a stop
  /// comes in between, nor those of occasions that are asleep. These count all the same.
  ///
  /// - Returns: Whether some instance can lead on by itself even when everything in flight is
  ///   lost; false means "not known yet", see ``isStuck(_:)``.
  mutating func expand<Sink: SuccessorSink & ~Copyable>(
    _ state: some PackedWords,
    asleep: UInt64 = 0,
    into sink: inout Sink
  ) -> Bool {
    let words = source
    words.copy(state)
    turn = Turn(asleep: asleep)
    var isProgress = false
    let before = transitions
    var askAt = before &+ Self.askInterval
    arriving = nil
    for instance in 0..<instanceCount {
      enter(instance, words)
      if hasSleepSets { beginTurn(of: instance) }
      let answer = steps(of: instance, words, counts: true, &sink)
      isProgress = isProgress || answer.isProgress
      if transitions >= askAt {
        if stop.spend(transitions &- askAt &+ Self.askInterval) { return true }
        askAt = transitions &+ Self.askInterval
      }
    }
    for network in 0..<networkCount {
      listEntries(of: network, words)
      forEachEntry(of: network, words) { expander, entry in
        guard entry.isDeliverable else { return true }
        expander.deliver(entry, network, words, &sink)
        if expander.transitions >= askAt {
          if expander.stop.spend(expander.transitions &- askAt &+ Self.askInterval) { return false }
          askAt = expander.transitions &+ Self.askInterval
        }
        return true
      }
      if stop.isStopped { return true }
      if lossSteps[network] { lose(network, words, &sink) }
      if duplicationSteps[network] { duplicate(network, words, &sink) }
    }
    turn = Turn()
    // Asked whatever the answer is: most states lead on, and a limit holds for them too.
    let isStopped = stop.spend(transitions &- before &+ 1)
    return isProgress || isStopped
  }

  @inline(__always)
  private mutating func deliver<Sink: SuccessorSink & ~Copyable>(
    _ entry: PackedNetwork.Entry,
    _ network: Int,
    _ words: StateWords,
    _ sink: inout Sink
  ) {
    let delivered = delivered
    delivered.copy(words)
    let message = (network: network, number: entry.number)
    let receiver: Int
    let column: Int?
    let counter: MessageCounter?
    if let first = cache.firstPlaces[network] {
      let place = cache.places[first &+ entry.number]
      receiver = Int(place.receiver)
      if hasSleepSets { beginDelivery(of: first &+ entry.number, to: receiver, entry) }
      column = place.column < 0 ? nil : Int(place.column)
      counter = place.counter.isThere ? place.counter : nil
    } else {
      receiver = layout.networks[network].space.receiver(of: entry.number)
      (column, counter) = (nil, nil)
    }
    if !keepsDelivered[network] {
      if let counter {
        counter.remove(from: delivered)
      } else {
        var delivered = delivered
        layout.networks[network].remove(entry, in: &delivered)
      }
    }
    let answer = steps(
      of: receiver,
      receiving: message,
      at: column,
      delivered,
      counts: true,
      &sink
    )
    if !answer.isAny { sink.unspecified(network, entry.number) }
  }

  /// Lists what is in flight of a network that has no counters.
  @inline(__always)
  private mutating func listEntries(of network: Int, _ words: StateWords) {
    if firstSegments[network] < firstSegments[network &+ 1] { return }
    layout.networks[network].entries(in: words, into: &entries)
  }

  /// Visits what is in flight, in ascending order, until the visitor says no.
  @inline(__always)
  mutating func forEachEntry(
    of network: Int,
    _ words: StateWords,
    _ visit: (inout Expander, PackedNetwork.Entry) -> Bool
  ) {
    var segment = firstSegments[network]
    let end = firstSegments[network &+ 1]
    if segment == end {
      for index in entries.indices where !visit(&self, entries[index]) { return }
      return
    }
    while segment < end {
      var present = PresentCounts(segments[segment], words)
      while let entry = present.next() {
        if !visit(&self, entry) { return }
      }
      segment &+= 1
    }
  }

  /// Whether an instance did anything, and whether that leads to another state in any case.
  typealias Answer = (isAny: Bool, isProgress: Bool)

  /// Looks an instance's local state up, for the steps that follow.
  @inline(__always)
  mutating func enter(_ instance: Int, _ words: StateWords) {
    if isDirect[instance] {
      cache.noteValues(of: instance, words)
      return
    }
    let local = cache.local(instance, words)
    locals[instance] = local
    rows[instance] = cache.row(instance, local: local)
    visits[instance] &+= 1
    if visits[instance] & (Self.visitsBetweenChecks &- 1) == 0 { checkUse(of: instance) }
  }

  /// Takes what an instance does by itself, or with a message, in the state that it was entered in.
  /// The column is where that stands in its row, if anywhere.
  @inline(__always)
  mutating func steps<Sink: SuccessorSink & ~Copyable>(
    of instance: Int,
    receiving message: (network: Int, number: Int)? = nil,
    at column: Int? = 0,
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    acting = instance
    arriving = message
    if let column, !isDirect[instance], let leaf = cache.leaf(at: rows[instance] &+ column, words) {
      return take(leaf, words, counts: counts, &sink)
    }
    return otherSteps(of: instance, receiving: message, words, counts: counts, &sink)
  }

  /// The same where the table of local steps does not have them at hand.
  private mutating func otherSteps<Sink: SuccessorSink & ~Copyable>(
    of instance: Int,
    receiving message: (network: Int, number: Int)?,
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    let occasion = StepCache.Occasion(instance: instance, local: locals[instance], message: message)
    if isDirect[instance] { return runKernel(occasion, words, counts: counts, &sink) }
    if let leaf = cache.leaf(of: occasion, words) {
      return take(leaf, words, counts: counts, &sink)
    }
    return workOut(occasion, words, counts: counts, &sink)
  }

  /// Takes the steps of a leaf.
  @inline(__always)
  private mutating func take<Sink: SuccessorSink & ~Copyable>(
    _ leaf: StepCache.Leaf,
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    if counts { transitions &+= leaf.steps }
    var outcome = leaf.first
    let end = leaf.first &+ leaf.count
    while outcome < end {
      let content = cache.outcomes[outcome]
      if counts { count(Int(content.transition), times: content.steps) }
      if !turn.isSilent || content.error >= 0 { apply(content, outcome, to: words, &sink) }
      outcome &+= 1
    }
    return (leaf.count > 0, leaf.isProgress)
  }

  /// Has the kernel run what the cache does not have, and takes the steps, a batch at a time
  /// where they are too many to be kept.
  private mutating func workOut<Sink: SuccessorSink & ~Copyable>(
    _ occasion: StepCache.Occasion,
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    var reads: [StepCache.Read] = []
    var isKept = true
    var answer = Answer(false, false)
    let layout = layout
    func read(_ network: Int, _ number: Int) -> Int {
      let copies = layout.networks[network].copies(of: number, in: words)
      if !reads.contains(where: { $0.network == network && $0.number == number }) {
        reads.append((network, number, copies))
      }
      return copies
    }
    func copiesInFlight(_ envelope: Envelope) -> Int {
      let space = layout.networks[envelope.network].space
      return space.number(of: envelope).map { read(envelope.network, $0) } ?? 0
    }
    func note(_ isProgress: Bool) {
      answer.isAny = true
      if isProgress { answer.isProgress = true }
      guard cache.isBatchFull else { return }
      isKept = false
      takeBatch(words, counts: counts, &sink)
    }
    if symmetry == nil, kernel?.runs(occasion) == true, var kernel = kernel.take() {
      let (instance, message) = (occasion.instance, occasion.message)
      kernel.forEach(occasion, in: words, copies: read) { worker, step in
        let found = worker.found(step, by: instance, from: words, layout)
        let shown = { worker.step(step, of: instance, receiving: layout.envelope(message)) }
        note(cache.add(found, of: instance, words, shown()))
      }
      self.kernel = consume kernel
    } else {
      let local = layout.instances[occasion.instance].unpack(words, model: model)
      let cause = layout.envelope(occasion.message).map { LocalCause.receive($0) } ?? .spontaneous
      var localSteps: [LocalStep] = []
      cache.evaluator.forEachLocalStep(
        of: occasion.instance,
        local: local,
        cause: cause,
        copiesInFlight: copiesInFlight,
        { step in
          if symmetry != nil, isKept { localSteps.append(step) }
          note(cache.add(step, of: occasion.instance, words))
        }
      )
      if let symmetry, stop.reason == nil {
        let reason =
          isKept
          ? symmetry.asymmetry(
            of: localSteps,
            by: occasion.instance,
            local,
            cause,
            cache.evaluator,
            copiesInFlight: copiesInFlight
          ) : "a state has too many steps to be compared"
        if let reason {
          asymmetry = reason
          stop.end(UndecidedReason(reason))
        }
      }
    }
    // What a stop leaves half done counts for nothing, but is no reason to call the state stuck.
    if stop.reason != nil {
      cache.dropBatch()
      return (true, true)
    }
    guard isKept else {
      takeBatch(words, counts: counts, &sink)
      cache.noteUnkept(for: occasion, reads: reads)
      return (true, answer.isProgress && reads.isEmpty)
    }
    let leaf = cache.keepBatch(for: occasion, reads: reads, isProgress: answer.isProgress)
    let taken = take(leaf, words, counts: counts, &sink)
    return (answer.isAny, taken.isProgress)
  }

  /// Goes over to running an instance's steps where remembering them does not pay: where more than
  /// half of its local states were new.
  private mutating func checkUse(of instance: Int) {
    guard symmetry == nil, cache.locals[instance].count > visits[instance] / 2,
      kernel?.runsAll(of: instance) == true
    else { return }
    isDirect[instance] = true
  }

  private mutating func takeBatch<Sink: SuccessorSink & ~Copyable>(
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) {
    for number in cache.batch {
      let outcome = cache.outcomes[number]
      if counts {
        transitions &+= outcome.steps
        count(Int(outcome.transition), times: outcome.steps)
      }
      apply(outcome, number, to: words, &sink)
    }
    cache.dropBatch()
  }

  @inline(__always)
  private mutating func apply<Sink: SuccessorSink & ~Copyable>(
    _ outcome: PackedOutcome,
    _ number: Int,
    to words: StateWords,
    _ sink: inout Sink
  ) {
    if outcome.error >= 0 {
      sink.failure(times: outcome.steps, step: cache.steps[number])
      return
    }
    let next = next
    next.copy(words)
    var change = outcome.changes.first
    while change < outcome.changes.end {
      let content = cache.changes[change]
      next[content.word] ^= content.flip
      change &+= 1
    }
    var dependents = turn.dependents
    var send = outcome.sends.first
    while send < outcome.sends.end {
      let content = cache.sends[send]
      if content.counter.isThere {
        if hasSleepSets {
          dependents |= self.dependents(ofSending: Int(content.place), content.counter)
        }
        if !content.counter.send(in: next) {
          sink.failure(times: outcome.steps, step: cache.steps[number])
          return
        }
      } else if !self.send(content, of: number, &sink) {
        return
      }
      send &+= 1
    }
    if turn.isAsleep { return }
    sink.successor(
      next,
      isFault: false,
      sleep: turn.sleep(without: dependents),
      step: cache.steps[number],
      effects: cache.effects(of: outcome, by: acting, on: arriving)
    )
  }

  /// Sends over a network without counters; false where that leads nowhere.
  private mutating func send<Sink: SuccessorSink & ~Copyable>(
    _ send: PackedSend,
    of outcome: Int,
    _ sink: inout Sink
  ) -> Bool {
    switch layout.networks[Int(send.network)].send(Int(send.number), in: &next) {
    case .sent, .dropped: return true
    case .full:
      sink.failure(times: cache.outcomes[outcome].steps, step: cache.steps[outcome])
      return false
    case .overflow(let overflow):
      note(overflow)
      return false
    }
  }

  /// Ends the run: it starts again with a larger layout, where there is one.
  mutating func note(_ overflow: LayoutOverflow) {
    if layout.size.enlarged(after: overflow) != nil { self.overflow = overflow }
    stop.end("more different messages than can be numbered")
  }
}
