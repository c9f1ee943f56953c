/// A capture as a whole: its connections, each with its segments in the order of the file.
package struct RecordedCapture: Sendable {
  package private(set) var connections: [CapturedConnection] = []
  package private(set) var segments: [[SegmentEvent]] = []

  package init() {}

  /// Takes the next event of the capture in.
  package mutating func add(_ event: CaptureEvent) {
    switch event {
    case .opened(let connection):
      precondition(connection.number == connections.count, "connections are numbered in order")
      connections.append(connection)
      segments.append([])
    case .segment(let segment): segments[segment.connection].append(segment)
    case .dropped, .unread: break
    }
  }
}
