import Linger
import LingerExplore
import LingerReport

/// One entry of `checks`: one run of `linger check`.
struct ManifestCheck: Sendable, CustomStringConvertible {
  var run: ManifestRun

  var file: String { run.file }
  var expected: JSONValue { run.entry }
  var caughtBy: [String]? { expected["caughtBy"]?.array?.compactMap(\.string) }
  var description: String { run.description }

  /// The entry as it should be: its settings with what the check says now.
  func found(with compiler: (any NativeCompiler)? = nil) -> JSONValue {
    // Other checkers, with which the counts are compared, count every state.
    var options = CheckOptions()
    options.usesSymmetry = false
    options.nativeCompiler = compiler
    let result = run.specification.check(options)
    let report = JSONValue.parse(Array(result.json().utf8))?["specs"]?.array?.first
    var entry = expected.object ?? [:]
    entry["exit"] = .integer(Int(result.exitCode))
    for count in ["states", "transitions", "depth"] {
      entry[count] = report?["statistics"]?[count]
    }
    var properties: [String: JSONValue] = [:]
    for property in report?["properties"]?.array ?? [] {
      properties[property["name"]?.string ?? ""] = summary(property)
    }
    entry["properties"] = .object(properties)
    return .object(entry)
  }

  private func summary(_ property: JSONValue) -> JSONValue {
    let engine =
      switch (property["verdict"]?.string, property["kind"]?.string) {
      case ("unknown", _): "none"
      case (_, "timed invariant"): "solver"
      default: "explorer"
      }
    return .members([
      "verdict": property["verdict"], "engine": .string(engine),
      "traceLength": property["traceLength"],
    ])
  }
}
