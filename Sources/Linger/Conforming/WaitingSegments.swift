import LingerCapture

/// Segments of one connection that wait until it is known whose view they are.
///
/// Most connections of a capture wait until they are over, a quarter of a million of them at once:
/// so a segment is kept in some 14 bytes, as what is new in it, without what only tells where the
/// capture was made.
struct WaitingSegments {
  private(set) var count = 0
  /// The time of the first one.
  private(set) var start: Int64 = 0
  private var bytes: [UInt8] = []
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

  /// Enough for most connections, which have some ten segments.
  private static let usualSize = 160

  // Bits of a segment's first byte.
  private static let isFirst: UInt8 = 1
  private static let hasAck: UInt8 = 2
  private static let hasWindow: UInt8 = 4
  private static let hasTimestamps: UInt8 = 8
  private static let isDamaged: UInt8 = 16

  mutating func append(_ event: SegmentEvent) {
    if count == 0 {
      start = event.time
      bytes.reserveCapacity(Self.usualSize)
    }
    count += 1
    let isFirst = event.sender == .first
    var bits: UInt8 = isFirst ? Self.isFirst : 0
    if event.ack != nil { bits |= Self.hasAck }
    if event.window != nil { bits |= Self.hasWindow }
    if event.hasTimestamps { bits |= Self.hasTimestamps }
    if event.checksum == .bad { bits |= Self.isDamaged }
    var written = Written()
    written.byte(bits)
    written.byte(event.flags.rawValue)
    let (own, other) =
      isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
    let before = isFirst ? latest.firstWindow : latest.secondWindow
    let window = event.window ?? Int(event.wireWindow)
    written.number(Int64(event.frame - latest.frame))
    written.number(event.time - latest.time)
    written.number(event.seq - own)
    if let ack = event.ack { written.number(ack - other) }
    written.number(Int64(event.payloadLength))
    written.number(Int64(window - before))
    bytes.append(addingCapacity: written.count) { output in
      for place in 0..<written.count { output.append(written.bytes[place]) }
    }
    (latest.frame, latest.time) = (event.frame, event.time)
    if isFirst {
      (latest.firstEnd, latest.firstWindow) = (event.end, window)
    } else {
      (latest.secondEnd, latest.secondWindow) = (event.end, window)
    }
  }

  /// The bytes of one segment, on their way into the row: two, and six numbers of at most ten.
  private struct Written {
    var bytes = InlineArray<64, UInt8>(repeating: 0)
    var count = 0

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
      bytes[count] = byte
      count += 1
    }

    /// A signed number: seven bits to a byte, the sign in the lowest.
    @inline(__always)
    mutating func number(_ number: Int64) {
      var rest = UInt64(bitPattern: number << 1 ^ number >> 63)
      while rest > 0x7F {
        byte(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      byte(UInt8(truncatingIfNeeded: rest))
    }
  }

  /// Hands the segments out in order, of a connection with this number.
  func forEach(of connection: Int, _ body: (SegmentEvent) -> Void) {
    let bytes = bytes.span
    var place = 0
    var latest = Latest()
    for _ in 0..<count {
      let bits = Self.byte(bytes, &place)
      let flags = TCPFlags(rawValue: Self.byte(bytes, &place))
      let isFirst = bits & Self.isFirst != 0
      let (own, other) =
        isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
      let before = isFirst ? latest.firstWindow : latest.secondWindow
      latest.frame += Int(Self.number(bytes, &place))
      latest.time += Self.number(bytes, &place)
      let seq = own + Self.number(bytes, &place)
      let ack = bits & Self.hasAck != 0 ? other + Self.number(bytes, &place) : nil
      var event = SegmentEvent(
        connection: connection,
        sender: isFirst ? .first : .second,
        frame: latest.frame,
        time: latest.time,
        seq: seq,
        ack: ack,
        payloadLength: Int(Self.number(bytes, &place)),
        flags: flags
      )
      let window = before + Int(Self.number(bytes, &place))
      if bits & Self.hasWindow != 0 {
        event.window = window
      } else {
        event.wireWindow = UInt16(truncatingIfNeeded: window)
      }
      event.hasTimestamps = bits & Self.hasTimestamps != 0
      event.checksum = bits & Self.isDamaged != 0 ? .bad : .good
      if isFirst {
        (latest.firstEnd, latest.firstWindow) = (event.end, window)
      } else {
        (latest.secondEnd, latest.secondWindow) = (event.end, window)
      }
      body(event)
    }
  }

  @inline(__always)
  private static func byte(_ bytes: Span<UInt8>, _ place: inout Int) -> UInt8 {
    place += 1
    return bytes[place - 1]
  }

  @inline(__always)
  private static func number(_ bytes: Span<UInt8>, _ place: inout Int) -> Int64 {
    var bits = UInt64(byte(bytes, &place))
    if bits > 0x7F {
      bits &= 0x7F
      var shift: UInt64 = 7
      while true {
        let byte = byte(bytes, &place)
        bits |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
    }
    return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
  }
}
