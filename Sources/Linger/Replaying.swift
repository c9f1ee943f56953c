import LingerEval
import LingerModel
import LingerReport

/// A run that was saved by `check` or `simulate`.
package struct SavedTrace: Sendable {
  let file: TraceFile
  /// Where it was read from, for messages.
  let path: String

  /// The profile and the parameters that it was found with.
  package var profile: String? { file.profile }
  package var parameters: [(name: String, value: String)] { file.parameters }

  /// Reads a file's content, or says why it cannot be read.
  package static func read(_ bytes: [UInt8], path: String) -> Result<SavedTrace, SavedTraceError> {
    do throws(TraceFileError) {
      return .success(SavedTrace(file: try TraceFile.read(bytes), path: path))
    } catch {
      return .failure(SavedTraceError(message: "error: \(path): \(error.description)\n"))
    }
  }
}

/// Why a saved trace cannot be used: a line for standard error.
package struct SavedTraceError: Error {
  package var message: String
}

extension Specification {
  /// Runs a saved trace again, step by step, and says whether it still shows what it showed.
  ///
  /// Exit codes: 0 the run is possible and nothing is wrong at its end, 1 it ends in a violation,
  /// 2 the file cannot be read or a step is not possible.
  package func replay(
    _ saved: SavedTrace,
    style: ReportStyle,
    isJSON: Bool
  ) -> CommandResult {
    let file = saved.file
    let path = saved.path
    let glyphs = style.textStyle.glyphs
    guard let context else {
      return CommandResult(exitCode: 2, message: diagnosticsText(hasColor: style.hasColor))
    }
    let steps: [Step]
    do throws(TraceFileError) {
      steps = try StepCoding(model: context.model).decode(file.steps)
    } catch {
      return CommandResult(exitCode: 2, message: "error: \(path): \(error.description)\n")
    }
    let evaluator = Evaluator(context.model)
    if let timing = file.timing,
      let property = context.model.properties.first(where: {
        $0.name == file.property && $0.kind == .timedInvariant
      })
    {
      let run = TimedSteps(steps: steps, times: timing.times, end: timing.end)
      return replay(run, violating: property, path: path, style: style, isJSON: isJSON)
    }
    switch Replay.run(steps, on: evaluator) {
    case .failure(let failure):
      return CommandResult(exitCode: 2, message: describe(failure, path: path, in: context.text))
    case .success(let trace):
      let finding = Finding.atEnd(of: trace, property: file.property, on: evaluator)
      let exitCode: Int32 = finding.isViolation ? 1 : 0
      if isJSON {
        let document = JSONValue.members([
          "format": .string("linger-replay"), "version": .integer(1), "path": .string(self.path),
          "property": .optional(file.property), "exitCode": .integer(Int(exitCode)),
          "finding": .string(finding.text), "trace": JSONReport.trace(trace, of: context),
        ])
        return CommandResult(exitCode: exitCode, output: document.text)
      }
      let property = context.model.properties.first { $0.name == file.property }
      let chart = SequenceChart(
        trace,
        in: context.text,
        property: property,
        envelope: finding.envelope,
        style: style.textStyle
      )
      let mark = finding.isViolation ? glyphs.violated : glyphs.holds
      return CommandResult(
        exitCode: exitCode,
        output:
          "\(chart.render())\n\(mark) \(count(steps.count, "step")) replayed: \(finding.text)\n"
      )
    }
  }

  private func describe(
    _ failure: ReplayFailure,
    path: String,
    in text: BriefText
  ) -> String {
    var message =
      "error: \(path): step \(failure.index + 1) is not possible: \(failure.reason)\n"
    message += "  the step: \(text.description(of: failure.step))\n"
    for step in failure.possible.prefix(5) {
      message += "  possible: \(text.description(of: step))\n"
    }
    let more = failure.possible.count - 5
    if more > 0 { message += "  and \(more) more\n" }
    if failure.possible.isEmpty { message += "  nothing is possible there\n" }
    return message
  }
}

/// What the last state of a run says about the property that the run was saved for, or about
/// every invariant where it was saved for none.
private struct Finding {
  var text: String
  var isViolation: Bool
  var envelope: Envelope?

  init(_ text: String, isViolation: Bool, envelope: Envelope? = nil) {
    self.text = text
    self.isViolation = isViolation
    self.envelope = envelope
  }

  static func atEnd(of trace: Trace, property: String?, on evaluator: Evaluator) -> Finding {
    if let error = trace.entries.last?.error {
      return Finding("the last step ends in an error: \(error.message)", isViolation: true)
    }
    do throws(SpecError) {
      return try judge(trace.last, property: property, on: evaluator)
    } catch {
      return Finding("a property cannot be evaluated: \(error.message)", isViolation: true)
    }
  }

  private static func judge(
    _ state: State,
    property name: String?,
    on evaluator: Evaluator
  ) throws(SpecError) -> Finding {
    let model = evaluator.model
    for property in model.properties where property.kind == .invariant {
      if try !evaluator.evaluate(property, in: state) {
        return Finding("invariant '\(property.name)' is violated", isViolation: true)
      }
    }
    guard let name else { return Finding("every step is possible", isViolation: false) }
    switch name {
    case Question.deadlock.name(in: model):
      return evaluator.isStuck(state)
        ? Finding("nothing leads on from the last state", isViolation: true)
        : Finding("the last state is not stuck", isViolation: false)
    case Question.unspecifiedReception.name(in: model):
      guard let envelope = evaluator.unspecifiedReceptions(in: state).first else {
        return Finding("every message in the last state is taken", isViolation: false)
      }
      return Finding("nothing takes the last message", isViolation: true, envelope: envelope)
    case Question.specErrors.name(in: model):
      return Finding("no step ends in an error", isViolation: false)
    default: break
    }
    guard let property = model.properties.first(where: { $0.name == name }) else {
      return Finding(
        "every step is possible; one run does not decide '\(name)'",
        isViolation: false
      )
    }
    switch property.kind {
    case .invariant: return Finding("'\(name)' is not violated", isViolation: false)
    case .cover:
      let isReached = try evaluator.evaluate(property, in: state)
      return Finding("'\(name)' is \(isReached ? "" : "not ")reached", isViolation: false)
    case .final, .possible, .eventually, .timedInvariant:
      return Finding(
        "every step is possible; one run does not decide '\(name)'",
        isViolation: false
      )
    }
  }
}
