/// Answers to a set's questions, and to which durations the time since the latest event reaches.
///
/// Two bits for a question and one for a duration; those of most sets fit in one word.
struct Answers: Hashable, Sendable {
  private(set) var word: UInt64 = 0
  /// The bits that do not fit, one behind the other.
  private(set) var rest: [UInt64] = []
  private let questionCount: Int
  private let durationCount: Int

  private static let bitsInWord = 64

  init(_ set: BeliefSet, _ subject: Subject) {
    questionCount = set.questions.count
    durationCount = subject.durations.count
  }

  /// Time decides nothing.
  static func open(_ set: BeliefSet, _ subject: Subject) -> Answers {
    var result = Answers(set, subject)
    for question in set.questions.indices { result.set(question, .perhaps) }
    for duration in subject.durations.indices { result.reach(duration) }
    return result
  }

  mutating func set(_ question: Int, _ answer: TimeQuestion.Answer) {
    put(UInt64(answer.rawValue), at: 2 * question)
  }

  /// A timer that was started just after the latest event, for this duration, may have expired.
  mutating func reach(_ duration: Int) { put(1, at: 2 * questionCount + duration) }

  func answer(_ question: Int) -> TimeQuestion.Answer {
    let place = 2 * question
    return TimeQuestion.Answer(rawValue: UInt8(bit(place) | bit(place + 1) << 1)) ?? .perhaps
  }

  func reaches(_ duration: Int) -> Bool { bit(2 * questionCount + duration) == 1 }

  /// The answers to the questions of another set, which has the same in another order.
  func inOrder(of set: BeliefSet, from own: BeliefSet) -> Answers {
    var result = self
    (result.word, result.rest) = (0, [])
    for (place, question) in set.questions.enumerated() {
      guard let before = own.questions.firstIndex(of: question) else { continue }
      result.set(place, answer(before))
    }
    for duration in 0..<durationCount where reaches(duration) { result.reach(duration) }
    return result
  }

  /// Places are even for what has two bits, so that nothing lies across two words.
  private mutating func put(_ bits: UInt64, at place: Int) {
    if place < Self.bitsInWord {
      word |= bits << UInt64(place)
      return
    }
    let number = place / Self.bitsInWord - 1
    while rest.count <= number { rest.append(0) }
    rest[number] |= bits << UInt64(place % Self.bitsInWord)
  }

  private func bit(_ place: Int) -> UInt64 {
    if place < Self.bitsInWord { return word >> UInt64(place) & 1 }
    let number = place / Self.bitsInWord - 1
    return number < rest.count ? rest[number] >> UInt64(place % Self.bitsInWord) & 1 : 0
  }
}

/// When a question about time has which answer.
struct Deadline: Sendable {
  /// Until so long after this mark the answer is that it has not happened yet.
  private let low: Int
  private let earliest: Int64
  /// So long after this mark it may still happen.
  private let high: Int
  private let latest: Int64
  /// Whether nothing has to happen at its end: it decides guards only.
  private let isElapsed: Bool
  /// Whether it is asked of the moment of the latest event.
  private let isLatest: Bool

  /// In the place of a time: there is none.
  static let never = Int64.max

  init(_ question: TimeQuestion, _ subject: Subject, _ visibility: Visibility) {
    func slack(_ time: Int64) -> Int64 {
      let slack = visibility.late + time / 1000 * visibility.lateThousandths
      let (sum, overflow) = time.addingReportingOverflow(slack)
      return overflow ? Self.never : sum
    }
    switch question {
    case .lag(let mark):
      (isElapsed, isLatest) = (false, false)
      (low, earliest, high, latest) = (mark, .min, mark, visibility.lag)
    case .elapsed(let low, let high, let bound):
      (isElapsed, isLatest) = (true, bound.isLatest)
      (self.low, self.high) = (low, high)
      guard let least = subject.elapsedTimes[bound.question].least(isStrict: bound.isStrict) else {
        (earliest, latest) = (.max, Self.never)
        return
      }
      earliest = max(least - visibility.early, .min + 1)
      latest = slack(least - 1)
    case .expiry(let low, let high, let number):
      (isElapsed, isLatest) = (false, false)
      let duration = subject.durations[number]
      (self.low, self.high) = (low, high)
      if duration.upperBound == .max {
        (earliest, latest) = (.max, Self.never)
        return
      }
      earliest = duration.lowerBound - visibility.early
      latest = slack(duration.upperBound)
    }
  }

  /// The answer at the moment of its marks, and as long as less than ``calm`` has passed since.
  var firstAnswer: TimeQuestion.Answer { isPending ? .notYet : .perhaps }

  /// See ``firstAnswer``; nor is its end over before.
  var calm: Int64 {
    if isPending { return isElapsed ? earliest : min(earliest, calmEnd) }
    return calmEnd
  }

  private var isPending: Bool { earliest > 0 }

  private var calmEnd: Int64 { latest == Self.never ? .max : latest + 1 }

  /// Whether it has happened by a time, the last mark being `last`; where the subject `isQuiet`, a
  /// timer that is due at that moment has expired.
  @inline(__always)
  func answer(
    at time: Int64,
    _ marks: Span<Int64>,
    last: Int64,
    _ isQuiet: Bool
  ) -> TimeQuestion.Answer {
    if isElapsed { return passed(by: isLatest ? last : time, marks) }
    if earliest > .min, time - marks[low] < earliest { return .notYet }
    let end = end(marks)
    return time > end || (isQuiet && time == end && earliest > .min) ? .certainly : .perhaps
  }

  private func passed(by time: Int64, _ marks: Span<Int64>) -> TimeQuestion.Answer {
    if time - marks[low] < earliest { return .notYet }
    return latest != Self.never && time - marks[high] > latest ? .certainly : .perhaps
  }

  /// The last moment at which it may happen.
  @inline(__always)
  func end(_ marks: Span<Int64>) -> Int64 {
    if latest == Self.never || isElapsed { return Self.never }
    let (end, overflow) = marks[high].addingReportingOverflow(latest)
    return overflow ? Self.never : end
  }
}
