/// A subject that can be told more before it has answered.
package protocol PipelinedSubject: DrivenSubject {
  /// Whether it may be told more than one thing at once.
  var canBeAhead: Bool { get }
  /// Whether that may be the next run's, a reset first, behind what it has not answered yet.
  var canBeRunsAhead: Bool { get }
  /// Tells it one thing after the other; a reset is the first of all.
  func send(_ requests: [SubjectRequest])
  /// The answers to what it was sent next, in order; behind one after which it cannot be told more,
  /// none.
  func answers(_ count: Int) -> [SubjectAnswer]
}

/// What a subject is told, a reset among it.
package enum SubjectRequest: Hashable, Sendable {
  case reset(seed: UInt64)
  case take(SubjectInput, at: Int64)
}

/// What a subject answered, or why it did not.
package typealias SubjectAnswer = Result<SubjectReply, SubjectFailure>

/// Runs ahead of a subject's answers. A run goes on with what the subject answered in the same
/// situation before; when it is over, or nobody knows an answer, all that the subject was not told
/// yet goes out at once. Where an answer then is not the guessed one, the run does not count: it is
/// made again, with the answers that are known now.
///
/// Runs that are over can be *owed*: several go out together, and the next ones are made while the
/// subject answers; then its answers are looked at. To wake a process up takes as long as a run.
///
/// So every answer in a run that counts was given by the subject to what it was told in that run
/// since its reset.
final class Pipeline {
  private let subject: any PipelinedSubject
  /// What the run was told, with the answers that it went on with.
  private var told: [Exchange] = []
  /// How many of these it was sent, and how many of the answers it has given.
  private var sentCount = 0
  private var confirmedCount = 0
  /// What the subject answered in the attempt before, up to where a guess was wrong.
  private var script: [Exchange] = []
  /// From here on it is told one thing at a time.
  private var firstAlone = Int.max
  private var isWrong = false
  /// Attempts at the run at hand that did not count.
  private var wrongCount = 0
  /// How often the subject failed with more than one thing to answer, and would not fail alone.
  private var stumbleCount = 0
  /// What it answered to the latest reset.
  private var afterReset: Exchange?
  /// Runs whose answers were not looked at yet, and how many of them it was sent.
  private var owed: [Owed] = []
  private var sentRunCount = 0
  /// So many of them go out together.
  private var batch = 1
  /// Owed runs that turned out to count since somebody has asked, and whether one did not.
  private var rightCount = 0
  private var owedIsRight = true
  /// Requests that were sent and whose answers nobody has asked for.
  private var unansweredCount = 0

  /// A run with the answers that it went on with.
  private struct Owed {
    var told: [Exchange]
    /// How many of these it was sent, and how many answers are the subject's.
    var sentCount: Int
    var confirmedCount: Int
  }

  private typealias Exchange = (request: SubjectRequest, answer: SubjectAnswer)

  /// So many attempts have guesses in them.
  private static let mostGuessing = 4
  /// In so many the subject is expected to do again what it did before.
  private static let mostScripted = 8
  private static let mostStumbles = 3
  private static let mostInBatch = 16

  /// Nil for a subject that has to be waited for.
  init?(_ subject: any DrivenSubject) {
    guard let subject = subject as? any PipelinedSubject, subject.canBeAhead else { return nil }
    self.subject = subject
  }

  /// Tells the subject something, now or later. A reset begins a run, or another attempt at one.
  ///
  /// - Parameters:
  ///   - request: what.
  ///   - guess: what it may answer.
  /// - Returns: what it answered, or may answer.
  /// - Throws: why there is no answer; `superseded` where a guess was wrong.
  func tell(
    _ request: SubjectRequest,
    guessing guess: SubjectAnswer?
  ) throws(SubjectFailure) -> SubjectReply {
    var guess = guess
    if case .reset = request {
      (told, sentCount, confirmedCount, isWrong) = ([], 0, 0, false)
      if let afterReset, afterReset.request == request { guess = afterReset.answer }
    }
    if isWrong { throw .superseded }
    if let known = known(request) ?? (mayGuess ? guess : nil) {
      told.append((request, known))
      return try known.get()
    }
    let answer: SubjectAnswer
    if isAlone {
      confirm()
      answer = isWrong ? .failure(.superseded) : tellAlone(request)
    } else {
      answer = confirm(before: request) ?? .failure(.superseded)
    }
    if isWrong { throw .superseded }
    told.append((request, answer))
    (sentCount, confirmedCount) = (told.count, told.count)
    if case .reset = request, case .success = answer { afterReset = (request, answer) }
    return try answer.get()
  }

  /// Leaves a run that is over to be looked at later. False where that cannot be: then, once all
  /// that was owed before it is looked at, ``settle()`` looks at it.
  func owe() -> Bool {
    guard subject.canBeRunsAhead, !isWrong, !isAlone, wrongCount == 0 else { return false }
    owed.append(Owed(told: told, sentCount: sentCount, confirmedCount: confirmedCount))
    (told, sentCount, confirmedCount) = ([], 0, 0)
    if owed.count - sentRunCount < batch { return true }
    let before = sentRunCount
    send()
    lookAtOwed(before)
    return true
  }

  /// Looks at all runs that are owed.
  func lookAtOwed() {
    if owed.isEmpty { return }
    send()
    lookAtOwed(owed.count)
  }

  /// How many owed runs turned out to count since the last time, in order. `isRight` is false where
  /// the next one does not: nor do those that were made since, and what is told next is another
  /// attempt at that one.
  func verdict() -> (count: Int, isRight: Bool) {
    let result = (rightCount, owedIsRight)
    if !owedIsRight { wrongCount = 1 }
    (rightCount, owedIsRight) = (0, true)
    return result
  }

  /// Looks at the first of the runs that are owed.
  private func lookAtOwed(_ runCount: Int) {
    if runCount == 0 { return }
    let runs = owed[..<runCount]
    let answers = answers(runs.reduce(0) { $0 + $1.told.count - $1.confirmedCount })
    var next = 0
    for run in runs {
      for place in run.confirmedCount..<run.told.count {
        let answer = answers[next]
        next += 1
        if !answer.endsTalk, answer == run.told[place].answer { continue }
        return giveUp(run, at: place, answer)
      }
      rightCount += 1
    }
    owed.removeFirst(runCount)
    sentRunCount -= runCount
    batch = min(2 * batch, Self.mostInBatch)
  }

  private func giveUp(_ run: Owed, at place: Int, _ answer: SubjectAnswer) {
    script = Array(run.told[..<place])
    if answer.endsTalk {
      firstAlone = place
      stumbleCount += 1
    } else {
      script.append((run.told[place].request, answer))
    }
    (owedIsRight, isWrong) = (false, true)
    (owed, sentRunCount, batch) = ([], 0, 1)
    // The rest it was told for nothing.
    if unansweredCount > 0 { _ = answers(unansweredCount) }
  }

  /// Tells the subject all that it was not told yet. False where the run does not count.
  func settle() -> Bool {
    if !isWrong { confirm() }
    if isWrong {
      wrongCount += 1
      return false
    }
    (script, wrongCount, firstAlone) = ([], 0, .max)
    return true
  }

  private var isAlone: Bool {
    told.count >= firstAlone || stumbleCount >= Self.mostStumbles || wrongCount >= Self.mostScripted
  }

  private var mayGuess: Bool { !isAlone && wrongCount < Self.mostGuessing }

  /// What the subject answered at this place in the attempt before.
  private func known(_ request: SubjectRequest) -> SubjectAnswer? {
    let place = told.count
    guard place < script.count, wrongCount < Self.mostScripted else { return nil }
    if script[place].request == request { return script[place].answer }
    script.removeSubrange(place...)
    return nil
  }

  private func tellAlone(_ request: SubjectRequest) -> SubjectAnswer {
    subject.send([request])
    unansweredCount += 1
    let answer = answers(1)[0]
    // It was not for being told too much that it failed.
    if told.count == firstAlone, answer.endsTalk { stumbleCount -= 1 }
    return answer
  }

  /// Sends what was not sent yet: of runs that are owed, then of this one, then something more.
  private func send(and last: SubjectRequest? = nil) {
    var requests: [SubjectRequest] = []
    for run in owed[sentRunCount...] { requests += run.told[run.sentCount...].map(\.request) }
    requests += told[sentCount...].map(\.request)
    if let last { requests.append(last) }
    (sentRunCount, sentCount) = (owed.count, told.count)
    if requests.isEmpty { return }
    subject.send(requests)
    unansweredCount += requests.count
  }

  private func answers(_ count: Int) -> [SubjectAnswer] {
    unansweredCount -= count
    return subject.answers(count)
  }

  /// Tells the subject what it was not told yet, and looks at its answers.
  ///
  /// - Parameter last: something more.
  /// - Returns: the answer to that; nil where there is none, or where the run does not count.
  @discardableResult
  private func confirm(before last: SubjectRequest? = nil) -> SubjectAnswer? {
    send(and: last)
    lookAtOwed(owed.count)
    let count = told.count - confirmedCount + (last == nil ? 0 : 1)
    if isWrong || count == 0 { return nil }
    for (number, answer) in answers(count).enumerated() {
      let place = confirmedCount + number
      if answer.endsTalk, count > 1 {
        giveUp(at: place)
        firstAlone = place
        stumbleCount += 1
        return nil
      }
      if place == told.count { return answer }
      if answer != told[place].answer {
        let request = told[place].request
        giveUp(at: place)
        script.append((request, answer))
        return nil
      }
    }
    confirmedCount = told.count
    return nil
  }

  private func giveUp(at place: Int) {
    script = Array(told[..<place])
    isWrong = true
  }
}

extension Result<SubjectReply, SubjectFailure> {
  /// Whether the subject cannot be told anything more.
  fileprivate var endsTalk: Bool {
    switch self {
    case .success, .failure(.refused), .failure(.uncertain): false
    case .failure: true
    }
  }
}
