import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// A connection of a capture while it goes on.
struct FollowedCapture {
  /// Whether any of its ends is judged; otherwise it only tells where the capture was made.
  let isJudged: Bool
  private var undecided: Undecided?
  /// Apart: a quarter of a million connections may wait at once, and those have none.
  private(set) var settled: SettledCapture?

  /// What is known until it is settled whose view the segments are.
  private struct Undecided {
    var clues = VantageClues()
    var count: UInt8 = 0
    var waiting: WaitingSegments

    /// Whether it is settled now, as far as it will be.
    mutating func take(_ event: SegmentEvent, keeps: Bool) -> Bool {
      count += 1
      clues.add(event)
      if keeps { waiting.append(event) }
      return event.flags.contains(.rst) || count >= FollowedCapture.mostWaiting
    }
  }

  /// So many segments tell where a capture was made, or nothing does.
  private static let mostWaiting = 64

  init(_ connection: CapturedConnection, isJudged: Bool) {
    self.isJudged = isJudged
    undecided = Undecided(waiting: WaitingSegments(of: connection))
  }

  /// Where the capture was made, as far as the connection itself tells.
  func guess(of connection: CapturedConnection) -> VantageGuess {
    settled?.vantage ?? undecided?.clues.guess(of: connection)
      ?? VantageGuess(.unknown, "the ends were given")
  }

  /// Takes the next segment of the connection; the frame at which an end has come to violate the
  /// spec for sure, once.
  mutating func take(
    _ event: SegmentEvent,
    of connection: CapturedConnection,
    _ measure: inout CaptureMeasure
  ) -> Int? {
    if isJudged { measure.segmentCount += 1 }
    if let settled {
      settled.capture?.take(event, measure.conformance, measure.mapping, &measure.message)
      return settled.newViolation()
    }
    let isOver = undecided?.take(event, keeps: isJudged) ?? true
    if !isOver, case .guessed = measure.ends { return nil }
    let chosen = connection.chosenEnds(guess(of: connection), measure)
    settle(connection, chosen, &measure, keepsEvents: true)
    undecided = nil
    return settled?.newViolation()
  }

  /// Judges what has waited, at the ends that are chosen.
  private mutating func settle(
    _ connection: CapturedConnection,
    _ chosen: ChosenEnds,
    _ measure: inout CaptureMeasure,
    keepsEvents: Bool
  ) {
    var capture: JudgedCapture?
    if isJudged, let waiting = undecided?.waiting {
      waiting.forEach(of: connection) { event in
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
    settled = SettledCapture(connection, capture, chosen.vantage)
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
  ///   - connection: which it is.
  ///   - guess: where the capture was made, as far as the connection tells.
  ///   - measure: what it is judged with.
  ///   - isCounted: whether no more is told of ends that conform than how many they are.
  ///   - tell: gets each end that is not only counted.
  /// - Returns: what became of it.
  mutating func finish(
    _ connection: CapturedConnection,
    _ guess: VantageGuess,
    _ measure: inout CaptureMeasure,
    isCounted: Bool,
    _ tell: (JudgedEnd) -> Void
  ) -> End {
    if settled == nil {
      let chosen = connection.chosenEnds(guess, measure)
      if isCounted, rememberedConformance(of: connection, chosen.ends, &measure) {
        var end = End(chosen.vantage, chosen.ends)
        end.count = chosen.ends.count
        return end
      }
      settle(connection, chosen, &measure, keepsEvents: !isCounted)
      settled?.capture?.finish()
      // What does not conform is shown with its events.
      if isCounted, let judged = settled?.capture?.connection, !judged.allConform {
        settle(connection, chosen, &measure, keepsEvents: true)
        settled?.capture?.finish()
      }
    } else {
      settled?.capture?.finish()
    }
    guard let settled, let judged = settled.capture?.connection else { return End(nil, []) }
    var end = End(settled.vantage, judged.ends.map(\.end))
    for place in judged.ends.indices {
      if isCounted, judged.conforms(at: place) {
        end.count += 1
      } else {
        tell(judged.ends[place])
      }
    }
    return end
  }

  /// Whether all ends that are judged conform, and that is remembered of others like them.
  private func rememberedConformance(
    of connection: CapturedConnection,
    _ ends: [ConnectionEnd],
    _ measure: inout CaptureMeasure
  ) -> Bool {
    guard isJudged, let waiting = undecided?.waiting,
      measure.plain.write(waiting, of: connection)
    else { return false }
    return ends.allSatisfy { end in
      var conforms = false
      for lane in measure.conformance.lanes {
        guard
          let answer = lane.engine.conforms(
            measure.plain.rows,
            of: PlainTrace.party(end),
            beginningAt: connection.time
          )
        else { return false }
        conforms = conforms || answer
      }
      return conforms
    }
  }
}

/// The ends that are judged, and why, where that was guessed.
private struct ChosenEnds {
  var ends: [ConnectionEnd]
  var vantage: VantageGuess?
}

extension CapturedConnection {
  fileprivate func chosenEnds(_ own: VantageGuess, _ measure: CaptureMeasure) -> ChosenEnds {
    switch measure.ends {
    case .first: return ChosenEnds(ends: [.first])
    case .second: return ChosenEnds(ends: [.second])
    case .both: return ChosenEnds(ends: [.first, .second])
    case .address(let address):
      let ends = ConnectionEnd.allCases.filter {
        let endpoint = endpoint($0)
        return endpoint.description == address || endpoint.address.description == address
      }
      return ChosenEnds(ends: ends)
    case .guessed:
      let guess = measure.host.guess(own, of: self)
      switch guess.vantage {
      // Each is the same object every time.
      case .end(let end):
        return ChosenEnds(ends: end == .first ? [.first] : [.second], vantage: guess)
      case .both, .midway, .unknown: return ChosenEnds(ends: [.first, .second], vantage: guess)
      }
    }
  }
}
