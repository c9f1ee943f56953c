import LingerKernel

/// Beliefs, each once, in a fixed order.
///
/// Sets are objects that many traces share: ``BeliefEngine`` keeps one for equal sets. What differs
/// from trace to trace stands in *slots*, which each trace has its own values of.
package final class BeliefSet {
  /// Their wide values may be ``Slot`` codes.
  let beliefs: [Belief]
  /// What the values of its slots may be.
  let slots: [ClosedRange<Int>]
  /// How many marks its beliefs may name; the last is the latest event.
  let markCount: Int
  /// By timer, the numbers of what guards ask about the time since its start.
  private let asked: [[Int]]
  /// What has to be known of the time before the next event can be judged.
  let questions: [TimeQuestion]
  /// What decides each question.
  var deadlines: [Deadline] = []
  /// Whether symbols can stand beside its plain values.
  private(set) lazy var isTraceable =
    !slots.isEmpty || beliefs.allSatisfy { $0.values.allSatisfy(PathTrace.isPlain) }
  /// Its number among the engine's, and after how many clearings of the memo it got it.
  var number = -1
  var generation = -1
  /// The timers that run in some belief, each once, in the order of the beliefs.
  private(set) lazy var running: [Belief.RunningTimer] = {
    var result: [Belief.RunningTimer] = []
    for belief in beliefs {
      for timer in belief.running where !result.contains(timer) { result.append(timer) }
    }
    return result
  }()
  /// The histories of its beliefs, each once, in order.
  private(set) lazy var histories: [[Int]] = Set(beliefs.map(\.history)).sorted {
    $0.lexicographicallyPrecedes($1)
  }

  init(
    _ beliefs: [Belief],
    slots: [ClosedRange<Int>] = [],
    markCount: Int,
    asked: [[Int]]
  ) {
    self.beliefs = beliefs
    self.slots = slots
    self.asked = asked
    self.markCount = markCount
    var questions: [TimeQuestion] = []
    var known: Set<TimeQuestion> = []
    func note(_ question: TimeQuestion) {
      if known.insert(question).inserted { questions.append(question) }
    }
    for belief in beliefs {
      for timer in belief.running {
        note(.expiry(low: timer.low, high: timer.high, duration: timer.duration))
        guard timer.timer < asked.count else { continue }
        for number in asked[timer.timer] {
          for (isStrict, isLatest) in [(false, false), (false, true), (true, false), (true, true)] {
            let bound = TimeQuestion.ElapsedBound(
              question: number,
              isStrict: isStrict,
              isLatest: isLatest
            )
            note(.elapsed(low: timer.low, high: timer.high, bound))
          }
        }
      }
      for arrived in belief.inbox { note(.lag(arrived.mark)) }
      for owed in belief.outbox { note(.lag(owed.mark)) }
    }
    self.questions = questions
  }

  var isEmpty: Bool { beliefs.isEmpty }

  /// Whether all its beliefs have one of these timers running, or owe something.
  func owes(_ timers: Set<Int>) -> Bool {
    !isEmpty
      && beliefs.allSatisfy { belief in
        !belief.outbox.isEmpty || belief.running.contains { timers.contains($0.timer) }
      }
  }

  /// The set with a trace's values in its slots, sorted by all values.
  func filled(_ values: [Int]) -> BeliefSet {
    // Without slots any value may be there, as large as a code too.
    let filled = slots.isEmpty ? beliefs : beliefs.map { $0.mapped { Slot.value(of: $0, values) } }
    return BeliefSet(Belief.sorted(filled), markCount: markCount, asked: asked)
  }

  /// The states of its beliefs with a trace's values in its slots, each once, in the order of
  /// ``filled(_:)``.
  func states(_ values: [Int]) -> [[Int]] {
    if slots.isEmpty { return plainStates }
    guard beliefs.count == 1 else { return filled(values).plainStates }
    return [beliefs[0].state.map { Slot.value(of: $0, values) }]
  }

  private lazy var plainStates: [[Int]] = {
    var result: [[Int]] = []
    for belief in Belief.sorted(beliefs) where !result.contains(belief.state) {
      result.append(belief.state)
    }
    return result
  }()
}

/// Sets are compared as objects, since there is one for equal sets.
extension BeliefSet: Hashable {
  package static func == (left: BeliefSet, right: BeliefSet) -> Bool { left === right }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A value of a belief that differs from trace to trace: what stands in a slot, and something
/// added to it. As a code it is one integer, beyond those that specs reckon with.
struct Slot {
  var number: Int
  var offset: Int

  /// More slots are not told apart.
  static let most = 1 << 18
  /// Offsets are less than this.
  static let farthest = 1 << 41
  private static let firstCode = 1 << 61

  init(number: Int, offset: Int) {
    self.number = number
    self.offset = offset
  }

  /// Nil for a plain value.
  init?(_ code: Int) {
    guard code >= Self.firstCode else { return nil }
    let rest = code - Self.firstCode
    number = rest >> 42
    offset = (rest & (1 << 42 - 1)) - Self.farthest
  }

  /// What a value with a trace's values in the slots is.
  static func value(of code: Int, _ values: [Int]) -> Int {
    Slot(code).map { values[$0.number] + $0.offset } ?? code
  }

  var code: Int { Self.firstCode + number << 42 + offset + Self.farthest }
}
