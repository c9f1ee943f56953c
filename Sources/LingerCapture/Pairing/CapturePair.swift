/// Two captures of the same connections, one made at each end: what differs is what the network
/// did.
package struct CapturePair: Sendable {
  package private(set) var connections: [PairedConnection] = []
  /// The connections that only one of the captures has.
  package private(set) var onlyHere: [CapturedConnection] = []
  package private(set) var onlyThere: [CapturedConnection] = []
  /// Whether it was stopped before all connections were matched.
  package private(set) var isIncomplete = false

  /// A connection in both captures.
  package struct PairedConnection: Sendable {
    package var here: CapturedConnection
    package var there: CapturedConnection
    /// The end, in the sense of `here`, at which that capture was made.
    package var end: ConnectionEnd
    /// From the end of `here` to the end of `there`, and back.
    package var away: [Journey]
    package var back: [Journey]
  }

  /// Matches two captures; `endHere` says at which end of a connection the first one was made,
  /// nil for one that is left out.
  package init(
    here: RecordedCapture,
    there: RecordedCapture,
    shouldStop: () -> Bool = { false },
    endHere: (CapturedConnection) -> ConnectionEnd?
  ) {
    var numbers: [Tuple: [Int]] = [:]
    for connection in there.connections.reversed() {
      numbers[Tuple(connection), default: []].append(connection.number)
    }
    var isUsed = Array(repeating: false, count: there.connections.count)
    for connection in here.connections {
      if shouldStop() {
        isIncomplete = true
        return
      }
      // The n-th connection of a four-tuple is the n-th of the other capture.
      guard let number = numbers[Tuple(connection)]?.popLast() else {
        onlyHere.append(connection)
        continue
      }
      isUsed[number] = true
      guard let end = endHere(connection) else { continue }
      let other = there.connections[number]
      let endpoint = connection.endpoint(end)
      let near = here.segments[connection.number]
      let far = there.segments[number]
      let farEnd: ConnectionEnd = other.first == endpoint ? .first : .second
      connections.append(
        PairedConnection(
          here: connection,
          there: other,
          end: end,
          away: JourneyMatcher.journeys(
            sent: near.filter { $0.sender == end },
            received: far.filter { $0.sender == farEnd }
          ),
          back: JourneyMatcher.journeys(
            sent: far.filter { $0.sender != farEnd },
            received: near.filter { $0.sender != end }
          )
        )
      )
    }
    onlyThere = there.connections.filter { !isUsed[$0.number] }
  }

  /// A four-tuple without a direction.
  private struct Tuple: Hashable {
    var low: Endpoint
    var high: Endpoint

    init(_ connection: CapturedConnection) {
      low = min(connection.first, connection.second)
      high = max(connection.first, connection.second)
    }
  }
}
