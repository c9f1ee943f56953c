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
    guard set.generation == generation else { return nil }
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
    var walk = PathWalk(set: set, slots: spare.slots, marks: spare.marks)
    spare = ([], [])
    walk.slots.removeAll(keepingCapacity: true)
    walk.marks.removeAll(keepingCapacity: true)
    walk.marks.append(time)
    let result = conforms(rows, of: party, &walk, staying: staying)
    spare = (walk.slots, walk.marks)
    return result
  }

  private mutating func conforms(
    _ rows: TraceRows,
    of party: Int,
    _ walk: inout PathWalk,
    staying: Int64
  ) -> Bool? {
    let heads = rows.rows.span
    let values = rows.values.span
    var first = 0
    for number in heads.indices {
      let row = heads[number]
      defer { first = row.end }
      let isOutput = row.sender == party
      if !isOutput, !row.isDelivered { continue }
      let time = max(row.time, walk.latest)
      guard pass(to: time, &walk) else { return walk.isOver ? false : nil }
      guard
        let change = packed(
          isOutput ? 1 : 0,
          row.record,
          values.extracting(first..<row.end),
          walk.slots
        )
      else { return nil }
      guard apply(change, at: time, &walk) else { return walk.isOver ? false : nil }
    }
    // Once the times do not fit, no end makes it conform.
    guard walk.judgesTime else { return false }
    guard pass(to: walk.latest + staying, &walk) else { return walk.isOver ? false : nil }
    return walk.judgesTime && !timings[walk.set].owes
  }

  /// Lets time pass; false where the trace is over, or what comes is not known.
  @inline(__always)
  private mutating func pass(to time: Int64, _ walk: inout PathWalk) -> Bool {
    var moments = 0
    while walk.judgesTime {
      let end = timings.end(of: walk.set, walk.marks)
      if end == Deadline.never || end + 1 >= time { return true }
      moments += 1
      if moments > Follower.mostMoments { return false }
      place(walk.slots, beside: 0)
      guard apply(Self.nothing, at: max(end + 1, walk.latest), &walk) else { return false }
    }
    return true
  }

  /// Takes in a change whose values are among the inputs.
  @inline(__always)
  private func apply(_ change: Int, at time: Int64, _ walk: inout PathWalk) -> Bool {
    let timing = timings[walk.set]
    guard timing.isPlain else { return false }
    if walk.judgesTime {
      let answers = timings.answers(of: walk.set, at: time, walk.marks)
      switch look(up: change, answers, at: time, &walk) {
      case .advanced: return true
      case .unknown: return false
      case .excluded: walk.judgesTime = false
      }
    }
    switch look(up: change, timing.open, at: time, &walk) {
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
    let leaf = leaf(from: rootPlaces[root])
    // What is lost has a reason, which somebody has to tell.
    guard leaf != 0, code[leaf] == Operation.leaf, code[leaf + 2] < 0 else { return .unknown }
    let next = code[leaf + 1]
    if timings[next].isEmpty { return .excluded }
    write(leaf, at: time, slots: &walk.slots, marks: &walk.marks)
    walk.set = next
    return .advanced
  }
}

/// How far a trace has been looked up.
private struct PathWalk {
  var set: Int
  var slots: [Int]
  var marks: [Int64]
  /// Whether times still fit.
  var judgesTime = true
  /// Nothing is believed any more.
  var isOver = false

  init(set: Int, slots: [Int], marks: [Int64]) {
    (self.set, self.slots, self.marks) = (set, slots, marks)
  }

  var latest: Int64 { marks[marks.count - 1] }

  enum Found {
    case advanced
    case excluded
    case unknown
  }
}
