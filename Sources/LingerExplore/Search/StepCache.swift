import LingerEval
import LingerModel

/// What one instance does when it takes a step, in packed form.
struct PackedOutcome {
  /// The transition's number; -1 for an ignored timeout.
  var transition: Int32
  /// Index in ``StepCache/errors`` where the step fails, else -1.
  var error: Int32
  /// Changes of the local words, in ``StepCache/changes``.
  var changes: Range<Int32>
  /// Messages sent, in ``StepCache/sends``.
  var sends: Range<Int32>
}

/// The steps of every instance, worked out once for each local state.
///
/// A role's transitions read nothing but their own instance, the message at hand and, rarely, how
/// many copies of a message are in flight. So what an instance can do is a function of its *local
/// state* (a few masked words) and the message, and there are far fewer of those than states: the
/// reference evaluator runs a transition the first time, and afterwards the explorer reads the
/// outcome off a table: the guard's answer, the changed words, the messages sent. Reads of the
/// network become a decision tree over the counts that were read. This is the transition caching
/// of LTSmin (Blom, van de Pol, Weber, CAV 2010) with exact instead of declared dependencies.
struct StepCache {
  private(set) var outcomes: [PackedOutcome] = []
  private(set) var changes: [(word: Int32, flip: UInt64)] = []
  private(set) var sends: [(network: Int32, number: Int32)] = []
  private(set) var steps: [Step] = []
  private(set) var errors: [SpecError] = []
  /// How often each outcome was taken; the search counts.
  var firings: [Int] = []

  let layout: StateLayout
  private let evaluator: Evaluator
  private(set) var locals: [MaskedIndex]
  private var nodes: [Node] = []
  private var branches: [Int32] = []
  private var spontaneous: [[Int32]]
  private var receptions: [Receptions]

  /// A leaf (`network` is -1) holds outcomes; an inner node asks how many copies of a message
  /// are in flight.
  private struct Node {
    var network: Int32
    var number: Int32
    var first: Int32
    var count: Int32
    var isProgress: Bool
  }

  /// Roots for the messages that one instance can receive, by network.
  private struct Receptions {
    var ranges: [Range<Int>]
    var offsets: [Int]
    var rowLength: Int
    var rows: [Int32] = []
    var sparse: [Int: Int32] = [:]
    /// Above this many messages a row is kept sparse.
    static let rowLimit = 2048
  }

  /// A leaf of the decision tree.
  struct Leaf {
    var outcomes: Range<Int>
    /// Whether some outcome leads to another state whatever is in flight.
    var isProgress: Bool
  }

  init(_ layout: StateLayout, evaluator: Evaluator) {
    self.layout = layout
    self.evaluator = evaluator
    locals = layout.instances.map { MaskedIndex($0.segments) }
    spontaneous = layout.instances.map { _ in [] }
    receptions = layout.instances.map { instance in
      let ranges = layout.networks.map { $0.space.range(for: instance.instance) }
      var offsets: [Int] = []
      var total = 0
      for range in ranges {
        offsets.append(total)
        total += range.count
      }
      return Receptions(ranges: ranges, offsets: offsets, rowLength: total)
    }
  }

  /// Memory held, in bytes, roughly.
  var byteCount: Int {
    let rows = receptions.reduce(0) { $0 + $1.rows.count * 4 + $1.sparse.count * 24 }
    return locals.reduce(0) { $0 + $1.byteCount } + rows + outcomes.count * 200
      + nodes.count * 20 + branches.count * 4
  }

  /// The number of an instance's local state.
  @inline(__always)
  mutating func local(_ instance: Int, _ words: [UInt64]) -> Int {
    let (number, isNew) = locals[instance].number(of: words)
    if isNew {
      spontaneous[instance].append(-1)
      if receptions[instance].rowLength <= Receptions.rowLimit {
        receptions[instance].rows.append(
          contentsOf: repeatElement(-1, count: receptions[instance].rowLength)
        )
      }
    }
    return number
  }

  /// Calls, internal steps and timeouts of an instance.
  @inline(__always)
  mutating func spontaneousSteps(_ instance: Int, local: Int, _ words: [UInt64]) -> Leaf {
    if let leaf = leaf(from: spontaneous[instance][local], words) { return leaf }
    let root = spontaneous[instance][local]
    let (newRoot, node) = work(out: .spontaneous, instance, words, root: root)
    spontaneous[instance][local] = newRoot
    return leaf(node)
  }

  /// What an instance does with a message; nothing means that no transition takes it.
  @inline(__always)
  mutating func receptionSteps(
    _ instance: Int,
    local: Int,
    network: Int,
    number: Int,
    _ words: [UInt64]
  ) -> Leaf {
    let column =
      receptions[instance].offsets[network] &+ number
      &- receptions[instance].ranges[network].lowerBound
    let key = local &* receptions[instance].rowLength &+ column
    let isDense = receptions[instance].rowLength <= Receptions.rowLimit
    let root = isDense ? receptions[instance].rows[key] : receptions[instance].sparse[key] ?? -1
    if let leaf = leaf(from: root, words) { return leaf }
    let envelope = layout.networks[network].space.envelope(number)
    let (newRoot, node) = work(out: .receive(envelope), instance, words, root: root)
    if isDense {
      receptions[instance].rows[key] = newRoot
    } else {
      receptions[instance].sparse[key] = newRoot
    }
    return leaf(node)
  }

  @inline(__always)
  private func leaf(from root: Int32, _ words: [UInt64]) -> Leaf? {
    var node = root
    while node >= 0 {
      let content = nodes[Int(node)]
      if content.network < 0 { return leaf(node) }
      let copies = layout.networks[Int(content.network)].copies(
        of: Int(content.number),
        in: words
      )
      node = branches[Int(content.first) &+ copies]
    }
    return nil
  }

  @inline(__always)
  private func leaf(_ node: Int32) -> Leaf {
    let content = nodes[Int(node)]
    return Leaf(
      outcomes: Int(content.first)..<Int(content.first &+ content.count),
      isProgress: content.isProgress
    )
  }

  /// Runs the evaluator and adds what it did to the tree. Returns the tree's root and the leaf.
  private mutating func work(
    out cause: LocalCause,
    _ instance: Int,
    _ words: [UInt64],
    root: Int32
  ) -> (root: Int32, leaf: Int32) {
    var reads: [(network: Int, number: Int, copies: Int)] = []
    let before = layout.instances[instance].unpack(words, model: layout.model)
    let localSteps = evaluator.localSteps(of: instance, local: before, cause: cause) { envelope in
      let network = layout.networks[envelope.network]
      guard let number = network.space.number(of: envelope) else { return 0 }
      let copies = network.copies(of: number, in: words)
      if !reads.contains(where: { $0.network == envelope.network && $0.number == number }) {
        reads.append((envelope.network, number, copies))
      }
      return copies
    }
    let first = outcomes.count
    var isProgress = false
    for step in localSteps {
      let added = add(step, instance, words)
      isProgress = isProgress || added
    }
    let leaf = Int32(nodes.count)
    nodes.append(
      Node(
        network: -1,
        number: 0,
        first: Int32(first),
        count: Int32(outcomes.count - first),
        isProgress: isProgress && reads.isEmpty
      )
    )
    return (graft(leaf, onto: root, reads), leaf)
  }

  /// Hangs a leaf below the counts that led to it.
  private mutating func graft(
    _ leaf: Int32,
    onto root: Int32,
    _ reads: [(network: Int, number: Int, copies: Int)]
  ) -> Int32 {
    var newRoot = root
    var place: Int?
    var current = root
    for read in reads {
      if current < 0 {
        current = Int32(nodes.count)
        let width = layout.model.networks[read.network].effectiveCapacity + 1
        nodes.append(
          Node(
            network: Int32(read.network),
            number: Int32(read.number),
            first: Int32(branches.count),
            count: Int32(width),
            isProgress: false
          )
        )
        branches.append(contentsOf: repeatElement(-1, count: width))
        if let place { branches[place] = current } else { newRoot = current }
      }
      let branch = Int(nodes[Int(current)].first) + read.copies
      place = branch
      current = branches[branch]
    }
    if let place { branches[place] = leaf } else { newRoot = leaf }
    return newRoot
  }

  /// Stores one step in packed form; says whether it leads to another state in any case.
  private mutating func add(_ step: LocalStep, _ instance: Int, _ words: [UInt64]) -> Bool {
    var outcome = PackedOutcome(
      transition: -1,
      error: -1,
      changes: Int32(changes.count)..<Int32(changes.count),
      sends: Int32(sends.count)..<Int32(sends.count)
    )
    if case .transition(_, let transition, _, _) = step.step {
      outcome.transition = Int32(transition)
    }
    var isProgress = false
    switch step.outcome {
    case .failure(let error):
      outcome.error = Int32(errors.count)
      errors.append(error)
      isProgress = true
    case .success(let result):
      let local = layout.instances[instance]
      var after = words
      local.pack(result.state, model: layout.model, into: &after)
      for segment in local.segments where after[segment.word] != words[segment.word] {
        changes.append((Int32(segment.word), after[segment.word] ^ words[segment.word]))
        isProgress = true
      }
      for envelope in result.sends {
        guard let number = layout.networks[envelope.network].space.number(of: envelope) else {
          preconditionFailure("the evaluator sent what no route carries")
        }
        sends.append((Int32(envelope.network), Int32(number)))
        if layout.model.networks[envelope.network].loss == .unlimited { isProgress = true }
      }
      outcome.changes = outcome.changes.lowerBound..<Int32(changes.count)
      outcome.sends = outcome.sends.lowerBound..<Int32(sends.count)
    }
    outcomes.append(outcome)
    steps.append(step.step)
    firings.append(0)
    return isProgress
  }
}

extension StepCache {
  /// The ordinals of a variable in the local states that an instance was in, with repeats.
  func values(ofVariable variable: Int, of instance: Int) -> [Int] {
    let field = layout.instances[instance].variables[variable]
    return (0..<locals[instance].count).map { number in
      Int(field.get(locals[instance].key(number, wordCount: layout.wordCount)))
    }
  }
}
