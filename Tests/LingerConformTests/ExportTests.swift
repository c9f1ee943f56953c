import Foundation
import Linger
import LingerCapture
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// Runs and captures written for other tools, read again.
@Suite("export")
struct ExportTests {
  /// Segments live for a second: what comes minutes after an end is another connection to readers
  /// of captures.
  private static func specification(_ path: String) -> Specification {
    let file = SpecFiles.folder.appendingPathComponent(path).path
    let parameters = path.hasPrefix("tcp") ? [(name: "msl", value: "1 s")] : []
    return Specification.load(file, parameters: parameters) { path throws(SourceReadError) in
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { throw .notFound }
      return [UInt8](data)
    }
  }

  /// A random walk, saved and run again.
  private static func walk(_ path: String, seed: UInt64, steps: Int) throws -> ReplayedTrace.Run {
    let loaded = Self.specification(path)
    let simulation = loaded.simulate(
      SimulationOptions(seed: seed, walks: 1, maximumSteps: steps)
    )
    let text = try #require(simulation.savedTrace)
    let saved = try SavedTrace.read(Array(text.utf8), path: "walk").get()
    let replayed = loaded.replay(saved, options: ReplayOptions())
    guard case .run(let run) = replayed.result else {
      throw SpecTextError(description: replayed.message)
    }
    return run
  }

  /// The segments of a file, and the comments of its frames as far as they are text.
  private static func read(_ bytes: [UInt8]) throws -> RecordedCapture {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("linger-export-\(UUID().uuidString).pcapng")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bytes).write(to: file)
    var recorded = RecordedCapture()
    var decoder = CaptureDecoder()
    var capture = try CaptureFile(path: file.path)
    var events: [CaptureEvent] = []
    while try capture.next({ frame, bytes in decoder.take(frame, bytes) { events.append($0) } }) {}
    for event in events { recorded.add(event) }
    #expect(decoder.counts.badChecksums == 0 && decoder.counts.malformed == 0)
    return recorded
  }

  @Test(
    "a walk of TCPClose is a capture of what its subject saw",
    arguments: (1...20) as ClosedRange<UInt64>
  )
  func closes(seed: UInt64) throws {
    let run = try Self.walk("tcp-close/TCPClose.linger", seed: seed, steps: 60)
    let bytes = try run.exported(as: .pcapng, subject: "b")
    var expected: [(isSent: Bool, message: Value)] = []
    for entry in run.trace.entries {
      guard case .transition(1, _, let cause, _) = entry.step else { continue }
      if case .receive(let envelope) = cause { expected.append((false, envelope.message)) }
      for case .send(let envelope, _) in entry.effects { expected.append((true, envelope.message)) }
    }
    guard !expected.isEmpty else { return }
    let recorded = try Self.read(bytes)
    try #require(recorded.connections.count == 1)
    let segments = recorded.segments[0]
    // The opening comes first, which the spec leaves out.
    try #require(segments.count == expected.count + 3)
    #expect(segments[0].flags == .syn && segments[0].seq == 0)
    for (segment, (isSent, message)) in zip(segments.dropFirst(3), expected) {
      // The first instance opens, whoever looks.
      #expect(isSent == (segment.sender == .second))
      guard case .record(_, let fields) = message else { continue }
      #expect(fields[0] == .integer(Int(segment.seq) - 1))
      #expect((fields[2] == .bool(true)) == (segment.payloadLength == 1))
      #expect((fields[3] == .bool(true)) == segment.flags.contains(.fin))
      #expect((fields[4] == .bool(true)) == segment.flags.contains(.rst))
      let ack = segment.ack.map { Int($0) - 1 }
      #expect(fields[4] == .bool(true) ? ack == nil : fields[1] == .integer(ack ?? -1))
    }
  }

  @Test("what two instances saw are captures of both ends", arguments: [3, 5, 8] as [UInt64])
  func bothViews(seed: UInt64) throws {
    let run = try Self.walk("tcp-close/TCPClose.linger", seed: seed, steps: 60)
    let bytes = try ["a", "b"].map { try run.exported(as: .pcapng, subject: $0) }
    for (name, text) in zip(["a", "b"], bytes.map { String(decoding: $0, as: UTF8.self) }) {
      #expect(text.contains("as \(name) saw it") && text.contains("\(name): state "))
    }
    let pair = CapturePair(
      here: try Self.read(bytes[0]),
      there: try Self.read(bytes[1]),
      endHere: { _ in .first }
    )
    try #require(pair.connections.count == 1)
    let ways = pair.connections[0].away + pair.connections[0].back
    // All that arrived was sent.
    #expect(ways.allSatisfy { $0.sent != nil })
  }

  @Test(
    "a walk of TCP, which has the opening, is one too",
    arguments: (1...10) as ClosedRange<UInt64>
  )
  func connections(seed: UInt64) throws {
    let run = try Self.walk("tcp/TCP.linger", seed: seed, steps: 60)
    let recorded = try Self.read(try run.exported(as: .pcapng, subject: nil))
    let sent = run.trace.entries.reduce(0) { count, entry in
      guard case .transition(0, _, let cause, _) = entry.step else { return count }
      var count = count
      if case .receive = cause { count += 1 }
      for case .send in entry.effects { count += 1 }
      return count
    }
    #expect(recorded.segments.map(\.count).reduce(0, +) == sent)
  }

  @Test("messages that are no segments are refused")
  func foreignMessages() throws {
    let run = try Self.walk("alternating-bit/AlternatingBit.linger", seed: 1, steps: 20)
    for form in ExportForm.allCases {
      #expect(throws: UnusableSpec.self) { try run.exported(as: form, subject: nil) }
    }
  }

  @Test("a script has the calls, what is injected and what is expected")
  func script() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let run = try Self.walk("tcp-close/TCPClose.linger", seed: seed, steps: 60)
      let text = String(decoding: try run.exported(as: .packetdrill, subject: "a"), as: UTF8.self)
      let lines = text.split(separator: "\n").filter { !$0.hasPrefix("//") }
      #expect(lines.first == "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
      // Whoever closes, its FIN has a call before it.
      let fin = lines.firstIndex { $0.contains("> F") }
      let call = lines.firstIndex { $0.hasSuffix("shutdown(4, SHUT_WR) = 0") }
      if let fin { #expect((call ?? .max) < fin) }
      let data = lines.firstIndex { $0.contains("> P. 1:2(1)") }
      if let data { #expect(lines[data - 1].contains("write(4, ..., 1) = 1")) }
      #expect(lines.allSatisfy { $0.first == "+" || $0.first == "0" || $0.first == "*" })
    }
  }
}
