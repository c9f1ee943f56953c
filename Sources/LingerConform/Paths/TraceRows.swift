package import LingerKernel

/// The messages of one trace in flat rows, as numbers of changes and wide values, so that what
/// becomes of it can be looked up in one go.
package struct TraceRows {
  private(set) var rows: [Row] = []
  /// The wide values of the messages, one behind the other; behind the last row's end there may be
  /// more, which mean nothing.
  private(set) var values: [Int] = []
  /// What the fields of messages may be, nil for narrow ones: those of all records in one row, and
  /// where those of each end.
  private let fields: [ClosedRange<Int>?]
  private let ends: [Int]
  /// Those of which this is true.
  private let engines: [ObjectIdentifier]

  struct Row {
    var time: Int64
    /// The number of the change in which the message comes, and of the one in which it goes.
    var input: Int
    var output: Int
    /// Where its wide values end.
    var end: Int
    /// Who sent it.
    var sender: Int
    /// Whether whoever did not send it got it.
    var isDelivered: Bool
  }

  /// Rows for the first of some engines, and those that tell the same fields apart.
  package init(for engines: [BeliefEngine]) {
    let fields = engines.first?.wide.fields ?? []
    self.fields = fields.flatMap { $0 }
    var ends: [Int] = []
    for row in fields { ends.append((ends.last ?? 0) + row.count) }
    self.ends = ends
    self.engines = engines.filter { $0.wide.fields == fields }.map(ObjectIdentifier.init)
  }

  func serves(_ engine: BeliefEngine) -> Bool { engines.contains(ObjectIdentifier(engine)) }

  /// Leaves room for as much as there was.
  package mutating func removeAll() { rows.removeAll(keepingCapacity: true) }

  /// Adds a message that passed at a time; false for one that rows cannot hold.
  package mutating func append(
    _ message: SeenMessage,
    from sender: Int,
    at time: Int64,
    isDelivered: Bool = true
  ) -> Bool {
    var end = rows.last?.end ?? 0
    let own = (message.record == 0 ? 0 : ends[message.record - 1])..<ends[message.record]
    guard let change = Self.pack(message, fields, own, &values, &end) else { return false }
    rows.append(
      Row(
        time: time,
        input: change.input,
        output: change.output,
        end: end,
        sender: sender,
        isDelivered: isDelivered
      )
    )
    return true
  }

  @inline(__always)
  private static func pack(
    _ message: SeenMessage,
    _ fields: [ClosedRange<Int>?],
    _ own: Range<Int>,
    _ values: inout [Int],
    _ end: inout Int
  ) -> PackedChange? {
    let missing = end + own.count - values.count
    if missing > 0 { values += Array(repeating: 0, count: missing) }
    let ranges = fields.span.extracting(own)
    var wide = values.mutableSpan
    return PackedChange(message.record, message.values.span, ranges, &wide, &end)
  }
}
