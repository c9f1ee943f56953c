/// The numbers of a type's values, as ``ValueCodec`` has them, in the form that steps run on.
///
/// A value that is a row of scalars is a number with as many digits; digits and registers are
/// listed once. Anything else asks the codec.
struct ValueNumbering: Sendable {
  private struct Digit {
    /// The digit's 0 in its register.
    var low: Int
    var base: Int
  }

  private let codec: ValueCodec
  /// One for each register; nil where the value is not a row of scalars.
  private let digits: [Digit]?

  init(_ codec: ValueCodec) {
    self.codec = codec
    digits = Self.digits(of: codec)
  }

  private static func digits(of codec: ValueCodec) -> [Digit]? {
    switch codec {
    case .bool: return [Digit(low: 0, base: 2)]
    case .enumeration(_, let count): return [Digit(low: 0, base: count)]
    case .integer(let low, let count): return [Digit(low: low, base: count)]
    case .instance(let members, _):
      guard let first = members.first, members == Array(first..<(first + members.count)) else {
        return nil
      }
      return [Digit(low: first, base: members.count)]
    case .set: return codec.valueCount.map { [Digit(low: 0, base: $0)] }
    case .record(_, let parts), .array(let parts):
      var row: [Digit] = []
      for part in parts {
        guard let digits = digits(of: part) else { return nil }
        row += digits
      }
      return row
    case .anyInteger, .optional, .queue: return nil
    }
  }

  /// The number of the value that begins at a register.
  @inline(__always)
  func ordinal(in registers: [Int], at start: Int) -> Int {
    guard let digits else { return codec.ordinal(in: registers, at: start) }
    var result = 0
    var place = start
    for digit in digits {
      result = result &* digit.base &+ (registers[place] &- digit.low)
      place &+= 1
    }
    return result
  }

  /// Writes the value with a number, which is one of the type's.
  @inline(__always)
  func write(_ ordinal: Int, to registers: inout [Int], at start: Int) {
    guard let digits else {
      codec.write(ordinal, to: &registers, at: start)
      return
    }
    var rest = ordinal
    var index = digits.count
    while index > 1 {
      index &-= 1
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: digits[index].base)
      registers[start &+ index] = digits[index].low &+ remainder
      rest = quotient
    }
    if index == 1 { registers[start] = digits[0].low &+ rest }
  }
}
