import LingerEval
import LingerModel
import LingerReport

/// The steps of a saved run of the timed reading.
struct TimedSteps {
  var steps: [Step]
  var times: [Rational]
  var end: Rational
}

extension Specification {
  /// Runs a saved run of the timed reading again, with the parameter values in force.
  func replay(
    _ run: TimedSteps,
    violating property: Property,
    path: String,
    in context: ReportContext
  ) -> Replay {
    let replayed = TimedReplay.run(
      run.steps,
      at: run.times,
      until: run.end,
      violating: property,
      mayHold: true,
      on: Evaluator(context.model)
    )
    switch replayed {
    case .failure(let failure):
      return Replay(failure: describe(failure, of: run, path: path, in: context))
    case .success(let found):
      let timing = TimedRun(
        settings: context.model.durationSettings,
        times: run.times,
        end: run.end,
        bounds: found.bounds,
        alive: found.alive
      )
      let name = "timed invariant '\(property.name)'"
      let end = "at t=\(seconds(run.end))"
      let why = Evaluator(context.model).whyFalse(property, in: found.end)
      return Replay(
        context: context,
        property: property.name,
        finding: found.isViolation
          ? ReplayFinding(.violated, "\(name) is violated \(end): \(why)", step: run.steps.count)
          : ReplayFinding(.notViolated, "\(name) is true \(end)"),
        trace: found.trace,
        timing: timing
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

extension Model {
  /// The duration parameters with their values in force.
  fileprivate var durationSettings: [TimedRun.Setting] {
    parameters.enumerated().compactMap { number, parameter in
      guard case .duration(let value) = parameter.value else { return nil }
      return TimedRun.Setting(parameter: number, value: value)
    }
  }
}
