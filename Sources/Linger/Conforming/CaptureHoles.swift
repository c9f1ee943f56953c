import LingerCapture

/// Finds numbers that were acknowledged although no frame carried them, and that their own sender
/// goes on after: frames that the capture did not see.
struct CaptureHoles {
  private var seen = SeenEnds()
  private var first = Side()
  private var second = Side()
  private var firstBeginning = Beginning()
  private var secondBeginning = Beginning()

  /// What an end sent before anything of it was seen.
  private struct Beginning {
    /// What the other one acknowledged of it, and in which frame.
    var acknowledged: (number: Int64, frame: Int)?
    /// Whether it then turned out to have those numbers. Nobody guesses them.
    var isConfirmed = false
  }

  private struct Side {
    /// The highest that was acknowledged beyond what was seen.
    var acknowledged: Int64?
    /// Where its sender went on after that.
    var lossFrame: Int?
    var latest: SegmentEvent?
  }

  /// The numbers that a segment acknowledges beyond what its receiver was seen to send.
  func gap(acknowledgedBy event: SegmentEvent) -> (low: Int64, high: Int64)? {
    seen.gap(acknowledgedBy: event)
  }

  func latest(from end: ConnectionEnd) -> SegmentEvent? {
    end == .first ? first.latest : second.latest
  }

  func end(of end: ConnectionEnd) -> Int64? { seen[end] }

  mutating func take(_ event: SegmentEvent) {
    let ends = (own: seen[event.sender], other: seen[event.sender.other])
    switch event.sender {
    case .first:
      Self.begin(event, ends, &firstBeginning, &secondBeginning)
      Self.take(event, ends, &first, &second)
    case .second:
      Self.begin(event, ends, &secondBeginning, &firstBeginning)
      Self.take(event, ends, &second, &first)
    }
    seen.take(event)
  }

  private static func begin(
    _ event: SegmentEvent,
    _ ends: (own: Int64?, other: Int64?),
    _ own: inout Beginning,
    _ other: inout Beginning
  ) {
    if event.flags.contains(.rst) { return }
    if ends.own == nil, let acknowledged = own.acknowledged {
      own.isConfirmed =
        event.flags.contains(.syn)
        ? event.seq + 1 == acknowledged.number : event.seq >= acknowledged.number
    }
    if ends.other == nil, other.acknowledged == nil, let ack = event.ack {
      other.acknowledged = (ack, event.frame)
    }
  }

  /// The frame that acknowledges something of an end of which nothing was seen until then.
  func acknowledgement(beforeAllOf end: ConnectionEnd) -> Int? {
    (end == .first ? firstBeginning : secondBeginning).acknowledged?.frame
  }

  /// The same, where the end turned out to have sent it.
  func frameBehindUnseenBeginning(of end: ConnectionEnd) -> Int? {
    let beginning = end == .first ? firstBeginning : secondBeginning
    return beginning.isConfirmed ? beginning.acknowledged?.frame : nil
  }

  private static func take(
    _ event: SegmentEvent,
    _ ends: (own: Int64?, other: Int64?),
    _ own: inout Side,
    _ other: inout Side
  ) {
    if let ack = event.ack, let end = ends.other, ack > end {
      other.acknowledged = max(other.acknowledged ?? ack, ack)
    }
    if event.flags.contains(.rst) { return }
    if event.flags.contains(.syn) {
      own = Side()
    } else if let acknowledged = own.acknowledged, let end = ends.own, event.seq >= acknowledged,
      event.seq > end
    {
      own.lossFrame = own.lossFrame ?? event.frame
    }
    own.latest = event
  }

  func lossFrame(from end: ConnectionEnd) -> Int? {
    end == .first ? first.lossFrame : second.lossFrame
  }
}
