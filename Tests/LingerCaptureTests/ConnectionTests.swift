import LingerCapture
import Testing

/// Numbers, windows and directions of connections.
@Suite struct ConnectionTests {
  @Test("numbers do not wrap round", arguments: [0, 1, 7, 1000, 0x8000_0000] as [UInt32])
  func wrapAround(before: UInt32) throws {
    var talk = Talk()
    talk.clientISN = 0 &- before
    talk.serverISN = 0 &- before / 2
    let reading = try Reading(talk.whole())
    #expect(reading.segments.map(\.seq) == [0, 0, 1, 1, 1, 11, 1, 1, 12])
    #expect(reading.segments.map(\.ack) == [nil, 1, 1, 1, 11, 1, 12, 12, 2])
    #expect(!reading.segments.contains { $0.seqIsGuess || $0.ackIsGuess })
  }

  @Test("numbers go on beyond 4 GiB")
  func long() throws {
    var talk = Talk()
    var packets = talk.handshake()
    let step: UInt32 = 1 << 29
    for place in 1...20 {
      packets.append(talk.send(.ack, seq: 1 &+ step &* UInt32(place), ack: 1))
      packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 1 &+ step &* UInt32(place)))
    }
    let reading = try Reading(packets)
    let numbers = (1...20).map { 1 + Int64(step) * Int64($0) }
    #expect(reading.segments.dropFirst(3).filter { $0.sender == .first }.map(\.seq) == numbers)
    #expect(reading.segments.filter { $0.sender == .second }.dropFirst().map(\.ack) == numbers)
  }

  @Test("a forged number far away moves nothing; one that is followed does")
  func strays() throws {
    var talk = Talk()
    var packets = talk.handshake()
    let far: UInt32 = 0x7000_0000
    packets.append(talk.send(.rst, seq: far))
    packets.append(talk.send(.ack, seq: 0 &- 500, ack: 1))
    packets.append(talk.send([.psh, .ack], seq: far &- 5, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 2, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 2 &+ far &- 7, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 3 &+ far &- 7, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 1))
    packets.append(talk.send([.psh, .ack], seq: 10 &+ far, ack: 1, length: 1))
    let reading = try Reading(packets)
    let place = Int64(far)
    #expect(
      reading.segments.dropFirst(3).map(\.seq)
        == [place, -500, place - 5, 1, 2, place - 5, place - 4, 1, place + 10]
    )
  }

  @Test("numbers that are nearly half of all away still have one place")
  func nearlyHalf() throws {
    let far: UInt32 = 0x7FFF_FFF0
    // After one forged segment, after two that move the numbers there, and after a SYN.
    for count in 1...3 {
      var talk = Talk()
      var packets = talk.handshake()
      packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 100))
      packets.append(talk.send([.psh, .ack], seq: 101, ack: 1, length: 100))
      for place in 1...2 where count == 2 || place == count {
        packets.append(
          talk.send([.psh, .ack], seq: 101 &+ far &+ UInt32(place), ack: 1, length: 1)
        )
      }
      if count == 3 {
        packets.append(talk.send(.syn, seq: 102 &+ far))
        packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 103 &+ far))
      }
      packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 100))
      let reading = try Reading(packets)
      #expect(reading.segments.last?.seq == 1, "\(count)")
    }
  }

  @Test("a SYN that the capture has after what followed it")
  func lateSYN() throws {
    var talk = Talk()
    var packets = talk.whole()
    packets.insert(packets.remove(at: 0), at: 2)
    let reading = try Reading(packets)
    #expect(reading.segments.map(\.seq) == [0, 1, 0, 1, 1, 11, 1, 1, 12])
    #expect(reading.segments.map(\.seqIsGuess).firstIndex(of: true) == 1)
    #expect(!reading.segments.dropFirst(2).contains { $0.seqIsGuess })
    #expect(reading.segments.map(\.ackIsGuess).firstIndex(of: true) == 0)
    #expect(!reading.segments.dropFirst(2).contains { $0.ackIsGuess })
    #expect(reading.segments[3].window == 0xFFFF << 7)
  }

  @Test("an acknowledgment takes up the SYN that it is for")
  func acknowledgedSYN() throws {
    var talk = Talk()
    var packets = talk.handshake()
    packets[1].options.windowScale = nil
    packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 1))
    talk.clientISN &+= 100_000
    talk.serverISN &+= 200_000
    packets += talk.handshake()
    let reading = try Reading(packets)
    // The first incarnation had no scaling, the second has.
    #expect(
      reading.segments.map(\.window) == [
        0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF << 7,
      ]
    )
  }

  @Test("a super-segment with a checksum that is not its own")
  func superSegment() throws {
    var talk = Talk()
    var packet = talk.send([.psh, .ack], seq: 1, ack: 1, length: 1400)
    packet.checksum = .bad
    var large = talk.send([.psh, .ack], seq: 1401, ack: 1, length: 1401)
    large.checksum = .bad
    let reading = try Reading(talk.handshake() + [packet, large])
    #expect(reading.segments.suffix(2).map(\.isSuperSegment) == [false, true])
    #expect(reading.segments.suffix(2).map(\.checksum) == [.bad, .unknown])
    #expect(reading.counts.badChecksums == 1)
  }

  @Test("a new incarnation is the same connection, in the nearest numbers, with its own windows")
  func incarnations() throws {
    for distance in [UInt32(500_000), 0x7000_0000, 0 &- 500_000] {
      var talk = Talk()
      var packets = talk.whole()
      let (clientISN, serverISN) = (talk.clientISN, talk.serverISN)
      talk.clientISN &+= distance
      talk.serverISN &+= distance
      var syn = talk.send(.syn, seq: 0)
      syn.options.windowScale = 2
      syn.window = 100
      var answer = talk.send(fromServer: true, [.syn, .ack], seq: 0, ack: 1)
      answer.options.windowScale = 1
      packets += [syn, answer, talk.send(.ack, seq: 1, ack: 1)]
      // A late segment of the old incarnation.
      talk.clientISN = clientISN
      talk.serverISN = serverISN
      packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 10))
      let reading = try Reading(packets)
      #expect(reading.connections.count == 1)
      let shift = Int64(Int32(bitPattern: distance))
      let segments = reading.segments.dropFirst(9).map { $0 }
      #expect(segments.map(\.seq) == [shift, shift, shift + 1, 1])
      #expect(segments.map(\.ack) == [nil, shift + 1, shift + 1, 1])
      #expect(segments.prefix(3).map(\.window) == [100, 0xFFFF, 0xFFFF << 2])
    }
  }

  @Test("a SYN that nothing follows changes neither numbers nor windows")
  func blindSYN() throws {
    var talk = Talk()
    var packets = talk.handshake()
    var blind = talk.send(.syn, seq: 0x7000_0000)
    blind.options.windowScale = 1
    packets.append(blind)
    // Not even an acknowledgment that stops short of it.
    packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 0x7000_0000))
    packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 1))
    packets.append(talk.send([.psh, .ack], seq: 1, ack: 1, length: 4))
    let reading = try Reading(packets)
    #expect(reading.segments.map(\.seq) == [0, 0, 1, 0x7000_0000, 1, 1, 1])
    #expect(reading.segments.map(\.window).suffix(2) == [0xFFFF << 3, 0xFFFF << 7])
  }

  @Test("windows: scaled where both SYNs have the option, plain where one has not, else not known")
  func windows() throws {
    var talk = Talk()
    var packets = talk.handshake()
    packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 1))
    #expect(
      try Reading(packets).segments.map(\.window)
        == [0xFFFF, 0xFFFF, 0xFFFF << 7, 0xFFFF << 3]
    )
    let all = packets
    packets[1].options.windowScale = nil
    #expect(try Reading(packets).segments.map(\.window) == [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF])
    #expect(
      try Reading(Array(all.dropFirst())).segments.map(\.window) == [0xFFFF, nil, nil]
    )
    #expect(
      try Reading(Array(packets.dropFirst())).segments.map(\.window) == [0xFFFF, 0xFFFF, 0xFFFF]
    )
    #expect(try Reading(Array(all.dropFirst(2))).segments.map(\.window) == [nil, nil])
  }

  @Test("both ends open: the windows of both are scaled, in a second incarnation too")
  func simultaneousOpen() throws {
    var talk = Talk()
    var packets: [PacketBuilder] = []
    for _ in 0..<2 {
      var first = talk.send(.syn, seq: 0)
      first.options.windowScale = 7
      var second = talk.send(fromServer: true, .syn, seq: 0)
      second.options.windowScale = 3
      var firstAnswer = first
      firstAnswer.flags = [.syn, .ack]
      firstAnswer.acknowledgment = talk.serverISN &+ 1
      var secondAnswer = second
      secondAnswer.flags = [.syn, .ack]
      secondAnswer.acknowledgment = talk.clientISN &+ 1
      packets += [first, second, firstAnswer, secondAnswer]
      packets.append(talk.send(.ack, seq: 1, ack: 1))
      packets.append(talk.send(fromServer: true, .ack, seq: 1, ack: 1))
      talk.clientISN &+= 100_000
      talk.serverISN &+= 200_000
    }
    let reading = try Reading(packets)
    let windows = [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF << 7, 0xFFFF << 3]
    #expect(reading.segments.map(\.window) == windows + windows)
  }

  @Test("without the SYNs the first number is 1, and a guess")
  func middle() throws {
    var talk = Talk()
    let packets = Array(talk.whole().dropFirst(4))
    let reading = try Reading(packets)
    #expect(
      reading.segments.map(\.sender) == [.first, .second, .first, .first, .second]
    )
    #expect(reading.segments.map(\.seq) == [1, 1, 1, 1, 2])
    #expect(reading.segments.map(\.ack) == [1, 1, 2, 2, 2])
    #expect(reading.segments.allSatisfy { $0.seqIsGuess && $0.ackIsGuess })
    #expect(reading.connections.first?.first == talk.server)
  }

  @Test("a SYN with ACK comes from the second end, though it comes first")
  func answerFirst() throws {
    var talk = Talk()
    var packets = talk.handshake()
    packets.swapAt(0, 1)
    let reading = try Reading(packets)
    #expect(reading.connections.map(\.first) == [talk.client])
    #expect(reading.segments.map(\.sender) == [.second, .first, .first])
    #expect(reading.segments.map(\.seq) == [0, 0, 1])
    #expect(reading.segments.map(\.ack) == [1, nil, 1])
    #expect(reading.segments.map(\.ackIsGuess) == [true, false, false])
    #expect(reading.segments.map(\.seqIsGuess) == [false, false, false])
  }

  @Test("an answer to a segment of a forgotten connection does not fix the numbers")
  func halfOpen() throws {
    var talk = Talk()
    var reset = talk.send(fromServer: true, [.rst, .ack], seq: 0, ack: 1)
    reset.sequence = 0
    let packets = [talk.send(.syn, seq: 0), reset] + talk.whole()
    let reading = try Reading(packets)
    let segments = reading.segments
    #expect(segments[1].seq == 1 && segments[1].seqIsGuess)
    #expect(segments.dropFirst(2).map(\.seq) == [0, 0, 1, 1, 1, 11, 1, 1, 12])
  }

  @Test("connections with themselves, and with the same port at both ends")
  func sameEndpoints() throws {
    var talk = Talk()
    talk.server = talk.client
    #expect(try Reading(talk.whole()).connections.count == 1)
    talk = Talk(clientPort: 8080)
    let reading = try Reading(talk.whole())
    #expect(reading.connections.count == 1)
    #expect(reading.segments.filter { $0.sender == .second }.count == 4)
  }
}
