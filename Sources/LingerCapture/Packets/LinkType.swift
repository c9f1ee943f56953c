/// What stands before the IP header of a frame, by its number in
/// <https://www.tcpdump.org/linktypes.html>.
package struct LinkType: Hashable, Sendable {
  package var number: Int

  package init(number: Int) { self.number = number }

  /// Four bytes with the address family in the byte order of the host that captured.
  package static let null = LinkType(number: 0)
  package static let ethernet = LinkType(number: 1)
  /// No link header: the frame is an IP packet.
  package static let raw = LinkType(number: 101)
  /// Like ``null`` in network byte order.
  package static let loop = LinkType(number: 108)
  /// What Linux gives where it captures on all interfaces at once.
  package static let linuxSLL = LinkType(number: 113)
  package static let linuxSLL2 = LinkType(number: 276)

  /// Whether the frame is an IP packet. libpcap calls 101 by the number that the system gives raw
  /// packets, 12 or, on OpenBSD, 14; files of both numbers exist. 228 and 229 are IPv4 and IPv6
  /// alone.
  package var isRaw: Bool {
    switch number {
    case 101, 12, 14, 228, 229: true
    default: false
    }
  }
}
