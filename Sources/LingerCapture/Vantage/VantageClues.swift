/// Gathers what the segments of one connection tell about where they were captured, in few bytes: a
/// quarter of a million connections may be followed at once.
package struct VantageClues {
  private var first = Side()
  private var second = Side()
  /// Whether the opening was seen, which both ends answer at once; later an answer may wait.
  private var hasOpening = false

  /// What is known of one end.
  private struct Side {
    var seen = Seen()
    /// Segments with a bad checksum, as far as their number matters.
    var bad: UInt8 = 0
    var lowestTimeToLive = UInt8.max
    var highestTimeToLive = UInt8.min
    var turnaround = Turnaround()

    /// Some systems leave any number for the network card to fill in. Few segments are not enough:
    /// they may have been damaged.
    var hasNoGoodChecksum: Bool { bad >= Self.manyBad && !has(.good) }
    /// Time to live as systems set it, not yet counted down: RFC 1700's 64, and what others use.
    var hasInitialTimeToLive: Bool { [64, 128, 255].contains(lowestTimeToLive) }
    var hasOneTimeToLive: Bool { lowestTimeToLive == highestTimeToLive }
    static let manyBad: UInt8 = 3

    func has(_ clue: Seen) -> Bool { seen.rawValue & clue.rawValue != 0 }
  }

  /// What was seen of an end at least once.
  private struct Seen: OptionSet {
    var rawValue: UInt8 = 0

    static let sent = Seen(rawValue: 1)
    static let outgoing = Seen(rawValue: 2)
    static let incoming = Seen(rawValue: 4)
    static let foreign = Seen(rawValue: 8)
    /// Checksums of segments that are no super-segments: a received one of those has a sum that
    /// the network card made up.
    static let partial = Seen(rawValue: 16)
    static let good = Seen(rawValue: 32)

    mutating func note(_ clue: Seen) { rawValue |= clue.rawValue }
  }

  package init() {}

  /// Takes a segment of the connection in.
  package mutating func add(_ event: SegmentEvent) {
    if event.flags.contains(.syn) { hasOpening = true }
    switch event.sender {
    case .first: Self.add(event, &first, &second)
    case .second: Self.add(event, &second, &first)
    }
  }

  @inline(__always)
  private static func add(_ event: SegmentEvent, _ own: inout Side, _ other: inout Side) {
    own.seen.note(.sent)
    switch event.passing {
    case .unknown: break
    case .outgoing: own.seen.note(.outgoing)
    case .incoming: own.seen.note(.incoming)
    case .foreign: own.seen.note(.foreign)
    }
    if !event.isSuperSegment {
      switch event.checksum {
      case .partial: own.seen.note(.partial)
      case .good: own.seen.note(.good)
      case .bad: own.bad = min(own.bad + 1, Side.manyBad)
      case .unknown: break
      }
    }
    own.lowestTimeToLive = min(own.lowestTimeToLive, event.timeToLive)
    own.highestTimeToLive = max(own.highestTimeToLive, event.timeToLive)
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
  package func guess(of connection: CapturedConnection) -> VantageGuess {
    let guess =
      byAddress(connection) ?? byPacketType(connection) ?? byChecksum(connection)
      ?? byTimeToLive(connection) ?? byTurnaround(connection) ?? byOneAnswer(connection)
      ?? bySilence(connection)
    return guess ?? VantageGuess(.unknown, "nothing tells where the capture was made")
  }

  private func byAddress(_ connection: CapturedConnection) -> VantageGuess? {
    let (one, other) = (connection.first.address, connection.second.address)
    guard one == other || (one.isLoopback && other.isLoopback) else { return nil }
    return VantageGuess(.both, "\(one) and \(other) are one host")
  }

  /// Linux notes of each frame whether it came or went.
  private func byPacketType(_ connection: CapturedConnection) -> VantageGuess? {
    switch (first.has(.outgoing), second.has(.outgoing)) {
    case (true, true):
      if isRouted { return VantageGuess(.midway, "the frames of both ends were forwarded") }
      return VantageGuess(.both, "the frames of both ends went out from the capturing host")
    case (true, false): return sent(.first, connection)
    case (false, true): return sent(.second, connection)
    case (false, false): break
    }
    if first.has(.foreign) || second.has(.foreign) {
      return VantageGuess(.midway, "the frames were of other hosts")
    }
    switch (first.has(.incoming), second.has(.incoming)) {
    case (true, false): return received(.first, connection)
    case (false, true): return received(.second, connection)
    default: return nil
    }
  }

  private func sent(
    _ end: ConnectionEnd,
    _ connection: CapturedConnection
  ) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end), "the frames of \(name) went out from the capturing host")
  }

  private func received(
    _ end: ConnectionEnd,
    _ connection: CapturedConnection
  ) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end.other), "the frames of \(name) came to the capturing host")
  }

  /// A checksum is left to the network card by the host that sends. Between two interfaces of one
  /// host it is never filled in.
  private func byChecksum(_ connection: CapturedConnection) -> VantageGuess? {
    switch (first.has(.partial), second.has(.partial)) {
    case (true, true):
      return VantageGuess(.both, "the checksums of both ends were left to a network card")
    case (true, false): return unfinished(.first, connection)
    case (false, true): return unfinished(.second, connection)
    case (false, false): break
    }
    switch (first.hasNoGoodChecksum, second.hasNoGoodChecksum) {
    case (true, false) where second.has(.good): return unfinished(.first, connection)
    case (false, true) where first.has(.good): return unfinished(.second, connection)
    default: return nil
    }
  }

  private func unfinished(
    _ end: ConnectionEnd,
    _ connection: CapturedConnection
  ) -> VantageGuess {
    let name = connection.endpoint(end)
    return VantageGuess(.end(end), "the checksums of \(name) were left to the network card")
  }

  /// Whether the frames of both ends have come through a router.
  private var isRouted: Bool {
    first.hasOneTimeToLive && second.hasOneTimeToLive && !first.hasInitialTimeToLive
      && !second.hasInitialTimeToLive
  }

  private func byTimeToLive(_ connection: CapturedConnection) -> VantageGuess? {
    guard first.hasOneTimeToLive && second.hasOneTimeToLive else { return nil }
    if isRouted {
      let (one, other) = (first.lowestTimeToLive, second.lowestTimeToLive)
      return VantageGuess(
        .midway,
        "the packets of both ends have come through routers: their times to live are "
          + "\(one) and \(other)"
      )
    }
    guard first.hasInitialTimeToLive != second.hasInitialTimeToLive else { return nil }
    let near: ConnectionEnd = first.hasInitialTimeToLive ? .first : .second
    let (one, other) = (first.lowestTimeToLive, second.lowestTimeToLive)
    let (nearTime, farTime) = near == .first ? (one, other) : (other, one)
    let name = connection.endpoint(near)
    return VantageGuess(
      .end(near),
      "the packets of \(name) have a first time to live, \(nearTime), those of the other end have "
        + "come through routers (\(farTime))"
    )
  }

  /// The answers of the far end took its time and the way twice.
  private func byTurnaround(_ connection: CapturedConnection) -> VantageGuess? {
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
  private func byOneAnswer(_ connection: CapturedConnection) -> VantageGuess? {
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
  private func bySilence(_ connection: CapturedConnection) -> VantageGuess? {
    guard first.has(.sent) != second.has(.sent) else { return nil }
    let end: ConnectionEnd = first.has(.sent) ? .first : .second
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
  /// The highest number that it was sent, and when that passed, while it waits for its
  /// acknowledgment.
  private var highest = Int64.min
  private var asked = Self.never
  private var fastest = Int64.max

  private static let never = Int64.min

  var shortest: Int64? { fastest == .max ? nil : fastest }

  mutating func ask(_ number: Int64, at time: Int64) {
    // What is sent again may be answered for its first copy: Karn's algorithm.
    if number <= highest {
      asked = Self.never
      return
    }
    highest = number
    asked = time
  }

  /// A RST, and a SYN with ACK, answer whatever came last.
  mutating func answerLatest(at time: Int64) { answer(highest, at: time) }

  mutating func answer(_ number: Int64, at time: Int64) {
    guard asked != Self.never, number >= highest else { return }
    let since = asked
    asked = Self.never
    // A clock that went back tells nothing.
    guard time >= since else { return }
    fastest = min(fastest, time - since)
  }
}
