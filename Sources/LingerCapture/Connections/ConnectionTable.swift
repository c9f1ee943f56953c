/// Sorts segments by connection: an entry for each four-tuple, in memory that has a limit.
///
/// A SYN with another initial sequence number does not make a new connection: whether the old one
/// could have ended is for the spec to judge.
package struct ConnectionTable {
  package let limits: ConnectionLimits
  /// How many connections were opened.
  package private(set) var count = 0
  /// By place: what is followed, and apart from it what is looked at to find the oldest.
  private var followed: [FollowedConnection] = []
  private var entries: [Entry] = []
  private var freePlaces: [Int] = []
  private var places = PlaceTable()
  private var recent = RecentPlaces()
  private var ended = Queue()
  private var others = Queue()
  /// The latest time of any frame: entries grow old by the capture's own clock.
  private var clock = Int64.min

  /// A hash that nobody foresees, the same in both directions.
  private static func hash(_ one: Endpoint, _ other: Endpoint) -> UInt32 {
    let (low, high) = one < other ? (one, other) : (other, one)
    var hasher = Hasher()
    // In as few words as there are.
    if low.address.isIPv6 || high.address.isIPv6 {
      hasher.combine(low.address)
      hasher.combine(high.address)
    } else {
      hasher.combine(low.address.low << 32 | high.address.low)
    }
    hasher.combine(UInt32(low.port) << 16 | UInt32(high.port))
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }

  private struct Entry {
    var lastSeen: Int64
    var previous: Int32 = -1
    var next: Int32 = -1
    var isInEnded = false
  }

  /// Entries in the order of their last segments: a list through the entries.
  private struct Queue {
    private(set) var head = -1
    private var tail = -1

    mutating func append(_ place: Int, _ entries: inout [Entry]) {
      entries[place].previous = Int32(truncatingIfNeeded: tail)
      entries[place].next = -1
      if tail >= 0 {
        entries[tail].next = Int32(truncatingIfNeeded: place)
      } else {
        head = place
      }
      tail = place
    }

    mutating func unlink(_ place: Int, _ entries: inout [Entry]) {
      let (previous, next) = (entries[place].previous, entries[place].next)
      if previous >= 0 { entries[Int(previous)].next = next } else { head = Int(next) }
      if next >= 0 { entries[Int(next)].previous = previous } else { tail = Int(previous) }
    }
  }

  package init(limits: ConnectionLimits = ConnectionLimits()) {
    self.init(limits: limits, count: 0)
    // Room that is not used costs nothing, and what is there is never copied.
    followed.reserveCapacity(limits.mostConnections)
    entries.reserveCapacity(limits.mostConnections)
  }

  /// How many connections are followed.
  package var followedCount: Int { places.count }
  /// How many connections there is memory for.
  var entryCount: Int { entries.count }

  /// Takes the next segment in, and tells what is dropped before it, what opens, and the segment.
  ///
  /// - Parameters:
  ///   - segment: what comes.
  ///   - frame: what it came in.
  ///   - listener: is told.
  /// - Returns: what is told of its checksum.
  @discardableResult
  package mutating func take(
    _ segment: TCPSegment,
    of frame: CapturedFrame,
    telling listener: inout some CaptureListener
  ) -> ChecksumStatus {
    clock = max(clock, frame.time)
    dropOld(&listener)
    let place = place(of: segment, frame, &listener)
    let event = followed[place].take(segment, frame)
    entries[place].lastSeen = clock
    let isEnded = followed[place].isEnded
    if isEnded != entries[place].isInEnded || entries[place].next >= 0 {
      unlink(place)
      entries[place].isInEnded = isEnded
      append(place)
    }
    listener.hear(event, of: followed[place].connection)
    return event.checksum
  }

  /// Drops all that is left, in the order of their numbers.
  package mutating func finish(telling listener: inout some CaptureListener) {
    // In their order in memory, which is mostly that of their numbers.
    var isFree = [Bool](repeating: false, count: entries.count)
    for place in freePlaces { isFree[place] = true }
    let left = isFree.indices.filter { !isFree[$0] }
      .map { (number: followed[$0].connection.number, place: $0) }
    for (_, place) in left.sorted(by: { $0.number < $1.number }) {
      listener.hear(dropped: followed[place].connection, .endOfCapture)
    }
    self = ConnectionTable(limits: limits, count: count)
  }

  private init(limits: ConnectionLimits, count: Int) {
    self.limits = limits
    self.count = count
  }

  /// The entry of a segment's four-tuple, which is opened where there is none.
  private mutating func place(
    of segment: TCPSegment,
    _ frame: CapturedFrame,
    _ listener: inout some CaptureListener
  ) -> Int {
    let key = RecentPlaces.key(segment.source, segment.destination)
    if let latest = recent[key], isPlace(latest, of: segment) { return latest }
    let hash = Self.hash(segment.source, segment.destination)
    if let place = places.place(hash, { isPlace($0, of: segment) }) {
      recent[key] = place
      return place
    }
    if places.count >= limits.mostConnections { dropOldest(&listener) }
    // A SYN with ACK is the second end's answer.
    let isAnswer = segment.flags.isSuperset(of: .synAck)
    var connection = CapturedConnection(
      number: count,
      first: isAnswer ? segment.destination : segment.source,
      second: isAnswer ? segment.source : segment.destination,
      frame: frame.number,
      time: frame.time
    )
    count += 1
    let entry = Entry(lastSeen: clock)
    let place = freePlaces.popLast() ?? entries.count
    connection.place = place
    if place < entries.count {
      entries[place] = entry
      followed[place] = FollowedConnection(connection)
    } else {
      entries.append(entry)
      followed.append(FollowedConnection(connection))
    }
    places.insert(place, hash)
    recent[key] = place
    append(place)
    listener.hear(opened: connection)
    return place
  }

  private func isPlace(_ place: Int, of segment: TCPSegment) -> Bool {
    let (source, destination) = (segment.source, segment.destination)
    let (first, second) = (followed[place].connection.first, followed[place].connection.second)
    // Ports tell most connections apart, and the two directions of one.
    if first.port == source.port, second.port == destination.port,
      first.address == source.address, second.address == destination.address
    {
      return true
    }
    return first.port == destination.port && second.port == source.port
      && first.address == destination.address && second.address == source.address
  }

  private mutating func dropOld(_ listener: inout some CaptureListener) {
    while ended.head >= 0 && clock - entries[ended.head].lastSeen > limits.afterEnd {
      drop(ended.head, .ended, &listener)
    }
    while others.head >= 0 && clock - entries[others.head].lastSeen > limits.afterLastSegment {
      drop(others.head, .idle, &listener)
    }
  }

  /// One that ended goes first, then the one that was silent for longest.
  private mutating func dropOldest(_ listener: inout some CaptureListener) {
    let place = ended.head >= 0 ? ended.head : others.head
    if place >= 0 { drop(place, .tooMany, &listener) }
  }

  private mutating func drop(
    _ place: Int,
    _ reason: DropReason,
    _ listener: inout some CaptureListener
  ) {
    let connection = followed[place].connection
    let key = RecentPlaces.key(connection.first, connection.second)
    if recent[key] == place { recent[key] = nil }
    unlink(place)
    places.remove(place, Self.hash(connection.first, connection.second))
    freePlaces.append(place)
    listener.hear(dropped: connection, reason)
  }

  private mutating func append(_ place: Int) {
    if entries[place].isInEnded {
      ended.append(place, &entries)
    } else {
      others.append(place, &entries)
    }
  }

  private mutating func unlink(_ place: Int) {
    if entries[place].isInEnded {
      ended.unlink(place, &entries)
    } else {
      others.unlink(place, &entries)
    }
  }
}

/// How long and how many connections are followed.
package struct ConnectionLimits: Hashable, Sendable {
  /// Nanoseconds from the last segment of a connection that ended: twice RFC 9293's maximum
  /// segment lifetime of 2 minutes, which is how long TIME-WAIT may last.
  package var afterEnd: Int64 = 240_000_000_000
  /// Nanoseconds from the last segment of any other: what RFC 5382 (REQ-5) asks of a translator
  /// for an established connection, 2 hours 4 minutes.
  package var afterLastSegment: Int64 = 7_440_000_000_000
  /// At most this many are followed at once: some 100 MB.
  package var mostConnections = 1 << 18

  package init() {}
}
