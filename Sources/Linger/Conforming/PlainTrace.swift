import LingerCapture
import LingerConform

/// The segments of a connection as rows of a trace, where nothing about them needs to be thought
/// over: it opens with a SYN that is taken up at once, and nothing is missing.
///
/// Of such a connection whether it conforms is mostly remembered, from others like it.
struct PlainTrace {
  private(set) var rows: TraceRows
  private let mapping: SegmentMapping

  init(_ mapping: SegmentMapping, _ lanes: [Lane]) {
    self.mapping = mapping
    rows = TraceRows(for: lanes.map(\.engine), reading: mapping.rowFields)
  }

  /// What is known while the segments are gone through.
  private struct Progress {
    var isPlain = true
    var proof: OpeningProof?
    var isOpen = false
    var seen = SeenEnds()

    /// Whether the next segment needs no thought.
    @inline(__always)
    mutating func take(_ event: SegmentEvent) -> Bool {
      guard isOpen || opens(event), seen.gap(acknowledgedBy: event) == nil else { return false }
      seen.take(event)
      return true
    }

    /// False where something comes before the opening is taken up, or no SYN comes first.
    private mutating func opens(_ event: SegmentEvent) -> Bool {
      guard proof != nil else {
        proof = OpeningProof(event)
        return proof != nil
      }
      proof?.take(event)
      isOpen = proof?.isSettled ?? false
      return isOpen || event.flags.contains(.syn)
    }
  }

  /// By which number the rows call an end.
  static func party(_ end: ConnectionEnd) -> Int { end == .first ? 0 : 1 }

  /// Writes the segments of a connection; false where they are not plain, and the rows are of no
  /// use.
  mutating func write(_ waiting: WaitingSegments, of connection: CapturedConnection) -> Bool {
    rows.removeAll()
    var progress = Progress()
    waiting.forEach(of: connection) { event in
      guard progress.isPlain else { return }
      progress.isPlain =
        progress.take(event)
        && rows.append(
          mapping.record,
          mapping.row(event).span,
          from: Self.party(event.sender),
          at: event.time,
          isDelivered: !event.isDamaged
        )
    }
    return progress.isPlain
  }
}
