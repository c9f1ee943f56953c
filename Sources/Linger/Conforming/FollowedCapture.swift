import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// A connection of a capture while it goes on.
struct FollowedCapture {
  let connection: CapturedConnection
  /// Whether any of its ends is judged; otherwise it only tells where the capture was made.
  let isJudged: Bool
  private var undecided: Undecided?
  private var settled: Settled?

  /// What is known until it is settled whose view the segments are.
  private struct Undecided {
    var clues = VantageClues()
    var count: UInt8 = 0
    var waiting = WaitingSegments()

    /// Whether it is settled now, as far as it will be.
    mutating func take(_ event: SegmentEvent, keeps: Bool) -> Bool {
      count += 1
      clues.add(event)
      if keeps { waiting.append(event) }
      return event.flags.contains(.rst) || count >= FollowedCapture.mostWaiting
    }
  }

  /// What is known then. Apart: a quarter of a million connections may wait at once, and those have
  /// none.
  private final class Settled {
    /// Nil where no end is judged.
    var capture: JudgedCapture?
    /// Where the capture was made; nil where the ends were given.
    let vantage: VantageGuess?
    /// Whether the violation was told while the connection went on.
    var isAlarmed = false

    init(_ capture: JudgedCapture?, _ vantage: VantageGuess?) {
      self.capture = capture
      self.vantage = vantage
    }
  }

  /// So many segments tell where a capture was made, or nothing does.
  private static let mostWaiting = 64

  init(_ connection: CapturedConnection, isJudged: Bool) {
    self.connection = connection
    self.isJudged = isJudged
    undecided = Undecided()
  }

  /// Where the capture was made, as far as the connection itself tells.
  var guess: VantageGuess {
    settled?.vantage ?? undecided?.clues.guess(of: connection)
      ?? VantageGuess(.unknown, "the ends were given")
  }

  /// Whether the violation was told while the connection went on.
  var isAlarmed: Bool { settled?.isAlarmed ?? false }

  /// Takes the next segment; the frame at which an end has come to violate the spec for sure, once.
  mutating func take(_ event: SegmentEvent, _ measure: inout CaptureMeasure) -> Int? {
    if isJudged { measure.segmentCount += 1 }
    if let settled {
      settled.capture?.take(event, measure.conformance, measure.mapping, &measure.message)
      return newViolation()
    }
    let isOver = undecided?.take(event, keeps: isJudged) ?? true
    if !isOver, case .guessed = measure.ends { return nil }
    settle(chosen(guess, measure), &measure, keepsEvents: true)
    undecided = nil
    return newViolation()
  }

  /// Judges what has waited, at the ends that are chosen.
  private mutating func settle(
    _ chosen: Chosen,
    _ measure: inout CaptureMeasure,
    keepsEvents: Bool
  ) {
    var capture: JudgedCapture?
    if isJudged, let waiting = undecided?.waiting {
      waiting.forEach(of: connection.number) { event in
        if capture == nil {
          let judge = TraceJudge(
            measure.conformance.lanes,
            beginningAt: event.time,
            expecting: waiting.count,
            keepsEvents: keepsEvents
          )
          capture = JudgedCapture(
            JudgedConnection(chosen.ends, judge),
            beginningWith: event,
            measure.conformance,
            measure.mapping
          )
        }
        capture?.take(event, measure.conformance, measure.mapping, &measure.message)
      }
    }
    settled = Settled(capture, chosen.vantage)
  }

  /// The ends that are judged, and why, where that was guessed.
  private struct Chosen {
    var ends: [ConnectionEnd]
    var vantage: VantageGuess?
  }

  private func chosen(_ own: VantageGuess, _ measure: CaptureMeasure) -> Chosen {
    switch measure.ends {
    case .first: return Chosen(ends: [.first])
    case .second: return Chosen(ends: [.second])
    case .both: return Chosen(ends: [.first, .second])
    case .address(let address):
      let ends = ConnectionEnd.allCases.filter {
        let endpoint = connection.endpoint($0)
        return endpoint.description == address || endpoint.address.description == address
      }
      return Chosen(ends: ends)
    case .guessed:
      let guess = measure.host.guess(own, of: connection)
      switch guess.vantage {
      // Each is the same object every time.
      case .end(let end):
        return Chosen(ends: end == .first ? [.first] : [.second], vantage: guess)
      case .both, .midway, .unknown: return Chosen(ends: [.first, .second], vantage: guess)
      }
    }
  }

  private func newViolation() -> Int? {
    guard let settled, !settled.isAlarmed else { return nil }
    switch settled.vantage?.vantage {
    case .midway, .unknown: return nil
    case .end, .both, nil: break
    }
    guard let frame = settled.capture?.sureViolation() else { return nil }
    settled.isAlarmed = true
    return frame
  }

  /// What became of a connection.
  struct End {
    /// How many ends conform and are only counted.
    var count = 0
    /// The end at which the capture was made; nil where that is not known, or both ends are there.
    var madeAt: ConnectionEnd?

    fileprivate init(_ vantage: VantageGuess?, _ ends: [ConnectionEnd]) {
      guard let vantage else {
        madeAt = ends.count == 1 ? ends[0] : nil
        return
      }
      if case .end(let end) = vantage.vantage { madeAt = end }
    }
  }

  /// The connection is over: hands over each end that is judged.
  ///
  /// - Parameters:
  ///   - guess: where the capture was made, as far as the connection tells.
  ///   - measure: what it is judged with.
  ///   - isCounted: whether no more is told of ends that conform than how many they are.
  ///   - tell: gets each end that is not only counted.
  /// - Returns: what became of it.
  mutating func finish(
    _ guess: VantageGuess,
    _ measure: inout CaptureMeasure,
    isCounted: Bool,
    _ tell: (JudgedEnd) -> Void
  ) -> End {
    if settled == nil {
      let chosen = chosen(guess, measure)
      if isCounted, rememberedConformance(chosen.ends, &measure) {
        var end = End(chosen.vantage, chosen.ends)
        end.count = chosen.ends.count
        return end
      }
      settle(chosen, &measure, keepsEvents: !isCounted)
      settled?.capture?.finish()
      // What does not conform is shown with its events.
      if isCounted, let connection = settled?.capture?.connection, !connection.allConform {
        settle(chosen, &measure, keepsEvents: true)
        settled?.capture?.finish()
      }
    } else {
      settled?.capture?.finish()
    }
    guard let settled, let connection = settled.capture?.connection else { return End(nil, []) }
    var end = End(settled.vantage, connection.ends.map(\.end))
    for place in connection.ends.indices {
      if isCounted, connection.conforms(at: place) {
        end.count += 1
      } else {
        tell(connection.ends[place])
      }
    }
    return end
  }

  /// Whether all ends that are judged conform, and that is remembered of others like them.
  private func rememberedConformance(
    _ ends: [ConnectionEnd],
    _ measure: inout CaptureMeasure
  ) -> Bool {
    guard isJudged, let waiting = undecided?.waiting, measure.plain.write(waiting) else {
      return false
    }
    return ends.allSatisfy { end in
      var conforms = false
      for lane in measure.conformance.lanes {
        guard
          let answer = lane.engine.conforms(
            measure.plain.rows,
            of: PlainTrace.party(end),
            beginningAt: waiting.start
          )
        else { return false }
        conforms = conforms || answer
      }
      return conforms
    }
  }

  func trace(of end: JudgedEnd, _ conformance: Conformance) -> ConformedTrace {
    var result = trace(of: end, from: connection.frame, conformance)
    var problem = settled?.capture?.connection.problem
    var gapFrame = settled?.capture?.connection.gapFrame
    var doubt: String?
    if result.verdict == .violates {
      switch settled?.capture?.ground(of: end) {
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
    if let vantage = settled?.vantage { result.vantage = vantage.reason }
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
    } else if let vantage = settled?.vantage?.vantage, vantage == .unknown || vantage == .midway {
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
