package import LingerKernel

/// The messages of one trace in flat rows, so that what becomes of it can be looked up in one go.
package struct TraceRows {
  private(set) var rows: [Row] = []
  /// The values of the messages, one behind the other.
  private(set) var values: [Int] = []

  struct Row {
    var time: Int64
    /// Where its values end.
    var end: Int
    var record: Int
    /// Who sent it.
    var sender: Int
    /// Whether whoever did not send it got it.
    var isDelivered: Bool
  }

  package init() {}

  /// Leaves room for as much as there was.
  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  /// Adds a message that passed at a time.
  package mutating func append(
    _ message: SeenMessage,
    from sender: Int,
    at time: Int64,
    isDelivered: Bool = true
  ) {
    let source = message.values.span
    values.append(addingCapacity: source.count) { output in
      for place in source.indices { output.append(source[place]) }
    }
    rows.append(
      Row(
        time: time,
        end: values.count,
        record: message.record,
        sender: sender,
        isDelivered: isDelivered
      )
    )
  }
}
