/// Builds a TCP segment in an IP packet, with right lengths and checksums.
package struct PacketBuilder: Hashable, Sendable {
  package var source: Endpoint
  package var destination: Endpoint
  package var sequence: UInt32 = 0
  package var acknowledgment: UInt32 = 0
  package var flags: TCPFlags = []
  package var window: UInt16 = 0xFFFF
  package var options = TCPOptions()
  package var payload: [UInt8] = []
  /// IPv4's identification.
  package var ipID: UInt16 = 0
  package var timeToLive: UInt8 = 64
  /// Good, partial or bad; `unknown` is written as good.
  package var checksum: ChecksumStatus = .good

  package init(from source: Endpoint, to destination: Endpoint) {
    precondition(
      source.address.isIPv6 == destination.address.isIPv6,
      "the addresses are of two versions of IP"
    )
    self.source = source
    self.destination = destination
  }

  /// The IP packet.
  package func packet() -> [UInt8] {
    let segment = segment()
    return (source.address.isIPv6 ? ipv6(segment.count) : ipv4(segment.count)) + segment
  }

  /// The TCP segment.
  package func segment() -> [UInt8] {
    let options = optionBytes()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 + options.count + payload.count)
    bytes.append16(source.port)
    bytes.append16(destination.port)
    bytes.append32(sequence)
    bytes.append32(acknowledgment)
    bytes.append(UInt8(5 + options.count / 4) << 4)
    bytes.append(flags.rawValue)
    bytes.append16(window)
    bytes.append32(0)
    bytes += options
    bytes += payload
    let pseudo = Checksum.pseudoHeader(
      from: source.address,
      to: destination.address,
      length: bytes.count
    )
    let sum = ~Checksum.folded(pseudo + Checksum.sum(bytes.span, 0..<bytes.count))
    let field =
      switch checksum {
      case .good, .unknown: sum
      case .partial: Checksum.folded(pseudo)
      // Another bit, and no sum that is taken for an offloaded one.
      case .bad: sum ^ 0x0100 == Checksum.folded(pseudo) ? sum ^ 0x0200 : sum ^ 0x0100
      }
    bytes[16] = UInt8(field >> 8)
    bytes[17] = UInt8(truncatingIfNeeded: field)
    return bytes
  }

  private func ipv4(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x45, 0]
    // Large offload: a length that does not fit is left 0.
    bytes.append16(length + 20 > 0xFFFF ? 0 : UInt16(length + 20))
    bytes.append16(ipID)
    // Do not fragment.
    bytes += [0x40, 0, timeToLive, 6, 0, 0]
    bytes.append32(UInt32(source.address.low))
    bytes.append32(UInt32(destination.address.low))
    let sum = ~Checksum.folded(Checksum.sum(bytes.span, 0..<20))
    bytes[10] = UInt8(sum >> 8)
    bytes[11] = UInt8(truncatingIfNeeded: sum)
    return bytes
  }

  private func ipv6(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x60, 0, 0, 0]
    bytes.append16(length > 0xFFFF ? 0 : UInt16(length))
    bytes += [6, timeToLive]
    for word in [
      source.address.high, source.address.low, destination.address.high, destination.address.low,
    ] {
      bytes.append32(UInt32(word >> 32))
      bytes.append32(UInt32(truncatingIfNeeded: word))
    }
    return bytes
  }

  private func optionBytes() -> [UInt8] {
    var bytes: [UInt8] = []
    if let size = options.maximumSegmentSize {
      bytes += [2, 4]
      bytes.append16(size)
    }
    if options.allowsSelectiveAcknowledgment { bytes += [1, 1, 4, 2] }
    if options.hasTimestamps { bytes += [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0] }
    if let scale = options.windowScale { bytes += [1, 3, 3, scale] }
    return bytes
  }
}

/// Puts a link header before an IP packet.
package enum LinkFraming {
  /// The frame; tags are VLANs from the outermost, which Ethernet alone has.
  package static func frame(
    _ packet: [UInt8],
    _ linkType: LinkType,
    passing: PassingDirection = .unknown,
    tags: [UInt16] = []
  ) -> [UInt8] {
    let isIPv6 = packet.first.map { $0 >> 4 == 6 } ?? false
    let etherType: UInt16 = isIPv6 ? 0x86DD : 0x0800
    var bytes: [UInt8] = []
    switch linkType {
    case .ethernet:
      // Locally administered addresses.
      bytes += [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
      for (place, tag) in tags.enumerated() {
        bytes.append16(place == tags.count - 1 ? 0x8100 : 0x88A8)
        bytes.append16(tag)
      }
      bytes.append16(etherType)
    case .null: bytes += [isIPv6 ? 10 : 2, 0, 0, 0]
    case .loop: bytes += [0, 0, 0, isIPv6 ? 10 : 2]
    case .linuxSLL:
      bytes += [0, packetType(passing), 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]
      bytes.append16(etherType)
    case .linuxSLL2:
      bytes.append16(etherType)
      bytes += [0, 0, 0, 0, 0, 2, 0, 1, packetType(passing), 6, 2, 0, 0, 0, 0, 1, 0, 0]
    default: precondition(linkType.isRaw, "no such link header is written")
    }
    return bytes + packet
  }

  /// From `linux/if_packet.h`.
  private static func packetType(_ passing: PassingDirection) -> UInt8 {
    switch passing {
    case .incoming, .unknown: 0
    case .foreign: 3
    case .outgoing: 4
    }
  }
}

extension [UInt8] {
  /// Appends in network byte order.
  mutating func append16(_ value: UInt16) {
    append(UInt8(value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  mutating func append32(_ value: UInt32) {
    append16(UInt16(value >> 16))
    append16(UInt16(truncatingIfNeeded: value))
  }
}
