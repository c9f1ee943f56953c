/// Numbers for values, in the order in which they first appear.
package struct Numbering<Value: Hashable> {
  package private(set) var values: [Value] = []
  package private(set) var numbers: [Value: Int] = [:]

  package init() {}

  package var count: Int { values.count }

  package mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }

  package subscript(_ number: Int) -> Value { values[number] }
}

extension Numbering: Sendable where Value: Sendable {}
