/// From the frames of a capture to the events of its connections.
package struct CaptureDecoder {
  package private(set) var counts = CaptureCounts()
  private var table: ConnectionTable
  private var copies: CopyFilter
  private var lastTime = Int64.min

  package init(limits: ConnectionLimits = ConnectionLimits(), copyWindow: Int64? = nil) {
    table = ConnectionTable(limits: limits)
    copies = CopyFilter(window: copyWindow ?? CopyFilter.usualWindow)
  }

  /// How many connections are followed.
  package var followedCount: Int { table.followedCount }

  /// Takes the next frame in and tells what it means.
  package mutating func take(
    _ frame: CapturedFrame,
    _ bytes: Span<UInt8>,
    telling listener: inout some CaptureListener
  ) {
    counts.frames += 1
    if frame.time < lastTime { counts.outOfOrder += 1 }
    lastTime = frame.time
    switch SegmentReader.read(bytes, of: frame) {
    case .failure(let obstacle):
      counts.add(obstacle)
      guard obstacle.mayHideSegment else { return }
      let addresses = SegmentReader.addresses(bytes, of: frame)
      listener.hear(
        unread: UnreadFrame(
          frame: frame.number,
          time: frame.time,
          obstacle: obstacle,
          source: addresses?.source,
          destination: addresses?.destination
        )
      )
    case .success(let segment):
      if copies.isCopy(segment, at: frame.time) {
        counts.copies += 1
        return
      }
      counts.segments += 1
      if table.take(segment, of: frame, telling: &listener) == .bad { counts.badChecksums += 1 }
      counts.connections = table.count
    }
  }

  /// The capture is over: tells that nothing follows of any connection.
  package mutating func finish(telling listener: inout some CaptureListener) {
    table.finish(telling: &listener)
  }
}

/// How many frames of a capture were what.
package struct CaptureCounts: Hashable, Sendable {
  package var frames = 0
  /// TCP segments that were told.
  package var segments = 0
  package var connections = 0
  /// Second copies of a frame, which were left out.
  package var copies = 0
  package var badChecksums = 0
  /// Frames with an earlier time than the frame before.
  package var outOfOrder = 0
  package private(set) var arp = 0
  package private(set) var otherNetworkProtocols = 0
  package private(set) var otherTransports = 0
  package private(set) var fragments = 0
  package private(set) var cutHeaders = 0
  package private(set) var malformed = 0
  package private(set) var unknownLinkTypes = 0

  package init() {}

  mutating func add(_ obstacle: FrameObstacle) {
    switch obstacle {
    case .arp: arp += 1
    case .otherNetworkProtocol: otherNetworkProtocols += 1
    case .otherTransport: otherTransports += 1
    case .fragment: fragments += 1
    case .cutHeader: cutHeaders += 1
    case .malformed: malformed += 1
    case .unknownLinkType: unknownLinkTypes += 1
    }
  }
}
