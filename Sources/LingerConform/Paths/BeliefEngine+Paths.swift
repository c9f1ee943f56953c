import LingerKernel

/// What a trace believes: a set that many traces share, and its own values and moments.
struct Standing {
  var set: BeliefSet
  /// What stands in the set's slots.
  var slots: [Int] = []
  /// The moments that the beliefs name, in nanoseconds; the last is that of the latest event.
  var marks: [Int64]
}

/// Outcomes that serve all values for which they would be worked out alike.
extension BeliefEngine {
  /// Takes a change at a time into what is believed, which stays as it is where nothing explains
  /// it. Says what was lost, if anything was.
  func advance(
    _ standing: inout Standing,
    _ answers: Answers,
    _ change: Observation,
    at time: Int64
  ) -> (isExplained: Bool, lost: Losses?) {
    if standing.set.generation != generation, paths != nil { standing.set = shared(standing.set) }
    var found = lookUp(&standing, answers, change, at: time)
    switch found {
    case .advanced(let lost): return (true, lost)
    case .excluded(let lost): return (false, lost)
    case .plain, .unknown: break
    }
    // What is remembered grows here only.
    if hasManyBeliefs || isMemoFull {
      forget()
      if paths != nil { standing.set = shared(standing.set) }
      found = lookUp(&standing, answers, change, at: time)
    }
    if case .unknown(let root, let inputs) = found {
      let isKept = explore(standing.set, answers, change, inputs, at: root)
      found = isKept ? lookUp(&standing, answers, change, at: time) : .plain
    }
    switch found {
    case .advanced(let lost): return (true, lost)
    case .excluded(let lost): return (false, lost)
    case .plain, .unknown: return advancePlainly(&standing, answers, change, at: time)
    }
  }

  /// One access to the memo for all of it: each that Swift has to watch costs as much as a lookup.
  @inline(__always)
  private func lookUp(
    _ standing: inout Standing,
    _ answers: Answers,
    _ change: Observation,
    at time: Int64
  ) -> PathMemo.Found {
    guard standing.set.isTraceable else { return .plain }
    return paths?.advance(&standing, answers, change, at: time) ?? .plain
  }

  private func advancePlainly(
    _ standing: inout Standing,
    _ answers: Answers,
    _ change: Observation,
    at time: Int64
  ) -> (isExplained: Bool, lost: Losses?) {
    let outcome: Outcome
    if paths == nil {
      outcome = self.outcome(standing.set, answers, change)
    } else {
      let filled = standing.set.filled(standing.slots)
      outcome = work(filled, answers.inOrder(of: filled, from: standing.set), change)
    }
    let lost = outcome.losses.isAny ? outcome.losses : nil
    if outcome.next.isEmpty { return (false, lost) }
    standing.marks = outcome.marks.map { $0.map { standing.marks[$0] } ?? time }
    standing.set = outcome.next
    standing.slots = []
    return (true, lost)
  }

  /// Works an outcome out for these values, and notes for which others it is the same; false where
  /// it is not remembered.
  private func explore(
    _ set: BeliefSet,
    _ answers: Answers,
    _ change: Observation,
    _ inputs: [Int],
    at root: Int
  ) -> Bool {
    let trace = PathTrace(inputs, in: set.slots + change.ranges(wide))
    worker.trace = trace
    defer { worker.trace = nil }
    let before = set.beliefs.map { belief in
      belief.mapped { Slot($0).map { trace.input($0.number, plus: $0.offset) } ?? $0 }
    }
    let event = change.symbolic(wide, trace, from: set.slots.count)
    let (beliefs, losses) = following(before, of: set, answers, event)
    let (marks, settled) = settled(beliefs, set.markCount)
    var leaf: PathTrees.NewLeaf?
    if !trace.isGivenUp {
      var writer = SlotWriter(trace, wide, asked: subject.asked)
      if let next = writer.set(settled, markCount: marks.count) {
        leaf = PathTrees.NewLeaf(
          next: shared(next),
          marks: marks,
          slots: writer.forms,
          losses: losses
        )
      }
    }
    return paths?.insert(trace.conditions, leaf, at: root) ?? false
  }
}

/// Makes a set with slots of beliefs with symbols.
private struct SlotWriter {
  private let trace: PathTrace
  private let wide: WideRegisters
  private let asked: [[Int]]
  /// What stands in each slot.
  private(set) var forms: [LinearForm] = []
  private var ranges: [ClosedRange<Int>] = []
  /// By the terms of its form.
  private var numbers: [[LinearForm.Term]: Int] = [:]
  private var isTooMuch = false

  init(_ trace: PathTrace, _ wide: WideRegisters, asked: [[Int]]) {
    self.trace = trace
    self.wide = wide
    self.asked = asked
  }

  /// Nil where there are too many slots.
  mutating func set(_ beliefs: [Belief], markCount: Int) -> BeliefSet? {
    var written: [Belief] = []
    for belief in sorted(beliefs) { written.append(write(belief)) }
    return isTooMuch
      ? nil : BeliefSet(written, slots: ranges, markCount: markCount, asked: asked)
  }

  /// The order must be the same whatever the values are.
  private func sorted(_ beliefs: [Belief]) -> [Belief] {
    var entries: [(outline: [Int], forms: [Int], belief: Belief)] = []
    for belief in beliefs {
      let outline = belief.outline(wide)
      var forms: [Int] = []
      for value in belief.values {
        let form = trace.form(value)
        forms.append(form.terms.count)
        for term in form.terms { forms += [term.input, term.factor] }
        forms.append(form.constant)
      }
      entries.append((outline.row, forms, belief))
    }
    return entries.sorted {
      if $0.outline != $1.outline { return $0.outline.lexicographicallyPrecedes($1.outline) }
      return $0.forms.lexicographicallyPrecedes($1.forms)
    }.map(\.belief)
  }

  private mutating func write(_ belief: Belief) -> Belief {
    var result = belief
    for place in result.state.indices {
      result.state[place] = slot(result.state[place], in: wide.state[place])
    }
    for place in result.inbox.indices { write(&result.inbox[place].message) }
    for place in result.outbox.indices {
      guard case .message(var message) = result.outbox[place].output else { continue }
      write(&message)
      result.outbox[place].output = .message(message)
    }
    return result
  }

  private mutating func write(_ message: inout SeenMessage) {
    for place in message.values.indices {
      let range = wide.fields[message.record][place]
      message.values[place] = slot(message.values[place], in: range)
    }
  }

  /// Values that differ by a constant share a slot.
  private mutating func slot(_ value: Int, in range: ClosedRange<Int>?) -> Int {
    let form = trace.form(value)
    guard !form.terms.isEmpty, let range else { return form.constant }
    if let known = numbers[form.terms] {
      let offset = form.constant - forms[known].constant
      if abs(offset) < Slot.farthest {
        let own = ranges[known]
        let low = max(own.lowerBound, range.lowerBound - offset)
        ranges[known] = low...max(low, min(own.upperBound, range.upperBound - offset))
        return Slot(number: known, offset: offset).code
      }
    }
    numbers[form.terms] = forms.count
    forms.append(form)
    ranges.append(range)
    if forms.count >= Slot.most { isTooMuch = true }
    return Slot(number: min(forms.count, Slot.most) - 1, offset: 0).code
  }
}
