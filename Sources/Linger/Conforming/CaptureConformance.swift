package import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
package import LingerReport

/// Which ends of a capture's connections are judged.
package enum JudgedEnds: Hashable, Sendable {
  /// The one at which the capture was made, as far as that can be guessed.
  case guessed
  /// The end that opens, or the other.
  case first
  case second
  case both
  /// The ends with this address.
  case address(String)
}

/// Holds a packet capture against a spec, frame by frame, in memory that does not grow with it.
package struct CaptureConformance {
  private let conformance: Conformance
  private let mapping: SegmentMapping
  private let ends: JudgedEnds
  private var decoder = CaptureDecoder()
  private var connections: [Int: FollowedCapture] = [:]
  private var host = HostVantage()
  /// Why the capture was not read to its end.
  private var interruption: String?
  /// Frames that may have held segments and could not be read.
  private var unread: [UnreadFrame] = []
  package private(set) var input: ConformedSpec.Input
  /// Holds what a frame means, for as long as it is looked at.
  private var events: [CaptureEvent] = []
  /// Told as soon as it happens: which connection violates the spec, and at which frame.
  private let alarm: (_ connection: String, _ frame: Int) -> Void
  /// Told of every trace that has ended, those that the report leaves out too.
  package var ended: (ConformedTrace) -> Void = { _ in }
  /// The segments, where they are kept for a comparison with the capture from the other end.
  private var recorded: RecordedCapture?
  private var recordedCount = 0
  /// By connection: the end at which the capture was made.
  private var madeAt: [Int: ConnectionEnd] = [:]

  package init(
    _ conformance: Conformance,
    path: String,
    ends: JudgedEnds,
    alarm: @escaping (_ connection: String, _ frame: Int) -> Void = { _, _ in }
  ) throws(Conformance.Failure) {
    self.conformance = conformance
    conformance.placeName = "frame"
    mapping = try SegmentMapping(conformance.subject.model)
    self.ends = ends
    self.alarm = alarm
    input = ConformedSpec.Input(path: path)
  }

  /// More segments than that are not compared: some 300 MB.
  private static let mostRecorded = 1 << 20

  /// Keeps the segments, to be compared with another capture.
  package mutating func keepSegments() { recorded = RecordedCapture() }

  /// What was found, and what was kept.
  package var held: HeldCapture {
    HeldCapture(
      input: input,
      recorded: recordedCount > Self.mostRecorded ? nil : recorded,
      ends: madeAt
    )
  }

  /// Takes the next frame.
  package mutating func take(_ frame: CapturedFrame, _ bytes: Span<UInt8>) {
    var events: [CaptureEvent] = []
    swap(&events, &self.events)
    decoder.take(frame, bytes) { events.append($0) }
    for event in events { take(event) }
    events.removeAll(keepingCapacity: true)
    swap(&events, &self.events)
  }

  /// The capture is over, or cannot be read on for a reason.
  package mutating func finish(failure: String? = nil, interruption: String? = nil) {
    var events: [CaptureEvent] = []
    decoder.finish { events.append($0) }
    self.interruption = interruption ?? failure
    for event in events { take(event) }
    input.failure = failure
    input.notes = notes(decoder.counts)
    input.highWater = conformance.highWater
  }

  private mutating func record(_ event: CaptureEvent) {
    if case .segment = event { recordedCount += 1 }
    if recordedCount <= Self.mostRecorded {
      recorded?.add(event)
    } else {
      recorded = nil
    }
  }

  private mutating func take(_ event: CaptureEvent) {
    if recorded != nil { record(event) }
    switch event {
    case .opened(let connection):
      connections[connection.number] = FollowedCapture(connection, ends)
    case .segment(let segment):
      input.eventCount += 1
      guard let followed = connections[segment.connection] else { return }
      followed.take(segment, conformance, mapping, host)
      if let frame = followed.newViolation() {
        alarm(followed.connection.description, frame)
      }
    case .dropped(let connection, _):
      guard let followed = connections.removeValue(forKey: connection.number) else { return }
      let guess = followed.guess
      host.add(guess, of: connection)
      followed.finish(guess, conformance, mapping, host) { end in finish(end, of: followed) }
      if recorded != nil { madeAt[connection.number] = followed.knownEnd }
    case .unread(let frame): unread.append(frame)
    }
  }

  /// What became of an end. One that conforms is mostly only counted, and no words are made for it.
  private mutating func finish(_ end: FollowedCapture.JudgedEnd, of followed: FollowedCapture) {
    if !conformance.options.showsAllEvents, !input.isKept(.conforms), interruption == nil,
      followed.conforms(end)
    {
      input.counts[.conforms, default: 0] += 1
      return
    }
    var trace = followed.trace(of: end, conformance)
    trace.cutOff(interruption)
    qualify(&trace, followed.connection)
    if trace.verdict == .violates, !followed.isAlarmed {
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

/// A connection of a capture while it goes on.
private final class FollowedCapture {
  let connection: CapturedConnection
  private let ends: JudgedEnds
  private var clues: VantageClues
  /// Segments, until it is known whose view they are.
  private var waiting: [SegmentEvent] = []
  private var judged: [JudgedEnd] = []
  private var vantage: VantageGuess?
  private var beginsWithSYN = false
  private var segmentCount = 0
  private var problem: (frame: Int, text: String)?
  private var holes = CaptureHoles()
  /// The first frame that acknowledges what was not seen.
  private var gapFrame: Int?

  struct JudgedEnd {
    var end: ConnectionEnd
    var judge: TraceJudge
    /// As if the capture had lost nothing that came in, from the first sign that it has.
    var strict: TraceJudge?
  }

  /// So many segments tell where a capture was made, or nothing does.
  private static let mostWaiting = 64
  /// Most connections have some ten.
  private static let usualWaiting = 12

  init(_ connection: CapturedConnection, _ ends: JudgedEnds) {
    self.connection = connection
    self.ends = ends
    clues = VantageClues(connection)
  }

  var guess: VantageGuess { vantage ?? clues.guess() }

  /// The end at which the capture was made; nil where that is not known, or both ends are there.
  var knownEnd: ConnectionEnd? {
    guard let vantage else { return judged.count == 1 ? judged[0].end : nil }
    if case .end(let end) = vantage.vantage { return end }
    return nil
  }

  func take(
    _ event: SegmentEvent,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage
  ) {
    segmentCount += 1
    if segmentCount == 1 { beginsWithSYN = event.flags.contains(.syn) && event.ack == nil }
    if judged.isEmpty {
      clues.add(event)
      if segmentCount == 1 { waiting.reserveCapacity(Self.usualWaiting) }
      waiting.append(event)
      let isOver = event.flags.contains(.rst) || waiting.count >= Self.mostWaiting
      if ends == .guessed, !isOver { return }
      decide(clues.guess(), conformance, mapping, host)
    } else {
      judge(event, conformance, mapping)
    }
  }

  /// Settles which ends are judged, and judges what has waited.
  private func decide(
    _ own: VantageGuess,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage
  ) {
    let chosen: [ConnectionEnd]
    switch ends {
    case .first: chosen = [.first]
    case .second: chosen = [.second]
    case .both: chosen = [.first, .second]
    case .address(let address):
      chosen = ConnectionEnd.allCases.filter {
        let endpoint = connection.endpoint($0)
        return endpoint.description == address || endpoint.address.description == address
      }
    case .guessed:
      let guess = host.guess(own, of: connection)
      vantage = guess
      switch guess.vantage {
      case .end(let end): chosen = [end]
      case .both, .midway, .unknown: chosen = [.first, .second]
      }
    }
    judged = chosen.map { end in
      JudgedEnd(
        end: end,
        judge: TraceJudge(
          conformance.lanes,
          beginningAt: waiting.first?.time ?? 0,
          expecting: waiting.count
        )
      )
    }
    for event in waiting { judge(event, conformance, mapping) }
    waiting = []
  }

  private func judge(
    _ event: SegmentEvent,
    _ conformance: Conformance,
    _ mapping: SegmentMapping
  ) {
    defer { holes.take(event) }
    let message: SeenMessage
    switch mapping.message(event) {
    case .success(let mapped): message = mapped
    case .failure(let failure):
      problem = problem ?? (event.frame, failure.text)
      return
    }
    for place in judged.indices {
      let isOutput = judged[place].end == event.sender
      judgeGap(before: event, place, mapping, isOutput: isOutput)
      // What came in damaged was not delivered.
      if !isOutput, event.checksum == .bad { continue }
      let seen = TraceJudge.Event(
        isOutput ? .output(message) : .input(message),
        time: event.time,
        place: event.frame
      )
      judged[place].judge.observe(seen)
      judged[place].strict?.observe(seen)
    }
  }

  /// Whether the violation was told while the connection went on.
  private(set) var isAlarmed = false

  /// The frame at which an end has come to violate the spec for sure, told once.
  func newViolation() -> Int? {
    guard !isAlarmed, beginsWithSYN, problem == nil else { return nil }
    switch vantage?.vantage {
    case .midway, .unknown: return nil
    case .end, .both, nil: break
    }
    for entry in judged where entry.judge.violates {
      isAlarmed = true
      return entry.judge.events.last?.place
    }
    return nil
  }

  /// A segment that acknowledges more than its receiver was seen to send: a frame may be missing.
  private func judgeGap(
    before event: SegmentEvent,
    _ place: Int,
    _ mapping: SegmentMapping,
    isOutput: Bool
  ) {
    guard let gap = holes.gap(acknowledgedBy: event),
      let model = holes.latest(from: event.sender.other)
    else { return }
    var acks: [Int64] = []
    for ack in [model.ack, holes.end(of: event.sender)] {
      if let ack, !acks.contains(ack) { acks.append(ack) }
    }
    let messages = mapping.messages(from: gap.low, to: gap.high, like: model, acks: acks)
    if isOutput {
      // Whether it came unseen, only its sender's later numbers tell.
      if judged[place].strict == nil { judged[place].strict = judged[place].judge }
      judged[place].judge.observe(
        TraceJudge.Event(.unseenInput(messages), time: event.time, place: event.frame)
      )
    } else {
      judged[place].judge.observe(
        TraceJudge.Event(.unseenOutput(messages), time: event.time, place: event.frame)
      )
      judged[place].strict?.observe(
        TraceJudge.Event(.unseenOutput(messages), time: event.time, place: event.frame)
      )
    }
    if gapFrame == nil { gapFrame = event.frame }
  }

  /// The connection is over: hands over each end that is judged.
  func finish(
    _ guess: VantageGuess,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage,
    _ tell: (JudgedEnd) -> Void
  ) {
    if judged.isEmpty, !waiting.isEmpty { decide(guess, conformance, mapping, host) }
    for place in judged.indices {
      let isLoss =
        judged[place].strict == nil || holes.lossFrame(from: judged[place].end.other) != nil
      if !isLoss, let strict = judged[place].strict { judged[place].judge = strict }
      judged[place].judge.finish()
      tell(judged[place])
    }
  }

  /// Whether all that is to be said of an end is that it conforms.
  func conforms(_ end: JudgedEnd) -> Bool { problem == nil && end.judge.conforms }

  func trace(of end: JudgedEnd, _ conformance: Conformance) -> ConformedTrace {
    var trace = conformance.conformed(
      end.judge,
      name: connection.description,
      of: "\(connection.endpoint(end.end))"
    )
    qualify(&trace, end.end)
    return trace
  }

  /// Takes back what the capture is not good enough for.
  private func qualify(_ trace: inout ConformedTrace, _ end: ConnectionEnd) {
    if let vantage { trace.vantage = vantage.reason }
    if let gapFrame {
      trace.notes.append(
        "frame \(gapFrame) acknowledges what was not captured: a frame may be missing"
      )
    }
    if let problem {
      trace.verdict = .inconclusive
      trace.reason = "frame \(problem.frame): \(problem.text)"
      return
    }
    guard trace.verdict == .violates else { return }
    if !beginsWithSYN {
      trace.verdict = .inconclusive
      trace.reason = "the beginning of the connection is not in the capture"
    } else if let vantage, vantage.vantage == .unknown || vantage.vantage == .midway {
      trace.verdict = .inconclusive
      trace.isOpenForVantage = true
      trace.reason =
        "nothing tells that the capture was made at \(connection.endpoint(end)); if it was, this "
        + "violates the spec (say --vantage)"
    }
  }
}

/// Finds numbers that were acknowledged although no frame carried them, and that their own sender
/// goes on after: frames that the capture did not see.
private struct CaptureHoles {
  private var first = Side()
  private var second = Side()

  private struct Side {
    /// The number after the last that was seen.
    var end: Int64?
    /// The highest that was acknowledged beyond it.
    var acknowledged: Int64?
    /// Where its sender went on after that.
    var lossFrame: Int?
    var latest: SegmentEvent?
  }

  /// The numbers that a segment acknowledges beyond what its receiver was seen to send.
  func gap(acknowledgedBy event: SegmentEvent) -> (low: Int64, high: Int64)? {
    guard let ack = event.ack, !event.flags.contains(.rst), let end = end(of: event.sender.other),
      ack > end
    else { return nil }
    return (end, ack)
  }

  func latest(from end: ConnectionEnd) -> SegmentEvent? {
    end == .first ? first.latest : second.latest
  }

  func end(of end: ConnectionEnd) -> Int64? { end == .first ? first.end : second.end }

  mutating func take(_ event: SegmentEvent) {
    switch event.sender {
    case .first: Self.take(event, &first, &second)
    case .second: Self.take(event, &second, &first)
    }
  }

  private static func take(_ event: SegmentEvent, _ own: inout Side, _ other: inout Side) {
    if let ack = event.ack, let end = other.end, ack > end {
      other.acknowledged = max(other.acknowledged ?? ack, ack)
    }
    if event.flags.contains(.rst) { return }
    if event.flags.contains(.syn) {
      own = Side()
    } else if let acknowledged = own.acknowledged, let end = own.end, event.seq >= acknowledged,
      event.seq > end
    {
      own.lossFrame = own.lossFrame ?? event.frame
    }
    own.end = max(own.end ?? event.end, event.end)
    own.latest = event
  }

  func lossFrame(from end: ConnectionEnd) -> Int? {
    end == .first ? first.lossFrame : second.lossFrame
  }
}
