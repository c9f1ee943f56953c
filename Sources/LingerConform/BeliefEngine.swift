import LingerDiagnostics
package import LingerKernel
import LingerModel

/// Works out, from the set of beliefs before an event, the set after it.
///
/// On-the-fly determinisation: the set of all states that the spec allows after what was seen,
/// closed under what cannot be seen. An empty set is a violation. What was worked out once is
/// remembered, so that traces of many connections, which mostly repeat each other, cost little.
package final class BeliefEngine {
  package let subject: Subject
  package let visibility: Visibility
  /// More beliefs than this are not followed: the verdict is unknown.
  let mostBeliefs: Int
  var worker: KernelWorker
  let wide: WideRegisters
  private var values: [Key: Outcome] = [:]
  private var sets: [[Belief]: BeliefSet] = [:]
  /// What was worked out for some values, for all for which it would be worked out alike; nil
  /// where only equal values share.
  var paths: PathMemo?
  /// By duration: how long before a timer of it may expire.
  let reaches: [Int64]
  /// How often everything was forgotten.
  private(set) var generation = 0
  /// Beliefs of all sets that are remembered.
  private var beliefCount = 0
  /// The largest set of beliefs so far, closed under hidden steps.
  package internal(set) var highWater = 0
  /// Outcomes that are remembered before all are forgotten, and beliefs of their sets.
  static let mostRemembered = 200_000
  static let mostBeliefsRemembered = 250_000

  private struct Key: Hashable {
    var set: BeliefSet
    var answers: Answers
    var event: Observation
  }

  /// What follows from an event.
  struct Outcome {
    var next: BeliefSet
    /// For each mark of the new set, which one it was before; nil for the moment of the event.
    var marks: [Int?]
    var losses: Losses
  }

  /// Beliefs that were given up for another reason than that they did not fit.
  package struct Losses: Hashable, Sendable {
    /// A message came that no transition takes.
    package var isUnspecified = false
    /// A step that is an error of the spec.
    package var error: ErrorSite?
    /// There were too many.
    package var limit: Int?

    package init() {}

    package var isAny: Bool { isUnspecified || error != nil || limit != nil }

    mutating func merge(_ other: Losses) {
      isUnspecified = isUnspecified || other.isUnspecified
      error = error ?? other.error
      limit = limit ?? other.limit
    }
  }

  /// - Parameters:
  ///   - subject: whose behaviour is believed.
  ///   - visibility: what is seen of it.
  ///   - mostBeliefs: how many are followed at most.
  ///   - sharesPaths: whether what was worked out serves other values; without it the same is
  ///     worked out for each, which tests compare.
  ///   - fewValues: of an integer, that are told apart one by one.
  package init(
    _ subject: Subject,
    _ visibility: Visibility,
    mostBeliefs: Int = 4096,
    sharesPaths: Bool = true,
    fewValues: Int = HiddenValues.fewValues
  ) {
    self.subject = subject
    self.visibility = visibility
    self.mostBeliefs = mostBeliefs
    worker = KernelWorker(subject.kernel)
    wide = WideRegisters(subject, few: fewValues)
    reaches = subject.durations.map { $0.lowerBound - visibility.early }
    if sharesPaths, subject.kernel.isTraceable { paths = PathMemo(wide, subject, reaches) }
  }

  /// The set with which a trace begins, at mark 0: the initial state.
  private(set) lazy var initialSet = shared(
    BeliefSet(
      Belief.sorted(subject.beginnings.map(initialBelief)),
      markCount: 1,
      asked: subject.asked
    )
  )

  private func initialBelief(_ values: [Value]) -> Belief {
    var state = worker.initialState(of: subject.instance)
    for (variable, value) in zip(subject.kernel.variables(ofRole: subject.role), values) {
      let registers = variable.codec.registers(of: value) ?? []
      state.replaceSubrange(
        variable.register..<variable.register + registers.count,
        with: registers
      )
    }
    var belief = Belief(state: state)
    belief.note(subject.remembered)
    belief.settleHistory()
    belief.running = subject.initialTimers.map { timer, duration in
      Belief.RunningTimer(timer: timer, low: 0, high: 0, duration: duration)
    }
    return belief
  }

  /// Nothing explains what was seen.
  var emptySet: BeliefSet { shared(BeliefSet([], markCount: 1, asked: subject.asked)) }

  /// A set that knows when its questions have which answer.
  func timed(_ set: BeliefSet) -> BeliefSet {
    set.deadlines = set.questions.map { Deadline($0, subject, visibility) }
    return set
  }

  /// One object for equal sets.
  func shared(_ set: BeliefSet) -> BeliefSet {
    // The number of marks follows from the beliefs but for a set that names none of its own.
    if let known = sets[set.beliefs], known.markCount == set.markCount { return known }
    sets[set.beliefs] = timed(set)
    beliefCount += set.beliefs.count
    set.generation = generation
    set.number = paths?.add(set) ?? -1
    return set
  }

  var isMemoFull: Bool { paths?.isFull ?? false }

  /// Whether the sets that are remembered take much room.
  var hasManyBeliefs: Bool { beliefCount >= Self.mostBeliefsRemembered }

  /// Forgets what was worked out.
  func forget() {
    values.removeAll(keepingCapacity: true)
    sets.removeAll(keepingCapacity: true)
    if paths != nil { paths = PathMemo(wide, subject, reaches) }
    beliefCount = 0
    generation += 1
  }

  /// The outcome of an event for a set without slots, as it was worked out or as it is remembered.
  func outcome(_ set: BeliefSet, _ answers: Answers, _ event: Observation) -> Outcome {
    let key = Key(set: set, answers: answers, event: event)
    if let known = values[key] { return known }
    if values.count >= Self.mostRemembered || hasManyBeliefs { forget() }
    let result = work(set, answers, event)
    values[key] = result
    return result
  }

  /// Works the outcome of an event out for a set without slots.
  func work(_ set: BeliefSet, _ answers: Answers, _ event: Observation) -> Outcome {
    let (beliefs, losses) = following(set.beliefs, of: set, answers, event)
    let (marks, settled) = settled(beliefs, set.markCount)
    let next = shared(
      BeliefSet(Belief.sorted(settled), markCount: marks.count, asked: subject.asked)
    )
    return Outcome(next: next, marks: marks, losses: losses)
  }

  /// The beliefs after an event, from those of a set: its own, or with a trace's values in them.
  func following(
    _ beliefs: [Belief],
    of set: BeliefSet,
    _ answers: Answers,
    _ event: Observation
  ) -> ([Belief], Losses) {
    var closure = HiddenClosure(beliefs, of: set, answers, self)
    closure.run(dueOnly: event == .nothing)
    // How far beyond the limit it went depends on the order.
    highWater = max(highWater, min(closure.beliefs.count, mostBeliefs + 1))
    var found = FoundBeliefs(worker.trace, wide)
    for belief in closure.alive() { closure.apply(event, to: belief, into: &found) }
    if found.order.count > mostBeliefs { closure.losses.limit = mostBeliefs }
    return (found.order, closure.losses)
  }

  /// Numbers the marks anew, without those that no belief names.
  func settled(_ beliefs: [Belief], _ now: Int) -> (marks: [Int?], beliefs: [Belief]) {
    var isUsed = [Bool](repeating: false, count: now + 1)
    isUsed[now] = true
    for belief in beliefs { belief.forEachMark { isUsed[$0] = true } }
    var numbers = [Int](repeating: 0, count: now + 1)
    var marks: [Int?] = []
    for mark in 0...now where isUsed[mark] {
      numbers[mark] = marks.count
      marks.append(mark == now ? nil : mark)
    }
    var distinct = FoundBeliefs(worker.trace, wide)
    for belief in beliefs {
      var belief = belief.renumbered { numbers[$0] }
      belief.settleHistory()
      distinct.insert(belief)
    }
    return (marks, distinct.order)
  }
}

extension Belief {
  /// In an order that depends on what they say only.
  static func sorted(_ beliefs: [Belief]) -> [Belief] {
    beliefs.map { ($0, $0.row) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
  }
}
