import LingerModel

extension DrivenSpec {
  /// `docs/json.md` has the schema.
  func json(exitCode: Int32) -> String {
    JSONValue.members([
      "format": .string("linger-test"), "version": .integer(1),
      "path": .string(spec.path), "profile": .optional(spec.context?.profile),
      "subject": .string(subject), "seed": .string("\(seed)"),
      "exitCode": .integer(Int(exitCode)), "interruption": .optional(interruption),
      "undecided": .optional(failures.isEmpty ? undecided : nil),
      "problem": .optional(problem ?? inputError),
      "runs": .integer(runCount), "replays": .integer(regressionCount),
      "planned": .integer(plannedCount), "exchanges": .integer(exchangeCount),
      "refused": .integer(refusedCount), "mostBeliefs": .integer(highWater),
      "pairs": .integer(pairCount),
      "cells": .object(["tried": .integer(triedCellCount), "of": .integer(cellCount)]),
      "transitions": .object(
        Dictionary(coverage.map { ($0.transition, .integer($0.count)) }) { first, _ in first }
      ),
      "ends": .array(
        ends.map { .object(["reason": .string($0.reason), "runs": .integer($0.count)]) }
      ),
      "adapterChecks": adapterChecks.isEmpty
        ? nil
        : .array(
          adapterChecks.map {
            .members(["name": .string($0.name), "problem": .optional($0.problem)])
          }
        ),
      "failures": .array(failures.map(\.json)),
      "diagnostics": spec.context == nil
        ? JSONDiagnostics.encode(spec.diagnostics, in: spec.sources) : nil,
    ]).text
  }
}

extension DrivenFailure {
  fileprivate var json: JSONValue {
    .members([
      "kind": .string(kind), "sort": .string(sort), "text": .optional(text),
      "run": run.map { .integer($0) },
      "replay": .optional(replay), "stepsBeforeShrinking": .integer(originalCount),
      "steps": .array(steps.map(\.json)), "trace": trace?.json,
      "repetitions": rate.map {
        .object(["failed": .integer($0.failed), "of": .integer($0.of)])
      },
      "standardError": log.isEmpty ? nil : .string(log),
    ])
  }
}

extension DrivenFailure.ToldMove {
  fileprivate var json: JSONValue {
    .members([
      "time": .string(seconds(time)), "text": .string(text),
      "outputs": .array(outputs.map { .string($0) }), "state": .optional(state),
    ])
  }
}
