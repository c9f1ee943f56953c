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
    if event.isDamaged { bits |= Self.isDamaged }
    let (own, other) =
      isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
    let before = isFirst ? latest.firstWindow : latest.secondWindow
    let window = event.window ?? Int(event.wireWindow)
    let frame = Self.folded(Int64(event.frame - latest.frame))
    let time = Self.folded(event.time - latest.time)
    let seq = Self.folded(event.seq - own)
    let ack = event.ack.map { Self.folded($0 - other) }
    let length = Self.folded(Int64(event.payloadLength))
    let change = Self.folded(Int64(window - before))
    var size = 2 + Self.size(frame) + Self.size(time) + Self.size(seq) + Self.size(length)
    size += Self.size(change) + (ack.map(Self.size) ?? 0)
    let flags = event.flags.rawValue
    bytes.append(addingCapacity: size) { output in
      output.append(bits)
      output.append(flags)
      Self.write(frame, &output)
      Self.write(time, &output)
      Self.write(seq, &output)
      if let ack { Self.write(ack, &output) }
      Self.write(length, &output)
      Self.write(change, &output)
    }
    (latest.frame, latest.time) = (event.frame, event.time)
    if isFirst {
      (latest.firstEnd, latest.firstWindow) = (event.end, window)
    } else {
      (latest.secondEnd, latest.secondWindow) = (event.end, window)
    }
  }

  /// A signed number with the sign in the lowest bit, so that those near 0 are small.
  @inline(__always)
  private static func folded(_ number: Int64) -> UInt64 {
    UInt64(bitPattern: number << 1 ^ number >> 63)
  }

  /// How many bytes a number takes, with seven bits in each.
  @inline(__always)
  private static func size(_ number: UInt64) -> Int {
    (70 - (number | 1).leadingZeroBitCount) / 7
  }

  @inline(__always)
  private static func write(_ number: UInt64, _ output: inout OutputSpan<UInt8>) {
    var rest = number
    while rest > 0x7F {
      output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(truncatingIfNeeded: rest))
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
