import LingerCapture
import LingerConform
import LingerKernel

/// What the connections of a capture are judged with, one for all of them.
struct CaptureMeasure {
  let conformance: Conformance
  let mapping: SegmentMapping
  /// Which of their ends are judged.
  let ends: JudgedEnds
  /// What connections that are over tell of where the capture was made.
  var host = HostVantage()
  /// How many segments belong to connections that are judged.
  var segmentCount = 0
  /// Written to, so that none has to be made for each segment.
  var message: SeenMessage
  /// Likewise, for each connection.
  var plain: PlainTrace

  init(_ conformance: Conformance, _ ends: JudgedEnds) throws(UnusableSpec) {
    self.conformance = conformance
    self.ends = ends
    mapping = try SegmentMapping(conformance.subject.model)
    message = mapping.emptyMessage
    plain = PlainTrace(mapping, conformance.lanes)
  }
}
