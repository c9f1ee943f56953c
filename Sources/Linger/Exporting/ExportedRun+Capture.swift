import LingerCapture
import LingerModel

/// A run as a capture file.
///
/// Each end has the same addresses and numbers whoever it is seen from: what two ends saw of a run
/// are captures of both ends.
extension ExportedRun {
  /// The first number of an end's segments on the wire; far apart, so that numbers below it are
  /// told apart too.
  private static let initialNumber = 1_000_000
  /// Frames need times after 1970.
  private static let beginning: Int64 = 1_000_000_000
  /// RFC 5737: addresses for documentation. The first end has 192.0.2.1, port 10001.
  private static let firstAddress: UInt32 = 0xC000_0201
  private static let firstPort = 10_001
  private static let mostEnds = 250

  /// A pcapng file of raw IP packets: what is remarked of an event is the comment of its frame.
  func pcapng() throws(UnusableSpec) -> [UInt8] {
    let partners = partners
    guard max(subject, partners.max() ?? 0) < Self.mostEnds else {
      throw .unfit("a capture is written of at most \(Self.mostEnds) instances")
    }
    var writer = CaptureWriter(format: CaptureFormat(.pcapng), linkType: .raw)
    var heading = title
    func append(
      _ segment: ExportedSegment,
      _ act: (sender: Int, receiver: Int),
      at time: Int64,
      _ remarks: [String]
    ) {
      writer.append(
        packet(segment, from: act.sender, to: act.receiver),
        time: Self.beginning + time,
        comment: (heading + remarks).joined(separator: "\n")
      )
      heading = []
    }
    if !hasOpening {
      var time = -Int64(3 * partners.count) * 1_000_000
      for partner in partners {
        // The end with the lower number opens.
        let ends = (low: min(subject, partner), high: max(subject, partner))
        for (number, segment) in Self.opening.enumerated() {
          let way = number == 1 ? (ends.high, ends.low) : (ends.low, ends.high)
          append(segment, way, at: time, ["opening, which the spec leaves out"])
          time += 1_000_000
        }
      }
    }
    for event in events {
      switch event.act {
      case .sent(let segment, let partner):
        append(segment, (subject, partner), at: event.time, event.remarks)
      case .received(let segment, let partner):
        append(segment, (partner, subject), at: event.time, event.remarks)
      case .called: break
      }
    }
    return writer.take()
  }

  /// RFC 9293 §3.5, figure 6.
  private static var opening: [ExportedSegment] {
    [
      ExportedSegment(seq: 0, ack: nil, length: 0, flags: .syn),
      ExportedSegment(seq: 0, ack: 1, length: 0, flags: [.syn, .ack]),
      ExportedSegment(seq: 1, ack: 1, length: 0, flags: .ack),
    ]
  }

  private func packet(_ segment: ExportedSegment, from sender: Int, to receiver: Int) -> [UInt8] {
    func endpoint(_ end: Int) -> Endpoint {
      Endpoint(
        address: IPAddress(ipv4: Self.firstAddress + UInt32(end)),
        port: UInt16(Self.firstPort + end)
      )
    }
    func wire(_ number: Int, of end: Int) -> UInt32 {
      UInt32(truncatingIfNeeded: number &+ Self.initialNumber * (end + 1))
    }
    var builder = PacketBuilder(from: endpoint(sender), to: endpoint(receiver))
    builder.sequence = wire(segment.seq, of: sender)
    builder.acknowledgment = segment.ack.map { wire($0, of: receiver) } ?? 0
    builder.flags = segment.flags
    builder.window = UInt16(clamping: segment.window ?? 0xFFFF)
    builder.options.hasTimestamps = segment.hasTimestamps
    builder.payload = Array(repeating: 0, count: segment.length)
    // What comes from another host has passed a router: so a reader knows whose capture it is.
    builder.timeToLive = sender == subject ? 64 : 63
    return builder.packet()
  }
}
