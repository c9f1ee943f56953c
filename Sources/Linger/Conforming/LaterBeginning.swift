import LingerCapture
import LingerConform
import LingerKernel

/// A connection whose first SYN may open nothing, judged as if the capture began with the segment
/// after it.
///
/// The numbers of the connection that was under way are not those of the SYN: they are counted
/// from the first segment that acknowledges, as they would be without the SYN.
final class LaterBeginning {
  private(set) var judged: JudgedConnection
  /// The frame with which it begins.
  let frame: Int
  private let firstShift: Int64
  private let secondShift: Int64
  private var message: SeenMessage

  /// - Parameters:
  ///   - syn: the first segment.
  ///   - event: the segment to begin with, which acknowledges.
  ///   - end: the end that is judged, to which the SYN came.
  ///   - conformance: what it is held against.
  ///   - mapping: makes messages of the spec of segments.
  init(
    after syn: SegmentEvent,
    with event: SegmentEvent,
    of end: ConnectionEnd,
    _ conformance: Conformance,
    _ mapping: SegmentMapping
  ) {
    frame = event.frame
    let own = 1 - event.seq
    let other = 1 - (event.ack ?? 1)
    (firstShift, secondShift) = event.sender == .first ? (own, other) : (other, own)
    message = mapping.emptyMessage
    judged = JudgedConnection([end], TraceJudge(conformance.lanes, beginningAt: event.time))
    judged.join(before: shifted(event), after: shifted(syn), conformance, mapping)
  }

  func take(_ event: SegmentEvent, _ mapping: SegmentMapping) {
    judged.take(shifted(event), mapping, &message)
  }

  func finish() { judged.finish() }

  /// In the numbers of the connection that was under way. What its windows' scale is the SYN did
  /// not tell.
  private func shifted(_ event: SegmentEvent) -> SegmentEvent {
    var result = event
    let isFirst = event.sender == .first
    result.seq += isFirst ? firstShift : secondShift
    result.ack = event.ack.map { $0 + (isFirst ? secondShift : firstShift) }
    if !event.flags.contains(.syn), let window = event.window {
      result.wireWindow = UInt16(clamping: window)
      result.window = nil
    }
    return result
  }
}
