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
  var changes: Range<Int32>
  /// Messages sent, in ``StepCache/sends``.
  var sends: Range<Int32>
  /// Timers that expire, are started or cancelled, in ``StepCache/served``.
  var served: Range<Int32>
  /// How many steps come to this; the first of them is the one that is shown.
  var steps: Int
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
struct StepCache {
  private(set) var outcomes: [PackedOutcome] = []
  private(set) var changes: [(word: Int32, flip: UInt64)] = []
  private(set) var sends: [(network: Int32, number: Int32)] = []
  private(set) var served: [Int32] = []
  private(set) var steps: [Step] = []
  private var errors: [ErrorSite] = []
  /// How often each outcome was taken; the search counts.
  var firings: [Int] = []
  /// How often outcomes were taken that were not kept, by transition.
  private var unkeptFirings: [Int]
  /// By instance: its variables that may hold cases of enums.
  private let wantedVariables: [[Int]]
  /// By instance and variable: values in local states that are not kept.
  private var notedValues: [[Set<Int>]]

  let layout: StateLayout
  let evaluator: Evaluator
  private(set) var locals: [MaskedIndex]
  private var nodes: [Node] = []
  private var branches: [Int32] = []
  private var spontaneous: [[Int32]]
  private var receptions: [Receptions]
  /// Where the batch begins that is being added, and its outcomes by what they are.
  private var mark = Mark()
  private var numbers: [[UInt64]: Int] = [:]

  /// Up to this many outcomes of one local state are kept...
  private static let keptLimit = 1 << 16
  /// ...but once there are this many in all only up to so many.
  private static let totalLimit = 1 << 22
  private static let keptLimitBeyondTotal = 256

  /// A leaf (`network` is -1) holds outcomes, or says that they are not kept (`count` is -1); an
  /// inner node asks how many copies of a message are in flight.
  private struct Node {
    var network: Int32
    var number: Int32
    var first: Int32
    var count: Int32
    var isProgress = false
    var steps = 0
  }

  /// The ends of the tables.
  private struct Mark {
    var outcomes = 0
    var changes = 0
    var sends = 0
    var served = 0
    var errors = 0
  }

  /// Roots for the messages that one instance can receive.
  private struct Receptions {
    /// Row by row for each local state, while a row is short.
    var rows: [Int32] = []
    /// By network, then by local state and message.
    var sparse: [[Int: Int32]]
    /// The first number and the place in a row of each network's messages.
    let columns: [(first: Int, offset: Int)]
    let rowLength: Int
    let isDense: Bool
    /// Above this many messages a row is kept sparse.
    static let rowLimit = 2048

    init(to instance: Int, over networks: [PackedNetwork]) {
      let ranges = networks.map { $0.space.fixedRange(for: instance) }
      var length = 0
      columns = ranges.map { range in
        defer { length += range?.count ?? 0 }
        return (range?.lowerBound ?? 0, length)
      }
      isDense = length <= Self.rowLimit && !ranges.contains(nil)
      rowLength = isDense ? length : 0
      sparse = networks.map { _ in [:] }
    }

    @inline(__always)
    private func index(_ local: Int, _ network: Int, _ number: Int) -> Int {
      local &* rowLength &+ columns[network].offset &+ number &- columns[network].first
    }

    private func key(_ local: Int, _ number: Int) -> Int { local << 32 | number }

    @inline(__always)
    func root(_ local: Int, _ network: Int, _ number: Int) -> Int32 {
      isDense
        ? rows[index(local, network, number)] : sparse[network][key(local, number)] ?? -1
    }

    mutating func setRoot(_ root: Int32, _ local: Int, _ network: Int, _ number: Int) {
      if isDense {
        rows[index(local, network, number)] = root
      } else {
        sparse[network][key(local, number)] = root
      }
    }

    mutating func addRow() {
      rows.append(contentsOf: repeatElement(-1, count: rowLength))
    }
  }

  /// A leaf of the decision tree.
  struct Leaf {
    var outcomes: Range<Int>
    /// Steps that the outcomes stand for.
    var steps: Int
    /// Whether some outcome leads to another state whatever is in flight.
    var isProgress: Bool
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
    unkeptFirings = Array(repeating: 0, count: layout.model.transitions.count)
    let roles = layout.model.instances.map { layout.model.roles[$0.role] }
    wantedVariables = roles.map { role in
      role.variables.indices.filter { role.variables[$0].type.mayHoldCases }
    }
    notedValues = roles.map { $0.variables.map { _ in [] } }
    locals = layout.instances.map { MaskedIndex($0.segments) }
    spontaneous = layout.instances.map { _ in [] }
    receptions = layout.instances.map { Receptions(to: $0.instance, over: layout.networks) }
  }

  /// Memory held, in bytes, roughly: a step has small arrays of its own.
  var byteCount: Int {
    let rows = receptions.reduce(0) { sum, row in
      sum + row.rows.capacity * 4 + row.sparse.reduce(0) { $0 + $1.capacity * 24 }
    }
    let packed = outcomes.capacity * MemoryLayout<PackedOutcome>.stride
    let content =
      changes.capacity * 16 + sends.capacity * 8 + served.capacity * 4 + errors.capacity
      * MemoryLayout<ErrorSite>.stride
    let whole = steps.capacity * MemoryLayout<Step>.stride + steps.count * 160
    let tree = nodes.capacity * MemoryLayout<Node>.stride + branches.capacity * 4
    return locals.reduce(0) { $0 + $1.byteCount } + rows + packed + content + whole + tree
      + firings.capacity * 8
  }

  /// Whether a table is as large as its numbers allow.
  var isFull: Bool {
    let most = 1 << 30
    return outcomes.count > most || changes.count > most || sends.count > most
      || branches.count > most || locals.contains { $0.count > most }
  }

  /// The number of an instance's local state.
  @inline(__always)
  mutating func local(_ instance: Int, _ words: [UInt64]) -> Int {
    let (number, isNew) = locals[instance].number(of: words)
    if isNew {
      spontaneous[instance].append(-1)
      receptions[instance].addRow()
    }
    return number
  }

  /// Calls, internal steps and timeouts of an instance; nil where they are to be worked out.
  @inline(__always)
  func spontaneousSteps(_ instance: Int, local: Int, _ words: [UInt64]) -> Leaf? {
    leaf(from: spontaneous[instance][local], words)
  }

  /// What an instance does with a message, no steps meaning that no transition takes it; nil
  /// where that is to be worked out.
  @inline(__always)
  func receptionSteps(
    _ instance: Int,
    local: Int,
    network: Int,
    number: Int,
    _ words: [UInt64]
  ) -> Leaf? {
    leaf(from: receptions[instance].root(local, network, number), words)
  }

  @inline(__always)
  private func leaf(from root: Int32, _ words: [UInt64]) -> Leaf? {
    var node = root
    while node >= 0 {
      let content = nodes[Int(node)]
      if content.network < 0 {
        if content.count < 0 { return nil }
        return Leaf(
          outcomes: Int(content.first)..<Int(content.first &+ content.count),
          steps: content.steps,
          isProgress: content.isProgress
        )
      }
      let copies = layout.networks[Int(content.network)].copies(
        of: Int(content.number),
        in: words
      )
      if copies >= Int(content.count) { return nil }
      node = branches[Int(content.first) &+ copies]
    }
    return nil
  }

  /// How often each transition of the model fired.
  var transitionFirings: [Int] {
    var result = unkeptFirings
    for (index, outcome) in outcomes.enumerated() where outcome.transition >= 0 {
      result[Int(outcome.transition)] += firings[index] * outcome.steps
    }
    return result
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
  mutating func add(_ step: LocalStep, of instance: Int, _ words: [UInt64]) -> Bool {
    var transition: Int?
    if case .transition(_, let number, _, _) = step.step { transition = number }
    var outcome = FoundOutcome(transition: transition, served: step.servedTimers)
    switch step.outcome {
    case .failure(let error): outcome.error = ErrorSite(kind: error.kind, span: error.span)
    case .success(let result):
      outcome.words = words
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
    _ words: [UInt64],
    _ step: @autoclosure () -> Step
  ) -> Bool {
    var outcome = PackedOutcome(
      transition: Int32(found.transition ?? -1),
      error: -1,
      changes: Int32(changes.count)..<Int32(changes.count),
      sends: Int32(sends.count)..<Int32(sends.count),
      served: Int32(served.count)..<Int32(served.count),
      steps: 1
    )
    var key = [UInt64(bitPattern: Int64(outcome.transition))]
    for timer in found.served {
      served.append(Int32(timer))
      key.append(UInt64(timer))
    }
    outcome.served = outcome.served.lowerBound..<Int32(served.count)
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
        changes.append((Int32(segment.word), flip))
        isProgress = true
      }
      for (network, number) in found.sends {
        sends.append((Int32(network), Int32(number)))
        key += [UInt64(network), UInt64(number)]
        if layout.model.networks[network].loss == .unlimited { isProgress = true }
      }
      outcome.changes = outcome.changes.lowerBound..<Int32(changes.count)
      outcome.sends = outcome.sends.lowerBound..<Int32(sends.count)
    }
    if let known = numbers[key] {
      changes.removeLast(changes.count - Int(outcome.changes.lowerBound))
      sends.removeLast(sends.count - Int(outcome.sends.lowerBound))
      served.removeLast(served.count - Int(outcome.served.lowerBound))
      outcomes[known].steps += 1
      return isProgress
    }
    numbers[key] = outcomes.count
    outcomes.append(outcome)
    steps.append(step())
    firings.append(0)
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
      outcomes: batch,
      steps: outcomes[batch].reduce(0) { $0 + $1.steps },
      isProgress: isProgress && reads.isEmpty
    )
    hang(
      Node(
        network: -1,
        number: 0,
        first: Int32(leaf.outcomes.lowerBound),
        count: Int32(leaf.outcomes.count),
        isProgress: leaf.isProgress,
        steps: leaf.steps
      ),
      for: occasion,
      reads
    )
    endBatch()
    return leaf
  }

  /// Forgets the batch, whose steps were taken `times` times, and notes its firings.
  mutating func dropBatch(times: Int) {
    for outcome in outcomes[batch] where outcome.transition >= 0 {
      unkeptFirings[Int(outcome.transition)] += outcome.steps * times
    }
    outcomes.removeLast(outcomes.count - mark.outcomes)
    steps.removeLast(steps.count - mark.outcomes)
    firings.removeLast(firings.count - mark.outcomes)
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
    let root =
      occasion.message.map {
        receptions[occasion.instance].root(occasion.local, $0.network, $0.number)
      } ?? spontaneous[occasion.instance][occasion.local]
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
            count: 0
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
    guard newRoot != root else { return }
    if let message = occasion.message {
      receptions[occasion.instance]
        .setRoot(newRoot, occasion.local, message.network, message.number)
    } else {
      spontaneous[occasion.instance][occasion.local] = newRoot
    }
  }

  /// Gives an inner node a branch for so many copies; it grows with what comes up.
  private mutating func widen(_ node: Int32, to copies: Int) {
    let count = Int(nodes[Int(node)].count)
    guard copies >= count else { return }
    let first = Int(nodes[Int(node)].first)
    let width = max(copies + 1, 2 * count, 2)
    let moved = Array(branches[first..<first + count])
    nodes[Int(node)].first = Int32(branches.count)
    nodes[Int(node)].count = Int32(width)
    branches += moved
    branches.append(contentsOf: repeatElement(-1, count: width - count))
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
  mutating func noteValues(of instance: Int, _ words: [UInt64]) {
    for variable in wantedVariables[instance] {
      let field = layout.instances[instance].variables[variable]
      notedValues[instance][variable].insert(Int(field.get(words)))
    }
  }

  /// Counts a step that is not kept.
  mutating func count(_ transition: Int?) {
    if let transition { unkeptFirings[transition] += 1 }
  }
}
