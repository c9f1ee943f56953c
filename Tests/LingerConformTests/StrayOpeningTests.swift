import Foundation
import Linger
import LingerCapture
import LingerEval
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// Captures that begin with a SYN that opens nothing: real ones without their first frames, with
/// such a SYN in their place.
@Suite("captures that begin with a stray SYN")
struct StrayOpeningTests {
  private static let labels = LabelledCaptureTests.labels
  /// What is put before the rest of a capture.
  private struct Stray: CustomStringConvertible {
    var fromSubject: Bool
    /// Whether it is the answer to a SYN.
    var isAnswer: Bool
    /// What its number is, seen from the next one of its sender; nil for the connection's own SYN.
    var offset: UInt32?
    /// Whether it is answered with what the receiver would send next and wants.
    var isChallenged: Bool

    var description: String {
      "\(isAnswer ? "SYN-ACK" : "SYN") \(fromSubject ? "out" : "in") at "
        + "\(offset.map { "\(Int32(bitPattern: $0))" } ?? "its own number")"
        + (isChallenged ? ", challenged" : "")
    }

    static let all: [Stray] = {
      var result: [Stray] = []
      for offset in [nil, 100, 0, 0 &- 1000, 0x3000_0000, 0x9000_0000] as [UInt32?] {
        for bits in 0..<8 {
          result.append(
            Stray(
              fromSubject: bits & 1 != 0,
              isAnswer: bits & 2 != 0,
              offset: offset,
              isChallenged: bits & 4 != 0
            )
          )
        }
      }
      return result
    }()
  }

  /// What an end has sent and got so far, in numbers of the wire.
  private struct Sent {
    var endpoint: Endpoint
    var next: UInt32?
    var acknowledged: UInt32?
    var syn: UInt32?
  }

  private struct Capture {
    var frames: [CaptureFrames.Frame]
    /// By frame: what both ends, the judged one first, had sent before it.
    var before: [(Sent, Sent)]

    /// Of the connection of the first segment; frames of others stay where they are.
    init?(_ path: String, isAtClient: Bool) throws {
      frames = try CaptureFrames(path: path).frames
      before = []
      var decoder = CaptureDecoder()
      var ends: [Sent] = []
      var isAtFirst = true
      for frame in frames {
        var events: [CaptureEvent] = []
        decoder.take(frame.header, frame.bytes.span) { events.append($0) }
        for event in events {
          guard case .opened(let connection) = event, ends.isEmpty else { continue }
          isAtFirst = (connection.first.port == 40000) == isAtClient
          let (own, other) =
            isAtFirst
            ? (connection.first, connection.second) : (connection.second, connection.first)
          ends = [Sent(endpoint: own), Sent(endpoint: other)]
        }
        guard ends.count == 2 else { return nil }
        before.append((ends[0], ends[1]))
        for case .segment(let event) in events where event.connection == 0 {
          Self.note(event, &ends[(event.sender == .first) == isAtFirst ? 0 : 1])
        }
      }
    }

    private static func note(_ event: SegmentEvent, _ sent: inout Sent) {
      if event.flags.contains(.rst) || event.checksum == .bad { return }
      let end = event.wireSeq &+ UInt32(truncatingIfNeeded: event.end - event.seq)
      if Int32(bitPattern: end &- (sent.next ?? end)) >= 0 { sent.next = end }
      if event.flags.contains(.syn) { sent.syn = event.wireSeq }
      if event.ack != nil { sent.acknowledged = event.wireAck }
    }

    /// From a frame on, with a stray segment before it; nil where what it needs is not known.
    func cut(at place: Int, with stray: Stray) -> [CaptureFrames.Frame]? {
      let (own, other) = before[place]
      let (sender, receiver) = stray.fromSubject ? (own, other) : (other, own)
      guard let next = stray.offset.map({ (sender.next ?? 0) &+ $0 }) ?? sender.syn else {
        return nil
      }
      // The number behind a SYN that was not answered yet: its answer would have miscounted.
      if let syn = sender.syn, next == syn &+ 1 { return nil }
      var packet = PacketBuilder(from: sender.endpoint, to: receiver.endpoint)
      packet.sequence = next
      packet.flags = stray.isAnswer ? [.syn, .ack] : .syn
      // An answer to another SYN.
      if stray.isAnswer { packet.acknowledgment = (receiver.next ?? 0) &- 5000 }
      packet.ipID = 0x7777
      packet.options.maximumSegmentSize = 1460
      var packets = [packet.packet()]
      if stray.isChallenged {
        guard let next = receiver.next, let acknowledged = receiver.acknowledged else { return nil }
        var answer = PacketBuilder(from: receiver.endpoint, to: sender.endpoint)
        answer.sequence = next
        answer.acknowledgment = acknowledged
        answer.flags = .ack
        answer.window = 500
        answer.ipID = 0x7778
        packets.append(answer.packet())
      }
      let first = frames[place].header
      var result = packets.enumerated().map { number, bytes in
        CaptureFrames.Frame(
          header: CapturedFrame(
            number: first.number - packets.count + number,
            time: first.time - Int64(packets.count - number) * 20_000,
            linkType: .raw,
            capturedLength: bytes.count,
            originalLength: bytes.count
          ),
          bytes: bytes
        )
      }
      result += frames[place...]
      return result
    }
  }

  private func judge(
    _ frames: [CaptureFrames.Frame],
    _ conformance: Conformance,
    ends: JudgedEnds,
    alarm: @escaping (String, Int) -> Void = { _, _ in }
  ) throws -> ConformedSpec.Input {
    var held = try CaptureConformance(conformance, path: "", ends: ends, alarm: alarm)
    for frame in frames { held.take(frame.header, frame.bytes.span) }
    held.finish()
    return held.input
  }

  @Test(
    "a SYN that the capture lost, and that was acknowledged, is not held against its receiver",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func lostSyn() throws {
    let file = "real/o2_simultaneous_open.A.pcap"
    let path = LabelledCaptureTests.folder.appendingPathComponent(file).path
    var frames = try CaptureFrames(path: path).frames
    frames.remove(at: 1)
    var alarms = 0
    let conformance = try HeldCaptures.conformance(profile: "linux")
    let ends = JudgedEnds.address("10.77.75.1:40000")
    let input = try judge(frames, conformance, ends: ends) { _, _ in alarms += 1 }
    #expect(input.counts == [.inconclusive: 1] && alarms == 0)
    let reason = "frame 3 acknowledges a beginning of the other end that was not captured"
    #expect(input.traces.first?.reason == reason)
  }

  @Test(
    "no real capture violates, wherever it begins and with whatever SYN",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func realCaptures() throws {
    let conformance = try HeldCaptures.conformance(profile: "linux")
    var random = RandomNumbers(seed: Seeds(for: "stray SYNs").first)
    var counts: [TraceVerdict: Int] = [:]
    var total = 0
    // The one that has waited for longest comes first.
    var waiting = Array(Stray.all.indices)
    var tried: Set<Int> = []
    for label in Self.labels where label.dir == "real" && label.conforming != false {
      for file in label.files {
        let path = LabelledCaptureTests.folder.appendingPathComponent("real/\(file)").path
        guard let capture = try Capture(path, isAtClient: file.contains(".A.")) else { continue }
        for place in Self.places(in: capture.frames.count, &random) {
          var cut: [CaptureFrames.Frame]?
          guard
            let turn = waiting.firstIndex(where: { number in
              cut = capture.cut(at: place, with: Stray.all[number])
              return cut != nil
            }),
            let frames = cut
          else { continue }
          let number = waiting.remove(at: turn)
          waiting.append(number)
          tried.insert(number)
          let ends = JudgedEnds.address("\(capture.before[place].0.endpoint)")
          let input = try judge(frames, conformance, ends: ends)
          total += 1
          #expect(
            input.counts[.violates, default: 0] == 0,
            "\(file) from frame \(place + 1), \(Stray.all[number]): \(input.traces)"
          )
          counts.merge(input.counts, uniquingKeysWith: +)
        }
      }
    }
    print("captures with a stray SYN: \(total), \(counts)")
    #expect(total > 200 && tried.count == Stray.all.count)
    #expect(counts[.conforms, default: 0] > total / 10)
  }

  /// Where a capture is cut: at one place early, one in the middle and one late, as far as it has
  /// them.
  private static func places(in count: Int, _ random: inout RandomNumbers) -> [Int] {
    let parts = 3
    return (0..<parts).compactMap { part in
      let first = 1 + (count - 1) * part / parts
      let next = 1 + (count - 1) * (part + 1) / parts
      return first < next ? first + random.below(next - first) : nil
    }
  }

  @Test(
    "a violation is told while the capture goes on, once the opening is sure",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func alarms() throws {
    let conformance = try HeldCaptures.conformance(profile: "linux")
    var told = 0
    for label in Self.labels where label.dir == "bad" && label.verdict == "violation" {
      let path = LabelledCaptureTests.folder.appendingPathComponent("bad/\(label.files[0])").path
      let frames = try CaptureFrames(path: path).frames
      var held = try CaptureConformance(conformance, path: path, ends: .guessed)
      for frame in frames { held.take(frame.header, frame.bytes.span) }
      held.finish()
      let trace = held.input.traces.first { $0.verdict == .violates }
      let place = try #require(trace?.finding?.place, "\(label)")
      var alarms: [Int] = []
      var frame = 0
      let ends = JudgedEnds.address(try #require(trace).subject)
      held = try CaptureConformance(conformance, path: path, ends: ends) { _, found in
        alarms.append(found)
        if frame == place { told += 1 }
      }
      for next in frames {
        frame = next.header.number
        held.take(next.header, next.bytes.span)
      }
      held.finish()
      #expect(alarms == [place], "\(label)")
    }
    #expect(told > 10)
  }
}
