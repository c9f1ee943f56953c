import LingerCapture
import LingerConform
import LingerKernel

/// The ends of a connection that are judged, segment by segment.
struct JudgedConnection {
  private(set) var ends: [JudgedEnd]
  /// Why the connection cannot be judged.
  private(set) var problem: (frame: Int, text: String)?
  /// The first frame that acknowledges what was not seen.
  private(set) var gapFrame: Int?
  private(set) var holes = CaptureHoles()

  /// Judges these ends, each by a judge that has seen nothing.
  init(_ ends: [ConnectionEnd], _ judge: TraceJudge) {
    self.ends = ends.map { JudgedEnd(end: $0, judge: judge) }
  }

  /// The capture began later than the connection; what came last before it may be known.
  mutating func join(
    before event: SegmentEvent,
    after last: SegmentEvent? = nil,
    _ conformance: Conformance,
    _ mapping: SegmentMapping
  ) {
    guard mapping.hasOpening, !event.flags.contains(.rst) else { return }
    for place in ends.indices {
      var opening = MissingBeginning.observations(before: event, of: ends[place].end, mapping)
      if let last, case .success(let message) = mapping.message(last) {
        opening.append(.unseenInput([message]))
      }
      let judge = TraceJudge(conformance.lanes, beginningAt: event.time, after: opening)
      ends[place].joined = JudgedEnd.Joined(judge: judge)
    }
  }

  /// `message` is written to, so that none has to be made for each segment.
  mutating func take(
    _ event: SegmentEvent,
    _ mapping: SegmentMapping,
    _ message: inout SeenMessage
  ) {
    defer { holes.take(event) }
    if let failure = mapping.write(event, to: &message) {
      problem = problem ?? (event.frame, failure.text)
      return
    }
    for place in ends.indices {
      let isOutput = ends[place].end == event.sender
      judgeGap(before: event, place, mapping, isOutput: isOutput)
      ends[place].joined?.proof.take(event, isOwn: isOutput)
      // What came in damaged was not delivered.
      if !isOutput, event.checksum == .bad { continue }
      let seen = TraceJudge.Event(
        isOutput ? .output(message) : .input(message),
        time: event.time,
        place: event.frame
      )
      ends[place].observe(seen)
    }
  }

  /// A segment that acknowledges more than its receiver was seen to send: a frame may be missing.
  private mutating func judgeGap(
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
    let unseen = TraceJudge.Event(
      isOutput ? .unseenInput(messages) : .unseenOutput(messages),
      time: event.time,
      place: event.frame
    )
    // Whether something came unseen, only its sender's later numbers tell.
    if isOutput, ends[place].strict == nil { ends[place].strict = ends[place].judge }
    ends[place].judge.observe(unseen)
    ends[place].joined?.judge.observe(unseen)
    if !isOutput { ends[place].strict?.observe(unseen) }
    if gapFrame == nil { gapFrame = event.frame }
  }

  /// The connection is over.
  mutating func finish() {
    for place in ends.indices {
      let isLoss =
        ends[place].strict == nil || holes.lossFrame(from: ends[place].end.other) != nil
      if !isLoss, let strict = ends[place].strict { ends[place].judge = strict }
      ends[place].judge.finish()
      ends[place].joined?.judge.finish()
    }
  }

  /// Whether all that is to be said of the end at a place is that it conforms.
  func conforms(at place: Int) -> Bool {
    problem == nil && (ends[place].judge.conforms || ends[place].joined?.judge.conforms ?? false)
  }

  var allConform: Bool { ends.indices.allSatisfy(conforms) }
}

/// One end, and what it has come to.
struct JudgedEnd {
  var end: ConnectionEnd
  var judge: TraceJudge
  /// As if the capture had lost nothing that came in, from the first sign that it has.
  var strict: TraceJudge?
  /// From whatever the connection had become when the capture began, where that lacks its
  /// beginning.
  var joined: Joined?

  struct Joined {
    var judge: TraceJudge
    var proof = JoinedProof()
  }

  mutating func observe(_ event: TraceJudge.Event) {
    judge.observe(event)
    strict?.observe(event)
    joined?.judge.observe(event)
  }
}
