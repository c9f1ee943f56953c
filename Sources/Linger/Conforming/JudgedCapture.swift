import LingerCapture
import LingerConform
import LingerKernel

/// A connection that is judged, and what is known of its beginning.
struct JudgedCapture {
  private(set) var connection: JudgedConnection
  private var beginning: Beginning
  /// The frame with which an end had come to violate, whether or not that is sure.
  private var violationFrames: [Int?]

  private enum Beginning {
    /// The first segment is no SYN.
    case missing
    case uncertain(UncertainOpening)
    /// From which frame on it is sure what each end has become.
    case sure(first: Int, second: Int)
  }

  /// Apart: it is over with the second segment of most connections.
  private final class UncertainOpening {
    var proof: OpeningProof
    let syn: SegmentEvent
    var later: LaterBeginning?
    /// Whether nothing has come that a later beginning would leave out.
    var mayBeginLater = true

    init(_ proof: OpeningProof, _ syn: SegmentEvent) {
      self.proof = proof
      self.syn = syn
    }
  }

  /// What the findings about an end rest on.
  enum Ground {
    /// The opening was seen.
    case opening
    /// It was, but for what the other end sent first, which this frame acknowledges.
    case halfOpening(Int)
    /// It was not, and the connection was under way: this is what comes of that.
    case later(LaterBeginning)
    /// The first segment is a SYN, and nothing tells whether it opens.
    case uncertainOpening
    case missing
  }

  /// - Parameters:
  ///   - connection: the ends to be judged, which have seen nothing.
  ///   - first: the first segment, which is still to be taken.
  ///   - conformance: what it is held against.
  ///   - mapping: makes messages of the spec of segments.
  init(
    _ connection: JudgedConnection,
    beginningWith first: SegmentEvent,
    _ conformance: Conformance,
    _ mapping: SegmentMapping
  ) {
    self.connection = connection
    violationFrames = []
    if let proof = OpeningProof(first) {
      beginning = .uncertain(UncertainOpening(proof, first))
    } else {
      beginning = .missing
      self.connection.join(before: first, conformance, mapping)
    }
  }

  /// `message` is written to, so that none has to be made for each segment.
  mutating func take(
    _ event: SegmentEvent,
    _ conformance: Conformance,
    _ mapping: SegmentMapping,
    _ message: inout SeenMessage
  ) {
    if case .uncertain(let opening) = beginning { take(event, opening, conformance, mapping) }
    connection.take(event, mapping, &message)
  }

  private mutating func take(
    _ event: SegmentEvent,
    _ opening: UncertainOpening,
    _ conformance: Conformance,
    _ mapping: SegmentMapping
  ) {
    if event.frame == opening.syn.frame { return }
    opening.proof.take(event)
    if opening.proof.isSettled {
      beginning = .sure(
        first: opening.proof.sureSince(.first),
        second: opening.proof.sureSince(.second)
      )
      return
    }
    if let later = opening.later {
      later.take(event, mapping)
    } else if opening.mayBeginLater, !event.flags.contains(.syn) {
      opening.mayBeginLater = false
      let end = opening.proof.opener.other
      guard mapping.hasOpening, event.ack != nil, !event.flags.contains(.rst),
        connection.ends.contains(where: { $0.end == end })
      else { return }
      let later = LaterBeginning(
        after: opening.syn,
        with: event,
        of: end,
        conformance,
        mapping
      )
      later.take(event, mapping)
      opening.later = later
    }
  }

  /// The connection is over.
  mutating func finish() {
    connection.finish()
    if case .uncertain(let opening) = beginning { opening.later?.finish() }
  }

  /// What is found of an end may be due to what came before the capture; on what it rests.
  func ground(of end: JudgedEnd) -> Ground {
    let ground = groundInOpening(of: end)
    if case .opening = ground,
      let frame = connection.holes.frameBehindUnseenBeginning(of: end.end.other),
      end.findings({ $0 >= frame })
    {
      return .halfOpening(frame)
    }
    return ground
  }

  private func groundInOpening(of end: JudgedEnd) -> Ground {
    switch beginning {
    case .missing: return .missing
    case .sure(let first, let second):
      let since = end.end == .first ? first : second
      return end.findings { $0 >= since } ? .opening : .uncertainOpening
    case .uncertain(let opening):
      if end.findings({ opening.proof.isSure(of: end.end, at: $0) }) { return .opening }
      if opening.proof.isDisproved(for: end.end), let later = opening.later {
        return .later(later)
      }
      return .uncertainOpening
    }
  }

  /// The frame at which an end has come to violate the spec, once that is sure.
  mutating func sureViolation() -> Int? {
    guard connection.problem == nil else { return nil }
    if case .missing = beginning { return nil }
    for place in connection.ends.indices where connection.ends[place].judge.violates {
      let end = connection.ends[place]
      if violationFrames.isEmpty {
        violationFrames = Array(repeating: nil, count: connection.ends.count)
      }
      violationFrames[place] = violationFrames[place] ?? end.judge.events.last?.place ?? 0
      // What the other end sends later will tell.
      if connection.holes.acknowledgement(beforeAllOf: end.end.other) != nil { continue }
      if case .opening = ground(of: end) { return violationFrames[place] }
    }
    return nil
  }
}

extension JudgedEnd {
  /// Whether what was found under each profile was found at such a frame.
  fileprivate func findings(_ isSure: (Int) -> Bool) -> Bool {
    judge.lanes.allSatisfy { entry in
      guard let finding = entry.follower.firstDeviation else { return true }
      // Only the first events are kept.
      return isSure(judge.place(ofEvent: finding.event) ?? .max)
    }
  }
}
