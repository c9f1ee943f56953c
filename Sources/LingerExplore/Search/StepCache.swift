import LingerEval
import LingerKernel
import LingerModel

/// What one instance does when it takes a step, in packed form; equal steps of one transition
/// share one.
struct PackedOutcome {
  /// The transition's number; -1 for an ignored timeout.
  var transition: Int32
  /// Number of its error where the step fails, else -1.
  var error: Int32
  /// Changes of the local words, in ``StepCache/changes``.
  var changes: RowRange
  /// Messages sent, in ``StepCache/sends``.
  var sends: RowRange
  /// Timers that expire, are started or cancelled, in ``StepCache/served``.
  var served: RowRange
  /// How many steps come to this; the first of them is the one that is shown.
  var steps: Int
}

/// Rows of a table that stand one behind the other.
struct RowRange: BitwiseCopyable {
  private var lower: Int32
  private var upper: Int32

  init(from row: Int) {
    lower = Int32(row)
    upper = lower
  }

  var first: Int { Int(lower) }
  /// The row behind the last one.
  var end: Int { Int(upper) }

  mutating func end(at row: Int) { upper = Int32(row) }
}

/// What flips in one word of a state.
struct PackedChange {
  var word: Int
  var flip: UInt64
}

/// A message that a step sends, with its counter's place where its network has counters.
struct PackedSend {
  var network: Int32
  var number: Int32
  /// Its place among ``StepCache/places``, if it has one.
  var place: Int32
  var counter: MessageCounter
}

/// What a step came to, as the kernel or the evaluator found it.
struct FoundOutcome {
  /// Nil for an ignored timeout.
  var transition: Int?
  /// Timers that expire, are started or cancelled, ascending.
  var served: [Int]
  var error: ErrorSite?
  /// The state with the instance changed, where the step does not fail.
  var words: [UInt64] = []
  var sends: [(network: Int, number: Int)] = []
}

/// The steps of every instance, worked out once for each local state.
///
/// A role's transitions read nothing but their own instance, the message at hand and, rarely, how
/// many copies of a message are in flight. So what an instance can do is a function of its *local
/// state* (a few masked words) and the message, and there are mostly far fewer of those than
/// states: the step kernel runs a transition the first time, and afterwards the explorer reads the
/// outcome off a table: the guard's answer, the changed words, the messages sent. Reads of the
/// network become a decision tree over the counts that were read. This is the transition caching
/// of LTSmin (Blom, van de Pol, Weber, CAV 2010) with exact instead of declared dependencies.
///
/// Where one local state has too many different outcomes they are not kept, but worked out again,
/// a batch at a time, whenever the state comes up.
struct StepCache: ~Copyable {
  private(set) var outcomes = Column<PackedOutcome>()
  private(set) var changes = Column<PackedChange>()
  private(set) var sends = Column<PackedSend>()
  private(set) var served: [Int32] = []
  private(set) var steps: [Step] = []
  private var errors: [ErrorSite] = []
  /// By instance: its variables that may hold cases of enums.
  private let wantedVariables: [[Int]]
  /// By instance and variable: values in local states that are not kept.
  private var notedValues: [[Set<Int>]]

  let layout: StateLayout
  let evaluator: Evaluator
  private(set) var locals: [MaskedIndex]
  private var nodes = Column<Node>()
  private var branches = Column<Int32>()
  /// Where the tree of each occasion begins; -1 where nothing is known of it. Each local state has
  /// a row: what its instance does by itself, then by message while such a row is short.
  private var roots = Column<Int32>()
  /// By instance: the row of each local state.
  private var rows: [[Int]]
  private var receptions: [Receptions]
  /// The messages of the networks that can carry few, and where those of a network begin.
  private(set) var places = Column<MessagePlace>()
  private(set) var firstPlaces: [Int?]
  /// Where the batch begins that is being added, and its outcomes by what they are.
  private var mark = Mark()
  private var numbers: [[UInt64]: Int] = [:]

  /// Up to this many outcomes of one local state are kept...
  private static let keptLimit = 1 << 16
  /// ...but once there are this many in all only up to so many.
  private static let totalLimit = 1 << 22
  private static let keptLimitBeyondTotal = 256
  /// Up to this many messages of a network have their places worked out beforehand.
  static let placesLimit = 1 << 12

  /// A leaf (`network` is -1) holds outcomes, or says that they are not kept (`count` is -1); an
  /// inner node asks how many copies of a message are in flight.
  ///
  /// Not private: without optimisation the compiler fails on a generic of a private type that
  /// another file destroys.
  struct Node {
    var network: Int32
    var number: Int32
    var first: Int32
    var count: Int32
    var isProgress = false
    var steps = 0
    /// The message's, where it has one.
    var counter = MessageCounter.none
  }

  /// The ends of the tables.
  private struct Mark {
    var outcomes = 0
    var changes = 0
    var sends = 0
    var served = 0
    var errors = 0
  }

  /// Where the roots for the messages stand that one instance can receive.
  private struct Receptions {
    /// By network, then by local state and message: where a row would be long.
    var sparse: [[Int: Int32]]
    /// The first number and the place in a row of each network's messages; what the instance does
    /// by itself has the first place.
    let columns: [(first: Int, offset: Int)]
    let rowLength: Int
    let isDense: Bool
    /// Above this many messages a row is kept sparse.
    static let rowLimit = 2048

    init(to instance: Int, over networks: [PackedNetwork]) {
      let ranges = networks.map { $0.space.fixedRange(for: instance) }
      var length = 1
      columns = ranges.map { range in
        defer { length += range?.count ?? 0 }
        return (range?.lowerBound ?? 0, length)
      }
      isDense = length <= Self.rowLimit && !ranges.contains(nil)
      rowLength = isDense ? length : 1
      sparse = networks.map { _ in [:] }
    }

    /// The place of a message in a row; nil where rows are sparse.
    func column(_ network: Int, _ number: Int) -> Int? {
      isDense ? columns[network].offset + number - columns[network].first : nil
    }

    static func key(_ local: Int, _ number: Int) -> Int { local << 32 | number }
  }

  /// A leaf of the decision tree.
  struct Leaf {
    var first: Int
    var count: Int
    /// Steps that the outcomes stand for.
    var steps: Int
    /// Whether some outcome leads to another state whatever is in flight.
    var isProgress: Bool
  }

  /// What is to be known of a message to deliver it.
  struct MessagePlace {
    var receiver: Int32
    /// Its place in a row of the receiver's; -1 where rows are sparse.
    var column: Int32
    var counter: MessageCounter
  }

  /// What an instance does by itself in a local state, or with a message.
  struct Occasion {
    var instance: Int
    var local: Int
    /// The message's network and number; nil for what it does by itself.
    var message: (network: Int, number: Int)?
  }

  /// A count that a guard or body read.
  typealias Read = (network: Int, number: Int, copies: Int)

  init(_ layout: StateLayout, evaluator: Evaluator) {
    self.layout = layout
    self.evaluator = evaluator
    let roles = layout.model.instances.map { layout.model.roles[$0.role] }
    wantedVariables = roles.map { role in
      role.variables.indices.filter { role.variables[$0].type.mayHoldCases }
    }
    notedValues = roles.map { $0.variables.map { _ in [] } }
    locals = layout.instances.map { MaskedIndex($0.segments) }
    rows = layout.instances.map { _ in [] }
    receptions = layout.instances.map { Receptions(to: $0.instance, over: layout.networks) }
    firstPlaces = []
    for network in layout.networks {
      let count = network.space.fixedCount ?? .max
      firstPlaces.append(count <= Self.placesLimit ? places.count : nil)
      guard count <= Self.placesLimit else { continue }
      for number in 0..<count {
        let receiver = network.space.receiver(of: number)
        let column = receptions[receiver].column(network.space.network, number) ?? -1
        places.append(
          MessagePlace(
            receiver: Int32(receiver),
            column: Int32(column),
            counter: network.counter(of: number)
          )
        )
      }
    }
  }

  /// Memory held, in bytes, roughly: a step has small arrays of its own.
  var byteCount: Int {
    let rows = receptions.reduce(roots.byteCount) { sum, row in
      sum + row.sparse.reduce(0) { $0 + $1.capacity * 24 }
    }
    let content =
      outcomes.byteCount + changes.byteCount + sends.byteCount + served.capacity * 4
      + errors.capacity * MemoryLayout<ErrorSite>.stride
    let whole = steps.capacity * MemoryLayout<Step>.stride + steps.count * 160
    let tree = nodes.byteCount + branches.byteCount + places.byteCount
    return locals.reduce(0) { $0 + $1.byteCount + $1.count * 8 } + rows + content + whole + tree
  }

  /// Whether a table is as large as its numbers allow.
  var isFull: Bool {
    let most = 1 << 30
    return outcomes.count > most || changes.count > most || sends.count > most
      || branches.count > most || locals.contains { $0.count > most }
  }

  /// The number of an instance's local state.
  @inline(__always)
  mutating func local(_ instance: Int, _ words: StateWords) -> Int {
    let (number, isNew) = locals[instance].number(of: words)
    if isNew { addRow(of: instance) }
    return number
  }

  private mutating func addRow(of instance: Int) {
    rows[instance].append(roots.count)
    for _ in 0..<receptions[instance].rowLength { roots.append(-1) }
  }

  /// The row of an instance's local state.
  @inline(__always)
  func row(_ instance: Int, local: Int) -> Int { rows[instance][local] }

  /// What is done at a place of a row: first what the instance does by itself, then with messages,
  /// no steps meaning that no transition takes it. Nil where that is to be worked out.
  @inline(__always)
  func leaf(at place: Int, _ words: StateWords) -> Leaf? { leaf(from: roots[place], words) }

  /// The same for an occasion.
  func leaf(of occasion: Occasion, _ words: StateWords) -> Leaf? {
    leaf(from: root(of: occasion), words)
  }

  private func root(of occasion: Occasion) -> Int32 {
    let row = rows[occasion.instance][occasion.local]
    guard let (network, number) = occasion.message else { return roots[row] }
    let table = receptions[occasion.instance]
    if let column = table.column(network, number) { return roots[row + column] }
    return table.sparse[network][Receptions.key(occasion.local, number)] ?? -1
  }

  private mutating func setRoot(_ root: Int32, of occasion: Occasion) {
    let row = rows[occasion.instance][occasion.local]
    guard let (network, number) = occasion.message else {
      roots[row] = root
      return
    }
    if let column = receptions[occasion.instance].column(network, number) {
      roots[row + column] = root
    } else {
      let key = Receptions.key(occasion.local, number)
      receptions[occasion.instance].sparse[network][key] = root
    }
  }

  @inline(__always)
  private func leaf(from root: Int32, _ words: StateWords) -> Leaf? {
    var node = root
    while node >= 0 {
      let content = nodes[Int(node)]
      if content.network < 0 {
        if content.count < 0 { return nil }
        return Leaf(
          first: Int(content.first),
          count: Int(content.count),
          steps: content.steps,
          isProgress: content.isProgress
        )
      }
      let copies = copies(in: content, words)
      if copies >= Int(content.count) { return nil }
      node = branches[Int(content.first) &+ copies]
    }
    return nil
  }

  @inline(__always)
  private func copies(in node: Node, _ words: StateWords) -> Int {
    if node.counter.isThere { return node.counter.copies(in: words) }
    return layout.networks[Int(node.network)].copies(of: Int(node.number), in: words)
  }
}

/// Filling the table.
extension StepCache {
  /// The outcomes that were added since the last batch was kept or dropped.
  var batch: Range<Int> { mark.outcomes..<outcomes.count }

  /// Whether the batch has to be dealt with before more is added.
  var isBatchFull: Bool {
    batch.count
      >= (mark.outcomes < Self.totalLimit ? Self.keptLimit : Self.keptLimitBeyondTotal)
  }

  /// Adds a step of the evaluator's to the batch; says whether it leads to another state in any
  /// case.
  mutating func add(_ step: LocalStep, of instance: Int, _ words: StateWords) -> Bool {
    var transition: Int?
    if case .transition(_, let number, _, _) = step.step { transition = number }
    var outcome = FoundOutcome(transition: transition, served: step.servedTimers)
    switch step.outcome {
    case .failure(let error): outcome.error = ErrorSite(kind: error.kind, span: error.span)
    case .success(let result):
      outcome.words = words.array
      layout.instances[instance].pack(result.state, model: layout.model, into: &outcome.words)
      outcome.sends = result.sends.map { envelope in
        guard let number = layout.networks[envelope.network].space.number(of: envelope) else {
          preconditionFailure("the evaluator sent what no route carries")
        }
        return (envelope.network, number)
      }
    }
    return add(outcome, of: instance, words, step.step)
  }

  /// Adds one step to the batch; says whether it leads to another state in any case.
  mutating func add(
    _ found: FoundOutcome,
    of instance: Int,
    _ words: StateWords,
    _ step: @autoclosure () -> Step
  ) -> Bool {
    var outcome = PackedOutcome(
      transition: Int32(found.transition ?? -1),
      error: -1,
      changes: RowRange(from: changes.count),
      sends: RowRange(from: sends.count),
      served: RowRange(from: served.count),
      steps: 1
    )
    var key = [UInt64(bitPattern: Int64(outcome.transition))]
    for timer in found.served {
      served.append(Int32(timer))
      key.append(UInt64(timer))
    }
    outcome.served.end(at: served.count)
    key.append(.max)
    var isProgress = false
    if let error = found.error {
      outcome.error = number(of: error)
      key.append(UInt64(outcome.error) + 1)
      isProgress = true
    } else {
      key.append(0)
      for segment in layout.instances[instance].segments {
        let flip = found.words[segment.word] ^ words[segment.word]
        key.append(flip)
        if flip == 0 { continue }
        changes.append(PackedChange(word: segment.word, flip: flip))
        isProgress = true
      }
      for (network, number) in found.sends {
        sends.append(
          PackedSend(
            network: Int32(network),
            number: Int32(number),
            place: Int32(firstPlaces[network].map { $0 + number } ?? -1),
            counter: layout.networks[network].counter(of: number)
          )
        )
        key += [UInt64(network), UInt64(number)]
        if layout.model.networks[network].loss == .unlimited { isProgress = true }
      }
      outcome.changes.end(at: changes.count)
      outcome.sends.end(at: sends.count)
    }
    if let known = numbers[key] {
      changes.removeLast(changes.count - outcome.changes.first)
      sends.removeLast(sends.count - outcome.sends.first)
      served.removeLast(served.count - outcome.served.first)
      outcomes[known].steps += 1
      return isProgress
    }
    numbers[key] = outcomes.count
    outcomes.append(outcome)
    steps.append(step())
    return isProgress
  }

  /// The number of an error in the batch; those of one kind at one place share one.
  private mutating func number(of error: ErrorSite) -> Int32 {
    for number in mark.errors..<errors.count
    where errors[number].kind == error.kind && errors[number].span == error.span {
      return Int32(number)
    }
    errors.append(error)
    return Int32(errors.count - 1)
  }

  /// Keeps the batch as all that can be done on an occasion, with these counts in flight.
  mutating func keepBatch(
    for occasion: Occasion,
    reads: [Read],
    isProgress: Bool
  ) -> Leaf {
    let leaf = Leaf(
      first: batch.lowerBound,
      count: batch.count,
      steps: batch.reduce(0) { $0 + outcomes[$1].steps },
      isProgress: isProgress && reads.isEmpty
    )
    hang(
      Node(
        network: -1,
        number: 0,
        first: Int32(leaf.first),
        count: Int32(leaf.count),
        isProgress: leaf.isProgress,
        steps: leaf.steps
      ),
      for: occasion,
      reads
    )
    endBatch()
    return leaf
  }

  /// Forgets the batch.
  mutating func dropBatch() {
    outcomes.removeLast(outcomes.count - mark.outcomes)
    steps.removeLast(steps.count - mark.outcomes)
    changes.removeLast(changes.count - mark.changes)
    sends.removeLast(sends.count - mark.sends)
    served.removeLast(served.count - mark.served)
    errors.removeLast(errors.count - mark.errors)
    endBatch()
  }

  /// Notes that what can be done on an occasion is not kept.
  mutating func noteUnkept(for occasion: Occasion, reads: [Read]) {
    hang(Node(network: -1, number: 0, first: 0, count: -1), for: occasion, reads)
  }

  private mutating func endBatch() {
    mark = Mark(
      outcomes: outcomes.count,
      changes: changes.count,
      sends: sends.count,
      served: served.count,
      errors: errors.count
    )
    numbers.removeAll(keepingCapacity: numbers.count <= Self.keptLimitBeyondTotal)
  }

  /// Hangs a leaf below the counts that led to it.
  private mutating func hang(_ leaf: Node, for occasion: Occasion, _ reads: [Read]) {
    let root = root(of: occasion)
    var newRoot = root
    var place: Int?
    var current = root
    for read in reads {
      if current < 0 {
        current = Int32(nodes.count)
        nodes.append(
          Node(
            network: Int32(read.network),
            number: Int32(read.number),
            first: Int32(branches.count),
            count: 0,
            counter: layout.networks[read.network].counter(of: read.number)
          )
        )
        if let place { branches[place] = current } else { newRoot = current }
      }
      widen(current, to: read.copies)
      let branch = Int(nodes[Int(current)].first) + read.copies
      place = branch
      current = branches[branch]
    }
    // A leaf that stands there already says that nothing is kept, and is right.
    guard current < 0 else { return }
    let number = Int32(nodes.count)
    nodes.append(leaf)
    if let place { branches[place] = number } else { newRoot = number }
    if newRoot != root { setRoot(newRoot, of: occasion) }
  }

  /// Gives an inner node a branch for so many copies; it grows with what comes up.
  private mutating func widen(_ node: Int32, to copies: Int) {
    let count = Int(nodes[Int(node)].count)
    guard copies >= count else { return }
    let first = Int(nodes[Int(node)].first)
    let width = max(copies + 1, 2 * count, 2)
    nodes[Int(node)].first = Int32(branches.count)
    nodes[Int(node)].count = Int32(width)
    for branch in 0..<width { branches.append(branch < count ? branches[first + branch] : -1) }
  }
}

/// What is known of local states and steps that are not kept.
extension StepCache {
  /// The ordinals of a variable in the local states that an instance was in.
  func values(ofVariable variable: Int, of instance: Int) -> Set<Int> {
    let field = layout.instances[instance].variables[variable]
    return notedValues[instance][variable].union(
      (0..<locals[instance].count).map { number in
        Int(field.get(locals[instance].key(number, wordCount: layout.wordCount)))
      }
    )
  }

  /// Notes the values that are asked for of an instance whose local states are not numbered.
  mutating func noteValues(of instance: Int, _ words: StateWords) {
    for variable in wantedVariables[instance] {
      let field = layout.instances[instance].variables[variable]
      notedValues[instance][variable].insert(Int(field.get(words)))
    }
  }
}
