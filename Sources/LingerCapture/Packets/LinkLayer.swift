/// The header before the IP packet: where that begins, and what the header says of the frame.
struct LinkLayer {
  /// Where the IP packet begins.
  var end: Int
  var passing: PassingDirection = .unknown

  /// Tags one behind the other (IEEE 802.1ad has two); more is damage, not a network.
  private static let mostTags = 4

  /// Reads the header of a frame.
  @inline(__always)
  static func read(_ bytes: Span<UInt8>, _ type: LinkType) -> Result<LinkLayer, FrameObstacle> {
    if type.isRaw { return .success(LinkLayer(end: 0)) }
    switch type {
    case .ethernet: return networkLayer(bytes, typeAt: 12, passing: .unknown)
    case .linuxSLL:
      guard bytes.count >= 16 else { return .failure(.cutHeader) }
      let passing = direction(packetType: bytes.word16(0))
      return networkLayer(bytes, typeAt: 14, passing: passing)
    case .linuxSLL2:
      guard bytes.count >= 20 else { return .failure(.cutHeader) }
      let passing = direction(packetType: UInt16(bytes[10]))
      // The type comes first here, and the packet right after the header.
      switch bytes.word16(0) {
      case 0x0800, 0x86DD: return .success(LinkLayer(end: 20, passing: passing))
      case 0x8100, 0x88A8, 0x9100: return networkLayer(bytes, typeAt: 22, passing: passing)
      case 0x0806: return .failure(.arp)
      default: return .failure(.otherNetworkProtocol)
      }
    case .null, .loop:
      guard bytes.count >= 4 else { return .failure(.cutHeader) }
      return addressFamily(bytes.word32(0))
    default: return .failure(.unknownLinkType)
    }
  }

  /// Reads an EtherType and steps over VLAN tags, each of which has the next EtherType in it.
  private static func networkLayer(
    _ bytes: Span<UInt8>,
    typeAt first: Int,
    passing: PassingDirection
  ) -> Result<LinkLayer, FrameObstacle> {
    var place = first
    for _ in 0...mostTags {
      guard bytes.count >= place + 2 else { return .failure(.cutHeader) }
      switch bytes.word16(place) {
      case 0x0800, 0x86DD: return .success(LinkLayer(end: place + 2, passing: passing))
      case 0x8100, 0x88A8, 0x9100: place += 4
      case 0x0806: return .failure(.arp)
      default: return .failure(.otherNetworkProtocol)
      }
    }
    return .failure(.malformed)
  }

  /// AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and Darwin. The
  /// byte order is that of the capturing host, so that either is tried.
  private static func addressFamily(_ word: UInt32) -> Result<LinkLayer, FrameObstacle> {
    switch word < 1 << 16 ? word : word.byteSwapped {
    case 2, 10, 24, 28, 30: .success(LinkLayer(end: 4))
    default: .failure(.otherNetworkProtocol)
    }
  }

  /// The packet type of a Linux cooked capture, from `linux/if_packet.h`.
  private static func direction(packetType: UInt16) -> PassingDirection {
    switch packetType {
    case 0: .incoming
    case 3: .foreign
    case 4: .outgoing
    default: .unknown
    }
  }
}

extension FrameObstacle: Error {}
