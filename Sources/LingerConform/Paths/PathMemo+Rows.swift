import LingerKernel

extension BeliefEngine {
  /// Whether a whole trace conforms that begins in the initial state, where all that comes of it is
  /// remembered.
  ///
  /// - Parameters:
  ///   - rows: the messages of the trace.
  ///   - party: who of their senders the subject is.
  ///   - time: when it begins.
  /// - Returns: nil where something has to be worked out, which a ``Follower`` does.
  package func conforms(_ rows: TraceRows, of party: Int, beginningAt time: Int64) -> Bool? {
    let set = initialSet
    guard set.generation == generation, rows.serves(self) else { return nil }
    return paths?.conforms(
      rows,
      of: party,
      from: set.number,
      beginningAt: time,
      staying: visibility.lag + 2
    )
  }
}

/// A trace as a whole: what ``Follower`` does event by event, in one go and without allocations, as
/// long as everything is remembered.
extension PathMemo {
  fileprivate mutating func conforms(
    _ rows: TraceRows,
    of party: Int,
    from set: Int,
    beginningAt time: Int64,
    staying: Int64
  ) -> Bool? {
    // Taken out, so that it is not written to while the memo is read.
    guard var walk = walk.take() else { return nil }
    defer { self.walk = walk }
    walk.begin(set, at: time)
    return conforms(rows, of: party, &walk, staying: staying)
  }

  private func conforms(
    _ rows: TraceRows,
    of party: Int,
    _ walk: inout PathWalk,
    staying: Int64
  ) -> Bool? {
    let heads = rows.rows.span
    let values = rows.values.span
    var first = 0
    for number in 0..<rows.count {
      let row = heads[number]
      let wide = values.extracting(first..<row.end)
      first = row.end
      let isOutput = row.sender == party
      if !isOutput, !row.isDelivered { continue }
      let time = max(row.time, walk.latest)
      guard pass(to: time, &walk) else { return walk.isOver ? false : nil }
      guard walk.place(wide) else { return nil }
      guard apply(isOutput ? row.output : row.input, at: time, &walk) else {
        return walk.isOver ? false : nil
      }
    }
    // Once the times do not fit, no end makes it conform.
    guard walk.judgesTime else { return false }
    guard pass(to: walk.latest + staying, &walk) else { return walk.isOver ? false : nil }
    return walk.judgesTime && !timings[walk.set].owes
  }

  /// Lets time pass; false where the trace is over, or what comes is not known.
  @inline(__always)
  private func pass(to time: Int64, _ walk: inout PathWalk) -> Bool {
    if timings[walk.set].isCalm(until: time, since: walk.marks[0]) { return true }
    var moments = 0
    while walk.judgesTime {
      let end = timings.end(of: walk.set, walk.marks.span)
      if end == Deadline.never || end + 1 >= time { return true }
      moments += 1
      if moments > Follower.mostMoments { return false }
      guard apply(PackedChange.nothing, at: max(end + 1, walk.latest), &walk) else {
        return false
      }
    }
    return true
  }

  /// Takes in a change whose values are among the inputs.
  private func apply(_ change: Int, at time: Int64, _ walk: inout PathWalk) -> Bool {
    guard timings[walk.set].isPlain else { return false }
    if walk.judgesTime {
      let answers = timings.answers(of: walk.set, at: time, walk.marks.span, last: walk.latest)
      switch look(up: change, answers, at: time, &walk) {
      case .advanced: return true
      case .unknown: return false
      case .excluded: walk.judgesTime = false
      }
    }
    switch look(up: change, timings[walk.set].open, at: time, &walk) {
    case .advanced: return true
    case .unknown: return false
    case .excluded:
      walk.isOver = true
      return false
    }
  }

  @inline(__always)
  private func look(
    up change: Int,
    _ answers: UInt64,
    at time: Int64,
    _ walk: inout PathWalk
  ) -> PathWalk.Found {
    let word = Int(truncatingIfNeeded: answers)
    guard let root = roots.known(walk.set << 1, word, change) else { return .unknown }
    let code = trees.code.span
    let place = PathTrees.leaf(trees.questions.span, code, from: rootPlaces[root], walk.inputs.span)
    // What is lost has a reason, which somebody has to tell.
    guard place != 0, let leaf = PathTrees.Leaf(code, at: place), leaf.losesNothing else {
      return .unknown
    }
    if timings[leaf.next].isEmpty { return .excluded }
    return walk.go(to: leaf, code, at: time) ? .advanced : .unknown
  }
}

/// Where a trace stands that is looked up as a whole: what ``Standing`` says, in rows of a fixed
/// size. Larger sets are for a ``Follower``.
struct PathWalk {
  private(set) var set = 0
  /// What is asked about: 0, the slots of the set, and behind them the values of the change.
  private(set) var inputs = Array(repeating: 0, count: width)
  /// The slots of the next set are written here, and the two are exchanged.
  private var others = Array(repeating: 0, count: width)
  private var slotCount = 0
  /// Those of the set, and behind them some that mean nothing.
  private(set) var marks = Array<Int64>(repeating: 0, count: mostMarks)
  /// The last mark.
  private(set) var latest: Int64 = 0
  /// Whether times still fit.
  var judgesTime = true
  /// Nothing is believed any more.
  var isOver = false

  private static let width = 128
  private static let mostMarks = 64

  enum Found {
    case advanced
    case excluded
    case unknown
  }

  /// Begins a trace in a set without slots.
  mutating func begin(_ set: Int, at time: Int64) {
    self.set = set
    slotCount = 0
    marks[0] = time
    latest = time
    judgesTime = true
    isOver = false
  }

  /// Puts the values of a change behind the slots; false where there is no room.
  @inline(__always)
  mutating func place(_ values: Span<Int>) -> Bool {
    let first = 1 &+ slotCount
    guard first + values.count <= Self.width else { return false }
    var inputs = inputs.mutableSpan
    for place in values.indices { inputs[first &+ place] = values[place] }
    return true
  }

  /// Goes on to the set of a leaf; false where there is no room.
  @inline(__always)
  mutating func go(to leaf: PathTrees.Leaf, _ code: Span<Int>, at time: Int64) -> Bool {
    guard leaf.markCount <= Self.mostMarks, leaf.slotCount < Self.width else { return false }
    latest = leaf.write(code, at: time, marks: &marks)
    leaf.write(code, inputs, slots: &others, from: 1)
    swap(&inputs, &others)
    (set, slotCount) = (leaf.next, leaf.slotCount)
    return true
  }
}
