package import LingerDiagnostics
package import LingerModel

/// A synthesis as JSON; `docs/json.md` has the schema.
package enum SynthesisJSON {
  package static let format = "linger-synthesis"
  package static let version = 1

  /// A spec that did not compile.
  package static func document(
    path: String,
    diagnostics: [Diagnostic],
    in sources: SourceMap,
    exitCode: Int32
  ) -> String {
    JSONValue.object([
      "format": .string(format), "version": .integer(version), "path": .string(path),
      "outcome": .string("invalid"), "exitCode": .integer(Int(exitCode)),
      "diagnostics": JSONDiagnostics.encode(diagnostics, in: sources),
    ]).text
  }

  /// A spec that was asked.
  package static func document(
    _ report: SynthesisReport,
    of context: ReportContext,
    diagnostics: [Diagnostic],
    exitCode: Int32
  ) -> String {
    let encoder = ReportEncoder(context: context)
    var outcome: String
    var condition: SynthesisReport.ParameterCondition
    var reason: String?
    var depth: Int?
    var error: Violation?
    switch report.outcome {
    case .weakest(let weakest):
      outcome = "weakest"
      condition = weakest
    case .unknown(let bad, let why, let steps):
      outcome = "unknown"
      condition = bad
      reason = why.text
      depth = steps
    case .specError(let found):
      outcome = "specError"
      condition = SynthesisReport.ParameterCondition(clauses: [[]])
      error = found
    }
    if !report.internalErrors.isEmpty { outcome = "internalError" }
    return JSONValue.members([
      "format": .string(format), "version": .integer(version), "path": .string(context.path),
      "protocol": .string(context.model.name), "profile": .optional(context.profile),
      "parameters": encoder.parameters,
      "diagnostics": JSONDiagnostics.encode(diagnostics, in: context.text.sources),
      "property": .string(context.model.properties[report.property].name),
      "for": .array(report.released.map { .string(context.model.parameters[$0].name) }),
      "outcome": .string(outcome), "exitCode": .integer(Int(exitCode)),
      "condition": .string(condition.text), "clauses": strings(condition.clauses),
      "words": .array(condition.words.map { .string($0) }),
      "sufficient": .optional(report.sufficient?.text),
      "sufficientClauses": report.sufficient.map { strings($0.clauses) },
      "assumptions": .array(report.assumptions.map { .string($0) }),
      "error": error.map(encoder.encode), "reason": .optional(reason),
      "depth": depth.map { .integer($0) },
      "regionsCutOff": .integer(report.cutCount),
      "violations": .array(zip(report.violatedClauses, report.violations).map(encoder.encode)),
      "profiles": .array(report.profiles.map(encoder.encode)),
      "internalErrors": report.internalErrors.isEmpty
        ? nil : .array(report.internalErrors.map { .string($0) }),
    ]).text
  }

  private static func strings(_ lists: [[String]]) -> JSONValue {
    .array(lists.map { .array($0.map { .string($0) }) })
  }
}

extension ReportEncoder {
  fileprivate func encode(_ error: Violation) -> JSONValue {
    .members([
      "explanation": .string(error.explanation),
      "trace": error.trace.map { encode($0, timing: error.timing) },
    ])
  }

  fileprivate func encode(_ clause: Int, _ violation: Violation) -> JSONValue {
    .members([
      "clause": .integer(clause), "explanation": .string(violation.explanation),
      "traceLength": violation.trace.map { .integer($0.entries.count) },
      "trace": violation.trace.map { encode($0, timing: violation.timing) },
    ])
  }

  fileprivate func encode(_ line: SynthesisReport.ProfileLine) -> JSONValue {
    .members([
      "name": .optional(line.name), "settings": encode(line.settings),
      "verdict": .string(line.holds.map { $0 ? "holds" : "violated" } ?? "unknown"),
      "margin": line.margin.map(Self.encode), "remark": .optional(line.remark),
    ])
  }
}
