import LingerCapture

/// How far each end of a connection was seen to send.
struct SeenEnds {
  /// The number after the last that was seen; nil where nothing was.
  private var first: Int64?
  private var second: Int64?

  subscript(end: ConnectionEnd) -> Int64? { end == .first ? first : second }

  /// The numbers that a segment acknowledges beyond what its receiver was seen to send.
  @inline(__always)
  func gap(acknowledgedBy event: SegmentEvent) -> (low: Int64, high: Int64)? {
    guard let ack = event.ack, let end = self[event.sender.other], ack > end,
      !event.flags.contains(.rst)
    else { return nil }
    return (end, ack)
  }

  /// A reset may have anybody's numbers; a SYN begins anew.
  @inline(__always)
  mutating func take(_ event: SegmentEvent) {
    if event.flags.contains(.rst) { return }
    let (end, isNew) = (event.end, event.flags.contains(.syn))
    switch event.sender {
    case .first: first = isNew ? end : max(first ?? end, end)
    case .second: second = isNew ? end : max(second ?? end, end)
    }
  }
}
