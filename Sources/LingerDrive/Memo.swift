/// What was worked out before; where it becomes too much, all of it is forgotten.
struct Memo<Key: Hashable, Value> {
  private var values: [Key: Value] = [:]
  private let most: Int

  /// - Parameter most: entries that are kept.
  init(most: Int) { self.most = most }

  subscript(key: Key) -> Value? { values[key] }

  mutating func remember(_ value: Value, for key: Key) {
    if values.count >= most { values.removeAll(keepingCapacity: true) }
    values[key] = value
  }
}
