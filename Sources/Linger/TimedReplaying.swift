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
  ///
  /// Exit codes as for other runs: 1 it still violates the property, 0 it does not, 2 it is none
  /// of the spec's.
  func replay(
    _ run: TimedSteps,
    violating property: Property,
    path: String,
    style: ReportStyle,
    isJSON: Bool
  ) -> CommandResult {
    guard let context else { return CommandResult(exitCode: 2) }
    let replayed = TimedReplay.run(
      run.steps,
      at: run.times,
      until: run.end,
      violating: property,
      on: Evaluator(context.model)
    )
    let glyphs = style.textStyle.glyphs
    let steps = count(run.steps.count, "step")
    switch replayed {
    case .failure(let failure) where failure.isHarmless:
      let finding = "'\(property.name)' is true at t=\(seconds(run.end))"
      let output =
        isJSON
        ? document(property, finding, exitCode: 0, trace: nil)
        : "\(glyphs.holds) \(steps) replayed: \(finding)\n"
      return CommandResult(output: output)
    case .failure(let failure):
      let place =
        failure.step < run.steps.count
        ? "step \(failure.step + 1), at t=\(seconds(run.times[failure.step])), is not possible"
        : "the run cannot last until t=\(seconds(run.end))"
      var message = "error: \(path): \(place): \(failure.reason)\n"
      if failure.step < run.steps.count {
        message += "  the step: \(context.text.description(of: run.steps[failure.step]))\n"
      }
      return CommandResult(exitCode: 2, message: message)
    case .success(let found):
      let timing = TimedRun(
        settings: context.model.durationSettings,
        times: run.times,
        end: run.end,
        bounds: found.bounds,
        alive: found.alive
      )
      let finding = "timed invariant '\(property.name)' is violated at t=\(seconds(run.end))"
      if isJSON {
        let trace = JSONReport.trace(found.trace, of: context, timing: timing)
        let output = document(property, finding, exitCode: 1, trace: trace)
        return CommandResult(exitCode: 1, output: output)
      }
      let chart = SequenceChart(
        found.trace,
        in: context.text,
        property: property,
        timing: timing,
        style: style.textStyle
      )
      return CommandResult(
        exitCode: 1,
        output: "\(chart.render())\n\(glyphs.violated) \(steps) replayed: \(finding)\n"
      )
    }
  }

  private func document(
    _ property: Property,
    _ finding: String,
    exitCode: Int,
    trace: JSONValue?
  ) -> String {
    JSONValue.members([
      "format": .string("linger-replay"), "version": .integer(1), "path": .string(path),
      "property": .string(property.name), "exitCode": .integer(exitCode),
      "finding": .string(finding), "trace": trace,
    ]).text
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
