import LingerModel

/// Everything for other programs; `docs/json.md` has the schema.
package struct JSONFormat: ReportFormat {
  package let name = "json"
  package let purpose = "everything, for other programs"
  package let tellsExitCode = true

  package init() {}

  package func render(_ report: RunReport, _ style: ReportStyle) -> String {
    let exitCode = report.exitCode
    switch report.content {
    case .check(let specs): return JSONReport.document(specs.map(\.json), exitCode: exitCode)
    case .synthesis(let synthesis): return synthesis.json(exitCode: exitCode)
    case .replay(let replay): return replay.json(exitCode: exitCode)
    case .simulation(let simulation): return simulation.json(exitCode: exitCode)
    case .recheck(let files):
      return JSONValue.object([
        "format": .string("linger-recheck"), "version": .integer(1),
        "exitCode": .integer(Int(exitCode)), "files": .array(files.map(\.json)),
      ]).text
    case .layout(let files):
      return JSONValue.object([
        "format": .string("linger-layout"), "version": .integer(1),
        "exitCode": .integer(Int(exitCode)), "files": .array(files.map(\.json)),
      ]).text
    case .conformance(let conformed): return conformed.json(exitCode: exitCode)
    case .driving(let driven): return driven.json(exitCode: exitCode)
    }
  }
}

extension CheckedSpec {
  fileprivate var json: JSONValue {
    guard let report, let context = spec.context else {
      return JSONReport.spec(path: spec.path, diagnostics: spec.diagnostics, in: spec.sources)
    }
    return JSONReport.spec(report, of: context, diagnostics: spec.diagnostics)
  }
}

extension SynthesizedSpec {
  fileprivate func json(exitCode: Int32) -> String {
    guard let report, let context = spec.context else {
      return SynthesisJSON.document(
        path: spec.path,
        diagnostics: spec.diagnostics,
        in: spec.sources,
        exitCode: exitCode
      )
    }
    return SynthesisJSON.document(
      report,
      of: context,
      diagnostics: spec.diagnostics,
      exitCode: exitCode
    )
  }
}

extension ReplayedTrace {
  fileprivate func json(exitCode: Int32) -> String {
    var members: [String: JSONValue] = [
      "format": .string("linger-replay"), "version": .integer(1),
      "exitCode": .integer(Int(exitCode)),
    ]
    switch result {
    case .run(let run):
      members["path"] = .string(run.context.path)
      members["property"] = .optional(run.property)
      members["verdict"] = .string(run.finding.verdict.rawValue)
      members["finding"] = .string(run.finding.text)
      members["step"] = run.finding.step.map { .integer($0) }
      members["trace"] = JSONReport.trace(run.trace, of: run.context, timing: run.timing)
    case .failure(let message): members["error"] = .string(message.onOneLine)
    case .invalid: members["error"] = .string("the spec has errors")
    }
    return JSONValue.object(members).text
  }
}

extension SimulatedSpec {
  fileprivate func json(exitCode: Int32) -> String {
    let trace = spec.context.flatMap { context in
      walk.map { JSONReport.trace($0.trace, of: context) }
    }
    return JSONValue.members([
      "format": .string("linger-simulation"), "version": .integer(1),
      "path": .string(spec.path), "seed": .string("\(seed)"),
      "walks": .integer(walkCount), "steps": .integer(stepCount),
      "exitCode": .integer(Int(exitCode)), "end": .optional(walk?.end),
      "interruption": .optional(interruption), "error": .optional(internalError),
      "shownSteps": shownSteps.map { .integer($0) }, "trace": trace,
      "diagnostics": spec.context == nil
        ? JSONDiagnostics.encode(spec.diagnostics, in: spec.sources) : nil,
    ]).text
  }
}

extension RecheckedFile {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "path": .string(path), "exitCode": .integer(Int(exitCode)),
    ]
    switch result {
    case .unreadable(let message): members["error"] = .string(message.onOneLine)
    case .checked(let obligations, let comparisons):
      members["specs"] = .array(
        comparisons.map {
          .object([
            "property": .string($0.property), "answer": .string($0.answer.rawValue),
            "explanation": .string($0.words),
          ])
        }
      )
      members["obligations"] = .array(
        obligations.map {
          .object([
            "name": .string($0.name), "line": .integer($0.line),
            "answer": .string($0.answer.rawValue), "explanation": .string($0.words),
          ])
        }
      )
    }
    return .object(members)
  }
}

extension LaidOutFile {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "path": .string(path), "exitCode": .integer(Int(exitCode)),
    ]
    switch result {
    case .canonical: members["outcome"] = .string("canonical")
    case .changed: members["outcome"] = .string("changed")
    case .invalid(let diagnostics, let sources):
      members["outcome"] = .string("invalid")
      members["diagnostics"] = JSONDiagnostics.encode(diagnostics, in: sources)
    case .unreadable(let message):
      members["outcome"] = .string("unreadable")
      members["error"] = .string(message.onOneLine)
    }
    return .object(members)
  }
}

extension String {
  /// A message for standard error without its line breaks.
  var onOneLine: String { split(separator: "\n").joined(separator: " ") }
}
