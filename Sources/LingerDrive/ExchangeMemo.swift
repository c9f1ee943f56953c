import LingerConform
import LingerKernel

/// What exchanges came to: a subject of which the same is known, that is told the same after the
/// same time and answers the same, is judged the same.
struct ExchangeMemo {
  private var standings = Standings()
  /// How often the followers' engine had forgotten its numbers when these were given.
  private var generation = 0
  /// Rows of a standing, the time since its latest event, and an input.
  private var rows = TripleTable()
  /// By number.
  private var situations: [Situation] = []
  private var replies = WordTable()
  /// By situation and reply.
  private var outcomes = NumberMemo<Outcome>()
  private var outcomeWords = 0
  /// A row that is being put together.
  private var row: [Int] = []

  /// What an exchange came to. An object, since to copy what it has would take as long as all else
  /// that is done for most exchanges.
  final class Outcome {
    /// What is known after it.
    let known: Standings.Known
    let states: [[Int]]
    /// Their number.
    let believed: Int
    /// The transitions that explain it.
    let transitions: [Int]
    /// How many events a follower has seen of it.
    let events: Int

    init(
      known: Standings.Known,
      states: [[Int]],
      believed: Int,
      transitions: [Int],
      events: Int
    ) {
      self.known = known
      self.states = states
      self.believed = believed
      self.transitions = transitions
      self.events = events
    }
  }

  /// With more words everything is forgotten.
  private static let mostWords = 4_000_000
  /// What a situation, and an outcome, take beside what is counted.
  private static let situationWords = 20
  private static let outcomeWords = 44

  private var wordCount: Int {
    standings.wordCount + rows.wordCount + 2 * replies.wordCount + outcomeWords
      + Self.situationWords * situations.count
  }

  /// What a follower knows, and its number; nil where there is none.
  mutating func known(by follower: Follower) -> Standings.Known? {
    generation == follower.generation ? standings.known(by: follower) : nil
  }

  /// Throws away all numbers where there are too many, or where they mean other sets now; whether
  /// it did.
  mutating func forgetIfOutdated(for follower: Follower) -> Bool {
    guard generation != follower.generation || wordCount >= Self.mostWords else { return false }
    self = ExchangeMemo()
    generation = follower.generation
    return true
  }

  /// A situation.
  ///
  /// - Parameters:
  ///   - standing: the number of what is known.
  ///   - wait: the time since its latest event, in nanoseconds.
  ///   - input: the number of what the subject is told.
  /// - Returns: the one object for it.
  mutating func situation(at standing: Int, after wait: Int64, _ input: Int) -> Situation {
    let number = rows.number(of: standing, Int(wait), input)
    if number == situations.count { situations.append(Situation(number)) }
    return situations[number]
  }

  /// What a reply came to in a situation, where it was not the latest one.
  mutating func outcome(of reply: SubjectReply, in situation: Situation, at time: Int64) -> Outcome?
  {
    outcomes[place(of: reply, in: situation, at: time)]
  }

  mutating func remember(
    _ outcome: Outcome,
    of reply: SubjectReply,
    in situation: Situation,
    at time: Int64
  ) {
    outcomes[place(of: reply, in: situation, at: time)] = outcome
    outcomeWords +=
      Self.outcomeWords + outcome.transitions.count + outcome.states.reduce(0) { $0 + $1.count }
  }

  private mutating func place(
    of reply: SubjectReply,
    in situation: Situation,
    at time: Int64
  ) -> Int {
    row.removeAll(keepingCapacity: true)
    row.append(reply.outputs.count)
    for output in reply.outputs {
      row.append(Int(output.time - time))
      output.observation.append(to: &row)
    }
    for variable in reply.state {
      row.append(variable.variable)
      row.append(variable.values.count)
      row += variable.values
    }
    return outcomes.place(of: situation.number, replies.number(of: row))
  }
}

/// What is known of a subject, and what it is told so long after it.
final class Situation {
  fileprivate let number: Int
  /// What it answered the last time, with times counted from what it was told.
  private var answer: SubjectAnswer?
  /// What that came to.
  private var outcome: ExchangeMemo.Outcome?

  fileprivate init(_ number: Int) { self.number = number }

  /// What it answered the last time, as if it was told at this time.
  func answer(at time: Int64) -> SubjectAnswer? { answer?.moved(by: time) }

  /// What a reply came to, if it is the latest one.
  func outcome(of reply: SubjectReply, at time: Int64) -> ExchangeMemo.Outcome? {
    guard let outcome, isAnswer(reply, at: time) else { return nil }
    return outcome
  }

  private func isAnswer(_ reply: SubjectReply, at time: Int64) -> Bool {
    if case .success(let known)? = answer { known.is(reply, before: time) } else { false }
  }

  /// Notes the latest answer, and what it came to.
  func note(_ answer: SubjectAnswer, _ outcome: ExchangeMemo.Outcome?, at time: Int64) {
    self.answer = answer.moved(by: -time)
    self.outcome = outcome
  }
}

extension SubjectReply {
  /// Whether another one is the same, all its times later.
  fileprivate func `is`(_ other: SubjectReply, before time: Int64) -> Bool {
    guard outputs.count == other.outputs.count, next.map({ $0 + time }) == other.next else {
      return false
    }
    for place in outputs.indices
    where outputs[place].time + time != other.outputs[place].time
      || outputs[place].observation != other.outputs[place].observation
    { return false }
    return state == other.state
  }
}

extension Result<SubjectReply, SubjectFailure> {
  /// With all its times later.
  fileprivate func moved(by time: Int64) -> SubjectAnswer {
    guard time != 0, case .success(var reply) = self else { return self }
    for place in reply.outputs.indices { reply.outputs[place].time += time }
    if let next = reply.next { reply.next = next + time }
    return .success(reply)
  }
}

extension Observation {
  /// Appends words that tell it from all others that come out of a subject.
  fileprivate func append(to row: inout [Int]) {
    switch self {
    case .output(let message):
      row.append(message.record)
      row.append(message.values.count)
      row += message.values
    case .signal(let number, let values):
      row.append(-2 - number)
      row.append(values.count)
      row += values
    default: preconditionFailure("a subject lets out messages and signals only")
    }
  }
}
