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
  /// The same, as far as segments are made to messages: without references to be counted.
  private let columns: [Column]

  private struct Field {
    var source: SegmentField
    var name: String
    /// Nil for a flag.
    var range: ClosedRange<Int>?
  }

  private struct Column {
    var source: SegmentField
    var isFlag: Bool
    var low: Int
    var high: Int
  }

  /// Fails where no message of the spec has a segment's fields, or one has others.
  init(_ model: Model) throws(UnusableSpec) {
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
      guard let source = SegmentField(rawValue: field.name) else {
        let known = SegmentField.allCases.map(\.rawValue).joined(separator: ", ")
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
    columns = fields.map { field in
      Column(
        source: field.source,
        isFlag: field.range == nil,
        low: field.range?.lowerBound ?? 0,
        high: field.range?.upperBound ?? 1
      )
    }
  }

  /// Whether segments say that they open a connection.
  var hasOpening: Bool { fields.contains { $0.source == .syn } }

  /// A message to be written to.
  var emptyMessage: SeenMessage {
    SeenMessage(record: record, values: Array(repeating: 0, count: columns.count))
  }

  /// The message, or why a field cannot be had.
  func message(_ event: SegmentEvent) -> Result<SeenMessage, Problem> {
    var message = emptyMessage
    if let problem = write(event, to: &message) { return .failure(problem) }
    return .success(message)
  }

  /// Makes an ``emptyMessage`` the one of a segment; says why a field cannot be had.
  func write(_ event: SegmentEvent, to message: inout SeenMessage) -> Problem? {
    var values = message.values.mutableSpan
    for place in columns.indices {
      let column = columns[place]
      // A window whose scale was not seen may be as large as it can.
      let number = Self.value(of: column.source, in: event) ?? column.high
      if column.isFlag {
        values[place] = number == 0 ? 0 : 1
      } else if number < column.low || number > column.high {
        let name = fields[place].name
        return Problem(text: "\(name) is \(number), outside of \(column.low)...\(column.high)")
      } else {
        values[place] = number
      }
    }
    return nil
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
  private static func value(of source: SegmentField, in event: SegmentEvent) -> Int? {
    func flag(_ flag: TCPFlags) -> Int { Int(event.flags.rawValue & flag.rawValue) }
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
    case .window: return flag(.rst) != 0 ? 0 : event.window
    case .timestamp: return event.hasTimestamps ? 1 : 0
    }
  }
}
