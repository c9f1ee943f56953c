import LingerCapture
import Testing

/// Where a capture was made, guessed from what is in it.
@Suite struct VantageTests {
  /// Guesses for the connections of a capture.
  static func guesses(_ reading: Reading) -> [VantageGuess] {
    var clues = reading.connections.map { _ in VantageClues() }
    for segment in reading.segments { clues[segment.connection].add(segment) }
    return zip(reading.connections, clues).map { $1.guess(of: $0) }
  }

  private func guess(
    _ linkType: LinkType = .raw,
    times: [Int64]? = nil,
    _ change: (inout PacketBuilder, _ isFromClient: Bool) -> PassingDirection
  ) throws -> VantageGuess {
    var talk = Talk()
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: linkType)
    for (place, packet) in talk.whole().enumerated() {
      var packet = packet
      let passing = change(&packet, packet.source == talk.client)
      let frame = LinkFraming.frame(packet.packet(), linkType, passing: passing)
      let microseconds = times.map { $0[place] } ?? Int64(place) * 1000
      writer.append(frame, time: Talk.start + microseconds * 1000)
    }
    return try #require(Self.guesses(Reading(writer.bytes)).first)
  }

  @Test("nothing tells")
  func nothing() throws {
    let guess = try guess { _, _ in .unknown }
    #expect(guess.vantage == .unknown)
    #expect(guess.reason == "nothing tells where the capture was made")
  }

  @Test("the packet type of Linux", arguments: [LinkType.linuxSLL, .linuxSLL2])
  func packetType(_ linkType: LinkType) throws {
    #expect(try guess(linkType) { $1 ? .outgoing : .incoming }.vantage == .end(.first))
    #expect(try guess(linkType) { $1 ? .incoming : .outgoing }.vantage == .end(.second))
    #expect(try guess(linkType) { _, _ in .outgoing }.vantage == .both)
    #expect(try guess(linkType) { _, _ in .foreign }.vantage == .midway)
    let guess = try guess(linkType) { $1 ? .outgoing : .incoming }
    #expect(guess.reason == "the frames of 10.0.0.1:40000 went out from the capturing host")
  }

  @Test("checksums that were left to the network card")
  func checksums() throws {
    func mark(_ isClient: Bool?) throws -> Vantage {
      try guess { packet, isFromClient in
        if isClient == nil || isClient == isFromClient { packet.checksum = .partial }
        return .unknown
      }.vantage
    }
    #expect(try mark(true) == .end(.first))
    #expect(try mark(false) == .end(.second))
    #expect(try mark(nil) == .both)
    // Systems other than Linux leave any number.
    let wrong = try guess { packet, isFromClient in
      if !isFromClient { packet.checksum = .bad }
      return .unknown
    }
    #expect(wrong.vantage == .end(.second))
    let damaged = try guess { packet, isFromClient in
      if !isFromClient && packet.flags.contains(.fin) { packet.checksum = .bad }
      return .unknown
    }
    #expect(damaged.vantage == .unknown)
    // The sums of what a card has put together are its own.
    let merged = try guess { packet, isFromClient in
      if !packet.payload.isEmpty {
        packet.payload = Array(repeating: 0, count: 3000)
        packet.checksum = .partial
      }
      return .unknown
    }
    #expect(merged.vantage == .unknown)
  }

  @Test("the time to live")
  func timeToLive() throws {
    func live(_ client: UInt8, _ server: UInt8) throws -> Vantage {
      try guess { packet, isFromClient in
        packet.timeToLive = isFromClient ? client : server
        return .unknown
      }.vantage
    }
    #expect(try live(64, 51) == .end(.first))
    #expect(try live(113, 64) == .end(.second))
    #expect(try live(255, 60) == .end(.first))
    #expect(try live(60, 120) == .midway)
    #expect(try live(64, 128) == .unknown)
  }

  @Test("how fast the ends answer")
  func turnaround() throws {
    // SYN, SYN+ACK, ACK, data, ACK, FIN, ACK, FIN, ACK.
    let atClient: [Int64] = [0, 900, 920, 1000, 1900, 2000, 2900, 2950, 2970]
    #expect(try guess(times: atClient) { _, _ in .unknown }.vantage == .end(.first))
    let atServer: [Int64] = [0, 20, 920, 1000, 41000, 42000, 42030, 42040, 43000]
    let guess = try guess(times: atServer) { _, _ in .unknown }
    #expect(guess.vantage == .end(.second))
    #expect(guess.reason == "10.0.0.2:8080 answered within 20 µs, 10.0.0.1:40000 took 900 µs")
    // In the middle, and near neither end.
    let middle: [Int64] = [0, 500, 900, 1000, 1500, 1600, 2100, 2200, 2600]
    #expect(try self.guess(times: middle) { _, _ in .unknown }.vantage == .unknown)
    // A clock that went back before the last answer.
    let back: [Int64] = [0, 500, 900, 1000, 1500, 1600, 2100, 2200, 2150]
    #expect(try self.guess(times: back) { _, _ in .unknown }.vantage == .unknown)
    // The client's only answer comes after a second SYN+ACK, for which of them is not known; the
    // server's came faster than any network is.
    var talk = Talk()
    let handshake = talk.handshake()
    let again = [handshake[0], handshake[1], handshake[1], handshake[2]]
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .raw)
    for (packet, time) in zip(again, [0, 20_000, 1_000_000_000, 1_000_900_000] as [Int64]) {
      writer.append(packet.packet(), time: Talk.start + time)
    }
    let unclear = try #require(Self.guesses(Reading(writer.bytes)).first)
    #expect(unclear.vantage == .end(.second))
    #expect(unclear.reason.contains("and the other end never"))
    let far = atServer.map { $0 * 100 }
    #expect(try self.guess(times: far) { _, _ in .unknown }.vantage == .unknown)
  }

  @Test("one host has both ends of a connection with itself")
  func oneHost() throws {
    var talk = Talk()
    for address in [talk.client.address, IPAddress(ipv4: 0x7F00_0001)] {
      talk.client.address = address
      talk.server.address = address
      let guess = try #require(Self.guesses(Reading(talk.whole())).first)
      #expect(guess.vantage == .both)
    }
  }

  @Test("the host is where most connections tell, and decides those that tell nothing")
  func host() throws {
    var host = HostVantage()
    #expect(host.summary == "nothing tells where the capture was made")
    let near = IPAddress(ipv4: 0x0A00_0001)
    func connection(_ first: IPAddress, _ second: IPAddress) -> CapturedConnection {
      CapturedConnection(
        number: 0,
        first: Endpoint(address: first, port: 1),
        second: Endpoint(address: second, port: 2),
        frame: 1,
        time: 0
      )
    }
    for place in 0..<10 {
      let far = IPAddress(ipv4: 0x0B00_0000 + UInt32(place))
      let isFirst = place % 2 == 0
      let guess = VantageGuess(.end(isFirst ? .first : .second), "")
      host.add(guess, of: isFirst ? connection(near, far) : connection(far, near))
    }
    // One that is wrong.
    let wrong = IPAddress(ipv4: 0x0B00_0000)
    host.add(VantageGuess(.end(.second), ""), of: connection(near, wrong))
    #expect(host.addresses == [near])
    let other = connection(IPAddress(ipv4: 0x0C00_0000), near)
    let unknown = VantageGuess(.unknown, "nothing")
    host.add(unknown, of: other)
    #expect(host.guess(unknown, of: other).vantage == .end(.second))
    let nowhere = host.guess(unknown, of: connection(wrong, wrong))
    #expect(nowhere.vantage == .unknown && nowhere.reason == "nothing")
    #expect(host.guess(VantageGuess(.midway, "m"), of: other).vantage == .midway)
    #expect(host.summary == "captured on the host of 10.0.0.1; not known for 1 connection")
  }

  @Test(
    "real captures: never the wrong end",
    .enabled(if: RealCapture.areThere, "no captures beside the project"),
    arguments: RealCapture.all
  )
  func real(_ capture: RealCapture) {
    for end in ["A", "B"] {
      let reading = Reading(path: capture.path(end))
      for (connection, guess) in zip(reading.connections, Self.guesses(reading)) {
        switch guess.vantage {
        case .end(let found):
          let port = connection.endpoint(found).port
          #expect((port != 8080) == (end == "A"), "\(capture) \(end): \(guess.reason)")
        case .both:
          // Both ends of these were on one host, with a virtual network between them.
          #expect(capture.description.hasPrefix("q"))
        case .midway: Issue.record("\(capture) \(end): \(guess.reason)")
        case .unknown:
          // Two segments at most have an answer in one direction only.
          #expect(reading.segments.count <= 4, "\(capture) \(end)")
        }
      }
    }
  }
}
