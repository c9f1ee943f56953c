import LingerCapture

/// Segments of one connection that wait until it is known whose view they are.
///
/// Most connections of a capture wait until they are over, a quarter of a million of them at once:
/// so a segment is kept as what is new in it, in one word or two where that fits, without what only
/// tells where the capture was made.
struct WaitingSegments {
  private(set) var count = 0
  private var words: [UInt64] = []
  private var latest: Latest

  /// What the next segment is compared with.
  private struct Latest {
    var frame: Int
    var time: Int64
    /// The number after the last of each end's latest segment, and its window.
    var firstEnd: Int64 = 0
    var secondEnd: Int64 = 0
    var firstWindow = 0
    var secondWindow = 0

    init(_ connection: CapturedConnection) {
      frame = connection.frame
      time = connection.time
    }

    /// How a segment differs from the one before, its end's and the other's.
    @inline(__always)
    mutating func change(to event: SegmentEvent) -> Change {
      let isFirst = event.sender == .first
      let window = event.window ?? Int(event.wireWindow)
      let (own, other) = isFirst ? (firstEnd, secondEnd) : (secondEnd, firstEnd)
      let change = Change(
        frame: Int64(event.frame - frame),
        time: event.time - time,
        seq: event.seq - own,
        ack: event.ack.map { $0 - other } ?? 0,
        length: Int64(event.payloadLength),
        window: Int64(window - (isFirst ? firstWindow : secondWindow))
      )
      (frame, time) = (event.frame, event.time)
      if isFirst {
        (firstEnd, firstWindow) = (event.end, window)
      } else {
        (secondEnd, secondWindow) = (event.end, window)
      }
      return change
    }
  }

  private struct Change {
    var frame: Int64
    var time: Int64
    var seq: Int64
    var ack: Int64
    var length: Int64
    var window: Int64
  }

  /// Enough for the segments of most connections, of which there are some ten.
  private static let usualSize = 18

  // Bits of a mark, above the segment's flags.
  private static let isFirst: UInt64 = 1 << 8
  private static let hasAck: UInt64 = 1 << 9
  private static let hasWindow: UInt64 = 1 << 10
  private static let hasTimestamps: UInt64 = 1 << 11
  private static let isDamaged: UInt64 = 1 << 12
  /// A second word follows.
  private static let hasSecond: UInt64 = 1 << 13
  /// A word for each number follows.
  private static let isLong: UInt64 = 1 << 14
  // How many bits the numbers have otherwise: behind the mark, and in the second word.
  private static let markBits: UInt64 = 15
  private static let frameBits: UInt64 = 9
  private static let timeBits: UInt64 = 28
  private static let lengthBits: UInt64 = 12
  private static let numberBits: UInt64 = 20
  private static let windowBits: UInt64 = 24

  /// Of a connection whose first segment comes next.
  init(of connection: CapturedConnection) { latest = Latest(connection) }

  mutating func append(_ event: SegmentEvent) {
    if count == 0 { words.reserveCapacity(Self.usualSize) }
    count += 1
    var mark = UInt64(event.flags.rawValue)
    if event.sender == .first { mark |= Self.isFirst }
    if event.ack != nil { mark |= Self.hasAck }
    if event.window != nil { mark |= Self.hasWindow }
    if event.hasTimestamps { mark |= Self.hasTimestamps }
    if event.isDamaged { mark |= Self.isDamaged }
    let change = latest.change(to: event)
    let frame = Self.folded(change.frame)
    let time = Self.folded(change.time)
    let seq = Self.folded(change.seq)
    let ack = Self.folded(change.ack)
    let length = Self.folded(change.length)
    let window = Self.folded(change.window)
    let isShort =
      frame &>> Self.frameBits | time &>> Self.timeBits | length &>> Self.lengthBits
      | (seq | ack) &>> Self.numberBits | window &>> Self.windowBits == 0
    guard isShort else {
      words += [mark | Self.isLong, frame, time, seq, ack, length, window]
      return
    }
    let second = seq | (ack | window &<< Self.numberBits) &<< Self.numberBits
    if second != 0 { mark |= Self.hasSecond }
    let numbers = frame | (time | length &<< Self.timeBits) &<< Self.frameBits
    words.append(mark | numbers &<< Self.markBits)
    if second != 0 { words.append(second) }
  }

  /// Hands the segments out in order.
  @inline(__always)
  func forEach(of connection: CapturedConnection, _ body: (SegmentEvent) -> Void) {
    let words = words.span
    var place = 0
    var latest = Latest(connection)
    for _ in 0..<count {
      let mark = words[place]
      let change = Self.change(words, &place)
      let isFirst = mark & Self.isFirst != 0
      let (own, other) =
        isFirst ? (latest.firstEnd, latest.secondEnd) : (latest.secondEnd, latest.firstEnd)
      var event = SegmentEvent(
        connection: connection.number,
        sender: isFirst ? .first : .second,
        frame: latest.frame + Int(change.frame),
        time: latest.time + change.time,
        seq: own + change.seq,
        ack: mark & Self.hasAck != 0 ? other + change.ack : nil,
        payloadLength: Int(change.length),
        flags: TCPFlags(rawValue: UInt8(truncatingIfNeeded: mark))
      )
      let window = Int(change.window) + (isFirst ? latest.firstWindow : latest.secondWindow)
      if mark & Self.hasWindow != 0 {
        event.window = window
      } else {
        event.wireWindow = UInt16(truncatingIfNeeded: window)
      }
      event.hasTimestamps = mark & Self.hasTimestamps != 0
      event.checksum = mark & Self.isDamaged != 0 ? .bad : .good
      _ = latest.change(to: event)
      body(event)
    }
  }

  /// Reads the change at a place, and moves that to the next one.
  @inline(__always)
  private static func change(_ words: Span<UInt64>, _ place: inout Int) -> Change {
    func unfolded(_ bits: UInt64) -> Int64 {
      Int64(bitPattern: bits &>> 1) ^ -Int64(bitPattern: bits & 1)
    }
    func unfolded(_ word: UInt64, _ count: UInt64) -> Int64 {
      unfolded(word & (1 &<< count &- 1))
    }
    let mark = words[place]
    if mark & isLong != 0 {
      defer { place += 7 }
      return Change(
        frame: unfolded(words[place + 1]),
        time: unfolded(words[place + 2]),
        seq: unfolded(words[place + 3]),
        ack: unfolded(words[place + 4]),
        length: unfolded(words[place + 5]),
        window: unfolded(words[place + 6])
      )
    }
    let first = mark &>> markBits
    var second: UInt64 = 0
    if mark & hasSecond != 0 { second = words[place + 1] }
    place += mark & hasSecond != 0 ? 2 : 1
    return Change(
      frame: unfolded(first, frameBits),
      time: unfolded(first &>> frameBits, timeBits),
      seq: unfolded(second, numberBits),
      ack: unfolded(second &>> numberBits, numberBits),
      length: unfolded(first &>> (frameBits &+ timeBits), lengthBits),
      window: unfolded(second &>> (2 &* numberBits), windowBits)
    )
  }

  /// A signed number with the sign in the lowest bit, so that those near 0 are small.
  @inline(__always)
  private static func folded(_ number: Int64) -> UInt64 {
    UInt64(bitPattern: number &<< 1 ^ number &>> 63)
  }
}
