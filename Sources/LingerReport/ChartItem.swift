/// What a chart shows, before it is known where it is to stand.
///
/// Lifelines are counted from the left.
enum ChartItem {
  /// Time passes: nothing but lifelines.
  case gap
  /// Text that belongs to no lifeline; `lead` stands left of it.
  case text(lead: String, [String])
  /// The names above the lifelines, and beside each what its instance begins with.
  case opening([(name: String, items: [String])])
  /// What happens at one lifeline; `isAct` marks that its instance acts here.
  case note([String], at: Int, isAct: Bool)
  case arrow(ChartArrow)
  /// An act of the network on a message, and what stands around the message.
  case network(ChartMessage, before: String, after: String)
  /// What else is said of an act of the network.
  case networkNote(String, ChartMessage)
  /// The instances and what their states say, below the lifelines.
  case states(indent: Int, [(name: String, items: [String])])
  /// What a sign means that arrows have, and that a list needs no explanation of.
  case legend(indent: Int, String)
}

/// A message between two lifelines.
struct ChartMessage {
  /// `#3`, `#3 again`, or nothing.
  var number: String
  /// Its value, for a person.
  var words: String
  /// Where it goes, by name.
  var route: String
  var sender: Int
  var receiver: Int

  var label: String { number.isEmpty ? words : "\(number) \(words)" }

  /// The message in a line of its own.
  var sentence: String { (number.isEmpty ? "" : "\(number) ") + "\(route)  \(words)" }
}

/// An arrow: a sending leaves one lifeline, an arrival reaches one.
struct ChartArrow {
  enum Kind {
    case sending
    case arrival
  }

  var kind: Kind
  var message: ChartMessage
  /// What is said of a message that does not arrive.
  var remark: String?
  /// Whether the arrow ends in nothing.
  var isLost = false

  /// All that there is to say on it.
  var fullLabel: String { remark.map { "\(message.label) \($0)" } ?? message.label }
}

/// A chart as rows of text.
package struct ChartDrawing {
  package var rows: [String] = []
  /// Places where one text was written over another, or beyond the edge: none, or the chart's
  /// layout has a fault.
  package var clashes: [String] = []

  /// The rows with a line break after each.
  package var text: String { rows.map { $0 + "\n" }.joined() }
}
