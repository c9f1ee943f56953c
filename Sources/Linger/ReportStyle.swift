import LingerDiagnostics
import LingerReport

/// How text is drawn.
package struct ReportStyle: Sendable {
  /// Only ASCII characters.
  package var isASCII = false
  /// Terminal colours.
  package var hasColor = false
  /// Columns of charts and of wrapped prose.
  package var width = 100

  package init() {}

  var textStyle: TextStyle {
    var style = TextStyle()
    style.glyphs = isASCII ? .ascii : .unicode
    style.hasColor = hasColor
    style.width = width
    return style
  }
}

/// The name among `names` that was probably meant, for "did you mean".
package func nearestName(to name: String, among names: [String]) -> String? {
  Suggestion.nearest(to: name, among: names)
}

/// A number with commas between its thousands.
package func groupedDigits(_ number: Int) -> String { grouped(number) }
