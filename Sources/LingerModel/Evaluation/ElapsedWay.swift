/// How the time since a start compares with a duration, as a guard asks for it.
package struct ElapsedQuestion: Hashable {
  package var timer: Int
  /// Without places, so that two guards may ask the same.
  package var expression: Expression
  package var duration: Rational
}

/// The way through the comparisons of guards: an answer to each question, in the order met.
///
/// As for `choose`, guards are evaluated once for each way. A question has three answers: the time
/// is less than the duration, equal, or more.
package struct ElapsedWay {
  package private(set) var questions: [ElapsedQuestion] = []
  package private(set) var answers: [Int] = []

  package init() {}

  /// -1 for less, 0 for equal, 1 for more.
  mutating func answer(_ question: ElapsedQuestion) -> Int {
    if let index = questions.firstIndex(of: question) { return answers[index] }
    questions.append(question)
    answers.append(-1)
    return -1
  }

  /// The way after this one, known once the guards were evaluated; nil after the last.
  package var next: ElapsedWay? {
    var following = self
    while let last = following.answers.popLast(), let question = following.questions.popLast() {
      guard last < 1 else { continue }
      following.questions.append(question)
      following.answers.append(last + 1)
      return following
    }
    return nil
  }
}
