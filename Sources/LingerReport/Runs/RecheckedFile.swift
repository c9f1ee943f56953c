/// What `recheck` found of one file of proofs.
package struct RecheckedFile: Sendable {
  /// One obligation of a proof.
  package struct Obligation: Sendable {
    /// As SMT-LIB says it.
    package enum Answer: String, Sendable {
      case unsat
      case sat
      case unknown
    }

    package var name: String
    /// Where it stands in the file, from 1.
    package var line: Int
    package var answer: Answer
    package var words: String

    package init(name: String, line: Int, answer: Answer, words: String) {
      self.name = name
      self.line = line
      self.answer = answer
      self.words = words
    }
  }

  /// How a proof compares with the one that a spec gives now.
  package struct Comparison: Sendable {
    package enum Answer: String, Sendable {
      case same
      case different
      case unknown
      case unanswerable
    }

    package var property: String
    package var answer: Answer
    package var words: String

    package init(property: String, answer: Answer, words: String) {
      self.property = property
      self.answer = answer
      self.words = words
    }
  }

  package enum Result: Sendable {
    /// The comparisons are none where no spec was given.
    case checked([Obligation], [Comparison])
    /// Why it cannot be read, for standard error.
    case unreadable(message: String)
  }

  package var path: String
  package var result: Result

  package init(path: String, _ result: Result) {
    self.path = path
    self.result = result
  }

  /// For standard error; empty for what could be read.
  package var message: String {
    if case .unreadable(let message) = result { message } else { "" }
  }

  /// 0 every obligation is met and what the spec gives, 1 one is refuted or another than the
  /// spec's, 2 it cannot be read or asked of the spec, 3 one is unknown and none is refuted.
  package var exitCode: Int32 {
    guard case .checked(let obligations, let comparisons) = result else { return 2 }
    let answers = comparisons.map(\.answer)
    if answers.contains(.unanswerable) { return 2 }
    if answers.contains(.different) || obligations.contains(where: { $0.answer == .sat }) {
      return 1
    }
    let isUnknown =
      answers.contains(.unknown) || obligations.contains { $0.answer == .unknown }
    return isUnknown ? 3 : 0
  }
}
