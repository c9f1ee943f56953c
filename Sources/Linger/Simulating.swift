import LingerEval
import LingerExplore
package import LingerModel
package import LingerReport

/// What a simulation is asked to do.
package struct SimulationOptions: Sendable {
  package var seed: UInt64
  package var walks: Int
  package var maximumSteps: Int
  package var budget: Budget
  package var threads: Int

  package init(
    seed: UInt64,
    walks: Int,
    maximumSteps: Int,
    budget: Budget = .unlimited,
    threads: Int = 1
  ) {
    self.seed = seed
    self.walks = walks
    self.maximumSteps = maximumSteps
    self.budget = budget
    self.threads = threads
  }
}

extension Specification {
  /// Walks at random until a mistake is found or every walk is made.
  ///
  /// Walk number n has the seed plus n, so that any of them can be had again by itself.
  package func simulate(_ options: SimulationOptions) -> SimulatedSpec {
    var result = SimulatedSpec(reported, seed: options.seed)
    guard let context else { return result }
    let walks = RandomWalks(context.model, budget: options.budget, threads: options.threads)
    let outcome = walks.walk(
      max(options.walks, 1),
      seed: options.seed,
      maximumSteps: options.maximumSteps
    )
    result.walkCount = outcome.walkCount
    result.stepCount = outcome.stepCount
    if outcome.isStopped { result.interruption = options.budget.exhaustion?.text ?? "stopped" }
    if let shown = outcome.shown {
      result.seed = shown.seed
      result.show(shown, of: walks, in: context)
    }
    return result
  }
}

extension SimulatedSpec {
  /// Of a longer walk that found nothing only so many steps are shown and saved.
  private static let mostShown = 10_000
  /// Running steps again on the evaluator takes time, which who stops it does not want to wait.
  private static let mostShownWhenStopped = 1000

  fileprivate mutating func show(
    _ shown: RandomWalks.Walk,
    of walks: RandomWalks,
    in context: ReportContext
  ) {
    let most = interruption == nil ? Self.mostShown : Self.mostShownWhenStopped
    let count = shown.isViolation ? shown.stepCount : min(shown.stepCount, most)
    if count < shown.stepCount { shownSteps = count }
    switch walks.shown(shown, atMost: count) {
    case .success(let run):
      walk = Walk(
        trace: run.trace,
        end: run.end.text(in: context),
        violated: run.end.violated,
        envelope: run.end.envelope
      )
    case .failure(let failure):
      internalError = "step \(failure.index + 1) of a walk cannot be run again: \(failure.reason)"
    }
  }
}

extension SimulatedSpec {
  /// The walk that is shown, ready to be replayed.
  package var savedTrace: String? {
    guard let context = spec.context, let walk else { return nil }
    let property = walk.violated?.name(in: context.model)
    return TraceFile(walk.trace, of: context, property: property).text
  }
}

extension RandomWalk.End {
  fileprivate func text(in context: ReportContext) -> String {
    switch self {
    case .stuck: "the walk is stuck: nothing leads on and the state is not final"
    case .final: "the walk ended in a final state"
    case .error(let error): "the walk ended in an error: \(error.message)"
    case .invariantViolated(let number):
      "invariant '\(context.model.properties[number].name)' is violated"
    case .unspecifiedReception(let envelope):
      "nothing takes \(context.text.value(envelope.message)) at "
        + context.text.instance(envelope.receiver)
    case .limit: "the walk went on to its last allowed step"
    case .stopped: "the walk was stopped"
    }
  }

  fileprivate var envelope: Envelope? {
    if case .unspecifiedReception(let envelope) = self { envelope } else { nil }
  }

  /// What it shows to be violated.
  fileprivate var violated: Question? {
    switch self {
    case .stuck: .deadlock
    case .error: .specErrors
    case .invariantViolated(let number): .property(number)
    case .unspecifiedReception: .unspecifiedReception
    case .final, .limit, .stopped: nil
    }
  }
}
