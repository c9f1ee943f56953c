import LingerModel

extension ConformedSpec {
  /// `docs/json.md` has the schema.
  func json(exitCode: Int32) -> String {
    JSONValue.members([
      "format": .string("linger-conformance"), "version": .integer(1),
      "path": .string(spec.path), "profile": .optional(spec.context?.profile),
      "exitCode": .integer(Int(exitCode)), "interruption": .optional(interruption),
      "inputs": .array(inputs.map(\.json)), "comparison": comparison?.json,
      "diagnostics": spec.context == nil
        ? JSONDiagnostics.encode(spec.diagnostics, in: spec.sources) : nil,
    ]).text
  }
}

extension ConformedSpec.Input {
  fileprivate var json: JSONValue {
    var verdicts: [String: JSONValue] = [:]
    for verdict in TraceVerdict.allCases {
      verdicts[verdict.rawValue] = .integer(counts[verdict, default: 0])
    }
    return .members([
      "path": .string(path), "error": .optional(failure), "events": .integer(eventCount),
      "mostBeliefs": .integer(highWater), "counts": .object(verdicts),
      "notes": .array(notes.map { .string($0) }), "traces": .array(traces.map(\.json)),
    ])
  }
}

extension ConformedTrace {
  var json: JSONValue {
    .members([
      "name": .string(name), "subject": .string(subject), "vantage": .optional(vantage),
      "verdict": .string(verdict.rawValue), "reason": .optional(reason),
      "events": .integer(eventCount),
      "states": .array(histories.map { .array($0.map { .string($0) }) }),
      "profiles": profiles.isEmpty
        ? nil
        : .array(
          profiles.map {
            .members([
              "profile": .string($0.profile), "verdict": .string($0.verdict.rawValue),
              "place": $0.place.map { .integer($0) },
            ])
          }
        ),
      "notes": notes.isEmpty ? nil : .array(notes.map { .string($0) }),
      "finding": finding?.json,
      "lastEvents": finding == nil ? nil : .array(events.map(\.json)),
    ])
  }
}

extension ConformedEvent {
  fileprivate var json: JSONValue {
    .members([
      "place": .integer(place), "time": .string(seconds(time)), "way": .string(way.rawValue),
      "seen": .string(text), "states": .array(watched.map { .string($0) }),
      "beliefs": .array(beliefs.map { .string($0) }), "moreBeliefs": .integer(moreBeliefs),
    ])
  }
}

extension ConformanceFinding {
  fileprivate var json: JSONValue {
    .members([
      "kind": .string(isTime ? "time" : "order"), "place": .integer(place),
      "placeKind": .string(placeName),
      "time": .string(seconds(time)), "seen": .string(seen), "message": .string(message),
      "moreBeliefs": .integer(moreBeliefs),
      "elsewhere": .optional(elsewhere),
      "explanations": .array(explanations.map { .string($0.sentence) }),
      "beliefs": .array(
        beliefs.map { belief in
          .object([
            "state": .string(belief.state),
            "expected": .array(belief.expected.map { .string($0) }),
            "obstacles": .array(
              belief.obstacles.map {
                .members([
                  "transition": .string($0.transition), "reason": .string($0.reason),
                  "clause": .optional($0.clause), "line": $0.line.map { .integer($0) },
                ])
              }
            ),
          ])
        }
      ),
    ])
  }
}
