import LingerCapture

/// Segments of one connection that wait until it is known whose view they are.
///
/// Most connections of a capture wait until they are over, a quarter of a million of them at once:
/// so a segment is kept in some 10 bytes, as what is new in it, without what only tells where the
/// capture was made.
struct WaitingSegments {
  private(set) var count = 0
  private var row = NumberRow()
  private var latest = Latest()

  /// What the next segment is compared with.
  private struct Latest {
    var frame = 0
    var time: Int64 = 0
    /// The number after the last of each end's latest segment, and its window.
    var firstEnd: Int64 = 0
    var secondEnd: Int64 = 0
    var firstWindow = 0
    var secondWindow = 0
  }

  /// The time of the first one.
  var start: Int64 {
    var place = 0
    return row.read(&place).numbers[1]
  }

  // Bits of a segment's mark, above its flags.
  private static let isFirst: UInt32 = 1 << 8
  private static let hasAck: UInt32 = 1 << 9
  private static let hasWindow: UInt32 = 1 << 10
  private static let hasTimestamps: UInt32 = 1 << 11
  private static let isDamaged: UInt32 = 1 << 12

  mutating func append(_ event: SegmentEvent) {
    count += 1
    let isFirst = event.sender == .first
    var mark = UInt32(event.flags.rawValue)
    if isFirst { mark |= Self.isFirst }
    if event.ack != nil { mark |= Self.hasAck }
    if event.window != nil { mark |= Self.hasWindow }
    if event.hasTimestamps { mark |= Self.hasTimestamps }
    if event.isDamaged { mark |= Self.isDamaged }
    let (own, other) =
      isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
    let before = isFirst ? latest.firstWindow : latest.secondWindow
    let window = event.window ?? Int(event.wireWindow)
    row.append(
      mark,
      [
        Int64(event.frame - latest.frame), event.time - latest.time, event.seq - own,
        event.ack.map { $0 - other } ?? 0, Int64(event.payloadLength), Int64(window - before),
      ]
    )
    (latest.frame, latest.time) = (event.frame, event.time)
    if isFirst {
      (latest.firstEnd, latest.firstWindow) = (event.end, window)
    } else {
      (latest.secondEnd, latest.secondWindow) = (event.end, window)
    }
  }

  /// Hands the segments out in order, of a connection with this number.
  @inline(__always)
  func forEach(of connection: Int, _ body: (SegmentEvent) -> Void) {
    var place = 0
    var latest = Latest()
    for _ in 0..<count {
      let (mark, numbers) = row.read(&place)
      let isFirst = mark & Self.isFirst != 0
      let (own, other) =
        isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
      let before = isFirst ? latest.firstWindow : latest.secondWindow
      latest.frame += Int(numbers[0])
      latest.time += numbers[1]
      var event = SegmentEvent(
        connection: connection,
        sender: isFirst ? .first : .second,
        frame: latest.frame,
        time: latest.time,
        seq: own + numbers[2],
        ack: mark & Self.hasAck != 0 ? other + numbers[3] : nil,
        payloadLength: Int(numbers[4]),
        flags: TCPFlags(rawValue: UInt8(truncatingIfNeeded: mark))
      )
      let window = before + Int(numbers[5])
      if mark & Self.hasWindow != 0 {
        event.window = window
      } else {
        event.wireWindow = UInt16(truncatingIfNeeded: window)
      }
      event.hasTimestamps = mark & Self.hasTimestamps != 0
      event.checksum = mark & Self.isDamaged != 0 ? .bad : .good
      if isFirst {
        (latest.firstEnd, latest.firstWindow) = (event.end, window)
      } else {
        (latest.secondEnd, latest.secondWindow) = (event.end, window)
      }
      body(event)
    }
  }
}
