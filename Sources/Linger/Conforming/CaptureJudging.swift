import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// The connections of a capture that is read, and what was found of them.
struct CaptureJudging {
  private var measure: CaptureMeasure
  private let chosen: ChosenConnection?
  /// By place.
  private var connections: [FollowedCapture?] = []
  /// Why the capture was not read to its end.
  var interruption: String?
  /// Frames that may have held segments and could not be read.
  private var unread: [UnreadFrame] = []
  private(set) var input: ConformedSpec.Input
  /// Ends that conform and are counted only, until the capture is over.
  private var conforming = 0
  /// Told as soon as it happens: which connection violates the spec, and at which frame.
  private let alarm: (_ connection: String, _ frame: Int) -> Void
  /// Told of every trace that has ended, those that the report leaves out too.
  var ended: (ConformedTrace) -> Void = { _ in }
  /// The segments, where they are kept for a comparison with the capture from the other end.
  private var recorded: RecordedCapture?
  private var recordedCount = 0
  /// By connection: the end at which the capture was made.
  private var madeAt: [Int: ConnectionEnd] = [:]

  init(
    _ conformance: Conformance,
    path: String,
    ends: JudgedEnds,
    connection: ChosenConnection?,
    alarm: @escaping (_ connection: String, _ frame: Int) -> Void
  ) throws(UnusableSpec) {
    measure = try CaptureMeasure(conformance, ends)
    // Room that is not used costs nothing, and what is there is never copied.
    connections.reserveCapacity(ConnectionLimits().mostConnections)
    chosen = connection
    self.alarm = alarm
    input = ConformedSpec.Input(path: path)
  }

  /// More segments than that are not compared: some 300 MB.
  private static let mostRecorded = 1 << 20

  /// Keeps the segments, to be compared with another capture.
  mutating func keepSegments() { recorded = RecordedCapture() }

  /// What was found, and what was kept.
  var held: HeldCapture {
    HeldCapture(
      input: input,
      recorded: recordedCount > Self.mostRecorded ? nil : recorded,
      ends: madeAt
    )
  }

  /// Nothing more is told.
  mutating func finish(_ counts: CaptureCounts, failure: String?) {
    if conforming > 0 { input.counts[.conforms, default: 0] += conforming }
    input.eventCount = measure.segmentCount
    input.failure = failure
    input.notes = notes(counts)
    input.highWater = measure.conformance.highWater
  }

  private mutating func record(_ event: CaptureEvent) {
    if case .segment = event { recordedCount += 1 }
    if recordedCount <= Self.mostRecorded {
      recorded?.add(event)
    } else {
      recorded = nil
    }
  }

  /// What became of an end, in words.
  private mutating func finish(_ end: JudgedEnd, of settled: SettledCapture) {
    var trace = settled.trace(of: end, measure.conformance)
    trace.cutOff(interruption)
    qualify(&trace, settled.connection)
    if trace.verdict == .violates, !settled.isAlarmed {
      alarm(trace.name, trace.finding?.place ?? 0)
    }
    ended(trace)
    input.add(trace)
  }

  /// A violation may come from a frame that could not be read.
  private func qualify(_ trace: inout ConformedTrace, _ connection: CapturedConnection) {
    guard trace.verdict == .violates, let place = trace.finding?.place else { return }
    let suspect = unread.first { frame in
      guard let source = frame.source, let destination = frame.destination else { return true }
      let addresses = [connection.first.address, connection.second.address]
      return addresses.contains(source) && addresses.contains(destination)
    }
    guard let suspect, suspect.frame <= place else { return }
    trace.verdict = .inconclusive
    trace.reason = "frame \(suspect.frame) may belong to it and could not be read"
  }

  private func notes(_ counts: CaptureCounts) -> [String] {
    var notes: [String] = []
    func note(_ number: Int, _ singular: String, _ rest: String) {
      if number > 0 { notes.append("\(count(number, singular)) \(rest)") }
    }
    if let chosen, input.counts.isEmpty {
      notes.append("no connection is \(chosen); there are \(counts.connections)")
    }
    if counts.segments == 0 { notes.append("no TCP segment in \(count(counts.frames, "frame"))") }
    note(counts.copies, "frame", "captured twice, left out")
    note(counts.badChecksums, "segment", "with a bad checksum, not delivered where it came in")
    note(counts.fragments, "IP fragment", "not judged")
    note(counts.cutHeaders, "frame", "cut within the headers, not judged")
    note(counts.malformed, "frame", "not well-formed")
    note(counts.unknownLinkTypes, "frame", "of a link type that is not known")
    note(counts.outOfOrder, "frame", "with an earlier time than the one before")
    return notes
  }
}

/// What the decoder tells while a frame is taken.
extension CaptureJudging: CaptureListener {
  mutating func hear(opened connection: CapturedConnection) {
    if recorded != nil { record(.opened(connection)) }
    let followed = FollowedCapture(connection, isJudged: chosen?.isChosen(connection) ?? true)
    if connection.place == connections.count {
      connections.append(followed)
    } else {
      connections[connection.place] = followed
    }
  }

  mutating func hear(_ segment: SegmentEvent, of connection: CapturedConnection) {
    if recorded != nil { record(.segment(segment)) }
    if let frame = connections[segment.place]?.take(segment, of: connection, &measure) {
      alarm(connection.description, frame)
    }
  }

  mutating func hear(dropped connection: CapturedConnection, _ reason: DropReason) {
    guard var followed = connections[connection.place].take() else { return }
    let guess = followed.guess(of: connection)
    measure.host.add(guess, of: connection)
    if !followed.isJudged { return }
    let isCounted =
      !measure.conformance.options.showsAllEvents && !input.isKept(.conforms) && interruption == nil
    var told: [JudgedEnd] = []
    let end = followed.finish(connection, guess, &measure, isCounted: isCounted) {
      told.append($0)
    }
    conforming += end.count
    if let settled = followed.settled {
      for end in told { finish(end, of: settled) }
    }
    if recorded != nil { madeAt[connection.number] = end.madeAt }
  }

  mutating func hear(unread frame: UnreadFrame) { unread.append(frame) }
}
