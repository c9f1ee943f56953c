import LingerCapture
import LingerConform
import LingerKernel
import LingerModel

/// A spec's message for TCP segments: its fields are known by their names.
///
/// | field | value |
/// |---|---|
/// | `seq`, `ack` | numbers of the connection, see `docs/conformance.md`; `ack` is 0 without ACK |
/// | `length` | bytes of data |
/// | `syn`, `fin`, `rst`, `hasAck`, `psh`, `urg` | flags |
/// | `window` | bytes, scaled |
/// | `timestamp` | whether it has the option |
struct SegmentMapping {
  private let record: Int
  private let name: String
  private let fields: [Field]

  private struct Field {
    var source: Source
    var name: String
    /// Nil for a flag.
    var range: ClosedRange<Int>?
  }

  private enum Source: String, CaseIterable {
    case seq, ack, length, syn, fin, rst, hasAck, psh, urg, window, timestamp
  }

  /// Fails where no message of the spec has a segment's fields, or one has others.
  init(_ model: Model) throws(Conformance.Failure) {
    let candidates = model.records.indices.filter { number in
      let record = model.records[number]
      return record.isMessage && record.fields.contains { $0.name == "seq" }
    }
    guard let number = candidates.first, candidates.count == 1 else {
      throw .unfit("captures need one message with a field 'seq', and the spec has not one")
    }
    record = number
    name = model.records[number].name
    var fields: [Field] = []
    for field in model.records[number].fields {
      guard let source = Source(rawValue: field.name) else {
        let known = Source.allCases.map(\.rawValue).joined(separator: ", ")
        throw .unfit(
          "a capture does not tell the field '\(field.name)' of '\(name)'; it tells \(known)"
        )
      }
      switch field.type {
      case .bool: fields.append(Field(source: source, name: field.name))
      case .integer(let range):
        fields.append(Field(source: source, name: field.name, range: range))
      default: throw .unfit("the field '\(field.name)' is neither a number nor a Bool")
      }
    }
    self.fields = fields
  }

  /// The message, or why a field cannot be had.
  func message(_ event: SegmentEvent) -> Result<SeenMessage, Problem> {
    var values: [Int] = []
    values.reserveCapacity(fields.count)
    for field in fields {
      let value = Self.value(of: field.source, in: event)
      guard let range = field.range else {
        values.append(value == 0 ? 0 : 1)
        continue
      }
      // A window whose scale was not seen may be as large as it can.
      let number = value ?? range.upperBound
      guard range.contains(number) else {
        return .failure(
          Problem(
            text: "\(field.name) is \(number), outside of \(range.lowerBound)...\(range.upperBound)"
          )
        )
      }
      values.append(number)
    }
    return .success(SeenMessage(record: record, values: values))
  }

  /// Segments that would fill a gap in what an end was seen to send: data, or a FIN, with whatever
  /// it may have acknowledged. `model` is one of its segments.
  func messages(
    from low: Int64,
    to high: Int64,
    like model: SegmentEvent,
    acks: [Int64]
  )
    -> [SeenMessage]
  {
    var result: [SeenMessage] = []
    for ack in acks {
      for hasFin in [false, true] {
        var event = model
        event.seq = low
        event.ack = ack
        event.payloadLength = Int(high - low) - (hasFin ? 1 : 0)
        event.flags = hasFin ? [.ack, .fin] : [.ack]
        if case .success(let message) = message(event) { result.append(message) }
      }
    }
    return result
  }

  struct Problem: Error {
    var text: String
  }

  /// Nil where the capture does not tell.
  private static func value(of source: Source, in event: SegmentEvent) -> Int? {
    func flag(_ flag: TCPFlags) -> Int { event.flags.contains(flag) ? 1 : 0 }
    switch source {
    case .seq: return Int(event.seq)
    case .ack: return Int(event.ack ?? 0)
    case .length: return event.payloadLength
    case .syn: return flag(.syn)
    case .fin: return flag(.fin)
    case .rst: return flag(.rst)
    case .hasAck: return flag(.ack)
    case .psh: return flag(.psh)
    case .urg: return flag(.urg)
    // The window of a reset says nothing.
    case .window: return event.flags.contains(.rst) ? 0 : event.window
    case .timestamp: return event.hasTimestamps ? 1 : 0
    }
  }
}
