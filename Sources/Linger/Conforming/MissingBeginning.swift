import LingerCapture
import LingerConform
import LingerKernel

/// What a connection may have done before the capture began, as observations of one end.
///
/// The first numbers that were seen are 1. So each end is taken to have opened with a SYN of the
/// number -1, and to have sent what has the number 0, data or a FIN, acknowledged or not yet: that
/// leads to every state of a connection that is open or closing and has nothing else on the way.
struct MissingBeginning {
  private let mapping: SegmentMapping
  private let subject: ConnectionEnd
  private let model: SegmentEvent

  /// The observations before the first segment; none where there is nothing to put before it.
  ///
  /// - Parameters:
  ///   - first: the first segment of the connection that was captured.
  ///   - subject: the end whose observations are wanted.
  ///   - mapping: makes messages of the spec of segments.
  /// - Returns: what led to the first segment.
  static func observations(
    before first: SegmentEvent,
    of subject: ConnectionEnd,
    _ mapping: SegmentMapping
  ) -> [Observation] {
    let made = MissingBeginning(mapping: mapping, subject: subject, model: first)
    // An answer to a SYN: that is all that is missing.
    if first.flags.isSuperset(of: .synAck), let ack = first.ack {
      return made.seen(made.segment(first.sender.other, [.syn], seq: ack - 1, ack: nil))
    }
    return made.opening + made.latest
  }

  private var other: ConnectionEnd { subject.other }

  private var opening: [Observation] {
    seen(segment(subject, [.syn], seq: -1, ack: nil))
      + seen(segment(other, [.syn, .ack], seq: -1, ack: 0))
      + seen(segment(subject, [.ack], seq: 0, ack: 0))
  }

  /// What each end has sent last: the subject before it took what came from the other, or after.
  private var latest: [Observation] {
    [
      .unseenOutput(last(subject, ack: 0)),
      .unseenInput(last(other, ack: 0)),
      .unseenOutput(last(subject, ack: 1)),
      .unseenInput(messages([segment(other, [.ack], seq: 1, ack: 1)])),
      .unseenOutput(messages([segment(subject, [.ack], seq: 1, ack: 1)])),
    ]
  }

  /// A byte, or a FIN, with the number 0.
  private func last(_ sender: ConnectionEnd, ack: Int64) -> [SeenMessage] {
    let data = segment(sender, [.ack], seq: 0, ack: ack, length: 1)
    return messages([data, segment(sender, [.ack, .fin], seq: 0, ack: ack)])
  }

  private func messages(_ segments: [SegmentEvent]) -> [SeenMessage] {
    segments.compactMap { try? mapping.message($0).get() }
  }

  private func seen(_ segment: SegmentEvent) -> [Observation] {
    messages([segment]).map { segment.sender == subject ? .output($0) : .input($0) }
  }

  /// Its window is as large as can be: which it was, the scale of a SYN would tell.
  private func segment(
    _ sender: ConnectionEnd,
    _ flags: TCPFlags,
    seq: Int64,
    ack: Int64?,
    length: Int = 0
  ) -> SegmentEvent {
    var result = model
    result.sender = sender
    result.flags = flags
    result.seq = seq
    result.ack = ack
    result.payloadLength = length
    result.window = nil
    return result
  }
}
