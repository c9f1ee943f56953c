package import LingerCapture
import LingerModel
import LingerReport

/// A capture that was judged, to be written anew with what was believed after each frame.
package struct AnnotatedCapture {
  private var held: CaptureConformance
  private let comments: Comments
  private var recorded = RecordedCapture()
  private var decoder = CaptureDecoder()
  /// Whether connections are kept, for a script of one.
  private let keepsConnections: Bool

  /// Traces end while the capture is read, and each says what its frames meant.
  private final class Comments {
    var lines: [Int: [String]] = [:]
    /// By the end that was judged, and the connection.
    var subjects: [(connection: String, end: String)] = []
    static let mostFrames = 1_000_000

    func add(_ trace: ConformedTrace) {
      subjects.append((trace.name, trace.subject))
      for event in trace.events where lines.count < Self.mostFrames {
        var added = ["\(trace.subject): believed \(event.believed)"]
        if !event.watched.isEmpty { added += event.beliefs.map { "  \($0)" } }
        if event.moreBeliefs > 0 {
          added.append("  and \(count(event.moreBeliefs, "more belief"))")
        }
        lines[event.place, default: []] += added
      }
      if let finding = trace.finding {
        lines[finding.place, default: []].append("violates the spec: \(finding.message)")
      }
    }
  }

  /// `conformance` was made with ``ConformanceOptions/showsAllEvents``.
  package init(
    _ conformance: Conformance,
    path: String,
    ends: JudgedEnds,
    keepsConnections: Bool
  ) throws(UnusableSpec) {
    held = try CaptureConformance(conformance, path: path, ends: ends)
    let comments = Comments()
    self.comments = comments
    held.ended = { comments.add($0) }
    self.keepsConnections = keepsConnections
  }

  /// Takes the next frame of the first reading.
  package mutating func take(_ frame: CapturedFrame, _ bytes: Span<UInt8>) {
    held.take(frame, bytes)
    guard keepsConnections else { return }
    var events: [CaptureEvent] = []
    decoder.take(frame, bytes) { events.append($0) }
    for event in events { recorded.add(event) }
  }

  package mutating func finish() { held.finish() }

  /// What is said of a frame; nil for nothing.
  package func comment(ofFrame number: Int) -> String? {
    comments.lines[number]?.joined(separator: "\n")
  }

  /// The script of a connection: that of the number given, from 1, or the only one.
  package func packetdrill(connection number: Int?) throws(UnusableSpec) -> String {
    guard number != nil || recorded.connections.count == 1 else {
      throw .unfit(
        "the capture has \(count(recorded.connections.count, "connection")); say which "
          + "(--connection)"
      )
    }
    let place = (number ?? 1) - 1
    guard recorded.connections.indices.contains(place) else {
      throw .unfit("the capture has no connection \(place + 1)")
    }
    let connection = recorded.connections[place]
    let ends = comments.subjects.filter { $0.connection == connection.description }.map(\.end)
    let end = ConnectionEnd.allCases.first { ends.contains("\(connection.endpoint($0))") }
    return try PacketdrillScript.text(
      of: ExportedRun(connection, recorded.segments[place], seenBy: end ?? .first) {
        comments.lines[$0] ?? []
      }
    )
  }
}

extension ExportedRun {
  /// A connection of a capture as one end saw it.
  fileprivate init(
    _ connection: CapturedConnection,
    _ segments: [SegmentEvent],
    seenBy end: ConnectionEnd,
    remarks: (_ frame: Int) -> [String]
  ) {
    title = ["\(connection), as \(connection.endpoint(end)) saw it"]
    subject = end.rawValue
    hasOpening = segments.first?.flags.contains(.syn) ?? false
    for segment in segments {
      // What came in damaged was not delivered.
      if segment.sender != end, segment.checksum == .bad { continue }
      let exported = ExportedSegment(
        seq: Int(segment.seq),
        ack: segment.ack.map { Int($0) },
        length: segment.payloadLength,
        flags: segment.flags,
        window: segment.window,
        hasTimestamps: segment.hasTimestamps
      )
      let act: Act =
        segment.sender == end
        ? .sent(exported, partner: end.other.rawValue)
        : .received(exported, partner: end.other.rawValue)
      events.append(
        Event(
          time: segment.time - connection.time,
          act: act,
          remarks: ["frame \(segment.frame)"] + remarks(segment.frame)
        )
      )
    }
  }
}
