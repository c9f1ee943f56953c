/// What was worked out before; where it becomes too much, all of it is forgotten.
///
/// Inlinable, since every question of a driven run is looked up: without it each look-up asks at
/// run time what its types are.
package struct Memo<Key: Hashable, Value> {
  @usableFromInline var values: [Key: Value] = [:]
  @usableFromInline let most: Int

  /// - Parameter most: entries that are kept.
  @inlinable
  package init(most: Int) { self.most = most }

  @inlinable package subscript(key: Key) -> Value? { values[key] }

  @inlinable
  package mutating func remember(_ value: Value, for key: Key) {
    if values.count >= most { values.removeAll(keepingCapacity: true) }
    values[key] = value
  }
}
