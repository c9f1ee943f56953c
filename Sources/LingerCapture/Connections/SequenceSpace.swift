/// The sequence numbers of one end: from 32 bits that wrap round to 64 that do not.
///
/// A number is placed at the nearest of up to three *anchors*: the last number that was accepted,
/// one that was left for another (by a new incarnation, or by numbers too far away to follow from
/// the last one), and a SYN whose incarnation nothing has followed yet. So a forged segment moves
/// nothing, and late segments of an old incarnation keep their numbers.
struct SequenceSpace: Hashable, Sendable {
  /// What the number 0 was on the wire.
  private var base: UInt32 = 0
  private var hasBase = false
  /// No SYN of this end was seen.
  private(set) var isGuess = true
  /// A segment that is not a RST came from this end.
  private var hasSent = false
  private var last: Int64 = 0
  private var others = OtherAnchors.none
  /// The SYN of the incarnation that is followed.
  private(set) var offer: SYNOffer?

  private var alternate: Int64? {
    get { others.numbers.alternate }
    set { others = OtherAnchors(newValue, pending) }
  }

  private var pending: SYNOffer? {
    get { others.numbers.pending }
    set { others = OtherAnchors(alternate, newValue) }
  }

  /// Apart: of a quarter of a million connections hardly any has one.
  private indirect enum OtherAnchors: Hashable, Sendable {
    case none
    case some(alternate: Int64?, pending: SYNOffer?)

    init(_ alternate: Int64?, _ pending: SYNOffer?) {
      self =
        alternate == nil && pending == nil
        ? .none : .some(alternate: alternate, pending: pending)
    }

    var isNone: Bool {
      if case .none = self { true } else { false }
    }

    var numbers: (alternate: Int64?, pending: SYNOffer?) {
      switch self {
      case .none: (nil, nil)
      case .some(let alternate, let pending): (alternate, pending)
      }
    }
  }

  /// No window reaches further (RFC 7323 §2.2), so that no number of one incarnation does.
  private static let reach: Int64 = 1 << 30

  /// What a SYN says.
  struct SYNOffer: Hashable, Sendable {
    var number: Int64
    /// The shift of the window scale option.
    var scale: UInt8?
    var isAnswer: Bool
    var maximumSegmentSize: UInt16?
    /// Counts the SYNs of the connection.
    var order: UInt32
  }

  /// Places the number of a segment that this end sent; true where a new incarnation's SYN is
  /// now the one that is followed.
  mutating func place(_ segment: TCPSegment, order: UInt32) -> (number: Int64, isNew: Bool) {
    if segment.flags.contains(.syn) { return placeSYN(segment, order: order) }
    if !hasBase { setBase(segment.sequence &- 1) }
    let number = nearest(segment.sequence)
    // The number of a RST may be anybody's: 0, the other end's idea of it, a forger's guess.
    if segment.flags.contains(.rst) { return (number, false) }
    hasSent = true
    return (number, accept(number))
  }

  /// Places a number that the other end acknowledges; true as for ``place(_:order:)``.
  mutating func placeAcknowledgment(_ wire: UInt32) -> (number: Int64, isNew: Bool) {
    if !hasBase { setBase(wire &- 1) }
    let number = nearest(wire)
    guard let pending, number > pending.number, number - pending.number < abs(number - last)
    else { return (number, false) }
    adopt(pending)
    return (number, true)
  }

  private mutating func setBase(_ wire: UInt32) {
    base = wire
    hasBase = true
    // The number that follows is 1.
    last = 1
  }

  private mutating func placeSYN(
    _ segment: TCPSegment,
    order: UInt32
  ) -> (number: Int64, isNew: Bool) {
    if !hasSent {
      // What RSTs and the other end's acknowledgments told was a guess.
      base = segment.sequence
      hasBase = true
      last = 0
    }
    let number = nearest(segment.sequence)
    var offer = SYNOffer(
      number: number,
      scale: segment.options.windowScale,
      isAnswer: segment.flags.contains(.ack),
      maximumSegmentSize: segment.options.maximumSegmentSize,
      order: order
    )
    if let current = self.offer, current.number == number {
      // Sent again, perhaps with fewer options; as an answer in a simultaneous open.
      offer.order = current.order
      offer.isAnswer = current.isAnswer
      self.offer = offer
      return (number, false)
    }
    // The SYN of numbers that were seen before it: the capture is out of order.
    if !hasSent || (isGuess && number == 0) {
      adopt(offer)
      hasSent = true
      return (number, true)
    }
    pending = offer
    return (number, false)
  }

  /// The place of a number on the wire that is nearest to what went before.
  private func nearest(_ wire: UInt32) -> Int64 {
    var best = place(wire, near: last)
    // Most connections have the one anchor.
    if others.isNone { return best.number }
    for anchor in [alternate, pending?.number] {
      guard let anchor else { continue }
      let candidate = place(wire, near: anchor)
      if candidate.distance < best.distance { best = candidate }
    }
    return best.number
  }

  private func place(_ wire: UInt32, near anchor: Int64) -> (number: Int64, distance: Int64) {
    let difference = wire &- (base &+ UInt32(truncatingIfNeeded: anchor))
    let signed = Int64(Int32(bitPattern: difference))
    return (anchor &+ signed, abs(signed))
  }

  /// Makes the number the one that others are near to; true where it takes up a pending SYN.
  private mutating func accept(_ number: Int64) -> Bool {
    if let pending, abs(number - pending.number) < min(Self.reach, abs(number - last)) {
      adopt(pending)
      last = number
      return true
    }
    if abs(number - last) < Self.reach {
      last = number
    } else if let anchor = alternate, abs(number - anchor) < Self.reach {
      // A second number at the same far place: the connection is there now.
      alternate = last
      last = number
    } else {
      alternate = number
    }
    return false
  }

  private mutating func adopt(_ new: SYNOffer) {
    if hasSent { alternate = last }
    last = new.number
    offer = new
    isGuess = false
    pending = nil
  }

  /// The other end began a new incarnation with its SYN of this order: what an older SYN of this
  /// end offered is over. Both may open at once: one that nothing has followed yet stays.
  mutating func forgetOffer(before order: UInt32) {
    guard let offer, offer.order < order, last != offer.number else { return }
    self.offer = nil
  }
}
