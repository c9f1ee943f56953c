import LingerKernel

/// Takes moves away from a failing run as long as it fails in the same way.
///
/// Delta debugging (Zeller and Hildebrandt, 2002) over the moves, then simpler moves in the place
/// of others, until neither changes anything. The same runs are tried in the same order each time.
package struct Shrinker {
  /// Runs a sequence of moves again; the moves that applied if it fails in the same way.
  private let attempt: ([Move]) -> [Move]?
  private var tries: Int

  /// - Parameters:
  ///   - mostTries: runs that are spent on it.
  ///   - attempt: runs a sequence of moves; those that applied if it fails in the same way.
  package init(mostTries: Int = 4000, _ attempt: @escaping ([Move]) -> [Move]?) {
    tries = mostTries
    self.attempt = attempt
  }

  /// The smallest sequence that was found.
  package mutating func shrink(_ moves: [Move]) -> [Move] {
    var best = moves
    while true {
      let before = best
      best = withoutChunks(best)
      best = simplified(best)
      if best == before || tries <= 0 { return best }
    }
  }

  private mutating func fails(_ moves: [Move]) -> [Move]? {
    guard tries > 0 else { return nil }
    tries -= 1
    return attempt(moves)
  }

  private mutating func withoutChunks(_ moves: [Move]) -> [Move] {
    var best = moves
    var size = max(1, best.count / 2)
    while true {
      var start = max(0, best.count - size)
      var isSmaller = false
      while best.count > 0 {
        var candidate = best
        candidate.removeSubrange(start..<min(start + size, best.count))
        if let shorter = fails(candidate), shorter.count < best.count {
          best = shorter
          isSmaller = true
          start = min(start, max(0, best.count - size))
          if best.isEmpty { break }
        }
        if start == 0 { break }
        start = max(0, start - size)
      }
      if size == 1, !isSmaller { return best }
      if !isSmaller || size > best.count { size = max(1, min(size, best.count) / 2) }
      if best.isEmpty { return best }
    }
  }

  private mutating func simplified(_ moves: [Move]) -> [Move] {
    var best = moves
    var place = 0
    while place < best.count {
      for simpler in best[place].simpler {
        var candidate = best
        candidate[place] = simpler
        if let result = fails(candidate), result.count <= best.count, result != best {
          best = result
          break
        }
      }
      place += 1
    }
    return best
  }
}

extension Move {
  /// Moves that do less harm, the simplest first.
  fileprivate var simpler: [Move] {
    switch self {
    case .deliver(let pick, let receiver, let keepsCopy, let answer):
      var result: [Move] = []
      if pick != .oldest { result.append(.deliver(.oldest, to: receiver, keepsCopy: false)) }
      if keepsCopy {
        result.append(.deliver(pick, to: receiver, keepsCopy: false, answer: answer))
      }
      if answer != nil { result.append(.deliver(pick, to: receiver, keepsCopy: keepsCopy)) }
      return result
    case .lose(let pick, let receiver):
      return pick == .oldest ? [] : [.lose(.oldest, to: receiver)]
    case .wait(let wait): return wait == .untilDue ? [] : [.wait(.untilDue)]
    case .forge(let message):
      return message.values.indices.filter { message.values[$0] != 0 }.map { place in
        var simpler = message
        simpler.values[place] = 0
        return .forge(simpler)
      }
    case .call, .party: return []
    }
  }
}
