import Foundation
import LingerCapture
import Testing

/// What came of reading a capture.
struct Reading {
  var events: [CaptureEvent] = []
  var frames: [CapturedFrame] = []
  var counts = CaptureCounts()
  var error: CaptureError?

  var segments: [SegmentEvent] {
    events.compactMap { event in
      guard case .segment(let segment) = event else { return nil }
      return segment
    }
  }

  var connections: [CapturedConnection] {
    events.compactMap { event in
      guard case .opened(let connection) = event else { return nil }
      return connection
    }
  }

  init(path: String, decoder: CaptureDecoder = CaptureDecoder()) {
    var decoder = decoder
    do throws(CaptureError) {
      var file = try CaptureFile(path: path)
      while try file.next({ frame, bytes in
        frames.append(frame)
        decoder.take(frame, bytes) { events.append($0) }
      }) {}
    } catch {
      self.error = error
    }
    decoder.finish { events.append($0) }
    counts = decoder.counts
  }

  /// Reads bytes as a file of them.
  init(_ bytes: [UInt8], decoder: CaptureDecoder = CaptureDecoder()) throws {
    let file = try TemporaryFile(bytes)
    self.init(path: file.path, decoder: decoder)
    file.remove()
  }

  /// Reads fewer bytes than a pipe holds, through one: no file is made.
  init(piped bytes: [UInt8]) throws {
    precondition(bytes.count < 65_536, "a pipe holds no more")
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
    try pipe.fileHandleForWriting.close()
    self.init(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    try pipe.fileHandleForReading.close()
  }

  /// Reads IP packets that are a millisecond apart.
  init(packets: [[UInt8]], decoder: CaptureDecoder = CaptureDecoder()) throws {
    var writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .raw)
    for (place, packet) in packets.enumerated() {
      writer.append(packet, time: Talk.start + Int64(place) * 1_000_000)
    }
    try self.init(writer.bytes, decoder: decoder)
  }

  init(_ packets: [PacketBuilder], decoder: CaptureDecoder = CaptureDecoder()) throws {
    try self.init(packets: packets.map { $0.packet() }, decoder: decoder)
  }
}

/// A file of the tests that is there for a moment.
struct TemporaryFile {
  let url: URL
  var path: String { url.path }

  init(_ bytes: [UInt8] = []) throws {
    let folder = FileManager.default.temporaryDirectory
    url = folder.appendingPathComponent("linger-capture-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
  }

  func append(_ bytes: [UInt8]) throws {
    let handle = try FileHandle(forWritingTo: url)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}

/// Two ends that talk: builds the packets of a connection.
struct Talk {
  /// 2023-11-14 22:13:20 UTC.
  static let start: Int64 = 1_700_000_000_000_000_000

  var client: Endpoint
  var server: Endpoint
  var clientISN: UInt32 = 1000
  var serverISN: UInt32 = 5000
  /// IPv4's identification goes up by one with each packet.
  private(set) var lastID: UInt16 = 0

  init(isIPv6: Bool = false, clientPort: UInt16 = 40000) {
    let addresses =
      isIPv6
      ? (
        IPAddress(ipv6: 0x2001_0DB8_0000_0000, 1), IPAddress(ipv6: 0x2001_0DB8_0000_0000, 2)
      )
      : (IPAddress(ipv4: 0x0A00_0001), IPAddress(ipv4: 0x0A00_0002))
    client = Endpoint(address: addresses.0, port: clientPort)
    server = Endpoint(address: addresses.1, port: 8080)
  }

  /// A segment with numbers relative to the initial ones.
  mutating func send(
    fromServer: Bool = false,
    _ flags: TCPFlags,
    seq: UInt32,
    ack: UInt32 = 0,
    length: Int = 0
  ) -> PacketBuilder {
    lastID &+= 1
    var packet =
      fromServer
      ? PacketBuilder(from: server, to: client) : PacketBuilder(from: client, to: server)
    packet.flags = flags
    packet.sequence = (fromServer ? serverISN : clientISN) &+ seq
    if flags.contains(.ack) {
      packet.acknowledgment = (fromServer ? clientISN : serverISN) &+ ack
    }
    packet.payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    packet.ipID = lastID
    return packet
  }

  /// SYN, SYN+ACK, ACK, with a window scale of 7 and 3.
  mutating func handshake() -> [PacketBuilder] {
    var syn = send(.syn, seq: 0)
    syn.options.windowScale = 7
    syn.options.maximumSegmentSize = 1460
    var answer = send(fromServer: true, [.syn, .ack], seq: 0, ack: 1)
    answer.options.windowScale = 3
    answer.options.maximumSegmentSize = 1400
    return [syn, answer, send(.ack, seq: 1, ack: 1)]
  }

  /// Ten bytes from the client, then four segments that close, the client's FIN first.
  mutating func dataAndClose() -> [PacketBuilder] {
    [
      send([.psh, .ack], seq: 1, ack: 1, length: 10),
      send(fromServer: true, .ack, seq: 1, ack: 11),
      send([.fin, .ack], seq: 11, ack: 1),
      send(fromServer: true, .ack, seq: 1, ack: 12),
      send(fromServer: true, [.fin, .ack], seq: 1, ack: 12),
      send(.ack, seq: 12, ack: 2),
    ]
  }

  /// A connection from its SYN to the last ACK.
  mutating func whole() -> [PacketBuilder] { handshake() + dataAndClose() }
}
