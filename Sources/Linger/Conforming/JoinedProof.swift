import LingerCapture

/// Whether it is sure what a connection had become that was under way when the capture began.
///
/// It is once an end said that it has sent nothing and expects nothing but what was seen, all of
/// that acknowledged, and neither had sent its FIN by then. What happens before, or while numbers
/// are on the way of which nobody knows whether they fit into a window, proves nothing.
struct JoinedProof {
  private var own = Side()
  private var peer = Side()
  /// The frame from which on everything on the way is known.
  private var quietFrame: Int?
  /// Numbers of before the capture came up.
  private var isSpoilt = false
  /// A new connection of the same ends has begun since: what they send now proves nothing more.
  private var isOver = false
  /// Frames at which a window of unknown size decided, and the first such one that is still open.
  private var doubts: [ClosedRange<Int>] = []
  private var doubtfulSince: Int?

  /// More are not told apart.
  private static let mostDoubts = 64

  private struct Side {
    /// The number after the last that it was seen to send.
    var end: Int64?
    /// The latest number that it acknowledged.
    var ack: Int64?
    /// The number that it has said is next.
    var next: Int64?
    /// How far its window reached at least.
    var edge: Int64?
    /// A number that it has sent and that may lie beyond the other's window.
    var beyond: Int64?
    /// The last number that it was seen to send is that of a byte.
    var endsWithData = false
    /// It has sent something that was new to the subject, so that no FIN of it had counted before.
    var wasOpen = false
    /// The number of its SYN.
    var syn: Int64?
  }

  /// Takes the next segment in.
  mutating func take(_ event: SegmentEvent, isOwn: Bool) {
    if quietFrame != nil, event.flags.contains(.syn) { isOver = true }
    if isOwn {
      Self.take(event, &own, &peer)
      // It said itself what is next.
      if hasContent(event), let next = own.next, event.seq >= next { own.wasOpen = true }
    } else if event.checksum != .bad {
      Self.take(event, &peer, &own)
      // It is what the subject waits for, or later.
      if hasContent(event), let expected = own.ack, event.seq >= expected {
        peer.wasOpen = true
      }
    }
    if quietFrame == nil {
      let isSYN = event.flags.contains(.syn)
      if event.seq < (isSYN ? 0 : 1) || event.ack ?? 1 < 1 { isSpoilt = true }
      if isSYN {
        let fits =
          isOwn ? Self.open(event, &own, peer) : Self.open(event, &peer, own)
        if !fits { isSpoilt = true }
      }
      if isOwn, isQuiet(event) {
        quietFrame = event.frame
        own.wasOpen = own.wasOpen || own.endsWithData
        peer.wasOpen = peer.wasOpen || peer.endsWithData
      }
    }
    note(event.frame)
  }

  /// Whether a SYN is the only one of its sender, and answers that of the other end if any.
  private static func open(_ event: SegmentEvent, _ own: inout Side, _ other: Side) -> Bool {
    let isOnly = own.syn ?? event.seq == event.seq
    own.syn = event.seq
    guard let ack = event.ack, let syn = other.syn else { return isOnly }
    return isOnly && ack == syn + 1
  }

  private static func take(_ event: SegmentEvent, _ own: inout Side, _ other: inout Side) {
    if event.flags.contains(.rst) { return }
    let takesNumbers = event.end > event.seq
    if let ack = event.ack {
      own.ack = max(own.ack ?? ack, ack)
      if let beyond = other.beyond, ack >= beyond { other.beyond = nil }
      let edge = ack + Int64(event.window ?? Int(event.wireWindow))
      own.edge = max(own.edge ?? edge, edge)
    }
    if !takesNumbers { own.next = max(own.next ?? event.seq, event.seq) }
    let reach = takesNumbers ? event.end : event.seq
    if reach > other.edge ?? .min, takesNumbers || reach != other.ack {
      own.beyond = max(own.beyond ?? reach, reach)
    }
    guard event.end >= own.end ?? .min else { return }
    if event.end > own.end ?? .min || takesNumbers {
      own.endsWithData = event.payloadLength > 0 && !event.flags.contains(.fin)
    }
    own.end = event.end
  }

  /// Data or a FIN of the connection that was under way.
  private func hasContent(_ event: SegmentEvent) -> Bool {
    !isOver && event.end > event.seq && event.flags.isDisjoint(with: .synOrRst)
  }

  /// Nothing is on the way: the subject says what is next, and that all that came is taken.
  private func isQuiet(_ event: SegmentEvent) -> Bool {
    event.end == event.seq && !event.flags.contains(.rst) && event.seq == own.end
      && peer.ack == event.seq && event.ack != nil && event.ack == peer.end
  }

  private mutating func note(_ frame: Int) {
    let isDoubtful = own.beyond != nil || peer.beyond != nil
    if isDoubtful {
      doubtfulSince = doubtfulSince ?? frame
    } else if let since = doubtfulSince {
      doubts.append(since...max(since, frame))
      doubtfulSince = nil
      if doubts.count > Self.mostDoubts { isSpoilt = true }
    }
  }

  /// Whether what does not fit at a frame is sure not to fit.
  func isSure(at frame: Int) -> Bool {
    guard !isSpoilt, own.wasOpen, peer.wasOpen, let quietFrame, frame > quietFrame else {
      return false
    }
    // What opened the doubt was sent before it.
    if let since = doubtfulSince, frame > since { return false }
    return !doubts.contains { frame > $0.lowerBound && frame <= $0.upperBound }
  }
}
