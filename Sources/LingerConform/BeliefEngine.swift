import LingerDiagnostics
package import LingerKernel
import LingerModel

/// Works out, from the set of beliefs before an event, the set after it.
///
/// On-the-fly determinisation: the set of all states that the spec allows after what was seen,
/// closed under what cannot be seen. An empty set is a violation. The result depends on the set,
/// the event and the answers to the set's questions about time, so it is remembered by them; traces
/// of many connections mostly repeat each other.
package final class BeliefEngine {
  package let subject: Subject
  package let visibility: Visibility
  /// More beliefs than this are not followed: the verdict is unknown.
  let mostBeliefs: Int
  var worker: KernelWorker
  private var memo: [Key: Outcome] = [:]
  private var sets: [[Belief]: BeliefSet] = [:]
  /// The largest set of beliefs so far, closed under hidden steps.
  package internal(set) var highWater = 0
  /// Entries of ``memo`` before it is emptied.
  private static let mostRemembered = 200_000

  private struct Key: Hashable {
    var set: BeliefSet
    var answers: Answers
    var event: Observation
  }

  /// Answers to a set's questions, and to which durations the time since the latest event reaches.
  struct Answers: Hashable, Sendable {
    var known: [TimeQuestion.Answer]
    /// By duration: whether a timer started just after the latest event may have expired by now.
    var reached: [Bool]

    /// Time decides nothing.
    static func open(_ set: BeliefSet, _ subject: Subject) -> Answers {
      Answers(
        known: Array(repeating: .perhaps, count: set.questions.count),
        reached: Array(repeating: true, count: subject.durations.count)
      )
    }
  }

  /// What follows from an event.
  struct Outcome: Sendable {
    var next: BeliefSet
    /// For each mark of the new set, which one it was before; nil for the moment of the event.
    var marks: [Int?]
    var losses: Losses
  }

  /// Beliefs that were given up for another reason than that they did not fit.
  package struct Losses: Hashable, Sendable {
    /// A message that no transition takes.
    package var unspecified: SeenMessage?
    /// A step that is an error of the spec.
    package var error: ErrorSite?
    /// There were too many.
    package var limit: Int?

    package init() {}

    package var isAny: Bool { unspecified != nil || error != nil || limit != nil }

    mutating func merge(_ other: Losses) {
      unspecified = unspecified ?? other.unspecified
      error = error ?? other.error
      limit = limit ?? other.limit
    }
  }

  package init(_ subject: Subject, _ visibility: Visibility, mostBeliefs: Int = 4096) {
    self.subject = subject
    self.visibility = visibility
    self.mostBeliefs = mostBeliefs
    worker = KernelWorker(subject.kernel)
  }

  /// The set with which a trace begins, at mark 0: the initial state.
  func initialSet() -> BeliefSet {
    shared(BeliefSet(subject.beginnings.map(initialBelief), markCount: 1))
  }

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
    let role = subject.model.roles[subject.role]
    for (number, timer) in role.timers.enumerated() {
      guard let initial = timer.initial, let time = subject.model.duration(initial) else {
        continue
      }
      guard let duration = subject.kernel.durations.firstIndex(of: time) else { continue }
      belief.running.append(
        Belief.RunningTimer(timer: number, low: 0, high: 0, duration: duration)
      )
    }
    return belief
  }

  /// One object for equal sets.
  private func shared(_ set: BeliefSet) -> BeliefSet {
    // The number of marks follows from the beliefs but for a set that names none of its own.
    if let known = sets[set.beliefs], known.markCount == set.markCount { return known }
    sets[set.beliefs] = set
    return set
  }

  /// The outcome of an event.
  func outcome(_ set: BeliefSet, _ answers: Answers, _ event: Observation) -> Outcome {
    let key = Key(set: set, answers: answers, event: event)
    if let known = memo[key] { return known }
    if memo.count >= Self.mostRemembered {
      memo.removeAll(keepingCapacity: true)
      sets.removeAll(keepingCapacity: true)
    }
    let result = work(set, answers, event)
    memo[key] = result
    return result
  }

  private func work(_ set: BeliefSet, _ answers: Answers, _ event: Observation) -> Outcome {
    var closure = HiddenClosure(set, answers, self)
    closure.run(dueOnly: event == .nothing)
    highWater = max(highWater, closure.beliefs.count)
    var found = FoundBeliefs()
    for belief in closure.alive() { closure.apply(event, to: belief, into: &found) }
    if found.order.count > mostBeliefs { closure.losses.limit = mostBeliefs }
    return settled(found.order, set.markCount, closure.losses)
  }

  /// Numbers the marks anew, without those that no belief names, and sorts.
  private func settled(_ beliefs: [Belief], _ now: Int, _ losses: Losses) -> Outcome {
    var isUsed = [Bool](repeating: false, count: now + 1)
    isUsed[now] = true
    for belief in beliefs { belief.forEachMark { isUsed[$0] = true } }
    var numbers = [Int](repeating: 0, count: now + 1)
    var marks: [Int?] = []
    for mark in 0...now where isUsed[mark] {
      numbers[mark] = marks.count
      marks.append(mark == now ? nil : mark)
    }
    var distinct = FoundBeliefs()
    for belief in beliefs {
      var belief = belief.renumbered { numbers[$0] }
      belief.settleHistory()
      distinct.insert(belief)
    }
    let sorted = distinct.order.map { ($0, $0.row) }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    let next = shared(BeliefSet(sorted, markCount: marks.count))
    return Outcome(next: next, marks: marks, losses: losses)
  }
}

/// Beliefs in the order in which they were found, each once.
struct FoundBeliefs {
  private(set) var order: [Belief] = []
  private var known: Set<Belief> = []

  mutating func insert(_ belief: Belief) {
    if known.insert(belief).inserted { order.append(belief) }
  }
}
