import LingerEval
package import LingerModel

/// A random expression over named constants, with the value that it must have.
///
/// The value is worked out while the text is made, in 128 bits and without a line of the product,
/// so that it judges what the compiler folds and what the evaluator computes alike.
package struct RandomConstant: Sendable {
  package enum Outcome: Hashable, Sendable {
    case value(Int)
    case error(SpecError.Kind)
  }

  package let seed: UInt64
  /// Of an integer type.
  package let text: String
  package let outcome: Outcome

  package init(seed: UInt64) {
    self.seed = seed
    var writer = ConstantWriter(numbers: RandomNumbers(seed: seed))
    let made = writer.integer(depth: 4)
    text = made.text
    outcome =
      switch made.value {
      case .success(let value): .value(Int(value))
      case .failure(let error): .error(error.kind)
      }
  }

  /// The constants that the text names, as declarations that begin with `word`.
  package static func names(as word: String) -> String {
    zip(ConstantWriter.names, ConstantWriter.values).map { name, value in
      // A range of many values: one that has the constant alone would tell the compiler too much.
      "\(word) \(name): \(min(value, -9))...\(max(value, 9)) = \(value)"
    }.joined(separator: "\n")
  }

  /// The types and helpers that the text uses.
  package static let declarations = """
    struct S { n: 0...2, isOn: Bool = false }
    let half(n: 0...9) -> 0...3 = n / 2
    let make(n: -9...9) -> S = S(n: n)
    let element(list: [2 of 0...3], at: -9...9) -> 0...3 = list[at]
    let size(set: Set<0...3>) -> 0...9 = set.count
    let first(queue: Queue<0...3, 2>) -> 0...3 = queue.first ?? 3
    let open(optional: (0...3)?) -> 0...3 = optional!
    let either(optional: (0...3)?, other: 0...3) -> 0...3 = optional ?? other
    """
}

private struct Failure: Error {
  var kind: SpecError.Kind
}

/// What an expression has come to so far.
private typealias Computed<Value> = (text: String, value: Result<Value, Failure>)

private struct ConstantWriter {
  static let names = ["none", "one", "two", "three", "seven", "less", "vast"]
  static let values = [0, 1, 2, 3, 7, -1, 1 << 61]

  var numbers: RandomNumbers

  mutating func integer(depth: Int) -> Computed<Int128> {
    guard depth > 0, !numbers.happens(15) else { return atom() }
    switch numbers.below(16) {
    case 0...5: return arithmetic(depth: depth)
    case 6:
      let inner = integer(depth: depth - 1)
      return ("(-(\(inner.text)))", inner.value.flatMap { fit(-$0) })
    case 7:
      let condition = condition(depth: depth - 1)
      let parts = [integer(depth: depth - 1), integer(depth: depth - 1)]
      return (
        "(\(condition.text) ? \(parts[0].text) : \(parts[1].text))",
        condition.value.flatMap { $0 ? parts[0].value : parts[1].value }
      )
    case 8: return count(depth: depth)
    case 9, 10: return field(depth: depth)
    case 11: return helper("half", argument(0...9, depth: depth)) { self.within($0 / 2, 0...3) }
    default: return collection(depth: depth)
    }
  }

  private mutating func atom() -> Computed<Int128> {
    // The least integer has no literal, and no positive counterpart.
    if numbers.happens(8) {
      return ("(none - vast - vast - vast - vast)", .success(Int128(Int.min)))
    }
    let number = numbers.below(Self.names.count)
    return (Self.names[number], .success(Int128(Self.values[number])))
  }

  private mutating func arithmetic(depth: Int) -> Computed<Int128> {
    let left = integer(depth: depth - 1)
    let right = integer(depth: depth - 1)
    let operation = numbers.pick(["+", "-", "*", "/", "%"])
    let value = left.value.flatMap { a in
      right.value.flatMap { b -> Result<Int128, Failure> in
        switch operation {
        case "+": return fit(a + b)
        case "-": return fit(a - b)
        case "*": return fit(a * b)
        default:
          if b == 0 { return .failure(Failure(kind: .divisionByZero)) }
          return fit(operation == "/" ? a / b : a % b)
        }
      }
    }
    return ("(\(left.text) \(operation) \(right.text))", value)
  }

  /// How many numbers of a small range pass a test.
  private mutating func count(depth: Int) -> Computed<Int128> {
    let (low, high) = (numbers.below(4), numbers.below(6))
    let divisor = integer(depth: depth - 1)
    let text = "(count i in \(low)...(\(high) * one): i % \(divisor.text) == none)"
    guard low <= high else { return (text, .success(0)) }
    let value = divisor.value.flatMap { divisor -> Result<Int128, Failure> in
      if divisor == 0 { return .failure(Failure(kind: .divisionByZero)) }
      return .success(Int128((low...high).count { Int128($0) % divisor == 0 }))
    }
    return (text, value)
  }

  /// A field of a record literal, written here or in a helper.
  private mutating func field(depth: Int) -> Computed<Int128> {
    if numbers.happens(50) {
      let number = argument(-9...9, depth: depth)
      return helper("make", number, suffix: ".n") { self.within($0, 0...2) }
    }
    let record = record(depth: depth)
    return ("\(record.text).n", record.value)
  }

  /// A literal of `S`; its value is the one of `n`.
  private mutating func record(depth: Int) -> Computed<Int128> {
    let number = argument(0...2, depth: depth)
    guard numbers.happens(40) else { return ("S(n: \(number.text))", number.value) }
    let flag = condition(depth: depth - 1)
    return (
      "S(n: \(number.text), isOn: \(flag.text))",
      number.value.flatMap { number in flag.value.map { _ in number } }
    )
  }

  private mutating func collection(depth: Int) -> Computed<Int128> {
    let a = argument(0...3, depth: depth)
    let b = argument(0...3, depth: depth)
    let both = a.value.flatMap { a in b.value.map { [a, $0] } }
    switch numbers.below(5) {
    case 0:
      let place = argument(-9...9, depth: depth)
      return (
        "element([\(a.text), \(b.text)], \(place.text))",
        both.flatMap { both in
          place.value.flatMap {
            (0...1).contains($0)
              ? .success(both[Int($0)]) : .failure(Failure(kind: .indexOutside))
          }
        }
      )
    case 1: return ("size([\(a.text), \(b.text)])", both.map { Int128(Set($0).count) })
    case 2: return ("first([\(a.text), \(b.text)])", both.map { $0[0] })
    case 3:
      if numbers.happens(30) { return ("open(nil)", .failure(Failure(kind: .unwrappedNil))) }
      return ("open(\(a.text))", a.value)
    default:
      if numbers.happens(50) { return ("either(nil, \(b.text))", b.value) }
      return ("either(\(a.text), \(b.text))", both.map { $0[0] })
    }
  }

  /// A call of a helper whose result is `compute` of its argument.
  private func helper(
    _ name: String,
    _ argument: Computed<Int128>,
    suffix: String = "",
    _ compute: (Int128) -> Result<Int128, Failure>
  ) -> Computed<Int128> {
    ("\(name)(\(argument.text))\(suffix)", argument.value.flatMap(compute))
  }

  /// An integer where one of a range is wanted.
  private mutating func argument(_ range: ClosedRange<Int128>, depth: Int) -> Computed<Int128> {
    let inner = integer(depth: depth - 1)
    return (inner.text, inner.value.flatMap { within($0, range) })
  }

  private mutating func condition(depth: Int) -> Computed<Bool> {
    guard depth > 0 else { return numbers.happens(50) ? ("(one > none)", .success(true)) : bare() }
    switch numbers.below(9) {
    case 8:
      // More values than 32 bits number, of which the first ones decide.
      let high = numbers.happens(50) ? "vast" : "(vast - one)"
      let wanted = numbers.below(5)
      return ("(exists i in none...\(high): i == \(wanted) * one)", .success(true))
    case 0, 1:
      let left = condition(depth: depth - 1)
      let right = condition(depth: depth - 1)
      switch numbers.below(3) {
      case 0:
        return (
          "(\(left.text) && \(right.text))",
          left.value.flatMap { $0 ? right.value : .success(false) }
        )
      case 1:
        return (
          "(\(left.text) || \(right.text))",
          left.value.flatMap { $0 ? .success(true) : right.value }
        )
      default:
        return (
          "(\(left.text) implies \(right.text))",
          left.value.flatMap { $0 ? right.value : .success(true) }
        )
      }
    case 2:
      let inner = condition(depth: depth - 1)
      return ("!(\(inner.text))", inner.value.map { !$0 })
    case 3:
      let left = record(depth: depth)
      let right = argument(0...2, depth: depth)
      // `isOn` differs where only one side sets it, so both leave it out.
      guard !left.text.contains("isOn") else { return bare() }
      return (
        "(\(left.text) == S(n: \(right.text)))",
        left.value.flatMap { left in right.value.map { left == $0 } }
      )
    default:
      let left = integer(depth: depth - 1)
      let right = integer(depth: depth - 1)
      let operation = numbers.pick(["==", "!=", "<", "<=", ">", ">="])
      return (
        "(\(left.text) \(operation) \(right.text))",
        left.value.flatMap { a in
          right.value.map { b in
            switch operation {
            case "==": a == b
            case "!=": a != b
            case "<": a < b
            case "<=": a <= b
            case ">": a > b
            default: a >= b
            }
          }
        }
      )
    }
  }

  private func bare() -> Computed<Bool> { ("(one < none)", .success(false)) }

  private func fit(_ value: Int128) -> Result<Int128, Failure> {
    Int(exactly: value) == nil ? .failure(Failure(kind: .overflow)) : .success(value)
  }

  private func within(_ value: Int128, _ range: ClosedRange<Int128>) -> Result<Int128, Failure> {
    range.contains(value) ? .success(value) : .failure(Failure(kind: .range))
  }
}
