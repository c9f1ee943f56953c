import LingerCapture
import Testing

/// Every format and link type gives the same segments.
@Suite struct FormatTests {
  static let formats = [CaptureFormat.Container.pcap, .pcapng].flatMap { container in
    [false, true].flatMap { hasNanoseconds in
      [false, true].map {
        CaptureFormat(container, hasNanoseconds: hasNanoseconds, isBigEndian: $0)
      }
    }
  }
  static let linkTypes: [LinkType] = [
    .null, .ethernet, .raw, .loop, .linuxSLL, .linuxSLL2, LinkType(number: 228),
  ]

  @Test("every format, with its times", arguments: formats)
  func format(_ format: CaptureFormat) throws {
    var talk = Talk()
    let packets = talk.whole()
    var writer = CaptureWriter(format: format, linkType: .raw)
    for (place, packet) in packets.enumerated() {
      writer.append(
        packet.packet(),
        time: Talk.start + Int64(place) * 1_000_001,
        comment: place % 2 == 0 ? nil : "number \(place)"
      )
    }
    let reading = try Reading(writer.bytes)
    #expect(reading.error == nil)
    #expect(reading.frames.map(\.number) == Array(1...packets.count))
    let unit: Int64 = format.hasNanoseconds ? 1 : 1000
    let times = packets.indices.map { (Talk.start + Int64($0) * 1_000_001) / unit * unit }
    #expect(reading.frames.map(\.time) == times)
    #expect(reading.frames.map(\.originalLength) == packets.map { $0.packet().count })
    #expect(reading.segments.map(\.seq) == [0, 0, 1, 1, 1, 11, 1, 1, 12])
    #expect(reading.segments.map(\.ack) == [nil, 1, 1, 1, 11, 1, 12, 12, 2])
    #expect(reading.segments.allSatisfy { $0.checksum == .good })
  }

  @Test("every link type, with both versions of IP", arguments: linkTypes, [false, true])
  func linkType(_ linkType: LinkType, isIPv6: Bool) throws {
    // 228 is IPv4 alone.
    if linkType.number == 228 && isIPv6 { return }
    var talk = Talk(isIPv6: isIPv6)
    let packets = talk.whole()
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: linkType)
    for (place, packet) in packets.enumerated() {
      let passing: PassingDirection = packet.source == talk.client ? .outgoing : .incoming
      let frame = LinkFraming.frame(packet.packet(), linkType, passing: passing)
      writer.append(frame, time: Talk.start + Int64(place) * 1000)
    }
    let reading = try Reading(writer.bytes)
    #expect(reading.error == nil)
    #expect(reading.counts.segments == packets.count)
    #expect(reading.connections.map(\.first) == [talk.client])
    #expect(reading.connections.map(\.second) == [talk.server])
    #expect(reading.segments.map(\.seq) == [0, 0, 1, 1, 1, 11, 1, 1, 12])
    #expect(reading.segments.allSatisfy { $0.checksum == .good })
    #expect(reading.segments.map(\.payloadLength) == packets.map(\.payload.count))
    let hasDirection = linkType == .linuxSLL || linkType == .linuxSLL2
    #expect(
      reading.segments.map(\.passing)
        == packets.map { packet in
          guard hasDirection else { return .unknown }
          return packet.source == talk.client ? .outgoing : .incoming
        }
    )
  }

  @Test("the other numbers of raw packets", arguments: [12, 14, 101])
  func raw(_ number: Int) throws {
    var talk = Talk()
    var writer = CaptureWriter(
      format: CaptureFormat(.pcap),
      linkType: LinkType(number: number)
    )
    writer.append(talk.send(.syn, seq: 0).packet(), time: Talk.start)
    #expect(try Reading(writer.bytes).counts.segments == 1)
  }

  @Test("a link type that is not known is told, frame by frame")
  func unknownLinkType() throws {
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: LinkType(number: 127))
    writer.append([0, 1, 2, 3], time: Talk.start)
    writer.append([0, 1, 2, 3], time: Talk.start)
    let reading = try Reading(writer.bytes)
    #expect(reading.counts.unknownLinkTypes == 2)
    let frame = UnreadFrame(frame: 1, time: Talk.start, obstacle: .unknownLinkType)
    #expect(reading.events.first == .unread(frame))
  }

  @Test("a longest frame, and a comment that is too long, make a file that can be read")
  func longest() throws {
    for container in [CaptureFormat.Container.pcap, .pcapng] {
      var writer = CaptureWriter(format: CaptureFormat(container), linkType: .raw)
      var talk = Talk()
      var packet = talk.send(.ack, seq: 1, ack: 1)
      packet.payload = Array(repeating: 7, count: 100_000)
      let comment = String(repeating: "é", count: 40_000)
      writer.append(packet.packet(), time: Talk.start, comment: comment)
      writer.append(packet.packet(), time: Talk.start + 1_000_000)
      let reading = try Reading(writer.bytes)
      #expect(reading.error == nil)
      // The identification of both is the same, and so are the bytes; the times are not.
      #expect(reading.segments.map(\.payloadLength) == [100_000, 100_000])
      #expect(reading.segments.map(\.isSuperSegment) == [true, true])
    }
  }
}
