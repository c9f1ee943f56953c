import LingerCapture

/// Finds numbers that were acknowledged although no frame carried them, and that their own sender
/// goes on after: frames that the capture did not see.
struct CaptureHoles {
  private var first = Side()
  private var second = Side()

  private struct Side {
    /// The number after the last that was seen.
    var end: Int64?
    /// The highest that was acknowledged beyond it.
    var acknowledged: Int64?
    /// Where its sender went on after that.
    var lossFrame: Int?
    var latest: SegmentEvent?
  }

  /// The numbers that a segment acknowledges beyond what its receiver was seen to send.
  func gap(acknowledgedBy event: SegmentEvent) -> (low: Int64, high: Int64)? {
    guard let ack = event.ack, !event.flags.contains(.rst), let end = end(of: event.sender.other),
      ack > end
    else { return nil }
    return (end, ack)
  }

  func latest(from end: ConnectionEnd) -> SegmentEvent? {
    end == .first ? first.latest : second.latest
  }

  func end(of end: ConnectionEnd) -> Int64? { end == .first ? first.end : second.end }

  mutating func take(_ event: SegmentEvent) {
    switch event.sender {
    case .first: Self.take(event, &first, &second)
    case .second: Self.take(event, &second, &first)
    }
  }

  private static func take(_ event: SegmentEvent, _ own: inout Side, _ other: inout Side) {
    if let ack = event.ack, let end = other.end, ack > end {
      other.acknowledged = max(other.acknowledged ?? ack, ack)
    }
    if event.flags.contains(.rst) { return }
    if event.flags.contains(.syn) {
      own = Side()
    } else if let acknowledged = own.acknowledged, let end = own.end, event.seq >= acknowledged,
      event.seq > end
    {
      own.lossFrame = own.lossFrame ?? event.frame
    }
    own.end = max(own.end ?? event.end, event.end)
    own.latest = event
  }

  func lossFrame(from end: ConnectionEnd) -> Int? {
    end == .first ? first.lossFrame : second.lossFrame
  }
}
