import Linger
import LingerReport

/// One entry of `syntheses`: one run of `linger synthesize`.
struct ManifestSynthesis: Sendable, CustomStringConvertible {
  var run: ManifestRun

  var expected: JSONValue { run.entry }
  private var property: String? { expected["property"]?.string }
  private var parameters: [String] { expected["for"]?.array?.compactMap(\.string) ?? [] }

  var description: String {
    "\(run) --property \(property ?? "") --for \(parameters.joined(separator: ","))"
  }

  /// The entry as it should be: the question with the condition that is found now.
  func found() -> JSONValue {
    var entry = expected.object ?? [:]
    entry["condition"] = .string(condition)
    return .object(entry)
  }

  /// The weakest condition, or why there is none.
  private var condition: String {
    let options = SynthesisOptions(property: property, parameters: parameters)
    do throws(UnanswerableQuestion) {
      let json = JSONFormat().render(
        RunReport(.synthesis(try run.specification.synthesize(options)), exitCode: 0),
        ReportStyle()
      )
      let report = JSONValue.parse(Array(json.utf8))
      let isFound = report?["outcome"]?.string == "weakest"
      return report?[isFound ? "condition" : "outcome"]?.string ?? "no report"
    } catch {
      return error.message
    }
  }
}
