/// Numbers for values, in the order in which they first appear.
///
/// Inlinable like ``Memo``: without it each look-up asks at run time what its types are.
package struct Numbering<Value: Hashable> {
  @usableFromInline var list: [Value] = []
  @usableFromInline var table: [Value: Int] = [:]

  @inlinable
  package init() {}

  @inlinable package var values: [Value] { list }
  @inlinable package var numbers: [Value: Int] { table }
  @inlinable package var count: Int { list.count }

  @inlinable
  package mutating func number(of value: Value) -> Int {
    if let number = table[value] { return number }
    table[value] = list.count
    list.append(value)
    return list.count - 1
  }

  @inlinable package subscript(_ number: Int) -> Value { list[number] }
}

extension Numbering: Sendable where Value: Sendable {}
