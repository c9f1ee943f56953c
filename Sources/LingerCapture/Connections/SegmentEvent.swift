/// A TCP segment of a capture, in the numbers of its connection.
package struct SegmentEvent: Hashable, Sendable {
  /// Connections are numbered from 0 in the order of their first segments.
  package var connection: Int
  /// The place of its connection among those that are followed.
  package var place = 0
  package var sender: ConnectionEnd
  package var frame: Int
  /// Nanoseconds since 1970.
  package var time: Int64
  /// Relative to the first initial sequence number seen from the sender, which is 0; the first
  /// byte is 1. It does not wrap round, and a later incarnation goes on in the same numbers.
  package var seq: Int64
  /// In the numbers of the other end; nil where the segment acknowledges nothing.
  package var ack: Int64?
  /// The sender's initial sequence number was not seen: 1 is the first number that was.
  package var seqIsGuess = false
  /// The same of the other end, whose numbers `ack` is in.
  package var ackIsGuess = false
  /// The sequence and acknowledgment numbers as they were sent.
  package var wireSeq: UInt32 = 0
  package var wireAck: UInt32 = 0
  package var payloadLength: Int
  package var flags: TCPFlags
  /// Bytes; nil where window scaling may be in use and the SYNs were not both seen.
  package var window: Int?
  /// As it was sent: no more than the window, which may be scaled.
  package var wireWindow: UInt16 = 0
  package var checksum = ChecksumStatus.good
  /// Carries the time stamps of RFC 7323.
  package var hasTimestamps = false
  /// Longer than what goes on the wire: the network card cuts it, or has put it together.
  package var isSuperSegment = false
  package var ipID: UInt16 = 0
  package var timeToLive: UInt8 = 64
  package var passing = PassingDirection.unknown

  @inlinable
  package init(
    connection: Int,
    sender: ConnectionEnd,
    frame: Int,
    time: Int64,
    seq: Int64,
    ack: Int64?,
    payloadLength: Int,
    flags: TCPFlags
  ) {
    self.connection = connection
    self.sender = sender
    self.frame = frame
    self.time = time
    self.seq = seq
    self.ack = ack
    self.payloadLength = payloadLength
    self.flags = flags
  }

  /// The number after the segment's last: SYN and FIN take one each.
  @inlinable @inline(__always)
  package var end: Int64 {
    seq + Int64(payloadLength) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// Whether its receiver drops it.
  @inlinable package var isDamaged: Bool {
    if case .bad = checksum { true } else { false }
  }
}

/// One of the two ends of a connection.
package enum ConnectionEnd: Int, Hashable, Sendable, CaseIterable {
  /// Sent the first SYN without ACK; where that was not seen, the first segment.
  case first
  case second

  @inlinable package var other: ConnectionEnd { self == .first ? .second : .first }

  /// As without it, but not by way of raw values: it is asked several times a segment.
  @inlinable
  package static func == (left: ConnectionEnd, right: ConnectionEnd) -> Bool {
    switch (left, right) {
    case (.first, .first), (.second, .second): true
    case (.first, .second), (.second, .first): false
    }
  }
}

/// A connection of a capture: all that one four-tuple does, through all its incarnations.
package struct CapturedConnection: Hashable, Sendable {
  package var number: Int
  /// Its place among those that are followed: one that is dropped leaves it to another.
  package var place = 0
  package var first: Endpoint
  package var second: Endpoint
  /// The frame and the time of its first segment.
  package var frame: Int
  package var time: Int64

  package init(number: Int, first: Endpoint, second: Endpoint, frame: Int, time: Int64) {
    self.number = number
    self.first = first
    self.second = second
    self.frame = frame
    self.time = time
  }

  package func endpoint(_ end: ConnectionEnd) -> Endpoint { end == .first ? first : second }
}

extension CapturedConnection: CustomStringConvertible {
  package var description: String { "\(first) - \(second)" }
}

/// What a capture tells, in the order of its frames.
package enum CaptureEvent: Hashable, Sendable {
  /// Comes before the first segment of a connection.
  case opened(CapturedConnection)
  case segment(SegmentEvent)
  /// Nothing of this connection follows: a later segment of its four-tuple opens a new one.
  case dropped(CapturedConnection, DropReason)
  /// A frame that may have held a segment of some connection.
  case unread(UnreadFrame)
}

/// Why a connection is no longer followed.
package enum DropReason: Hashable, Sendable {
  /// Both FINs were acknowledged, or a RST came, and the time after that is over.
  case ended
  /// No segment came for a long time.
  case idle
  /// There were more connections than may be followed at once.
  case tooMany
  case endOfCapture
}

/// A frame that may have held a TCP segment and could not be read.
package struct UnreadFrame: Hashable, Sendable {
  package var frame: Int
  package var time: Int64
  package var obstacle: FrameObstacle
  /// From whom to whom, where the IP header could be read: all connections of the two may have a
  /// gap here.
  package var source: IPAddress?
  package var destination: IPAddress?

  package init(
    frame: Int,
    time: Int64,
    obstacle: FrameObstacle,
    source: IPAddress? = nil,
    destination: IPAddress? = nil
  ) {
    self.frame = frame
    self.time = time
    self.obstacle = obstacle
    self.source = source
    self.destination = destination
  }
}
