@testable import LingerCapture
import Testing

/// Headers that are not the usual ones.
@Suite struct HeaderTests {
  private func ethernet(_ frames: [[UInt8]], snapLength: Int = 65_535) throws -> Reading {
    var writer = CaptureWriter(
      format: CaptureFormat(.pcap),
      linkType: .ethernet,
      snapLength: snapLength
    )
    for (place, frame) in frames.enumerated() {
      writer.append(frame, time: Talk.start + Int64(place) * 1_000_000)
    }
    return try Reading(writer.bytes)
  }

  @Test("VLAN tags are stepped over, too many are damage", arguments: 0...5)
  func tags(_ count: Int) throws {
    var talk = Talk()
    let packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 5).packet()
    let tags = (0..<count).map { UInt16($0 + 1) }
    let reading = try ethernet([LinkFraming.frame(packet, .ethernet, tags: tags)])
    #expect(reading.segments.map(\.payloadLength) == (count <= 4 ? [5] : []))
    #expect(reading.counts.malformed == (count <= 4 ? 0 : 1))
  }

  @Test("what Ethernet adds to short packets is no payload")
  func padding() throws {
    var talk = Talk()
    let frame = LinkFraming.frame(talk.send(.ack, seq: 1, ack: 1).packet(), .ethernet)
    let reading = try ethernet([frame + Array(repeating: 0, count: 60 - frame.count)])
    #expect(reading.segments.map(\.payloadLength) == [0])
    #expect(reading.segments.map(\.checksum) == [.good])
  }

  /// Puts extension headers into an IPv6 packet: numbers and their bytes from the second on.
  private func extended(_ packet: [UInt8], _ headers: [(number: UInt8, rest: [UInt8])]) -> [UInt8] {
    var bytes = Array(packet.prefix(40))
    bytes[6] = headers.first?.number ?? 6
    var extra: [UInt8] = []
    for (place, header) in headers.enumerated() {
      extra.append(place + 1 < headers.count ? headers[place + 1].number : 6)
      extra += header.rest
    }
    let length = packet.count - 40 + extra.count
    bytes[4] = UInt8(length >> 8)
    bytes[5] = UInt8(length & 0xFF)
    return bytes + extra + packet.dropFirst(40)
  }

  @Test("IPv6 extension headers are stepped over")
  func extensionHeaders() throws {
    var talk = Talk(isIPv6: true)
    let packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 7).packet()
    let hopByHop: (UInt8, [UInt8]) = (0, [0, 1, 4, 0, 0, 0, 0])
    let destination: (UInt8, [UInt8]) = (60, [1] + Array(repeating: 0, count: 14))
    let authentication: (UInt8, [UInt8]) = (51, [4] + Array(repeating: 0, count: 22))
    let wholeFragment: (UInt8, [UInt8]) = (44, [0, 0, 0, 1, 2, 3, 4])
    for headers in [
      [hopByHop], [hopByHop, destination], [authentication], [wholeFragment],
      [hopByHop, destination, authentication, wholeFragment],
    ] {
      let reading = try Reading(packets: [extended(packet, headers)])
      #expect(reading.segments.map(\.payloadLength) == [7])
      #expect(reading.segments.map(\.checksum) == [.good])
    }
    let routing: (UInt8, [UInt8]) = (43, [0, 0, 1, 0, 0, 0, 0])
    let routed = try Reading(packets: [extended(packet, [routing])])
    #expect(routed.segments.map(\.checksum) == [.unknown])
    // Encrypted, nothing next, and a first fragment.
    for (number, rest) in [(UInt8(50), [UInt8](repeating: 0, count: 7)), (59, [])] {
      let reading = try Reading(packets: [extended(packet, [(number, rest)])])
      #expect(reading.counts.otherTransports == 1)
    }
    let fragment = try Reading(packets: [extended(packet, [(44, [0, 0, 1, 1, 2, 3, 4])])])
    #expect(fragment.counts.fragments == 1)
  }

  @Test("fragments are told, not judged")
  func fragments() throws {
    var talk = Talk()
    let packets = [(0x20, 0x00), (0x20, 0x10), (0x00, 0x20)].map { flags, offset in
      var packet = talk.send(.ack, seq: 1, ack: 1, length: 8).packet()
      packet[6] = UInt8(flags)
      packet[7] = UInt8(offset)
      return packet
    }
    let reading = try Reading(packets: packets)
    #expect(reading.counts.fragments == 3)
    #expect(
      reading.events
        == (0..<3).map { place in
          .unread(
            UnreadFrame(
              frame: place + 1,
              time: Talk.start + Int64(place) * 1_000_000,
              obstacle: .fragment,
              source: talk.client.address,
              destination: talk.server.address
            )
          )
        }
    )
  }

  @Test("the snap length cuts payload without harm, and headers with a word", arguments: 0...120)
  func snapLength(_ length: Int) throws {
    guard length > 0 else { return }
    var talk = Talk()
    var packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 60)
    packet.options.hasTimestamps = true
    // 14 of Ethernet, 20 of IP, 20 of TCP, 12 of its options, 60 of payload.
    let frame = LinkFraming.frame(packet.packet(), .ethernet)
    let reading = try ethernet([frame], snapLength: length)
    if length < 66 {
      #expect(reading.counts.cutHeaders == 1)
      #expect(reading.segments == [])
    } else {
      #expect(reading.segments.map(\.payloadLength) == [60])
      #expect(reading.segments.map(\.checksum) == [length < 126 ? .unknown : .good])
    }
  }

  @Test("large offload: an IP length of 0 is that of the frame", arguments: [false, true])
  func largeOffload(isIPv6: Bool) throws {
    var talk = Talk(isIPv6: isIPv6)
    var packet = talk.send([.psh, .ack], seq: 1, ack: 1)
    packet.payload = Array(repeating: 1, count: 70_000)
    packet.checksum = .partial
    let frame = LinkFraming.frame(packet.packet(), .ethernet)
    let reading = try ethernet([frame], snapLength: 200)
    let segment = try #require(reading.segments.first)
    #expect(segment.payloadLength == 70_000)
    #expect(segment.isSuperSegment)
    #expect(segment.checksum == .partial)
  }

  @Test("an IP length of 0 marks a super-segment, however short")
  func shortOffload() throws {
    var talk = Talk()
    var packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 3).packet()
    packet[2] = 0
    packet[3] = 0
    let segment = try #require(Reading(packets: [packet]).segments.first)
    #expect(segment.payloadLength == 3)
    #expect(segment.isSuperSegment)
  }

  @Test("the example of RFC 1071, and an odd number of bytes")
  func sums() {
    let bytes: [UInt8] = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]
    #expect(Checksum.folded(Checksum.sum(bytes.span, 0..<8)) == 0xDDF2)
    #expect(Checksum.folded(Checksum.sum(bytes.span, 0..<3)) == 0xF201)
    #expect(Checksum.folded(Checksum.sum(bytes.span, 1..<8)) == 0xF2DD)
  }

  @Test("checksums", arguments: [ChecksumStatus.good, .bad, .partial], [false, true])
  func checksums(_ status: ChecksumStatus, isIPv6: Bool) throws {
    var talk = Talk(isIPv6: isIPv6)
    for length in 0...9 {
      var packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: length)
      packet.checksum = status
      let reading = try Reading([packet])
      #expect(reading.segments.map(\.checksum) == [status])
      #expect(reading.counts.badChecksums == (status == .bad ? 1 : 0))
    }
  }

  @Test("each flipped bit of a segment makes its checksum bad")
  func flippedBits() throws {
    var talk = Talk()
    let packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 30).packet()
    var packets: [[UInt8]] = []
    // From the sequence number on, but for the length of the header.
    for place in 24..<packet.count where place != 32 {
      for bit in 0..<8 {
        var damaged = packet
        damaged[place] ^= 1 << bit
        packets.append(damaged)
      }
    }
    let reading = try Reading(packets: packets)
    #expect(reading.counts.badChecksums == packets.count)
  }

  @Test("lengths that contradict each other are malformed")
  func malformed() throws {
    var talk = Talk()
    let good = talk.send([.psh, .ack], seq: 1, ack: 1, length: 10).packet()
    let changes: [(Int, UInt8)] = [
      // Version 5; IP header of 16 bytes; total length beyond the frame, and inside the header;
      // TCP header of 16 bytes, and beyond the packet.
      (0, 0x55), (0, 0x44), (3, 0xFF), (3, 39), (32, 0x40), (32, 0xF0),
    ]
    var packets = changes.map { place, byte in
      var packet = good
      packet[place] = byte
      return packet
    }
    // An IP header of 16 bytes, with what looks like a TCP header after it.
    var short = good
    short[0] = 0x44
    short[28] = 0x50
    packets.append(short)
    let reading = try Reading(packets: packets)
    #expect(reading.counts.malformed == packets.count)
    #expect(reading.segments == [])
  }

  @Test("the options, and a damaged list of them")
  func options() throws {
    var talk = Talk()
    var syn = talk.send(.syn, seq: 0)
    syn.options.windowScale = 200
    syn.options.maximumSegmentSize = 536
    syn.options.allowsSelectiveAcknowledgment = true
    syn.options.hasTimestamps = true
    var options = try read(syn.packet())
    // RFC 7323 §2.3: more than 14 is 14.
    syn.options.windowScale = 14
    #expect(options == syn.options)
    // The length of the first option becomes 0: nothing after it is read.
    var damaged = syn.packet()
    damaged[41] = 0
    options = try read(damaged)
    #expect(options == TCPOptions())
    // The end of the list comes first.
    damaged = syn.packet()
    damaged[40] = 0
    options = try read(damaged)
    #expect(options == TCPOptions())
  }

  private func read(_ packet: [UInt8]) throws -> TCPOptions {
    let frame = CapturedFrame(
      number: 1,
      time: 0,
      linkType: .raw,
      capturedLength: packet.count,
      originalLength: packet.count
    )
    return try SegmentReader.read(packet.span, of: frame).get().options
  }

  @Test("addresses are written as RFC 5952 wants them")
  func addresses() {
    let cases: [(IPAddress, String)] = [
      (IPAddress(ipv4: 0xC0A8_0001), "192.168.0.1"),
      (IPAddress(ipv6: 0, 0), "::"),
      (IPAddress(ipv6: 0, 1), "::1"),
      (IPAddress(ipv6: 0x2001_0DB8_0000_0000, 0), "2001:db8::"),
      (IPAddress(ipv6: 0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001), "2001:db8:0:1:1:1:1:1"),
      (IPAddress(ipv6: 0x2001_0000_0000_0001, 0x0000_0000_0000_0001), "2001:0:0:1::1"),
      (IPAddress(ipv6: 0x0001_0002_0003_0004, 0x0005_0006_0007_0008), "1:2:3:4:5:6:7:8"),
    ]
    for (address, text) in cases { #expect("\(address)" == text) }
    #expect("\(Endpoint(address: IPAddress(ipv6: 0, 1), port: 80))" == "[::1]:80")
    #expect("\(Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 80))" == "127.0.0.1:80")
  }
}
