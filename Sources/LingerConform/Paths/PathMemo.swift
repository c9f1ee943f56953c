import LingerKernel

/// What was worked out before, as questions with outcomes behind them: for each set, answers and
/// change a tree that leads from one question about wide values to the next, and at last to what
/// the set after it is and what stands in its slots.
struct PathMemo {
  private let calls: [Subject.Call]
  private let wide: WideRegisters
  private let packing: Packing
  private(set) var trees = PathTrees()
  /// By number.
  private(set) var sets: [BeliefSet] = []
  /// The same, as far as time decides about them.
  private(set) var timings: SetTimings
  private(set) var roots = TripleTable()
  /// The place of each root's first question; 0 for none yet.
  private(set) var rootPlaces: [Int32] = []
  private var changes = WordTable()
  private var longAnswers: [Answers: Int] = [:]
  /// What is looked up: words that tell a change from others, and the values of wide inputs, behind
  /// one that is always 0.
  private var words: [Int] = []
  private var inputs = [0]
  /// So many of the inputs count: the row only grows, since to empty it costs as much as to fill.
  private var inputCount = 1
  /// Where a trace stands that is looked up as a whole.
  var walk: PathWalk? = PathWalk()

  /// Words of trees that are kept.
  private static let mostWords = 1 << 24

  /// Whether it takes much room: then it is thrown away, and begun anew.
  var isFull: Bool {
    trees.leafCount >= BeliefEngine.mostRemembered || roots.count >= BeliefEngine.mostRemembered
      || trees.wordCount >= Self.mostWords
  }

  /// - Parameters:
  ///   - wide: which fields of messages are inputs.
  ///   - subject: whose behaviour is believed.
  ///   - reaches: by duration, how long before a timer of it may expire.
  init(_ wide: WideRegisters, _ subject: Subject, _ reaches: [Int64]) {
    self.wide = wide
    packing = Packing(wide)
    calls = subject.calls
    timings = SetTimings(timersThatSend: subject.timersThatSend, reaches: reaches)
  }

  /// Numbers a set that knows when its questions have which answer.
  mutating func add(_ set: BeliefSet) -> Int {
    sets.append(set)
    timings.append(set)
    return sets.count - 1
  }

  /// The number of the tree of a set, answers and a change.
  private mutating func root(_ set: Int, _ answers: Answers, _ change: Int) -> Int {
    var word = Int(truncatingIfNeeded: answers.word)
    var kind = 0
    if !answers.rest.isEmpty {
      word = longAnswers[answers] ?? longAnswers.count
      longAnswers[answers] = word
      kind = 1
    }
    let number = roots.number(of: set << 1 | kind, word, change)
    if number == rootPlaces.count { rootPlaces.append(0) }
    return number
  }

  enum Found {
    /// What is believed was changed; what was lost.
    case advanced(BeliefEngine.Losses?)
    /// Nothing explains the change.
    case excluded(BeliefEngine.Losses?)
    /// It is worked out plainly.
    case plain
    /// It was not worked out yet: the tree, and the inputs.
    case unknown(Int, [Int])
  }

  /// Takes a change into what is believed, where it is known what comes of it.
  mutating func advance(
    _ standing: inout Standing,
    _ answers: Answers,
    _ change: Observation,
    at time: Int64
  ) -> Found {
    guard let change = number(of: change, standing.slots) else { return .plain }
    let root = root(standing.set.number, answers, change)
    let code = trees.code.span
    let place = PathTrees.leaf(trees.questions.span, code, from: rootPlaces[root], inputs.span)
    if place == 0 { return .unknown(root, Array(inputs[1..<inputCount])) }
    guard let leaf = PathTrees.Leaf(code, at: place) else { return .plain }
    let next = sets[leaf.next]
    let lost = trees.losses(of: leaf)
    if next.isEmpty { return .excluded(lost) }
    Self.grow(&standing.marks, to: leaf.markCount, time)
    _ = leaf.write(code, at: time, marks: &standing.marks)
    Self.shrink(&standing.marks, to: leaf.markCount)
    Self.grow(&standing.slots, to: leaf.slotCount, 0)
    Self.shrink(&standing.slots, to: leaf.slotCount)
    leaf.write(code, inputs, slots: &standing.slots, from: 0)
    standing.set = next
    return .advanced(lost)
  }

  /// Adds a way down a tree; nil where what came out does not count, and is worked out plainly.
  /// False where there are too many ways, and it is not remembered.
  mutating func insert(
    _ conditions: [PathCondition],
    _ leaf: PathTrees.NewLeaf?,
    at root: Int
  ) -> Bool {
    trees.insert(conditions, leaf, below: &rootPlaces[root])
  }

  /// Puts the slots' values and those of a change into the inputs; the number of the change.
  private mutating func number(
    of change: Observation,
    _ slots: [Int]
  ) -> Int? {
    switch change {
    case .input(let message):
      if let change = packed(message, slots) { return change.input }
    case .output(let message):
      if let change = packed(message, slots) { return change.output }
    case .nothing:
      place(slots, beside: 0)
      return PackedChange.nothing
    default: break
    }
    words.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
    inputs.append(0)
    inputs.append(contentsOf: slots)
    guard change.write(wide, calls, words: &words, inputs: &inputs) else { return nil }
    inputCount = inputs.count
    return changes.number(of: words)
  }

  /// The same of a message, where that is a number as it is; nil for others.
  @inline(__always)
  private mutating func packed(_ message: SeenMessage, _ slots: [Int]) -> PackedChange? {
    place(slots, beside: message.values.count)
    return packing.pack(message.record, message.values.span, to: &inputs, &inputCount)
  }

  /// Puts values at the beginning of the inputs, with room for more.
  @inline(__always)
  private mutating func place(_ slots: [Int], beside others: Int) {
    inputCount = 1 + slots.count
    let missing = inputCount + others - inputs.count
    if missing > 0 { inputs += Array(repeating: 0, count: missing) }
    var inputs = inputs.mutableSpan
    let slots = slots.span
    for place in slots.indices { inputs[1 &+ place] = slots[place] }
  }

  /// Enough for the slots and marks of most sets.
  private static let usualRow = 12

  @inline(__always)
  private static func grow<Element>(_ row: inout [Element], to count: Int, _ filler: Element) {
    if row.count >= count { return }
    if row.capacity < count { row.reserveCapacity(max(count, usualRow)) }
    while row.count < count { row.append(filler) }
  }

  @inline(__always)
  private static func shrink<Element>(_ row: inout [Element], to count: Int) {
    if row.count > count { row.removeLast(row.count - count) }
  }
}
