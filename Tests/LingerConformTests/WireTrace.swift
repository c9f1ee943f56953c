import LingerCapture
import LingerConform
import LingerKernel
import LingerModel

/// A segment as the message `Segment` of `specs/tcp/TCP.linger` has it.
struct WireSegment: Hashable {
  var seq: Int
  var ack = 0
  var length = 0
  var syn = false
  var fin = false
  var rst = false
  var hasAck = true
  var window = 65_535
  var timestamp = false

  init(seq: Int) { self.seq = seq }

  init(_ event: SegmentEvent) {
    seq = Int(event.seq)
    ack = Int(event.ack ?? 0)
    length = event.payloadLength
    syn = event.flags.contains(.syn)
    fin = event.flags.contains(.fin)
    rst = event.flags.contains(.rst)
    hasAck = event.flags.contains(.ack)
    window = rst ? 0 : event.window ?? 1_073_741_824
    timestamp = event.hasTimestamps
  }

  /// The message, its fields found by their names.
  func value(in model: Model) -> Value? {
    guard let record = model.records.firstIndex(where: { $0.name == "Segment" }) else { return nil }
    let numbers = ["seq": seq, "ack": ack, "length": length, "window": window]
    let flags = [
      "syn": syn, "fin": fin, "rst": rst, "hasAck": hasAck, "timestamp": timestamp,
    ]
    let fields = model.records[record].fields.map { field -> Value in
      numbers[field.name].map { .integer($0) } ?? .bool(flags[field.name] ?? false)
    }
    return .record(record, fields)
  }
}

/// A segment that came to an end of a connection, or that it sent.
struct WireEvent: Hashable {
  var isOutput: Bool
  var segment: WireSegment

  /// As a follower takes it.
  func observation(_ subject: Subject) -> Observation? {
    guard let value = segment.value(in: subject.model), case .record(let record, _) = value,
      let registers = subject.kernel.codec(ofRecord: record)?.registers(of: value)
    else { return nil }
    let message = SeenMessage(record: record, values: registers)
    return isOutput ? .output(message) : .input(message)
  }
}
