import Foundation
import LingerCapture
import LingerTestSupport
import Testing

/// Files that are no captures, or damaged ones: an error as a value, after the frames before it.
@Suite struct DamageTests {
  private func capture(_ format: CaptureFormat) -> [UInt8] {
    var talk = Talk()
    var writer = CaptureWriter(format: format, linkType: .raw)
    for (place, packet) in talk.whole().enumerated() {
      writer.append(packet.packet(), time: Talk.start + Int64(place), comment: "c")
    }
    return writer.bytes
  }

  @Test("what is not a capture is told for what it is")
  func notCaptures() throws {
    let cases: [([UInt8], String)] = [
      ([], "an empty file"),
      (Array("Hello, world\n".utf8), "text that begins with \"Hello, w\""),
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "compressed by gzip; unpack it first"),
      ([0, 1, 2, 0xFF], "a file that begins with the bytes 00 01 02 ff"),
    ]
    for (bytes, found) in cases {
      let reading = try Reading(bytes)
      #expect(reading.error == .notACapture(found: found))
    }
  }

  @Test("a file that is not there, and a folder")
  func missing() {
    for path in ["/nowhere/there.pcap", FileManager.default.temporaryDirectory.path] {
      guard case .cannotOpen(let reason)? = Reading(path: path).error else {
        Issue.record("\(path) was opened")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }

  @Test(
    "cut at each length: the whole frames before, then what is wrong",
    arguments: [true, false]
  )
  func cut(isPcap: Bool) throws {
    let whole = capture(CaptureFormat(isPcap ? .pcap : .pcapng))
    let all = try Reading(whole)
    #expect(all.error == nil)
    var ends = 0
    for length in 0..<whole.count {
      let reading = try Reading(piped: Array(whole.prefix(length)))
      let frames = reading.frames.count
      #expect(reading.frames == Array(all.frames.prefix(frames)))
      switch reading.error {
      case nil: ends += 1
      case .cutOff(let frame)?: #expect(frame == 0 || frame == frames + 1)
      case .notACapture?: #expect(length < 4)
      case .unsupported?: #expect(!isPcap && frames == 0, "no interface yet")
      case let error?: Issue.record("\(length): \(error)")
      }
    }
    // The file without a frame, and each of them but the last.
    #expect(ends == all.frames.count)
  }

  @Test("10,000 flipped bytes: no crash, and the frames before the damage are the same")
  func flips() throws {
    let seed = Seeds(for: "flipped bytes of captures").first
    var numbers = Numbers(state: seed)
    for format in FormatTests.formats {
      let whole = capture(format)
      let all = try Reading(whole)
      for _ in 0..<10_000 / FormatTests.formats.count {
        var bytes = whole
        let place = numbers.next(below: bytes.count)
        bytes[place] ^= UInt8(1 + numbers.next(below: 255))
        let reading = try Reading(piped: bytes)
        // Each frame has a part of the file of its own, of one size at least.
        let before = all.frames.indices.prefix { all.end(of: $0, in: format) <= place }.count
        let isHeader = place < Reading.headerLength(format)
        #expect(
          isHeader || reading.frames.prefix(before) == all.frames.prefix(before),
          "byte \(place) of \(format), seed \(seed)"
        )
        #expect(isHeader || reading.error != nil || !reading.frames.isEmpty)
      }
    }
  }

  @Test("200,000 frames of random bytes: no crash")
  func randomFrames() {
    let seed = Seeds(for: "random frames").first
    var numbers = Numbers(state: seed)
    var talk = Talk()
    var other = Talk(isIPv6: true)
    let ipv6 = other.whole()[3].packet()
    let packets = [talk.whole()[3].packet(), ipv6]
    var decoder = CaptureDecoder()
    var events = 0
    for number in 1...200_000 {
      let linkType = FormatTests.linkTypes[numbers.next(below: FormatTests.linkTypes.count)]
      // Half of them look like a packet at first.
      var bytes: [UInt8] = []
      if numbers.next(below: 2) == 0 {
        bytes = LinkFraming.frame(packets[numbers.next(below: 2)], linkType)
        bytes = Array(bytes.prefix(numbers.next(below: bytes.count + 1)))
        for _ in 0..<numbers.next(below: 4) where !bytes.isEmpty {
          bytes[numbers.next(below: bytes.count)] = UInt8(numbers.next(below: 256))
        }
      }
      for _ in 0..<numbers.next(below: 60) { bytes.append(UInt8(numbers.next(below: 256))) }
      let frame = CapturedFrame(
        number: number,
        time: Int64(bitPattern: numbers.next()) / 4,
        linkType: linkType,
        capturedLength: bytes.count,
        originalLength: bytes.count + numbers.next(below: 3)
      )
      decoder.take(frame, bytes.span) { _ in events += 1 }
    }
    decoder.finish { _ in events += 1 }
    #expect(decoder.counts.frames == 200_000)
    #expect(events > 100_000)
  }

  @Test("sections of pcapng follow on one another, as long as the link type stays")
  func sections() throws {
    func section(_ linkType: LinkType) -> [UInt8] {
      var talk = Talk()
      var writer = CaptureWriter(format: CaptureFormat(.pcapng), linkType: linkType)
      for (place, packet) in talk.whole().enumerated() {
        let frame = LinkFraming.frame(packet.packet(), linkType)
        writer.append(frame, time: Talk.start + Int64(place))
      }
      return writer.bytes
    }
    let twice = try Reading(section(.ethernet) + section(.ethernet))
    #expect(twice.error == nil)
    #expect(twice.frames.count == 18)
    let mixed = try Reading(section(.ethernet) + section(.raw))
    #expect(mixed.frames.count == 9)
    guard case .corrupt(frame: 10, let reason)? = mixed.error else {
      Issue.record("\(String(describing: mixed.error))")
      return
    }
    #expect(reason.contains("type"))
  }

  @Test("a length that no frame has is corrupt, not the end")
  func corruptLength() throws {
    var bytes = capture(CaptureFormat(.pcap))
    // The captured length of the second frame.
    let second = 24 + 16 + Int(try #require(Reading(bytes).frames.first).capturedLength)
    bytes[second + 11] = 0x7F
    let reading = try Reading(bytes)
    #expect(reading.frames.count == 1)
    guard case .corrupt(frame: 2, let reason)? = reading.error else {
      Issue.record("\(String(describing: reading.error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("a capture without TCP ends without a segment, and says what was in it")
  func withoutTCP() throws {
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .ethernet)
    let ethernet: [UInt8] = Array(repeating: 2, count: 12)
    writer.append(ethernet + [0x08, 0x06] + Array(repeating: 0, count: 28), time: 1)
    writer.append(ethernet + [0x88, 0xCC] + Array(repeating: 0, count: 28), time: 2)
    // UDP.
    var packet = PacketBuilder(from: Talk().client, to: Talk().server).packet()
    packet[9] = 17
    writer.append(LinkFraming.frame(packet, .ethernet), time: 3)
    let reading = try Reading(writer.bytes)
    #expect(reading.error == nil)
    #expect(reading.events == [])
    #expect(reading.counts.frames == 3)
    #expect(reading.counts.arp == 1)
    #expect(reading.counts.otherNetworkProtocols == 1)
    #expect(reading.counts.otherTransports == 1)
  }

  @Test("a file that grows is read on, in the middle of a frame too")
  func growing() throws {
    for format in [CaptureFormat(.pcap), CaptureFormat(.pcapng)] {
      let whole = capture(format)
      let all = try Reading(whole)
      let head = Reading.headerLength(format)
      let file = try TemporaryFile(Array(whole.prefix(head)))
      defer { file.remove() }
      var capture = try CaptureFile(path: file.path)
      var frames: [CapturedFrame] = []
      for place in head..<whole.count {
        try file.append([whole[place]])
        do throws(CaptureError) {
          while try capture.next({ frame, _ in frames.append(frame) }) {}
        } catch {
          #expect(error == .cutOff(frame: frames.count + 1))
        }
      }
      #expect(frames == all.frames)
    }
  }

  @Test("a pipe is read as its frames come", .timeLimit(.minutes(1)))
  func pipe() throws {
    for format in FormatTests.formats {
      let whole = capture(format)
      let all = try Reading(piped: whole)
      let pipe = Pipe()
      var written = Reading.headerLength(format)
      try pipe.fileHandleForWriting.write(contentsOf: Data(whole.prefix(written)))
      var capture = try CaptureFile(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
      for place in all.frames.indices {
        let end = all.end(of: place, in: format)
        try pipe.fileHandleForWriting.write(contentsOf: Data(whole[written..<end]))
        written = end
        var frame: CapturedFrame?
        // Would wait for ever if it asked for more than the frame.
        #expect(try capture.next { found, _ in frame = found })
        #expect(frame == all.frames[place])
      }
      try pipe.fileHandleForWriting.close()
      #expect(try !capture.next { _, _ in })
    }
  }

  @Test("a file that becomes shorter is told")
  func shrinking() throws {
    let whole = capture(CaptureFormat(.pcap))
    let file = try TemporaryFile(whole)
    defer { file.remove() }
    var capture = try CaptureFile(path: file.path)
    #expect(try capture.next { _, _ in })
    while try capture.next({ _, _ in }) {}
    let handle = try FileHandle(forWritingTo: file.url)
    try handle.truncate(atOffset: 60)
    try handle.close()
    var found: CaptureError?
    do throws(CaptureError) { _ = try capture.next { _, _ in } } catch { found = error }
    #expect(found == .shrunk(frame: 10))
  }
}

extension Reading {
  /// What stands before the first frame.
  static func headerLength(_ format: CaptureFormat) -> Int {
    format.container == .pcap ? 24 : 60
  }

  /// Where a frame of a capture with comments of one character ends in the file.
  func end(of place: Int, in format: CaptureFormat) -> Int {
    frames[...place].reduce(Self.headerLength(format)) { end, frame in
      switch format.container {
      case .pcap: end + 16 + frame.capturedLength
      case .pcapng: end + 32 + (frame.capturedLength + 3) / 4 * 4 + 12
      }
    }
  }
}

/// SplitMix64, by Sebastiano Vigna (2015).
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
