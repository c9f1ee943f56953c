/// A type of the model. Everything a state holds is finite; ``duration`` and
/// ``unboundedInteger`` are types of expressions only.
package indirect enum ModelType: Hashable, Sendable {
  case bool
  /// The integers of a closed range.
  case integer(ClosedRange<Int>)
  /// An enum, by its number in ``Model/enumerations``.
  case enumeration(Int)
  /// A struct or message, by its number in ``Model/records``.
  case record(Int)
  case optional(ModelType)
  case set(ModelType)
  /// One element for each value of the index type; `[n of T]` has the index `0...n-1`.
  case array(index: ModelType, element: ModelType)
  case queue(capacity: Int, element: ModelType)
  /// A reference to an instance of a role, by its number in ``Model/roles``.
  case instance(Int)
  /// Exact time in seconds, a rational number.
  case duration
  /// The result of integer arithmetic before it is stored.
  case unboundedInteger
}
