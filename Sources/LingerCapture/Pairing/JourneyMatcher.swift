/// What makes two frames one segment: header fields that no router changes.
private struct SegmentIdentity: Hashable {
  var seq: UInt32
  var ack: UInt32
  var flags: TCPFlags
  var length: Int
  var ipID: UInt16

  init(_ event: SegmentEvent) {
    seq = event.wireSeq
    ack = event.ack == nil ? 0 : event.wireAck
    flags = event.flags
    length = event.payloadLength
    ipID = event.ipID
  }
}

/// Finds the journeys of the segments of one direction of a connection.
struct JourneyMatcher {
  private let sent: [SegmentEvent]
  private let received: [SegmentEvent]
  /// For each sent segment, its arrivals as places in `received`.
  private var arrivals: [[Int]]
  private var isUsed: [Bool]
  private var isRecut: [Bool]
  private var isAmbiguous: [Bool]

  /// The journeys in the order of sending; then those that were not sent, as they arrived.
  static func journeys(sent: [SegmentEvent], received: [SegmentEvent]) -> [Journey] {
    var matcher = JourneyMatcher(sent: sent, received: received)
    matcher.matchIdentical()
    matcher.matchCut()
    matcher.matchMerged()
    return matcher.result()
  }

  private init(sent: [SegmentEvent], received: [SegmentEvent]) {
    self.sent = sent
    self.received = received
    arrivals = Array(repeating: [], count: sent.count)
    isUsed = Array(repeating: false, count: received.count)
    isRecut = Array(repeating: false, count: sent.count)
    isAmbiguous = isRecut
  }

  private mutating func matchIdentical() {
    var sentPlaces: [SegmentIdentity: [Int]] = [:]
    for (place, event) in sent.enumerated() {
      sentPlaces[SegmentIdentity(event), default: []].append(place)
    }
    var receivedPlaces: [SegmentIdentity: [Int]] = [:]
    for (place, event) in received.enumerated() {
      receivedPlaces[SegmentIdentity(event), default: []].append(place)
    }
    // The shortest way of a segment that is the only one of its kind, in the two clocks.
    var shortest = Int64.max
    for (place, event) in sent.enumerated() {
      let identity = SegmentIdentity(event)
      guard sentPlaces[identity]?.count == 1, let arrival = receivedPlaces[identity]?.first
      else { continue }
      shortest = min(shortest, received[arrival].time - sent[place].time)
    }
    for (place, event) in sent.enumerated() {
      let identity = SegmentIdentity(event)
      guard let copies = sentPlaces[identity], copies.first == place,
        let came = receivedPlaces[identity]
      else { continue }
      assign(came, to: copies, shortest: shortest)
    }
  }

  /// Shares the arrivals of segments that look the same among those that were sent.
  private mutating func assign(_ came: [Int], to copies: [Int], shortest: Int64) {
    for place in came { isUsed[place] = true }
    if copies.count == 1 {
      arrivals[copies[0]] = came
      return
    }
    if copies.count == came.count {
      for (copy, place) in zip(copies, came) { arrivals[copy] = [place] }
      return
    }
    for copy in copies { isAmbiguous[copy] = true }
    // Each is taken for the last that had been sent by then, of those that did not arrive yet.
    for place in came {
      let latest = shortest == .max ? .max : received[place].time - shortest
      let before = copies.filter { sent[$0].time <= latest }
      let copy =
        before.last { arrivals[$0].isEmpty } ?? before.last
        ?? copies.first { arrivals[$0].isEmpty } ?? copies[0]
      arrivals[copy].append(place)
    }
  }

  /// Super-segments of the sender arrive as several.
  private mutating func matchCut() {
    var starts = Starts(received.indices.filter { !isUsed[$0] && received[$0].payloadLength > 0 }) {
      received[$0].wireSeq
    }
    for place in sent.indices where arrivals[place].isEmpty && sent[place].payloadLength > 0 {
      let parts = starts.chain(
        from: sent[place].wireSeq,
        length: sent[place].payloadLength
      ) { received[$0].payloadLength }
      guard let parts else { continue }
      arrivals[place] = parts
      isRecut[place] = true
      for part in parts { isUsed[part] = true }
    }
  }

  /// Several segments arrive as one super-segment.
  private mutating func matchMerged() {
    let left = sent.indices.filter { arrivals[$0].isEmpty && sent[$0].payloadLength > 0 }
    var starts = Starts(left) { sent[$0].wireSeq }
    for place in received.indices where !isUsed[place] && received[place].payloadLength > 0 {
      let parts = starts.chain(
        from: received[place].wireSeq,
        length: received[place].payloadLength
      ) { sent[$0].payloadLength }
      guard let parts else { continue }
      isUsed[place] = true
      for part in parts {
        arrivals[part] = [place]
        isRecut[part] = true
      }
    }
  }

  /// Segments with data by their first number.
  private struct Starts {
    private var places: [UInt32: [Int]] = [:]

    init(_ list: [Int], _ start: (Int) -> UInt32) {
      // The first is the last of each list, where it is taken from.
      for place in list.reversed() { places[start(place), default: []].append(place) }
    }

    /// Takes segments that follow on one another and fill a range exactly.
    mutating func chain(from start: UInt32, length: Int, _ size: (Int) -> Int) -> [Int]? {
      var parts: [Int] = []
      var done = 0
      while done < length {
        let next = start &+ UInt32(truncatingIfNeeded: done)
        guard let part = places[next]?.last, size(part) <= length - done else { return nil }
        parts.append(part)
        done += size(part)
      }
      var taken = start
      for part in parts {
        places[taken]?.removeLast()
        taken &+= UInt32(truncatingIfNeeded: size(part))
      }
      return parts
    }
  }

  private func result() -> [Journey] {
    var journeys = sent.indices.map { place in
      var journey = Journey(sent: sent[place], arrivals: arrivals[place].map { received[$0] })
      journey.isRecut = isRecut[place]
      journey.isAmbiguous = isAmbiguous[place]
      return journey
    }
    var earliest = Int.max
    for place in journeys.indices.reversed() {
      guard let first = arrivals[place].first else { continue }
      journeys[place].isOvertaken = earliest < first
      earliest = min(earliest, first)
    }
    for place in received.indices where !isUsed[place] {
      journeys.append(Journey(sent: nil, arrivals: [received[place]]))
    }
    return journeys
  }
}
