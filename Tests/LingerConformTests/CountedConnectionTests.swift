import Linger
import LingerCapture
import LingerEval
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// Of many connections that conform only their number is told, and what becomes of them is mostly
/// remembered as a whole. It is the same as where each is followed and told.
@Suite("connections that are only counted")
struct CountedConnectionTests {
  static let seeds = Seeds(for: "connections that are only counted")
  private static let connections = 500

  @Test("as many conform as where each is told", arguments: ["linux", "rfc9293"])
  func counts(profile: String) throws {
    var maker = CloseMaker(RandomNumbers(seed: Self.seeds.seed(0)))
    let frames = maker.frames(of: Self.connections, editing: 4)
    let counted = try hold(frames, profile, ConformanceOptions())
    var options = ConformanceOptions()
    options.showsAllEvents = true
    let told = try hold(frames, profile, options)
    #expect(counted.counts == told.counts && counted.eventCount == told.eventCount)
    #expect(counted.highWater == told.highWater)
    #expect(counted.traces.map(Self.line) == told.traces.map(Self.line))
    let conforming = counted.counts[.conforms, default: 0]
    print("counted under \(profile): \(conforming) of \(Self.connections) conform")
    #expect(conforming > 300 && conforming < Self.connections)
    #expect(counted.counts[.violates, default: 0] > 0)
  }

  /// Says anything that opens with a SYN and acknowledges from then on.
  private static let talker = """
    protocol Talking
    parameter top: 0...1000000 = 1000000
    message Segment { hasAck: 0...255, seq: -top...top, syn: 0...3 }
    network {
      Talker -> Listener: Segment
      Listener -> Talker: Segment
    }
    role Talker {
      var hasOpened: Bool = false
      transition open on internal when !hasOpened {
        choose n in -top...top
        send Segment(hasAck: 0, seq: n, syn: 1)
        hasOpened = true
      }
      transition talk on internal when hasOpened {
        choose n in -top...top
        send Segment(hasAck: 1, seq: n, syn: 0)
      }
      otherwise receive { }
    }
    role Listener { otherwise receive { } }
    instances talker: Talker
    instances listener: Listener
    """

  @Test("flags in fields of integers are 0 and 1, where connections are counted and where not")
  func integerFlags() throws {
    var maker = CloseMaker(RandomNumbers(seed: Self.seeds.seed(1)))
    let frames = maker.frames(of: 40, editing: 0)
    for showsAll in [false, true] {
      var options = ConformanceOptions()
      options.showsAllEvents = showsAll
      let conformance = try HeldCaptures.conformance(text: Self.talker, options)
      let held = try hold(frames, conformance, .first)
      #expect(held.counts == [.conforms: 40], "\(held.traces.map(Self.line))")
    }
  }

  private func hold(
    _ frames: [CaptureFrames.Frame],
    _ profile: String,
    _ options: ConformanceOptions
  ) throws -> ConformedSpec.Input {
    try hold(frames, HeldCaptures.conformance(profile: profile, options), .guessed)
  }

  private func hold(
    _ frames: [CaptureFrames.Frame],
    _ conformance: Conformance,
    _ ends: JudgedEnds
  ) throws -> ConformedSpec.Input {
    var held = try CaptureConformance(conformance, path: "made", ends: ends)
    for frame in frames { held.take(frame.header, frame.bytes.span) }
    held.finish()
    return held.held.input
  }

  private static func line(_ trace: ConformedTrace) -> String {
    "\(trace.name) \(trace.subject) \(trace.verdict) \(trace.reason ?? "") \(trace.notes)"
  }
}

/// Closes as a server's host sees them, most of them whole and some edited.
private struct CloseMaker {
  private var random: RandomNumbers
  private var time: Int64 = 1_700_000_000_000_000_000

  init(_ random: RandomNumbers) { self.random = random }

  /// One in so many is edited; none for 0.
  mutating func frames(of connections: Int, editing share: Int) -> [CaptureFrames.Frame] {
    var result: [CaptureFrames.Frame] = []
    for number in 0..<connections {
      var frames = CaptureFrames(frames: connection(number))
      if share > 0, random.below(share) == 0 { frames.edit(&random) }
      result += frames.frames
    }
    for place in result.indices { result[place].header.number = place + 1 }
    return result
  }

  private mutating func connection(_ number: Int) -> [CaptureFrames.Frame] {
    let client = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: UInt16(1000 + number))
    let server = Endpoint(address: IPAddress(ipv4: 0xC0A8_0001), port: 80)
    var next = [UInt32(random.below(1 << 30)), UInt32(random.below(1 << 30))]
    var frames: [CaptureFrames.Frame] = []
    func add(_ fromClient: Bool, _ flags: TCPFlags, _ length: Int, _ time: Int64) {
      let (own, other) = fromClient ? (0, 1) : (1, 0)
      var packet =
        fromClient
        ? PacketBuilder(from: client, to: server) : PacketBuilder(from: server, to: client)
      packet.flags = flags
      packet.sequence = next[own]
      if flags.contains(.ack) { packet.acknowledgment = next[other] }
      packet.payload = Array(repeating: 0x78, count: length)
      packet.timeToLive = fromClient ? 57 : 64
      packet.ipID = UInt16(truncatingIfNeeded: frames.count + 1)
      if flags.contains(.syn) { packet.options.maximumSegmentSize = 1460 }
      next[own] &+= UInt32(length) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
      let bytes = LinkFraming.frame(packet.packet(), .ethernet)
      let header = CapturedFrame(
        number: 0,
        time: time,
        linkType: .ethernet,
        capturedLength: bytes.count,
        originalLength: bytes.count
      )
      frames.append(CaptureFrames.Frame(header: header, bytes: bytes))
    }
    add(true, .syn, 0, passed())
    add(false, [.syn, .ack], 0, passed())
    add(true, .ack, 0, passed())
    for _ in 0..<random.below(3) {
      let fromClient = random.below(2) == 0
      add(fromClient, [.psh, .ack], 1 + random.below(300), passed())
      add(!fromClient, .ack, 0, passed())
    }
    let clientCloses = random.below(2) == 0
    add(clientCloses, [.fin, .ack], 0, passed())
    add(!clientCloses, .ack, 0, passed())
    if random.below(10) > 0 {
      add(!clientCloses, [.fin, .ack], 0, passed())
      add(clientCloses, .ack, 0, passed())
    }
    return frames
  }

  /// Mostly a moment later, and now and then much.
  private mutating func passed() -> Int64 {
    time += 1000 + Int64(random.below(2_000_000))
    if random.below(40) == 0 { time += Int64(random.below(90)) * 1_000_000_000 }
    return time
  }
}
