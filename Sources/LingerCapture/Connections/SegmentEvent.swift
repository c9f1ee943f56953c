/// A TCP segment of a capture, in the numbers of its connection.
///
/// Public, as what it consists of: only what is public is inlined into other modules.
public struct SegmentEvent: Hashable, Sendable {
  /// Connections are numbered from 0 in the order of their first segments.
  public var connection: Int
  /// The place of its connection among those that are followed.
  public var place = 0
  /// Who sent it.
  public var sender: ConnectionEnd
  /// The number of its frame, from 1.
  public var frame: Int
  /// Nanoseconds since 1970.
  public var time: Int64
  /// Relative to the first initial sequence number seen from the sender, which is 0; the first
  /// byte is 1. It does not wrap round, and a later incarnation goes on in the same numbers.
  public var seq: Int64
  /// In the numbers of the other end; nil where the segment acknowledges nothing.
  public var ack: Int64?
  /// The sender's initial sequence number was not seen: 1 is the first number that was.
  public var seqIsGuess = false
  /// The same of the other end, whose numbers `ack` is in.
  public var ackIsGuess = false
  /// The sequence number as it was sent.
  public var wireSeq: UInt32 = 0
  /// The acknowledgment number as it was sent.
  public var wireAck: UInt32 = 0
  /// Bytes of data.
  public var payloadLength: Int
  /// Its control bits.
  public var flags: TCPFlags
  /// Bytes; nil where window scaling may be in use and the SYNs were not both seen.
  public var window: Int?
  /// As it was sent: no more than the window, which may be scaled.
  public var wireWindow: UInt16 = 0
  /// What its checksum says.
  public var checksum = ChecksumStatus.good
  /// Carries the time stamps of RFC 7323.
  public var hasTimestamps = false
  /// Longer than what goes on the wire: the network card cuts it, or has put it together.
  public var isSuperSegment = false
  /// IPv4's identification; 0 for IPv6.
  public var ipID: UInt16 = 0
  /// Hops that were left to it.
  public var timeToLive: UInt8 = 64
  /// How it passed the capturing host.
  public var passing = PassingDirection.unknown

  /// A segment of which no more is known.
  @inlinable
  public init(
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
  @inlinable public var end: Int64 {
    seq + Int64(payloadLength) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// Whether its receiver drops it.
  @inlinable public var isDamaged: Bool {
    if case .bad = checksum { true } else { false }
  }
}

/// One of the two ends of a connection.
public enum ConnectionEnd: Int, Hashable, Sendable, CaseIterable {
  /// Sent the first SYN without ACK; where that was not seen, the first segment.
  case first
  case second

  /// The one at the other side.
  @inlinable public var other: ConnectionEnd { self == .first ? .second : .first }

  /// As without it, but not by way of raw values: it is asked several times a segment.
  @inlinable
  public static func == (left: ConnectionEnd, right: ConnectionEnd) -> Bool {
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
