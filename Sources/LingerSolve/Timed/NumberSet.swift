/// A set of small numbers, as bits.
struct NumberSet: Hashable, Sendable {
  /// No zeros at the end, so that equal sets are equal.
  private var words: [UInt64] = []

  init() {}

  init(_ numbers: some Sequence<Int>) {
    for number in numbers { insert(number) }
  }

  func contains(_ number: Int) -> Bool {
    let word = number / 64
    return word < words.count && words[word] >> UInt64(number % 64) & 1 == 1
  }

  mutating func insert(_ number: Int) {
    let word = number / 64
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(number % 64)
  }

  /// Adds all of another set; whether that was more than it had.
  @discardableResult
  mutating func formUnion(_ other: NumberSet) -> Bool {
    if other.isSubset(of: self) { return false }
    while words.count < other.words.count { words.append(0) }
    for (index, word) in other.words.enumerated() { words[index] |= word }
    return true
  }

  func isSubset(of other: NumberSet) -> Bool {
    guard words.count <= other.words.count else { return false }
    for (index, word) in words.enumerated() where word & ~other.words[index] != 0 { return false }
    return true
  }

  /// What is in this one and not in the other one.
  func subtracting(_ other: NumberSet) -> NumberSet {
    var result = self
    for (index, word) in other.words.enumerated() where index < words.count {
      result.words[index] &= ~word
    }
    while result.words.last == 0 { result.words.removeLast() }
    return result
  }

  var isEmpty: Bool { words.isEmpty }

  /// The numbers, ascending.
  var elements: [Int] {
    var result: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        result.append(64 * index + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }
}
