import LingerConform
import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// `specs/tcp/TCP.linger` and `specs/tcp-close/TCPClose.linger` describe the same closing: every
/// small run of the second, as one peer sees it, is one of the first.
///
/// Both have the letter of RFC 9293, `TCP.linger` under `rfc9293`. One numbers bytes and one
/// segments, so data has one byte, and the numbers differ by the SYN's.
@Suite("the two specs of TCP agree on closing")
struct ClosingAgreementTests {
  /// All runs with so many segments seen.
  struct Bound: Sendable, CustomTestStringConvertible {
    var dataSegments: Int
    /// Retransmissions and resets of each peer.
    var again: Int
    var events: Int
    var testDescription: String { "\(dataSegments) data segments, \(events) events" }
  }

  static let bounds = [
    Bound(dataSegments: 0, again: 1, events: 6), Bound(dataSegments: 1, again: 0, events: 5),
  ]
  private static let mostNodes = 3_000_000

  @Test("every run of TCPClose that a peer sees conforms to TCP", arguments: bounds)
  func runs(bound: Bound) throws {
    let traces = try Self.traces(bound)
    let follower = try Self.opened(Self.engine())
    var refused: [String] = []
    var count = 0
    var known = 0
    Self.follow(traces.root, follower, []) { trace, follower in
      count += 1
      // RFC 9293 §3.10.7.4, first and fifth: an acknowledgement ahead of its turn, but in the
      // window, counts; TCPClose's window is one number wide, and drops it.
      let isKnown = Self.hasSegmentAhead(trace)
      if follower.firstDeviation != nil, !isKnown { refused.append(Self.describe(trace)) }
      if follower.firstDeviation != nil, isKnown { known += 1 }
      return follower.firstDeviation == nil
    }
    print("\(bound.testDescription): \(count) runs, \(traces.nodes) explored")
    #expect(count > 100)
    #expect(refused == [])
    // Those are few.
    #expect(known * 100 < count)
  }

  /// Whether a segment came that is ahead of what is expected.
  private static func hasSegmentAhead(_ trace: [WireEvent]) -> Bool {
    var expected = 1
    for event in trace where !event.isOutput && !event.segment.rst {
      let segment = event.segment
      if segment.seq > expected { return true }
      if segment.seq == expected { expected += segment.length + (segment.fin ? 1 : 0) }
    }
    return false
  }

  @Test("a FIN with another number is not one of TCP's")
  func movedFin() throws {
    let traces = try Self.traces(Self.bounds[0])
    let engine = try Self.engine()
    var count = 0
    Self.follow(traces.root, Self.opened(engine), []) { trace, _ in
      guard let last = trace.last, last.isOutput, last.segment.fin else { return true }
      var before = Self.replayed(trace.dropLast(), engine, judgesTime: false)
      var moved = last
      moved.segment.seq += 1
      before.observe(moved)
      count += 1
      #expect(before.follower.firstDeviation != nil, "\(Self.describe(trace))")
      return true
    }
    #expect(count > 10)
  }

  @Test("a FIN whose acknowledgement is missing when its time is over is a violation")
  func missingAcknowledgement() throws {
    let traces = try Self.traces(Self.bounds[0])
    let engine = try Self.engine()
    var count = 0
    Self.follow(traces.root, Self.opened(engine), []) { trace, _ in
      guard let last = trace.last, !last.isOutput, last.segment.fin,
        !trace.dropLast().contains(where: { $0.segment.fin || $0.segment.rst })
      else { return true }
      // MUST-40: half a second. Both the silence and what shows it, another FIN, are seen.
      for (delay, isLate) in [(Int64(400_000_000), false), (2_000_000_000, true)] {
        var late = Self.replayed(trace, engine, judgesTime: true)
        late.time += delay
        late.observe(last)
        #expect((late.follower.timeDeviation != nil) == isLate, "\(Self.describe(trace))")
      }
      count += 1
      return true
    }
    #expect(count > 0)
  }

  // What is enumerated.

  /// Runs as a tree, so that common beginnings are followed once.
  private final class Node {
    var next: [(event: WireEvent, node: Node)] = []

    func child(_ event: WireEvent) -> Node {
      if let known = next.first(where: { $0.event == event }) { return known.node }
      let node = Node()
      next.append((event, node))
      return node
    }
  }

  /// Every run of the whole system, each for what its first peer sees.
  private static func traces(_ bound: Bound) throws -> (root: Node, nodes: Int) {
    let model = try SpecFiles.model(
      "tcp-close/TCPClose.linger",
      setting: [
        ("dataSegments", "\(bound.dataSegments)"), ("resends", "\(bound.again)"),
        ("resets", "\(bound.again)"),
        // No clause of the RFC: `rfc9293` does not have it either.
        ("limitsFinWait2", "false"),
      ]
    )
    let evaluator = Evaluator(model)
    let root = Node()
    struct Place: Hashable {
      var state: State
      var trace: [WireEvent]
    }
    var known: Set<Place> = []
    var open: [(place: Place, node: Node)] = []
    let beginning = Place(state: evaluator.declaredState, trace: [])
    known.insert(beginning)
    open.append((beginning, root))
    while let (place, node) = open.popLast() {
      for successor in evaluator.successors(of: place.state) {
        guard case .success(let state) = successor.outcome else { continue }
        let seen = Self.seen(by: 0, successor)
        guard place.trace.count + seen.count <= bound.events else { continue }
        let next = Place(state: state, trace: place.trace + seen)
        guard known.insert(next).inserted else { continue }
        try #require(known.count < Self.mostNodes)
        open.append((next, seen.reduce(node) { $0.child($1) }))
      }
    }
    return (root, known.count)
  }

  private static func seen(by instance: Int, _ successor: Successor) -> [WireEvent] {
    guard case .transition(instance, _, let cause, _) = successor.step else { return [] }
    var result: [WireEvent] = []
    if case .receive(let envelope) = cause {
      result.append(WireEvent(isOutput: false, segment: segment(envelope.message)))
    }
    for case .send(let envelope, _) in successor.effects {
      result.append(WireEvent(isOutput: true, segment: segment(envelope.message)))
    }
    return result
  }

  /// `Segment(seq, ack, data, fin, rst)` of TCPClose: it counts from the first byte, has the ACK
  /// bit unless it is a reset, and a byte where it has data.
  private static func segment(_ message: Value) -> WireSegment {
    guard case .record(_, let fields) = message, case .integer(let seq) = fields[0],
      case .integer(let ack) = fields[1]
    else { preconditionFailure("not a Segment of TCPClose") }
    var result = WireSegment(seq: seq + 1)
    result.length = fields[2] == .bool(true) ? 1 : 0
    result.fin = fields[3] == .bool(true)
    result.rst = fields[4] == .bool(true)
    result.hasAck = !result.rst
    result.ack = result.rst ? 0 : ack + 1
    result.window = result.rst ? 0 : 65_535
    return result
  }

  // How it is followed.

  private struct Following {
    var subject: Subject
    var follower: Follower
    var time: Int64 = 0

    mutating func observe(_ event: WireEvent) {
      guard let observation = event.observation(subject) else {
        preconditionFailure("a field is outside of its type")
      }
      time += 1_000_000
      follower.observe(observation, at: time)
    }
  }

  private static func engine() throws -> BeliefEngine {
    let model = try SpecFiles.model("tcp/TCP.linger", profile: "rfc9293", following: true)
    return BeliefEngine(try Subject(0, of: model), .capture, mostBeliefs: 4096)
  }

  /// After the opening, RFC 9293 §3.5, figure 6, which TCPClose leaves out.
  private static func opened(_ engine: BeliefEngine, judgesTime: Bool = false) -> Following {
    var following = Following(
      subject: engine.subject,
      follower: Follower(engine, beginningAt: 0, judgesTime: judgesTime)
    )
    var syn = WireSegment(seq: 0)
    syn.syn = true
    syn.hasAck = false
    following.observe(WireEvent(isOutput: true, segment: syn))
    var answer = WireSegment(seq: 0)
    answer.syn = true
    answer.ack = 1
    following.observe(WireEvent(isOutput: false, segment: answer))
    var acknowledgement = WireSegment(seq: 1)
    acknowledgement.ack = 1
    following.observe(WireEvent(isOutput: true, segment: acknowledgement))
    #expect(following.follower.firstDeviation == nil)
    return following
  }

  private static func replayed(
    _ trace: some Sequence<WireEvent>,
    _ engine: BeliefEngine,
    judgesTime: Bool
  ) -> Following {
    var following = opened(engine, judgesTime: judgesTime)
    for event in trace { following.observe(event) }
    return following
  }

  /// Goes through the tree; `visit` says whether to go on behind a run.
  private static func follow(
    _ node: Node,
    _ following: Following,
    _ trace: [WireEvent],
    _ visit: ([WireEvent], Follower) -> Bool
  ) {
    for (event, node) in node.next {
      var following = following
      following.observe(event)
      let trace = trace + [event]
      if visit(trace, following.follower) { follow(node, following, trace, visit) }
    }
  }

  private static func describe(_ trace: [WireEvent]) -> String {
    trace.map { event in
      let segment = event.segment
      let flags =
        (segment.fin ? "F" : "") + (segment.rst ? "R" : "") + (segment.hasAck ? "." : "")
      return
        "\(event.isOutput ? ">" : "<") \(flags) \(segment.seq)(\(segment.length)) \(segment.ack)"
    }.joined(separator: "  ")
  }
}
