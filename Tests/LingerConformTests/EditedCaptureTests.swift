import Foundation
import LingerCapture
import LingerConform
import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Captures of real connections, whole and edited, judged by belief sets and by a follower on plain
/// values that shares nothing with them: they find the same first event that nothing explains.
///
/// Times are not judged here. Hidden values are read off by one and tried by the other: of every
/// `choose` with many values the slow one tries those that stand in the segment at hand.
@Suite("edited captures")
struct EditedCaptureTests {
  static let seeds = Seeds(for: "edited captures")
  private static let mostBeliefs = 600
  /// The slow follower takes long for longer ones.
  private static let mostEvents = 14
  private static let editsPerTrace = 6

  static let files: [URL] = {
    let folder = LabelledCaptureTests.folder.appendingPathComponent("real")
    let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (found ?? []).filter { $0.hasSuffix(".pcap") }.sorted()
      .map { folder.appendingPathComponent($0) }
  }()

  @Test(
    "belief sets and the evaluator find the same",
    .enabled(if: !files.isEmpty, "the captures are not beside the project")
  )
  func realCaptures() throws {
    let bench = try Bench(profile: "linux")
    var random = RandomNumbers(seed: Self.seeds.seed(0))
    var tally = Tally()
    for file in Self.files {
      let isFirst = file.lastPathComponent.contains(".A.")
      for trace in try Self.traces(of: file, end: isFirst ? .first : .second) {
        bench.compare(trace, "\(file.lastPathComponent)", &tally)
        for number in 1...Self.editsPerTrace {
          var edited = trace
          Self.edit(&edited, &random)
          bench.compare(edited, "\(file.lastPathComponent), edit \(number)", &tally)
        }
      }
    }
    print("edited captures: \(tally)")
    #expect(tally.traces > 300 && tally.violations > 50 && tally.violations < tally.traces)
  }

  @Test("the same of closes that are made here", arguments: ["rfc9293", "freebsd"])
  func madeUp(profile: String) throws {
    let bench = try Bench(profile: profile)
    var random = RandomNumbers(seed: Self.seeds.seed(1))
    var tally = Tally()
    for (name, trace) in Self.closes {
      bench.compare(trace, name, &tally)
      for number in 1...20 {
        var edited = trace
        for _ in 0...random.below(2) { Self.edit(&edited, &random) }
        bench.compare(edited, "\(name), edit \(number)", &tally)
      }
    }
    print("edited closes under \(profile): \(tally)")
    #expect(tally.traces > 60 && tally.violations > 10)
  }

  struct Tally: CustomStringConvertible {
    var traces = 0
    var violations = 0
    /// Given up by the slow follower.
    var large = 0

    var description: String {
      "\(traces) judged, \(violations) of them violate, \(large) too large"
    }
  }

  /// The segments of connections that are short and whole, as an end saw them.
  private static func traces(of url: URL, end: ConnectionEnd) throws -> [[WireEvent]] {
    var recorded = RecordedCapture()
    var decoder = CaptureDecoder()
    var file = try CaptureFile(path: url.path)
    var events: [CaptureEvent] = []
    while try file.next({ frame, bytes in decoder.take(frame, bytes) { events.append($0) } }) {}
    for event in events { recorded.add(event) }
    return recorded.segments.compactMap { segments in
      guard segments.count <= mostEvents, segments.first?.flags == .syn else { return nil }
      return segments.filter { $0.sender == end || $0.checksum != .bad }.map {
        WireEvent(isOutput: $0.sender == end, segment: WireSegment($0))
      }
    }
  }

  /// One change by the rules of the issue: dropped, repeated, swapped, a field changed.
  private static func edit(_ trace: inout [WireEvent], _ random: inout RandomNumbers) {
    guard trace.count > 1 else { return }
    let place = random.below(trace.count)
    switch random.below(6) {
    case 0: trace.remove(at: place)
    case 1: trace.insert(trace[place], at: place + random.below(trace.count - place))
    case 2: trace.swapAt(place, random.below(trace.count))
    default: change(&trace[place].segment, &random)
    }
  }

  private static func change(_ segment: inout WireSegment, _ random: inout RandomNumbers) {
    let step = [-2, -1, 1, 2, 100][random.below(5)]
    switch random.below(7) {
    case 0: segment.seq += step
    case 1: if segment.hasAck { segment.ack += step }
    case 2: segment.length = max(0, segment.length + step)
    case 3: segment.fin.toggle()
    case 4: segment.rst.toggle()
    case 5: segment.window = random.below(2) == 0 ? 0 : segment.window + 1
    default:
      segment.hasAck.toggle()
      if !segment.hasAck { segment.ack = 0 }
    }
    if segment.rst { segment.window = 0 }
  }

  /// Closes in the notation of packetdrill: who, flags, first number, bytes, acknowledgement.
  private static let closes: [(String, [WireEvent])] = [
    (
      "first",
      "> S 0 0 -|< S. 0 0 1|> . 1 0 1|> P. 1 5 1|< . 1 0 6|> F. 6 0 1|< . 1 0 7|< F. 1 0 7"
        + "|> . 7 0 2"
    ),
    ("second", "< S 0 0 -|> S. 0 0 1|< . 1 0 1|< F. 1 0 1|> . 1 0 2|> F. 1 0 2|< . 2 0 2"),
    ("both", "> S 0 0 -|< S. 0 0 1|> . 1 0 1|> F. 1 0 1|< F. 1 0 1|> . 2 0 2|< . 2 0 2"),
    (
      "lost",
      "> S 0 0 -|< S. 0 0 1|> . 1 0 1|> F. 1 0 1|> F. 1 0 1|< F. 1 0 2|> . 2 0 2|< F. 1 0 2"
        + "|> . 2 0 2"
    ),
    ("reset", "< S 0 0 -|> S. 0 0 1|< . 1 0 1|< P. 1 9 1|> . 1 0 10|> R. 1 0 10"),
  ].map { name, text in
    let events = text.split(separator: "|").map { line -> WireEvent in
      let words = line.split(separator: " ")
      var segment = WireSegment(seq: Int(words[2]) ?? 0)
      segment.syn = words[1].contains("S")
      segment.fin = words[1].contains("F")
      segment.rst = words[1].contains("R")
      segment.hasAck = words[1].contains(".")
      segment.length = Int(words[3]) ?? 0
      segment.ack = Int(words[4]) ?? 0
      if segment.rst { segment.window = 0 }
      return WireEvent(isOutput: words[0] == ">", segment: segment)
    }
    return (name, events)
  }

  /// Both followers for one profile.
  private final class Bench {
    private let model: Model
    private let engine: BeliefEngine
    /// Evaluators by the values that their choices are narrowed to.
    private var evaluators: [[Int]: Evaluator] = [:]

    init(profile: String) throws {
      model = try SpecFiles.model("tcp/TCP.linger", profile: profile, following: true)
      engine = BeliefEngine(try Subject(0, of: model), .capture, mostBeliefs: 4096)
    }

    func compare(_ trace: [WireEvent], _ name: String, _ tally: inout Tally) {
      var slow = SlowFollower(model, instance: 0)
      var fast = Follower(engine, beginningAt: 0, judgesTime: false)
      for (number, event) in trace.enumerated() {
        guard let value = event.segment.value(in: model),
          let observation = event.observation(engine.subject)
        else { break }
        guard
          let isExplained = slow.observe(
            event.isOutput ? .output(value) : .input(value),
            most: EditedCaptureTests.mostBeliefs,
            with: evaluator(for: event)
          )
        else {
          tally.large += 1
          return
        }
        fast.observe(observation, at: 0)
        let agrees = isExplained == (fast.orderDeviation == nil)
        #expect(agrees, "\(name), event \(number + 1): \(trace)")
        if !isExplained { tally.violations += 1 }
        if !isExplained || !agrees { break }
      }
      tally.traces += 1
    }

    private func evaluator(for event: WireEvent) -> Evaluator {
      let segment = event.segment
      let values =
        event.isOutput ? [segment.seq, segment.ack, segment.length, segment.window] : [0]
      let key = Array(Set(values)).sorted()
      if let known = evaluators[key] { return known }
      let evaluator = Evaluator(model.choosing(key))
      evaluators[key] = evaluator
      return evaluator
    }
  }
}
