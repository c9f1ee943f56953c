/// The number of a change by a message with few narrow fields that have small values, as most are:
/// less than 0, where no number of the table of changes is.
struct PackedChange {
  /// Without what tells whether the message comes or goes.
  fileprivate let packed: Int
  fileprivate let kind: Int

  /// The number of the change that is none, which is not packed.
  static let nothing = -1

  /// Of a message that comes.
  var input: Int { ~packed }
  /// Of one that goes.
  var output: Int { ~(packed | 1 << kind) }
}

/// Where a field of a message stands in a row that is read, and what it may be there.
package struct RowField: Sendable {
  package var place: Int
  package var range: ClosedRange<Int>

  package init(place: Int, range: ClosedRange<Int>) {
    self.place = place
    self.range = range
  }
}

/// Which fields of messages are wide, in flat rows, which are read without counting references.
struct Packing: Equatable {
  private var records: [Record] = []
  /// Those of all records, one behind the other: first the wide ones, then the narrow ones.
  private var columns: [Column] = []

  private struct Record: Equatable {
    var first: Int
    var wideCount: Int
    var end: Int
    /// Whether there are few enough narrow fields.
    var isSmall: Bool
  }

  private struct Column: Equatable {
    var place: Int
    var low: Int
    /// From the least value to the greatest.
    var span: UInt

    init(_ field: RowField) {
      (place, low) = (field.place, field.range.lowerBound)
      span = UInt(bitPattern: field.range.upperBound &- low)
    }
  }

  /// So many small words are one number; two of them are taken.
  private static let mostWords = 7
  private static let mostRecord = 0xFF
  private static let small = 0...0xFF

  /// For messages whose values stand in the order of their fields.
  init(_ wide: WideRegisters) {
    for (record, ranges) in wide.fields.enumerated() {
      add(
        ranges.indices.map { RowField(place: $0, range: ranges[$0] ?? Self.small) },
        ranges,
        record
      )
    }
  }

  /// For rows that say of the messages of each record where their fields stand.
  init(_ wide: WideRegisters, reading rows: [[RowField]]) {
    for (record, ranges) in wide.fields.enumerated() { add(rows[record], ranges, record) }
  }

  private mutating func add(
    _ fields: [RowField],
    _ wide: [ClosedRange<Int>?],
    _ record: Int
  ) {
    let first = columns.count
    for (field, range) in zip(fields, wide) {
      guard let range else { continue }
      columns.append(Column(RowField(place: field.place, range: field.range.clamped(to: range))))
    }
    let wideCount = columns.count - first
    for (field, range) in zip(fields, wide) where range == nil {
      let small = field.range.clamped(to: Self.small)
      columns.append(Column(RowField(place: field.place, range: small)))
    }
    let narrowCount = columns.count - first - wideCount
    let isSmall =
      record <= Self.mostRecord && fields.count == wide.count
      && narrowCount + 2 <= Self.mostWords
    records.append(
      Record(first: first, wideCount: wideCount, end: columns.count, isSmall: isSmall)
    )
  }

  /// How many wide values the messages of a record have.
  func wideCount(_ record: Int) -> Int { records[record].wideCount }

  /// The change by a message of a record whose fields stand in a row; nil for one whose number is
  /// in the table of changes. Its wide values are written behind so many others, which are then
  /// more; there is room for them.
  @inline(__always)
  func pack(
    _ number: Int,
    _ row: Span<Int>,
    to wide: inout [Int],
    _ count: inout Int
  ) -> PackedChange? {
    let record = records[number]
    guard record.isSmall else { return nil }
    let columns = columns.span
    var wide = wide.mutableSpan
    let narrow = record.first &+ record.wideCount
    var end = count
    for place in record.first..<narrow {
      let column = columns[place]
      let value = row[column.place]
      // In unsigned numbers what is less than the least is greater than all.
      guard UInt(bitPattern: value &- column.low) <= column.span else { return nil }
      wide[end] = value
      end &+= 1
    }
    count = end
    var packed = number
    for place in narrow..<record.end {
      let column = columns[place]
      let value = row[column.place]
      guard UInt(bitPattern: value &- column.low) <= column.span else { return nil }
      packed = packed << 8 | value
    }
    let words = 2 &+ record.end &- narrow
    return PackedChange(packed: words << 56 | packed, kind: 8 &* (words &- 1))
  }
}
