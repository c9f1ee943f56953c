import LingerDiagnostics
import LingerReport

/// The name among `names` that was probably meant, for "did you mean".
package func nearestName(to name: String, among names: [String]) -> String? {
  Suggestion.nearest(to: name, among: names)
}

/// A number with commas between its thousands.
package func groupedDigits(_ number: Int) -> String { grouped(number) }
