import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// A connection of a capture while it goes on.
struct FollowedCapture {
  let connection: CapturedConnection
  let isJudged: Bool
  /// What is known until it is settled whose view the segments are.
  private var undecided: Undecided?
  private var judged: Judged?
  private var vantage: VantageGuess?

  private struct Undecided {
    var clues = VantageClues()
    var count = 0
    var waiting = WaitingSegments()

    /// Whether it is settled now, as far as it will be.
    mutating func take(_ event: SegmentEvent, keeps: Bool) -> Bool {
      count += 1
      clues.add(event)
      if keeps { waiting.append(event) }
      return event.flags.contains(.rst) || count >= FollowedCapture.mostWaiting
    }
  }

  /// Apart: a quarter of a million connections may wait at once, and those have none.
  private final class Judged {
    var capture: JudgedCapture

    init(_ capture: JudgedCapture) { self.capture = capture }
  }

  /// So many segments tell where a capture was made, or nothing does.
  private static let mostWaiting = 64

  /// - Parameters:
  ///   - connection: which it is.
  ///   - isJudged: whether any of its ends is; otherwise it only tells where the capture was made.
  init(_ connection: CapturedConnection, isJudged: Bool) {
    self.connection = connection
    self.isJudged = isJudged
    undecided = Undecided()
  }

  /// Where the capture was made, as far as the connection itself tells.
  var guess: VantageGuess {
    vantage ?? undecided?.clues.guess(of: connection)
      ?? VantageGuess(.unknown, "the ends were given")
  }

  /// The end at which the capture was made; nil where that is not known, or both ends are there.
  var knownEnd: ConnectionEnd? {
    guard let vantage else {
      let ends = judged?.capture.connection.ends ?? []
      return ends.count == 1 ? ends[0].end : nil
    }
    if case .end(let end) = vantage.vantage { return end }
    return nil
  }

  /// Takes the next segment; says whether it is judged, and the frame at which an end has come to
  /// violate the spec for sure, once.
  mutating func take(
    _ event: SegmentEvent,
    _ ends: JudgedEnds,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage,
    _ message: inout SeenMessage
  ) -> (isJudged: Bool, violation: Int?) {
    if let judged {
      judged.capture.take(event, conformance, mapping, &message)
      return (isJudged, newViolation())
    }
    let isOver = undecided?.take(event, keeps: isJudged) ?? true
    if !isOver, case .guessed = ends { return (isJudged, nil) }
    judged = judgedWaiting(guess, ends, conformance, mapping, host, &message, keepsEvents: true)
      .map(Judged.init)
    undecided = nil
    return (isJudged, newViolation())
  }

  /// Settles which ends are judged, and judges what has waited.
  private mutating func judgedWaiting(
    _ own: VantageGuess,
    _ ends: JudgedEnds,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage,
    _ message: inout SeenMessage,
    keepsEvents: Bool
  ) -> JudgedCapture? {
    guard let waiting = undecided?.waiting else { return nil }
    let chosen = chosenEnds(own, ends, host)
    if !isJudged { return nil }
    var held: JudgedCapture?
    waiting.forEach(of: connection.number) { event in
      if held == nil {
        let judge = TraceJudge(
          conformance.lanes,
          beginningAt: waiting.start,
          expecting: waiting.count,
          keepsEvents: keepsEvents
        )
        held = JudgedCapture(
          JudgedConnection(chosen, judge),
          beginningWith: event,
          conformance,
          mapping
        )
      }
      held?.take(event, conformance, mapping, &message)
    }
    return held
  }

  private mutating func chosenEnds(
    _ own: VantageGuess,
    _ ends: JudgedEnds,
    _ host: HostVantage
  ) -> [ConnectionEnd] {
    switch ends {
    case .first: return [.first]
    case .second: return [.second]
    case .both: return [.first, .second]
    case .address(let address):
      return ConnectionEnd.allCases.filter {
        let endpoint = connection.endpoint($0)
        return endpoint.description == address || endpoint.address.description == address
      }
    case .guessed:
      let guess = host.guess(own, of: connection)
      vantage = guess
      switch guess.vantage {
      // Each is the same object every time.
      case .end(let end): return end == .first ? [.first] : [.second]
      case .both, .midway, .unknown: return [.first, .second]
      }
    }
  }

  /// Whether the violation was told while the connection went on.
  private(set) var isAlarmed = false

  private mutating func newViolation() -> Int? {
    guard !isAlarmed, let judged else { return nil }
    switch vantage?.vantage {
    case .midway, .unknown: return nil
    case .end, .both, nil: break
    }
    guard let frame = judged.capture.sureViolation() else { return nil }
    isAlarmed = true
    return frame
  }

  /// The connection is over: hands over each end that is judged.
  ///
  /// - Parameters:
  ///   - guess: where the capture was made, as far as the connection tells.
  ///   - ends: which of its ends are judged.
  ///   - conformance: what it is held against.
  ///   - mapping: makes messages of the spec of segments.
  ///   - host: what other connections tell.
  ///   - message: is written to.
  ///   - plain: likewise.
  ///   - isCounted: whether no more is told of ends that conform than how many they are.
  ///   - tell: gets each end that is not only counted.
  /// - Returns: how many ends are counted.
  mutating func finish(
    _ guess: VantageGuess,
    _ ends: JudgedEnds,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage,
    _ message: inout SeenMessage,
    _ plain: inout PlainTrace,
    isCounted: Bool,
    _ tell: (JudgedEnd) -> Void
  ) -> Int {
    if let judged {
      judged.capture.finish()
    } else {
      if isCounted, let count = rememberedCount(guess, ends, conformance, mapping, host, &plain) {
        return count
      }
      var capture = judgedWaiting(
        guess,
        ends,
        conformance,
        mapping,
        host,
        &message,
        keepsEvents: !isCounted
      )
      capture?.finish()
      if isCounted, let connection = capture?.connection {
        let count = connection.conformingCount
        if count == connection.ends.count { return count }
        // Now with what there is to show.
        capture = judgedWaiting(
          guess,
          ends,
          conformance,
          mapping,
          host,
          &message,
          keepsEvents: true
        )
        capture?.finish()
      }
      judged = capture.map(Judged.init)
    }
    guard let connection = judged?.capture.connection else { return 0 }
    var count = 0
    for place in connection.ends.indices {
      if isCounted, connection.conforms(at: place) {
        count += 1
      } else {
        tell(connection.ends[place])
      }
    }
    return count
  }

  /// How many ends are judged of what has waited, where all of them conform and that is remembered
  /// of others like them.
  private mutating func rememberedCount(
    _ own: VantageGuess,
    _ ends: JudgedEnds,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ host: HostVantage,
    _ plain: inout PlainTrace
  ) -> Int? {
    guard isJudged, let waiting = undecided?.waiting, plain.write(waiting, mapping) else {
      return nil
    }
    let chosen = chosenEnds(own, ends, host)
    for end in chosen {
      var conforms = false
      for lane in conformance.lanes {
        guard
          let answer = lane.engine.conforms(
            plain.rows,
            of: PlainTrace.party(end),
            beginningAt: waiting.start
          )
        else { return nil }
        conforms = conforms || answer
      }
      if !conforms { return nil }
    }
    return chosen.count
  }

  func trace(of end: JudgedEnd, _ conformance: Conformance) -> ConformedTrace {
    var result = trace(of: end, from: connection.frame, conformance)
    var problem = judged?.capture.connection.problem
    var gapFrame = judged?.capture.connection.gapFrame
    var doubt: String?
    if result.verdict == .violates {
      switch judged?.capture.ground(of: end) {
      case .opening, nil: break
      case .halfOpening(let frame):
        doubt = "frame \(frame) acknowledges a beginning of the other end that was not captured"
      case .missing:
        if !(end.joined.map(Self.isSure) ?? false) { doubt = Self.missingBeginning }
      case .later(let later):
        let end = later.judged.ends[0]
        result = trace(of: end, from: later.frame, conformance)
        result.notes.append("the SYN of frame \(connection.frame) opens nothing")
        (problem, gapFrame) = (later.judged.problem, later.judged.gapFrame)
        if !(end.joined.map(Self.isSure) ?? false) { doubt = Self.missingBeginning }
      case .uncertainOpening:
        doubt =
          "nothing tells that the SYN of frame \(connection.frame) opens the connection: it may "
          + "have come while another one was open"
      }
    }
    if let vantage { result.vantage = vantage.reason }
    if let gapFrame {
      result.notes.append(
        "frame \(gapFrame) acknowledges what was not captured: a frame may be missing"
      )
    }
    if let problem {
      result.verdict = .inconclusive
      result.reason = "frame \(problem.frame): \(problem.text)"
    } else if result.verdict == .violates {
      qualify(&result, end.end, doubt)
    }
    return result
  }

  private static let missingBeginning = "the beginning of the connection is not in the capture"

  /// What became of an end, followed from a frame where the beginning is missing.
  private func trace(
    of end: JudgedEnd,
    from frame: Int,
    _ conformance: Conformance
  ) -> ConformedTrace {
    let joined = end.judge.conforms ? nil : end.joined
    var trace = conformance.conformed(
      joined?.judge ?? end.judge,
      name: connection.description,
      of: "\(connection.endpoint(end.end))"
    )
    if joined != nil {
      trace.notes.append(
        "its beginning is not in the capture: followed from whatever it may have been before "
          + "frame \(frame)"
      )
    }
    return trace
  }

  /// Takes back a violation that the capture is not good enough for.
  private func qualify(_ trace: inout ConformedTrace, _ end: ConnectionEnd, _ doubt: String?) {
    if let doubt {
      trace.verdict = .inconclusive
      trace.reason = doubt
    } else if let vantage, vantage.vantage == .unknown || vantage.vantage == .midway {
      trace.verdict = .inconclusive
      trace.isOpenForVantage = true
      trace.reason =
        "nothing tells that the capture was made at \(connection.endpoint(end)); if it was, this "
        + "violates the spec (say --vantage)"
    }
  }

  /// Whether what was found under each profile does not depend on what the capture lacks.
  private static func isSure(_ joined: JudgedEnd.Joined) -> Bool {
    joined.judge.lanes.allSatisfy { entry in
      guard let finding = entry.follower.firstDeviation,
        let frame = joined.judge.place(ofEvent: finding.event)
      else { return false }
      return joined.proof.isSure(at: frame)
    }
  }
}
