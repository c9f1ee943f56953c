import LingerEval
package import LingerModel

/// A question of a model that may begin in several states: asked for each of them by itself.
///
/// A run begins in one state, so the model violates the question if from some state a run does, and
/// holds if it holds from each.
package struct Beginnings {
  /// More states than this are not asked for one by one.
  static let most = 64

  /// The model with each of its initial states as the only one; nil where it has one anyway.
  package let models: [Model]?

  package init(of model: Model) throws(ControlGraph.Unsupported) {
    let evaluator = Evaluator(model)
    guard !evaluator.hasOneInitialState else {
      models = nil
      return
    }
    var models: [Model] = []
    for state in evaluator.initialStates {
      guard models.count < Self.most else {
        throw ControlGraph.Unsupported(
          reason: "a question of time is asked from at most \(Self.most) initial states"
        )
      }
      models.append(model.beginning(in: state))
    }
    self.models = models
  }

  /// What the answers from the states come to: a violation by the shortest run, else what is
  /// unknown, else that it holds. There is no certificate for all of them together.
  static func joined(_ answers: [TimedAnswer], of question: Question) -> TimedAnswer {
    var result = answers.min { rank($0) < rank($1) } ?? nothing(question)
    result.specError =
      answers.compactMap(\.specError).min { steps($0) < steps($1) }
    result.internalError = answers.lazy.compactMap(\.internalError).first
    result.refinements = answers.reduce(0) { $0 + $1.refinements }
    result.certificate = nil
    if case .holds = result.result.verdict {
      var notes: [String] = []
      for note in answers.compactMap(\.result.note) where !notes.contains(note) {
        notes.append(note)
      }
      result.result.note = notes.joined(separator: "; from other initial states: ")
    }
    return result
  }

  private static func nothing(_ question: Question) -> TimedAnswer {
    TimedAnswer(
      result: PropertyResult(question: question, verdict: .holds, note: "no run begins")
    )
  }

  private static func rank(_ answer: TimedAnswer) -> (Int, Int) {
    switch answer.result.verdict {
    case .violated(let violation): (0, steps(violation))
    case .unknown: (1, 0)
    case .holds: (2, 0)
    }
  }

  private static func steps(_ violation: Violation) -> Int {
    violation.trace?.entries.count ?? .max
  }
}

extension Model {
  /// The same protocol, which begins in this state only.
  fileprivate func beginning(in state: State) -> Model {
    var model = self
    model.initially = []
    for (number, local) in state.instances.enumerated() {
      model.instances[number].initial = local.variables
      model.instances[number].open = []
    }
    return model
  }
}
