/// What the headers of a captured IP packet with a TCP segment say.
package struct TCPSegment: Hashable, Sendable {
  package var source: Endpoint
  package var destination: Endpoint
  package var sequence: UInt32
  /// The acknowledgment number; it means nothing without ``TCPFlags/ack``.
  package var acknowledgment: UInt32
  package var flags: TCPFlags
  /// As in the header, not scaled.
  package var window: UInt16
  /// From the IP header: the capture may hold less, and an Ethernet frame may hold more.
  package var payloadLength: Int
  /// Large offload leaves IP's total length 0; then the length is that of the frame.
  package var lengthIsFromFrame: Bool
  /// IPv4's identification; 0 for IPv6, which has none.
  package var ipID: UInt16
  package var timeToLive: UInt8
  package var checksum: ChecksumStatus
  package var options: TCPOptions
  package var passing: PassingDirection
  /// A hash of the captured bytes of the IP packet, of the data of a whole one only the sum: equal
  /// for two copies of one packet.
  package var fingerprint: UInt64
}

/// The control bits of a TCP header: RFC 9293 §3.1, RFC 3168 §6.1.
///
/// Public, since only what is public is inlined into other modules: flags are asked for several
/// times a segment.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// As in the header.
  public var rawValue: UInt8

  /// The flags of a header's byte.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The sender has no more data.
  @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
  /// Says where sequence numbers begin.
  @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
  /// Resets the connection.
  @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
  /// The data is to be handed on.
  @inlinable public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
  /// The acknowledgment number means something.
  @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
  /// So does the urgent pointer.
  @inlinable public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
  /// Congestion was met (RFC 3168).
  @inlinable public static var ece: TCPFlags { TCPFlags(rawValue: 0x40) }
  /// The congestion window was reduced (RFC 3168).
  @inlinable public static var cwr: TCPFlags { TCPFlags(rawValue: 0x80) }
  /// What an end answers a SYN with.
  @inlinable public static var synAck: TCPFlags { TCPFlags(rawValue: 0x12) }
  /// What an open connection does not send in order.
  @inlinable public static var synOrRst: TCPFlags { TCPFlags(rawValue: 0x06) }
}

/// The options of a TCP header that matter for following a connection.
package struct TCPOptions: Hashable, Sendable {
  /// RFC 9293 §3.7.1.
  package var maximumSegmentSize: UInt16?
  /// RFC 7323 §2; a shift above 14 counts as 14.
  package var windowScale: UInt8?
  /// RFC 2018 §2.
  package var allowsSelectiveAcknowledgment = false
  /// RFC 7323 §3.
  package var hasTimestamps = false

  package init() {}
}

/// What a TCP checksum says of the segment.
public enum ChecksumStatus: Hashable, Sendable {
  case good
  case bad
  /// The sum of the pseudo-header alone: the network card fills in the rest after the capture.
  case partial
  /// Bytes that it covers were not captured, or the packet never was on the wire in this form.
  case unknown
}

/// How a frame passed the host that captured it, where the link header says so.
public enum PassingDirection: Hashable, Sendable {
  case unknown
  /// Sent to this host.
  case incoming
  /// Sent by this host.
  case outgoing
  /// Between other hosts.
  case foreign
}

/// Why a frame has no TCP segment to follow.
package enum FrameObstacle: Hashable, Sendable, CaseIterable {
  case arp
  /// A network protocol that is neither IP nor ARP.
  case otherNetworkProtocol
  /// IP, but not TCP.
  case otherTransport
  /// A part of an IP packet: it is not put together again.
  case fragment
  /// The snap length cut the headers.
  case cutHeader
  /// The headers contradict themselves or the length of the frame.
  case malformed
  case unknownLinkType

  /// Whether a TCP segment may have gone unread.
  package var mayHideSegment: Bool {
    switch self {
    case .arp, .otherNetworkProtocol, .otherTransport: false
    case .fragment, .cutHeader, .malformed, .unknownLinkType: true
    }
  }
}

extension FrameObstacle: CustomStringConvertible {
  package var description: String {
    switch self {
    case .arp: "ARP"
    case .otherNetworkProtocol: "neither IP nor ARP"
    case .otherTransport: "not TCP"
    case .fragment: "an IP fragment, which is not put together"
    case .cutHeader: "the snap length cut the headers"
    case .malformed: "malformed headers"
    case .unknownLinkType: "a link type that is not known"
    }
  }
}
