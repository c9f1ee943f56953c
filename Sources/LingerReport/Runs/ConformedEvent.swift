package import LingerModel

/// One event of a trace, with what was believed once it had been seen.
package struct ConformedEvent: Sendable {
  /// The number of a frame or a line, from 1.
  package var place: Int
  /// Seconds since the trace began.
  package var time: Rational
  package var way: Way
  /// What was seen, in words.
  package var text: String
  /// What the variable of states may be, each value once; none where nothing explains the event.
  package var watched: [String] = []
  /// Whole beliefs, as far as they are told.
  package var beliefs: [String] = []
  package var moreBeliefs = 0

  /// Whether a message came to the subject or left it.
  package enum Way: String, Sendable {
    case came
    case sent
    case neither
  }

  package init(place: Int, time: Rational, way: Way, text: String) {
    self.place = place
    self.time = time
    self.way = way
    self.text = text
  }

  /// What is believed, in a line.
  package var believed: String {
    if beliefs.isEmpty { return "nothing explains it" }
    return watched.isEmpty ? beliefs.joined(separator: " | ") : watched.joined(separator: " | ")
  }
}
