/// The messages of one trace in flat rows, as numbers of changes and wide values, so that what
/// becomes of it can be looked up in one go.
package struct TraceRows {
  /// So many count; behind them there may be some of a trace before.
  private(set) var count = 0
  private(set) var rows: [Row] = []
  /// The wide values of the messages, one behind the other; behind the last row's end there may be
  /// more, which mean nothing.
  private(set) var values: [Int] = []
  private var end = 0
  private let packing: Packing?
  /// Those whose messages are packed so.
  private let engines: [ObjectIdentifier]

  struct Row {
    var time: Int64 = 0
    /// The number of the change in which the message comes, and of the one in which it goes.
    var input = 0
    var output = 0
    /// Where its wide values end.
    var end = 0
    /// Who sent it.
    var sender = 0
    /// Whether whoever did not send it got it.
    var isDelivered = true
  }

  /// Rows for the first of some engines, and those that tell the same fields apart.
  ///
  /// - Parameters:
  ///   - engines: that the trace is held against.
  ///   - fields: by record, where the fields of messages stand in what is appended.
  package init(for engines: [BeliefEngine], reading fields: [[RowField]]) {
    let packing = engines.first.map { Packing($0.wide, reading: fields) }
    self.packing = packing
    self.engines = engines.filter { Packing($0.wide, reading: fields) == packing }
      .map(ObjectIdentifier.init)
  }

  func serves(_ engine: BeliefEngine) -> Bool { engines.contains(ObjectIdentifier(engine)) }

  /// Leaves room for as much as there was.
  package mutating func removeAll() { (count, end) = (0, 0) }

  /// Adds a message that passed at a time; false for one that rows cannot hold.
  @inline(__always)
  package mutating func append(
    _ record: Int,
    _ row: Span<Int>,
    from sender: Int,
    at time: Int64,
    isDelivered: Bool = true
  ) -> Bool {
    guard let packing else { return false }
    let missing = end + packing.wideCount(record) - values.count
    if missing > 0 { values += Array(repeating: 0, count: missing) }
    if count == rows.count { rows.append(Row()) }
    var next = end
    guard let change = packing.pack(record, row, to: &values, &next) else { return false }
    end = next
    rows[count] = Row(
      time: time,
      input: change.input,
      output: change.output,
      end: end,
      sender: sender,
      isDelivered: isDelivered
    )
    count += 1
    return true
  }
}
