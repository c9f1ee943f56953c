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
  /// The number of the message's record, and of how many.
  let record: Int
  private let recordCount: Int
  private let name: String
  private let fields: [Field]
  /// The same, as far as segments are made to messages: without references to be counted.
  private let columns: [Column]
  /// What a window is taken for whose scale was not seen: it may be as large as it can.
  private let widestWindow: Int

  private struct Field {
    var source: SegmentField
    var name: String
    /// Nil for a flag.
    var range: ClosedRange<Int>?
  }

  private struct Column {
    /// Where its source stands in a ``Row``.
    var source: Int
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
    recordCount = model.records.count
    name = model.records[number].name
    var fields: [Field] = []
    for field in model.records[number].fields {
      guard let source = SegmentField(named: field.name) else {
        let known = SegmentField.allCases.map(\.name).joined(separator: ", ")
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
        source: field.source.place,
        isFlag: field.range == nil,
        low: field.range?.lowerBound ?? 0,
        high: field.range?.upperBound ?? 1
      )
    }
    widestWindow = columns.first { $0.source == SegmentField.window.place }?.high ?? 0
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
    let row = row(event)
    let columns = columns.span
    var values = message.values.mutableSpan
    for place in columns.indices {
      let column = columns[place]
      let number = row[column.source]
      if column.isFlag {
        values[place] = number == 0 ? 0 : 1
      } else if number < column.low || number > column.high {
        return problem(place, number)
      } else {
        values[place] = number
      }
    }
    return nil
  }

  private func problem(_ place: Int, _ number: Int) -> Problem {
    let column = columns[place]
    return Problem(
      text: "\(fields[place].name) is \(number), outside of \(column.low)...\(column.high)"
    )
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
}

/// What segments say, without a message that is written.
extension SegmentMapping {
  /// By the places of the fields.
  typealias Row = InlineArray<11, Int>

  @inline(__always)
  func row(_ event: SegmentEvent) -> Row {
    let bits = event.flags.rawValue
    func flag(_ flag: TCPFlags) -> Int { bits & flag.rawValue == 0 ? 0 : 1 }
    var row = Row(repeating: 0)
    row[SegmentField.seq.place] = Int(event.seq)
    row[SegmentField.ack.place] = Int(event.ack ?? 0)
    row[SegmentField.length.place] = event.payloadLength
    row[SegmentField.syn.place] = flag(.syn)
    row[SegmentField.fin.place] = flag(.fin)
    row[SegmentField.rst.place] = flag(.rst)
    row[SegmentField.hasAck.place] = flag(.ack)
    row[SegmentField.psh.place] = flag(.psh)
    row[SegmentField.urg.place] = flag(.urg)
    // The window of a reset says nothing.
    row[SegmentField.window.place] = event.flags.contains(.rst) ? 0 : event.window ?? widestWindow
    row[SegmentField.timestamp.place] = event.hasTimestamps ? 1 : 0
    return row
  }

  /// Where the fields of the spec's messages stand in such a row: by record, of which only one is
  /// a segment's.
  var rowFields: [[RowField]] {
    var result: [[RowField]] = Array(repeating: [], count: recordCount)
    result[record] = columns.map { RowField(place: $0.source, range: $0.low...$0.high) }
    return result
  }
}
