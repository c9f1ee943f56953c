import LingerCapture
import LingerModel

/// A TCP segment in the numbers of a spec.
struct ExportedSegment: Hashable {
  /// Counted so that the SYN of its sender is 0.
  var seq: Int
  /// Nil without the flag ACK.
  var ack: Int?
  var length: Int
  var flags: TCPFlags
  var window: Int?
  var hasTimestamps = false

  /// The number after its last.
  var end: Int { seq + length + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0) }
}

/// What the fields of a spec's messages are in a TCP segment, by their names alone:
/// docs/conformance.md, "Export", has the table.
struct SegmentFields {
  private struct Places {
    private var known: [SegmentField: Int] = [:]
    /// A number of bytes, or a flag where a segment has one or none.
    var data: Int?

    subscript(field: SegmentField) -> Int? {
      get { known[field] }
      set { known[field] = newValue }
    }
  }

  /// By record: where its fields are; nil for a message that is not a segment.
  private let places: [Places?]
  /// Whether the spec has the opening of connections: then its number 0 is that of the SYN, and
  /// else that of the first byte.
  let hasOpening: Bool

  init(_ model: Model) throws(UnusableSpec) {
    places = model.records.map { record in
      guard record.isMessage else { return nil }
      var places = Places()
      for (place, field) in record.fields.enumerated() {
        if let known = SegmentField(named: field.name) { places[known] = place }
      }
      places.data = record.fields.firstIndex { $0.name == "data" }
      return places[.seq] == nil ? nil : places
    }
    let segments = places.compactMap(\.self)
    guard !segments.isEmpty else {
      throw .unfit(
        "the messages of '\(model.name)' are not TCP segments: none has a field 'seq'; a capture "
          + "or a packetdrill script has nothing else (a sequence chart shows every run: "
          + "linger replay)"
      )
    }
    hasOpening = segments.contains { $0[.syn] != nil }
  }

  /// The segment that a message is; nil for one that is not a segment.
  func segment(_ message: Value) -> ExportedSegment? {
    guard case .record(let record, let fields) = message, let places = places[record] else {
      return nil
    }
    func number(at place: Int?) -> Int? {
      if let place, case .integer(let number) = fields[place] { number } else { nil }
    }
    func isSet(at place: Int?) -> Bool { place.map { fields[$0] == .bool(true) } ?? false }
    func number(_ field: SegmentField) -> Int? { number(at: places[field]) }
    func isSet(_ field: SegmentField) -> Bool { isSet(at: places[field]) }
    guard let seq = number(.seq) else { return nil }
    var segment = ExportedSegment(
      seq: seq + (hasOpening ? 0 : 1),
      ack: nil,
      length: number(.length) ?? number(at: places.data) ?? (isSet(at: places.data) ? 1 : 0),
      flags: []
    )
    let flags: [(SegmentField, TCPFlags)] = [
      (.syn, .syn), (.fin, .fin), (.rst, .rst), (.psh, .psh), (.urg, .urg),
    ]
    for (field, flag) in flags where isSet(field) { segment.flags.insert(flag) }
    if places[.psh] == nil, segment.length > 0 { segment.flags.insert(.psh) }
    if let ack = number(.ack) {
      // Without a field for it: all but a reset and a first SYN acknowledge.
      let isBare = isSet(.rst) || (isSet(.syn) && ack == 0)
      if places[.hasAck] == nil ? !isBare : isSet(.hasAck) {
        segment.ack = ack + (hasOpening ? 0 : 1)
        segment.flags.insert(.ack)
      }
    }
    segment.window = number(.window)
    segment.hasTimestamps = isSet(.timestamp)
    return segment
  }
}
