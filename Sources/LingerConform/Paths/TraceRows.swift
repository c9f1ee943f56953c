package import LingerKernel

/// The messages of one trace in flat rows, as numbers of changes and wide values, so that what
/// becomes of it can be looked up in one go.
package struct TraceRows {
  private(set) var rows: [Row] = []
  /// The wide values of the messages, one behind the other; behind the last row's end there may be
  /// more, which mean nothing.
  private(set) var values: [Int] = []
  /// Which fields of messages are wide.
  private let fields: [[ClosedRange<Int>?]]
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
    self.fields = fields
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
    let missing = end + message.values.count - values.count
    if missing > 0 { values += Array(repeating: 0, count: missing) }
    let ranges = fields[message.record]
    var span = values.mutableSpan
    guard
      let change = PackedChange(message.record, message.values.span, ranges.span, &span, &end)
    else { return false }
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
}
