import LingerEval
import LingerExplore
package import LingerModel
package import LingerReport

/// What a replay is asked to do.
package struct ReplayOptions: Sendable {
  /// Whether a run of a protocol of another name is replayed: a variant's on the spec it varies.
  package var isOfOtherProtocol = false
  /// Asked now and then; a reason, such as a time limit, stops the search that a `possible` needs.
  package var budget = Budget.unlimited

  package init() {}
}

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
  /// Runs a saved trace again, step by step, and judges it as a check does.
  ///
  /// Exit codes: 0 the run is possible and violates nothing, 1 it violates what it was saved for,
  /// or a step of it ends in an error, 2 the file is not a run of this spec, 3 what it was saved
  /// for could not be decided.
  package func replay(_ saved: SavedTrace, options: ReplayOptions) -> ReplayedTrace {
    guard let context else { return ReplayedTrace(.invalid(reported)) }
    let file = saved.file
    do throws(TraceFileError) {
      try check(file, isOfOtherProtocol: options.isOfOtherProtocol, against: context.model)
      let question = try file.property.map { name throws(TraceFileError) in
        try context.model.question(named: name)
      }
      let steps = try StepCoding(model: context.model).decode(file.steps)
      let isTimed = question?.property(in: context.model)?.kind == .timedInvariant
      guard file.timing != nil || !isTimed else {
        throw TraceFileError(
          "the file has no \"times\", and '\(file.property ?? "")' is a timed invariant"
        )
      }
      let evaluator = Evaluator(context.model)
      let coding = StepCoding(model: context.model)
      let initial = try coding.decode(beginning: file.initial, from: evaluator.declaredState)
      guard evaluator.isInitial(initial) else {
        throw TraceFileError("no run of the spec begins in the state that the file begins in")
      }
      if let timing = file.timing {
        guard let question else {
          throw TraceFileError("the file has \"times\", and no \"property\" that they are about")
        }
        if !isTimed,
          case .failure(let failure) = LingerEval.Replay.run(
            steps,
            from: initial,
            on: evaluator
          )
        {
          return ReplayedTrace(
            .failure(message: describe(failure, path: saved.path, in: context.text))
          )
        }
        var run = TimedSteps(initial: initial, steps: steps, times: timing.times, end: timing.end)
        run.loopStart = file.loopStart
        run.isStrict = file.isStrict
        return replay(run, for: question, path: saved.path, in: context, options: options)
      }
      return replay(steps, from: initial, saved, for: question, in: context, options: options)
    } catch {
      return ReplayedTrace(.failure(message: "error: \(saved.path): \(error.description)\n"))
    }
  }

  private func check(
    _ file: TraceFile,
    isOfOtherProtocol: Bool,
    against model: Model
  ) throws(TraceFileError) {
    guard file.specification != model.name, !isOfOtherProtocol else { return }
    throw TraceFileError(
      "the run is of protocol '\(file.specification)', and the spec is '\(model.name)'; "
        + "--other-protocol replays it all the same"
    )
  }

  private func replay(
    _ steps: [Step],
    from initial: State,
    _ saved: SavedTrace,
    for question: Question?,
    in context: ReportContext,
    options: ReplayOptions
  ) -> ReplayedTrace {
    let evaluator = Evaluator(context.model)
    switch LingerEval.Replay.run(steps, from: initial, on: evaluator) {
    case .failure(let failure):
      return ReplayedTrace(.failure(message: describe(failure, path: saved.path, in: context.text)))
    case .success(var trace):
      trace.loopStart = saved.file.loopStart
      let limits = ExploreOptions(budget: options.budget)
      let run = ReplayedTrace.Run(
        context: context,
        property: saved.file.property,
        finding: ReplayFinding(
          trace,
          for: question,
          on: evaluator,
          options: limits,
          isStrict: saved.file.isStrict
        ),
        trace: trace
      )
      return ReplayedTrace(.run(run))
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

extension Model {
  fileprivate func question(named name: String) throws(TraceFileError) -> Question {
    if let question = allQuestions.first(where: { $0.name(in: self) == name }) {
      return question
    }
    let names = allQuestions.map { $0.name(in: self) }
    throw TraceFileError.unknown(name, "property or audit check", among: names)
  }
}
