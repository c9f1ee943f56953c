/// How a report is drawn, where its format leaves a choice.
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
