@testable import LingerCapture
import Testing

/// Which connections are followed, and for how long.
@Suite struct ConnectionTableTests {
  private func decoder(_ change: (inout ConnectionLimits) -> Void) -> CaptureDecoder {
    var limits = ConnectionLimits()
    change(&limits)
    return CaptureDecoder(limits: limits)
  }

  /// The drops, as the number of the connection and the reason.
  private func drops(_ reading: Reading) -> [String] {
    reading.events.compactMap { event in
      guard case .dropped(let connection, let reason) = event else { return nil }
      return "\(connection.number) \(reason)"
    }
  }

  @Test("connections are numbered as they come, and all are dropped in the end, in that order")
  func numbers() throws {
    var packets: [PacketBuilder] = []
    for port in [50, 40, 60, 45] as [UInt16] {
      var talk = Talk(clientPort: port)
      packets += talk.handshake()
    }
    let reading = try Reading(packets)
    #expect(reading.connections.map(\.number) == [0, 1, 2, 3])
    #expect(reading.connections.map(\.first.port) == [50, 40, 60, 45])
    #expect(reading.connections.map(\.frame) == [1, 4, 7, 10])
    #expect(drops(reading) == (0..<4).map { "\($0) endOfCapture" })
    #expect(reading.segments.map(\.connection) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
  }

  /// Reads packets at seconds from the start.
  private func read(
    _ packets: [(Double, PacketBuilder)],
    _ decoder: CaptureDecoder
  ) throws -> Reading {
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .raw)
    for (seconds, packet) in packets {
      writer.append(packet.packet(), time: Talk.start + Int64(seconds * 1e9))
    }
    return try Reading(writer.bytes, decoder: decoder)
  }

  @Test("what ended is dropped soon, what is silent later")
  func old() throws {
    var closed = Talk(clientPort: 1)
    var open = Talk(clientPort: 2)
    var reset = Talk(clientPort: 3)
    var other = Talk(clientPort: 4)
    var packets = (closed.whole() + open.handshake()).map { (0.0, $0) }
    packets += reset.handshake().map { (1, $0) }
    packets.append((1, reset.send([.rst, .ack], seq: 1, ack: 1)))
    packets.append((10, other.send(.syn, seq: 0)))
    packets.append((10.5, other.send(.syn, seq: 0)))
    packets.append((12, other.send(.syn, seq: 0)))
    packets.append((100, other.send(.syn, seq: 0)))
    packets.append((101.5, open.send(.ack, seq: 1, ack: 1)))
    let reading = try read(
      packets,
      decoder {
        $0.afterEnd = 10_000_000_000
        $0.afterLastSegment = 100_000_000_000
      }
    )
    #expect(drops(reading) == ["0 ended", "2 ended", "1 idle", "3 endOfCapture", "4 endOfCapture"])
    #expect(reading.connections.map(\.first.port) == [1, 2, 3, 4, 2])
    // 10 seconds are not more than 10, the 10.5 of the next frame are.
    let place = try #require(
      reading.events.firstIndex { event in
        if case .dropped(_, .ended) = event { true } else { false }
      }
    )
    #expect(reading.events[place + 1] == .segment(reading.segments[17]))
    let idle = try #require(
      reading.events.firstIndex { event in
        if case .dropped(_, .idle) = event { true } else { false }
      }
    )
    #expect(reading.events[idle - 1] == .segment(reading.segments[19]))
    // Equal times are in order.
    #expect(reading.counts.outOfOrder == 0)
  }

  @Test("one FIN, or one that is not acknowledged, does not end a connection")
  func halfClosed() throws {
    var talk = Talk()
    for count in 3..<9 {
      let packets = talk.whole().prefix(count).map { (0.0, $0) }
      var other = Talk(clientPort: 9)
      let reading = try read(
        packets + [(20, other.send(.syn, seq: 0))],
        decoder { $0.afterEnd = 10_000_000_000 }
      )
      #expect(drops(reading).first == "0 endOfCapture")
    }
  }

  @Test("an old acknowledgment does not end a connection, nor does a RST that is gone over")
  func notEnded() throws {
    var talk = Talk()
    var later = Talk()
    later.clientISN &+= 100_000
    later.serverISN &+= 100_000
    let oldACK = talk.whole().prefix(8) + [talk.send(.ack, seq: 12, ack: 1)]
    let goneOver =
      talk.handshake() + [talk.send(.rst, seq: 90), talk.send(.ack, seq: 1, ack: 1)]
    let openAgain = talk.whole() + later.handshake()
    for packets in [Array(oldACK), goneOver, openAgain] {
      var other = Talk(clientPort: 9)
      let reading = try read(
        packets.map { (0.0, $0) } + [(20, other.send(.syn, seq: 0))],
        decoder { $0.afterEnd = 10_000_000_000 }
      )
      #expect(drops(reading).first == "0 endOfCapture")
    }
  }

  @Test("there is a limit on connections: the ended go first, then the silent")
  func limit() throws {
    var talks = (1...4).map { Talk(clientPort: $0) }
    var packets = talks[0].handshake() + talks[1].whole() + talks[2].handshake()
    packets += talks[3].handshake()
    packets.append(talks[0].send(.ack, seq: 1, ack: 1))
    packets += talks[1].handshake()
    let reading = try Reading(packets, decoder: decoder { $0.mostConnections = 3 })
    #expect(
      drops(reading)
        == ["1 tooMany", "2 tooMany", "0 endOfCapture", "3 endOfCapture", "4 endOfCapture"]
    )
  }

  @Test("memory does not grow with the number of connections")
  func flat() throws {
    var limits = ConnectionLimits()
    limits.mostConnections = 50
    var table = ConnectionTable(limits: limits)
    var listener = DeafListener()
    for number in 0..<5000 {
      var talk = Talk(clientPort: UInt16(number))
      for packet in talk.handshake() {
        let bytes = packet.packet()
        let frame = CapturedFrame(
          number: number,
          time: Int64(number),
          linkType: .raw,
          capturedLength: bytes.count,
          originalLength: bytes.count
        )
        let segment = try SegmentReader.read(bytes.span, of: frame).get()
        table.take(segment, of: frame, telling: &listener)
      }
    }
    #expect(table.count == 5000)
    #expect(table.followedCount == 50)
    #expect(table.entryCount == 50)
  }

  @Test("times that go back are counted, and make nothing young again")
  func timesGoBack() throws {
    var talk = Talk()
    var other = Talk(clientPort: 9)
    let packets = [
      (10.0, talk.send(.syn, seq: 0)), (5, talk.send(.syn, seq: 0)),
      (7, other.send(.syn, seq: 0)), (2000, other.send(.syn, seq: 0)),
    ]
    let reading = try read(packets, decoder { $0.afterLastSegment = 1_992_000_000_000 })
    #expect(reading.counts.outOfOrder == 1)
    #expect(drops(reading) == ["0 endOfCapture", "1 endOfCapture"])
    #expect(reading.segments.map(\.frame) == [1, 2, 3, 4])
  }

  @Test("a frame that was captured twice is told once")
  func copies() throws {
    var talk = Talk()
    var packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 10)
    var later = talk.send([.psh, .ack], seq: 1, ack: 1, length: 10)
    func count(_ second: PacketBuilder, after nanoseconds: Int64) throws -> Int {
      var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .linuxSLL2)
      let link = LinkType.linuxSLL2
      let first = LinkFraming.frame(packet.packet(), link, passing: .incoming)
      writer.append(first, time: Talk.start)
      // Another connection's frame between the two.
      var other = Talk(clientPort: 9)
      writer.append(LinkFraming.frame(other.send(.syn, seq: 0).packet(), link), time: Talk.start)
      let frame = LinkFraming.frame(second.packet(), link, passing: .outgoing)
      writer.append(frame, time: Talk.start + nanoseconds)
      let reading = try Reading(writer.bytes)
      #expect(reading.counts.segments + reading.counts.copies == 3)
      return reading.counts.copies
    }
    #expect(try count(packet, after: 50_000) == 1)
    #expect(try count(packet, after: 50_000_000) == 0)
    // A retransmission has an identification of its own.
    #expect(try count(later, after: 50_000) == 0)
    later.ipID = packet.ipID
    #expect(try count(later, after: 50_000) == 1)
    // With a checksum that does not tell, too.
    packet.checksum = .partial
    later.checksum = .partial
    later.payload[9] ^= 1
    #expect(try count(later, after: 50_000) == 0)
  }
}

private struct DeafListener: CaptureListener {
  func hear(opened connection: CapturedConnection) {}
  func hear(_ segment: SegmentEvent, of connection: CapturedConnection) {}
  func hear(dropped connection: CapturedConnection, _ reason: DropReason) {}
  func hear(unread frame: UnreadFrame) {}
}
