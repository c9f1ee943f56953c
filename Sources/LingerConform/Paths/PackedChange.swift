/// The number of a change by a message with few narrow fields that have small values, as most are:
/// less than 0, where no number of the table of changes is.
struct PackedChange {
  /// Without what tells whether the message comes or goes.
  private let packed: Int
  private let kind: Int

  /// So many small words are one number.
  private static let most = 7
  /// The number of the change that is none, which is not packed.
  static let nothing = -1

  /// Nil for a message that is not such.
  ///
  /// - Parameters:
  ///   - record: of the message.
  ///   - values: of its fields.
  ///   - fields: what each may be; nil for narrow ones.
  ///   - wide: gets the wide values.
  ///   - count: where they are written, and then where they end.
  @inline(__always)
  init?(
    _ record: Int,
    _ values: Span<Int>,
    _ fields: Span<ClosedRange<Int>?>,
    _ wide: inout MutableSpan<Int>,
    _ count: inout Int
  ) {
    if record > 0xFF { return nil }
    var packed = record
    var narrow = 2
    for place in fields.indices {
      let value = values[place]
      if let range = fields[place] {
        if !range.contains(value) { return nil }
        wide[count] = value
        count &+= 1
      } else {
        if value < 0 || value > 0xFF || narrow == Self.most { return nil }
        packed = packed << 8 | value
        narrow &+= 1
      }
    }
    self.packed = narrow << 56 | packed
    kind = 8 &* (narrow &- 1)
  }

  /// Of a message that comes.
  var input: Int { ~packed }
  /// Of one that goes.
  var output: Int { ~(packed | 1 << kind) }
}
