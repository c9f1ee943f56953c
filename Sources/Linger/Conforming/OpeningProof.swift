import LingerCapture

/// Whether a connection that begins with a SYN in the capture did begin with it.
///
/// An old or a forged SYN may come in the middle of a connection, and the capture may begin just
/// there. So what an end is held to from its opening on is sure only once the opening was taken up:
/// the other end acknowledges the number of the SYN, with a SYN of its own or with a reset. An
/// acknowledgement alone does not say it: that is how a SYN is challenged.
struct OpeningProof {
  /// The sender of the first SYN.
  let opener: ConnectionEnd
  private var first = Side()
  private var second = Side()
  /// The number of the first SYN, and until which frame it was sent again and nothing else was.
  private let number: Int64
  private var repeatedUntil = Int.min
  private var hasOthers = false
  /// Nothing but SYNs and resets was seen. What else comes before an opening may be due to another
  /// connection, and what it left to be answered spoils what is believed of this one.
  private var isClean = true

  private struct Side {
    /// Its latest SYN: the number, and the frame that had it first.
    var syn: (number: Int64, frame: Int, isAnswer: Bool)?
    /// That SYN answers another one than the one that was seen: something before it is missing.
    var answersUnseen = false
    /// It has sent nothing but SYNs.
    var onlyOpens = true
    /// From this frame on it is sure what it has become.
    var sureSince = Int.max
    /// It acknowledged before the other end was seen to open: it was open before.
    var wasOpen = false

    mutating func beSure(since frame: Int) { sureSince = min(sureSince, frame) }

    mutating func note(_ event: SegmentEvent) {
      if event.flags.contains(.syn) {
        if syn?.number != event.seq { syn = (event.seq, event.frame, event.ack != nil) }
      } else {
        onlyOpens = false
      }
    }
  }

  /// An end that acknowledges one number less or more has miscounted the SYN. The initial numbers
  /// of two connections are further apart.
  private static let miscount: Int64 = 1

  /// Nil where the first segment is no SYN that opens.
  init?(_ event: SegmentEvent) {
    guard event.flags.contains(.syn), event.ack == nil else { return nil }
    opener = event.sender
    number = event.seq
    if opener == .first { first.note(event) } else { second.note(event) }
  }

  /// Nothing that comes can add to it.
  var isSettled: Bool { first.sureSince != .max && second.sureSince != .max }

  /// Takes the next segment in, after the first.
  mutating func take(_ event: SegmentEvent) {
    let isSYN = event.flags.contains(.syn) && event.ack == nil
    if isSYN, event.sender == opener, event.seq == number, !hasOthers {
      repeatedUntil = event.frame
    } else {
      hasOthers = true
    }
    switch event.sender {
    case .first: Self.take(event, &first, &second, isClean)
    case .second: Self.take(event, &second, &first, isClean)
    }
    isClean = isClean && !event.flags.isDisjoint(with: .synOrRst)
  }

  private static func take(
    _ event: SegmentEvent,
    _ own: inout Side,
    _ other: inout Side,
    _ isClean: Bool
  ) {
    // What came in damaged was not delivered; what was sent says so all the same.
    let arrived = event.checksum != .bad
    defer { own.note(event) }
    guard let ack = event.ack else {
      // An end that is open acknowledges with all it sends.
      if event.flags.isDisjoint(with: .synOrRst), let mine = own.syn,
        event.seq == mine.number + 1, isClean
      {
        own.beSure(since: mine.frame)
      }
      return
    }
    guard let syn = other.syn else {
      if event.flags.isDisjoint(with: .synOrRst), arrived { own.wasOpen = true }
      return
    }
    guard isClean else { return }
    let distance = abs(ack - (syn.number + 1))
    if event.flags.contains(.syn) {
      guard distance <= miscount else {
        own.answersUnseen = true
        return
      }
      // It may have sent another SYN before; this one then tells nothing of that.
      if own.syn.map({ $0.number == event.seq }) ?? true { own.beSure(since: event.frame) }
      if arrived, !other.answersUnseen {
        other.beSure(since: own.onlyOpens ? syn.frame : event.frame)
      }
    } else if event.flags.contains(.rst) {
      guard distance == 0 else { return }
      // The reset itself may be that of an older connection.
      own.beSure(since: event.frame + 1)
      if arrived, own.onlyOpens, !syn.isAnswer { other.beSure(since: syn.frame) }
    } else if distance == 0, syn.isAnswer, arrived, let mine = own.syn,
      event.seq == mine.number + 1
    {
      // It takes what the other end answered for the answer to its SYN.
      if !other.answersUnseen { other.beSure(since: syn.frame) }
    }
  }

  private func side(_ end: ConnectionEnd) -> Side { end == .first ? first : second }

  /// From which frame on it is sure what an end has become.
  func sureSince(_ end: ConnectionEnd) -> Int { side(end).sureSince }

  /// Whether what an end does not do right at a frame is sure to be wrong.
  func isSure(of end: ConnectionEnd, at frame: Int) -> Bool {
    if frame >= side(end).sureSince { return true }
    // Who says it again means it, as long as nothing else was seen.
    return frame <= repeatedUntil
  }

  /// Whether the other end shows that the SYN belongs to no opening of this one: it acknowledges
  /// what this end has sent, which was not seen to open.
  func isDisproved(for end: ConnectionEnd) -> Bool {
    end != opener && side(end.other).wasOpen
  }
}
