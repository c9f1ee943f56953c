import LingerCapture
import Testing

/// Two captures of the same connections, from both ends.
@Suite struct PairTests {
  private func record(_ packets: [(Int64, PacketBuilder)]) throws -> RecordedCapture {
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .raw)
    for (milliseconds, packet) in packets {
      writer.append(packet.packet(), time: Talk.start + milliseconds * 1_000_000)
    }
    var recorded = RecordedCapture()
    for event in try Reading(writer.bytes).events { recorded.add(event) }
    return recorded
  }

  /// What became of the segments from client to server: "lost", "whole" and so on.
  private func fates(
    _ sent: [(Int64, PacketBuilder)],
    _ received: [(Int64, PacketBuilder)]
  ) throws -> [String] {
    let pair = CapturePair(here: try record(sent), there: try record(received)) { _ in .first }
    return try #require(pair.connections.first).away.map(fate)
  }

  private func fate(_ journey: Journey) -> String {
    var words: [String] = []
    if journey.sent == nil { words.append("not sent") }
    if journey.isLost { words.append("lost") }
    if journey.isDuplicated { words.append("duplicated") }
    if journey.isOvertaken { words.append("overtaken") }
    if journey.isRecut { words.append("recut") }
    if journey.isAmbiguous { words.append("ambiguous") }
    return words.isEmpty ? "whole" : words.joined(separator: ", ")
  }

  @Test("lost, duplicated, overtaken, made up")
  func fates() throws {
    var talk = Talk()
    let sent = (0..<5).map { place in
      (Int64(place), talk.send([.psh, .ack], seq: 1 + UInt32(place) * 10, ack: 1, length: 10))
    }
    var forged = sent[4].1
    forged.flags = .rst
    forged.ipID = 999
    let received: [(Int64, PacketBuilder)] = [
      (102, sent[1].1), (103, sent[0].1), (104, sent[3].1), (105, forged), (106, sent[4].1),
      (107, sent[4].1),
    ]
    #expect(
      try fates(sent, received)
        == ["overtaken", "whole", "lost", "whole", "duplicated", "not sent"]
    )
    #expect(
      try fates(sent, [2, 0, 1, 3, 4].map { (100 + Int64($0), sent[$0].1) })
        == ["overtaken", "overtaken", "whole", "whole", "whole"]
    )
    #expect(try fates(sent, sent) == Array(repeating: "whole", count: 5))
  }

  @Test("of segments that look the same, the one is lost that cannot have arrived")
  func ambiguous() throws {
    var talk = Talk()
    let start = (Int64(0), talk.send(.syn, seq: 0))
    var copy = talk.send(.ack, seq: 1, ack: 1)
    copy.ipID = 0
    // The server's clock is 100 ms ahead; the way takes 10 ms.
    let sent = [start, (1000, copy), (2000, copy), (3000, copy)]
    #expect(
      try fates(sent, [(110, start.1), (2110, copy)])
        == ["whole", "lost, ambiguous", "ambiguous", "lost, ambiguous"]
    )
    #expect(
      try fates(sent, [(110, start.1), (1110, copy), (3110, copy)])
        == ["whole", "ambiguous", "lost, ambiguous", "ambiguous"]
    )
  }

  @Test("what a network card cuts or puts together is not lost")
  func recut() throws {
    var talk = Talk()
    let large = talk.send([.psh, .ack], seq: 1, ack: 1, length: 3000)
    let parts = (0..<3).map { place in
      talk.send(.ack, seq: 1 + UInt32(place) * 1000, ack: 1, length: 1000)
    }
    let after = talk.send([.fin, .ack], seq: 3001, ack: 1)
    let cut: [(Int64, PacketBuilder)] = [(0, large), (9, after)]
    var whole = parts.enumerated().map { (Int64($0.offset), $0.element) }
    whole.append((9, after))
    #expect(try fates(cut, whole) == ["recut", "whole"])
    #expect(try fates(whole, cut) == ["recut", "recut", "recut", "whole"])
    // A part is missing: the whole cannot be said to have arrived.
    let broken = [whole[0], whole[2], whole[3]]
    #expect(try fates(cut, broken) == ["lost", "whole", "not sent", "not sent"])
  }

  @Test("connections that one capture does not have")
  func connections() throws {
    var talk = Talk()
    var other = Talk(clientPort: 7)
    let one = try record(talk.whole().map { (0, $0) })
    let two = try record((talk.whole() + other.whole()).map { (0, $0) })
    let pair = CapturePair(here: one, there: two) { _ in .first }
    #expect(pair.connections.count == 1)
    #expect(pair.onlyHere == [])
    #expect(pair.onlyThere.map(\.first.port) == [7])
    #expect(CapturePair(here: two, there: one) { _ in nil }.connections.count == 0)
    #expect(!pair.isIncomplete)
    let stopped = CapturePair(here: two, there: one, shouldStop: { true }) { _ in .first }
    #expect(stopped.isIncomplete)
  }

  @Test("a capture that began late takes the other end for the first")
  func late() throws {
    var talk = Talk()
    let packets = talk.whole().map { (Int64(0), $0) }
    #expect(
      try fates(packets, Array(packets.dropFirst(4))) == ["lost", "lost", "lost", "whole", "whole"]
    )
  }

  @Test(
    "real captures: what became of each segment is what the relay did",
    .enabled(if: RealCapture.areThere, "no captures beside the project"),
    arguments: RealCapture.all
  )
  func real(_ capture: RealCapture) throws {
    guard let log = capture.label.log?.filter({ $0.flags != nil }) else { return }
    let captures = ["A", "B"].map { end in
      var recorded = RecordedCapture()
      for event in Reading(path: capture.path(end)).events { recorded.add(event) }
      return recorded
    }
    let pair = CapturePair(here: captures[0], there: captures[1]) { connection in
      connection.first.port == 8080 ? .second : .first
    }
    for (end, other) in [("A", "B"), ("B", "A")] {
      let journeys = pair.connections.flatMap { end == "A" ? $0.away : $0.back }
        .sorted { ($0.sent?.frame ?? .max) < ($1.sent?.frame ?? .max) }
      let sent = log.filter { $0.ev == "sent" && $0.end == end }
      let came = log.filter { $0.ev != "sent" && $0.end == other }
      // A connection of which one capture has nothing is not paired.
      guard pair.onlyHere.isEmpty && pair.onlyThere.isEmpty else { continue }
      let arrivals = pair.connections.flatMap { end == "A" ? $0.away : $0.back }
        .flatMap(\.arrivals).map(\.frame).sorted()
      #expect(arrivals.count == came.count, "\(capture): each arrival has one journey")
      for (journey, entry) in zip(journeys, sent) {
        let expected = came.indices.filter { came[$0].ev == "deliver" && came[$0].n == entry.n }
          .map { arrivals[$0] }
        let found = journey.arrivals.map(\.frame)
        // A segment that the relay replayed looks like another arrival of the first.
        let replayed = found.filter { frame in
          arrivals.firstIndex(of: frame).map { came[$0].ev == "inject" } ?? false
        }
        #expect(
          found.filter { !replayed.contains($0) } == expected,
          "\(capture) \(end) \(entry.n ?? -1)"
        )
      }
    }
  }
}
