/// Gathers what the segments of one connection tell about where they were captured.
package struct VantageClues {
  private let connection: CapturedConnection
  private var first = Side()
  private var second = Side()
  /// Whether the opening was seen, which both ends answer at once; later an answer may wait.
  private var hasOpening = false

  /// What is known of one end.
  private struct Side {
    var outgoing = 0
    var incoming = 0
    var foreign = 0
    /// Checksums of segments that are no super-segments: a received one of those has a sum that
    /// the network card made up.
    var partial = 0
    var good = 0
    var bad = 0
    var lowestTimeToLive = UInt8.max
    var highestTimeToLive = UInt8.min
    var turnaround = Turnaround()
    var hasSent = false

    /// Some systems leave any number for the network card to fill in. Few segments are not enough:
    /// they may have been damaged.
    var hasNoGoodChecksum: Bool { bad >= 3 && good == 0 }
    /// Time to live as systems set it, not yet counted down: RFC 1700's 64, and what others use.
    var hasInitialTimeToLive: Bool { [64, 128, 255].contains(lowestTimeToLive) }
    var hasOneTimeToLive: Bool { lowestTimeToLive == highestTimeToLive }
  }

  package init(_ connection: CapturedConnection) { self.connection = connection }

  /// Takes a segment of the connection in.
  package mutating func add(_ event: SegmentEvent) {
    if event.flags.contains(.syn) { hasOpening = true }
    switch event.sender {
    case .first: Self.add(event, &first, &second)
    case .second: Self.add(event, &second, &first)
    }
  }

  private static func add(_ event: SegmentEvent, _ own: inout Side, _ other: inout Side) {
    switch event.passing {
    case .unknown: break
    case .outgoing: own.outgoing += 1
    case .incoming: own.incoming += 1
    case .foreign: own.foreign += 1
    }
    if !event.isSuperSegment {
      if event.checksum == .partial { own.partial += 1 }
      if event.checksum == .good { own.good += 1 }
      if event.checksum == .bad { own.bad += 1 }
    }
    own.lowestTimeToLive = min(own.lowestTimeToLive, event.timeToLive)
    own.highestTimeToLive = max(own.highestTimeToLive, event.timeToLive)
    own.hasSent = true
    if event.flags.contains(.rst) || event.flags.isSuperset(of: .synAck) {
      own.turnaround.answerLatest(at: event.time)
    } else if let ack = event.ack {
      own.turnaround.answer(ack, at: event.time)
    }
    if event.end > event.seq && !event.flags.contains(.rst) {
      other.turnaround.ask(event.end, at: event.time)
    }
  }

  /// The vantage that the clues speak for, the surest kind of clue first.
  package func guess() -> VantageGuess {
    let guess =
      byAddress() ?? byPacketType() ?? byChecksum() ?? byTimeToLive()
      ?? byTurnaround() ?? byOneAnswer() ?? bySilence()
    return guess ?? VantageGuess(.unknown, "nothing tells where the capture was made")
  }

  private func byAddress() -> VantageGuess? {
    let (one, other) = (connection.first.address, connection.second.address)
    guard one == other || (one.isLoopback && other.isLoopback) else { return nil }
    return VantageGuess(.both, "\(one) and \(other) are one host")
  }

  /// Linux notes of each frame whether it came or went.
  private func byPacketType() -> VantageGuess? {
    switch (first.outgoing > 0, second.outgoing > 0) {
    case (true, true):
      if isRouted { return VantageGuess(.midway, "the frames of both ends were forwarded") }
      return VantageGuess(.both, "the frames of both ends went out from the capturing host")
    case (true, false): return sent(.first)
    case (false, true): return sent(.second)
    case (false, false): break
    }
    if first.foreign + second.foreign > 0 {
      return VantageGuess(.midway, "the frames were of other hosts")
    }
    switch (first.incoming > 0, second.incoming > 0) {
    case (true, false): return received(.first)
    case (false, true): return received(.second)
    default: return nil
    }
  }

  private func sent(_ end: ConnectionEnd) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end), "the frames of \(name) went out from the capturing host")
  }

  private func received(_ end: ConnectionEnd) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end.other), "the frames of \(name) came to the capturing host")
  }

  /// A checksum is left to the network card by the host that sends. Between two interfaces of one
  /// host it is never filled in.
  private func byChecksum() -> VantageGuess? {
    switch (first.partial > 0, second.partial > 0) {
    case (true, true):
      return VantageGuess(.both, "the checksums of both ends were left to a network card")
    case (true, false): return unfinished(.first)
    case (false, true): return unfinished(.second)
    case (false, false): break
    }
    switch (first.hasNoGoodChecksum, second.hasNoGoodChecksum) {
    case (true, false) where second.good > 0: return unfinished(.first)
    case (false, true) where first.good > 0: return unfinished(.second)
    default: return nil
    }
  }

  private func unfinished(_ end: ConnectionEnd) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end), "the checksums of \(name) were left to the network card")
  }

  /// Whether the frames of both ends have come through a router.
  private var isRouted: Bool {
    first.hasOneTimeToLive && second.hasOneTimeToLive && !first.hasInitialTimeToLive
      && !second.hasInitialTimeToLive
  }

  private func byTimeToLive() -> VantageGuess? {
    guard first.hasOneTimeToLive && second.hasOneTimeToLive else { return nil }
    if isRouted {
      return VantageGuess(
        .midway,
        "the packets of both ends have come through routers: their times to live are "
          + "\(first.lowestTimeToLive) and \(second.lowestTimeToLive)"
      )
    }
    guard first.hasInitialTimeToLive != second.hasInitialTimeToLive else { return nil }
    let near: ConnectionEnd = first.hasInitialTimeToLive ? .first : .second
    let (nearSide, farSide) = near == .first ? (first, second) : (second, first)
    return VantageGuess(
      .end(near),
      "the packets of \(connection.endpoint(near)) have a first time to live, "
        + "\(nearSide.lowestTimeToLive), those of the other end have come through routers "
        + "(\(farSide.lowestTimeToLive))"
    )
  }

  /// The answers of the far end took its time and the way twice.
  private func byTurnaround() -> VantageGuess? {
    guard let firstTime = first.turnaround.shortest, let secondTime = second.turnaround.shortest
    else { return nil }
    let near: ConnectionEnd = firstTime < secondTime ? .first : .second
    let (nearTime, farTime) = (min(firstTime, secondTime), max(firstTime, secondTime))
    let longest = hasOpening ? Self.longestNear : Self.fasterThanNetworks
    guard nearTime <= longest && farTime >= nearTime * Self.clearRatio,
      farTime - nearTime >= Self.clearDifference
    else { return nil }
    return VantageGuess(
      .end(near),
      "\(connection.endpoint(near)) answered within \(microseconds(nearTime)), "
        + "\(connection.endpoint(near.other)) took \(microseconds(farTime))"
    )
  }

  /// Where one end alone has answered: no network is faster than a host, nor a host slower than
  /// most networks.
  private func byOneAnswer() -> VantageGuess? {
    let end: ConnectionEnd
    let time: Int64
    switch (first.turnaround.shortest, second.turnaround.shortest) {
    case (let shortest?, nil): (end, time) = (.first, shortest)
    case (nil, let shortest?): (end, time) = (.second, shortest)
    default: return nil
    }
    let isNear = time <= Self.fasterThanNetworks
    guard isNear || time >= Self.slowerThanHosts else { return nil }
    return VantageGuess(
      .end(isNear ? end : end.other),
      "\(connection.endpoint(end)) answered within \(microseconds(time)), and the other end never"
    )
  }

  /// An end that sends is seen where it is; one that is never seen to send is elsewhere.
  private func bySilence() -> VantageGuess? {
    guard first.hasSent != second.hasSent else { return nil }
    let end: ConnectionEnd = first.hasSent ? .first : .second
    return VantageGuess(.end(end), "only frames of \(connection.endpoint(end)) were captured")
  }

  private func microseconds(_ time: Int64) -> String { "\((time + 500) / 1000) µs" }

  /// Nanoseconds; a host that takes more for its fastest answer is not where the capture is.
  private static let longestNear: Int64 = 1_000_000
  /// How much longer the far end must have taken than the near one.
  private static let clearRatio: Int64 = 2
  /// Nanoseconds: the fastest way to another host and back, and what an idle host takes.
  private static let fasterThanNetworks: Int64 = 100_000
  private static let slowerThanHosts: Int64 = 200_000
  /// Nanoseconds that a host may take more or less for an answer.
  private static let clearDifference: Int64 = 10_000
}

/// How fast an end acknowledges what it gets.
private struct Turnaround {
  private(set) var shortest: Int64?
  /// The highest number that waits for its acknowledgment, and when it passed.
  private var question: (number: Int64, time: Int64)?
  private var highest = Int64.min

  mutating func ask(_ number: Int64, at time: Int64) {
    // What is sent again may be answered for its first copy: Karn's algorithm.
    if number <= highest {
      question = nil
      return
    }
    highest = number
    question = (number, time)
  }

  /// A RST, and a SYN with ACK, answer whatever came last.
  mutating func answerLatest(at time: Int64) {
    guard let question else { return }
    answer(question.number, at: time)
  }

  mutating func answer(_ number: Int64, at time: Int64) {
    guard let question, number >= question.number else { return }
    self.question = nil
    // A clock that went back tells nothing.
    guard time >= question.time else { return }
    shortest = min(shortest ?? .max, time - question.time)
  }
}
