/// Where on its way a connection was captured. It decides what the capture can prove: what an end
/// sent is known where it sends, what it received is known where it receives.
package enum Vantage: Hashable, Sendable {
  /// On the host of this end.
  case end(ConnectionEnd)
  /// Both ends are on the host that captured: nothing is lost between them.
  case both
  /// On a host between the two.
  case midway
  case unknown
}

/// A vantage with what speaks for it.
package struct VantageGuess: Sendable {
  package var vantage: Vantage
  /// Made when it is asked for: of most connections it is never shown.
  private let words: @Sendable () -> String

  package init(_ vantage: Vantage, _ words: @autoclosure @escaping @Sendable () -> String) {
    self.vantage = vantage
    self.words = words
  }

  package var reason: String { words() }
}
