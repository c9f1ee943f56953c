import LingerCapture

/// A capture of many connections that open, exchange data and close, mixed with one another. The
/// same seed gives the same bytes.
struct OrdinaryCloses {
  var writer: CaptureWriter
  private var random: SplitMix64
  private var open: [Exchange] = []
  private var begun = 0
  private let connections: Int
  /// Nanoseconds since 1970.
  private var time: Int64 = 1_700_000_000_000_000_000

  /// How many connections are under way at once.
  private static let atOnce = 64
  /// How many frames are written at once.
  private static let batch = 4096

  /// One connection and how far it has come.
  private struct Exchange {
    var client: Endpoint
    var server: Endpoint
    var clientNext: UInt32
    var serverNext: UInt32
    var serverCloses: Bool
    var dataLeft: Int
    var step = 0
    var clientID: UInt16
    var serverID: UInt16
  }

  init(connections: Int, seed: UInt64) {
    writer = CaptureWriter(format: CaptureFormat(.pcap), linkType: .ethernet)
    random = SplitMix64(state: seed)
    self.connections = connections
  }

  /// Writes the next frames; false when there are no more.
  mutating func writeMore() -> Bool {
    for _ in 0..<Self.batch {
      while open.count < Self.atOnce && begun < connections { begin() }
      if open.isEmpty { return false }
      let place = Int(random.next() % UInt64(open.count))
      let (packet, isOver) = Self.next(&open[place], &random)
      time += 1 + Int64(random.next() % 20_000)
      writer.append(LinkFraming.frame(packet.packet(), .ethernet), time: time)
      if isOver {
        open.swapAt(place, open.count - 1)
        open.removeLast()
      }
    }
    return true
  }

  private mutating func begin() {
    let number = UInt32(truncatingIfNeeded: begun)
    begun += 1
    let client = IPAddress(ipv4: 0x0A00_0000 + number / 50_000)
    open.append(
      Exchange(
        client: Endpoint(address: client, port: UInt16(10_000 + number % 50_000)),
        server: Endpoint(address: IPAddress(ipv4: 0xC0A8_0001), port: 8080),
        clientNext: UInt32(truncatingIfNeeded: random.next()),
        serverNext: UInt32(truncatingIfNeeded: random.next()),
        serverCloses: random.next() % 2 == 0,
        dataLeft: Int(random.next() % 4),
        clientID: UInt16(truncatingIfNeeded: random.next()),
        serverID: UInt16(truncatingIfNeeded: random.next())
      )
    )
  }

  /// SYN, SYN+ACK, ACK; data and its acknowledgments; FIN, ACK, FIN, ACK.
  private static func next(
    _ exchange: inout Exchange,
    _ random: inout SplitMix64
  ) -> (PacketBuilder, isOver: Bool) {
    defer { exchange.step += 1 }
    switch exchange.step {
    case 0: return (segment(&exchange, fromClient: true, .syn), false)
    case 1: return (segment(&exchange, fromClient: false, [.syn, .ack]), false)
    case 2: return (segment(&exchange, fromClient: true, .ack), false)
    case 3 where exchange.dataLeft > 0:
      let length = 1 + Int(random.next() % 200)
      return (segment(&exchange, fromClient: true, [.psh, .ack], length), false)
    case 4 where exchange.dataLeft > 0:
      exchange.dataLeft -= 1
      exchange.step = 2
      return (segment(&exchange, fromClient: false, .ack), false)
    case 3:
      exchange.step = 4
      return (segment(&exchange, fromClient: !exchange.serverCloses, [.fin, .ack]), false)
    case 5: return (segment(&exchange, fromClient: exchange.serverCloses, .ack), false)
    case 6: return (segment(&exchange, fromClient: exchange.serverCloses, [.fin, .ack]), false)
    default: return (segment(&exchange, fromClient: !exchange.serverCloses, .ack), true)
    }
  }

  private static func segment(
    _ exchange: inout Exchange,
    fromClient: Bool,
    _ flags: TCPFlags,
    _ length: Int = 0
  ) -> PacketBuilder {
    var builder =
      fromClient
      ? PacketBuilder(from: exchange.client, to: exchange.server)
      : PacketBuilder(from: exchange.server, to: exchange.client)
    builder.flags = flags
    builder.sequence = fromClient ? exchange.clientNext : exchange.serverNext
    if flags.contains(.ack) {
      builder.acknowledgment = fromClient ? exchange.serverNext : exchange.clientNext
    }
    builder.payload = Array(repeating: 0x78, count: length)
    // The capture was made on the server's host: clients are some routers away.
    builder.timeToLive = fromClient ? 57 : 64
    builder.ipID = fromClient ? exchange.clientID : exchange.serverID
    if flags.contains(.syn) {
      builder.options.maximumSegmentSize = 1460
      builder.options.windowScale = 7
    }
    let taken = UInt32(length) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
    if fromClient {
      exchange.clientNext &+= taken
      exchange.clientID &+= 1
    } else {
      exchange.serverNext &+= taken
      exchange.serverID &+= 1
    }
    return builder
  }
}

/// SplitMix64, by Sebastiano Vigna (2015).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
