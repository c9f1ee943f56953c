import LingerDrive
import LingerKernel
import Testing

@Suite("shrinking")
struct ShrinkerTests {
  private func call(_ number: Int) -> Move { .call(name: "\(number)", arguments: []) }

  /// Whether these moves are among others, in this order.
  private static func contains(_ wanted: [Move], in moves: [Move]) -> Bool {
    var rest = wanted[...]
    for move in moves where move == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }

  @Test(
    "what is needed is found among what is not",
    arguments: [
      [], [0], [99], [3, 50, 51], [0, 1, 2, 3, 4, 5], Array(stride(from: 0, to: 99, by: 9)),
    ]
  )
  func minimal(planted: [Int]) {
    let wanted = planted.map(call)
    var shrinker = Shrinker { moves in Self.contains(wanted, in: moves) ? moves : nil }
    #expect(shrinker.shrink((0..<100).map(call)) == wanted)
  }

  /// Neither of a pair can be taken away alone.
  @Test("moves that belong together go together")
  func pairs() {
    let moves = (0..<40).map(call)
    var shrinker = Shrinker { candidate in
      let isWhole = stride(from: 0, to: 40, by: 2).allSatisfy { first in
        candidate.contains(moves[first]) == candidate.contains(moves[first + 1])
      }
      return isWhole && candidate.contains(moves[20]) ? candidate : nil
    }
    #expect(shrinker.shrink(moves) == [moves[20], moves[21]])
  }

  @Test("what did not apply is dropped at once")
  func applying() {
    let wanted = [call(7)]
    var tries = 0
    var shrinker = Shrinker { moves in
      tries += 1
      return moves.contains(wanted[0]) ? wanted : nil
    }
    #expect(shrinker.shrink((0..<100).map(call)) == wanted)
    #expect(tries <= 10)
  }

  @Test("moves become simpler where that fails too")
  func simpler() {
    let message = SeenMessage(record: 0, values: [3, 4])
    let moves: [Move] = [
      .deliver(.message(message), to: 1, keepsCopy: true), .lose(.newest, to: 0),
      .wait(.justBefore), .forge(message),
    ]
    var shrinker = Shrinker { $0.count == moves.count ? $0 : nil }
    #expect(
      shrinker.shrink(moves) == [
        .deliver(.oldest, to: 1, keepsCopy: false), .lose(.oldest, to: 0), .wait(.untilDue),
        .forge(SeenMessage(record: 0, values: [0, 0])),
      ]
    )
  }

  @Test("it stops after so many tries with the best so far", arguments: [0, 1, 5, 20])
  func limit(most: Int) {
    var tries = 0
    var shrinker = Shrinker(mostTries: most) { moves in
      tries += 1
      return moves.count >= 10 ? moves : nil
    }
    let moves = (0..<64).map(call)
    let best = shrinker.shrink(moves)
    #expect(tries <= most)
    #expect(best.count >= 10 && Self.contains(best, in: moves))
  }
}
