import LingerCapture
import LingerConform
import LingerKernel

/// The segments of a connection as rows of a trace, where nothing about them needs to be thought
/// over: it opens with a SYN that is taken up at once, and nothing is missing.
///
/// Of such a connection whether it conforms is mostly remembered, from others like it.
struct PlainTrace {
  private(set) var rows: TraceRows
  /// Written to, so that none has to be made for each segment.
  private var message: SeenMessage

  init(_ mapping: SegmentMapping, _ lanes: [Lane]) {
    rows = TraceRows(for: lanes.map(\.engine))
    message = mapping.emptyMessage
  }

  /// What is known while the segments are gone through.
  private struct Progress {
    var isPlain = true
    var proof: OpeningProof?
    var isOpen = false
    /// The number after the last that each end was seen to send.
    var firstEnd: Int64?
    var secondEnd: Int64?

    /// Whether the next segment needs no thought.
    mutating func take(_ event: SegmentEvent) -> Bool {
      if !isOpen {
        guard opens(event) else { return false }
      }
      let isReset = event.flags.contains(.rst)
      if let ack = event.ack, !isReset,
        let end = event.sender == .first ? secondEnd : firstEnd, ack > end
      {
        return false
      }
      if isReset { return true }
      let before = event.sender == .first ? firstEnd : secondEnd
      let end = event.flags.contains(.syn) ? event.end : max(before ?? event.end, event.end)
      if event.sender == .first { firstEnd = end } else { secondEnd = end }
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
  mutating func write(_ waiting: WaitingSegments, _ mapping: SegmentMapping) -> Bool {
    rows.removeAll()
    var progress = Progress()
    // The number of the connection is not told.
    waiting.forEach(of: 0) { event in
      guard progress.isPlain else { return }
      progress.isPlain =
        progress.take(event) && mapping.write(event, to: &message) == nil
        && rows.append(
          message,
          from: Self.party(event.sender),
          at: event.time,
          isDelivered: !event.isDamaged
        )
    }
    return progress.isPlain
  }
}
