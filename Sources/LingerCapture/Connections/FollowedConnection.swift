/// What the table keeps of a connection that is followed.
struct FollowedConnection {
  let connection: CapturedConnection
  private var first = Side()
  private var second = Side()
  private var synCount: UInt32 = 0
  /// The last segment was a RST.
  private var isReset = false

  /// What is known of one end.
  private struct Side {
    var space = SequenceSpace()
    /// The number after its FIN.
    var finEnd: Int64?
    var finIsAcknowledged = false
  }

  init(_ connection: CapturedConnection) { self.connection = connection }

  /// Whether both FINs were acknowledged or a RST came.
  var isEnded: Bool {
    isReset || (first.finIsAcknowledged && second.finIsAcknowledged)
  }

  /// Ethernet's 1500 bytes less the headers of IP and TCP: what is longer, where the receiver's
  /// SYN was not seen, is taken for a super-segment.
  private static let usualSegmentSize = 1460

  /// Takes the next segment in.
  mutating func take(_ segment: TCPSegment, _ frame: CapturedFrame) -> SegmentEvent {
    let sender: ConnectionEnd = segment.source == connection.first ? .first : .second
    if segment.flags.contains(.syn) { synCount &+= 1 }
    isReset = segment.flags.contains(.rst)
    let number = connection.number
    var event =
      switch sender {
      case .first: Self.take(segment, frame, number, .first, &first, &second, synCount)
      case .second: Self.take(segment, frame, number, .second, &second, &first, synCount)
      }
    event.place = connection.place
    return event
  }

  private static func take(
    _ segment: TCPSegment,
    _ frame: CapturedFrame,
    _ connection: Int,
    _ sender: ConnectionEnd,
    _ own: inout Side,
    _ other: inout Side,
    _ synCount: UInt32
  ) -> SegmentEvent {
    let (seq, isNew) = own.space.place(segment, order: synCount)
    if isNew { beginIncarnation(&own, &other) }
    var ack: Int64?
    if segment.flags.contains(.ack) {
      let (number, isNew) = other.space.placeAcknowledgment(segment.acknowledgment)
      if isNew { beginIncarnation(&other, &own) }
      if let end = other.finEnd, number >= end { other.finIsAcknowledged = true }
      ack = number
    }
    let isSuperSegment = isSuperSegment(segment, own.space.offer, other.space.offer)
    var event = SegmentEvent(
      connection: connection,
      sender: sender,
      frame: frame.number,
      time: frame.time,
      seq: seq,
      ack: ack,
      payloadLength: segment.payloadLength,
      flags: segment.flags
    )
    event.seqIsGuess = own.space.isGuess
    event.ackIsGuess = ack != nil && other.space.isGuess
    event.wireSeq = segment.sequence
    event.wireAck = segment.acknowledgment
    event.window = window(segment, own.space.offer, other.space.offer)
    event.wireWindow = segment.window
    // A card that puts segments together leaves the checksum of one of them.
    event.checksum = isSuperSegment && segment.checksum == .bad ? .unknown : segment.checksum
    event.isSuperSegment = isSuperSegment
    event.hasTimestamps = segment.options.hasTimestamps
    event.ipID = segment.ipID
    event.timeToLive = segment.timeToLive
    event.passing = segment.passing
    if segment.flags.contains(.fin) { own.finEnd = max(own.finEnd ?? event.end, event.end) }
    return event
  }

  /// A SYN of one end is followed now: nothing of its last incarnation counts. One that opens,
  /// not answers, makes the other end begin anew too, unless that has just sent a SYN itself.
  private static func beginIncarnation(_ own: inout Side, _ other: inout Side) {
    own.finEnd = nil
    own.finIsAcknowledged = false
    guard let offer = own.space.offer, !offer.isAnswer else { return }
    other.space.forgetOffer(before: offer.order)
  }

  /// RFC 7323 §2.2: the window of a SYN is never scaled, and others are where both SYNs have the
  /// option.
  private static func window(
    _ segment: TCPSegment,
    _ own: SequenceSpace.SYNOffer?,
    _ other: SequenceSpace.SYNOffer?
  ) -> Int? {
    let window = Int(segment.window)
    if segment.flags.contains(.syn) { return window }
    switch (own, other) {
    case (let own?, let other?):
      guard let scale = own.scale, other.scale != nil else { return window }
      return window << Int(scale)
    case (let known?, nil), (nil, let known?): return known.scale == nil ? window : nil
    case (nil, nil): return nil
    }
  }

  /// The receiver's maximum counts: RFC 9293 §3.7.1. Where it sent none, the sender's own is a
  /// hint at the link.
  private static func isSuperSegment(
    _ segment: TCPSegment,
    _ own: SequenceSpace.SYNOffer?,
    _ other: SequenceSpace.SYNOffer?
  ) -> Bool {
    if segment.lengthIsFromFrame { return true }
    let maximum = other?.maximumSegmentSize ?? own?.maximumSegmentSize
    return segment.payloadLength > maximum.map(Int.init) ?? usualSegmentSize
  }
}
