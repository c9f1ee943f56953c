import LingerEval
import LingerExplore
import LingerModel
import LingerReport

/// The steps of a saved run of the timed reading.
struct TimedSteps {
  var initial: State
  var steps: [Step]
  var times: [Rational]
  var end: Rational
  /// Of a run without end; see ``Trace/loopStart``.
  var loopStart: Int?
  /// See ``TraceFile/isStrict``.
  var isStrict = false
}

extension Specification {
  /// Runs a saved run of the timed reading again, with the parameter values in force.
  func replay(
    _ run: TimedSteps,
    for question: Question,
    path: String,
    in context: ReportContext,
    options: ReplayOptions
  ) -> ReplayedTrace {
    let evaluator = Evaluator(context.model)
    let property = question.property(in: context.model)
    let isTimed = property?.kind == .timedInvariant
    let claim: TimedReplay.Claim =
      if let property, isTimed { .violation(of: property) } else {
        .answer(to: question, about: nil)
      }
    let replayed = TimedReplay.run(
      run.steps,
      from: run.initial,
      at: run.times,
      until: run.end,
      showing: claim,
      mayFail: true,
      on: evaluator
    )
    switch replayed {
    case .failure(let failure):
      let message = describe(failure, of: run, path: path, in: context)
      return ReplayedTrace(.failure(message: message))
    case .success(var found):
      found.trace.loopStart = run.loopStart
      let timing = TimedRun(
        settings: context.model.durationSettings,
        times: run.times,
        end: run.end,
        bounds: found.bounds,
        alive: found.alive
      )
      let name = question.name(in: context.model)
      let title = property.map { "\($0.kind.rawValue) '\(name)'" } ?? "'\(name)'"
      let end = "at t=\(seconds(run.end))"
      let limits = ExploreOptions(budget: options.budget)
      let finding =
        if let why = found.explanation, question.goal(in: context.model) == nil {
          ReplayFinding(.violated, "\(title) is violated \(end): \(why)", step: run.steps.count)
        } else if isTimed {
          ReplayFinding(.notViolated, "\(title) is true \(end)")
        } else if run.loopStart != nil, TimedReplay.lasso(found.trace, on: evaluator) == nil {
          ReplayFinding(.unknown, "whether time lets the run go on for ever was not decided")
        } else {
          // What time has nothing to do with.
          ReplayFinding(
            found.trace,
            for: question,
            on: evaluator,
            options: limits,
            isStrict: run.isStrict
          )
        }
      return ReplayedTrace(
        .run(
          ReplayedTrace.Run(
            context: context,
            property: name,
            finding: finding,
            trace: found.trace,
            timing: timing
          )
        )
      )
    }
  }

  private func describe(
    _ failure: TimedReplay.Failure,
    of run: TimedSteps,
    path: String,
    in context: ReportContext
  ) -> String {
    guard failure.step < run.steps.count else {
      let end = seconds(run.end)
      return "error: \(path): the run cannot last until t=\(end): \(failure.reason)\n"
    }
    let place = "step \(failure.step + 1), at t=\(seconds(run.times[failure.step]))"
    return "error: \(path): \(place), is not possible: \(failure.reason)\n"
      + "  the step: \(context.text.description(of: run.steps[failure.step]))\n"
  }
}
