import LingerCapture
package import LingerModel
package import LingerReport

/// A capture that was judged, with its connections kept for a comparison with the other end's.
package struct HeldCapture {
  package var input: ConformedSpec.Input
  /// Nil where it has more segments than are kept.
  let recorded: RecordedCapture?
  /// By connection: the end at which the capture was made, where that is known.
  let ends: [Int: ConnectionEnd]

  init(input: ConformedSpec.Input, recorded: RecordedCapture?, ends: [Int: ConnectionEnd]) {
    self.input = input
    self.recorded = recorded
    self.ends = ends
  }
}

/// What two captures of the same connections, one made at each end, say of the way between them,
/// and of each other's findings.
package struct ComparedEnds {
  private let pair: CapturePair
  package private(set) var first: ConformedSpec.Input
  package private(set) var second: ConformedSpec.Input
  /// Nil where no connection is in both.
  package private(set) var comparison: ComparedCaptures?

  package init(_ first: HeldCapture, _ second: HeldCapture, _ budget: Budget = .unlimited) {
    self.first = first.input
    self.second = second.input
    var result = ComparedCaptures(first: first.input.path, second: second.input.path)
    guard let here = first.recorded, let there = second.recorded else {
      pair = CapturePair(here: RecordedCapture(), there: RecordedCapture(), endHere: { _ in nil })
      result.notes = ["the captures are too large to be compared"]
      comparison = result
      return
    }
    var theirEnds: [String: Endpoint] = [:]
    for connection in there.connections {
      guard let end = second.ends[connection.number] else { continue }
      theirEnds[Self.key(connection)] = connection.endpoint(end)
    }
    var sameEnd = 0
    let isStopped = { budget.isExhausted }
    pair = CapturePair(here: here, there: there, shouldStop: isStopped) { connection in
      let theirs = theirEnds[Self.key(connection)]
      guard let own = first.ends[connection.number] else {
        // The other capture tells: this one was made at the end where that was not.
        return ConnectionEnd.allCases.first { theirs != nil && connection.endpoint($0) != theirs }
      }
      if connection.endpoint(own) == theirs {
        sameEnd += 1
        return nil
      }
      return own
    }
    let common = here.connections.count - pair.onlyHere.count
    guard common > 0 else { return }
    if sameEnd > 0 {
      result.notes.append(
        "\(count(sameEnd, "connection")) seen at the same end in both: nothing to compare"
      )
    }
    let unknown = common - pair.connections.count - sameEnd
    if unknown > 0, !pair.isIncomplete {
      result.notes.append(
        "\(count(unknown, "connection")) of which nothing tells at which end each capture was made"
      )
    }
    if pair.isIncomplete { result.notes.append("stopped before all connections were compared") }
    result.connections = pair.connections.map { Self.compared($0) }
    comparison = result
    for connection in pair.connections {
      let end = connection.here.endpoint(connection.end)
      let other = connection.here.endpoint(connection.end.other)
      let evidence = Evidence(connection, here: first.input.path, there: second.input.path)
      self.first.settle(connection.here.description, madeAt: end, evidence.here)
      self.second.settle(connection.there.description, madeAt: other, evidence.there)
    }
  }

  /// A connection by its two endpoints, whoever came first.
  private static func key(_ connection: CapturedConnection) -> String {
    [connection.first, connection.second].sorted().map(\.description).joined(separator: " ")
  }

  private static func compared(_ connection: CapturePair.PairedConnection) -> ComparedConnection {
    func way(_ journeys: [Journey], from end: ConnectionEnd, isAway: Bool) -> ComparedConnection.Way
    {
      var way = ComparedConnection.Way(
        from: connection.here.endpoint(end).description,
        isFromFirst: isAway
      )
      for journey in journeys {
        if journey.sent != nil { way.sent += 1 }
        way.note(journey)
      }
      return way
    }
    return ComparedConnection(
      name: connection.here.description,
      ways: [
        way(connection.away, from: connection.end, isAway: true),
        way(connection.back, from: connection.end.other, isAway: false),
      ]
    )
  }
}

extension ComparedConnection.Way {
  fileprivate mutating func note(_ journey: Journey) {
    let arrivals = journey.arrivals.map(\.frame)
    func add(_ fate: ComparedConnection.Fate.Kind) {
      fates.append(
        ComparedConnection.Fate(kind: fate, sent: journey.sent?.frame, arrivals: arrivals)
      )
    }
    if journey.sent == nil { add(.notSeenLeaving) }
    if journey.isLost { add(.lost) }
    if journey.isDuplicated { add(.duplicated) }
    if journey.isOvertaken { add(.overtaken) }
  }
}

/// What each capture says of the frames of the other, by frame.
private struct Evidence {
  var here: [Int: String] = [:]
  var there: [Int: String] = [:]

  init(_ connection: CapturePair.PairedConnection, here first: String, there second: String) {
    for journey in connection.away { Self.add(journey, at: second, from: first, &here, &there) }
    for journey in connection.back { Self.add(journey, at: first, from: second, &there, &here) }
  }

  /// `sender` is told of the frames of the capture at the sender's end.
  private static func add(
    _ journey: Journey,
    at receiverPath: String,
    from senderPath: String,
    _ sender: inout [Int: String],
    _ receiver: inout [Int: String]
  ) {
    let arrivals = journey.arrivals.map(\.frame)
    if let sent = journey.sent {
      sender[sent.frame] =
        arrivals.isEmpty
        ? "it was lost on the way: \(receiverPath) does not have it"
        : "it arrived: \(frames(arrivals)) of \(receiverPath)"
      for arrival in arrivals {
        receiver[arrival] = "it was sent: frame \(sent.frame) of \(senderPath)"
      }
    } else {
      for arrival in arrivals {
        receiver[arrival] =
          "\(senderPath) does not have it: its sender never sent it, or that capture lost it"
      }
    }
  }

  private static func frames(_ numbers: [Int]) -> String {
    let list = numbers.map { "\($0)" }.joined(separator: ", ")
    return numbers.count == 1 ? "frame \(list)" : "frames \(list)"
  }
}

extension ConformedSpec.Input {
  /// The capture was made at this end: the other one is judged from its own capture, and what was
  /// open for want of knowing it is not.
  fileprivate mutating func settle(
    _ name: String,
    madeAt end: Endpoint,
    _ evidence: [Int: String]
  ) {
    let own = traces.contains { $0.name == name && $0.subject == "\(end)" }
    for place in traces.indices.reversed() where traces[place].name == name {
      let before = traces[place].verdict
      if own, traces[place].subject != "\(end)" {
        counts[before, default: 0] -= 1
        traces.remove(at: place)
        continue
      }
      if traces[place].isOpenForVantage {
        traces[place].verdict = .violates
        traces[place].reason = nil
        traces[place].isOpenForVantage = false
        traces[place].vantage = "the other capture was made at the other end"
        counts[before, default: 0] -= 1
        counts[.violates, default: 0] += 1
      }
      traces[place].finding?.take(evidence)
    }
  }
}

extension ConformanceFinding {
  fileprivate mutating func take(_ evidence: [Int: String]) {
    elsewhere = evidence[place]
    for number in explanations.indices {
      guard let frame = explanations[number].place else { continue }
      explanations[number].evidence = evidence[frame]
    }
  }
}
