import CPrefetch

/// Makes a larger table of a store's.
///
/// Rows stand in the order of their hashes, line by line: a stretch of the old table comes to one
/// of the new table that no other stretch comes to. So threads can move stretches at the same
/// time, and write one line after the other. What is left is the few rows at the ends, which one
/// of them moves in the end.
@safe
struct TableGrowth {
  private let old: StoreIndex
  private let new: StoreIndex
  /// Where a state is put together that is stored as a tree.
  private let scratch: StateScratch

  /// Lines of a stretch, and those whose states are asked for together.
  private static let stretchLines = 1 << 13
  private static let blockLines = 16

  /// The new index has a table without rows, all else is as in the old one.
  init(from old: StoreIndex, to new: StoreIndex, _ scratch: StateScratch) {
    self.old = old
    self.new = new
    self.scratch = scratch
  }

  /// A table without rows.
  static func table(_ capacity: Int) -> UnsafeMutablePointer<UInt32> {
    guard let memory = unsafe linger_zeroed_memory(capacity * 4) else {
      preconditionFailure("no memory for a table")
    }
    return unsafe memory.bindMemory(to: UInt32.self, capacity: capacity)
  }

  static func release(_ table: UnsafeMutablePointer<UInt32>) {
    unsafe linger_return_zeroed_memory(table)
  }

  /// Moves all rows, with the help of a team.
  func run(_ team: ThreadTeam?) {
    let stretches = max(1, old.lineCount / Self.stretchLines)
    let left = (0..<stretches).map { _ in LeftRows() }
    if let team {
      team.assist(stretches) { move($0, of: stretches, left[$0]) }
    } else {
      for stretch in 0..<stretches { move(stretch, of: stretches, left[stretch]) }
    }
    for left in left {
      for number in left.numbers { new.enter(number, hash: new.hash(of: number, scratch[0])) }
    }
  }

  /// The states whose rows could not be moved with their stretch.
  private final class LeftRows {
    var numbers: [Int] = []
  }

  /// Moves the rows of a stretch that stay within it.
  private func move(_ stretch: Int, of count: Int, _ left: LeftRows) {
    let first = old.lineCount * stretch / count
    let end = old.lineCount * (stretch + 1) / count
    let lines = (first * new.lineCount / old.lineCount)..<(end * new.lineCount / old.lineCount)
    let room = Self.blockLines * StoreIndex.lineRows
    let numbers = UnsafeMutablePointer<Int>.allocate(capacity: 2 * room)
    // How full each line is: a line that was written to a moment ago is slow to read as a whole.
    let counts = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, lines.count))
    unsafe counts.initialize(repeating: 0, count: max(1, lines.count))
    defer {
      unsafe numbers.deallocate()
      unsafe counts.deallocate()
    }
    let words = scratch[0]
    var (asked, askedCount) = unsafe (numbers, 0)
    var (next, nextCount) = unsafe (numbers + room, 0)
    for block in stride(from: first, to: end + Self.blockLines, by: Self.blockLines) {
      nextCount = 0
      if block < end {
        let rows = unsafe old.rows(ofLine: block)
        for place in 0..<(min(Self.blockLines, end - block) * StoreIndex.lineRows) {
          let row = unsafe rows[place]
          let number = Int(row & old.numberMask) &- 1
          unsafe next[nextCount] = number
          // Not a branch: where a line ends can hardly be predicted.
          nextCount += row == 0 ? 0 : 1
          unsafe linger_prefetch(new.address(of: max(number, 0)))
        }
      }
      for place in 0..<askedCount {
        let number = unsafe asked[place]
        let hash = new.hash(of: number, words)
        var line = new.line(hash)
        while lines.contains(line), unsafe counts[line - lines.lowerBound] == StoreIndex.lineRows {
          line += 1
        }
        guard lines.contains(line) else {
          left.numbers.append(number)
          continue
        }
        let taken = unsafe Int(counts[line - lines.lowerBound])
        new.enter(number, hash: hash, at: line * StoreIndex.lineRows + taken)
        unsafe counts[line - lines.lowerBound] = UInt8(taken + 1)
      }
      unsafe (asked, askedCount, next, nextCount) = unsafe (next, nextCount, asked, askedCount)
    }
  }
}
